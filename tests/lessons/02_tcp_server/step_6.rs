//! Step 6: what fails is explained on standard error, with nothing about it on standard output, and the exit code is
//! not 0: an address that is taken, not this machine's or none, wrong arguments, a standard output that can't be
//! written. After a restart the program has its port back at once. The page: docs/en/02-tcp-server.md#step-6

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{TcpPeer, address_of_its_own};

use crate::{ANYWHERE, connect, expect_echo, expect_refusal, expect_service, serve, step};

#[test]
fn explains_that_an_address_is_taken() {
    let scene = step(6);
    let taken = TcpPeer::listen(&scene);

    let program = scene.run(["--bind", &taken.address()]);

    checks::expect_no_start(&program, "wrong-address-line");
}

#[test]
fn does_not_share_its_port() {
    let scene = step(6);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let taken = TcpPeer::listen_and_share(&scene);

    let program = scene.run(["--bind", &taken.address()]);

    checks::expect_no_start(&program, "port-sharing");
}

#[test]
fn does_not_share_its_port_with_its_like() {
    let (scene, another) = (step(6), step(6));

    let (_program, server) = serve(&scene, &[]);
    let program = another.run(["--bind", server.address()]);

    checks::expect_no_start(&program, "port-sharing");
}

#[test]
fn explains_that_an_address_is_not_its_own_or_none() {
    checks::explains_bad_addresses(|| step(6), &["--bind"], "wrong-address-line");
}

#[test]
fn has_its_port_back_at_once_after_a_restart() {
    let scene = step(6);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };
    let address = address.to_string();

    let program = scene.run(["--bind", &address]);
    let mut client = connect(&checks::expect_listening(&program, &address));
    expect_echo(&mut client, b"hola");
    program.kill(); // its end of the connection is the first to end, and waits for a minute
    client.expect_close();
    drop(client);
    let program = scene.run(["--bind", &address]);

    let server = program
        .mistake("restart-refused", &[LeftBeforeListening, SaidNothing])
        .expect_address_line(checks::LISTENING, &address);
    expect_service(&server, b"hola");
}

#[test]
fn explains_that_an_argument_is_unknown() {
    let scene = step(6);

    let program = scene.run(["--bind", ANYWHERE, "--no-such-option"]);

    expect_refusal(&program);
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = step(6);

    checks::server_explains_output(&scene, DeadOutput::Closed, ["--bind", ANYWHERE]);
}

#[test]
fn explains_that_its_output_is_full() {
    let scene = step(6);

    checks::server_explains_output(&scene, DeadOutput::Full, ["--bind", ANYWHERE]);
}
