//! Step 2: the program sends MESSAGE or, without one, standard input to its end, byte for byte: nothing is added,
//! trimmed or decoded, and all of it goes, even when a write takes only a part.
//! The page: docs/en/01-tcp-client.md#step-2

use std::io::{Seek, Write};

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, MIB, TcpPeer, binary, pattern};

use crate::{sending, step};

/// The program sends exactly this message. Whether it ends its stream is not asked before step 3.
fn expect_message(client: &mut Connection, message: &[u8]) {
    sending(client)
        .mistake("message-altered", &[EndedEarly, Silent])
        .expect_bytes(message);
    expect_no_more(client);
}

/// The program sends exactly this message, although writes of it were cut short.
fn expect_message_in_short_writes(client: &mut Connection, message: &[u8]) {
    sending(client)
        .mistake("short-write", &[LostBytes, EndedEarly, Silent])
        .expect_bytes(message);
    expect_no_more(client);
}

/// The program sends nothing more.
fn expect_no_more(client: &mut Connection) {
    sending(client).expect_no_more();
}

#[test]
fn sends_the_message_unchanged() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);
    let message = " ¡hola! 100%s \\n\r\n ";

    scene.run([&server.address(), message]);

    expect_message(&mut server.accept(), message.as_bytes());
}

#[test]
fn sends_a_message_that_is_no_text() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);
    let message = b"\xff\xfe\x80 \r\n";
    let Some(argument) = enchufe_harness::argument(message) else {
        return scene.not_run("why-unix");
    };

    scene.run([server.address().into(), argument]);

    expect_message(&mut server.accept(), message);
}

#[test]
fn sends_a_long_message() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);
    let message = String::from_utf8(pattern(20_000)).unwrap();

    scene.run([&server.address(), &message]);

    expect_message(&mut server.accept(), message.as_bytes());
}

#[test]
fn sends_nothing_when_the_message_is_empty() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);

    scene
        .program([&server.address(), ""])
        .input("this is not the message")
        .start();

    expect_no_more(&mut server.accept());
}

#[test]
fn sends_the_message_and_not_standard_input() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);

    scene
        .program([&server.address(), "hola"])
        .input("this is not the message")
        .start();

    expect_message(&mut server.accept(), b"hola");
}

#[test]
fn sends_standard_input_unchanged() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);

    scene.program([&server.address()]).input(binary()).start();

    expect_message(&mut server.accept(), &binary());
}

#[test]
fn sends_standard_input_that_is_a_file() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&binary()).unwrap();
    file.rewind().unwrap();

    scene.program([&server.address()]).input_from(file).start();

    expect_message(&mut server.accept(), &binary());
}

#[test]
fn sends_nothing_when_standard_input_is_empty() {
    let scene = step(2);
    let server = TcpPeer::listen(&scene);

    scene.program([&server.address()]).input("").start();

    expect_no_more(&mut server.accept());
}

#[test]
fn sends_16_mib_even_when_a_write_takes_only_a_part() {
    let scene = step(2);
    let server = TcpPeer::listen_for_small_segments(&scene);
    let message = pattern(16 * MIB);

    scene.program([&server.address()]).input(&*message).start();

    let mut client = server.accept();
    match client.cut_writes_short() {
        true => expect_message_in_short_writes(&mut client, &message),
        false => expect_message(&mut client, &message),
    }
}
