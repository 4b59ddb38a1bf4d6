//! What the harness asks of servers: each check passes for a good one, and fails for one that has the
//! fault it looks for. The servers are `examples/server.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use enchufe_harness::{Kind, Lesson, Outcome, Place, Scene};

/// A scene with the example as its program.
fn scene() -> Scene {
    let test = std::env::current_exe().unwrap(); // target/debug/deps/servers-0123
    let folder = test.ancestors().nth(2).unwrap().join("examples");
    let program = folder.join(format!("server{}", std::env::consts::EXE_SUFFIX));
    let lesson = Lesson {
        page: "02-tcp-server",
        program: Box::leak(program.display().to_string().into()),
    };
    let scene = lesson.step(1);
    scene.serves_until_killed();
    scene
}

fn server<'scene>(scene: &'scene Scene, fault: &str) -> Place<'scene> {
    scene
        .run([fault])
        .says_address("listening on", "127.0.0.1:0")
}

/// The fact with which the harness ends a test.
#[track_caller]
fn fact(test: impl FnOnce()) -> Kind {
    let end = catch_unwind(AssertUnwindSafe(test)).expect_err("nothing was found");
    *end.downcast::<Kind>().expect("a fact of the harness")
}

#[test]
fn a_good_server_passes() {
    let scene = scene();
    let program = scene.run(["good"]);
    let server = program.says_address("listening on", "127.0.0.1:0");

    #[cfg(target_os = "linux")]
    server.is_the_only_one();
    server.serves(b"hola");
    let mut crowd = server.silent_crowd(20);
    crowd.is_echoed_last_first(b"hola");
    crowd.is_kept();
    crowd.leaves();
    server.served_crowd(5, b"hola").leaves();
    let mut client = server.connect();
    client.is_echoed_to_the_end(&enchufe_harness::pattern(1_000_000));
    assert_eq!(server.meets_bad_clients(50), Outcome::Served);
    server.serves_again(b"hola");
    program.has_said_no_more();
    program.has_not_panicked();
}

#[test]
fn the_line_is_read_and_judged() {
    let kind = |fault| fact(|| drop(server(&scene(), fault).address().to_owned()));

    assert_eq!(kind("says-nothing"), Kind::SaidNothing);
    assert_eq!(kind("says-another-thing"), Kind::SaidOther);
    assert_eq!(kind("says-port-0"), Kind::SaidPortZero);
    assert_eq!(kind("says-another-place"), Kind::SaidOtherPlace);
    let scene = scene();
    let program = scene.run(["says-more"]);
    program.says_address("listening on", "127.0.0.1:0");
    assert_eq!(fact(|| program.has_said_no_more()), Kind::SaidMore);
}

#[test]
fn a_line_that_must_not_come_is_noticed() {
    let scene = scene();
    let program = scene.run(["good"]);

    assert_eq!(fact(|| program.never_says("listening on")), Kind::Listening);
}

#[test]
#[cfg(target_os = "linux")]
fn a_second_listener_is_found() {
    let scene = scene();
    let server = server(&scene, "listens-twice");
    server.serves(b"hola"); // then it has the second one

    assert_eq!(fact(|| server.is_the_only_one()), Kind::ListensElsewhere);
}

#[test]
fn an_echo_that_is_none_has_its_kind() {
    let kind = |fault: &str| {
        let scene = scene();
        let mut client = server(&scene, fault).connect();
        fact(|| {
            client.is_echoed(b"0123456789");
            client.is_echoed(b"abc");
        })
    };

    assert_eq!(kind("greets"), Kind::SentOther);
    assert_eq!(kind("waits-for-a-line"), Kind::HeldForALine);
    assert_eq!(kind("sends-the-buffer"), Kind::SentStale);
    assert_eq!(kind("closes"), Kind::EndedEarly);
}

#[test]
fn a_client_that_waits_in_the_queue_is_not_served() {
    let scene = scene();
    let server = server(&scene, "one-at-a-time");
    let mut crowd = server.silent_crowd(2);

    assert_eq!(fact(|| crowd.is_echoed_last_first(b"hola")), Kind::Silent);
}

#[test]
fn a_server_that_ends_by_itself_is_gone() {
    let scene = scene();
    let server = server(&scene, "ends-after-the-first");
    server.serves(b"hola");

    assert_eq!(fact(|| server.serves(b"hola")), Kind::Gone);
}

#[test]
fn a_server_that_turns_clients_away_is_not_judged_before_it_is_asked_for() {
    let scene = scene();
    let server = server(&scene, "turns-away-after-20");

    assert_eq!(server.meets_bad_clients(50), Outcome::TurnedAway);
    assert_eq!(fact(|| server.serves_again(b"hola")), Kind::TurnedAway);
}

#[test]
fn a_connection_is_closed_or_kept() {
    let scene = scene();
    let good = server(&scene, "good");
    let mut kept = good.connect();
    kept.is_echoed(b"hola");
    kept.is_kept();
    let mut closed = server(&scene, "closes").connect();
    closed.sends(b"hola");
    closed.is_closed();

    assert_eq!(fact(|| closed.is_kept()), Kind::ClosedEarly);
    assert_eq!(fact(|| kept.is_closed()), Kind::StillConnected);
    let mut served = good.connect();
    assert_eq!(fact(|| served.is_turned_away(b"hola")), Kind::Served);
    let mut greeted = server(&scene, "greets").connect();
    greeted.sends(b"hola");
    assert_eq!(fact(|| greeted.is_closed()), Kind::SentBeforeClosing);
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_kept_of_clients_that_have_left_is_counted() {
    let scene = scene();
    let server = server(&scene, "keeps-descriptors");
    server.serves(b"hola");
    let before = server.holdings();

    server.served_crowd(30, b"hola").leaves();

    server.holds_little_more_than(before, 40);
    assert_eq!(
        fact(|| server.holds_little_more_than(before, 20)),
        Kind::Leaked
    );
}

#[test]
fn a_thread_that_panics_is_noticed_although_the_server_goes_on() {
    let scene = scene();
    let program = scene.run(["panics"]);
    let mut client = program
        .says_address("listening on", "127.0.0.1:0")
        .connect();
    client.is_closed();

    assert_eq!(fact(|| program.has_not_panicked()), Kind::Panicked);
}

#[test]
#[cfg(target_os = "linux")]
fn a_client_that_never_reads_stops_the_server_and_not_the_test() {
    let scene = scene();
    let server = server(&scene, "good");
    let mut client = server.connect_with_small_buffers();
    let message = enchufe_harness::pattern(64 * enchufe_harness::MIB);

    let sent = client.sends_until_it_blocks(&message);

    assert!((1..message.len()).contains(&sent));
    client.receives(&message[..sent]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_gets_no_more_descriptors_than_it_is_given() {
    let lesson = Lesson {
        page: "02-tcp-server",
        program: "sh",
    };
    let scene = lesson.step(1);

    let program = scene
        .program(["-c", "ulimit -Sn; ulimit -Hn"])
        .descriptors(32)
        .start();

    program.ends().prints(b"32\n32\n").succeeds();
}

#[test]
#[cfg(unix)]
fn a_signal_ends_a_program_that_hears_it() {
    use enchufe_harness::Signal;
    for (traps, ignores) in [("true", false), ("trap '' INT TERM", true)] {
        for signal in [Signal::Interrupt, Signal::Terminate] {
            let lesson = Lesson {
                page: "02-tcp-server",
                program: "sh",
            };
            let scene = lesson.step(1);
            let script = format!("{traps}; echo listening on 127.0.0.1:7; exec sleep 1000");
            let program = scene.run(["-c", &script]);
            program.says_address("listening on", "127.0.0.1:7");

            program.is_sent(signal);

            let end = catch_unwind(AssertUnwindSafe(|| drop(program.ends())));
            assert_eq!(end.is_err(), ignores, "{traps} {signal:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn output_is_closed_after_the_line() {
    let lesson = Lesson {
        page: "00-sockets",
        program: "sh",
    };
    let scene = lesson.step(5);
    let script = "echo bound to 127.0.0.1:7; read word; echo message || { echo lost >&2; exit 3; }";
    let program = scene
        .program(["-c", script])
        .open_input()
        .output_held_after_a_line()
        .start();
    program.says_address("bound to", "127.0.0.1:7");

    program.closes_output();
    program.give(b"go\n");

    let kind = fact(|| drop(program.ends().fails()));
    assert_eq!(kind, Kind::Killed); // by SIGPIPE, which a shell does not ignore
}

#[test]
#[cfg(unix)]
fn a_path_is_read_and_what_stands_there_is_guarded() {
    use enchufe_harness::Existing;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let lesson = Lesson {
        page: "00-sockets",
        program: "sh",
    };
    let scene = lesson.step(4);
    let script = format!("echo bound to {}", path.display());
    scene.run(["-c", &script]).says_path("bound to", &path);
    let other = scene.run(["-c", "echo bound to elsewhere"]);
    assert_eq!(
        fact(|| drop(other.says_path("bound to", &path).address().to_owned())),
        Kind::SaidOther
    );

    for existing in Existing::ALL {
        let there = existing.at(&scene, &path);
        there.is_untouched();
        let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path));
        assert_eq!(fact(|| there.is_untouched()), Kind::Removed);
    }
}
