//! What `udp` must do, step by step: the grader of lesson 3.
//!
//! Each test runs the program and plays its clients, or the one whom it asks. `cargo test -p udp` grades
//! your exercise, `cargo test -p udp step_4` one step of it. The page: docs/en/03-udp.md.

use std::net::Ipv6Addr;
use std::time::{Duration, Instant};

use enchufe_harness::Kind::*;
use enchufe_harness::{
    Endpoint, Program, Request, Scene, UdpPeer, address_of_its_own, expect_hard_to_guess,
    last_address_of, pattern,
};

const LESSON: &str = "udp";

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
    let scene = Scene::new(LESSON, number);
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
fn serve(scene: &Scene) -> (Program<'_>, Endpoint<'_>) {
    let program = scene.run(["serve", "--bind", ANYWHERE]);
    let server = program.expect_address_line("listening on", ANYWHERE);
    (program, server)
}

/// Begins a test of the one who asks.
fn asking(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.failures_are_explained_in(7);
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

    program.expect_address_line("listening on", "[::1]:0");
}

#[test]
fn step_1_listens_on_a_name() {
    let scene = serving(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    let program = scene.run(["serve", "--bind", "localhost:0"]);

    program.expect_address_line("listening on", "localhost:0");
}

#[test]
fn step_1_listens_on_the_port_that_it_is_given() {
    let scene = serving(1);
    let Some(address) = address_of_its_own() else {
        return scene.not_run("why-linux");
    };

    let program = scene.run(["serve", "--bind", &address.to_string()]);

    program.expect_address_line("listening on", &address.to_string());
}

#[test]
fn step_1_listens_there_and_nowhere_else() {
    let scene = serving(1);
    scene.mistake("wrong-address-line", &[Unreachable]);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }

    let (_program, server) = serve(&scene);

    server.expect_no_other_listener();
    server.expect_datagrams_taken();
}

#[test]
fn step_1_explains_that_an_address_is_taken() {
    let scene = serving(1);
    let taken = UdpPeer::bind(&scene);

    let program = scene.run(["serve", "--bind", &taken.address()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

/// The other server would share its port with one that wants to share it too.
#[test]
#[cfg(unix)]
fn step_1_does_not_share_an_address_with_another_server() {
    let scene = serving(1);
    let taken = UdpPeer::bind_and_share(&scene);

    let program = scene.run(["serve", "--bind", &taken.address()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
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

        program.expect_never_says("listening on");
        program.wait().expect_failure();
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

    program.wait().expect_failure();
}

#[test]
#[cfg(unix)]
fn step_1_ends_when_a_signal_asks_it_to() {
    use enchufe_harness::Signal;
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let scene = serving(1);
        scene.mistake("ignores-signals", &[StillRunning, LeftAChild]);

        let (program, _server) = serve(&scene);
        program.signal(signal);

        program.wait();
    }
}

// ------------------------------ step 2: `serve` echoes each datagram to the one who sent it

#[test]
fn step_2_echoes_one_datagram_after_another() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);

    let (program, server) = serve(&scene);
    let mut client = server.udp_client();
    client.expect_echo(b"hola");
    client.expect_echo(b"a longer one, of many words");
    client.expect_echo(b" and a short one \r\n");

    client.expect_no_datagram();
    program.expect_no_panic();
}

#[test]
fn step_2_echoes_a_short_datagram_after_a_long_one() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);

    let (_program, server) = serve(&scene);
    let mut client = server.udp_client();
    client.expect_echo(&pattern(500));
    client.expect_echo(b"x");
    client.expect_echo(b"\n");

    client.expect_no_datagram();
}

/// Whether all of it comes back, and whether this server lives on, is step 3's matter.
#[test]
fn step_2_echoes_a_datagram_in_one_piece() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.udp_client();
    let possible = client.expect_one_echo_at_most(&pattern(1200), b"x");

    possible.expect("a datagram that every system sends");
}

#[test]
fn step_2_echoes_an_empty_datagram() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.udp_client();
    client.expect_echo(b"hola");
    scene.mistake("empty-is-end", &[NoEcho, Gone]);
    client.expect_echo(b"");

    client.expect_echo(b"x");
}

#[test]
fn step_2_echoes_bytes_that_are_no_text() {
    let scene = serving(2);

    let (program, server) = serve(&scene);
    let mut client = server.udp_client();
    client.expect_echo(b"hola");
    scene.mistake("dies-on-bytes", &[NoEcho, Gone, Panicked]);
    client.expect_echo(b"\xff\0");
    client.expect_echo(&binary());

    client.expect_echo(b"x");
    program.expect_no_panic();
}

#[test]
fn step_2_echoes_to_the_one_who_sent() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut a = server.udp_client();
    let mut b = server.udp_client();
    a.expect_echo(b"I am A");
    scene.mistake("answers-the-first", &[NoEcho, Gone]);
    b.expect_echo(b"I am B");
    a.expect_echo(b"I am A again");
    b.expect_echo(b"B");

    a.expect_no_datagram();
    b.expect_no_datagram();
}

#[test]
fn step_2_echoes_many_that_come_together() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut a = server.udp_client();
    let mut b = server.udp_client();
    a.expect_echo(b"hola");
    scene.mistake("answers-the-first", &[NoEcho, Gone]);
    b.expect_echo(b"hola");
    scene.mistake("echo-altered", &[NoEcho, Gone]);
    for message in ["1", "22", "333", "4444"] {
        a.send(message.as_bytes()).unwrap();
        b.send(message.to_uppercase().as_bytes()).unwrap();
    }

    a.expect_all_back(&[b"1", b"22", b"333", b"4444"]);
    b.expect_all_back(&[b"1", b"22", b"333", b"4444"]);
}

#[test]
fn step_2_goes_on_when_a_client_has_left() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);

    let (program, server) = serve(&scene);
    server.udp_client().expect_echo(b"hola");
    scene.mistake("answers-the-first", &[NoEcho, Gone]);
    for _ in 0..20 {
        server.udp_client().send(b"nobody waits for this").unwrap();
    }

    server.udp_client().expect_echo(b"x");
    program.expect_no_panic();
}

#[test]
fn step_2_echoes_over_ipv6() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);
    if UdpPeer::bind_on(&scene, (Ipv6Addr::LOCALHOST, 0).into()).is_err() {
        return scene.not_run("why-ipv6");
    }

    let program = scene.run(["serve", "--bind", "[::1]:0"]);
    let server = program.expect_address_line("listening on", "[::1]:0");

    server.udp_client().expect_echo(b"hola");
}

#[test]
fn step_2_says_nothing_more_on_standard_output() {
    let scene = serving(2);
    scene.mistake("echo-altered", &[NoEcho]);
    scene.mistake("talks-on-stdout", &[SaidMore]);

    let (program, server) = serve(&scene);
    server.udp_client().expect_echo(b"hola");

    program.expect_no_more_output();
}

// -------------------------------------------- step 3: `serve` echoes the largest datagram

#[test]
fn step_3_echoes_the_largest_datagram() {
    let scene = serving(3);
    scene.mistake("small-buffer", &[SentOther, NoEcho, Gone, Panicked]);

    let (program, server) = serve(&scene);
    for size in [1500, 8192, 65_000, LARGEST] {
        let mut client = server.udp_client();
        if client.expect_echo_if_possible(&pattern(size)).is_err() {
            return scene.not_run("why-datagram");
        }
    }

    server.udp_client().expect_echo(b"x");
    program.expect_no_panic();
}

// ---------------------------------------- step 4: `ask` sends the message and prints the answer

#[test]
fn step_4_sends_the_message_and_prints_the_answer() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.expect_request(b"hola");
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
    scene.mistake("request-altered", &[AskedTooOften]);
    server.expect_no_more_requests();
}

#[test]
fn step_4_asks_one_message_after_another() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let messages = ["one", "two", "", "four\n"];

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &messages);
    for message in messages {
        let question = server.expect_request(message.as_bytes());
        program.expect_no_other_request(&server, &question);
        server.answer(&question, format!("answer to {message}").as_bytes());
    }

    let printed = messages.map(|message| format!("answer to {message}\n"));
    program
        .wait()
        .expect_success()
        .expect_stdout(printed.concat().as_bytes());
    server.expect_no_more_requests();
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
    let question = server.expect_request(message);
    server.answer(&question, b"");

    program.wait().expect_success().expect_stdout(b"\n");
}

#[test]
fn step_4_prints_an_answer_that_is_no_text() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.expect_request(b"hola");
    server.answer(&question, &binary());

    program
        .wait()
        .expect_success()
        .expect_stdout(&[&binary()[..], b"\n"].concat());
}

#[test]
fn step_4_prints_the_largest_answer() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let answer = pattern(LARGEST - 4);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.expect_request(b"hola");
    server.answer(&question, &answer);

    program
        .wait()
        .expect_success()
        .expect_stdout(&[&answer[..], b"\n"].concat());
}

#[test]
fn step_4_sends_a_long_message() {
    let scene = asking(4);
    let server = UdpPeer::bind(&scene);
    let message = String::from_utf8(pattern(60_000)).unwrap();

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &[&message]);
    let question = server.expect_request(message.as_bytes());
    server.answer(&question, b"ok");

    program.wait().expect_success().expect_stdout(b"ok\n");
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
    let question = server.expect_request(b"hola");
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
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
    let question = server.expect_request(b"hola");
    server.lose(&question);
    let second = server.expect_repetition(&question);
    server.lose(&second);
    let third = server.expect_repetition(&question);
    server.answer(&third, b"mundo");

    scene.mistake("never-gives-up", &[StillRunning]);
    program.wait().expect_success().expect_stdout(b"mundo\n");
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
    let first = server.expect_request(b"hola");
    server.lose(&first);

    let asked = server.count_requests_until_the_end_of(program, &first);

    scene.mistake("gives-up-early", &[NotAskedAgain]);
    scene.mistake("never-gives-up", &[StillRunning]);
    match asked {
        1 if tries > 1 => scene.mistake("no-retransmit", &[NotAskedAgain, StillRunning]),
        asked if asked < tries => scene.mistake("seconds-ignored", &[StillRunning]),
        _ => {}
    }
    server.expect_requests(asked, tries);
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
    let question = server.expect_request(b"hola");
    program.wait_until_idle();
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
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
        let first = server.expect_request(b"one");
        let begin = Instant::now();
        server.answer(&first, b"ONE");
        if let Some(second) = server.expect_next_request_unless_it_ends(&first, b"two") {
            server.lose(&second);
            let again = server.expect_repetition(&second);
            scene.expect_waited(begin, time, AskedTooOften);
            scene.mistake("never-gives-up", &[AskedTooOften, StillRunning]);
            scene.mistake("gives-up-early", &[NotAskedAgain, GaveUpEarly]);
            let asked = 1 + server.count_requests_until_the_end_of(program, &again);
            server.expect_requests(asked, 3);
            return scene.expect_waited(begin, time * 3, GaveUpEarly);
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
    let question = patient.expect_request(b"hola");
    let options = ["--timeout", "0.2", "--tries", "1000"];
    let _other = ask(&brief, &options, &hasty.address(), &["hola"]);
    let first = hasty.expect_request(b"hola");
    for _ in 0..2 {
        hasty.expect_repetition(&first);
    }

    patient.expect_no_more_requests();
    patient.answer(&question, b"mundo");
    program.wait().expect_success().expect_stdout(b"mundo\n");
}

// ------------------------------------- step 6: `ask` takes only the answer to its question

#[test]
fn step_6_takes_nothing_from_strangers() {
    let scene = asking(6);
    scene.mistake("accepts-stranger", &[PrintedOther, PrintedMore]);
    let server = UdpPeer::bind(&scene);
    let stranger = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.expect_request(b"hola");
    stranger.forge(&question, b"I am a stranger");
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
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
    let question = server.expect_request(b"hola");
    stranger.forge(&question, b"I am a stranger");
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
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
    let question = server.expect_request(b"hola");
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

    program.wait().expect_success().expect_stdout(b"mundo\n");
}

#[test]
fn step_6_takes_nothing_that_is_too_short_for_an_id() {
    let scene = other_ids();
    let server = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["hola"]);
    let question = server.expect_request(b"hola");
    let id = question.id().to_be_bytes();
    for length in 0..4 {
        server.send_junk(&question, &id[..length]);
    }
    // Compared with a buffer that still holds the end of the id, its beginning is all of it.
    server.send_junk(&question, &[!id[0], !id[1], id[2], id[3]]);
    server.send_junk(&question, &id[..2]);
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
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
    let first = server.expect_request(b"one");
    server.answer(&first, b"ONE");
    let second = server.expect_request(b"two");
    has_another_id(&scene, &first, &second);
    server.repeat_answer(&first, b"ONE");
    server.answer(&second, b"TWO");

    program.wait().expect_success().expect_stdout(b"ONE\nTWO\n");
}

/// An answer to an earlier try is an answer to the question, and comes too late for the next one.
#[test]
fn step_6_takes_a_late_answer_once() {
    let scene = other_ids();
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.1", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let first = server.expect_request(b"one");
    server.expect_repetition(&first);
    server.answer_late(&first, b"ONE");
    let second = server.expect_next_request(&first, b"two");
    has_another_id(&scene, &first, &second);
    server.answer_late(&first, b"ONE, for the second try");
    server.answer(&second, b"TWO");

    program.wait().expect_success().expect_stdout(b"ONE\nTWO\n");
}

#[test]
fn step_6_does_not_wait_longer_for_junk() {
    let scene = asking(6);
    scene.mistake("accepts-wrong-id", &[PrintedOther, PrintedMore]);
    scene.mistake("junk-stretches-wait", &[NotAskedAgain]);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.15", "--tries", "1000"];

    let program = ask(&scene, &options, &server.address(), &["hola"]);
    let question = server.expect_request(b"hola");
    if let Some(again) = server.send_junk_until_repetition(&question) {
        server.answer(&again, b"mundo");
    }

    program.wait().expect_success().expect_stdout(b"mundo\n");
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
        ids.push(server.expect_request(b"hola").id());
    }

    expect_hard_to_guess(&scene, &ids);
}

#[test]
fn step_6_draws_an_id_for_each_message() {
    let scene = asking(6);
    scene.mistake("predictable-id", &[Guessable]);
    let server = UdpPeer::bind(&scene);
    let mut ids = Vec::new();

    let program = ask(&scene, &["--timeout", LONG], &server.address(), &["x"; 10]);
    for _ in 0..10 {
        let question = server.expect_request(b"x");
        server.answer(&question, b"y");
        ids.push(question.id());
    }

    expect_hard_to_guess(&scene, &ids);
    program
        .wait()
        .expect_success()
        .expect_stdout(&b"y\n".repeat(10));
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
    let question = server.expect_request(b"hola");
    server.answer(&question, b"mundo");

    program.wait().expect_success().expect_stdout(b"mundo\n");
}

#[test]
fn step_7_explains_that_nobody_is_there() {
    let scene = asking(7);
    let nobody = UdpPeer::refuse(&scene);

    let program = ask(&scene, &["--timeout", "0.1"], &nobody.address(), &["hola"]);

    program.wait().expect_failure();
}

#[test]
fn step_7_explains_that_nobody_answers() {
    let scene = asking(7);
    let silent = UdpPeer::bind(&scene);

    let program = ask(&scene, &["--timeout", "0.02"], &silent.address(), &["hola"]);

    program.wait().expect_failure();
}

#[test]
fn step_7_prints_what_was_answered_before_a_failure() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);
    let options = ["--timeout", "0.3", "--tries", "1"];

    let program = ask(&scene, &options, &server.address(), &["one", "two"]);
    let question = server.expect_request(b"one");
    server.answer(&question, b"ONE");

    program.wait().expect_failure_after(b"ONE\n");
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
    let ended = program.wait();

    server.expect_no_more_requests();
    ended.expect_failure();
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
    let question = server.expect_request(message.as_bytes());
    server.answer(&question, b"ok");

    program.wait().expect_success().expect_stdout(b"ok\n");
}

#[test]
fn step_7_explains_that_an_address_is_none() {
    let label_of_64_letters = format!("{}:7001", "a".repeat(64)); // RFC 1035, section 2.3.4
    for address in ["127.0.0.1:70000", "127.0.0.1", "", &label_of_64_letters] {
        let scene = asking(7);

        let program = scene.run(["ask", "--timeout", "0.1", address, "hola"]);

        program.wait().expect_failure();
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

        program.wait().expect_failure();
    }
}

#[test]
fn step_7_explains_that_a_message_is_missing() {
    let scene = asking(7);
    let server = UdpPeer::bind(&scene);

    let program = scene.run(["ask", &server.address()]);

    program.wait().expect_failure();
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
    let question = server.expect_request(b"hola");
    server.answer(&question, b"mundo");

    program.wait().expect_failure();
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
    let question = server.expect_request(b"hola");
    server.answer(&question, b"mundo");

    program.wait().expect_failure();
}
