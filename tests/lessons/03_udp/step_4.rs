//! Step 4: `ask` sends each message in a datagram of its own, behind an id, and prints what is answered, byte for byte.
//! The page: docs/en/03-udp.md#step-4

use std::ffi::OsStr;

use enchufe_harness::Kind::*;
use enchufe_harness::{Program, Request, UdpPeer, binary, last_address_of, pattern};

use crate::{LARGEST, LONG, ask, asking, expect_answers, expect_question};

/// The program asks nothing else while it waits for this answer.
fn expect_patience(program: &Program, server: &UdpPeer, question: &Request) {
    program
        .mistake("request-altered", &[AskedMeanwhile])
        .expect_no_other_request(server, question);
}

/// The program asks nothing more.
fn expect_no_more_questions(server: &UdpPeer) {
    server
        .mistake("request-altered", &[AskedTooOften])
        .expect_no_more_requests();
}

#[test]
fn sends_the_message_and_prints_the_answer() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    server.answer(&question, b"mundo");

    expect_answers(&program, b"mundo\n");
    expect_no_more_questions(&server);
}

#[test]
fn asks_one_message_after_another() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let messages = ["one", "two", "", "four\n"];

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &messages);
    for message in messages {
        let question = expect_question(&server, message.as_bytes());
        expect_patience(&program, &server, &question);
        server.answer(&question, format!("answer to {message}").as_bytes());
    }

    let printed = messages.map(|message| format!("answer to {message}\n"));
    expect_answers(&program, printed.concat().as_bytes());
    expect_no_more_questions(&server);
}

#[test]
fn sends_a_message_that_is_no_text() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let message = b"\xff\xfe\x80 \r\n";
    let Some(argument) = enchufe_harness::argument(message) else {
        return scene.not_run("why-unix");
    };

    let address = server.address();
    let words = ["ask", "--timeout", LONG, &address].map(OsStr::new);
    let program = scene.run(words.iter().chain(&[argument.as_os_str()]));
    let question = expect_question(&server, message);
    server.answer(&question, b"");

    expect_answers(&program, b"\n");
}

#[test]
fn prints_an_answer_that_is_no_text() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    server.answer(&question, &binary());

    expect_answers(&program, &[&binary()[..], b"\n"].concat());
}

#[test]
fn prints_the_largest_answer() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let answer = pattern(LARGEST - 4);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = expect_question(&server, b"hola");
    server.answer(&question, &answer);

    expect_answers(&program, &[&answer[..], b"\n"].concat());
}

#[test]
fn sends_a_long_message() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let message = String::from_utf8(pattern(60_000)).unwrap();
    if !enchufe_harness::has_room_for_argument(message.len()) {
        return scene.not_run("why-argument");
    }

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &[&message]);
    let question = expect_question(&server, message.as_bytes());
    server.answer(&question, b"ok");

    expect_answers(&program, b"ok\n");
}

#[test]
fn asks_a_name() {
    let scene = asking(4);
    let localhost = last_address_of("localhost").filter(|address| address.is_ipv4());
    let Some(Ok(server)) = localhost.map(|address| UdpPeer::bind_on(&scene, address)) else {
        return scene.not_run("why-name");
    };

    let address = server.address_of("localhost");
    let program = ask(&scene, &["--timeout", LONG], &address, &["hola"]);
    let question = expect_question(&server, b"hola");
    server.answer(&question, b"mundo");

    expect_answers(&program, b"mundo\n");
}
