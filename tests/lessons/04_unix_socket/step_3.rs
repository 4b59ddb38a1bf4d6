//! Step 3: `send` sends MESSAGE, half-closes, and prints the reply to its end. It explains a failure, and does not wait
//! for ever. The page: docs/en/04-unix-socket.md#step-3

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{Connection, Ended, Folder, MIB, Occupant, Program, Scene, UnixPeer};
use enchufe_harness::{binary, pattern};

use crate::LESSON;

/// The longest message that is asked for.
const LONGEST: usize = 64 * 1024;

/// Begins a test of the client.
#[track_caller]
fn sending() -> Scene {
    Scene::new(LESSON, 3)
}

/// The client sends this message, and half-closes.
fn expect_message(client: &mut Connection, message: &[u8]) {
    client
        .mistake(
            "message-altered",
            &[SentOther, SentMore, LostBytes, EndedEarly, Silent],
        )
        .mistake("no-half-close", &[StillOpen, NeverEnded])
        .mistake("reply-altered", &[ClosedBoth])
        .expect_bytes_and_end(message);
}

/// The program ends well, and has printed this reply.
fn expect_reply(program: &Program, reply: &[u8]) {
    program
        .wait()
        .mistake(
            "reply-altered",
            &[
                PrintedNothing,
                PrintedLess,
                PrintedOther,
                PrintedMore,
                Failed,
            ],
        )
        .expect_stdout(reply)
        .expect_success();
}

/// The program, which nobody serves any more, does not wait for ever.
fn expect_timeout<'scene>(program: &Program<'scene>) -> Ended<'scene> {
    program.mistake("timeout-missing", &[StillRunning]).wait()
}

#[test]
fn sends_the_message_and_half_closes() {
    let long = String::from_utf8(pattern(LONGEST)).unwrap();
    for message in ["hola", "", " ¡hola! 100%s \\n\r\n ", &long] {
        let scene = sending();
        let folder = Folder::new(&scene);
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(["send", server.path(), message]);
        let mut client = server.accept();
        expect_message(&mut client, message.as_bytes());
        client.send(b"HOLA");
        client.end();

        expect_reply(&program, b"HOLA");
    }
}

#[test]
fn sends_a_message_that_is_no_text() {
    let scene = sending();
    let folder = Folder::new(&scene);
    let server = UnixPeer::listen(&scene, folder.path());
    let message = OsStr::from_bytes(b"\xff\xfe\x80 \r\n");

    let program = scene.run([OsStr::new("send"), OsStr::new(server.path()), message]);
    let mut client = server.accept();
    expect_message(&mut client, message.as_bytes());
    client.end();

    expect_reply(&program, b"");
}

#[test]
fn prints_the_reply_to_its_end() {
    let white = b" \t\r\n hola\n \r\n".to_vec();
    for reply in [binary(), b"68 \xff\0i".to_vec(), white, pattern(8 * MIB)] {
        let scene = sending();
        let folder = Folder::new(&scene);
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(["send", server.path(), "hola"]);
        let mut client = server.accept();
        expect_message(&mut client, b"hola");
        client.send(&reply);
        client.end();

        expect_reply(&program, &reply);
    }
}

#[test]
fn explains_that_nobody_listens() {
    for existing in [Some(Occupant::StaleSocket), Some(Occupant::File), None] {
        let scene = sending();
        let folder = Folder::new(&scene);
        let path = folder.join("s");
        let there = existing.map(|existing| existing.at(&scene, &path));

        let program = scene.run(["send", path.to_str().unwrap(), "hola"]);

        program.wait().expect_failure();
        if let Some(there) = there {
            there.expect_untouched();
        }
    }
}

#[test]
fn explains_that_a_path_is_none() {
    for path in ["", &"/tmp/".repeat(50)] {
        let scene = sending();

        let program = scene.run(["send", path, "hola"]);

        program.wait().expect_failure();
    }
}

#[test]
fn explains_that_an_argument_is_wrong() {
    let seconds = checks::NO_SECONDS.map(|text| ["--timeout", text]);
    for options in seconds.iter().chain(&[["--no-such-option", "1"]]) {
        let scene = sending();
        let folder = Folder::new(&scene);
        let server = UnixPeer::listen(&scene, folder.path());

        let arguments = [server.path(), "hola"];
        let program = scene.run(["send"].iter().chain(options).chain(&arguments));

        program.wait().expect_failure();
    }
}

/// On a Unix socket, whoever closes with something unread resets (unix(7)).
#[test]
fn explains_a_reset() {
    let scene = sending();
    let folder = Folder::new(&scene);
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.run(["send", server.path(), "hola"]);
    let mut client = server.accept();
    client
        .mistake("message-altered", &[SentOther, EndedEarly, Silent])
        .expect_bytes(b"h");
    client.wait_for_more();
    client.send(b"part");
    client.reset();

    program
        .mistake("reset-as-eof", &[StillRunning])
        .wait()
        .mistake("reset-as-eof", &[ExitedZero, ExplainedAndExitedZero])
        .expect_failure_after(b"part");
}

#[test]
fn gives_up_on_a_silent_server() {
    let scene = sending();
    let folder = Folder::new(&scene);
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.run(["send", "--timeout", "0.1", server.path(), "hola"]);
    let mut client = server.accept();
    expect_message(&mut client, b"hola");
    client.stay_silent();

    expect_timeout(&program).expect_failure();
}

#[test]
fn gives_up_on_a_server_that_falls_silent() {
    let scene = sending();
    let folder = Folder::new(&scene);
    let server = UnixPeer::listen(&scene, folder.path());

    let program = scene.run(["send", "--timeout", "0.1", server.path(), "hola"]);
    let mut client = server.accept();
    client.send(b"uid=0 gid=0 pid=1\nHO");
    expect_message(&mut client, b"hola");
    client.stay_silent();

    expect_timeout(&program).expect_failure_after(b"uid=0 gid=0 pid=1\nHO");
}

#[test]
fn gives_up_on_a_connection_that_is_not_accepted() {
    let scene = sending();
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let folder = Folder::new(&scene);
    let nobody = UnixPeer::ignore(&scene, folder.path());

    let program = scene.run(["send", "--timeout", "0.1", nobody.path(), "hola"]);

    expect_timeout(&program).expect_failure();
}

/// The reply as a whole takes longer than SECONDS, no byte of it does. A machine that is busy may
/// hold up a byte for longer: so only a program that fails with ever longer SECONDS is wrong.
#[test]
fn counts_its_wait_anew_from_each_byte() {
    for (seconds, apart) in [("0.2", 120), ("1.9", 1400), ("3.9", 3400)] {
        let scene = sending();
        let folder = Folder::new(&scene);
        let server = UnixPeer::listen(&scene, folder.path());

        let program = scene.run(["send", "--timeout", seconds, server.path(), "hola"]);
        let mut client = server.accept();
        expect_message(&mut client, b"hola");
        client.send_slowly(b"12", Duration::from_millis(apart));
        client.end();

        let ended = program.wait();
        if ended.has_printed(b"12") || seconds == "3.9" {
            ended
                .mistake("reply-altered", &[PrintedOther, PrintedMore, Failed])
                .mistake(
                    "timeout-missing",
                    &[PrintedLess, PrintedNothing, FailedBeforePrinting],
                )
                .expect_stdout(b"12")
                .expect_success();
            return;
        }
    }
}

/// The program is answered, and its output takes nothing.
fn explains_output(scene: &Scene, output: DeadOutput) {
    let folder = Folder::new(scene);
    let server = UnixPeer::listen(scene, folder.path());
    let arguments = ["send", server.path(), "hola"];

    checks::client_explains_output(scene, output, arguments, || {
        let mut client = server.accept();
        expect_message(&mut client, b"hola");
        client.send(b"HOLA");
        client.end();
    });
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = sending();

    explains_output(&scene, DeadOutput::Closed);
}

#[test]
fn explains_that_its_output_is_full() {
    let scene = sending();

    explains_output(&scene, DeadOutput::Full);
}
