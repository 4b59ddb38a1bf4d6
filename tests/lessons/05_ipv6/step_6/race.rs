//! Attempts to connect to several addresses, of which some do not answer (Linux).

use enchufe_harness::Kind::*;
use enchufe_harness::{
    Connection, Default6, Program, Race, Stagger, TcpPeer, in_a_network_of_its_own, is_linux,
};

use crate::{V4, V6, connect, connecting, expect_told, expect_told_or, expect_winner};

/// Seconds that no test waits for.
const LONG: &str = "100000";

/// The program connects to this server, although others do not answer.
fn accept<'scene>(server: &TcpPeer<'scene>) -> Connection<'scene> {
    server
        .mistake("one-after-another", &[NeverConnected, LeftBeforeConnecting])
        .accept()
}

/// So many attempts wait for an answer at the same time.
fn expect_attempts(attempts: &Race, count: usize) {
    attempts
        .mistake("one-after-another", &[OneAttempt, NeverConnected])
        .mistake("timeouts-in-turn", &[AttemptsInTurn])
        .wait_for_attempts(count);
}

/// The program is connected with one of them, and tries the others no longer than that.
fn expect_winner_at<'scene>(attempts: &Race<'_, 'scene>, place: usize) -> Connection<'scene> {
    attempts
        .mistake("one-after-another", &[OneAttempt, NeverConnected])
        .mistake("timeouts-in-turn", &[AttemptsInTurn])
        .accept(place)
}

/// Two attempts have begun together, or the second although the first had an answer.
fn fail_as_at_once(attempts: &Race) -> ! {
    attempts
        .mistake("no-stagger", &[AttemptsAtOnce])
        .fail_as_at_once()
}

/// The program ends, and does not wait for those who have not answered.
fn expect_end(program: &Program) {
    program
        .mistake("waits-for-losers", &[StillRunning, Unread])
        .wait();
}

#[test]
fn is_not_held_up_by_an_address_that_does_not_answer() {
    for (silent, good) in [(V4, V4), (V6, V4), (V4, V6)] {
        let scene = connecting(6);
        if !is_linux() {
            return scene.not_run("why-linux");
        }
        let (Ok(nobody), Ok(server)) = (
            TcpPeer::ignore_on(&scene, silent),
            TcpPeer::listen_on(&scene, (good, 0).into()),
        ) else {
            return scene.not_run("why-ipv6");
        };

        let program = connect(&scene, &["--timeout", LONG], &[&nobody, &server]);
        let attempts = Race::of(&scene, &[&nobody, &server]);
        let mut client = expect_winner_at(&attempts, 1);
        client.send(b"hola");
        client.end();

        expect_end(&program);
        let ended = expect_told(&program, b"hola");
        expect_winner(&ended, &server);
    }
}

/// The first answers at once, so that nobody is to try the second. A busy machine may hold the program up
/// for longer than its head start: then it is run again.
#[test]
fn tries_no_other_when_the_first_answers() {
    for round in 0..5 {
        let scene = connecting(6);
        if !is_linux() {
            return scene.not_run("why-linux");
        }
        let (first, second) = (TcpPeer::listen(&scene), TcpPeer::listen(&scene));

        let program = connect(&scene, &["--timeout", LONG], &[&first, &second]);
        let mut client = accept(&first);
        client.send(b"hola");
        client.end();
        program.wait();

        let attempts = Race::of(&scene, &[&first, &second]);
        match attempts.has_tried(1) {
            false => return,
            true if round == 4 => fail_as_at_once(&attempts),
            true => {}
        }
    }
}

/// In a network of its own, where the system allows one: the table of sockets is short there, and all of it
/// read at once.
#[test]
fn has_several_attempts_and_gives_each_a_head_start() {
    if !in_a_network_of_its_own(Default6::Both, gives_a_head_start) {
        gives_a_head_start();
    }
}

/// A busy machine may look too late to tell, and hold up one of them: then it looks again, and where the grader
/// itself was held up, the look does not count.
fn gives_a_head_start() {
    let (mut at_once, mut missed, mut busy) = (0, 0, 0);
    loop {
        let scene = connecting(6);
        if !is_linux() {
            return scene.not_run("why-linux");
        }
        let peers = [(); 3].map(|()| TcpPeer::ignore(&scene));
        let peers = [&peers[0], &peers[1], &peers[2]];

        let _program = connect(&scene, &["--timeout", LONG], &peers);

        let attempts = Race::of(&scene, &peers);
        let stagger = attempts
            .mistake("one-after-another", &[OneAttempt, NeverConnected])
            .mistake("timeouts-in-turn", &[AttemptsInTurn])
            .stagger();
        match stagger {
            Stagger::Seen => return,
            Stagger::AtOnce if at_once == 6 => fail_as_at_once(&attempts),
            Stagger::AtOnce => at_once += 1,
            Stagger::Missed if missed == 6 => attempts
                .mistake("one-after-another", &[OneAttempt])
                .fail_as_too_late(),
            Stagger::Missed => missed += 1,
            Stagger::Busy if busy == 15 => return scene.not_run("why-busy"),
            Stagger::Busy => busy += 1,
        }
    }
}

#[test]
fn goes_on_at_once_when_a_later_address_refuses() {
    let scene = connecting(6);
    if !is_linux() {
        return scene.not_run("why-linux");
    }
    let (nobody, refusing) = (TcpPeer::ignore(&scene), TcpPeer::refuse(&scene));
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &["--timeout", LONG], &[&nobody, &refusing, &server]);
    let mut client = accept(&server);
    client.send(b"hola");
    client.end();

    expect_end(&program);
    expect_told(&program, b"hola");
}

/// Two attempts wait; both are answered at last. The first to be answered wins, and the other one is
/// closed, before or after its answer.
#[test]
fn prints_only_what_the_winner_says_and_closes_the_others() {
    let scene = connecting(6);
    if !is_linux() {
        return scene.not_run("why-linux");
    }
    let (first, second) = (TcpPeer::ignore(&scene), TcpPeer::ignore(&scene));

    let program = connect(&scene, &["--timeout", LONG], &[&first, &second]);
    let attempts = Race::of(&scene, &[&first, &second]);
    expect_attempts(&attempts, 2);
    attempts.answer_at_last(0);
    attempts.answer_at_last(1);
    let winner = attempts
        .mistake("one-after-another", &[OneAttempt, NeverConnected])
        .mistake("timeouts-in-turn", &[AttemptsInTurn])
        .wait_for_winner();
    let mut client = expect_winner_at(&attempts, winner);
    client.send(b"I won\n");
    attempts
        .mistake("losers-kept", &[StillConnected])
        .mistake("prints-losers", &[PrintedMore])
        .expect_close(1 - winner);
    client.end();

    expect_end(&program);
    let kinds = &[PrintedOther, PrintedMore];
    expect_told_or(&program, b"I won\n", "prints-losers", kinds);
}

#[test]
fn gives_up_when_nobody_answers() {
    let scene = connecting(6);
    if !is_linux() {
        return scene.not_run("why-linux");
    }
    let (first, second) = (TcpPeer::ignore(&scene), TcpPeer::ignore(&scene));

    let program = connect(&scene, &["--timeout", "0.4"], &[&first, &second]);

    program
        .mistake("timeout-missing", &[StillRunning])
        .wait()
        .expect_failure();
}

/// A program that was told to wait long still waits when one that was told to wait briefly has given
/// up, although it began earlier. No clock is read.
#[test]
fn waits_as_long_as_it_is_told() {
    let (long, brief) = (connecting(6), connecting(6));
    if !is_linux() {
        return long.not_run("why-linux");
    }
    let (patient, hasty) = (TcpPeer::ignore(&long), TcpPeer::ignore(&brief));

    let program = connect(&long, &["--timeout", LONG], &[&patient]);
    expect_attempts(&Race::of(&long, &[&patient]), 1);
    let other = connect(&brief, &["--timeout", "0.2"], &[&hasty]);
    other
        .mistake("timeout-missing", &[StillRunning])
        .wait()
        .expect_failure();

    Race::of(&long, &[&patient])
        .mistake("timeouts-in-turn", &[OneAttempt, NeverConnected])
        .wait_for_attempts(1);
    assert!(program.runs());
}

/// SECONDS are for the connection, which this server accepts at once, and says nothing. Another program that
/// began later, and whom nobody answers, has given up: were this one to give up too, it would have by then.
/// No clock is read. A busy machine may hold a program up for SECONDS: then it is given more of them.
#[test]
fn is_connected_with_a_server_that_says_nothing_yet() {
    for seconds in ["0.4", "1", "3"] {
        let (scene, other) = (connecting(6), connecting(6));
        if !is_linux() {
            return scene.not_run("why-linux");
        }
        let (server, nobody) = (TcpPeer::listen(&scene), TcpPeer::ignore(&other));

        let program = connect(&scene, &["--timeout", seconds], &[&server]);
        let mut client = accept(&server);
        client.stay_silent();
        let hasty = connect(&other, &["--timeout", seconds], &[&nobody]);
        hasty.mistake("timeout-missing", &[StillRunning]).wait();
        scene.settle();
        if !program.runs() && seconds != "3" {
            continue;
        }
        client.send(b"hola");
        client.end();

        // Whether it also waits no longer than that for the first byte, as in lesson 1, is left to it.
        program
            .wait()
            .mistake("silence-as-no-answer", &[WinnerNotSaid])
            .expect_connected_to(&server.address());
        return;
    }
}
