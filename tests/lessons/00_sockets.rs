//! What `sockets` must do, step by step: the grader of lesson 0.
//!
//! Each test runs the program and sends it one message. `cargo test -p sockets` grades your exercise,
//! `cargo test -p sockets step_2` one step of it. The page: docs/en/00-sockets.md.

use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{MIB, Scene, TcpPeer, UdpPeer, free_address, pattern};

const LESSON: &str = "sockets";

/// Bytes that are no text: each one that there is, a byte order mark before them, and NULs at the end.
fn binary() -> Vec<u8> {
    [
        &b"\xef\xbb\xbf"[..],
        &(0..=255).collect::<Vec<u8>>(),
        b" \r\n \0\0",
    ]
    .concat()
}

/// The longest message that a datagram over IPv4 has room for: 65,535 less two headers (RFC 768, RFC 791).
const LONGEST: usize = 65_507;

/// Longer than the half second after which some tools give up.
const A_WHILE: Duration = Duration::from_millis(600);

/// Begins a test. What an earlier step lacks has its name in the later ones too.
fn step(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.failures_are_explained_in(5);
    scene.mistake("line-missing", &[SaidNothing, SaidOther]);
    scene.mistake("printed-requested-port", &[SaidPortZero]);
    scene.mistake("not-listening", &[Unreachable]);
    scene.mistake(
        "message-altered",
        &[PrintedOther, PrintedMore, PrintedNothing],
    );
    scene.mistake("does-not-end", &[StillRunning, StillWaiting]);
    scene
}

/// A test of a stream: its message ends with the stream.
fn stream(number: u8) -> Scene {
    let scene = step(number);
    scene.mistake("one-read", &[PrintedLess, NotReceiving]);
    scene
}

/// A test of datagrams: one that does not arrive was sent to a socket of another type.
fn datagram(number: u8) -> Scene {
    let scene = step(number);
    scene.mistake("wrong-type", &[Unreachable]);
    scene
}

/// The program prints a message of a stream on this address.
fn prints_a_stream(scene: &Scene, family: &str, address: &str, message: &[u8]) {
    let program = scene.run([family, "stream", address]);
    let place = program.expect_address_line("bound to", address);
    let mut client = place.connect();
    client.send(message);
    client.end();

    program.wait().expect_stdout(message).expect_success();
}

/// The program prints a datagram on this address.
fn prints_a_datagram(scene: &Scene, family: &str, address: &str, message: &[u8]) {
    let program = scene.run([family, "dgram", address]);
    let place = program.expect_address_line("bound to", address);
    if !place.takes_datagrams() {
        scene.mistake("wrong-type", &[StillWaiting, FailedBeforePrinting]);
    }
    if place.send_datagram(message).is_err() {
        return scene.not_run("why-datagram");
    }

    program.wait().expect_stdout(message).expect_success();
}

/// The program is bound to a port that is free. Somebody may take it first: then it has another try.
fn is_bound_to_its_port(begin: fn() -> Scene, kind: &str) {
    for _ in 1..5 {
        let scene = begin();
        let address = free_address().to_string();
        let program = scene.run(["inet", kind, &address]);
        if let Some(_place) = program.expect_address_line_unless_it_ends("bound to", &address) {
            return;
        }
    }
    let scene = begin();
    let address = free_address().to_string();
    let program = scene.run(["inet", kind, &address]);
    program.expect_address_line("bound to", &address);
}

// ------------------------------------------------------------ step 1: a TCP socket over IPv4

#[test]
fn step_1_prints_a_message_that_comes_over_tcp() {
    let scene = stream(1);

    prints_a_stream(&scene, "inet", "127.0.0.1:0", b"hola");
}

#[test]
fn step_1_prints_bytes_that_are_no_text() {
    let scene = stream(1);
    scene.mistake("message-altered", &[PrintedLess, Panicked]);

    prints_a_stream(&scene, "inet", "127.0.0.1:0", &binary());
}

#[test]
fn step_1_prints_an_empty_message() {
    let scene = stream(1);

    prints_a_stream(&scene, "inet", "127.0.0.1:0", b"");
}

#[test]
fn step_1_prints_a_message_of_8_mib() {
    let scene = stream(1);
    scene.mistake("one-read", &[PrintedNothing]);

    prints_a_stream(&scene, "inet", "127.0.0.1:0", &pattern(8 * MIB + 1));
}

#[test]
fn step_1_prints_a_message_that_comes_in_pieces() {
    let scene = stream(1);
    let message = b"one\ntwo \n\n";

    let program = scene.run(["inet", "stream", "127.0.0.1:0"]);
    let mut client = program
        .expect_address_line("bound to", "127.0.0.1:0")
        .connect();
    client.send_in_pieces(message, 3);
    client.end();

    program.wait().expect_stdout(message).expect_success();
}

#[test]
fn step_1_is_bound_to_the_port_that_it_is_given() {
    is_bound_to_its_port(|| stream(1), "stream");
}

#[test]
fn step_1_waits_for_a_connection() {
    let scene = stream(1);

    let program = scene.run(["inet", "stream", "127.0.0.1:0"]);
    let place = program.expect_address_line("bound to", "127.0.0.1:0");
    place.leave_alone_for(A_WHILE);
    let mut client = place.connect();
    client.send(b"hola");
    client.end();

    program.wait().expect_stdout(b"hola").expect_success();
}

#[test]
fn step_1_waits_for_the_message() {
    let scene = stream(1);

    let program = scene.run(["inet", "stream", "127.0.0.1:0"]);
    let mut client = program
        .expect_address_line("bound to", "127.0.0.1:0")
        .connect();
    client.stay_silent_for(A_WHILE);
    client.send(b"hola");
    client.end();

    program.wait().expect_stdout(b"hola").expect_success();
}

#[test]
fn step_1_prints_one_message_and_no_more() {
    let scene = stream(1);

    let program = scene.run(["inet", "stream", "127.0.0.1:0"]);
    let place = program.expect_address_line("bound to", "127.0.0.1:0");
    let mut client = place.connect();
    place.send_another_client(b"two");
    client.send(b"one");
    client.end();

    program.wait().expect_stdout(b"one").expect_success();
}

#[test]
fn step_1_listens_nowhere_else() {
    let scene = step(1);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }

    let program = scene.run(["inet", "stream", "127.0.0.1:0"]);

    program
        .expect_address_line("bound to", "127.0.0.1:0")
        .expect_no_other_listener();
}

// ------------------------------------------------------------ step 2: a UDP socket over IPv4

#[test]
fn step_2_prints_a_datagram() {
    let scene = datagram(2);

    prints_a_datagram(&scene, "inet", "127.0.0.1:0", b"hola");
}

#[test]
fn step_2_prints_a_datagram_that_is_no_text() {
    let scene = datagram(2);
    scene.mistake("message-altered", &[PrintedLess, Panicked]);

    prints_a_datagram(&scene, "inet", "127.0.0.1:0", &binary());
}

#[test]
fn step_2_prints_an_empty_datagram() {
    let scene = datagram(2);

    prints_a_datagram(&scene, "inet", "127.0.0.1:0", b"");
}

#[test]
fn step_2_prints_one_datagram_and_no_more() {
    let scene = datagram(2);

    let program = scene.run(["inet", "dgram", "127.0.0.1:0"]);
    let place = program.expect_address_line("bound to", "127.0.0.1:0");
    place.leave_alone_for(A_WHILE);
    place.send_datagrams(&[b"one", b"two"]);

    program.wait().expect_stdout(b"one").expect_success();
}

#[test]
fn step_2_prints_the_longest_datagram() {
    let scene = datagram(2);
    scene.mistake("datagram-cut", &[PrintedLess]);

    prints_a_datagram(&scene, "inet", "127.0.0.1:0", &pattern(LONGEST));
}

#[test]
fn step_2_listens_nowhere_else() {
    let scene = step(2);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }

    let program = scene.run(["inet", "dgram", "127.0.0.1:0"]);

    program
        .expect_address_line("bound to", "127.0.0.1:0")
        .expect_no_other_listener();
}

#[test]
fn step_2_is_bound_to_the_port_that_it_is_given() {
    is_bound_to_its_port(|| datagram(2), "dgram");
}

// ------------------------------------------------------------ step 3: the same two over IPv6

/// Where a test of IPv6 is bound, if this machine has IPv6.
fn over_ipv6(scene: &Scene) -> Option<&'static str> {
    let kinds = [
        LeftBeforeListening,
        SaidOtherPlace,
        Unreachable,
        StillWaiting,
        ListensElsewhere,
    ];
    scene.mistake("wrong-family", &kinds);
    let loopback = ([0, 0, 0, 0, 0, 0, 0, 1], 0).into();
    TcpPeer::listen_on(scene, loopback).ok().map(|_| "[::1]:0")
}

#[test]
fn step_3_prints_a_message_that_comes_over_tcp() {
    let scene = stream(3);
    let Some(address) = over_ipv6(&scene) else {
        return scene.not_run("why-ipv6");
    };

    prints_a_stream(&scene, "inet6", address, &binary());
}

#[test]
fn step_3_prints_a_message_of_1_mib() {
    let scene = stream(3);
    let Some(address) = over_ipv6(&scene) else {
        return scene.not_run("why-ipv6");
    };

    prints_a_stream(&scene, "inet6", address, &pattern(MIB));
}

#[test]
fn step_3_prints_a_datagram() {
    let scene = datagram(3);
    let Some(address) = over_ipv6(&scene) else {
        return scene.not_run("why-ipv6");
    };

    prints_a_datagram(&scene, "inet6", address, &binary());
}

#[test]
fn step_3_listens_nowhere_else() {
    for kind in ["stream", "dgram"] {
        let scene = step(3);
        let Some(address) = over_ipv6(&scene) else {
            return scene.not_run("why-ipv6");
        };
        if !cfg!(target_os = "linux") {
            return scene.not_run("why-linux");
        }

        let program = scene.run(["inet6", kind, address]);

        program
            .expect_address_line("bound to", address)
            .expect_no_other_listener();
    }
}

#[test]
fn step_3_prints_the_longest_datagram() {
    let scene = datagram(3);
    let Some(address) = over_ipv6(&scene) else {
        return scene.not_run("why-ipv6");
    };
    scene.mistake("datagram-cut", &[PrintedLess]);

    prints_a_datagram(&scene, "inet6", address, &pattern(LONGEST));
}

// ----------------------------------------------- step 4: the same two on a path of the file system

#[cfg(unix)]
fn prints_a_stream_on(scene: &Scene, path: &std::path::Path, message: &[u8]) {
    let words = ["unix".as_ref(), "stream".as_ref(), path.as_os_str()];
    let program = scene.run(words);
    let mut client = program.expect_path_line("bound to", path).connect();
    client.send(message);
    client.end();

    program.wait().expect_stdout(message).expect_success();
}

#[cfg(unix)]
fn prints_a_datagram_on(scene: &Scene, path: &std::path::Path, message: &[u8]) {
    let words = ["unix".as_ref(), "dgram".as_ref(), path.as_os_str()];
    let program = scene.run(words);
    let place = program.expect_path_line("bound to", path);
    if place.send_datagram(message).is_err() {
        return scene.not_run("why-datagram");
    }

    program.wait().expect_stdout(message).expect_success();
}

#[test]
#[cfg(unix)]
fn step_4_prints_a_message_that_comes_on_a_path() {
    let scene = stream(4);
    let folder = tempfile::tempdir().unwrap();

    prints_a_stream_on(&scene, &folder.path().join("socket"), &binary());
}

#[test]
#[cfg(unix)]
fn step_4_prints_a_message_of_1_mib() {
    let scene = stream(4);
    let folder = tempfile::tempdir().unwrap();

    prints_a_stream_on(&scene, &folder.path().join("socket"), &pattern(MIB));
}

#[test]
#[cfg(unix)]
fn step_4_takes_a_long_path_that_is_no_text() {
    let scene = stream(4);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux"); // macOS has no such names
    }
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let room = 103 - folder.path().as_os_str().len(); // macOS has no more (unix(4))
    let mut name = vec![b'x'; room - 2];
    name[..3].copy_from_slice(b"a \xff");
    name.push(b' ');

    prints_a_stream_on(
        &scene,
        &folder.path().join(std::ffi::OsStr::from_bytes(&name)),
        b"hola",
    );
}

#[test]
#[cfg(unix)]
fn step_4_prints_a_datagram() {
    let scene = datagram(4);
    let folder = tempfile::tempdir().unwrap();

    prints_a_datagram_on(&scene, &folder.path().join("socket"), &binary());
}

#[test]
#[cfg(unix)]
fn step_4_prints_an_empty_datagram() {
    let scene = datagram(4);
    let folder = tempfile::tempdir().unwrap();

    prints_a_datagram_on(&scene, &folder.path().join("socket"), b"");
}

#[test]
#[cfg(unix)]
fn step_4_prints_the_longest_datagram() {
    let scene = datagram(4);
    scene.mistake("datagram-cut", &[PrintedLess]);
    let folder = tempfile::tempdir().unwrap();

    prints_a_datagram_on(&scene, &folder.path().join("socket"), &pattern(LONGEST));
}

#[test]
#[cfg(not(unix))]
fn step_4_needs_unix() {
    step(4).not_run("why-unix");
}

// ------------------------------------------------------------------ step 5: explains a failure

/// The program can't be bound: it says so, and how.
fn explains(scene: &Scene, arguments: [&str; 3]) {
    let program = scene.run(arguments);

    program.expect_never_says("bound to");
    program.wait().expect_failure();
}

#[test]
fn step_5_explains_that_an_address_is_taken() {
    let scene = step(5);
    let taken = TcpPeer::listen(&scene);

    explains(&scene, ["inet", "stream", &taken.address()]);
}

#[test]
fn step_5_explains_that_an_address_is_taken_for_datagrams() {
    let scene = step(5);
    let taken = UdpPeer::bind(&scene);

    explains(&scene, ["inet", "dgram", &taken.address()]);
}

#[test]
fn step_5_explains_that_an_address_is_taken_by_its_like() {
    for kind in ["stream", "dgram"] {
        let (scene, another) = (step(5), step(5));
        let program = scene.run(["inet", kind, "127.0.0.1:0"]);
        let taken = program.expect_address_line("bound to", "127.0.0.1:0");

        explains(&another, ["inet", kind, taken.address()]);
    }
}

#[test]
fn step_5_explains_that_an_address_is_not_its_own() {
    for kind in ["stream", "dgram"] {
        let scene = step(5);
        let of_documentation = "192.0.2.1:0"; // no machine has it (RFC 5737)

        explains(&scene, ["inet", kind, of_documentation]);
    }
}

#[test]
fn step_5_explains_that_an_address_is_of_another_family() {
    for kind in ["stream", "dgram"] {
        for (family, address) in [("inet", "[::1]:0"), ("inet6", "127.0.0.1:0")] {
            let scene = step(5);
            scene.mistake("family-ignored", &[Listening]);

            explains(&scene, [family, kind, address]);
        }
    }
}

#[test]
fn step_5_explains_that_an_address_is_none() {
    for address in ["127.0.0.1:70000", "127.0.0.1", "127.0.0.1:", ""] {
        let scene = step(5);

        explains(&scene, ["inet", "stream", address]);
    }
}

#[test]
fn step_5_explains_that_arguments_are_missing() {
    for arguments in [&[][..], &["inet"], &["inet", "stream"]] {
        let scene = step(5);

        let program = scene.run(arguments);

        program.wait().expect_failure();
    }
}

#[test]
fn step_5_explains_that_a_family_or_a_type_is_none() {
    for (family, kind) in [("ipx", "stream"), ("inet", "raw")] {
        let scene = step(5);

        explains(&scene, [family, kind, "127.0.0.1:0"]);
    }
}

#[test]
#[cfg(unix)]
fn step_5_leaves_a_path_alone_that_exists() {
    use enchufe_harness::Occupant;
    for existing in Occupant::ALL {
        for kind in ["stream", "dgram"] {
            let scene = step(5);
            scene.mistake("path-removed", &[Listening, Removed]);
            let folder = tempfile::tempdir().unwrap();
            let there = existing.at(&scene, &folder.path().join("there"));

            explains(&scene, ["unix", kind, there.path()]);
            there.expect_untouched();
        }
    }
}

#[test]
#[cfg(unix)]
fn step_5_explains_that_a_path_can_not_be() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let too_long = "x".repeat(150); // Linux has room for 107 bytes (unix(7))
    for path in [
        format!("{folder}/none/socket"),
        format!("{folder}/{too_long}"),
    ] {
        let scene = step(5);

        explains(&scene, ["unix", "stream", &path]);
    }
}

/// A test of a standard output that can't be written.
fn output() -> Scene {
    let scene = step(5);
    scene.mistake("exits-zero", &[StillRunning, StillWaiting]);
    scene
}

#[test]
#[cfg(unix)]
fn step_5_explains_that_its_output_is_closed() {
    let scene = output();
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program(["inet", "dgram", "127.0.0.1:0"])
        .output_into(closed)
        .start();

    program.wait().expect_failure();
}

#[test]
fn step_5_explains_that_its_output_is_full() {
    let scene = output();
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return scene.not_run("why-linux");
    };

    let program = scene
        .program(["inet", "dgram", "127.0.0.1:0"])
        .output_into(full)
        .start();

    program.wait().expect_failure();
}

#[test]
#[cfg(unix)]
fn step_5_explains_that_its_output_is_closed_before_the_message() {
    for kind in ["stream", "dgram"] {
        let scene = output();

        let program = scene
            .program(["inet", kind, "127.0.0.1:0"])
            .output_held_after_a_line()
            .start();
        let place = program.expect_address_line("bound to", "127.0.0.1:0");
        program.close_output();
        if kind == "stream" {
            let mut client = place.connect();
            client.send(b"hola");
            client.end();
        } else {
            place.send_datagram(b"hola").unwrap();
        }

        program.wait().expect_failure();
    }
}
