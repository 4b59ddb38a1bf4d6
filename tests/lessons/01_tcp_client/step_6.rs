//! Step 6: `--timeout SECONDS` limits how long the program waits for its connection, and for each byte of the reply.
//! SECONDS that are none are refused. The page: docs/en/01-tcp-client.md#step-6

use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{Program, TcpPeer, checks};

use crate::{expect_message_and_end, step};

#[test]
fn gives_up_on_a_connection_that_is_not_answered() {
    let scene = step(6);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let nobody = TcpPeer::ignore(&scene);

    let program = scene.run(["--timeout", "0.1", &nobody.address(), "hola"]);

    program
        .mistake("connect-timeout-missing", &[StillRunning])
        .wait()
        .expect_failure();
}

/// The program gives up on a server that is silent, and explains that. It may have printed what came before.
fn expect_to_give_up(program: &Program, received: &[u8]) {
    program
        .mistake("read-timeout-missing", &[StillRunning])
        .wait()
        .expect_failure_after(received);
}

#[test]
fn gives_up_on_a_silent_server() {
    let scene = step(6);
    let server = TcpPeer::listen(&scene);

    let program = scene.run(["--timeout", "0.1", &server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.stay_silent();

    expect_to_give_up(&program, b"");
}

#[test]
fn gives_up_on_a_server_that_falls_silent() {
    let scene = step(6);
    let server = TcpPeer::listen(&scene);

    let program = scene.run(["--timeout", "0.1", &server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.send(b"part");
    client.stay_silent();

    expect_to_give_up(&program, b"part");
}

/// A program that was told to wait long is still there when one that was told to wait briefly has
/// given up, although it began earlier. No clock is read.
#[test]
fn waits_as_long_as_it_is_told() {
    let (long, brief) = (step(6), step(6));
    let (server, other_server) = (TcpPeer::listen(&long), TcpPeer::listen(&brief));

    let program = long.run(["--timeout", "1000000", &server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.stay_silent_for(Duration::from_millis(150));
    let other = brief.run(["--timeout", "0.15", &other_server.address(), "hola"]);
    let mut other_client = other_server.accept();
    expect_message_and_end(&mut other_client, b"hola");
    other_client.stay_silent();
    expect_to_give_up(&other, b"");
    client.send(b"HOLA");
    client.end();

    program
        .wait()
        .mistake("seconds-ignored", &[PrintedNothing, FailedBeforePrinting])
        .expect_stdout(b"HOLA")
        .expect_success();
}

/// The reply as a whole takes longer than SECONDS, no byte of it does. A machine that is busy may
/// hold up a byte for longer: so only a program that fails with ever longer SECONDS is wrong.
#[test]
fn counts_its_wait_anew_from_each_byte() {
    let reply = b"12";
    for (seconds, apart) in [("0.3", 180), ("1.9", 1400), ("3.9", 3400)] {
        let scene = step(6);
        let server = TcpPeer::listen(&scene);

        let program = scene.run(["--timeout", seconds, &server.address(), "hola"]);
        let mut client = server.accept();
        expect_message_and_end(&mut client, b"hola");
        client.send_slowly(reply, Duration::from_millis(apart));
        client.end();

        let ended = program.wait();
        if ended.has_printed(reply) || seconds == "3.9" {
            ended
                .mistake(
                    "timeout-of-the-whole",
                    &[PrintedLess, PrintedNothing, FailedBeforePrinting],
                )
                .expect_stdout(reply)
                .expect_success();
            return;
        }
    }
}

#[test]
fn refuses_seconds_that_are_none() {
    for seconds in checks::NO_SECONDS {
        let scene = step(6);
        let server = TcpPeer::listen(&scene);

        let program = scene.run(["--timeout", seconds, &server.address(), "hola"]);

        server.expect_left_alone();
        program.wait().expect_failure();
    }
}

/// Whether it takes such numbers is its own affair; that nobody listens, it has to explain.
#[test]
fn does_not_panic_whatever_seconds_are() {
    for seconds in checks::ODD_SECONDS {
        let scene = step(6);
        let nobody = TcpPeer::refuse(&scene);

        let program = scene.run(["--timeout", seconds, &nobody.address(), "hola"]);

        program.wait().expect_failure();
    }
}
