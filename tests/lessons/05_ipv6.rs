//! What `ipv6` must do, step by step: the grader of lesson 5.
//!
//! Each test runs the program and plays its clients, or its servers. `cargo test -p ipv6` grades your
//! exercise, `cargo test -p ipv6 step_4` one step of it. The page: docs/en/05-ipv6.md.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

use enchufe_harness::Kind::*;
#[cfg(target_os = "linux")]
use enchufe_harness::{Default6, Race, Stagger, in_a_network_of_its_own};
use enchufe_harness::{Endpoint, MIB, Program, Scene, TcpPeer, last_address_of, pattern};

const LESSON: &str = "ipv6";

/// Where the server listens, if a test asks for nothing else: on a free port of loopback.
const ANYWHERE: &str = "[::1]:0";
const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
/// Seconds that no test waits for.
#[cfg(target_os = "linux")]
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

/// Whether this machine has the address of loopback for IPv6. A test without it says so, and is not run.
fn has_ipv6(scene: &Scene) -> bool {
    let has = TcpPeer::listen_on(scene, (V6, 0).into()).is_ok();
    if !has {
        scene.not_run("why-ipv6");
    }
    has
}

/// Begins a test of the server. What an earlier step lacks has its name in the later ones too.
fn serving(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.serves_until_killed();
    scene.mistake("no-brackets", &[SaidWithoutBrackets]);
    scene.mistake(
        "wrong-address-line",
        &[SaidNothing, SaidOther, SaidPortZero, Unreachable, Listening],
    );
    scene.mistake("listens-elsewhere", &[SaidOtherPlace, ListensElsewhere]);
    scene.mistake("mapped-shown", &[ToldMapped]);
    let kinds = [
        ToldOther,
        EndedEarly,
        Silent,
        StillOpen,
        SentMore,
        CutOff,
        NotAccepted,
        Gone,
    ];
    scene.mistake("greeting-altered", &kinds);
    scene
}

/// Starts the server, and reads where it listens.
fn serve<'scene>(
    scene: &'scene Scene,
    options: &[&str],
    address: &str,
) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run(["serve", "--bind", address].iter().chain(options));
    let server = program.expect_address_line("listening on", address);
    (program, server)
}

/// A client comes, is told who it is, and sees the end.
fn greets(server: &Endpoint) {
    let mut client = server.connect();
    client.expect_own_address();
    client.expect_end();
}

/// Begins a test of the client.
fn connecting(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    let kinds = [PrintedNothing, PrintedLess, PrintedOther, PrintedMore];
    scene.mistake("reply-altered", &kinds);
    scene.mistake("does-not-wait", &[FailedBeforePrinting, Failed]); // and it is connected
    scene.mistake("winner-not-said", &[WinnerNotSaid]);
    scene
}

/// Starts the client with these addresses.
fn connect<'scene>(scene: &'scene Scene, options: &[&str], peers: &[&TcpPeer]) -> Program<'scene> {
    let addresses: Vec<String> = peers.iter().map(|peer| peer.address()).collect();
    let words = ["connect"].iter().chain(options).map(ToString::to_string);
    scene.run(words.chain(addresses))
}

// ------------------------------------------- step 1: `serve` says where it listens, with brackets

#[test]
fn step_1_says_where_it_listens() {
    let scene = serving(1);
    if !has_ipv6(&scene) {
        return;
    }

    let (_program, server) = serve(&scene, &[], ANYWHERE);

    server.connect();
    #[cfg(target_os = "linux")]
    server.expect_no_other_listener();
}

#[test]
fn step_1_listens_over_ipv4_too() {
    let scene = serving(1);

    let (_program, server) = serve(&scene, &[], "127.0.0.1:0");

    server.connect();
}

#[test]
fn step_1_listens_on_a_name() {
    let scene = serving(1);
    if last_address_of("localhost").is_none() {
        return scene.not_run("why-name");
    }

    let (_program, server) = serve(&scene, &[], "localhost:0");

    server.connect();
}

#[test]
fn step_1_explains_that_an_address_is_taken() {
    let scene = serving(1);
    let Ok(taken) = TcpPeer::listen_on(&scene, (V6, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = scene.run(["serve", "--bind", &taken.address()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

/// The other server would share its port with one that wants to share it too.
#[test]
#[cfg(target_os = "linux")]
fn step_1_does_not_share_an_address_with_another_server() {
    for ip in [V4, V6] {
        let scene = serving(1);
        let Ok(taken) = TcpPeer::listen_and_share_on(&scene, ip) else {
            return scene.not_run("why-ipv6");
        };

        let program = scene.run(["serve", "--bind", &taken.address()]);

        program.expect_never_says("listening on");
        program.wait().expect_failure();
    }
}

#[test]
fn step_1_explains_that_an_address_is_not_its_own_or_none() {
    let of_documentation = "[2001:db8::1]:0"; // no machine has it (RFC 3849)
    let label_of_64_letters = format!("{}:7002", "a".repeat(64)); // RFC 1035, section 2.3.4
    for address in [
        of_documentation,
        "[::1]:70000",
        "[::1]",
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
        .program(["serve", "--bind", "127.0.0.1:0"])
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

        let (program, _server) = serve(&scene, &[], "127.0.0.1:0");
        program.signal(signal);

        program.wait();
    }
}

// ------------------------------------------------------- step 2: `serve` tells each client who it is

#[test]
fn step_2_tells_an_ipv6_client_its_address() {
    let scene = serving(2);
    if !has_ipv6(&scene) {
        return;
    }

    let (program, server) = serve(&scene, &[], ANYWHERE);
    greets(&server);
    greets(&server);

    program.expect_no_panic();
}

#[test]
fn step_2_tells_a_client_of_an_ipv4_socket_its_address() {
    let scene = serving(2);

    let (_program, server) = serve(&scene, &[], "127.0.0.1:0");

    greets(&server);
}

/// The socket is one of IPv6 and has an IPv4 address inside its own: on loopback, it shows an IPv4
/// client as one of IPv6.
#[test]
fn step_2_tells_an_ipv4_client_of_an_ipv6_socket_its_ipv4_address() {
    let scene = serving(2);
    if !has_ipv6(&scene) {
        return;
    }

    let (_program, server) = serve(&scene, &[], "[::ffff:127.0.0.1]:0");

    greets(&server.over_ipv4());
}

#[test]
fn step_2_serves_clients_that_stay_and_those_that_leave() {
    let scene = serving(2);

    let (program, server) = serve(&scene, &[], "127.0.0.1:0");
    let mut first = server.connect();
    let mut second = server.connect();
    for _ in 0..20 {
        server.connect(); // and leaves at once
    }
    greets(&server);
    second.expect_own_address();
    first.expect_own_address();

    first.expect_end();
    program.expect_no_panic();
}

#[test]
fn step_2_says_nothing_more_on_standard_output() {
    let scene = serving(2);
    scene.mistake("talks-on-stdout", &[SaidMore]);

    let (program, server) = serve(&scene, &[], "127.0.0.1:0");
    greets(&server);

    program.expect_no_more_output();
}

// ----------------------------------------- step 3: `serve` serves both families, or IPv6 alone

/// Begins a test of the families.
fn families() -> Scene {
    let scene = serving(3);
    scene.mistake("v6only-too-late", &[LeftBeforeListening]);
    scene
}

/// In a network of its own, this serves clients of both families.
#[cfg(target_os = "linux")]
fn serves_both() {
    let scene = families();

    let (_program, server) = serve(&scene, &[], "[::]:0");
    greets(&server.over_ipv6());

    scene.mistake("v6only-assumed", &[Unreachable]);
    greets(&server.over_ipv4());
}

#[test]
#[cfg(target_os = "linux")]
fn step_3_serves_both_families_by_default() {
    let name = "step_3_serves_both_families_by_default";
    if !in_a_network_of_its_own(name, Default6::Both, serves_both) {
        families().not_run("why-network");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn step_3_serves_both_families_whatever_the_systems_default() {
    let name = "step_3_serves_both_families_whatever_the_systems_default";
    if !in_a_network_of_its_own(name, Default6::Alone, serves_both) {
        families().not_run("why-network");
    }
}

/// In a network of its own, this leaves the clients of IPv4 to another.
#[cfg(target_os = "linux")]
fn serves_ipv6_alone() {
    let scene = families();
    scene.mistake("v6only-ignored", &[ListensElsewhere]);

    let (program, server) = serve(&scene, &["--v6-only"], "[::]:0");
    greets(&server.over_ipv6());
    server.over_ipv4().expect_refusal();
    let port = server.socket_address().map_or(0, |address| address.port());
    scene.mistake("v6only-ignored", &[LeftBeforeListening, SaidNothing]);
    let other = families();
    other.mistake("v6only-ignored", &[LeftBeforeListening, SaidNothing]);
    let (_other_program, other_server) = serve(&other, &[], &format!("127.0.0.1:{port}"));

    greets(&other_server);
    greets(&server.over_ipv6());
    program.expect_no_panic();
}

#[test]
#[cfg(target_os = "linux")]
fn step_3_serves_ipv6_alone_if_it_is_told_to() {
    let name = "step_3_serves_ipv6_alone_if_it_is_told_to";
    if !in_a_network_of_its_own(name, Default6::Both, serves_ipv6_alone) {
        families().not_run("why-network");
    }
}

#[test]
#[cfg(not(target_os = "linux"))]
fn step_3_serves_both_families_or_one_on_linux() {
    families().not_run("why-linux");
}

#[test]
fn step_3_takes_the_option() {
    let scene = families();
    if !has_ipv6(&scene) {
        return;
    }

    let (_program, server) = serve(&scene, &["--v6-only"], ANYWHERE);

    greets(&server);
}

#[test]
fn step_3_explains_that_an_ipv4_address_is_not_ipv6() {
    for address in ["127.0.0.1:0", "127.0.0.1:7002"] {
        let scene = families();
        scene.mistake("v6only-ignored", &[Listening]);

        let program = scene.run(["serve", "--bind", address, "--v6-only"]);

        program.expect_never_says("listening on");
        program.wait().expect_failure();
    }
}

// --------------------------------------- step 4: `connect` takes addresses in brackets, and names

/// A test of one address.
fn one_address() -> Scene {
    let scene = connecting(4);
    scene.mistake("brackets-kept", &[LeftBeforeConnecting, NeverConnected]);
    scene
}

#[test]
fn step_4_connects_to_an_address_in_brackets() {
    let scene = one_address();
    let Ok(server) = TcpPeer::listen_on(&scene, (V6, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = connect(&scene, &[], &[&server]);
    let mut client = server.accept();
    client.send(b"you are welcome\n");
    client.end();

    let ended = program.wait();
    ended
        .expect_stdout(b"you are welcome\n")
        .expect_connected_to(&server.address())
        .expect_success();
    client.expect_nothing();
}

#[test]
fn step_4_connects_to_an_ipv4_address() {
    let scene = one_address();
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &[], &[&server]);
    let mut client = server.accept();
    client.send(b"hola");
    client.end();

    let ended = program.wait();
    ended.expect_stdout(b"hola");
    ended
        .expect_connected_to(&server.address())
        .expect_success();
}

#[test]
fn step_4_connects_to_a_name() {
    let scene = connecting(4);
    let localhost: Vec<_> = ("localhost", 0)
        .to_socket_addrs()
        .into_iter()
        .flatten()
        .collect();
    let first = localhost
        .iter()
        .find(|address| address.is_ipv6())
        .or(localhost.first());
    let Some(Ok(server)) = first.map(|&address| TcpPeer::listen_on(&scene, address)) else {
        return scene.not_run("why-name");
    };

    let program = scene.run(["connect", &server.address_of("localhost")]);
    let mut client = server.accept();
    client.send(b"hola");
    client.end();

    let ended = program.wait();
    ended.expect_stdout(b"hola");
    ended
        .expect_connected_to(&server.address())
        .expect_success();
}

#[test]
fn step_4_prints_what_it_is_told_to_the_end() {
    for told in [binary(), pattern(2 * MIB), Vec::new()] {
        let scene = one_address();
        scene.mistake("reply-altered", &[FailedBeforePrinting, Failed]);
        let server = TcpPeer::listen(&scene);

        let program = connect(&scene, &[], &[&server]);
        let mut client = server.accept();
        client.send(&told);
        client.end();

        program.wait().expect_stdout(&told).expect_success();
    }
}

#[test]
fn step_4_waits_for_a_server_that_says_nothing_yet() {
    let scene = one_address();
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &[], &[&server]);
    let mut client = server.accept();
    client.stay_silent();
    scene.settle();
    client.send(b"hola");
    client.end();

    program.wait().expect_stdout(b"hola").expect_success();
}

#[test]
fn step_4_refuses_an_ipv6_address_without_brackets() {
    let scene = connecting(4);
    scene.mistake("bare-address-taken", &[Connected]);
    let Ok(server) = TcpPeer::listen_on(&scene, (V6, 0).into()) else {
        return scene.not_run("why-ipv6");
    };

    let program = scene.run(["connect", &server.address_of("::1")]);

    server.expect_left_alone();
    program.wait().expect_failure();
}

#[test]
fn step_4_explains_that_an_address_is_none() {
    let label_of_64_letters = format!("{}:7002", "a".repeat(64)); // RFC 1035, section 2.3.4
    for address in [
        "[::1]:70000",
        "[::1]",
        "::1",
        "127.0.0.1",
        "",
        &label_of_64_letters,
    ] {
        let scene = connecting(4);

        let program = scene.run(["connect", address]);

        program.wait().expect_failure();
    }
}

#[test]
fn step_4_explains_that_an_argument_is_wrong() {
    let wrong = [
        &["connect"][..],
        &["connect", "--no-such-option", "127.0.0.1:7002"],
        &[],
    ];
    for arguments in wrong {
        let scene = connecting(4);

        let program = scene.run(arguments);

        program.wait().expect_failure();
    }
}

// --------------------------------------- step 5: `connect` goes on to the next when one refuses

/// A test of several addresses.
fn several_addresses() -> Scene {
    let scene = connecting(5);
    let kinds = [LeftBeforeConnecting, NeverConnected];
    scene.mistake("first-address-only", &kinds);
    scene
}

#[test]
fn step_5_goes_on_when_an_address_refuses() {
    for (refusing, good) in [(V4, V4), (V6, V4), (V4, V6)] {
        let scene = several_addresses();
        let (Ok(first), Ok(server)) = (
            TcpPeer::refuse_on(&scene, refusing),
            TcpPeer::listen_on(&scene, (good, 0).into()),
        ) else {
            return scene.not_run("why-ipv6");
        };

        let program = connect(&scene, &[], &[&first, &first, &server]);
        let mut client = server.accept();
        client.send(b"hola");
        client.end();

        let ended = program.wait();
        ended.expect_stdout(b"hola");
        ended
            .expect_connected_to(&server.address())
            .expect_success();
    }
}

/// Two that both answer: the one that was given first is taken, whatever its family.
#[test]
fn step_5_keeps_the_order_that_it_is_given() {
    for (one, another) in [(V4, V6), (V6, V4), (V4, V4)] {
        let scene = several_addresses();
        scene.mistake("wrong-order", &[ConnectedToAnother, WinnerNotSaid]);
        scene.mistake("wrong-order", &[StillRunning, Unread]);
        let (Ok(first), Ok(second)) = (
            TcpPeer::listen_on(&scene, (one, 0).into()),
            TcpPeer::listen_on(&scene, (another, 0).into()),
        ) else {
            return scene.not_run("why-ipv6");
        };

        let program = connect(&scene, &[], &[&first, &second]);
        first.expect_connected_before(&second);
        let mut client = first.accept();
        client.send(b"I was first\n");
        client.end();

        let ended = program.wait();
        ended.expect_stdout(b"I was first\n");
        ended.expect_connected_to(&first.address()).expect_success();
    }
}

#[test]
fn step_5_explains_that_all_refuse() {
    let scene = several_addresses();
    let (first, second) = (TcpPeer::refuse(&scene), TcpPeer::refuse(&scene));

    let program = connect(&scene, &[], &[&first, &second]);

    program.wait().expect_failure();
}

#[test]
fn step_5_explains_a_reset() {
    let scene = connecting(5);
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &[], &[&server]);
    let mut client = server.accept();
    client.send(b"part");
    client.wait_until_read();
    client.reset();

    program.wait().expect_failure_after(b"part");
}

#[test]
fn step_5_explains_that_its_output_is_closed_or_full() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut outputs: Vec<std::process::Stdio> = full.into_iter().map(Into::into).collect();
    #[cfg(unix)]
    outputs.push(enchufe_harness::closed_pipe().unwrap().into());
    for output in outputs {
        let scene = connecting(5);
        let server = TcpPeer::listen(&scene);

        let program = scene
            .program(["connect", &server.address()])
            .output_into(output)
            .start();
        let mut client = server.accept();
        client.send(b"hola");
        client.end();

        program.wait().expect_failure();
    }
}

// ------------------------------------------------------------------- step 6: `connect` races

/// A test of a race.
fn race() -> Scene {
    let scene = connecting(6);
    let kinds = [OneAttempt, NeverConnected, LeftBeforeConnecting, Failed];
    scene.mistake("one-after-another", &kinds);
    scene.mistake("timeouts-in-turn", &[AttemptsInTurn]);
    scene.mistake("no-stagger", &[AttemptsAtOnce]);
    scene.mistake("losers-kept", &[StillConnected]);
    scene
}

#[test]
#[cfg(target_os = "linux")]
fn step_6_is_not_held_up_by_an_address_that_does_not_answer() {
    for (silent, good) in [(V4, V4), (V6, V4), (V4, V6)] {
        let scene = race();
        let (Ok(nobody), Ok(server)) = (
            TcpPeer::ignore_on(&scene, silent),
            TcpPeer::listen_on(&scene, (good, 0).into()),
        ) else {
            return scene.not_run("why-ipv6");
        };

        let program = connect(&scene, &["--timeout", LONG], &[&nobody, &server]);
        let attempts = Race::of(&scene, &[&nobody, &server]);
        let mut client = attempts.accept(1);
        client.send(b"hola");
        client.end();

        scene.mistake("waits-for-losers", &[StillRunning, Unread]);
        let ended = program.wait();
        ended.expect_stdout(b"hola");
        ended
            .expect_connected_to(&server.address())
            .expect_success();
    }
}

/// The first answers at once, so that nobody is to try the second. A busy machine may hold the program up
/// for longer than its head start: then it is run again.
#[test]
#[cfg(target_os = "linux")]
fn step_6_tries_no_other_when_the_first_answers() {
    for round in 0..5 {
        let scene = race();
        let (first, second) = (TcpPeer::listen(&scene), TcpPeer::listen(&scene));

        let program = connect(&scene, &["--timeout", LONG], &[&first, &second]);
        let mut client = first.accept();
        client.send(b"hola");
        client.end();
        program.wait();

        let attempts = Race::of(&scene, &[&first, &second]);
        match attempts.has_tried(1) {
            false => return,
            true if round == 4 => attempts.fail_as_at_once(),
            true => {}
        }
    }
}

/// In a network of its own, where the system allows one: the table of sockets is short there, and all of it
/// read at once.
#[test]
#[cfg(target_os = "linux")]
fn step_6_has_several_attempts_and_gives_each_a_head_start() {
    let name = "step_6_has_several_attempts_and_gives_each_a_head_start";
    if !in_a_network_of_its_own(name, Default6::Both, gives_a_head_start) {
        gives_a_head_start();
    }
}

/// A busy machine may look too late to tell, and hold up one of them: then it looks again.
#[cfg(target_os = "linux")]
fn gives_a_head_start() {
    let (mut at_once, mut missed) = (0, 0);
    loop {
        let scene = race();
        let peers = [(); 3].map(|()| TcpPeer::ignore(&scene));
        let peers = [&peers[0], &peers[1], &peers[2]];

        let _program = connect(&scene, &["--timeout", LONG], &peers);

        let attempts = Race::of(&scene, &peers);
        match attempts.stagger() {
            Stagger::Seen => return,
            Stagger::AtOnce if at_once == 3 => attempts.fail_as_at_once(),
            Stagger::AtOnce => at_once += 1,
            Stagger::Missed if missed == 6 => attempts.fail_as_too_late(),
            Stagger::Missed => missed += 1,
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn step_6_goes_on_at_once_when_a_later_address_refuses() {
    let scene = race();
    let (nobody, refusing) = (TcpPeer::ignore(&scene), TcpPeer::refuse(&scene));
    let server = TcpPeer::listen(&scene);

    let program = connect(&scene, &["--timeout", LONG], &[&nobody, &refusing, &server]);
    let mut client = server.accept();
    client.send(b"hola");
    client.end();

    scene.mistake("waits-for-losers", &[StillRunning, Unread]);
    program.wait().expect_stdout(b"hola").expect_success();
}

/// Two attempts wait; both are answered at last. The first to be answered wins, and the other one is
/// closed, before or after its answer.
#[test]
#[cfg(target_os = "linux")]
fn step_6_prints_only_what_the_winner_says_and_closes_the_others() {
    let scene = race();
    scene.mistake("prints-losers", &[PrintedOther, PrintedMore]);
    let (first, second) = (TcpPeer::ignore(&scene), TcpPeer::ignore(&scene));

    let program = connect(&scene, &["--timeout", LONG], &[&first, &second]);
    let attempts = Race::of(&scene, &[&first, &second]);
    attempts.wait_for_attempts(2);
    attempts.answer_at_last(0);
    attempts.answer_at_last(1);
    let winner = attempts.wait_for_winner();
    let mut client = attempts.accept(winner);
    client.send(b"I won\n");
    attempts.expect_close(1 - winner);
    client.end();

    scene.mistake("waits-for-losers", &[StillRunning, Unread]);
    program.wait().expect_stdout(b"I won\n").expect_success();
}

#[test]
#[cfg(target_os = "linux")]
fn step_6_gives_up_when_nobody_answers() {
    let scene = race();
    scene.mistake("timeout-missing", &[StillRunning]);
    let (first, second) = (TcpPeer::ignore(&scene), TcpPeer::ignore(&scene));

    let program = connect(&scene, &["--timeout", "0.4"], &[&first, &second]);

    program.wait().expect_failure();
}

/// A program that was told to wait long still waits when one that was told to wait briefly has given
/// up, although it began earlier. No clock is read.
#[test]
#[cfg(target_os = "linux")]
fn step_6_waits_as_long_as_it_is_told() {
    let (long, brief) = (race(), race());
    long.mistake("timeout-missing", &[Failed, FailedBeforePrinting]);
    brief.mistake("timeout-missing", &[StillRunning]);
    let (patient, hasty) = (TcpPeer::ignore(&long), TcpPeer::ignore(&brief));

    let program = connect(&long, &["--timeout", LONG], &[&patient]);
    Race::of(&long, &[&patient]).wait_for_attempts(1);
    long.mistake("timeouts-in-turn", &[OneAttempt, NeverConnected]);
    let other = connect(&brief, &["--timeout", "0.2"], &[&hasty]);
    other.wait().expect_failure();

    Race::of(&long, &[&patient]).wait_for_attempts(1);
    assert!(program.runs());
}

/// SECONDS are for the connection, which this server accepts at once, and says nothing. Another program that
/// began later, and whom nobody answers, has given up: were this one to give up too, it would have by then.
/// No clock is read. A busy machine may hold a program up for SECONDS: then it is given more of them.
#[test]
#[cfg(target_os = "linux")]
fn step_6_is_connected_with_a_server_that_says_nothing_yet() {
    for seconds in ["0.4", "1", "3"] {
        let (scene, other) = (race(), race());
        scene.mistake("silence-as-no-answer", &[WinnerNotSaid]);
        other.mistake("timeout-missing", &[StillRunning]);
        let (server, nobody) = (TcpPeer::listen(&scene), TcpPeer::ignore(&other));

        let program = connect(&scene, &["--timeout", seconds], &[&server]);
        let mut client = server.accept();
        client.stay_silent();
        connect(&other, &["--timeout", seconds], &[&nobody]).wait();
        scene.settle();
        if !program.runs() && seconds != "3" {
            continue;
        }
        client.send(b"hola");
        client.end();

        // Whether it also waits no longer than that for the first byte, as in lesson 1, is left to it.
        program.wait().expect_connected_to(&server.address());
        return;
    }
}

#[test]
#[cfg(not(target_os = "linux"))]
fn step_6_races_on_linux() {
    race().not_run("why-linux");
}

#[test]
fn step_6_refuses_seconds_that_are_none() {
    for seconds in ["0", "-1", "soon", ""] {
        let scene = race();
        let server = TcpPeer::listen(&scene);

        let program = connect(&scene, &["--timeout", seconds], &[&server]);

        server.expect_left_alone();
        program.wait().expect_failure();
    }
}
