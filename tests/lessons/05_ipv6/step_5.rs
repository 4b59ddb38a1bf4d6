//! Step 5: `connect` goes on to the next address when one refuses, in the order given, and explains that all have.
//! The page: docs/en/05-ipv6.md#step-5

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{Scene, TcpPeer};

use crate::{V4, V6, connect, connecting, expect_told, expect_winner};

#[test]
fn goes_on_when_an_address_refuses() {
    for (refusing, good) in [(V4, V4), (V6, V4), (V4, V6)] {
        let scene = connecting(5);
        let (Ok(first), Ok(server)) = (
            TcpPeer::refuse_on(&scene, refusing),
            TcpPeer::listen_on(&scene, (good, 0).into()),
        ) else {
            return scene.not_run("why-ipv6");
        };

        let program = connect(&scene, &[], &[&first, &first, &server]);
        let mut client = server
            .mistake(
                "first-address-only",
                &[LeftBeforeConnecting, NeverConnected],
            )
            .accept();
        client.send(b"hola");
        client.end();

        let ended = expect_told(&program, b"hola");
        expect_winner(&ended, &server);
    }
}

/// Two that both answer: the one that was given first is taken, whatever its family.
#[test]
fn keeps_the_order_that_it_is_given() {
    for (one, another) in [(V4, V6), (V6, V4), (V4, V4)] {
        let scene = connecting(5);
        let (Ok(first), Ok(second)) = (
            TcpPeer::listen_on(&scene, (one, 0).into()),
            TcpPeer::listen_on(&scene, (another, 0).into()),
        ) else {
            return scene.not_run("why-ipv6");
        };

        let program = connect(&scene, &[], &[&first, &second]);
        first
            .mistake("wrong-order", &[ConnectedToAnother])
            .expect_connected_before(&second);
        let mut client = first.accept();
        client.send(b"I was first\n");
        client.end();

        program
            .mistake("wrong-order", &[StillRunning, Unread])
            .wait();
        expect_told(&program, b"I was first\n")
            .mistake("wrong-order", &[WinnerNotSaid])
            .expect_connected_to(&first.address());
    }
}

#[test]
fn explains_that_all_refuse() {
    let scene = connecting(5);
    let (first, second) = (TcpPeer::refuse(&scene), TcpPeer::refuse(&scene));

    let program = connect(&scene, &[], &[&first, &second]);

    program.wait().expect_failure();
}

#[test]
fn explains_a_reset() {
    let scene = connecting(5);
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &[], &[&server]);
    let mut client = server.accept();
    client.send(b"part");
    client.wait_until_read();
    client.reset();

    program.wait().expect_failure_after(b"part");
}

/// The program is told something, and its output takes nothing.
fn explains_output(scene: &Scene, output: DeadOutput) {
    let server = TcpPeer::listen(scene);
    let arguments = ["connect", &server.address()];

    checks::client_explains_output(scene, output, arguments, || {
        let mut client = server.accept();
        client.send(b"hola");
        client.end();
    });
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = connecting(5);

    explains_output(&scene, DeadOutput::Closed);
}

#[test]
fn explains_that_its_output_is_full() {
    let scene = connecting(5);

    explains_output(&scene, DeadOutput::Full);
}
