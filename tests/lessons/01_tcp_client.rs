//! What `tcp-client` must do, step by step: the grader of lesson 1.
//!
//! Each test runs the program and plays the server. `cargo test -p tcp-client` grades your exercise,
//! `cargo test -p tcp-client step_4` one step of it. The page: docs/en/01-tcp-client.md.

use std::io::{Seek, Write};
use std::net::Ipv6Addr;
use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{MIB, Scene, TcpPeer, last_address_of, pattern};

const LESSON: &str = "tcp-client";

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
    scene.failures_are_explained_in(5);
    scene.mistake("message-altered", &[SentOther, SentMore, LostBytes]);
    scene.mistake("no-half-close", &[StillOpen, NeverEnded]);
    scene
}

// ---------------------------------------------------------------------------- step 1: connects

#[test]
fn step_1_connects() {
    let scene = step(1);
    let server = TcpPeer::listen(&scene);

    scene.run([&server.address(), "hola"]);

    server.accept();
}

#[test]
fn step_1_connects_over_ipv6() {
    let scene = step(1);
    let Ok(server) = TcpPeer::listen_on(&scene, (Ipv6Addr::LOCALHOST, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    scene.run([&server.address(), "hola"]);

    server.accept();
}

#[test]
fn step_1_connects_to_a_name() {
    let scene = step(1);
    let localhost = last_address_of("localhost");
    let Some(Ok(server)) = localhost.map(|address| TcpPeer::listen_on(&scene, address)) else {
        return scene.not_run("why-name");
    };

    scene.run([&server.address_of("localhost"), "hola"]);

    server.accept();
}

// ------------------------------------------------- step 2: sends the whole message, unchanged

/// A test of sending: whatever goes wrong with the bytes, the message was altered.
fn sending() -> Scene {
    let scene = step(2);
    scene.mistake("message-altered", &[EndedEarly, Silent]);
    scene
}

#[test]
fn step_2_sends_the_message_unchanged() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);
    let message = " ¡hola! 100%s \\n\r\n ";

    scene.run([&server.address(), message]);

    let mut client = server.accept();
    client.expect_bytes(message.as_bytes());
    client.expect_no_more();
}

#[test]
#[cfg(unix)]
fn step_2_sends_a_message_that_is_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let scene = sending();
    let server = TcpPeer::listen(&scene);
    let message = b"\xff\xfe\x80 \r\n";

    scene.run([OsStr::new(&server.address()), OsStr::from_bytes(message)]);

    let mut client = server.accept();
    client.expect_bytes(message);
    client.expect_no_more();
}

#[test]
fn step_2_sends_a_long_message() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);
    let message = pattern(20_000);

    scene.run([
        server.address(),
        String::from_utf8(message.clone()).unwrap(),
    ]);

    let mut client = server.accept();
    client.expect_bytes(&message);
    client.expect_no_more();
}

#[test]
fn step_2_sends_nothing_when_the_message_is_empty() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);

    scene
        .program([&server.address(), ""])
        .input("this is not the message")
        .start();

    server.accept().expect_no_more();
}

#[test]
fn step_2_sends_the_message_and_not_standard_input() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);

    scene
        .program([&server.address(), "hola"])
        .input("this is not the message")
        .start();

    let mut client = server.accept();
    client.expect_bytes(b"hola");
    client.expect_no_more();
}

#[test]
fn step_2_sends_standard_input_unchanged() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);

    scene.program([&server.address()]).input(binary()).start();

    let mut client = server.accept();
    client.expect_bytes(&binary());
    client.expect_no_more();
}

#[test]
fn step_2_sends_standard_input_that_is_a_file() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&binary()).unwrap();
    file.rewind().unwrap();

    scene.program([&server.address()]).input_from(file).start();

    let mut client = server.accept();
    client.expect_bytes(&binary());
    client.expect_no_more();
}

#[test]
fn step_2_sends_nothing_when_standard_input_is_empty() {
    let scene = sending();
    let server = TcpPeer::listen(&scene);

    scene.program([&server.address()]).input("").start();

    server.accept().expect_no_more();
}

#[test]
fn step_2_sends_16_mib_even_when_a_write_takes_only_a_part() {
    let scene = sending();
    scene.mistake("short-write", &[LostBytes]);
    let server = TcpPeer::listen_for_small_segments(&scene);
    let message = pattern(16 * MIB);

    scene.program([&server.address()]).input(&*message).start();

    let mut client = server.accept();
    if client.cut_writes_short() {
        scene.mistake("short-write", &[EndedEarly, Silent]);
    }
    client.expect_bytes(&message);
    client.expect_no_more();
}

// ---------------------------------------------------------------------- step 3: half-closes

#[test]
fn step_3_half_closes_when_the_message_has_ended() {
    let scene = step(3);
    let server = TcpPeer::listen(&scene);

    scene.run([&server.address(), "hola"]);

    server.accept().expect_bytes_and_end(b"hola");
}

/// The answer comes before the message has ended: a program that stops at a later step's `todo!` leaves
/// it unread, and the connection is reset. The end of stream has come before that, or there was none.
#[test]
fn step_3_half_closes_before_it_stops() {
    let scene = step(3);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    program.give(b"hola");
    let Some(mut client) = server.accept_unless_at_rest() else {
        return; // it first reads its input to the end, which is step 7's matter
    };
    client.send(b"HOLA");
    program.end_input();
    client.expect_end_before_a_todo();
}

#[test]
fn step_3_half_closes_when_standard_input_has_ended() {
    let scene = step(3);
    let server = TcpPeer::listen(&scene);

    scene.program([&server.address()]).input("hola").start();

    server.accept().expect_bytes_and_end(b"hola");
}

#[test]
fn step_3_can_still_be_answered_a_moment_later() {
    let scene = step(3);
    scene.mistake("full-close", &[ClosedBoth]);
    let server = TcpPeer::listen(&scene);

    scene.run([&server.address(), "hola"]);

    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.stay_silent_for(Duration::from_millis(600)); // some tools wait for half a second
    client.expect_heard(b"HOLA");
}

// -------------------------------------------------------- step 4: prints the reply to its end

/// A test of printing: what is missing was not read, what is there too much was made up.
fn printing() -> Scene {
    let scene = step(4);
    scene.mistake("eof-not-seen", &[StillRunning]);
    scene.mistake("single-read", &[PrintedLess, NotReceiving, Unread]);
    scene.mistake("nothing-printed", &[PrintedNothing]);
    scene.mistake("reply-altered", &[PrintedOther, PrintedMore]);
    scene
}

#[test]
fn step_4_prints_the_reply_byte_for_byte() {
    let scene = printing();
    scene.mistake(
        "not-binary-safe",
        &[PrintedOther, PrintedLess, FailedBeforePrinting, Panicked],
    );
    let server = TcpPeer::listen(&scene);
    let reply = b"h\xff\0i\r\n\xe2\x82";

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(reply);
    client.end();

    program.wait().expect_stdout(reply).expect_success();
}

#[test]
fn step_4_prints_nothing_when_the_reply_is_empty() {
    let scene = printing();
    let server = TcpPeer::listen(&scene);

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.end();

    program.wait().expect_stdout(b"").expect_success();
}

#[test]
fn step_4_prints_a_reply_that_comes_in_pieces() {
    let scene = printing();
    let server = TcpPeer::listen(&scene);
    let reply = b" one\ntwo \n\n";

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send_in_pieces(reply, 3);
    client.end();

    program.wait().expect_stdout(reply).expect_success();
}

#[test]
fn step_4_prints_a_reply_of_8_mib() {
    let scene = printing();
    let server = TcpPeer::listen(&scene);
    let reply = pattern(8 * MIB + 1);

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(&reply);
    client.end();

    program.wait().expect_stdout(&reply).expect_success();
}

// ------------------------------------------------------------------ step 5: explains a failure

#[test]
fn step_5_explains_that_nobody_listens() {
    let scene = step(5);
    let nobody = TcpPeer::refuse(&scene);

    let program = scene.run([&nobody.address(), "hola"]);

    program.wait().expect_failure();
}

#[test]
fn step_5_explains_that_a_host_is_unknown() {
    let scene = step(5);
    let label_of_64_letters = "a".repeat(64); // 63 are the longest there can be (RFC 1035, section 2.3.4)

    let program = scene.run([&format!("{label_of_64_letters}:7000"), "hola"]);

    program.wait().expect_failure();
}

#[test]
fn step_5_explains_that_an_address_is_none() {
    for address in ["127.0.0.1:70000", "127.0.0.1:", "127.0.0.1", ""] {
        let scene = step(5);

        let program = scene.run([address, "hola"]);

        program.wait().expect_failure();
    }
}

#[test]
fn step_5_explains_that_an_argument_is_missing_or_unknown() {
    for arguments in [&[][..], &["--no-such-option", "127.0.0.1:7000", "hola"]] {
        let scene = step(5);

        let program = scene.run(arguments);

        program.wait().expect_failure();
    }
}

#[test]
fn step_5_explains_that_a_reply_was_cut_off() {
    let scene = step(5);
    scene.mistake(
        "reset-as-eof",
        &[ExitedZero, ExplainedAndExitedZero, StillRunning],
    );
    let server = TcpPeer::listen(&scene);

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(b"part");
    client.wait_until_read();
    client.reset();

    program.wait().expect_failure_after(b"part");
}

#[test]
#[cfg(unix)]
fn step_5_explains_that_its_output_is_closed() {
    let scene = step(5);
    let server = TcpPeer::listen(&scene);
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program([&server.address(), "hola"])
        .output_into(closed)
        .start();
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(b"HOLA");
    client.end();

    program.wait().expect_failure();
}

#[test]
fn step_5_explains_that_its_output_is_full() {
    let scene = step(5);
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return scene.not_run("why-linux");
    };
    let server = TcpPeer::listen(&scene);

    let program = scene
        .program([&server.address(), "hola"])
        .output_into(full)
        .start();
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(b"HOLA");
    client.end();

    program.wait().expect_failure();
}

// ------------------------------------------------------------------ step 6: does not wait for ever

#[test]
fn step_6_gives_up_on_a_connection_that_is_not_answered() {
    let scene = step(6);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    scene.mistake("connect-timeout-missing", &[StillRunning]);
    let nobody = TcpPeer::ignore(&scene);

    let program = scene.run(["--timeout", "0.1", &nobody.address(), "hola"]);

    program.wait().expect_failure();
}

#[test]
fn step_6_gives_up_on_a_silent_server() {
    let scene = step(6);
    scene.mistake("read-timeout-missing", &[StillRunning]);
    let server = TcpPeer::listen(&scene);

    let program = scene.run(["--timeout", "0.1", &server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.stay_silent();

    program.wait().expect_failure();
}

#[test]
fn step_6_gives_up_on_a_server_that_falls_silent() {
    let scene = step(6);
    scene.mistake("read-timeout-missing", &[StillRunning]);
    let server = TcpPeer::listen(&scene);

    let program = scene.run(["--timeout", "0.1", &server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(b"part");
    client.stay_silent();

    program.wait().expect_failure_after(b"part");
}

/// A program that was told to wait long is still there when one that was told to wait briefly has
/// given up, although it began earlier. No clock is read.
#[test]
fn step_6_waits_as_long_as_it_is_told() {
    let (long, brief) = (step(6), step(6));
    brief.mistake("read-timeout-missing", &[StillRunning]);
    long.mistake("seconds-ignored", &[PrintedNothing, FailedBeforePrinting]);
    let (server, other_server) = (TcpPeer::listen(&long), TcpPeer::listen(&brief));

    let program = long.run(["--timeout", "1000000", &server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.stay_silent_for(Duration::from_millis(150));
    let other = brief.run(["--timeout", "0.15", &other_server.address(), "hola"]);
    let mut other_client = other_server.accept();
    other_client.expect_bytes_and_end(b"hola");
    other_client.stay_silent();
    other.wait().expect_failure();
    client.send(b"HOLA");
    client.end();

    program.wait().expect_stdout(b"HOLA").expect_success();
}

/// The reply as a whole takes longer than SECONDS, no byte of it does. A machine that is busy may
/// hold up a byte for longer: so only a program that fails with ever longer SECONDS is wrong.
#[test]
fn step_6_counts_its_wait_anew_from_each_byte() {
    let reply = b"12";
    for (seconds, apart) in [("0.3", 180), ("1.9", 1400), ("3.9", 3400)] {
        let scene = step(6);
        scene.mistake(
            "timeout-of-the-whole",
            &[PrintedLess, PrintedNothing, FailedBeforePrinting],
        );
        let server = TcpPeer::listen(&scene);

        let program = scene.run(["--timeout", seconds, &server.address(), "hola"]);
        let mut client = server.accept();
        client.expect_bytes_and_end(b"hola");
        client.send_slowly(reply, Duration::from_millis(apart));
        client.end();

        let ended = program.wait();
        if ended.has_printed(reply) || seconds == "3.9" {
            ended.expect_stdout(reply).expect_success();
            return;
        }
    }
}

#[test]
fn step_6_refuses_seconds_that_are_none() {
    for seconds in ["0", "-1", "soon", ""] {
        let scene = step(6);
        let server = TcpPeer::listen(&scene);

        let program = scene.run(["--timeout", seconds, &server.address(), "hola"]);

        server.expect_left_alone();
        program.wait().expect_failure();
    }
}

/// Whether it takes such numbers is its own affair; that nobody listens, it has to explain.
#[test]
fn step_6_does_not_panic_whatever_seconds_are() {
    for seconds in ["0.001", "1000000", "1e30", "1e-30", "nan", "inf"] {
        let scene = step(6);
        let nobody = TcpPeer::refuse(&scene);

        let program = scene.run(["--timeout", seconds, &nobody.address(), "hola"]);

        program.wait().expect_failure();
    }
}

// ---------------------------------------------------------- step 7: sends and receives at once

#[test]
fn step_7_sends_what_it_has_been_given_without_waiting_for_more() {
    let scene = step(7);
    scene.mistake("waits-for-more-input", &[Silent, NeverConnected]);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = server.accept();

    program.give(b"on");
    client.expect_bytes(b"on");
    program.give(b"e\ntwo");
    client.expect_bytes(b"e\ntwo");
    program.end_input();
    client.expect_end();
}

#[test]
fn step_7_prints_each_piece_as_it_arrives() {
    let scene = step(7);
    scene.mistake("waits-for-the-end", &[Unprinted]);
    scene.mistake("read-write-deadlock", &[Unread]);
    scene.mistake("waits-for-more-input", &[NeverConnected, Silent]);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = server.accept();

    client.send(b"on");
    program.expect_printed(b"on");
    program.give(b"1");
    client.expect_bytes(b"1");
    client.send(b"e\ntw");
    program.expect_printed(b"one\ntw");
    program.end_input();
    client.expect_end();
    client.send(b"o");
    client.end();
    program.wait().expect_stdout(b"one\ntwo").expect_success();
}

#[test]
fn step_7_sends_16_mib_to_a_server_that_echoes_and_never_reads_ahead() {
    let scene = step(7);
    scene.mistake("read-write-deadlock", &[NotReceiving]);
    let server = TcpPeer::listen(&scene);
    let message = pattern(16 * MIB);

    let program = scene.program([&server.address()]).input(&*message).start();
    server.accept().expect_all_while_echoing(&message);

    program.wait().expect_stdout(&message).expect_success();
}

#[test]
fn step_7_ends_when_the_server_ends_although_standard_input_is_open() {
    let scene = step(7);
    scene.mistake("waits-for-stdin", &[StillRunning]);
    scene.mistake("read-write-deadlock", &[Unread]);
    scene.mistake("waits-for-more-input", &[NeverConnected, Silent]);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = server.accept();
    program.give(b"hola");
    client.expect_bytes(b"hola");
    client.send(b"HOLA");
    client.end();

    program.wait().expect_stdout(b"HOLA").expect_success();
}

#[test]
fn step_7_ends_when_the_server_ends_although_input_is_left_unsent() {
    let scene = step(7);
    scene.mistake("waits-for-stdin", &[StillRunning]);
    scene.mistake("read-write-deadlock", &[Unread]);
    let server = TcpPeer::listen_for_small_segments(&scene);

    let program = scene
        .program([&server.address()])
        .input(pattern(16 * MIB))
        .start();
    let mut client = server.accept();
    client.stop_reading();
    client.send(b"HOLA");
    client.end();

    program.wait().expect_stdout(b"HOLA").expect_success();
}

#[test]
fn step_7_explains_a_reset_while_standard_input_is_open() {
    let scene = step(7);
    scene.mistake("reset-as-eof", &[ExitedZero, ExplainedAndExitedZero]);
    scene.mistake("waits-for-stdin", &[StillRunning]);
    scene.mistake("read-write-deadlock", &[Unread]);
    scene.mistake("waits-for-more-input", &[NeverConnected, Silent]);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = server.accept();
    client.send(b"part");
    client.wait_until_read();
    client.reset();

    program.wait().expect_failure_after(b"part");
}

/// The program is held while it prints, so that its sending meets the reset first: Linux reports it
/// once, and what receives then sees a clean end.
#[test]
fn step_7_explains_a_reset_while_it_sends() {
    let scene = step(7);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    scene.mistake(
        "reset-lost-while-sending",
        &[ExitedZero, ExplainedAndExitedZero],
    );
    scene.mistake("waits-for-stdin", &[StillRunning]);
    let server = TcpPeer::listen(&scene);
    let reply = pattern(MIB);

    let program = scene
        .program([&server.address()])
        .input(pattern(16 * MIB))
        .held_output()
        .start();
    let mut client = server.accept();
    client.stop_reading();
    client.send_until_blocked(&reply);
    program.wait_until_idle();
    client.reset();
    program.wait_until_idle();
    program.release_output();

    program.wait().expect_failure_after(&reply);
}
