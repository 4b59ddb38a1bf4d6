//! Step 1: `serve` binds the address that it is given, says where it listens, and explains an address that it cannot
//! have. The page: docs/en/03-udp.md#step-1

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{UdpPeer, address_of_its_own, last_address_of};

use crate::{ANYWHERE, serve, serve_on, serving};

#[test]
fn says_where_it_listens() {
    let scene = serving(1);

    serve(&scene);
}

#[test]
fn listens_over_ipv6() {
    let scene = serving(1);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    serve_on(&scene, "[::1]:0");
}

#[test]
fn listens_on_a_name() {
    let scene = serving(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    serve_on(&scene, "localhost:0");
}

#[test]
fn listens_on_the_port_that_it_is_given() {
    let scene = serving(1);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };

    serve_on(&scene, &address.to_string());
}

#[test]
fn listens_there_and_nowhere_else() {
    let scene = serving(1);

    let (_program, server) = serve(&scene);

    checks::expect_no_other_listener(&scene, &server);
    server
        .mistake("wrong-address-line", &[Unreachable])
        .expect_datagrams_taken();
}

#[test]
fn explains_that_an_address_is_taken() {
    let scene = serving(1);
    let taken = UdpPeer::bind(&scene);

    let program = scene.run(["serve", "--bind", &taken.address()]);

    checks::expect_no_start(&program, "wrong-address-line");
}

/// The other server would share its port with one that wants to share it too.
#[test]
fn does_not_share_an_address_with_another_server() {
    let scene = serving(1);
    let taken = UdpPeer::bind_and_share(&scene);

    let program = scene.run(["serve", "--bind", &taken.address()]);

    checks::expect_no_start(&program, "wrong-address-line");
}

#[test]
fn explains_that_an_address_is_not_its_own_or_none() {
    checks::explains_bad_addresses(|| serving(1), &["serve", "--bind"], "wrong-address-line");
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = serving(1);

    checks::server_explains_output(&scene, DeadOutput::Closed, ["serve", "--bind", ANYWHERE]);
}

#[test]
fn ends_when_a_signal_asks_it_to() {
    checks::ends_at_a_signal(|| serving(1), |scene| serve(scene).0);
}
