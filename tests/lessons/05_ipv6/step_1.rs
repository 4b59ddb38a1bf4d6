//! Step 1: `serve` says where it listens, an IPv6 address with brackets. The page: docs/en/05-ipv6.md#step-1

use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{TcpPeer, last_address_of};

use crate::{ANYWHERE, ANYWHERE_V4, V6, serve, serving, visit};

#[test]
fn says_where_it_listens() {
    let scene = serving(1);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let (_program, server) = serve(&scene, ANYWHERE);

    visit(&server);
}

#[test]
fn listens_nowhere_else() {
    let scene = serving(1);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let (_program, server) = serve(&scene, ANYWHERE);

    checks::expect_no_other_listener(&scene, &server);
}

#[test]
fn listens_over_ipv4_too() {
    let scene = serving(1);

    let (_program, server) = serve(&scene, ANYWHERE_V4);

    visit(&server);
}

#[test]
fn listens_on_a_name() {
    let scene = serving(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    let (_program, server) = serve(&scene, "localhost:0");

    visit(&server);
}

#[test]
fn explains_that_an_address_is_taken() {
    let scene = serving(1);
    let Ok(taken) = TcpPeer::listen_on(&scene, (V6, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = scene.run(["serve", "--bind", &taken.address()]);

    checks::expect_no_start(&program, "wrong-address-line");
}

/// The other server would share its port with one that wants to share it too.
#[test]
fn does_not_share_an_address_with_another_server() {
    for ip in [crate::V4, V6] {
        let scene = serving(1);
        if !enchufe_harness::is_linux() {
            return scene.not_run("why-linux");
        }
        let Ok(taken) = TcpPeer::listen_and_share_on(&scene, ip) else {
            return scene.not_run("why-ipv6");
        };

        let program = scene.run(["serve", "--bind", &taken.address()]);

        checks::expect_no_start(&program, "wrong-address-line");
    }
}

#[test]
fn explains_that_an_address_is_not_its_own_or_none() {
    checks::explains_bad_addresses(|| serving(1), &["serve", "--bind"], "wrong-address-line");
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = serving(1);

    let arguments = ["serve", "--bind", ANYWHERE_V4];
    checks::server_explains_output(&scene, DeadOutput::Closed, arguments);
}

#[test]
fn ends_when_a_signal_asks_it_to() {
    checks::ends_at_a_signal(|| serving(1), |scene| serve(scene, ANYWHERE_V4).0);
}
