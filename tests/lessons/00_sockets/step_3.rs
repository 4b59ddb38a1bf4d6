//! Step 3: `inet6` does over IPv6 what `inet` does over IPv4, with a stream and with a datagram. Where a machine has
//! no IPv6, the tests say that they were not run. The page: docs/en/00-sockets.md#step-3

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Endpoint, MIB, Program, binary, checks, pattern};

use crate::{
    BOUND, LONGEST, expect_longest_datagram, printing_a_datagram, printing_a_stream, saying, send,
    send_datagram, step,
};

/// A free port of IPv6's loopback address.
const ADDRESS: &str = "[::1]:0";

/// The program says that it is bound there.
fn expect_bound<'scene>(program: &Program<'scene>) -> Endpoint<'scene> {
    saying(program)
        .mistake("wrong-family", &[LeftBeforeListening, SaidOtherPlace])
        .expect_address_line(BOUND, ADDRESS)
}

/// A client connects to where the program is bound.
fn connect<'scene>(endpoint: &Endpoint<'scene>) -> Connection<'scene> {
    endpoint.mistake("wrong-family", &[Unreachable]).connect()
}

/// The program prints the message of a stream, and ends.
fn expect_stream(program: &Program, message: &[u8]) {
    printing_a_stream(program)
        .mistake("wrong-family", &[StillWaiting])
        .wait()
        .expect_stdout(message)
        .expect_success();
}

#[test]
fn prints_a_message_that_comes_over_tcp() {
    let scene = step(3);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["inet6", "stream", ADDRESS]);
    let mut client = connect(&expect_bound(&program));
    send(&mut client, &binary());

    expect_stream(&program, &binary());
}

#[test]
fn prints_a_message_of_1_mib() {
    let scene = step(3);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }
    let message = pattern(MIB);

    let program = scene.run(["inet6", "stream", ADDRESS]);
    let mut client = connect(&expect_bound(&program));
    send(&mut client, &message);

    expect_stream(&program, &message);
}

#[test]
fn prints_a_datagram() {
    let scene = step(3);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["inet6", "dgram", ADDRESS]);
    let is_taken = send_datagram(&expect_bound(&program), &binary()).unwrap();

    printing_a_datagram(&program, is_taken)
        .wait()
        .expect_stdout(&binary())
        .expect_success();
}

#[test]
fn listens_nowhere_else() {
    for kind in ["stream", "dgram"] {
        let scene = step(3);
        if !checks::has_ipv6() {
            return scene.not_run("why-ipv6");
        }
        if !enchufe_harness::is_linux() {
            return scene.not_run("why-linux");
        }

        let program = scene.run(["inet6", kind, ADDRESS]);

        expect_bound(&program)
            .mistake("wrong-family", &[ListensElsewhere])
            .expect_no_other_listener();
    }
}

#[test]
fn prints_the_longest_datagram() {
    let scene = step(3);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }
    let message = pattern(LONGEST);

    let program = scene.run(["inet6", "dgram", ADDRESS]);
    let Ok(is_taken) = send_datagram(&expect_bound(&program), &message) else {
        return scene.not_run("why-datagram");
    };

    expect_longest_datagram(&program, is_taken, &message);
}
