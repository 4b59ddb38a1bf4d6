//! What `tcp-server` must do, step by step: the grader of lesson 2.
//!
//! Each test runs the program and plays its clients. `cargo test -p tcp-server` grades your exercise,
//! `cargo test -p tcp-server step_4` one step of it. The page: docs/en/02-tcp-server.md.

mod step_1;
mod step_2;
mod step_3;
mod step_4;
mod step_5;
mod step_6;
mod step_7;
mod step_8;

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Crowd, Endpoint, Named, Program, Scene, checks};

const LESSON: &str = "tcp-server";

/// Where the program listens, if a test asks for nothing else: on a free port.
const ANYWHERE: &str = "127.0.0.1:0";

/// Begins a test.
#[track_caller]
fn step(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.failures_are_explained_in(6);
    scene.serves_until_killed();
    scene
}

/// Starts the program, and reads where it listens.
fn serve<'scene>(scene: &'scene Scene, options: &[&str]) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run(["--bind", ANYWHERE].iter().chain(options));
    let server = checks::expect_listening(&program, ANYWHERE);
    (program, server)
}

/// A client connects to where the program has said that it listens.
fn connect<'scene>(server: &Endpoint<'scene>) -> Connection<'scene> {
    server
        .mistake("wrong-address-line", &[Unreachable])
        .connect()
}

/// The server, of which its clients expect to be echoed.
fn serving<'server, 'scene>(
    server: &'server Endpoint<'scene>,
) -> Named<'scene, &'server Endpoint<'scene>> {
    echoing(server.mistake("wrong-address-line", &[Unreachable]))
}

/// The server at the other end of a connection, of which the client expects to be echoed.
fn echo_to<'client, 'scene>(
    client: &'client mut Connection<'scene>,
) -> Named<'scene, &'client mut Connection<'scene>> {
    echoing(client.mistake("ends-with-a-reset", &[CutOff]))
}

/// Likewise, of which each of many clients expects to be echoed.
fn echo_to_each<'crowd, 'scene>(
    crowd: &'crowd mut Crowd<'scene>,
) -> Named<'scene, &'crowd mut Crowd<'scene>> {
    echoing(crowd.mistake("ends-with-a-reset", &[CutOff]))
}

/// What a server may do instead of echoing its clients, up to the end of their streams.
fn echoing<'scene, T>(server: Named<'scene, T>) -> Named<'scene, T> {
    server
        .mistake("echo-by-line", &[HeldForALine])
        .mistake("echo-at-end", &[HeldForTheEnd])
        .mistake("stale-tail", &[SentStale])
        .mistake("echo-altered", &[SentOther, SentMore, LostBytes])
        .mistake("end-not-seen", &[StillOpen])
        .mistake("ends-with-a-reset", &[CutOff])
}

/// The client sends these bytes, and is sent the same bytes.
fn expect_echo(client: &mut Connection, bytes: &[u8]) {
    echo_to(client).expect_echo(bytes);
}

/// The server ends its stream to a client that has ended its own, and sends no byte before.
fn expect_end(client: &mut Connection) {
    echo_to(client).expect_end();
}

/// A client comes, is echoed, and leaves in order.
fn expect_service(server: &Endpoint, bytes: &[u8]) {
    serving(server).expect_service(bytes);
}

/// The program refuses its arguments: it does not listen, and explains why.
fn expect_refusal(program: &Program) {
    program.expect_never_says(checks::LISTENING);
    program.wait().expect_failure();
}
