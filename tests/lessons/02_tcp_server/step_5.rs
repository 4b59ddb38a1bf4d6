//! Step 5: whatever a client does may end its own conversation, and nothing else: the program survives resets, a
//! thousand bad clients and the lack of descriptors, keeps nothing of who has left, and does not panic.
//! The page: docs/en/02-tcp-server.md#step-5

use enchufe_harness::Kind::{self, *};
use enchufe_harness::{Endpoint, MIB, Named, Program, Reception, checks, pattern};

use crate::{ANYWHERE, connect, expect_echo, expect_service, serve, serving, step};

/// What is seen of a server that has died, or of which the part has died that serves.
const DEAD: &[Kind] = &[
    Gone,
    Panicked,
    Killed,
    Unreachable,
    NotAccepted,
    Silent,
    TurnedAway,
];

/// The server, which is expected to have survived its bad clients.
fn surviving<'server, 'scene>(
    server: &'server Endpoint<'scene>,
) -> Named<'scene, &'server Endpoint<'scene>> {
    serving(server).mistake("dies-on-reset", DEAD)
}

/// No part of the program has panicked because of its bad clients.
fn expect_no_panic(program: &Program) {
    program.mistake("dies-on-reset", DEAD).expect_no_panic();
}

#[test]
fn survives_a_reset_while_it_reads() {
    let scene = step(5);

    let (program, server) = serve(&scene, &[]);
    let mut client = connect(&server);
    expect_echo(&mut client, b"hola");
    client.reset();

    surviving(&server).expect_service(b"hola");
    expect_no_panic(&program);
}

#[test]
fn survives_a_reset_while_it_writes() {
    let scene = step(5);

    let (program, server) = serve(&scene, &[]);
    let mut client = server.connect_with_small_buffers();
    client.stop_reading();
    client.send_until_blocked(&pattern(16 * MIB));
    client.reset();

    surviving(&server).expect_service(b"hola");
    expect_no_panic(&program);
}

/// A program that turns clients away after a while has lost their places, which is step 8's matter: it
/// is tried again with places enough.
#[test]
fn survives_1000_bad_clients() {
    for options in [&[][..], &["--max-clients", "1000000"]] {
        let scene = step(5);

        let (program, server) = serve(&scene, options);
        expect_service(&server, b"hola");
        let before = server.resources();
        let last = surviving(&server).send_bad_clients(1000);
        if last == Reception::TurnedAway && options.is_empty() {
            continue;
        }

        surviving(&server).expect_service_again(b"hola");
        expect_no_panic(&program);
        server
            .mistake("leaks", &[Leaked])
            .expect_few_more_resources(before, 500);
        return;
    }
}

/// The server, which is expected to survive the lack of descriptors.
fn without_descriptors<'server, 'scene>(
    server: &'server Endpoint<'scene>,
) -> Named<'scene, &'server Endpoint<'scene>> {
    serving(server).mistake("dies-without-descriptors", DEAD)
}

#[test]
fn survives_running_out_of_descriptors() {
    let scene = step(5);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }

    let program = scene.program(["--bind", ANYWHERE]).descriptors(32).start();
    let server = checks::expect_listening(&program, ANYWHERE);
    without_descriptors(&server).expect_service(b"hola"); // what it still has to load needs some too
    server.crowd_beyond_its_descriptors(40);

    without_descriptors(&server).expect_service_again(b"hola");
    program
        .mistake("dies-without-descriptors", DEAD)
        .expect_no_panic();
}
