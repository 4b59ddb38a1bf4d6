//! Step 2: `serve` tells each client its address, an IPv4 client its IPv4 address, and closes.
//! The page: docs/en/05-ipv6.md#step-2

use enchufe_harness::Kind::*;
use enchufe_harness::checks;

use crate::{ANYWHERE, ANYWHERE_V4, expect_greeting, serve, serving, visit};

#[test]
fn tells_an_ipv6_client_its_address() {
    let scene = serving(2);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let (program, server) = serve(&scene, ANYWHERE);
    expect_greeting(&mut visit(&server));
    expect_greeting(&mut visit(&server));

    program.expect_no_panic();
}

#[test]
fn tells_a_client_of_an_ipv4_socket_its_address() {
    let scene = serving(2);

    let (_program, server) = serve(&scene, ANYWHERE_V4);

    expect_greeting(&mut visit(&server));
}

/// The socket is one of IPv6 and has an IPv4 address inside its own: on loopback, it shows an IPv4
/// client as one of IPv6.
#[test]
fn tells_an_ipv4_client_of_an_ipv6_socket_its_ipv4_address() {
    let scene = serving(2);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let (_program, server) = serve(&scene, "[::ffff:127.0.0.1]:0");

    expect_greeting(&mut visit(&server.over_ipv4()));
}

#[test]
fn serves_clients_that_stay_and_those_that_leave() {
    let scene = serving(2);

    let (program, server) = serve(&scene, ANYWHERE_V4);
    let mut first = visit(&server);
    let mut second = visit(&server);
    for _ in 0..20 {
        visit(&server); // and leaves at once
    }

    expect_greeting(&mut visit(&server));
    expect_greeting(&mut second);
    expect_greeting(&mut first);
    program.expect_no_panic();
}

#[test]
fn says_nothing_more_on_standard_output() {
    let scene = serving(2);

    let (program, server) = serve(&scene, ANYWHERE_V4);
    expect_greeting(&mut visit(&server));

    program
        .mistake("talks-on-stdout", &[SaidMore])
        .expect_no_more_output();
}
