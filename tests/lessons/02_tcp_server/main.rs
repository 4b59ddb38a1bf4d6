//! What `tcp-server` must do, step by step: the grader of lesson 2.
//!
//! Each test runs the program and plays its clients. `cargo test -p tcp-server` grades your exercise,
//! `cargo test -p tcp-server step_4` one step of it. The page: docs/en/02-tcp-server.md.

use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{
    Endpoint, MIB, Program, Reception, Scene, TcpPeer, address_of_its_own, last_address_of, pattern,
};

const LESSON: &str = "tcp-server";

/// Where the program listens, if a test asks for nothing else: on a free port.
const ANYWHERE: &str = "127.0.0.1:0";

/// Bytes that are no text: each one that there is, a byte order mark before them, and NULs at the end.
fn binary() -> Vec<u8> {
    [
        &b"\xef\xbb\xbf"[..],
        &(0..=255).collect::<Vec<u8>>(),
        b" \r\n \0\0",
    ]
    .concat()
}

/// Begins a test. What an earlier step lacks has its name in the later ones too.
fn step(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.failures_are_explained_in(6);
    scene.serves_until_killed();
    scene.mistake(
        "wrong-address-line",
        &[SaidNothing, SaidOther, SaidPortZero, Unreachable],
    );
    scene.mistake("listens-elsewhere", &[SaidOtherPlace, ListensElsewhere]);
    scene.mistake("echo-by-line", &[HeldForALine]);
    scene.mistake("echo-at-end", &[HeldForTheEnd]);
    scene.mistake("stale-tail", &[SentStale]);
    scene.mistake("echo-altered", &[SentOther, SentMore, LostBytes]);
    scene.mistake("end-not-seen", &[StillOpen]);
    scene.mistake("ends-with-a-reset", &[CutOff]);
    scene
}

/// Starts the program, and reads where it listens.
fn serve<'scene>(scene: &'scene Scene, options: &[&str]) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run(["--bind", ANYWHERE].iter().chain(options));
    let server = program.expect_address_line("listening on", ANYWHERE);
    (program, server)
}

// ------------------------------------- step 1: binds, and says where it listens, and only there

#[test]
fn step_1_says_where_it_listens() {
    let scene = step(1);

    let (_program, server) = serve(&scene, &[]);

    server.connect();
}

#[test]
fn step_1_listens_over_ipv6() {
    let scene = step(1);
    if TcpPeer::listen_on(&scene, ([0, 0, 0, 0, 0, 0, 0, 1], 0).into()).is_err() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["--bind", "[::1]:0"]);

    program
        .expect_address_line("listening on", "[::1]:0")
        .connect();
}

#[test]
fn step_1_listens_on_a_name() {
    let scene = step(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    let program = scene.run(["--bind", "localhost:0"]);

    program
        .expect_address_line("listening on", "localhost:0")
        .connect();
}

#[test]
fn step_1_listens_on_the_port_that_it_is_given() {
    let scene = step(1);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };

    let program = scene.run(["--bind", &address.to_string()]);

    program
        .expect_address_line("listening on", &address.to_string())
        .connect();
}

#[test]
fn step_1_listens_nowhere_else() {
    let scene = step(1);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }

    let (_program, server) = serve(&scene, &[]);

    server.expect_no_other_listener();
}

#[test]
fn step_1_says_nothing_before_it_listens() {
    let scene = step(1);
    scene.mistake("wrong-address-line", &[Listening]);
    let taken = TcpPeer::listen(&scene);

    let program = scene.run(["--bind", &taken.address()]);

    program.expect_never_says(&format!("listening on {}", taken.address()));
}

#[test]
#[cfg(unix)]
fn step_1_ends_when_a_signal_asks_it_to() {
    use enchufe_harness::Signal;
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let scene = step(1);
        scene.mistake("ignores-signals", &[StillRunning, LeftAChild]);

        let (program, _server) = serve(&scene, &[]);
        program.signal(signal);

        program.wait();
    }
}

#[test]
#[cfg(not(unix))]
fn step_1_hears_signals_on_unix() {
    step(1).not_run("why-unix");
}

// ------------------------------------------------- step 2: echoes what arrives, as it arrives

#[test]
fn step_2_echoes_each_piece_as_it_arrives() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    client.expect_echo(b"0123456789");

    scene.mistake("echo-once", &[Silent, EndedEarly, CutOff]);
    client.expect_echo(b"abc");
    client.expect_echo(b" de \r\n");
}

#[test]
fn step_2_echoes_bytes_that_are_no_text() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff, Panicked]);

    client.expect_echo(&binary());
}

#[test]
fn step_2_ends_its_stream_after_the_client_and_the_last_byte() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    client.send(b"hola");
    client.end();

    client.expect_bytes_and_end(b"hola");
}

#[test]
fn step_2_ends_its_stream_for_a_client_that_says_nothing() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    client.end();

    client.expect_end();
}

#[test]
fn step_2_echoes_8_mib_to_a_client_that_reads_meanwhile() {
    let scene = step(2);
    let message = pattern(8 * MIB + 1);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    scene.mistake("echo-once", &[Silent, EndedEarly]);

    client.expect_echo_to_the_end(&message);
}

/// What the program still has to send when the client has ended its stream must not be lost.
#[test]
fn step_2_echoes_all_to_a_client_that_reads_late() {
    let scene = step(2);
    let message = pattern(2 * MIB);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect_with_small_buffers();
    let sent = client.send_until_blocked(&message);
    client.end();
    scene.mistake("echo-once", &[Silent, EndedEarly]);

    client.expect_bytes_and_end(&message[..sent]);
}

#[test]
fn step_2_says_nothing_more_on_standard_output() {
    let scene = step(2);
    scene.mistake("talks-on-stdout", &[SaidMore]);

    let (program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    client.expect_echo(b"hola");
    client.end();
    client.expect_end();

    program.expect_no_more_output();
}

// -------------------------------------- step 3: serves the next client after the first has left

#[test]
fn step_3_serves_one_client_after_another() {
    let scene = step(3);

    let (program, server) = serve(&scene, &[]);
    server.expect_service(b"one");
    scene.mistake(
        "one-client-only",
        &[
            Gone,
            Silent,
            NotAccepted,
            Unreachable,
            EndedEarly,
            CutOff,
            StillOpen,
        ],
    );

    for message in ["two", "three", "four", "five"] {
        server.expect_service(message.as_bytes());
    }
    assert!(program.runs());
}

// --------------------------------------------------------------- step 4: serves many at once

/// A test of many clients, of whom one may wait for another.
fn many() -> Scene {
    let scene = step(4);
    scene.mistake(
        "one-at-a-time",
        &[Silent, NotAccepted, StillOpen, NotReceiving, EndedEarly],
    );
    scene
}

#[test]
fn step_4_serves_clients_that_are_there_together() {
    let scene = many();

    let (_program, server) = serve(&scene, &[]);
    let mut a = server.connect();
    let mut b = server.connect();
    let mut c = server.connect();

    c.expect_echo(b"I came last");
    b.expect_echo(b"hola");
    a.expect_echo(b"I came first");
    c.end();
    c.expect_end();
    a.expect_echo(b"still here");
}

#[test]
fn step_4_is_not_held_up_by_90_silent_clients() {
    let scene = many();

    let (_program, server) = serve(&scene, &[]);
    let mut silent = server.silent_crowd(90);
    server.expect_service(b"hola");

    silent.expect_echoes_last_first(b"hola");
    for _ in 0..5 {
        silent.expect_echoes_at_once();
    }
    silent.leave();
}

#[test]
fn step_4_is_not_held_up_by_a_client_that_never_reads() {
    let scene = many();
    let message = pattern(16 * MIB);

    let (_program, server) = serve(&scene, &[]);
    let mut a = server.connect_with_small_buffers();
    let mut b = server.connect();
    a.expect_echo(b"hola");
    b.expect_echo(b"hola");
    a.stop_reading();
    let sent = a.send_until_blocked(&message);

    scene.mistake("slow-reader-blocks-all", &[Silent, NotAccepted, StillOpen]);
    b.expect_echo(b"I do read");
    server.expect_service(b"hola");
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff]);
    a.expect_bytes(&message[..sent]);
}

// ------------------------------------------------------------- step 5: survives bad clients

/// A test of clients that behave badly.
fn bad_clients() -> Scene {
    let scene = step(5);
    let kinds = [
        Gone,
        Panicked,
        Killed,
        Unreachable,
        NotAccepted,
        Silent,
        TurnedAway,
    ];
    scene.mistake("dies-on-reset", &kinds);
    scene
}

#[test]
fn step_5_survives_a_reset_while_it_reads() {
    let scene = bad_clients();

    let (program, server) = serve(&scene, &[]);
    let mut client = server.connect();
    client.expect_echo(b"hola");
    client.reset();

    server.expect_service(b"hola");
    program.expect_no_panic();
}

#[test]
fn step_5_survives_a_reset_while_it_writes() {
    let scene = bad_clients();

    let (program, server) = serve(&scene, &[]);
    let mut client = server.connect_with_small_buffers();
    client.stop_reading();
    client.send_until_blocked(&pattern(16 * MIB));
    client.reset();

    server.expect_service(b"hola");
    program.expect_no_panic();
}

/// A program that turns clients away after a while has lost their places, which is step 8's matter: it
/// is tried again with places enough.
#[test]
fn step_5_survives_1000_bad_clients() {
    for options in [&[][..], &["--max-clients", "1000000"]] {
        let scene = bad_clients();
        scene.mistake("leaks", &[Leaked]);

        let (program, server) = serve(&scene, options);
        server.expect_service(b"hola");
        #[cfg(target_os = "linux")]
        let before = server.resources();
        if server.send_bad_clients(1000) == Reception::TurnedAway && options.is_empty() {
            continue;
        }

        server.expect_service_again(b"hola");
        program.expect_no_panic();
        #[cfg(target_os = "linux")]
        server.expect_few_more_resources(before, 500);
        return;
    }
}

#[test]
fn step_5_survives_running_out_of_descriptors() {
    let scene = step(5);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    let kinds = [
        Gone,
        Panicked,
        Killed,
        Unreachable,
        NotAccepted,
        Silent,
        TurnedAway,
    ];
    scene.mistake("dies-without-descriptors", &kinds);

    let program = scene.program(["--bind", ANYWHERE]).descriptors(32).start();
    let server = program.expect_address_line("listening on", ANYWHERE);
    server.expect_service(b"hola"); // what it still has to load needs descriptors too
    server.crowd_beyond_its_descriptors(40);

    server.expect_service_again(b"hola");
    program.expect_no_panic();
}

// ------------------------------------------------------------------ step 6: explains a failure

#[test]
fn step_6_explains_that_an_address_is_taken() {
    let scene = step(6);
    let taken = TcpPeer::listen(&scene);

    let program = scene.run(["--bind", &taken.address()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
#[cfg(target_os = "linux")]
fn step_6_does_not_share_its_port() {
    let scene = step(6);
    scene.mistake("port-sharing", &[Listening]);
    let taken = TcpPeer::listen_and_share(&scene);

    let program = scene.run(["--bind", &taken.address()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
#[cfg(not(target_os = "linux"))]
fn step_6_does_not_share_its_port_on_linux() {
    step(6).not_run("why-linux");
}

#[test]
fn step_6_does_not_share_its_port_with_its_like() {
    let scene = step(6);
    scene.mistake("port-sharing", &[Listening]);

    let (_program, server) = serve(&scene, &[]);
    let another = step(6);
    another.mistake("port-sharing", &[Listening]);
    let program = another.run(["--bind", server.address()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
fn step_6_explains_that_an_address_is_not_its_own() {
    let scene = step(6);
    let of_documentation = "192.0.2.1:0"; // no machine has it (RFC 5737)

    let program = scene.run(["--bind", of_documentation]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
fn step_6_explains_that_an_address_is_none() {
    let label_of_64_letters = format!("{}:7000", "a".repeat(64)); // RFC 1035, section 2.3.4
    for address in ["127.0.0.1:70000", "127.0.0.1", "", &label_of_64_letters] {
        let scene = step(6);

        let program = scene.run(["--bind", address]);

        program.expect_never_says("listening on");
        program.wait().expect_failure();
    }
}

#[test]
fn step_6_has_its_port_back_at_once_after_a_restart() {
    let scene = step(6);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };
    let address = address.to_string();

    let program = scene.run(["--bind", &address]);
    let server = program.expect_address_line("listening on", &address);
    let mut client = server.connect();
    client.expect_echo(b"hola");
    program.kill(); // its end of the connection is the first to end, and waits for a minute
    client.expect_close();
    drop(client);
    scene.mistake("restart-refused", &[LeftBeforeListening, SaidNothing]);
    let program = scene.run(["--bind", &address]);

    program
        .expect_address_line("listening on", &address)
        .expect_service(b"hola");
}

#[test]
fn step_6_explains_that_an_argument_is_unknown() {
    let scene = step(6);

    let program = scene.run(["--bind", ANYWHERE, "--no-such-option"]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
#[cfg(unix)]
fn step_6_explains_that_its_output_is_closed() {
    let scene = step(6);
    scene.mistake("exits-zero", &[StillRunning]);
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program(["--bind", ANYWHERE])
        .output_into(closed)
        .start();

    program.wait().expect_failure();
}

#[test]
fn step_6_explains_that_its_output_is_full() {
    let scene = step(6);
    scene.mistake("exits-zero", &[StillRunning]);
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return scene.not_run("why-linux");
    };

    let program = scene
        .program(["--bind", ANYWHERE])
        .output_into(full)
        .start();

    program.wait().expect_failure();
}

// ----------------------- step 7: closes a connection on which nothing has arrived for SECONDS

/// A test of silence.
fn idle() -> Scene {
    let scene = step(7);
    scene.mistake("idle-never-closed", &[StillConnected]);
    scene.mistake("seconds-ignored", &[TurnedAway]);
    scene
}

#[test]
fn step_7_closes_a_silent_connection() {
    let scene = idle();

    let (program, server) = serve(&scene, &["--idle-timeout", "0.1"]);
    let mut spoke = server.connect();
    let mut never_spoke = server.connect();
    spoke.send(b"hola");
    spoke.expect_bytes_or_close(b"hola"); // on a busy machine, 0.1 s may pass before it is sent

    spoke.expect_close();
    never_spoke.expect_close();
    server.expect_service_again(b"hola");
    program.expect_no_panic();
}

/// Bytes that come before SECONDS have passed keep a connection, and only their own. A busy machine may
/// hold one up for longer: so only a program that is wrong with ever longer SECONDS is wrong.
#[test]
fn step_7_keeps_a_connection_that_is_not_silent() {
    for (seconds, apart) in [("0.2", 150), ("1", 750), ("8", 6000)] {
        let scene = idle();
        scene.mistake("idle-from-connect", &[ClosedEarly, EndedEarly, CutOff]);
        let apart = Duration::from_millis(apart);

        let (_program, server) = serve(&scene, &["--idle-timeout", seconds]);
        let mut silent = server.connect();
        let mut client = server.connect();
        let echoed = client.count_slow_echoes(4, apart);
        let mut is_right = echoed == 4;
        for _ in 0..4 {
            is_right =
                is_right && (silent.has_been_closed() || client.count_slow_echoes(1, apart) == 1);
        }

        if echoed == 0 {
            scene.mistake("seconds-ignored", &[ClosedEarly]); // before SECONDS had passed
        }
        if (is_right && silent.has_been_closed()) || seconds == "8" {
            client.expect_kept();
            silent.expect_closed_by_now();
            return;
        }
    }
}

/// A connection of a program that was told to wait long is still there when one that was told to wait
/// briefly has closed its own, although it is older. No clock is read.
#[test]
fn step_7_waits_as_long_as_it_is_told() {
    let (long, brief) = (idle(), idle());
    long.mistake("seconds-ignored", &[ClosedEarly, EndedEarly, CutOff]);

    let (_program, server) = serve(&long, &["--idle-timeout", "1000000"]);
    let mut kept = server.connect();
    kept.expect_echo(b"hola");
    let (_other_program, other_server) = serve(&brief, &["--idle-timeout", "0.3"]);
    other_server.connect().expect_close();

    kept.expect_kept();
    kept.expect_echo(b"hola");
}

#[test]
fn step_7_refuses_seconds_that_are_none() {
    for seconds in ["0", "-1", "soon", ""] {
        let scene = step(7);

        let program = scene.run(["--bind", ANYWHERE, "--idle-timeout", seconds]);

        program.expect_never_says("listening on");
        program.wait().expect_failure();
    }
}

/// Whether it takes such numbers is its own affair; that its address is taken, it has to explain.
#[test]
fn step_7_does_not_panic_whatever_seconds_are() {
    for seconds in ["0.001", "1000000", "1e30", "1e-30", "nan", "inf"] {
        let scene = step(7);
        let taken = TcpPeer::listen(&scene);

        let program = scene.run(["--bind", &taken.address(), "--idle-timeout", seconds]);

        program.wait().expect_failure();
    }
}

// ------------------------- step 8: serves N clients at once and closes each one beyond that

/// A test of places.
fn places() -> Scene {
    let scene = step(8);
    scene.mistake("limit-missing", &[Served, StillConnected]);
    // Whoever is turned away is sent no bytes but an echo, which earlier steps have seen to be unaltered.
    scene.mistake("limit-with-words", &[SentBeforeClosing, SentOther]);
    scene
}

/// `most` clients are served, no more, and these are not disturbed.
fn serves_no_more_than(scene: &Scene, server: &Endpoint, most: usize) {
    scene.mistake("limit-missing", &[EndedEarly, CutOff, Silent]);
    let mut crowd = server.served_crowd(most - 1, b"hola");
    scene.mistake("limit-off-by-one", &[EndedEarly, CutOff, Silent]);
    let mut last = server.connect();
    last.expect_echo(b"hola");
    let mut one_too_many = server.connect();
    let mut two_too_many = server.connect();

    two_too_many.expect_turned_away(b"hola");
    scene.mistake("limit-off-by-one", &[Served, StillConnected]);
    one_too_many.expect_turned_away(b"hola");
    scene.mistake("limit-missing", &[StillConnected]);
    server.connect().expect_close(); // although it says nothing
    last.expect_echo(b"hola");
    crowd.expect_echoes_last_first(b"hola");
}

#[test]
fn step_8_serves_three_and_no_more() {
    let scene = places();

    let (_program, server) = serve(&scene, &["--max-clients", "3"]);

    serves_no_more_than(&scene, &server, 3);
}

#[test]
fn step_8_serves_one_and_no_more() {
    let scene = places();

    let (_program, server) = serve(&scene, &["--max-clients", "1"]);

    serves_no_more_than(&scene, &server, 1);
}

#[test]
fn step_8_serves_100_and_no_more_by_default() {
    let scene = places();

    let (_program, server) = serve(&scene, &[]);

    serves_no_more_than(&scene, &server, 100);
}

#[test]
fn step_8_serves_1000_and_no_more() {
    let scene = places();
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    #[cfg(target_os = "linux")]
    if !enchufe_harness::has_descriptors_for(1100) {
        return scene.not_run("why-descriptors");
    }

    let (_program, server) = serve(&scene, &["--max-clients", "1000"]);

    serves_no_more_than(&scene, &server, 1000);
}

/// A test of places that are free again.
fn places_free_again() -> Scene {
    let scene = places();
    scene.mistake("place-leaked", &[TurnedAway, Silent, NotAccepted]);
    scene
}

#[test]
fn step_8_has_a_place_again_when_clients_have_left_in_order() {
    let scene = places_free_again();

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let mut client = server.connect_when_there_is_a_place(b"hola");
        client.end();
        client.expect_end();
    }

    server.expect_service_again(b"hola");
}

#[test]
fn step_8_has_a_place_again_when_clients_have_left_without_a_word() {
    let scene = places_free_again();

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let mut client = server.connect_when_there_is_a_place(b"hola");
        client.end();
        client.expect_end();
        let mut silent = server.connect(); // served or turned away, as the other is noticed
        silent.end();
        silent.expect_close();
    }

    server.expect_service_again(b"hola");
}

#[test]
fn step_8_has_a_place_again_when_clients_have_reset() {
    let scene = places_free_again();

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        server.connect_when_there_is_a_place(b"hola").reset();
    }
    let _first = server.connect_when_there_is_a_place(b"hola");
    let _second = server.connect_when_there_is_a_place(b"hola");

    server.connect().expect_turned_away(b"hola");
}

#[test]
fn step_8_has_a_place_again_when_clients_have_left_without_reading() {
    let scene = places_free_again();
    let message = pattern(MIB);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let mut client = server.connect_when_there_is_a_place(b"hola");
        client.send_until_blocked(&message);
        client.reset();
    }

    server.expect_service_again(b"hola");
}

#[test]
fn step_8_has_a_place_again_when_silent_clients_are_closed() {
    let scene = places_free_again();

    let (_program, server) = serve(&scene, &["--max-clients", "2", "--idle-timeout", "0.1"]);
    for _ in 0..3 {
        let mut client = server.connect_when_there_is_a_place(b"hola");
        client.expect_close();
    }

    server.expect_service_again(b"hola");
}

#[test]
fn step_8_gives_no_place_to_those_it_turns_away() {
    let scene = places();
    scene.mistake("limit-off-by-one", &[TurnedAway]);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    let first = server.connect_when_there_is_a_place(b"hola");
    let second = server.connect_when_there_is_a_place(b"hola");
    for _ in 0..2 {
        let mut one_too_many = server.connect();
        server.connect().expect_turned_away(b"hola");
        scene.mistake("limit-off-by-one", &[Served]);
        one_too_many.expect_turned_away(b"hola");
    }
    scene.mistake("place-leaked", &[TurnedAway, Silent, NotAccepted]);
    for mut client in [first, second] {
        client.end();
        client.expect_end();
    }

    server.expect_service_again(b"hola");
}

#[test]
fn step_8_refuses_a_number_that_is_none() {
    for number in ["0", "-1", "many", "1.5", ""] {
        let scene = step(8);

        let program = scene.run(["--bind", ANYWHERE, "--max-clients", number]);

        program.expect_never_says("listening on");
        program.wait().expect_failure();
    }
}
