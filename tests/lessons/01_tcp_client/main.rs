//! What `tcp-client` must do, step by step: the grader of lesson 1.
//!
//! Each test runs the program and plays the server. `cargo test -p tcp-client` grades your exercise,
//! `cargo test -p tcp-client step_4` one step of it. The page: docs/en/01-tcp-client.md.

mod step_1;
mod step_2;
mod step_3;
mod step_4;
mod step_5;
mod step_6;
mod step_7;

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Named, Scene};

const LESSON: &str = "tcp-client";

/// Begins a test.
#[track_caller]
fn step(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.failures_are_explained_in(5);
    scene
}

/// The program at the other end, of which the message is expected, or its end.
fn sending<'client, 'scene>(
    client: &'client mut Connection<'scene>,
) -> Named<'scene, &'client mut Connection<'scene>> {
    client
        .mistake("message-altered", &[SentOther, SentMore, LostBytes])
        .mistake("no-half-close", &[StillOpen])
}

/// The program sends this message, and half-closes.
fn expect_message_and_end(client: &mut Connection, message: &[u8]) {
    sending(client).expect_bytes_and_end(message);
}
