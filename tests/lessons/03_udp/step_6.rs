//! Step 6: `ask` takes only the answer to its question: from the one whom it asked, with the id that it drew at random
//! for this message, once. What else comes does not stretch its waiting. The page: docs/en/03-udp.md#step-6

use enchufe_harness::Kind::*;
use enchufe_harness::{Program, Request, Scene, UdpPeer};

use crate::{LONG, ask, asking, expect_answers_or, expect_question};

/// The program has printed these answers, and nothing of a stranger's.
fn expect_nothing_from_strangers(program: &Program, answers: &[u8]) {
    let kinds = &[PrintedOther, PrintedMore];
    expect_answers_or(program, answers, "accepts-stranger", kinds);
}

/// The program has printed these answers, and nothing with another id.
fn expect_no_other_id(program: &Program, answers: &[u8]) {
    let kinds = &[PrintedOther, PrintedMore];
    expect_answers_or(program, answers, "accepts-wrong-id", kinds);
}

/// Likewise. One who has asked twice with the same id cannot tell the answers apart.
fn expect_each_answer_once(program: &Program, answers: &[u8], first: &Request, second: &Request) {
    let mistake = match first.id() == second.id() {
        true => "predictable-id",
        false => "accepts-wrong-id",
    };
    expect_answers_or(program, answers, mistake, &[PrintedOther, PrintedMore]);
}

/// Nobody can guess the next of these ids.
fn expect_hard_to_guess(server: &UdpPeer, ids: &[u32]) {
    server
        .mistake("predictable-id", &[Guessable])
        .expect_hard_to_guess(ids);
}

#[test]
fn takes_nothing_from_strangers() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);
    let stranger = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    stranger.forge(&question, b"I am a stranger");
    server.answer(&question, b"mundo");

    expect_nothing_from_strangers(&program, b"mundo\n");
}

/// The same port of another address is another one.
#[test]
fn takes_nothing_from_another_address() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);
    let Some(stranger) = server.at_another_address() else {
        return scene.not_run("why-linux");
    };

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    stranger.forge(&question, b"I am a stranger");
    server.answer(&question, b"mundo");

    expect_nothing_from_strangers(&program, b"mundo\n");
}

#[test]
fn takes_no_other_id() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    for flipped in [1, 1 << 8, 1 << 16, 1 << 24, 1 << 31, u32::MAX] {
        server.answer_another(&question, question.id() ^ flipped, b"another");
    }
    server.answer_another(&question, question.id().swap_bytes() ^ 1, b"another");
    let id = question.id().to_be_bytes();
    for before in [&[!id[0]][..], &[!id[0], 0, 0, 0]] {
        server.send_junk(&question, &[before, &id, b"later"].concat());
        server.send_junk(&question, &[before, &id].concat());
    }
    server.answer(&question, b"mundo");

    expect_no_other_id(&program, b"mundo\n");
}

#[test]
fn takes_nothing_that_is_too_short_for_an_id() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    let id = question.id().to_be_bytes();
    for length in 0..4 {
        server.send_junk(&question, &id[..length]);
    }
    // Compared with a buffer that still holds the end of the id, its beginning is all of it.
    server.send_junk(&question, &[!id[0], !id[1], id[2], id[3]]);
    server.send_junk(&question, &id[..2]);
    server.answer(&question, b"mundo");

    expect_no_other_id(&program, b"mundo\n");
}

#[test]
fn takes_no_answer_twice() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", LONG];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let first = expect_question(&server, b"one");
    server.answer(&first, b"ONE");
    let second = expect_question(&server, b"two");
    server.repeat_answer(&first, b"ONE");
    server.answer(&second, b"TWO");

    expect_each_answer_once(&program, b"ONE\nTWO\n", &first, &second);
}

/// An answer to an earlier try is an answer to the question, and comes too late for the next one.
#[test]
fn takes_a_late_answer_once() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.1", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let first = expect_question(&server, b"one");
    server.expect_repetition(&first);
    server.answer_late(&first, b"ONE");
    let second = server
        .mistake("request-altered", &[SentOther])
        .expect_next_request(&first, b"two");
    server.answer_late(&first, b"ONE, for the second try");
    server.answer(&second, b"TWO");

    expect_each_answer_once(&program, b"ONE\nTWO\n", &first, &second);
}

#[test]
fn does_not_wait_longer_for_junk() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.15", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    let again = server
        .mistake("junk-stretches-wait", &[NotAskedAgain])
        .send_junk_until_repetition(&question);
    if let Some(again) = again {
        server.answer(&again, b"mundo");
    }

    expect_no_other_id(&program, b"mundo\n");
}

#[test]
fn begins_each_run_with_an_id_that_nobody_can_guess() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);

    let mut ids = Vec::new();

    for _ in 0..9 {
        let scene = asking(6);
        ids.push(first_id(&scene, &UdpPeer::bind(&scene)));
    }
    ids.push(first_id(&scene, &server));

    expect_hard_to_guess(&server, &ids);
}

/// The id with which a run of the program begins.
fn first_id(scene: &Scene, server: &UdpPeer) -> u32 {
    let _program = ask(scene, &["--timeout", LONG], &server.address(), &["hola"]);
    expect_question(server, b"hola").id()
}

#[test]
fn draws_an_id_for_each_message() {
    let scene = asking(6);
    let server = UdpPeer::bind(&scene);
    let mut ids = Vec::new();

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["x"; 10]);
    for _ in 0..10 {
        let question = expect_question(&server, b"x");
        server.answer(&question, b"y");
        ids.push(question.id());
    }

    expect_hard_to_guess(&server, &ids);
    expect_no_other_id(&program, &b"y\n".repeat(10));
}
