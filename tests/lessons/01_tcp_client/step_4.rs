//! Step 4: the program reads the reply until the server ends its direction, and writes every byte of it to standard
//! output as it came, and nothing else. The page: docs/en/01-tcp-client.md#step-4

use enchufe_harness::Kind::*;
use enchufe_harness::{MIB, Named, Program, TcpPeer, pattern};

use crate::{expect_message_and_end, step};

/// The program, which is expected to print the reply and to end.
fn printing<'program, 'scene>(
    program: &'program Program<'scene>,
) -> Named<'scene, &'program Program<'scene>> {
    program
        .mistake("eof-not-seen", &[StillRunning])
        .mistake("single-read", &[PrintedLess, Unread])
        .mistake("nothing-printed", &[PrintedNothing])
        .mistake("reply-altered", &[PrintedOther, PrintedMore])
}

/// The program prints the reply, and ends.
fn expect_reply(program: &Program, reply: &[u8]) {
    printing(program)
        .wait()
        .expect_stdout(reply)
        .expect_success();
}

#[test]
fn prints_the_reply_byte_for_byte() {
    let scene = step(4);
    let server = TcpPeer::listen(&scene);
    let reply = b"h\xff\0i\r\n\xe2\x82";

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.send(reply);
    client.end();

    printing(&program)
        .mistake(
            "not-binary-safe",
            &[PrintedOther, PrintedLess, FailedBeforePrinting, Panicked],
        )
        .wait()
        .expect_stdout(reply)
        .expect_success();
}

#[test]
fn prints_nothing_when_the_reply_is_empty() {
    let scene = step(4);
    let server = TcpPeer::listen(&scene);

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.end();

    expect_reply(&program, b"");
}

#[test]
fn prints_a_reply_that_comes_in_pieces() {
    let scene = step(4);
    let server = TcpPeer::listen(&scene);
    let reply = b" one\ntwo \n\n";

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.send_in_pieces(reply, 3);
    client.end();

    expect_reply(&program, reply);
}

#[test]
fn prints_a_reply_of_8_mib() {
    let scene = step(4);
    let server = TcpPeer::listen(&scene);
    let reply = pattern(8 * MIB + 1);

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.mistake("single-read", &[NotReceiving]).send(&reply);
    client.end();

    expect_reply(&program, &reply);
}
