//! What the harness asks of servers: each check passes for a good one, and fails for one that has the
//! fault it looks for. The servers are `examples/server.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use enchufe_harness::{Endpoint, Kind, Reception, Scene};

/// A scene with the example as its program.
fn scene() -> Scene {
    let test = std::env::current_exe().unwrap(); // target/debug/deps/servers-0123
    let folder = test.ancestors().nth(2).unwrap().join("examples");
    let program = folder.join(format!("server{}", std::env::consts::EXE_SUFFIX));
    let scene = Scene::with_program("tcp-server", 1, &program);
    scene.serves_until_killed();
    scene
}

fn server<'scene>(scene: &'scene Scene, fault: &str) -> Endpoint<'scene> {
    scene
        .run([fault])
        .expect_address_line("listening on", "127.0.0.1:0")
}

/// The finding with which the harness ends a test.
#[track_caller]
fn finding(test: impl FnOnce()) -> Kind {
    let end = catch_unwind(AssertUnwindSafe(test)).expect_err("nothing was found");
    *end.downcast::<Kind>().expect("a finding of the harness")
}

#[test]
fn a_good_server_passes() {
    let scene = scene();
    let program = scene.run(["good"]);
    let server = program.expect_address_line("listening on", "127.0.0.1:0");

    server.expect_no_other_listener();
    server.expect_service(b"hola");
    let mut crowd = server.silent_crowd(20);
    crowd.expect_echoes_last_first(b"hola");
    crowd.expect_kept();
    crowd.leave();
    server.served_crowd(5, b"hola").leave();
    let mut client = server.connect();
    client.expect_echo_to_the_end(&enchufe_harness::pattern(1_000_000));
    assert_eq!(server.send_bad_clients(50), Reception::Served);
    server.expect_service_again(b"hola");
    program.expect_no_more_output();
    program.expect_no_panic();
}

#[test]
fn the_line_is_read_and_judged() {
    let kind = |fault| finding(|| drop(server(&scene(), fault).address().to_owned()));

    assert_eq!(kind("says-nothing"), Kind::SaidNothing);
    assert_eq!(kind("says-another-thing"), Kind::SaidOther);
    assert_eq!(kind("says-port-0"), Kind::SaidPortZero);
    assert_eq!(kind("says-another-place"), Kind::SaidOtherPlace);
    let scene = scene();
    let program = scene.run(["says-more"]);
    program.expect_address_line("listening on", "127.0.0.1:0");
    assert_eq!(finding(|| program.expect_no_more_output()), Kind::SaidMore);
}

#[test]
fn a_line_that_must_not_come_is_noticed() {
    let scene = scene();
    let program = scene.run(["good"]);

    assert_eq!(
        finding(|| program.expect_never_says("listening on")),
        Kind::Listening
    );
}

#[test]
fn a_second_listener_is_found() {
    let scene = scene();
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let server = server(&scene, "listens-twice");
    server.expect_service(b"hola"); // then it has the second one

    assert_eq!(
        finding(|| server.expect_no_other_listener()),
        Kind::ListensElsewhere
    );
}

#[test]
fn an_echo_that_is_none_has_its_kind() {
    let kind = |fault: &str| {
        let scene = scene();
        let mut client = server(&scene, fault).connect();
        finding(|| {
            client.expect_echo(b"0123456789");
            client.expect_echo(b"abc");
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

    assert_eq!(
        finding(|| crowd.expect_echoes_last_first(b"hola")),
        Kind::Silent
    );
}

#[test]
fn a_server_that_ends_by_itself_is_gone() {
    let scene = scene();
    let server = server(&scene, "ends-after-the-first");
    server.expect_service(b"hola");

    assert_eq!(finding(|| server.expect_service(b"hola")), Kind::Gone);
}

#[test]
fn a_server_that_turns_clients_away_is_not_judged_before_it_is_asked_for() {
    let scene = scene();
    let server = server(&scene, "turns-away-after-20");

    assert_eq!(server.send_bad_clients(50), Reception::TurnedAway);
    assert_eq!(
        finding(|| server.expect_service_again(b"hola")),
        Kind::TurnedAway
    );
}

#[test]
fn a_connection_is_closed_or_kept() {
    let scene = scene();
    let good = server(&scene, "good");
    let mut kept = good.connect();
    kept.expect_echo(b"hola");
    kept.expect_kept();
    let mut closed = server(&scene, "closes").connect();
    closed.send(b"hola");
    closed.expect_close();

    assert_eq!(finding(|| closed.expect_kept()), Kind::ClosedEarly);
    assert_eq!(finding(|| kept.expect_close()), Kind::StillConnected);
    let mut served = good.connect();
    assert_eq!(finding(|| served.expect_turned_away(b"hola")), Kind::Served);
    let mut greeted = server(&scene, "greets").connect();
    greeted.send(b"hola");
    assert_eq!(finding(|| greeted.expect_close()), Kind::SentBeforeClosing);
}

#[test]
fn what_is_kept_of_clients_that_have_left_is_counted() {
    let scene = scene();
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let server = server(&scene, "keeps-descriptors");
    server.expect_service(b"hola");
    let before = server.resources();

    server.served_crowd(30, b"hola").leave();

    server.expect_few_more_resources(before, 40);
    assert_eq!(
        finding(|| server.expect_few_more_resources(before, 20)),
        Kind::Leaked
    );
}

#[test]
fn a_thread_that_panics_is_noticed_although_the_server_goes_on() {
    let scene = scene();
    let program = scene.run(["panics"]);
    let mut client = program
        .expect_address_line("listening on", "127.0.0.1:0")
        .connect();
    client.expect_close();

    assert_eq!(finding(|| program.expect_no_panic()), Kind::Panicked);
}

#[test]
fn a_client_that_never_reads_stops_the_server_and_not_the_test() {
    let scene = scene();
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let server = server(&scene, "good");
    let mut client = server.connect_with_small_buffers();
    let message = enchufe_harness::pattern(64 * enchufe_harness::MIB);

    let sent = client.send_until_blocked(&message);

    assert!((1..message.len()).contains(&sent));
    client.expect_bytes(&message[..sent]);
}

#[test]
fn a_program_gets_no_more_descriptors_than_it_is_given() {
    let scene = Scene::with_program("tcp-server", 1, "sh".as_ref());
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }

    let program = scene
        .program(["-c", "ulimit -Sn; ulimit -Hn"])
        .descriptors(32)
        .start();

    program.wait().expect_stdout(b"32\n32\n").expect_success();
}

#[test]
#[cfg(unix)]
fn a_signal_ends_a_program_that_hears_it() {
    use enchufe_harness::Signal;
    for (traps, ignores) in [("true", false), ("trap '' INT TERM", true)] {
        for signal in [Signal::Interrupt, Signal::Terminate] {
            let scene = Scene::with_program("tcp-server", 1, "sh".as_ref());
            let script = format!("{traps}; echo listening on 127.0.0.1:7; exec sleep 1000");
            let program = scene.run(["-c", &script]);
            program.expect_address_line("listening on", "127.0.0.1:7");

            program.signal(signal);

            let end = catch_unwind(AssertUnwindSafe(|| drop(program.wait())));
            assert_eq!(end.is_err(), ignores, "{traps} {signal:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn output_is_closed_after_the_line() {
    let scene = Scene::with_program("sockets", 5, "sh".as_ref());
    let script = "echo bound to 127.0.0.1:7; read word; echo message || { echo lost >&2; exit 3; }";
    let program = scene
        .program(["-c", script])
        .open_input()
        .output_held_after_a_line()
        .start();
    program.expect_address_line("bound to", "127.0.0.1:7");

    program.close_output();
    program.give(b"go\n");

    let kind = finding(|| {
        program.wait().expect_failure();
    });
    assert_eq!(kind, Kind::Killed); // by SIGPIPE, which a shell does not ignore
}

#[test]
#[cfg(unix)]
fn a_path_is_read_and_what_stands_there_is_guarded() {
    use enchufe_harness::Occupant;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let scene = Scene::with_program("sockets", 4, "sh".as_ref());
    let script = format!("echo bound to {}", path.display());
    scene
        .run(["-c", &script])
        .expect_path_line("bound to", &path);
    let other = scene.run(["-c", "echo bound to elsewhere"]);
    assert_eq!(
        finding(|| drop(
            other
                .expect_path_line("bound to", &path)
                .address()
                .to_owned()
        )),
        Kind::SaidOther
    );

    for existing in Occupant::ALL {
        let there = existing.at(&scene, &path);
        there.expect_untouched();
        let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path));
        assert_eq!(finding(|| there.expect_untouched()), Kind::Removed);
    }
}
