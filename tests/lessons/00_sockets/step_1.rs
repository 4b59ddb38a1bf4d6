//! Step 1: `sockets inet stream ADDRESS` binds a stream socket to ADDRESS and listens there, says so in one line,
//! accepts one connection, and prints its message, up to the end of the stream, byte for byte.
//! The page: docs/en/00-sockets.md#step-1

use enchufe_harness::Kind::*;
use enchufe_harness::{MIB, binary, pattern};

use crate::{
    A_WHILE, ANYWHERE, connect, expect_bound, expect_bound_to_its_port, expect_stream,
    printing_a_stream, send, step,
};

#[test]
fn prints_a_message_that_comes_over_tcp() {
    let scene = step(1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let mut client = connect(&expect_bound(&program, ANYWHERE));
    send(&mut client, b"hola");

    expect_stream(&program, b"hola");
}

#[test]
fn prints_bytes_that_are_no_text() {
    let scene = step(1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let mut client = connect(&expect_bound(&program, ANYWHERE));
    send(&mut client, &binary());

    printing_a_stream(&program)
        .mistake("message-altered", &[PrintedLess, Panicked])
        .wait()
        .expect_stdout(&binary())
        .expect_success();
}

#[test]
fn prints_an_empty_message() {
    let scene = step(1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let mut client = connect(&expect_bound(&program, ANYWHERE));
    send(&mut client, b"");

    expect_stream(&program, b"");
}

#[test]
fn prints_a_message_of_8_mib() {
    let scene = step(1);
    let message = pattern(8 * MIB + 1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let mut client = connect(&expect_bound(&program, ANYWHERE));
    send(&mut client, &message);

    printing_a_stream(&program)
        .mistake("one-read", &[PrintedNothing])
        .wait()
        .expect_stdout(&message)
        .expect_success();
}

#[test]
fn prints_a_message_that_comes_in_pieces() {
    let scene = step(1);
    let message = b"one\ntwo \n\n";

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let mut client = connect(&expect_bound(&program, ANYWHERE));
    client
        .mistake("one-read", &[NotReceiving])
        .send_in_pieces(message, 3);
    client.end();

    expect_stream(&program, message);
}

#[test]
fn is_bound_to_the_port_that_it_is_given() {
    expect_bound_to_its_port(|| step(1), "stream");
}

#[test]
fn waits_for_a_connection() {
    let scene = step(1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let endpoint = expect_bound(&program, ANYWHERE);
    endpoint.leave_alone_for(A_WHILE);
    let mut client = connect(&endpoint);
    send(&mut client, b"hola");

    expect_stream(&program, b"hola");
}

#[test]
fn waits_for_the_message() {
    let scene = step(1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let mut client = connect(&expect_bound(&program, ANYWHERE));
    client.stay_silent_for(A_WHILE);
    send(&mut client, b"hola");

    expect_stream(&program, b"hola");
}

#[test]
fn prints_one_message_and_no_more() {
    let scene = step(1);

    let program = scene.run(["inet", "stream", ANYWHERE]);
    let endpoint = expect_bound(&program, ANYWHERE);
    let mut client = connect(&endpoint);
    endpoint.send_another_client(b"two");
    send(&mut client, b"one");

    expect_stream(&program, b"one");
}

#[test]
fn listens_nowhere_else() {
    let scene = step(1);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }

    let program = scene.run(["inet", "stream", ANYWHERE]);

    expect_bound(&program, ANYWHERE).expect_no_other_listener();
}
