//! What `udp` must do, step by step: the grader of lesson 3.
//!
//! Each test runs the program and plays its clients, or the one whom it asks. `cargo test -p udp` grades
//! your exercise, `cargo test -p udp step_4` one step of it. The page: docs/en/03-udp.md.

mod step_1;
mod step_2;
mod step_3;
mod step_4;
mod step_5;
mod step_6;
mod step_7;

use enchufe_harness::Kind::{self, *};
use enchufe_harness::{Endpoint, Program, Request, Scene, UdpClient, UdpPeer, checks};

const LESSON: &str = "udp";

/// Where the server listens, if a test asks for nothing else: on a free port.
const ANYWHERE: &str = "127.0.0.1:0";
/// The largest datagram over IPv4: 65,535 bytes less the headers of IP and UDP (RFC 768, RFC 791).
const LARGEST: usize = 65_507;
/// Seconds that no test waits for.
const LONG: &str = "100000";

/// Begins a test of the server.
#[track_caller]
fn serving(step: u8) -> Scene {
    let scene = Scene::new(LESSON, step);
    scene.serves_until_killed();
    scene
}

/// Starts the server, and reads where it listens.
fn serve(scene: &Scene) -> (Program<'_>, Endpoint<'_>) {
    serve_on(scene, ANYWHERE)
}

/// Likewise, on this address.
fn serve_on<'scene>(scene: &'scene Scene, address: &str) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run(["serve", "--bind", address]);
    let server = checks::expect_listening(&program, address);
    (program, server)
}

/// The client sends a datagram, and gets the same bytes back, from where it sent them.
fn expect_echo(client: &mut UdpClient, bytes: &[u8]) {
    expect_echo_or(client, bytes, "echo-altered", &[NoEcho]);
}

/// Likewise. Findings of these kinds are the mistake with this id.
fn expect_echo_or(
    client: &mut UdpClient,
    bytes: &[u8],
    mistake: &'static str,
    kinds: &'static [Kind],
) {
    client
        .mistake("echo-altered", &[SentOther, SentMore])
        .mistake("stale-tail", &[SentStale])
        .mistake("answers-elsewhere", &[SentFromElsewhere])
        .mistake(mistake, kinds)
        .expect_echo(bytes);
}

/// Nothing more than its echoes has come back to the client.
fn expect_no_more(client: &mut UdpClient) {
    client
        .mistake("echo-altered", &[SentMore])
        .mistake("answers-elsewhere", &[SentFromElsewhere])
        .expect_no_datagram();
}

/// Begins a test of the one who asks.
#[track_caller]
fn asking(step: u8) -> Scene {
    let scene = Scene::new(LESSON, step);
    scene.failures_are_explained_in(7);
    scene
}

/// Starts the one who asks: these messages, at this address.
fn ask<'scene>(
    scene: &'scene Scene,
    options: &[&str],
    address: &str,
    messages: &[&str],
) -> Program<'scene> {
    scene.run(
        ["ask"]
            .iter()
            .chain(options)
            .chain(&[address])
            .chain(messages),
    )
}

/// The program asks this message.
fn expect_question(server: &UdpPeer, message: &[u8]) -> Request {
    server
        .mistake("request-altered", &[SentOther])
        .expect_request(message)
}

/// What a program has done that has not printed what it was answered.
const ALTERED: &[Kind] = &[PrintedNothing, PrintedLess, PrintedOther, PrintedMore];

/// The program ends well, and has printed these answers.
fn expect_answers(program: &Program, answers: &[u8]) {
    expect_answers_or(program, answers, "answer-altered", ALTERED);
}

/// Likewise. Findings of these kinds are the mistake with this id.
fn expect_answers_or(
    program: &Program,
    answers: &[u8],
    mistake: &'static str,
    kinds: &'static [Kind],
) {
    program
        .wait()
        .mistake("answer-altered", ALTERED)
        .mistake(mistake, kinds)
        .expect_success()
        .expect_stdout(answers);
}
