//! Step 1: `tcp-client HOST:PORT MESSAGE` connects to the address that it is given, over IPv4, over IPv6 and by the
//! name `localhost`. The page: docs/en/01-tcp-client.md#step-1

use std::net::Ipv6Addr;

use enchufe_harness::{TcpPeer, last_address_of};

use crate::step;

#[test]
fn connects() {
    let scene = step(1);
    let server = TcpPeer::listen(&scene);

    scene.run([&server.address(), "hola"]);

    server.accept();
}

#[test]
fn connects_over_ipv6() {
    let scene = step(1);
    let Ok(server) = TcpPeer::listen_on(&scene, (Ipv6Addr::LOCALHOST, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    scene.run([&server.address(), "hola"]);

    server.accept();
}

#[test]
fn connects_to_a_name() {
    let scene = step(1);
    let localhost = last_address_of("localhost");
    let Some(Ok(server)) = localhost.map(|address| TcpPeer::listen_on(&scene, address)) else {
        return scene.not_run("why-name");
    };

    scene.run([&server.address_of("localhost"), "hola"]);

    server.accept();
}
