//! What `unix-socket` must do, step by step: the grader of lesson 4.
//!
//! Each test runs the program and plays its clients, or its server. `cargo test -p unix-socket` grades
//! your exercise, `cargo test -p unix-socket step_4` one step of it. The page: docs/en/04-unix-socket.md.

#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::{Endpoint, MIB, Occupant, Program, Scene, Signal, UnixPeer, pattern};
use tempfile::TempDir;

const LESSON: &str = "unix-socket";

/// Bytes that are no text: each one that there is, a byte order mark before them, and NULs at the end.
fn binary() -> Vec<u8> {
    [
        &b"\xef\xbb\xbf"[..],
        &(0..=255).collect::<Vec<u8>>(),
        b" \r\n \0\0",
    ]
    .concat()
}

/// A folder of the test's own. Its path is short: that of a socket has 107 bytes at most on Linux.
fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("e")
        .tempdir_in("/tmp")
        .expect("/tmp is there")
}

/// Begins a test of the server. What an earlier step lacks has its name in the later ones too.
fn serving(number: u8) -> Scene {
    let scene = Scene::new(LESSON, number);
    scene.serves_until_killed();
    scene.mistake("wrong-path-line", &[SaidNothing, SaidOther, Unreachable]);
    scene.mistake("wrong-credentials", &[ToldOther]);
    if number == 2 {
        scene.mistake("wrong-credentials", &[Silent, EndedEarly, CutOff]); // until it has told them
        scene.mistake("unnamed-peer-panics", &[Panicked, Gone, Killed]);
    }
    scene.mistake("echo-altered", &[SentOther, SentMore, LostBytes, SentStale]);
    scene.mistake("echo-altered", &[HeldForALine, HeldForTheEnd]);
    scene.mistake("end-not-seen", &[StillOpen]);
    scene
}

/// Starts the server, and reads where it listens.
fn serve<'scene>(scene: &'scene Scene, path: &Path) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run([OsStr::new("serve"), path.as_os_str()]);
    let server = program.expect_path_line("listening on", path);
    (program, server)
}

/// Begins a test of the client. Nothing of it says where it is.
fn sending() -> Scene {
    let scene = Scene::new(LESSON, 3);
    scene.mistake("message-altered", &[SentOther, SentMore, LostBytes]);
    scene.mistake("message-altered", &[EndedEarly, Silent]);
    scene.mistake("no-half-close", &[StillOpen, NeverEnded]);
    let kinds = [
        PrintedNothing,
        PrintedLess,
        PrintedOther,
        PrintedMore,
        ClosedBoth,
        Failed,
    ];
    scene.mistake("reply-altered", &kinds);
    scene
}

// ------------------------------------------------------- step 1: `serve` binds a path, and says so

#[test]
fn step_1_says_where_it_listens() {
    let scene = serving(1);
    let folder = folder();

    let (program, server) = serve(&scene, &folder.path().join("s"));

    server.expect_socket();
    program.wait_until_idle();
    assert!(program.runs());
}

#[test]
fn step_1_listens_once_it_has_said_so() {
    let scene = serving(1);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));

    server.connect();
}

#[test]
fn step_1_listens_at_a_path_that_is_no_text() {
    for name in [&b"with spaces and \xc3\xb1"[..], b"\xff\xfe", b"-x:y@z"] {
        let scene = serving(1);
        let folder = folder();

        let (_program, server) = serve(&scene, &folder.path().join(OsStr::from_bytes(name)));

        server.connect();
    }
}

#[test]
fn step_1_explains_that_a_path_is_empty() {
    let scene = serving(1);
    scene.mistake("wrong-path-line", &[Listening]);

    let program = scene.run(["serve", ""]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
fn step_1_explains_that_a_path_is_too_long() {
    let scene = serving(1);
    scene.mistake("path-truncated", &[Listening]);
    let folder = folder();
    let too_long = folder.path().join("x".repeat(150)); // 107 bytes fit on Linux, 103 on macOS: unix(7)

    let program = scene.run([OsStr::new("serve"), too_long.as_os_str()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
    scene.mistake("path-truncated", &[Created]);
    scene.is_empty(folder.path());
}

#[test]
fn step_1_explains_that_a_folder_is_missing() {
    let scene = serving(1);
    scene.mistake("wrong-path-line", &[Listening]);
    let folder = folder();

    let program = scene.run([OsStr::new("serve"), folder.path().join("no/s").as_os_str()]);

    program.expect_never_says("listening on");
    program.wait().expect_failure();
}

#[test]
fn step_1_explains_that_an_argument_is_missing_or_unknown() {
    for arguments in [
        &["serve"][..],
        &["serve", "--no-such-option", "/tmp/s"],
        &[],
    ] {
        let scene = serving(1);

        let program = scene.run(arguments);

        program.wait().expect_failure();
    }
}

#[test]
fn step_1_explains_that_its_output_is_closed() {
    let scene = serving(1);
    scene.mistake("exits-zero", &[StillRunning]);
    let folder = folder();
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program([OsStr::new("serve"), folder.path().join("s").as_os_str()])
        .output_into(closed)
        .start();

    program.wait().expect_failure();
}

// ------------------------------------------- step 2: tells each client who it is, and echoes

#[test]
fn step_2_tells_a_client_who_it_is() {
    let scene = serving(2);
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect();

    client.expect_credentials(None);
}

#[test]
#[cfg(target_os = "linux")]
fn step_2_tells_each_client_its_own_group() {
    let scene = serving(2);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let (Some(mut one), Some(mut another)) =
        (server.connect_as_group(4242), server.connect_as_group(4343))
    else {
        return scene.not_run("why-root");
    };

    one.expect_credentials(Some(4242));
    scene.mistake("one-at-a-time", &[Silent, CutOff, EndedEarly]);
    another.expect_credentials(Some(4343));
}

#[test]
fn step_2_echoes_each_piece_as_it_arrives() {
    let scene = serving(2);
    let folder = folder();

    let (program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect();
    client.expect_greeting();
    scene.mistake("panics", &[Panicked, Killed]);
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff, Gone]);
    client.expect_echo(b"0123456789");
    client.expect_echo(b"abc");
    client.expect_echo(b" de \r\n");
    client.expect_echo(&binary());

    program.expect_no_panic();
}

#[test]
fn step_2_ends_its_stream_after_the_client_and_the_last_byte() {
    let scene = serving(2);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect();
    client.expect_greeting();
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff]);
    client.send(b"hola");
    client.end();

    client.expect_bytes_and_end(b"hola");
}

#[test]
fn step_2_ends_its_stream_for_a_client_that_says_nothing() {
    let scene = serving(2);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect();
    client.expect_greeting();
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff]);
    client.end();

    client.expect_end();
}

#[test]
fn step_2_echoes_8_mib_to_a_client_that_reads_meanwhile() {
    let scene = serving(2);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect();
    client.expect_greeting();
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff]);

    client.expect_echo_to_the_end(&pattern(8 * MIB + 1));
}

#[test]
fn step_2_serves_a_client_that_has_a_path_of_its_own() {
    let scene = serving(2);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect_from(&folder.path().join("client"));
    client.expect_greeting();
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff]);

    client.expect_echo(b"hola");
}

#[test]
fn step_2_serves_many_at_once_and_one_after_another() {
    let scene = serving(2);
    let kinds = [
        Silent,
        NotAccepted,
        NotReceiving,
        EndedEarly,
        Gone,
        Unreachable,
        CutOff,
    ];
    let folder = folder();

    let (program, server) = serve(&scene, &folder.path().join("s"));
    let mut silent = server.connect();
    silent.expect_greeting();
    scene.mistake("one-at-a-time", &kinds);
    let mut clients: Vec<_> = (0..10).map(|_| server.connect()).collect();
    for client in clients.iter_mut().rev() {
        client.expect_greeting();
        client.expect_echo(b"hola");
        client.end();
        client.expect_end();
    }
    silent.expect_echo(b"still here");
    for _ in 0..5 {
        server.connect(); // and leaves at once
    }

    let mut last = server.connect();
    last.expect_greeting();
    last.expect_echo(b"hola");
    program.expect_no_panic();
}

/// What is sent to it waits in the system, as much as there is room for, and so does what it sends itself.
#[test]
fn step_2_is_not_held_up_by_a_client_that_never_reads() {
    let scene = serving(2);
    let folder = folder();

    let (_program, server) = serve(&scene, &folder.path().join("s"));
    let mut never = server.connect();
    never.expect_greeting();
    never.stop_reading();
    never.send_until_blocked(&pattern(2 * MIB));
    scene.mistake("one-at-a-time", &[Silent, NotAccepted, EndedEarly, CutOff]);
    let mut client = server.connect();
    client.expect_greeting();

    client.expect_echo(b"I do read");
}

#[test]
fn step_2_says_nothing_more_on_standard_output() {
    let scene = serving(2);
    scene.mistake("talks-on-stdout", &[SaidMore]);
    let folder = folder();

    let (program, server) = serve(&scene, &folder.path().join("s"));
    let mut client = server.connect();
    client.expect_greeting();
    scene.mistake("echo-altered", &[Silent, EndedEarly, CutOff]);
    client.expect_echo(b"hola");
    client.end();
    client.expect_end();

    program.expect_no_more_output();
}

// ------------------------------------------ step 3: `send` sends, half-closes, prints the reply

#[test]
fn step_3_sends_the_message_and_half_closes() {
    for message in ["hola", "", " ¡hola! 100%s \\n\r\n "] {
        let scene = sending();
        let folder = folder();
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(["send", server.path(), message]);
        let mut client = server.accept();
        client.expect_bytes_and_end(message.as_bytes());
        client.send(b"HOLA");
        client.end();

        program.wait().expect_stdout(b"HOLA").expect_success();
    }
}

#[test]
fn step_3_sends_a_message_that_is_no_text() {
    let scene = sending();
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());
    let message = OsStr::from_bytes(b"\xff\xfe\x80 \r\n");

    let program = scene.run([OsStr::new("send"), OsStr::new(server.path()), message]);
    let mut client = server.accept();
    client.expect_bytes_and_end(message.as_bytes());
    client.end();

    program.wait().expect_stdout(b"").expect_success();
}

#[test]
fn step_3_sends_standard_input_unchanged() {
    for message in [binary(), Vec::new(), pattern(4 * MIB)] {
        let scene = sending();
        let folder = folder();
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene
            .program(["send", server.path()])
            .input(&*message)
            .start();
        let mut client = server.accept();
        client.expect_bytes_and_end(&message);
        client.end();

        program.wait().expect_stdout(b"").expect_success();
    }
}

#[test]
fn step_3_sends_the_message_and_not_standard_input() {
    let scene = sending();
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());

    scene
        .program(["send", server.path(), "hola"])
        .input("this is not the message")
        .start();

    server.accept().expect_bytes_and_end(b"hola");
}

#[test]
fn step_3_prints_the_reply_to_its_end() {
    let white = b" \t\r\n hola\n \r\n".to_vec();
    for reply in [binary(), b"68 \xff\0i".to_vec(), white, pattern(8 * MIB)] {
        let scene = sending();
        let folder = folder();
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(["send", server.path(), "hola"]);
        let mut client = server.accept();
        client.expect_bytes_and_end(b"hola");
        client.send(&reply);
        client.end();

        program.wait().expect_stdout(&reply).expect_success();
    }
}

#[test]
fn step_3_explains_that_nobody_listens() {
    for existing in [Some(Occupant::StaleSocket), Some(Occupant::File), None] {
        let scene = sending();
        let folder = folder();
        let path = folder.path().join("s");
        let there = existing.map(|existing| existing.at(&scene, &path));

        let program = scene.run(["send", path.to_str().unwrap(), "hola"]);

        program.wait().expect_failure();
        if let Some(there) = there {
            there.expect_untouched();
        }
    }
}

#[test]
fn step_3_explains_that_a_path_is_none() {
    for path in ["", &"/tmp/".repeat(50)] {
        let scene = sending();

        let program = scene.run(["send", path, "hola"]);

        program.wait().expect_failure();
    }
}

#[test]
fn step_3_explains_that_an_argument_is_wrong() {
    for options in [
        ["--timeout", "0"],
        ["--timeout", "-1"],
        ["--timeout", "soon"],
        ["--no-such-option", "1"],
    ] {
        let scene = sending();
        let folder = folder();
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(
            ["send"]
                .iter()
                .chain(&options)
                .chain(&[server.path(), "hola"]),
        );

        program.wait().expect_failure();
    }
}

/// On a Unix socket, whoever closes with something unread resets (unix(7)).
#[test]
fn step_3_explains_a_reset() {
    let scene = sending();
    let kinds = [ExitedZero, ExplainedAndExitedZero, StillRunning];
    scene.mistake("reset-as-eof", &kinds);
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.run(["send", server.path(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes(b"h");
    client.wait_for_more();
    client.send(b"part");
    client.reset();

    program.wait().expect_failure_after(b"part");
}

#[test]
fn step_3_gives_up_on_a_silent_server() {
    let scene = sending();
    scene.mistake("timeout-missing", &[StillRunning]);
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.run(["send", "--timeout", "0.1", server.path(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.stay_silent();

    program.wait().expect_failure();
}

#[test]
fn step_3_gives_up_on_a_server_that_falls_silent() {
    let scene = sending();
    scene.mistake("timeout-missing", &[StillRunning]);
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.run(["send", "--timeout", "0.1", server.path(), "hola"]);
    let mut client = server.accept();
    client.send(b"uid=0 gid=0 pid=1\nHO");
    client.expect_bytes_and_end(b"hola");
    client.stay_silent();

    program
        .wait()
        .expect_failure_after(b"uid=0 gid=0 pid=1\nHO");
}

/// The reply as a whole takes longer than SECONDS, no byte of it does. A machine that is busy may
/// hold up a byte for longer: so only a program that fails with ever longer SECONDS is wrong.
#[test]
fn step_3_counts_its_wait_anew_from_each_byte() {
    for (seconds, apart) in [("0.2", 120), ("1.9", 1400), ("3.9", 3400)] {
        let scene = sending();
        let kinds = [PrintedLess, PrintedNothing, FailedBeforePrinting];
        scene.mistake("timeout-missing", &kinds);
        let folder = folder();
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(["send", "--timeout", seconds, server.path(), "hola"]);
        let mut client = server.accept();
        client.expect_bytes_and_end(b"hola");
        client.send_slowly(b"12", Duration::from_millis(apart));
        client.end();

        let ended = program.wait();
        if ended.has_printed(b"12") || seconds == "3.9" {
            ended.expect_stdout(b"12").expect_success();
            return;
        }
    }
}

#[test]
fn step_3_gives_up_on_a_connection_that_is_not_accepted() {
    let scene = sending();
    if !cfg!(target_os = "linux") {
        return scene.not_run("why-linux");
    }
    scene.mistake("timeout-missing", &[StillRunning]);
    let folder = folder();
    let nobody = UnixPeer::ignore(&scene, folder.path());

    let program = scene.run(["send", "--timeout", "0.1", nobody.path(), "hola"]);

    program.wait().expect_failure();
}

#[test]
fn step_3_prints_each_piece_as_it_arrives() {
    let scene = sending();
    scene.mistake(
        "both-ways-blocked",
        &[Unprinted, Unread, NeverConnected, Silent, StillRunning],
    );
    scene.mistake("reply-altered", &[EndedEarly]);
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.program(["send", server.path()]).open_input().start();
    let mut client = server.accept();
    client.send(b"on");
    program.expect_printed(b"on");
    program.give(b"1");
    client.expect_bytes(b"1");
    client.send(b"e\ntw");
    program.expect_printed(b"one\ntw");
    program.give(b"2");
    client.expect_bytes(b"2");
    client.send(b"o");
    client.end(); // although standard input is open

    program.wait().expect_stdout(b"one\ntwo").expect_success();
}

#[test]
fn step_3_sends_8_mib_to_a_server_that_echoes_and_never_reads_ahead() {
    let scene = sending();
    scene.mistake("both-ways-blocked", &[NotReceiving]);
    scene.mistake("reply-altered", &[EndedEarly]);
    let folder = folder();
    let server = UnixPeer::listen(&scene, folder.path());
    let message = pattern(8 * MIB);

    let program = scene
        .program(["send", server.path()])
        .input(&*message)
        .start();
    server.accept().expect_all_while_echoing(&message);

    program.wait().expect_stdout(&message).expect_success();
}

#[test]
fn step_3_explains_that_its_output_is_closed_or_full() {
    let closed = enchufe_harness::closed_pipe().unwrap();
    let full = std::fs::File::options().write(true).open("/dev/full");
    let outputs: [Option<std::process::Stdio>; 2] =
        [Some(closed.into()), full.ok().map(Into::into)];
    for output in outputs.into_iter().flatten() {
        let scene = sending();
        let folder = folder();
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene
            .program(["send", server.path(), "hola"])
            .output_into(output)
            .start();
        let mut client = server.accept();
        client.expect_bytes_and_end(b"hola");
        client.send(b"HOLA");
        client.end();

        program.wait().expect_failure();
    }
}

// -------------------------------------------------------- step 4: only the owner may connect

#[test]
fn step_4_lets_only_its_owner_connect_whatever_the_umask() {
    for umask in [0o022, 0, 0o077, 0o777] {
        let scene = serving(4);
        if !cfg!(target_os = "linux") {
            return scene.not_run("why-linux");
        }
        scene.mistake("open-to-all", &[OpenToOthers]);
        let kinds = [ClosedToItsOwner, Unreachable];
        scene.mistake("mode-only-narrowed", &kinds);
        let folder = folder();
        let path = folder.path().join("s");

        let program = scene
            .program([OsStr::new("serve"), path.as_os_str()])
            .umask(umask)
            .start();
        let server = program.expect_path_line("listening on", &path);

        server.expect_mode(0o600);
        server.connect().expect_greeting();
    }
}

// -------------------------------- step 5: replaces what a dead server left, and nothing else

#[test]
fn step_5_replaces_the_socket_of_a_dead_server() {
    let scene = serving(5);
    scene.mistake("stale-not-removed", &[LeftBeforeListening, SaidNothing]);
    scene.mistake("open-to-all", &[OpenToOthers]);
    let folder = folder();
    let path = folder.path().join("s");
    let _there = Occupant::StaleSocket.at(&scene, &path);

    let program = scene
        .program([OsStr::new("serve"), path.as_os_str()])
        .umask(0)
        .start();
    let server = program.expect_path_line("listening on", &path);

    scene.mistake("stale-not-removed", &[Unreachable]);
    let mut client = server.connect();
    client.expect_greeting();
    client.expect_echo(b"hola");
    #[cfg(target_os = "linux")]
    server.expect_mode(0o600);
}

#[test]
fn step_5_has_its_path_back_after_it_was_killed() {
    let scene = serving(5);
    let folder = folder();
    let path = folder.path().join("s");

    let (program, _server) = serve(&scene, &path);
    program.kill();
    let kinds = [LeftBeforeListening, SaidNothing, Unreachable];
    scene.mistake("stale-not-removed", &kinds);
    let (_program, server) = serve(&scene, &path);

    server.connect().expect_greeting();
}

/// Whether the program takes the path of a server that lives: then that is what is wrong with it,
/// whatever else it removes.
fn takes_a_living_servers_path() -> bool {
    static TAKES: OnceLock<bool> = OnceLock::new();
    *TAKES.get_or_init(|| {
        let scene = serving(5);
        let folder = folder();
        let there = Occupant::Socket.at(&scene, &folder.path().join("s"));
        let program = scene.run(["serve", there.path()]);
        program.wait_until_it_speaks_or_ends();
        program.kill();
        !there.is_the_same() && !there.is_gone()
    })
}

/// What betrays a program that takes what is not its own.
const TAKEN: [enchufe_harness::Kind; 2] = [Listening, Removed];

/// The program fails, and what stands at its path is not replaced.
fn leaves_alone(scene: &Scene, existing: Occupant) {
    if takes_a_living_servers_path() {
        scene.mistake("removes-always", &TAKEN);
    }
    let folder = folder();
    let there = existing.at(scene, &folder.path().join("s"));

    let program = scene.run(["serve", there.path()]);

    program.expect_never_says("listening on");
    let ended = program.wait();
    there.expect_not_replaced();
    ended.expect_failure();
}

#[test]
fn step_5_leaves_a_living_server_alone() {
    let scene = serving(5);
    scene.mistake("removes-always", &TAKEN);

    leaves_alone(&scene, Occupant::Socket);
}

#[test]
fn step_5_leaves_a_busy_server_alone() {
    let scene = serving(5);
    scene.mistake("probe-errors-mean-stale", &TAKEN);

    leaves_alone(&scene, Occupant::BusySocket);
}

#[test]
fn step_5_leaves_sockets_of_other_types_alone() {
    for existing in [Occupant::DatagramSocket, Occupant::SeqpacketSocket] {
        let scene = serving(5);
        scene.mistake("probe-errors-mean-stale", &TAKEN);

        leaves_alone(&scene, existing);
    }
}

#[test]
fn step_5_leaves_files_folders_and_links_alone() {
    for existing in [
        Occupant::File,
        Occupant::EmptyFile,
        Occupant::Folder,
        Occupant::Fifo,
        Occupant::Link,
        Occupant::LinkToStaleSocket,
    ] {
        let scene = serving(5);
        scene.mistake("deletes-a-file", &TAKEN);

        leaves_alone(&scene, existing);
    }
}

// ------------------------------------------------ step 6: removes its own socket file at its end

#[test]
fn step_6_removes_its_socket_when_a_signal_ends_it() {
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let scene = serving(6);
        scene.mistake("cleanup-missing", &[LeftBehind]);
        scene.mistake("ignores-signals", &[StillRunning, LeftAChild]);
        let folder = folder();

        let (program, server) = serve(&scene, &folder.path().join("s"));
        program.signal(signal);
        program.wait();

        server.expect_removed();
    }
}

#[test]
fn step_6_removes_its_socket_although_clients_are_there() {
    let scene = serving(6);
    scene.mistake("cleanup-missing", &[LeftBehind]);
    scene.mistake("ignores-signals", &[StillRunning, LeftAChild]);
    let folder = folder();

    let (program, server) = serve(&scene, &folder.path().join("s"));
    let mut silent = server.connect();
    silent.expect_greeting();
    let mut client = server.connect();
    client.expect_greeting();
    client.expect_echo(b"hola");
    program.signal(Signal::Terminate);
    program.wait();

    server.expect_removed();
}

#[test]
fn step_6_leaves_another_servers_socket_alone() {
    for is_file in [false, true] {
        let scene = serving(6);
        scene.mistake("cleanup-removes-anothers", &[Removed]);
        scene.mistake("ignores-signals", &[StillRunning, LeftAChild]);
        let folder = folder();

        let (program, server) = serve(&scene, &folder.path().join("s"));
        let another = if is_file {
            server.replace_by_a_file()
        } else {
            server.take_over()
        };
        program.signal(Signal::Terminate);
        program.wait();

        another.expect_untouched();
    }
}

#[test]
fn step_6_leaves_what_a_failed_start_met_alone() {
    for existing in [
        Occupant::Socket,
        Occupant::BusySocket,
        Occupant::DatagramSocket,
        Occupant::File,
        Occupant::Folder,
        Occupant::Link,
        Occupant::LinkToStaleSocket,
    ] {
        let scene = serving(6);
        scene.mistake("failed-start-cleans-up", &[Removed]);
        let folder = folder();
        let there = existing.at(&scene, &folder.path().join("s"));

        let program = scene.run(["serve", there.path()]);
        program.wait().expect_failure();

        there.expect_untouched();
    }
}

#[test]
fn step_6_leaves_no_socket_behind_when_it_cannot_say_where_it_is() {
    let scene = serving(6);
    let folder = folder();
    let path: PathBuf = folder.path().join("s");
    let closed = enchufe_harness::closed_pipe().unwrap();

    let program = scene
        .program([OsStr::new("serve"), path.as_os_str()])
        .output_into(closed)
        .start();
    program.wait().expect_failure();

    scene.is_empty(folder.path());
}
