//! Step 2: `serve` tells each client, of many at once, who it is, and then echoes.
//! The page: docs/en/04-unix-socket.md#step-2

use enchufe_harness::Kind::{self, *};
use enchufe_harness::{Connection, Endpoint, Folder, MIB, binary, pattern};

use crate::server::{ALTERED, expect_echo, expect_end, serve, serving};

/// A client comes.
fn connect<'scene>(server: &Endpoint<'scene>) -> Connection<'scene> {
    server
        .mistake("wrong-path-line", &[Unreachable])
        .mistake("unnamed-peer-panics", &[Panicked, Killed, Gone])
        .connect()
}

/// The client is told who it is: this process, and a group if it is another one.
fn expect_credentials(client: &mut Connection, group: Option<u32>) {
    client
        .mistake(
            "wrong-credentials",
            &[ToldOther, Silent, EndedEarly, CutOff],
        )
        .mistake("unnamed-peer-panics", &[Panicked, Killed, Gone])
        .expect_credentials(group);
}

/// The client is told something.
fn expect_greeting(client: &mut Connection) {
    client
        .mistake("wrong-credentials", &[Silent, EndedEarly, CutOff])
        .mistake("unnamed-peer-panics", &[Panicked, Killed, Gone])
        .expect_greeting();
}

/// What a client sees of a server that serves another one first.
const MADE_TO_WAIT: &[Kind] = &[
    Unreachable,
    NotAccepted,
    NotReceiving,
    Silent,
    EndedEarly,
    CutOff,
    Gone,
];

/// A client comes while another one is served.
fn connect_beside<'scene>(server: &Endpoint<'scene>) -> Connection<'scene> {
    server.mistake("one-at-a-time", MADE_TO_WAIT).connect()
}

/// The client is told something, while another one is served.
fn expect_greeting_beside(client: &mut Connection) {
    client
        .mistake("one-at-a-time", MADE_TO_WAIT)
        .expect_greeting();
}

/// The client sends bytes and gets them back, while another one is served.
fn expect_echo_beside(client: &mut Connection, bytes: &[u8]) {
    client
        .mistake("echo-altered", ALTERED)
        .mistake("one-at-a-time", MADE_TO_WAIT)
        .expect_echo(bytes);
}

#[test]
fn tells_a_client_who_it_is() {
    let scene = serving(2);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let mut client = connect(&server);

    expect_credentials(&mut client, None);
}

#[test]
fn tells_each_client_its_own_group() {
    let scene = serving(2);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let of_group = |group| {
        server
            .mistake("wrong-path-line", &[Unreachable])
            .mistake("unnamed-peer-panics", &[Panicked, Killed, Gone])
            .connect_as_group(group)
    };
    let (Some(mut one), Some(mut another)) = (of_group(4242), of_group(4343)) else {
        return scene.not_run("why-root");
    };

    expect_credentials(&mut one, Some(4242));
    another
        .mistake("wrong-credentials", &[ToldOther])
        .mistake("one-at-a-time", MADE_TO_WAIT)
        .mistake("unnamed-peer-panics", &[Panicked, Killed, Gone])
        .expect_credentials(Some(4343));
}

#[test]
fn echoes_each_piece_as_it_arrives() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (program, server) = serve(&scene, &folder.join("s"));
    let mut client = connect(&server);
    expect_greeting(&mut client);
    expect_echo(&mut client, b"0123456789");
    expect_echo(&mut client, b"abc");
    expect_echo(&mut client, b" de \r\n");
    expect_echo(&mut client, &binary());

    program.expect_no_panic();
}

#[test]
fn ends_its_stream_after_the_client_and_the_last_byte() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let mut client = connect(&server);
    expect_greeting(&mut client);
    client.send(b"hola");
    client.end();

    client
        .mistake("echo-altered", ALTERED)
        .mistake("end-not-seen", &[StillOpen])
        .expect_bytes_and_end(b"hola");
}

#[test]
fn ends_its_stream_for_a_client_that_says_nothing() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let mut client = connect(&server);
    expect_greeting(&mut client);
    client.end();

    expect_end(&mut client);
}

#[test]
fn echoes_8_mib_to_a_client_that_reads_meanwhile() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let mut client = connect(&server);
    expect_greeting(&mut client);

    client
        .mistake("echo-altered", ALTERED)
        .mistake("end-not-seen", &[StillOpen])
        .expect_echo_to_the_end(&pattern(8 * MIB + 1));
}

#[test]
fn serves_a_client_that_has_a_path_of_its_own() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let mut client = server
        .mistake("wrong-path-line", &[Unreachable])
        .connect_from(&folder.join("client"));
    expect_greeting(&mut client);

    expect_echo(&mut client, b"hola");
}

#[test]
fn serves_many_at_once_and_one_after_another() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (program, server) = serve(&scene, &folder.join("s"));
    let mut silent = connect(&server);
    expect_greeting(&mut silent);
    let mut clients: Vec<_> = (0..10).map(|_| connect_beside(&server)).collect();
    for client in clients.iter_mut().rev() {
        expect_greeting_beside(client);
        expect_echo_beside(client, b"hola");
        client.end();
        expect_end(client);
    }
    expect_echo_beside(&mut silent, b"still here");
    for _ in 0..5 {
        connect_beside(&server); // and leaves at once
    }

    let mut last = connect_beside(&server);
    expect_greeting_beside(&mut last);
    expect_echo_beside(&mut last, b"hola");
    program.expect_no_panic();
}

/// What is sent to it waits in the system, as much as there is room for, and so does what it sends itself.
#[test]
fn is_not_held_up_by_a_client_that_never_reads() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));
    let mut never = connect(&server);
    expect_greeting(&mut never);
    never.stop_reading();
    never.send_until_blocked(&pattern(2 * MIB));
    let mut client = connect_beside(&server);
    expect_greeting_beside(&mut client);

    expect_echo_beside(&mut client, b"I do read");
}

#[test]
fn says_nothing_more_on_standard_output() {
    let scene = serving(2);
    let folder = Folder::new(&scene);

    let (program, server) = serve(&scene, &folder.join("s"));
    let mut client = connect(&server);
    expect_greeting(&mut client);
    expect_echo(&mut client, b"hola");
    client.end();
    expect_end(&mut client);

    program
        .mistake("talks-on-stdout", &[SaidMore])
        .expect_no_more_output();
}
