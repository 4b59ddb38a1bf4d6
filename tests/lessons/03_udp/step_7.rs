//! Step 7: `ask` explains a failure: nobody is there, a message is too large for a datagram, an address or an argument
//! is none. And it asks over IPv6 as well. The page: docs/en/03-udp.md#step-7

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{Scene, UdpPeer, pattern};

use crate::{LARGEST, LONG, ask, asking, expect_answers, expect_answers_or, expect_question};

#[test]
fn asks_over_ipv6() {
    let scene = asking(7);
    let Ok(server) = UdpPeer::bind_on(&scene, ([0, 0, 0, 0, 0, 0, 0, 1], 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server
        .mistake("request-altered", &[SentOther])
        .mistake("family-mismatch", &[NotAsked])
        .expect_request(b"hola");
    server.answer(&question, b"mundo");

    let kinds = &[Failed, FailedBeforePrinting];
    expect_answers_or(&program, b"mundo\n", "family-mismatch", kinds);
}

#[test]
fn explains_that_nobody_is_there() {
    let scene = asking(7);
    let nobody = UdpPeer::refuse(&scene);

    let program = ask(&scene, &["--timeout", "0.1"], &nobody.address(), &["hola"]);

    program.wait().expect_failure();
}

#[test]
fn explains_that_nobody_answers() {
    let scene = asking(7);
    let silent = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", "0.02"], &silent.address(), &["hola"]);

    program.wait().expect_failure();
}

#[test]
fn prints_what_was_answered_before_a_failure() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.3", "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let question = expect_question(&server, b"one");
    server.answer(&question, b"ONE");

    program.wait().expect_failure_after(b"ONE\n");
}

#[test]
fn refuses_a_message_that_is_too_large() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let too_large = String::from_utf8(pattern(LARGEST - 3)).unwrap();
    if !enchufe_harness::has_room_for_argument(too_large.len()) {
        return scene.not_run("why-argument");
    }
    let options = ["--timeout", "0.1", "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["small", &too_large]);
    let ended = program
        .mistake("too-large-not-refused", &[StillRunning])
        .wait();

    server
        .mistake("too-large-not-refused", &[AskedTooOften])
        .expect_no_more_requests();
    ended
        .mistake(
            "too-large-not-refused",
            &[ExitedZero, ExplainedAndExitedZero],
        )
        .expect_failure();
}

#[test]
fn sends_the_largest_message() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let message = String::from_utf8(pattern(LARGEST - 4)).unwrap();
    if !enchufe_harness::has_room_for_argument(message.len()) {
        return scene.not_run("why-argument");
    }
    if !server.can_send(LARGEST) {
        return scene.not_run("why-datagram");
    }

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &[&message]);
    let question = expect_question(&server, message.as_bytes());
    server.answer(&question, b"ok");

    expect_answers(&program, b"ok\n");
}

#[test]
fn explains_that_an_address_is_none() {
    for address in checks::malformed_addresses() {
        let scene = asking(7);

        let program = ask(&scene, &["--timeout", "0.1"], &address, &["hola"]);

        program.wait().expect_failure();
    }
}

#[test]
fn explains_that_an_argument_is_wrong() {
    let seconds = checks::NO_SECONDS.map(|text| ["--timeout", text]);
    let tries = checks::NO_NUMBERS.map(|text| ["--tries", text]);
    let unknown = ["--no-such-option", "1"];
    for options in seconds.iter().chain(&tries).chain(&[unknown]) {
        let scene = asking(7);
        let server = UdpPeer::bind(&scene);

        let program = ask(&scene, options, &server.address(), &["hola"]);

        program.wait().expect_failure();
    }
}

#[test]
fn explains_that_a_message_is_missing() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);

    let program = scene.run(["ask", &server.address()]);

    program.wait().expect_failure();
}

/// The program is answered, and its output takes nothing.
fn explains_output(scene: &Scene, output: DeadOutput) {
    let server = UdpPeer::bind(scene);
    let arguments = ["ask", "--timeout", LONG, &server.address(), "hola"];

    checks::client_explains_output(scene, output, arguments, || {
        let question = expect_question(&server, b"hola");
        server.answer(&question, b"mundo");
    });
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = asking(7);

    explains_output(&scene, DeadOutput::Closed);
}

#[test]
fn explains_that_its_output_is_full() {
    let scene = asking(7);

    explains_output(&scene, DeadOutput::Full);
}
