//! Step 4: `connect` takes addresses, those of IPv6 in brackets, and names, and prints what it is told to its end.
//! The page: docs/en/05-ipv6.md#step-4

use std::net::ToSocketAddrs;

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, MIB, TcpPeer, binary, checks, pattern};

use crate::{FAILED, V6, connect, connecting, expect_told, expect_told_or, expect_winner};

/// The program connects to this server, whose address it was given.
fn accept<'scene>(server: &TcpPeer<'scene>) -> Connection<'scene> {
    server
        .mistake("brackets-kept", &[LeftBeforeConnecting, NeverConnected])
        .accept()
}

#[test]
fn connects_to_an_address_in_brackets() {
    let scene = connecting(4);
    let Ok(server) = TcpPeer::listen_on(&scene, (V6, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = connect(&scene, &[], &[&server]);
    let mut client = accept(&server);
    client.send(b"you are welcome\n");
    client.end();

    let ended = expect_told(&program, b"you are welcome\n");
    expect_winner(&ended, &server);
    client.expect_nothing();
}

#[test]
fn connects_to_an_ipv4_address() {
    let scene = connecting(4);
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &[], &[&server]);
    let mut client = accept(&server);
    client.send(b"hola");
    client.end();

    let ended = expect_told(&program, b"hola");
    expect_winner(&ended, &server);
}

#[test]
fn connects_to_a_name() {
    let scene = connecting(4);
    let localhost = ("localhost", 0).to_socket_addrs();
    let localhost: Vec<_> = localhost.into_iter().flatten().collect();
    let of_ipv6 = localhost.iter().find(|address| address.is_ipv6());
    let first = of_ipv6.or(localhost.first());
    let Some(Ok(server)) = first.map(|&address| TcpPeer::listen_on(&scene, address)) else {
        return scene.not_run("why-name");
    };

    let program = scene.run(["connect", &server.address_of("localhost")]);
    let mut client = server.accept();
    client.send(b"hola");
    client.end();

    let ended = expect_told(&program, b"hola");
    expect_winner(&ended, &server);
}

#[test]
fn prints_what_it_is_told_to_the_end() {
    for told in [binary(), pattern(2 * MIB), Vec::new()] {
        let scene = connecting(4);
        let server = TcpPeer::listen(&scene);

        let program = connect(&scene, &[], &[&server]);
        let mut client = accept(&server);
        client.send(&told);
        client.end();

        expect_told_or(&program, &told, "reply-altered", FAILED);
    }
}

#[test]
fn waits_for_a_server_that_says_nothing_yet() {
    let scene = connecting(4);
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &[], &[&server]);
    let mut client = accept(&server);
    client.stay_silent();
    scene.settle();
    client.send(b"hola");
    client.end();

    expect_told(&program, b"hola");
}

#[test]
fn refuses_an_ipv6_address_without_brackets() {
    let scene = connecting(4);
    let Ok(server) = TcpPeer::listen_on(&scene, (V6, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = scene.run(["connect", &server.address_of("::1")]);

    server
        .mistake("bare-address-taken", &[Connected])
        .expect_left_alone();
    program.wait().expect_failure();
}

#[test]
fn explains_that_an_address_is_none() {
    let malformed = checks::malformed_addresses();
    for address in malformed.iter().map(String::as_str).chain(["::1"]) {
        let scene = connecting(4);

        let program = scene.run(["connect", address]);

        program.wait().expect_failure();
    }
}

#[test]
fn explains_that_an_argument_is_wrong() {
    let unknown = ["connect", "--no-such-option", "127.0.0.1:7002"];
    checks::explains_wrong_arguments(|| connecting(4), &[&["connect"], &unknown, &[]]);
}
