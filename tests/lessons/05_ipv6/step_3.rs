//! Step 3: `serve` on `[::]` serves both families, whatever the system's default is; with `--v6-only` it serves IPv6
//! alone, and another server may have the port on IPv4. The page: docs/en/05-ipv6.md#step-3

use enchufe_harness::Kind::*;
use enchufe_harness::{Default6, Endpoint, Program, Scene, checks, in_a_network_of_its_own};

use crate::{ANYWHERE, expect_greeting, expect_listening_or, serving, visit, visit_or};

/// Starts the server with these options, and reads where it listens.
fn serve<'scene>(
    scene: &'scene Scene,
    options: &[&str],
    address: &str,
) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run(["serve", "--bind", address].iter().chain(options));
    let server = expect_listening_or(&program, address, "v6only-too-late", &[LeftBeforeListening]);
    (program, server)
}

/// In a network of its own, this serves clients of both families.
fn serves_both(scene: &Scene) {
    let (_program, server) = serve(scene, &[], "[::]:0");

    expect_greeting(&mut visit(&server.over_ipv6()));
    expect_greeting(&mut visit_or(&server.over_ipv4(), "v6only-assumed"));
}

#[test]
fn serves_both_families_by_default() {
    if !in_a_network_of_its_own(Default6::Both, || serves_both(&serving(3))) {
        serving(3).not_run("why-network");
    }
}

#[test]
fn serves_both_families_whatever_the_systems_default() {
    if !in_a_network_of_its_own(Default6::Alone, || serves_both(&serving(3))) {
        serving(3).not_run("why-network");
    }
}

/// In a network of its own, this leaves the clients of IPv4 to another.
fn serves_ipv6_alone(scene: &Scene, other: &Scene) {
    let (program, server) = serve(scene, &["--v6-only"], "[::]:0");
    expect_greeting(&mut visit(&server.over_ipv6()));
    server
        .over_ipv4()
        .mistake("v6only-ignored", &[ListensElsewhere])
        .expect_refusal();
    let port = server.socket_address().map_or(0, |address| address.port());
    let on_ipv4 = format!("127.0.0.1:{port}");
    let another = other.run(["serve", "--bind", &on_ipv4]);
    let kinds = &[LeftBeforeListening, SaidNothing];
    let other_server = expect_listening_or(&another, &on_ipv4, "v6only-ignored", kinds);

    expect_greeting(&mut visit(&other_server));
    expect_greeting(&mut visit(&server.over_ipv6()));
    program.expect_no_panic();
}

#[test]
fn serves_ipv6_alone_if_it_is_told_to() {
    let both = || serves_ipv6_alone(&serving(3), &serving(3));
    if !in_a_network_of_its_own(Default6::Both, both) {
        serving(3).not_run("why-network");
    }
}

#[test]
fn takes_the_option() {
    let scene = serving(3);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let (_program, server) = serve(&scene, &["--v6-only"], ANYWHERE);

    expect_greeting(&mut visit(&server));
}

#[test]
fn explains_that_an_ipv4_address_is_not_ipv6() {
    for address in ["127.0.0.1:0", "127.0.0.1:7002"] {
        let scene = serving(3);

        let program = scene.run(["serve", "--bind", address, "--v6-only"]);

        checks::expect_no_start(&program, "v6only-ignored");
    }
}
