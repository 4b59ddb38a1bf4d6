//! Step 4: the program serves many clients at the same time. None waits for another one, neither for one that is silent
//! nor for one that does not read. The page: docs/en/02-tcp-server.md#step-4

use enchufe_harness::Kind::*;
use enchufe_harness::{MIB, Named, pattern};

use crate::{connect, echo_to, echo_to_each, serve, serving, step};

/// The server, of which clients expect that they need not wait for each other.
fn at_once<'scene, T>(server: Named<'scene, T>) -> Named<'scene, T> {
    server.mistake(
        "one-at-a-time",
        &[Silent, NotAccepted, StillOpen, NotReceiving, EndedEarly],
    )
}

/// The server, of which clients expect that they need not wait for the one that does not read.
fn beside_a_slow_reader<'scene, T>(server: Named<'scene, T>) -> Named<'scene, T> {
    at_once(server).mistake("slow-reader-blocks-all", &[Silent, NotAccepted, StillOpen])
}

#[test]
fn serves_clients_that_are_there_together() {
    let scene = step(4);

    let (_program, server) = serve(&scene, &[]);
    let mut a = at_once(serving(&server)).connect();
    let mut b = at_once(serving(&server)).connect();
    let mut c = at_once(serving(&server)).connect();

    at_once(echo_to(&mut c)).expect_echo(b"I came last");
    at_once(echo_to(&mut b)).expect_echo(b"hola");
    at_once(echo_to(&mut a)).expect_echo(b"I came first");
    c.end();
    at_once(echo_to(&mut c)).expect_end();
    at_once(echo_to(&mut a)).expect_echo(b"still here");
}

#[test]
fn is_not_held_up_by_90_silent_clients() {
    let scene = step(4);

    let (_program, server) = serve(&scene, &[]);
    let mut silent = at_once(serving(&server)).silent_crowd(90);
    at_once(serving(&server)).expect_service(b"hola");

    at_once(echo_to_each(&mut silent)).expect_echoes_last_first(b"hola");
    for _ in 0..5 {
        at_once(echo_to_each(&mut silent)).expect_echoes_at_once();
    }
    at_once(echo_to_each(&mut silent)).leave();
}

#[test]
fn is_not_held_up_by_a_client_that_never_reads() {
    let scene = step(4);
    let message = pattern(16 * MIB);

    let (_program, server) = serve(&scene, &[]);
    let mut a = server.connect_with_small_buffers();
    let mut b = connect(&server);
    at_once(echo_to(&mut a)).expect_echo(b"hola");
    at_once(echo_to(&mut b)).expect_echo(b"hola");
    a.stop_reading();
    let sent = a.send_until_blocked(&message);

    beside_a_slow_reader(echo_to(&mut b)).expect_echo(b"I do read");
    beside_a_slow_reader(serving(&server)).expect_service(b"hola");
    echo_to(&mut a)
        .mistake("echo-altered", &[Silent, EndedEarly, CutOff])
        .expect_bytes(&message[..sent]);
}
