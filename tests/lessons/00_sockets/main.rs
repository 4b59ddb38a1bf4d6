//! What `sockets` must do, step by step: the grader of lesson 0.
//!
//! Each test runs the program and sends it one message. `cargo test -p sockets` grades your exercise,
//! `cargo test -p sockets step_2` one step of it. The page: docs/en/00-sockets.md.

mod step_1;
mod step_2;
mod step_3;
#[cfg(unix)]
mod step_4;
mod step_5;

use std::io;
use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Endpoint, Named, Program, Scene, free_address};

const LESSON: &str = "sockets";

/// Where the program is bound, if a test asks for nothing else: on a free port.
const ANYWHERE: &str = "127.0.0.1:0";

/// What the program says before the address where it is bound.
const BOUND: &str = "bound to";

/// The longest message that a datagram over IPv4 has room for: 65,535 less two headers (RFC 768, RFC 791).
const LONGEST: usize = 65_507;

/// Longer than the half second after which some tools give up.
const A_WHILE: Duration = Duration::from_millis(600);

#[cfg(not(unix))]
mod step_4 {
    #[test]
    fn needs_unix() {
        crate::step(4).not_run("why-unix");
    }
}

/// Begins a test.
#[track_caller]
fn step(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.failures_are_explained_in(5);
    scene
}

/// The program, of which the line is expected that says where it is bound.
fn saying<'program, 'scene>(
    program: &'program Program<'scene>,
) -> Named<'scene, &'program Program<'scene>> {
    program
        .mistake("line-missing", &[SaidNothing, SaidOther])
        .mistake("printed-requested-port", &[SaidPortZero])
}

/// The program says that it is bound to this address.
fn expect_bound<'scene>(program: &Program<'scene>, address: &str) -> Endpoint<'scene> {
    saying(program).expect_address_line(BOUND, address)
}

/// The program is bound to a port that is free. Somebody may take it first: then it has another try.
fn expect_bound_to_its_port(begin: fn() -> Scene, kind: &str) {
    for _ in 1..5 {
        let scene = begin();
        let address = free_address().to_string();

        let program = scene.run(["inet", kind, &address]);

        let bound = saying(&program).expect_address_line_unless_it_ends(BOUND, &address);
        if bound.is_some() {
            return;
        }
    }
    let scene = begin();
    let address = free_address().to_string();

    let program = scene.run(["inet", kind, &address]);

    expect_bound(&program, &address);
}

/// A client connects to where the program is bound.
fn connect<'scene>(endpoint: &Endpoint<'scene>) -> Connection<'scene> {
    endpoint.mistake("not-listening", &[Unreachable]).connect()
}

/// The client sends a message, which ends with its stream.
fn send(client: &mut Connection, message: &[u8]) {
    client.mistake("one-read", &[NotReceiving]).send(message);
    client.end();
}

/// The program, which is expected to print its message and to end.
fn printing<'program, 'scene>(
    program: &'program Program<'scene>,
) -> Named<'scene, &'program Program<'scene>> {
    program
        .mistake(
            "message-altered",
            &[PrintedOther, PrintedMore, PrintedNothing],
        )
        .mistake("does-not-end", &[StillRunning, StillWaiting])
}

/// Likewise, of a stream: a part of it is what one read brought.
fn printing_a_stream<'program, 'scene>(
    program: &'program Program<'scene>,
) -> Named<'scene, &'program Program<'scene>> {
    printing(program).mistake("one-read", &[PrintedLess])
}

/// The program prints the message of a stream, and ends.
fn expect_stream(program: &Program, message: &[u8]) {
    printing_a_stream(program)
        .wait()
        .expect_stdout(message)
        .expect_success();
}

/// Sends a datagram, and says whether a socket of the program's takes datagrams there. It is an error where the
/// system sends none of this size.
fn send_datagram(endpoint: &Endpoint, message: &[u8]) -> io::Result<bool> {
    let is_taken = endpoint.takes_datagrams(); // it may have ended as soon as it has its datagram
    endpoint
        .mistake("wrong-type", &[Unreachable])
        .send_datagram(message)?;
    Ok(is_taken)
}

/// The program, which is expected to print its datagram and to end. One whose socket does not take datagrams waits
/// in vain.
fn printing_a_datagram<'program, 'scene>(
    program: &'program Program<'scene>,
    is_taken: bool,
) -> Named<'scene, &'program Program<'scene>> {
    let program = printing(program);
    match is_taken {
        true => program,
        false => program.mistake("wrong-type", &[StillWaiting, FailedBeforePrinting]),
    }
}

/// The program prints its datagram, and ends.
fn expect_datagram(program: &Program, is_taken: bool, message: &[u8]) {
    printing_a_datagram(program, is_taken)
        .wait()
        .expect_stdout(message)
        .expect_success();
}

/// The program prints the longest datagram, and ends.
fn expect_longest_datagram(program: &Program, is_taken: bool, message: &[u8]) {
    printing_a_datagram(program, is_taken)
        .mistake("datagram-cut", &[PrintedLess])
        .wait()
        .expect_stdout(message)
        .expect_success();
}
