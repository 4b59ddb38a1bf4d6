//! Step 5: the socket file that a dead server left is replaced; whatever else stands at the path is left alone, with an
//! explanation. The page: docs/en/04-unix-socket.md#step-5

use std::ffi::OsStr;
use std::path::Path;
use std::sync::OnceLock;

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Endpoint, Folder, Occupant, Program, Scene, checks};

use crate::server::{expect_echo, serve, serving, start};

/// The program listens where a dead server has left its file.
fn expect_listening_again<'scene>(program: &Program<'scene>, path: &Path) -> Endpoint<'scene> {
    program
        .mistake("wrong-path-line", &[SaidOther])
        .mistake("stale-not-removed", &[LeftBeforeListening, SaidNothing])
        .expect_path_line(checks::LISTENING, path)
}

/// A client comes there.
fn connect_again<'scene>(server: &Endpoint<'scene>) -> Connection<'scene> {
    server
        .mistake("stale-not-removed", &[Unreachable])
        .connect()
}

#[test]
fn replaces_the_socket_of_a_dead_server() {
    let scene = serving(5);
    let folder = Folder::new(&scene);
    let path = folder.join("s");
    let _there = Occupant::StaleSocket.at(&scene, &path);

    let serve = scene.program([OsStr::new("serve"), path.as_os_str()]);
    let program = serve.umask(0).start();
    let server = expect_listening_again(&program, &path);

    let mut client = connect_again(&server);
    client.expect_greeting();
    expect_echo(&mut client, b"hola");
    if enchufe_harness::is_linux() {
        server
            .mistake("open-to-all", &[OpenToOthers])
            .expect_mode(0o600);
    }
}

#[test]
fn has_its_path_back_after_it_was_killed() {
    let scene = serving(5);
    let folder = Folder::new(&scene);
    let path = folder.join("s");

    let (program, _server) = serve(&scene, &path);
    program.kill();
    let program = start(&scene, &path);
    let server = expect_listening_again(&program, &path);

    connect_again(&server).expect_greeting();
}

/// The program fails, and what stands at its path is not replaced. One that replaces it has made the mistake with
/// this id.
fn expect_left_alone(scene: &Scene, existing: Occupant, mistake: &'static str) {
    let mistake = match takes_a_living_servers_path() {
        true => "removes-always",
        false => mistake,
    };
    let folder = Folder::new(scene);
    let there = existing.at(scene, &folder.join("s"));

    let program = scene.run(["serve", there.path()]);

    program
        .mistake(mistake, &[Listening])
        .expect_never_says(checks::LISTENING);
    let ended = program.wait();
    there.mistake(mistake, &[Removed]).expect_not_replaced();
    ended.expect_failure();
}

/// Whether the program takes the path of a server that lives: then that is what is wrong with it,
/// whatever else it removes.
fn takes_a_living_servers_path() -> bool {
    static TAKES: OnceLock<bool> = OnceLock::new();
    *TAKES.get_or_init(|| {
        let scene = serving(5);
        let folder = Folder::new(&scene);
        let there = Occupant::Socket.at(&scene, &folder.join("s"));
        let program = scene.run(["serve", there.path()]);
        program.wait_until_it_speaks_or_ends();
        program.kill();
        !there.is_the_same() && !there.is_gone()
    })
}

#[test]
fn leaves_a_living_server_alone() {
    let scene = serving(5);

    expect_left_alone(&scene, Occupant::Socket, "removes-always");
}

#[test]
fn leaves_a_busy_server_alone() {
    let scene = serving(5);

    expect_left_alone(&scene, Occupant::BusySocket, "probe-errors-mean-stale");
}

#[test]
fn leaves_sockets_of_other_types_alone() {
    for existing in [Occupant::DatagramSocket, Occupant::SeqpacketSocket] {
        let scene = serving(5);

        expect_left_alone(&scene, existing, "probe-errors-mean-stale");
    }
}

#[test]
fn leaves_files_folders_and_links_alone() {
    for existing in [
        Occupant::File,
        Occupant::EmptyFile,
        Occupant::Folder,
        Occupant::Fifo,
        Occupant::Link,
        Occupant::LinkToStaleSocket,
    ] {
        let scene = serving(5);

        expect_left_alone(&scene, existing, "deletes-a-file");
    }
}
