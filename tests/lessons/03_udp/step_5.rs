//! Step 5: `ask` sends again what was not answered, the same bytes, and gives up after N tries of SECONDS each. The
//! exit code is step 7's matter. The page: docs/en/03-udp.md#step-5

use std::time::{Duration, Instant};

use enchufe_harness::Kind::*;
use enchufe_harness::{Program, Request, UdpPeer};

use crate::{LONG, ask, asking, expect_answers, expect_answers_or};

/// The program asks this message, at least once.
fn expect_first_try(server: &UdpPeer, message: &[u8]) -> Request {
    server
        .mistake("request-altered", &[SentOther])
        .mistake("gives-up-early", &[NotAsked])
        .expect_request(message)
}

/// The program, which was not answered, asks again, with the same bytes.
fn expect_another_try(server: &UdpPeer, first: &Request) -> Request {
    server
        .mistake("no-retransmit", &[NotAskedAgain])
        .mistake("new-id-on-retry", &[AskedOtherwise])
        .expect_repetition(first)
}

/// The program is never answered: it ends, and has asked so often. No clock is read.
fn expect_tries(program: Program, server: &UdpPeer, first: &Request, tries: usize) {
    server.lose(first);
    let asked = server
        .mistake("new-id-on-retry", &[AskedOtherwise])
        .mistake("never-gives-up", &[AskedTooOften])
        .count_requests_until_the_end_of(program, first);

    let asks_once = asked == 1 && tries > 1;
    let if_it_ended = match asks_once {
        true => "no-retransmit",
        false => "gives-up-early",
    };
    let if_it_runs = match asked {
        _ if asks_once => "no-retransmit",
        asked if asked < tries => "seconds-ignored",
        _ => "never-gives-up",
    };
    server
        .mistake("never-gives-up", &[AskedTooOften])
        .mistake(if_it_ended, &[NotAskedAgain])
        .mistake(if_it_runs, &[StillRunning])
        .expect_requests(asked, tries);
}

#[test]
fn asks_again_with_the_same_bytes() {
    let scene = asking(5);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.1", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = expect_first_try(&server, b"hola");
    server.lose(&question);
    let second = expect_another_try(&server, &question);
    server.lose(&second);
    let third = expect_another_try(&server, &question);
    server.answer(&third, b"mundo");

    program.mistake("never-gives-up", &[StillRunning]).wait();
    expect_answers(&program, b"mundo\n");
}

#[test]
fn asks_three_times_if_n_is_missing() {
    let scene = asking(5);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", "0.05"], &server.address(), &["hola"]);

    let first = expect_first_try(&server, b"hola");
    expect_tries(program, &server, &first, 3);
}

#[test]
fn gives_up_after_n_tries() {
    for tries in [1, 5] {
        let scene = asking(5);
        let server = UdpPeer::bind(&scene);
        let number = tries.to_string();
        let options = ["--timeout", "0.02", "--tries", &number];

        let program = ask(&scene, &options, &server.address(), &["hola", "mundo"]);

        let first = expect_first_try(&server, b"hola");
        expect_tries(program, &server, &first, tries);
    }
}

#[test]
fn waits_for_the_answer_to_its_last_try() {
    let scene = asking(5);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", LONG, "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = expect_first_try(&server, b"hola");
    program.wait_until_idle();
    server.answer(&question, b"mundo");

    let kinds = &[PrintedNothing, FailedBeforePrinting, Failed];
    expect_answers_or(&program, b"mundo\n", "gives-up-early", kinds);
}

/// The second message has as many tries as the first, and each of them all of its time. A busy machine makes
/// that longer, never shorter: the second cannot be sent before the first is answered. Where the answer is
/// held up for all tries of the first, the program is run again, with longer ones.
#[test]
fn gives_each_message_all_of_its_tries_and_time() {
    for time in [100, 2000].map(Duration::from_millis) {
        let scene = asking(5);
        let server = UdpPeer::bind(&scene);
        let seconds = time.as_secs_f64().to_string();
        let options = ["--timeout", &seconds, "--tries", "3"];

        let program = ask(&scene, &options, &server.address(), &["one", "two"]);
        let first = expect_first_try(&server, b"one");
        let begin = Instant::now();
        server.answer(&first, b"ONE");
        let second = server
            .mistake("request-altered", &[SentOther])
            .expect_next_request_unless_it_ends(&first, b"two");
        let Some(second) = second else { continue };
        server.lose(&second);
        let again = expect_another_try(&server, &second);

        server
            .mistake("seconds-ignored", &[AskedTooOften])
            .expect_waited(begin, time, AskedTooOften);
        expect_a_third_and_last_try(program, &server, &again);
        server
            .mistake("gives-up-early", &[GaveUpEarly])
            .expect_waited(begin, time * 3, GaveUpEarly);
        return;
    }
}

/// The program, whose second try this is, has one more, and ends.
fn expect_a_third_and_last_try(program: Program, server: &UdpPeer, second: &Request) {
    let asked = server
        .mistake("new-id-on-retry", &[AskedOtherwise])
        .mistake("never-gives-up", &[AskedTooOften])
        .count_requests_until_the_end_of(program, second);

    server
        .mistake("never-gives-up", &[AskedTooOften, StillRunning])
        .mistake("gives-up-early", &[NotAskedAgain])
        .expect_requests(1 + asked, 3);
}

/// A program that was told to wait long has not asked again when one that was told to wait briefly has
/// asked for the third time, although it began earlier. No clock is read.
#[test]
fn waits_as_long_as_it_is_told() {
    let (long, brief) = (asking(5), asking(5));
    let (patient, hasty) = (UdpPeer::bind(&long), UdpPeer::bind(&brief));
    let a_million_tries = ["--timeout", LONG, "--tries", "1000000"];
    let a_thousand_tries = ["--timeout", "0.2", "--tries", "1000"];

    let program = ask(&long, &a_million_tries, &patient.address(), &["hola"]);
    let question = expect_first_try(&patient, b"hola");
    let _other = ask(&brief, &a_thousand_tries, &hasty.address(), &["hola"]);
    let first = expect_first_try(&hasty, b"hola");
    for _ in 0..2 {
        expect_another_try(&hasty, &first);
    }

    patient
        .mistake("seconds-ignored", &[AskedTooOften])
        .expect_no_more_requests();
    patient.answer(&question, b"mundo");
    let kinds = &[FailedBeforePrinting, Failed];
    expect_answers_or(&program, b"mundo\n", "seconds-ignored", kinds);
}
