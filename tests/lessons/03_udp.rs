//! What `udp` must do, step by step: the grader of lesson 3.
//!
//! Each test runs the program and plays its clients, or the one whom it asks. `cargo test -p udp` grades
//! your exercise, `cargo test -p udp step_4` one step of it. The page: docs/en/03-udp.md.

use std::net::Ipv6Addr;
use std::time::{Duration, Instant};

use enchufe_harness::Kind::*;
use enchufe_harness::{
    Lesson, Place, Program, Request, Scene, UdpPeer, address_of_its_own, are_hard_to_guess,
    last_address_of, lesson, pattern,
};

const LESSON: Lesson = lesson!("03-udp");

/// Where the server listens, if a test asks for nothing else: on a free port.
const ANYWHERE: &str = "127.0.0.1:0";
/// The largest datagram over IPv4: 65,535 bytes less the headers of IP and UDP (RFC 768, RFC 791).
const LARGEST: usize = 65_507;
/// Seconds that no test waits for.
const LONG: &str = "100000";

/// Bytes that are no text: each one that there is, a byte order mark before them, and NULs at the end.
fn binary() -> Vec<u8> {
    [
        &b"\xef\xbb\xbf"[..],
        &(0..=255).collect::<Vec<u8>>(),
        b" \r\n \0\0",
    ]
    .concat()
}

/// Begins a test of the server. What an earlier step lacks has its name in the later ones too.
fn serving(number: u8) -> Scene {
    let scene = LESSON.step(number);
    scene.serves_until_killed();
    scene.mistake(
        "wrong-address-line",
        &[SaidNothing, SaidOther, SaidPortZero, Listening],
    );
    scene.mistake("listens-elsewhere", &[SaidOtherPlace, ListensElsewhere]);
    scene.mistake("echo-altered", &[SentOther, SentMore]);
    scene.mistake("stale-tail", &[SentStale]);
    scene.mistake("answers-elsewhere", &[SentFromElsewhere]);
    scene
}

/// Starts the server, and reads where it listens.
fn serve(scene: &Scene) -> (Program<'_>, Place<'_>) {
    let program = scene.run(["serve", "--bind", ANYWHERE]);
    let server = program.says_address("listening on", ANYWHERE);
    (program, server)
}

/// Begins a test of the one who asks.
fn asking(number: u8) -> Scene {
    let scene = LESSON.step(number);
    scene.explains_failures_in(7);
    scene.mistake("request-altered", &[SentOther, AskedMeanwhile]);
    scene.mistake(
        "answer-altered",
        &[PrintedNothing, PrintedLess, PrintedOther, PrintedMore],
    );
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

// ------------------------------------------- step 1: `serve` binds, and says where it listens

#[test]
fn step_1_says_where_it_listens() {
    let scene = serving(1);

    serve(&scene);
}

#[test]
fn step_1_listens_over_ipv6() {
    let scene = serving(1);
    if UdpPeer::bind_on(&scene, (Ipv6Addr::LOCALHOST, 0).into()).is_err() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["serve", "--bind", "[::1]:0"]);

    program.says_address("listening on", "[::1]:0");
}

#[test]
fn step_1_listens_on_a_name() {
    let scene = serving(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    let program = scene.run(["serve", "--bind", "localhost:0"]);

    program.says_address("listening on", "localhost:0");
}

#[test]
fn step_1_listens_on_the_port_that_it_is_given() {
    let scene = serving(1);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };

    let program = scene.run(["serve", "--bind", &address.to_string()]);

    program.says_address("listening on", &address.to_string());
}

#[test]
fn step_1_listens_there_and_nowhere_else() {
    let scene = serving(1);
    scene.mistake("wrong-address-line", &[Unreachable]);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }

    let (_program, server) = serve(&scene);

    server.is_the_only_one();
    server.takes_datagrams_here();
}

#[test]
fn step_1_explains_that_an_address_is_taken() {
    let scene = serving(1);
    let taken = UdpPeer::bind(&scene);

    let program = scene.run(["serve", "--bind", &taken.address()]);

    program.never_says("listening on");
    program.ends().fails();
}

/// The other server would share its port with one that wants to share it too.
#[test]
#[cfg(unix)]
fn step_1_does_not_share_an_address_with_another_server() {
    let scene = serving(1);
    let taken = UdpPeer::bind_and_share(&scene);

    let program = scene.run(["serve", "--bind", &taken.address()]);

    program.never_says("listening on");
    program.ends().fails();
}

#[test]
fn step_1_explains_that_an_address_is_not_its_own_or_none() {
    let label_of_64_letters = format!("{}:7001", "a".repeat(64)); // RFC 1035, section 2.3.4
    let of_documentation = "192.0.2.1:0"; // no machine has it (RFC 5737)
    for address in [
        of_documentation,
        "127.0.0.1:70000",
        "127.0.0.1",
        "",
        &label_of_64_letters,
    ] {
        let scene = serving(1);

        let program = scene.run(["serve", "--bind", address]);

        program.never_says("listening on");
        program.ends().fails();
    }
}

#[test]
#[cfg(unix)]
fn step_1_explains_that_its_output_is_closed() {
    let scene = serving(1);
    scene.mistake("exits-zero", &[StillRunning]);
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program(["serve", "--bind", ANYWHERE])
        .output_into(closed)
        .start();

    program.ends().fails();
}

#[test]
#[cfg(unix)]
fn step_1_ends_when_a_signal_asks_it_to() {
    use enchufe_harness::Signal;
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let scene = serving(1);
        scene.mistake("ignores-signals", &[StillRunning, LeftAChild]);

        let (program, _server) = serve(&scene);
        program.is_sent(signal);

        program.ends();
    }
}

// ------------------------------ step 2: `serve` echoes each datagram to the one who sent it

#[test]
fn step_2_echoes_one_datagram_after_another() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);

    let (program, server) = serve(&scene);
    let mut client = server.asker();
    client.is_echoed(b"hola");
    client.is_echoed(b"a longer one, of many words");
    client.is_echoed(b" and a short one \r\n");

    client.gets_no_more();
    program.has_not_panicked();
}

#[test]
fn step_2_echoes_a_short_datagram_after_a_long_one() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);

    let (_program, server) = serve(&scene);
    let mut client = server.asker();
    client.is_echoed(&pattern(500));
    client.is_echoed(b"x");
    client.is_echoed(b"\n");

    client.gets_no_more();
}

/// Whether all of it comes back, and whether this server lives on, is step 3's matter.
#[test]
fn step_2_echoes_a_datagram_in_one_piece() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.asker();
    let possible = client.is_echoed_once_at_most(&pattern(1200), b"x");

    possible.expect("a datagram that every system sends");
}

#[test]
fn step_2_echoes_an_empty_datagram() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.asker();
    client.is_echoed(b"hola");
    scene.mistake("empty-is-end", &[NoEcho, Gone]);
    client.is_echoed(b"");

    client.is_echoed(b"x");
}

#[test]
fn step_2_echoes_bytes_that_are_no_text() {
    let scene = serving(2);

    let (program, server) = serve(&scene);
    let mut client = server.asker();
    client.is_echoed(b"hola");
    scene.mistake("dies-on-bytes", &[NoEcho, Gone, Panicked]);
    client.is_echoed(b"\xff\0");
    client.is_echoed(&binary());

    client.is_echoed(b"x");
    program.has_not_panicked();
}

#[test]
fn step_2_echoes_to_the_one_who_sent() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut a = server.asker();
    let mut b = server.asker();
    a.is_echoed(b"I am A");
    scene.mistake("answers-the-first", &[NoEcho, Gone]);
    b.is_echoed(b"I am B");
    a.is_echoed(b"I am A again");
    b.is_echoed(b"B");

    a.gets_no_more();
    b.gets_no_more();
}

#[test]
fn step_2_echoes_many_that_come_together() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut a = server.asker();
    let mut b = server.asker();
    a.is_echoed(b"hola");
    scene.mistake("answers-the-first", &[NoEcho, Gone]);
    b.is_echoed(b"hola");
    scene.mistake("echo-altered", &[NoEcho, Gone]);
    for message in ["1", "22", "333", "4444"] {
        a.sends(message.as_bytes()).unwrap();
        b.sends(message.to_uppercase().as_bytes()).unwrap();
    }

    a.gets_all_back(&[b"1", b"22", b"333", b"4444"]);
    b.gets_all_back(&[b"1", b"22", b"333", b"4444"]);
}

#[test]
fn step_2_goes_on_when_a_client_has_left() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);

    let (program, server) = serve(&scene);
    server.asker().is_echoed(b"hola");
    scene.mistake("answers-the-first", &[NoEcho, Gone]);
    for _ in 0..20 {
        server.asker().sends(b"nobody waits for this").unwrap();
    }

    server.asker().is_echoed(b"x");
    program.has_not_panicked();
}

#[test]
fn step_2_echoes_over_ipv6() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);
    if UdpPeer::bind_on(&scene, (Ipv6Addr::LOCALHOST, 0).into()).is_err() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["serve", "--bind", "[::1]:0"]);
    let server = program.says_address("listening on", "[::1]:0");

    server.asker().is_echoed(b"hola");
}

#[test]
fn step_2_says_nothing_more_on_standard_output() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);
    scene.mistake("talks-on-stdout", &[SaidMore]);

    let (program, server) = serve(&scene);
    server.asker().is_echoed(b"hola");

    program.has_said_no_more();
}

// -------------------------------------------- step 3: `serve` echoes the largest datagram

#[test]
fn step_3_echoes_the_largest_datagram() {
    let scene = serving(3);
    scene.mistake("small-buffer", &[SentOther, NoEcho, Gone, Panicked]);

    let (program, server) = serve(&scene);
    for size in [1500, 8192, 65_000, LARGEST] {
        let mut client = server.asker();
        if client.is_echoed_if_possible(&pattern(size)).is_err() {
            return scene.not_run("why-datagram");
        }
    }

    server.asker().is_echoed(b"x");
    program.has_not_panicked();
}

// ---------------------------------------- step 4: `ask` sends the message and prints the answer

#[test]
fn step_4_sends_the_message_and_prints_the_answer() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
    scene.mistake("request-altered", &[AskedTooOften]);
    server.is_asked_no_more();
}

#[test]
fn step_4_asks_one_message_after_another() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let messages = ["one", "two", "", "four\n"];

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &messages);
    for message in messages {
        let question = server.is_asked(message.as_bytes());
        program.asks_nothing_else(&server, &question);
        server.answers(&question, format!("answer to {message}").as_bytes());
    }

    let printed = messages.map(|message| format!("answer to {message}\n"));
    program
        .ends()
        .succeeds()
        .prints(printed.concat().as_bytes());
    server.is_asked_no_more();
}

#[test]
#[cfg(unix)]
fn step_4_sends_a_message_that_is_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let message = b"\xff\xfe\x80 \r\n";

    let address = server.address();
    let words = ["ask", "--timeout", LONG, &address].map(OsStr::new);
    let program = scene.run(words.iter().chain(&[OsStr::from_bytes(message)]));
    let question = server.is_asked(message);
    server.answers(&question, b"");

    program.ends().succeeds().prints(b"\n");
}

#[test]
fn step_4_prints_an_answer_that_is_no_text() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    server.answers(&question, &binary());

    program
        .ends()
        .succeeds()
        .prints(&[&binary()[..], b"\n"].concat());
}

#[test]
fn step_4_prints_the_largest_answer() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let answer = pattern(LARGEST - 4);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    server.answers(&question, &answer);

    program
        .ends()
        .succeeds()
        .prints(&[&answer[..], b"\n"].concat());
}

#[test]
fn step_4_sends_a_long_message() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let message = String::from_utf8(pattern(60_000)).unwrap();

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &[&message]);
    let question = server.is_asked(message.as_bytes());
    server.answers(&question, b"ok");

    program.ends().succeeds().prints(b"ok\n");
}

#[test]
fn step_4_asks_a_name() {
    let scene = asking(4);
    let localhost = last_address_of("localhost").filter(|address| address.is_ipv4());
    let Some(Ok(server)) = localhost.map(|address| UdpPeer::bind_on(&scene, address)) else {
        return scene.not_run("why-name");
    };

    let address = server.address_of("localhost");
    let program = ask(&scene, &["--timeout", LONG], &address, &["hola"]);
    let question = server.is_asked(b"hola");
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

// -------------------------- step 5: `ask` sends again what was lost, and gives up after N tries

/// A test of repetition.
fn repeating() -> Scene {
    let scene = asking(5);
    scene.mistake("no-retransmit", &[NotAskedAgain]);
    scene.mistake("gives-up-early", &[NotAsked]);
    scene.mistake("new-id-on-retry", &[AskedOtherwise]);
    scene
}

#[test]
fn step_5_asks_again_with_the_same_bytes() {
    let scene = repeating();
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.1", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    server.loses(&question);
    let second = server.is_asked_again(&question);
    server.loses(&second);
    let third = server.is_asked_again(&question);
    server.answers(&third, b"mundo");

    scene.mistake("never-gives-up", &[StillRunning]);
    program.ends().succeeds().prints(b"mundo\n");
}

#[test]
fn step_5_asks_three_times_if_n_is_missing() {
    let scene = repeating();
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", "0.05"], &server.address(), &["hola"]);

    gives_up_after(&scene, program, &server, 3);
}

#[test]
fn step_5_gives_up_after_n_tries() {
    for tries in [1, 5] {
        let scene = repeating();
        let server = UdpPeer::bind(&scene);
        let number = tries.to_string();
        let options = ["--timeout", "0.02", "--tries", &number];

        let program = ask(&scene, &options, &server.address(), &["hola", "mundo"]);

        gives_up_after(&scene, program, &server, tries);
    }
}

/// The program ends, and what has come until then is counted. No clock is read.
fn gives_up_after(scene: &Scene, program: Program, server: &UdpPeer, tries: usize) {
    scene.mistake("never-gives-up", &[AskedTooOften]);
    let first = server.is_asked(b"hola");
    server.loses(&first);

    let asked = server.is_asked_until_the_end_of(program, &first);

    scene.mistake("gives-up-early", &[NotAskedAgain]);
    scene.mistake("never-gives-up", &[StillRunning]);
    match asked {
        1 if tries > 1 => scene.mistake("no-retransmit", &[NotAskedAgain, StillRunning]),
        asked if asked < tries => scene.mistake("seconds-ignored", &[StillRunning]),
        _ => {}
    }
    server.has_been_asked_times(asked, tries);
}

#[test]
fn step_5_waits_for_the_answer_to_its_last_try() {
    let scene = repeating();
    let server = UdpPeer::bind(&scene);
    scene.mistake(
        "gives-up-early",
        &[PrintedNothing, FailedBeforePrinting, Failed],
    );
    let options = ["--timeout", LONG, "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    program.comes_to_rest();
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

/// The second message has as many tries as the first, and each of them all of its time. A busy machine makes
/// that longer, never shorter: the second cannot be sent before the first is answered. Where the answer is
/// held up for all tries of the first, the program is run again, with longer ones.
#[test]
fn step_5_gives_each_message_all_of_its_tries_and_time() {
    for time in [100, 2000].map(Duration::from_millis) {
        let scene = repeating();
        scene.mistake("seconds-ignored", &[AskedTooOften]);
        let server = UdpPeer::bind(&scene);
        let seconds = time.as_secs_f64().to_string();
        let options = ["--timeout", &seconds, "--tries", "3"];

        let program = ask(&scene, &options, &server.address(), &["one", "two"]);
        let first = server.is_asked(b"one");
        let begin = Instant::now();
        server.answers(&first, b"ONE");
        if let Some(second) = server.is_asked_next_unless_it_ends(&first, b"two") {
            server.loses(&second);
            let again = server.is_asked_again(&second);
            scene.has_waited(begin, time, AskedTooOften);
            scene.mistake("never-gives-up", &[AskedTooOften, StillRunning]);
            scene.mistake("gives-up-early", &[NotAskedAgain, GaveUpEarly]);
            let asked = 1 + server.is_asked_until_the_end_of(program, &again);
            server.has_been_asked_times(asked, 3);
            return scene.has_waited(begin, time * 3, GaveUpEarly);
        }
    }
}

/// A program that was told to wait long has not asked again when one that was told to wait briefly has
/// asked for the third time, although it began earlier. No clock is read.
#[test]
fn step_5_waits_as_long_as_it_is_told() {
    let (long, brief) = (repeating(), repeating());
    long.mistake(
        "seconds-ignored",
        &[AskedTooOften, FailedBeforePrinting, Failed],
    );
    let (patient, hasty) = (UdpPeer::bind(&long), UdpPeer::bind(&brief));

    let program = ask(
        &long,
        &["--timeout", LONG, "--tries", "1000000"],
        &patient.address(),
        &["hola"],
    );
    let question = patient.is_asked(b"hola");
    let options = ["--timeout", "0.2", "--tries", "1000"];
    let _other = ask(&brief, &options, &hasty.address(), &["hola"]);
    let first = hasty.is_asked(b"hola");
    for _ in 0..2 {
        hasty.is_asked_again(&first);
    }

    patient.is_asked_no_more();
    patient.answers(&question, b"mundo");
    program.ends().succeeds().prints(b"mundo\n");
}

// ------------------------------------- step 6: `ask` takes only the answer to its question

#[test]
fn step_6_takes_nothing_from_strangers() {
    let scene = asking(6);
    scene.mistake("accepts-stranger", &[PrintedOther, PrintedMore]);
    let server = UdpPeer::bind(&scene);
    let stranger = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    stranger.forges(&question, b"I am a stranger");
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

/// The same port of another address is another one.
#[test]
fn step_6_takes_nothing_from_another_address() {
    let scene = asking(6);
    scene.mistake("accepts-stranger", &[PrintedOther, PrintedMore]);
    let server = UdpPeer::bind(&scene);
    let Some(stranger) = server.at_another_address() else {
        return scene.not_run("why-linux");
    };

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    stranger.forges(&question, b"I am a stranger");
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

/// A test of answers to other questions.
fn other_ids() -> Scene {
    let scene = asking(6);
    scene.mistake("accepts-wrong-id", &[PrintedOther, PrintedMore]);
    scene
}

/// One who asks twice with the same id cannot tell the answers apart.
fn has_another_id(scene: &Scene, first: &Request, second: &Request) {
    if first.id() == second.id() {
        scene.mistake("predictable-id", &[PrintedOther, PrintedMore]);
    }
}

#[test]
fn step_6_takes_no_other_id() {
    let scene = other_ids();
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    for flipped in [1, 1 << 8, 1 << 16, 1 << 24, 1 << 31, u32::MAX] {
        server.answers_another(&question, question.id() ^ flipped, b"another");
    }
    server.answers_another(&question, question.id().swap_bytes() ^ 1, b"another");
    let id = question.id().to_be_bytes();
    for before in [&[!id[0]][..], &[!id[0], 0, 0, 0]] {
        server.sends_junk(&question, &[before, &id, b"later"].concat());
        server.sends_junk(&question, &[before, &id].concat());
    }
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

#[test]
fn step_6_takes_nothing_that_is_too_short_for_an_id() {
    let scene = other_ids();
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    let id = question.id().to_be_bytes();
    for length in 0..4 {
        server.sends_junk(&question, &id[..length]);
    }
    // Compared with a buffer that still holds the end of the id, its beginning is all of it.
    server.sends_junk(&question, &[!id[0], !id[1], id[2], id[3]]);
    server.sends_junk(&question, &id[..2]);
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

#[test]
fn step_6_takes_no_answer_twice() {
    let scene = other_ids();
    let server = UdpPeer::bind(&scene);

    let program = ask(
        &scene,
        &["--timeout", LONG],
        &server.address(),
        &["one", "two"],
    );
    let first = server.is_asked(b"one");
    server.answers(&first, b"ONE");
    let second = server.is_asked(b"two");
    has_another_id(&scene, &first, &second);
    server.repeats(&first, b"ONE");
    server.answers(&second, b"TWO");

    program.ends().succeeds().prints(b"ONE\nTWO\n");
}

/// An answer to an earlier try is an answer to the question, and comes too late for the next one.
#[test]
fn step_6_takes_a_late_answer_once() {
    let scene = other_ids();
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.1", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let first = server.is_asked(b"one");
    server.is_asked_again(&first);
    server.answers_late(&first, b"ONE");
    let second = server.is_asked_next(&first, b"two");
    has_another_id(&scene, &first, &second);
    server.answers_late(&first, b"ONE, for the second try");
    server.answers(&second, b"TWO");

    program.ends().succeeds().prints(b"ONE\nTWO\n");
}

#[test]
fn step_6_does_not_wait_longer_for_junk() {
    let scene = asking(6);
    scene.mistake("accepts-wrong-id", &[PrintedOther, PrintedMore]);
    scene.mistake("junk-stretches-wait", &[NotAskedAgain]);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.15", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    if let Some(again) = server.sends_junk_until_asked_again(&question) {
        server.answers(&again, b"mundo");
    }

    program.ends().succeeds().prints(b"mundo\n");
}

#[test]
fn step_6_begins_each_run_with_an_id_that_nobody_can_guess() {
    let scene = asking(6);
    scene.mistake("predictable-id", &[Guessable]);
    let mut ids = Vec::new();
    for _ in 0..10 {
        let scene = asking(6);
        let server = UdpPeer::bind(&scene);
        let _program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
        ids.push(server.is_asked(b"hola").id());
    }

    are_hard_to_guess(&scene, &ids);
}

#[test]
fn step_6_draws_an_id_for_each_message() {
    let scene = asking(6);
    scene.mistake("predictable-id", &[Guessable]);
    let server = UdpPeer::bind(&scene);
    let mut ids = Vec::new();

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["x"; 10]);
    for _ in 0..10 {
        let question = server.is_asked(b"x");
        server.answers(&question, b"y");
        ids.push(question.id());
    }

    are_hard_to_guess(&scene, &ids);
    program.ends().succeeds().prints(&b"y\n".repeat(10));
}

// --------------------------------------- step 7: `ask` explains a failure, and asks over IPv6

#[test]
fn step_7_asks_over_ipv6() {
    let scene = asking(7);
    scene.mistake("family-mismatch", &[NotAsked, Failed, FailedBeforePrinting]);
    let Ok(server) = UdpPeer::bind_on(&scene, (Ipv6Addr::LOCALHOST, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.is_asked(b"hola");
    server.answers(&question, b"mundo");

    program.ends().succeeds().prints(b"mundo\n");
}

#[test]
fn step_7_explains_that_nobody_is_there() {
    let scene = asking(7);
    let nobody = UdpPeer::refuse(&scene);

    let program = ask(&scene, &["--timeout", "0.1"], &nobody.address(), &["hola"]);

    program.ends().fails();
}

#[test]
fn step_7_explains_that_nobody_answers() {
    let scene = asking(7);
    let silent = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", "0.02"], &silent.address(), &["hola"]);

    program.ends().fails();
}

#[test]
fn step_7_prints_what_was_answered_before_a_failure() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.3", "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let question = server.is_asked(b"one");
    server.answers(&question, b"ONE");

    program.ends().fails_after(b"ONE\n");
}

#[test]
fn step_7_refuses_a_message_that_is_too_large() {
    let scene = asking(7);
    scene.mistake(
        "too-large-not-refused",
        &[
            AskedTooOften,
            StillRunning,
            ExitedZero,
            ExplainedAndExitedZero,
        ],
    );
    let server = UdpPeer::bind(&scene);
    let too_large = String::from_utf8(pattern(LARGEST - 3)).unwrap();
    let options = ["--timeout", "0.1", "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["small", &too_large]);
    let ended = program.ends();

    server.is_asked_no_more();
    ended.fails();
}

#[test]
fn step_7_sends_the_largest_message() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let message = String::from_utf8(pattern(LARGEST - 4)).unwrap();
    if !server.can_send(LARGEST) {
        return scene.not_run("why-datagram");
    }

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &[&message]);
    let question = server.is_asked(message.as_bytes());
    server.answers(&question, b"ok");

    program.ends().succeeds().prints(b"ok\n");
}

#[test]
fn step_7_explains_that_an_address_is_none() {
    let label_of_64_letters = format!("{}:7001", "a".repeat(64)); // RFC 1035, section 2.3.4
    for address in ["127.0.0.1:70000", "127.0.0.1", "", &label_of_64_letters] {
        let scene = asking(7);

        let program = scene.run(["ask", "--timeout", "0.1", address, "hola"]);

        program.ends().fails();
    }
}

#[test]
fn step_7_explains_that_an_argument_is_wrong() {
    let wrong = [
        ["--timeout", "0"],
        ["--timeout", "-1"],
        ["--timeout", "soon"],
        ["--tries", "0"],
        ["--tries", "-1"],
        ["--tries", "1.5"],
        ["--tries", "many"],
        ["--no-such-option", "1"],
    ];
    for options in wrong {
        let scene = asking(7);
        let server = UdpPeer::bind(&scene);

        let program = ask(&scene, &options, &server.address(), &["hola"]);

        program.ends().fails();
    }
}

#[test]
fn step_7_explains_that_a_message_is_missing() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);

    let program = scene.run(["ask", &server.address()]);

    program.ends().fails();
}

#[test]
#[cfg(unix)]
fn step_7_explains_that_its_output_is_closed() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program(["ask", "--timeout", LONG, &server.address(), "hola"])
        .output_into(closed)
        .start();
    let question = server.is_asked(b"hola");
    server.answers(&question, b"mundo");

    program.ends().fails();
}

#[test]
fn step_7_explains_that_its_output_is_full() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return scene.not_run("why-linux");
    };

    let program = scene
        .program(["ask", "--timeout", LONG, &server.address(), "hola"])
        .output_into(full)
        .start();
    let question = server.is_asked(b"hola");
    server.answers(&question, b"mundo");

    program.ends().fails();
}
