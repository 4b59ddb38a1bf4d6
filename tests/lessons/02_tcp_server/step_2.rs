//! Step 2: the program sends back what a client sends, byte for byte and as it arrives, and ends its stream after the
//! client has ended its own. Standard output holds nothing but the line.
//! The page: docs/en/02-tcp-server.md#step-2

use enchufe_harness::Kind::*;
use enchufe_harness::{MIB, binary, pattern};

use crate::{connect, echo_to, expect_echo, expect_end, serve, step};

#[test]
fn echoes_each_piece_as_it_arrives() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = connect(&server);

    expect_echo(&mut client, b"0123456789");
    for another in [&b"abc"[..], b" de \r\n"] {
        echo_to(&mut client)
            .mistake("echo-once", &[Silent, EndedEarly, CutOff])
            .expect_echo(another);
    }
}

#[test]
fn echoes_bytes_that_are_no_text() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = connect(&server);

    echo_to(&mut client)
        .mistake("echo-altered", &[Silent, EndedEarly, CutOff, Panicked])
        .expect_echo(&binary());
}

#[test]
fn ends_its_stream_after_the_client_and_the_last_byte() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = connect(&server);
    client.send(b"hola");
    client.end();

    echo_to(&mut client).expect_bytes_and_end(b"hola");
}

#[test]
fn ends_its_stream_for_a_client_that_says_nothing() {
    let scene = step(2);

    let (_program, server) = serve(&scene, &[]);
    let mut client = connect(&server);
    client.end();

    expect_end(&mut client);
}

#[test]
fn echoes_8_mib_to_a_client_that_reads_meanwhile() {
    let scene = step(2);
    let message = pattern(8 * MIB + 1);

    let (_program, server) = serve(&scene, &[]);
    let mut client = connect(&server);

    echo_to(&mut client)
        .mistake("echo-once", &[Silent, EndedEarly])
        .expect_echo_to_the_end(&message);
}

/// What the program still has to send when the client has ended its stream must not be lost.
#[test]
fn echoes_all_to_a_client_that_reads_late() {
    let scene = step(2);
    let message = pattern(2 * MIB);

    let (_program, server) = serve(&scene, &[]);
    let mut client = server.connect_with_small_buffers();
    let sent = client.send_until_blocked(&message);
    client.end();

    echo_to(&mut client)
        .mistake("echo-once", &[Silent, EndedEarly])
        .expect_bytes_and_end(&message[..sent]);
}

#[test]
fn says_nothing_more_on_standard_output() {
    let scene = step(2);

    let (program, server) = serve(&scene, &[]);
    let mut client = connect(&server);
    expect_echo(&mut client, b"hola");
    client.end();
    expect_end(&mut client);

    program
        .mistake("talks-on-stdout", &[SaidMore])
        .expect_no_more_output();
}
