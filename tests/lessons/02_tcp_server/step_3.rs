//! Step 3: the program serves the next client after the first one has left, and so on.
//! The page: docs/en/02-tcp-server.md#step-3

use enchufe_harness::Kind::*;

use crate::{expect_service, serve, serving, step};

#[test]
fn serves_one_client_after_another() {
    let scene = step(3);

    let (program, server) = serve(&scene, &[]);

    expect_service(&server, b"one");
    for another in ["two", "three", "four", "five"] {
        serving(&server)
            .mistake(
                "one-client-only",
                &[
                    Gone,
                    Silent,
                    NotAccepted,
                    Unreachable,
                    EndedEarly,
                    CutOff,
                    StillOpen,
                ],
            )
            .expect_service(another.as_bytes());
    }
    program.mistake("one-client-only", &[Gone]).expect_running();
}
