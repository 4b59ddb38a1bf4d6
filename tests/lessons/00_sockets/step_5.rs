//! Step 5: what fails is explained on standard error, with nothing about it on standard output, and the exit code is
//! not 0: an address that is taken, not this machine's, of another family or none, a path that exists or can't be, and
//! a standard output that can't be written. The page: docs/en/00-sockets.md#step-5

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{Folder, Occupant, Program, TcpPeer, UdpPeer, is_unix};

use crate::{ANYWHERE, BOUND, connect, expect_bound, send, step};

/// The program can't be bound: it does not say that it is.
fn expect_no_start(program: &Program) {
    program.expect_never_says(BOUND);
    expect_failure(program);
}

/// The program ends, and explains why it could not do its work.
fn expect_failure(program: &Program) {
    program
        .mistake("does-not-end", &[StillRunning, StillWaiting])
        .wait()
        .expect_failure();
}

#[test]
fn explains_that_an_address_is_taken() {
    let scene = step(5);
    let taken = TcpPeer::listen(&scene);

    let program = scene.run(["inet", "stream", &taken.address()]);

    expect_no_start(&program);
}

#[test]
fn explains_that_an_address_is_taken_for_datagrams() {
    let scene = step(5);
    let taken = UdpPeer::bind(&scene);

    let program = scene.run(["inet", "dgram", &taken.address()]);

    expect_no_start(&program);
}

#[test]
fn explains_that_an_address_is_taken_by_its_like() {
    for kind in ["stream", "dgram"] {
        let (scene, another) = (step(5), step(5));
        let first = scene.run(["inet", kind, ANYWHERE]);
        let taken = expect_bound(&first, ANYWHERE);

        let program = another.run(["inet", kind, taken.address()]);

        expect_no_start(&program);
    }
}

#[test]
fn explains_that_an_address_is_not_its_own() {
    for kind in ["stream", "dgram"] {
        let scene = step(5);
        let of_documentation = "192.0.2.1:0"; // no machine has it (RFC 5737)

        let program = scene.run(["inet", kind, of_documentation]);

        expect_no_start(&program);
    }
}

#[test]
fn explains_that_an_address_is_of_another_family() {
    for kind in ["stream", "dgram"] {
        for (family, address) in [("inet", "[::1]:0"), ("inet6", "127.0.0.1:0")] {
            let scene = step(5);

            let program = scene.run([family, kind, address]);

            program
                .mistake("family-ignored", &[Listening])
                .expect_never_says(BOUND);
            expect_failure(&program);
        }
    }
}

#[test]
fn explains_that_an_address_is_none() {
    for address in checks::malformed_addresses() {
        let scene = step(5);

        let program = scene.run(["inet", "stream", &address]);

        expect_no_start(&program);
    }
}

#[test]
fn explains_that_arguments_are_missing() {
    checks::explains_wrong_arguments(|| step(5), &[&[], &["inet"], &["inet", "stream"]]);
}

#[test]
fn explains_that_a_family_or_a_type_is_none() {
    for (family, kind) in [("ipx", "stream"), ("inet", "raw")] {
        let scene = step(5);

        let program = scene.run([family, kind, ANYWHERE]);

        expect_no_start(&program);
    }
}

#[test]
fn leaves_a_path_alone_that_exists() {
    for existing in Occupant::ALL {
        for kind in ["stream", "dgram"] {
            let scene = step(5);
            if !is_unix() {
                return scene.not_run("why-unix");
            }
            let folder = Folder::new(&scene);
            let there = existing.at(&scene, &folder.join("there"));

            let program = scene.run(["unix", kind, there.path()]);

            program
                .mistake("path-removed", &[Listening])
                .expect_never_says(BOUND);
            expect_failure(&program);
            there.mistake("path-removed", &[Removed]).expect_untouched();
        }
    }
}

#[test]
fn explains_that_a_path_can_not_be() {
    let too_long = "x".repeat(150); // Linux has room for 107 bytes (unix(7))
    for name in ["none/socket", &too_long] {
        let scene = step(5);
        if !is_unix() {
            return scene.not_run("why-unix");
        }
        let folder = Folder::new(&scene);
        let path = folder.join(name);

        let program = scene.run(["unix", "stream", path.to_str().unwrap()]);

        expect_no_start(&program);
    }
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = step(5);

    checks::server_explains_output(&scene, DeadOutput::Closed, ["inet", "dgram", ANYWHERE]);
}

#[test]
fn explains_that_its_output_is_full() {
    let scene = step(5);

    checks::server_explains_output(&scene, DeadOutput::Full, ["inet", "dgram", ANYWHERE]);
}

#[test]
fn explains_that_its_output_is_closed_before_the_message_of_a_stream() {
    let scene = step(5);

    let program = scene
        .program(["inet", "stream", ANYWHERE])
        .output_held_after_a_line()
        .start();
    let endpoint = expect_bound(&program, ANYWHERE);
    program.close_output();
    let mut client = connect(&endpoint);
    send(&mut client, b"hola");

    expect_output_explained(&program);
}

#[test]
fn explains_that_its_output_is_closed_before_the_datagram() {
    let scene = step(5);

    let program = scene
        .program(["inet", "dgram", ANYWHERE])
        .output_held_after_a_line()
        .start();
    let endpoint = expect_bound(&program, ANYWHERE);
    program.close_output();
    endpoint.send_datagrams(&[b"hola"]);

    expect_output_explained(&program);
}

/// The program ends, and explains that it could not print its message.
fn expect_output_explained(program: &Program) {
    program
        .mistake("exits-zero", &[StillRunning, StillWaiting])
        .wait()
        .expect_failure();
}
