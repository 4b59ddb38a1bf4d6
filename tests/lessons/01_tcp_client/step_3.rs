//! Step 3: after the message, the program ends its direction of the connection, and only that one: the server reads the
//! end of the stream, and can still answer. The page: docs/en/01-tcp-client.md#step-3

use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::TcpPeer;

use crate::{expect_message_and_end, sending, step};

#[test]
fn half_closes_when_the_message_has_ended() {
    let scene = step(3);
    let server = TcpPeer::listen(&scene);

    scene.run([&server.address(), "hola"]);

    expect_message_and_end(&mut server.accept(), b"hola");
}

/// The answer comes before the message has ended: a program that stops at a later step's `todo!` leaves
/// it unread, and the connection is reset. The end of stream has come before that, or there was none.
#[test]
fn half_closes_before_it_stops() {
    let scene = step(3);
    if !enchufe_harness::is_linux() {
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

    client
        .mistake("no-half-close", &[NeverEnded])
        .expect_end_before_a_todo();
}

#[test]
fn half_closes_when_standard_input_has_ended() {
    let scene = step(3);
    let server = TcpPeer::listen(&scene);

    scene.program([&server.address()]).input("hola").start();

    expect_message_and_end(&mut server.accept(), b"hola");
}

#[test]
fn can_still_be_answered_a_moment_later() {
    let scene = step(3);
    let server = TcpPeer::listen(&scene);

    scene.run([&server.address(), "hola"]);

    let mut client = server.accept();
    sending(&mut client)
        .mistake("full-close", &[ClosedBoth])
        .expect_bytes_and_end(b"hola");
    client.stay_silent_for(Duration::from_millis(600)); // some tools wait for half a second
    client
        .mistake("full-close", &[ClosedBoth])
        .expect_heard(b"HOLA");
}
