//! Step 7: the program sends and receives at the same time: neither waits for the other, each piece goes on as it
//! comes, and the end of the reply ends the program, whatever standard input does.
//! The page: docs/en/01-tcp-client.md#step-7

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, MIB, Named, Program, TcpPeer, pattern};

use crate::{sending, step};

/// The program connects, although its input has not ended.
fn accept<'scene>(server: &TcpPeer<'scene>) -> Connection<'scene> {
    server
        .mistake("waits-for-more-input", &[NeverConnected])
        .accept()
}

/// The program sends these bytes, although its input has not ended.
fn expect_piece(client: &mut Connection, bytes: &[u8]) {
    sending(client)
        .mistake("waits-for-more-input", &[Silent])
        .expect_bytes(bytes);
}

/// The program has printed all of this so far, although the reply has not ended.
fn expect_printed(program: &Program, bytes: &[u8]) {
    program
        .mistake("waits-for-the-end", &[Unprinted])
        .mistake("read-write-deadlock", &[Unread])
        .expect_printed(bytes);
}

/// The program, which is expected to end because the server has, with input left.
fn ending<'program, 'scene>(
    program: &'program Program<'scene>,
) -> Named<'scene, &'program Program<'scene>> {
    program
        .mistake("waits-for-stdin", &[StillRunning])
        .mistake("read-write-deadlock", &[Unread])
}

#[test]
fn sends_what_it_has_been_given_without_waiting_for_more() {
    let scene = step(7);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = accept(&server);

    program.give(b"on");
    expect_piece(&mut client, b"on");
    program.give(b"e\ntwo");
    expect_piece(&mut client, b"e\ntwo");
    program.end_input();
    sending(&mut client).expect_end();
}

#[test]
fn prints_each_piece_as_it_arrives() {
    let scene = step(7);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = accept(&server);

    client.send(b"on");
    expect_printed(&program, b"on");
    program.give(b"1");
    expect_piece(&mut client, b"1");
    client.send(b"e\ntw");
    expect_printed(&program, b"one\ntw");
    program.end_input();
    sending(&mut client).expect_end();
    client.send(b"o");
    client.end();
    program
        .mistake("read-write-deadlock", &[Unread])
        .wait()
        .expect_stdout(b"one\ntwo")
        .expect_success();
}

#[test]
fn sends_16_mib_to_a_server_that_echoes_and_never_reads_ahead() {
    let scene = step(7);
    let server = TcpPeer::listen(&scene);
    let message = pattern(16 * MIB);

    let program = scene.program([&server.address()]).input(&*message).start();

    sending(&mut server.accept())
        .mistake("read-write-deadlock", &[NotReceiving])
        .expect_all_while_echoing(&message);
    program.wait().expect_stdout(&message).expect_success();
}

#[test]
fn ends_when_the_server_ends_although_standard_input_is_open() {
    let scene = step(7);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = accept(&server);
    program.give(b"hola");
    expect_piece(&mut client, b"hola");
    client.send(b"HOLA");
    client.end();

    ending(&program)
        .wait()
        .expect_stdout(b"HOLA")
        .expect_success();
}

#[test]
fn ends_when_the_server_ends_although_input_is_left_unsent() {
    let scene = step(7);
    let server = TcpPeer::listen_for_small_segments(&scene);

    let program = scene
        .program([&server.address()])
        .input(pattern(16 * MIB))
        .start();
    let mut client = server.accept();
    client.stop_reading();
    client.send(b"HOLA");
    client.end();

    ending(&program)
        .wait()
        .expect_stdout(b"HOLA")
        .expect_success();
}

#[test]
fn explains_a_reset_while_standard_input_is_open() {
    let scene = step(7);
    let server = TcpPeer::listen(&scene);

    let program = scene.program([&server.address()]).open_input().start();
    let mut client = accept(&server);
    client.send(b"part");
    client.wait_until_read();
    client.reset();

    ending(&program)
        .mistake("reset-as-eof", &[ExitedZero, ExplainedAndExitedZero])
        .wait()
        .expect_failure_after(b"part");
}

/// The program is held while it prints, so that its sending meets the reset first: Linux reports it
/// once, and what receives then sees a clean end.
#[test]
fn explains_a_reset_while_it_sends() {
    let scene = step(7);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
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

    program
        .mistake("waits-for-stdin", &[StillRunning])
        .mistake(
            "reset-lost-while-sending",
            &[ExitedZero, ExplainedAndExitedZero],
        )
        .wait()
        .expect_failure_after(&reply);
}
