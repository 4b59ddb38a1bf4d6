//! Step 7: `--idle-timeout SECONDS` closes each connection on which nothing has arrived for SECONDS, and no other one.
//! SECONDS that are none are refused. The page: docs/en/02-tcp-server.md#step-7

use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, TcpPeer, checks};

use crate::{ANYWHERE, connect, echo_to, expect_echo, expect_refusal, serve, serving, step};

/// The server closes a connection on which nothing has arrived for SECONDS.
fn expect_close(client: &mut Connection) {
    client
        .mistake("idle-never-closed", &[StillConnected])
        .expect_close();
}

#[test]
fn closes_a_silent_connection() {
    let scene = step(7);

    let (program, server) = serve(&scene, &["--idle-timeout", "0.1"]);
    let mut spoke = connect(&server);
    let mut never_spoke = connect(&server);
    spoke.send(b"hola");
    echo_to(&mut spoke).expect_bytes_or_close(b"hola"); // on a busy machine, 0.1 s may pass before it is sent

    expect_close(&mut spoke);
    expect_close(&mut never_spoke);
    serving(&server)
        .mistake("seconds-ignored", &[TurnedAway])
        .expect_service_again(b"hola");
    program.expect_no_panic();
}

/// Bytes that come before SECONDS have passed keep a connection, and only their own. A busy machine may
/// hold one up for longer: so only a program that is wrong with ever longer SECONDS is wrong.
#[test]
fn keeps_a_connection_that_is_not_silent() {
    for (seconds, apart) in [("0.2", 150), ("1", 750), ("8", 6000)] {
        let scene = step(7);
        let apart = Duration::from_millis(apart);

        let (_program, server) = serve(&scene, &["--idle-timeout", seconds]);
        let mut silent = connect(&server);
        let mut client = connect(&server);
        let mut is_echoed = |times| echo_to(&mut client).count_slow_echoes(times, apart) == times;
        let is_kept_at_first = is_echoed(1);
        let mut is_kept = is_kept_at_first && is_echoed(3);
        for _ in 0..4 {
            is_kept = is_kept && (silent.has_been_closed() || is_echoed(1));
        }

        if (is_kept && silent.has_been_closed()) || seconds == "8" {
            match is_kept_at_first {
                true => client
                    .mistake("idle-from-connect", &[ClosedEarly])
                    .expect_kept(),
                false => client
                    .mistake("seconds-ignored", &[ClosedEarly]) // before SECONDS had passed
                    .expect_kept(),
            }
            silent
                .mistake("idle-never-closed", &[StillConnected])
                .expect_closed_by_now();
            return;
        }
    }
}

/// A connection of a program that was told to wait long is still there when one that was told to wait
/// briefly has closed its own, although it is older. No clock is read.
#[test]
fn waits_as_long_as_it_is_told() {
    let (long, brief) = (step(7), step(7));

    let (_program, server) = serve(&long, &["--idle-timeout", "1000000"]);
    let mut kept = connect(&server);
    expect_echo(&mut kept, b"hola");
    let (_other_program, other_server) = serve(&brief, &["--idle-timeout", "0.3"]);
    expect_close(&mut connect(&other_server));

    kept.mistake("seconds-ignored", &[ClosedEarly])
        .expect_kept();
    echo_to(&mut kept)
        .mistake("seconds-ignored", &[EndedEarly, CutOff])
        .expect_echo(b"hola");
}

#[test]
fn refuses_seconds_that_are_none() {
    for seconds in checks::NO_SECONDS {
        let scene = step(7);

        let program = scene.run(["--bind", ANYWHERE, "--idle-timeout", seconds]);

        expect_refusal(&program);
    }
}

/// Whether it takes such numbers is its own affair; that its address is taken, it has to explain.
#[test]
fn does_not_panic_whatever_seconds_are() {
    for seconds in checks::ODD_SECONDS {
        let scene = step(7);
        let taken = TcpPeer::listen(&scene);

        let program = scene.run(["--bind", &taken.address(), "--idle-timeout", seconds]);

        program.wait().expect_failure();
    }
}
