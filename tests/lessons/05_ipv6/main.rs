//! What `ipv6` must do, step by step: the grader of lesson 5.
//!
//! Each test runs the program and plays its clients, or its servers. `cargo test -p ipv6` grades your
//! exercise, `cargo test -p ipv6 step_4` one step of it. The page: docs/en/05-ipv6.md.

mod step_1;
mod step_2;
mod step_3;
mod step_4;
mod step_5;
mod step_6;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use enchufe_harness::Kind::{self, *};
use enchufe_harness::{Connection, Ended, Endpoint, Program, Scene, TcpPeer, checks};

const LESSON: &str = "ipv6";

/// Where the server listens, if a test asks for nothing else: on a free port of loopback.
const ANYWHERE: &str = "[::1]:0";
/// Likewise, for a test that needs no IPv6.
const ANYWHERE_V4: &str = "127.0.0.1:0";
const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Begins a test of the server.
#[track_caller]
fn serving(step: u8) -> Scene {
    let scene = Scene::new(LESSON, step);
    scene.serves_until_killed();
    scene
}

/// Starts the server, and reads where it listens.
fn serve<'scene>(scene: &'scene Scene, address: &str) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run(["serve", "--bind", address]);
    let server = expect_listening_or(&program, address, "wrong-address-line", NOT_SAID);
    (program, server)
}

/// What a program has done that has not said where it listens.
const NOT_SAID: &[Kind] = &[SaidNothing, SaidOther, SaidPortZero];

/// The program says that it listens, at this address. Findings of these kinds are the mistake with this id.
fn expect_listening_or<'scene>(
    program: &Program<'scene>,
    address: &str,
    mistake: &'static str,
    kinds: &'static [Kind],
) -> Endpoint<'scene> {
    program
        .mistake("wrong-address-line", NOT_SAID)
        .mistake("no-brackets", &[SaidWithoutBrackets])
        .mistake("listens-elsewhere", &[SaidOtherPlace])
        .mistake(mistake, kinds)
        .expect_address_line(checks::LISTENING, address)
}

/// A client comes.
fn visit<'scene>(server: &Endpoint<'scene>) -> Connection<'scene> {
    visit_or(server, "wrong-address-line")
}

/// Likewise. Where nobody listens, it is the mistake with this id.
fn visit_or<'scene>(server: &Endpoint<'scene>, mistake: &'static str) -> Connection<'scene> {
    server
        .mistake(mistake, &[Unreachable])
        .mistake("greeting-altered", &[NotAccepted, Gone])
        .connect()
}

/// The client is told its address, and nothing more.
fn expect_greeting(client: &mut Connection) {
    client
        .mistake("mapped-shown", &[ToldMapped])
        .mistake(
            "greeting-altered",
            &[ToldOther, Silent, EndedEarly, CutOff, Gone],
        )
        .expect_own_address();
    client
        .mistake("greeting-altered", &[SentMore, StillOpen, CutOff, Gone])
        .expect_end();
}

/// Begins a test of the client.
#[track_caller]
fn connecting(step: u8) -> Scene {
    Scene::new(LESSON, step)
}

/// Starts the client with the addresses of these servers.
fn connect<'scene>(scene: &'scene Scene, options: &[&str], peers: &[&TcpPeer]) -> Program<'scene> {
    let addresses: Vec<String> = peers.iter().map(|peer| peer.address()).collect();
    let words = ["connect"].iter().chain(options).map(ToString::to_string);
    scene.run(words.chain(addresses))
}

/// What a program has done that was connected, and gave up.
const FAILED: &[Kind] = &[FailedBeforePrinting, Failed];

/// The program, which was connected, ends well and has printed what it was told.
fn expect_told<'scene>(program: &Program<'scene>, told: &[u8]) -> Ended<'scene> {
    expect_told_or(
        program,
        told,
        "does-not-wait",
        &[FailedBeforePrinting, Failed],
    )
}

/// Likewise. Findings of these kinds are the mistake with this id.
fn expect_told_or<'scene>(
    program: &Program<'scene>,
    told: &[u8],
    mistake: &'static str,
    kinds: &'static [Kind],
) -> Ended<'scene> {
    let ended = program.wait();
    ended
        .mistake(
            "reply-altered",
            &[PrintedNothing, PrintedLess, PrintedOther, PrintedMore],
        )
        .mistake("does-not-wait", FAILED)
        .mistake(mistake, kinds)
        .expect_stdout(told)
        .expect_success();
    ended
}

/// The program has said that it was connected with this server.
fn expect_winner(ended: &Ended, winner: &TcpPeer) {
    ended
        .mistake("winner-not-said", &[WinnerNotSaid])
        .expect_connected_to(&winner.address());
}
