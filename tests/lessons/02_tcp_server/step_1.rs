//! Step 1: the program binds the address that it is given, says `listening on ADDRESS` with the real port, and listens
//! there and nowhere else, until SIGINT or SIGTERM ends it. The page: docs/en/02-tcp-server.md#step-1

use enchufe_harness::Kind::*;
use enchufe_harness::{TcpPeer, address_of_its_own, checks, last_address_of};

use crate::{connect, serve, step};

#[test]
fn says_where_it_listens() {
    let scene = step(1);

    let (_program, server) = serve(&scene, &[]);

    connect(&server);
}

#[test]
fn listens_over_ipv6() {
    let scene = step(1);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["--bind", "[::1]:0"]);

    connect(&checks::expect_listening(&program, "[::1]:0"));
}

#[test]
fn listens_on_a_name() {
    let scene = step(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    let program = scene.run(["--bind", "localhost:0"]);

    connect(&checks::expect_listening(&program, "localhost:0"));
}

#[test]
fn listens_on_the_port_that_it_is_given() {
    let scene = step(1);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };
    let address = address.to_string();

    let program = scene.run(["--bind", &address]);

    connect(&checks::expect_listening(&program, &address));
}

#[test]
fn listens_nowhere_else() {
    let scene = step(1);

    let (_program, server) = serve(&scene, &[]);

    checks::expect_no_other_listener(&scene, &server);
}

#[test]
fn says_nothing_before_it_listens() {
    let scene = step(1);
    let taken = TcpPeer::listen(&scene);

    let program = scene.run(["--bind", &taken.address()]);

    program
        .mistake("wrong-address-line", &[Listening])
        .expect_never_says(&format!("{} {}", checks::LISTENING, taken.address()));
}

#[test]
fn ends_when_a_signal_asks_it_to() {
    checks::ends_at_a_signal(|| step(1), |scene| serve(scene, &[]).0);
}
