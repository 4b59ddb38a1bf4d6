//! Step 5: what fails is explained on standard error, with nothing about it on standard output, and the exit code is
//! not 0: a connection that is refused, an address that is none, a reply that is cut off, a standard output that can't
//! be written. The page: docs/en/01-tcp-client.md#step-5

use enchufe_harness::Kind::*;
use enchufe_harness::TcpPeer;
use enchufe_harness::checks::{self, DeadOutput};

use crate::{expect_message_and_end, step};

#[test]
fn explains_that_nobody_listens() {
    let scene = step(5);
    let nobody = TcpPeer::refuse(&scene);

    let program = scene.run([&nobody.address(), "hola"]);

    program.wait().expect_failure();
}

#[test]
fn explains_that_a_host_is_unknown() {
    let scene = step(5);
    let label_of_64_letters = "a".repeat(64); // 63 are the longest there can be (RFC 1035, section 2.3.4)

    let program = scene.run([&format!("{label_of_64_letters}:7000"), "hola"]);

    program.wait().expect_failure();
}

#[test]
fn explains_that_an_address_is_none() {
    for address in checks::malformed_addresses() {
        let scene = step(5);

        let program = scene.run([&address, "hola"]);

        program.wait().expect_failure();
    }
}

#[test]
fn explains_that_an_argument_is_missing_or_unknown() {
    let unknown = ["--no-such-option", "127.0.0.1:7000", "hola"];
    checks::explains_wrong_arguments(|| step(5), &[&[], &unknown]);
}

#[test]
fn explains_that_a_reply_was_cut_off() {
    let scene = step(5);
    let server = TcpPeer::listen(&scene);

    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.send(b"part");
    client.wait_until_read();
    client.reset();

    program
        .mistake(
            "reset-as-eof",
            &[ExitedZero, ExplainedAndExitedZero, StillRunning],
        )
        .wait()
        .expect_failure_after(b"part");
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = step(5);
    let server = TcpPeer::listen(&scene);

    let arguments = [&server.address(), "hola"];
    checks::client_explains_output(&scene, DeadOutput::Closed, arguments, || answer(&server));
}

#[test]
fn explains_that_its_output_is_full() {
    let scene = step(5);
    let server = TcpPeer::listen(&scene);

    let arguments = [&server.address(), "hola"];
    checks::client_explains_output(&scene, DeadOutput::Full, arguments, || answer(&server));
}

/// The server hears the message, and answers.
fn answer(server: &TcpPeer) {
    let mut client = server.accept();
    expect_message_and_end(&mut client, b"hola");
    client.send(b"HOLA");
    client.end();
}
