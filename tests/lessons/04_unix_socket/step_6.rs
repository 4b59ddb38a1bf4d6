//! Step 6: SIGINT and SIGTERM end the server, which removes its own socket file; another's at the same path stays, and
//! so does what a failed start met. The page: docs/en/04-unix-socket.md#step-6

use std::ffi::OsStr;

use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};
use enchufe_harness::{Endpoint, Folder, Occupant, Signal};

use crate::server::{connect, expect_echo, serve, serving};

/// The socket file of the program, which has ended, is gone.
fn expect_removed(server: &Endpoint) {
    server
        .mistake("cleanup-missing", &[LeftBehind])
        .expect_removed();
}

#[test]
fn removes_its_socket_when_a_signal_ends_it() {
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let scene = serving(6);
        let folder = Folder::new(&scene);

        let (program, server) = serve(&scene, &folder.join("s"));
        checks::expect_end_at(&program, signal);

        expect_removed(&server);
    }
}

#[test]
fn removes_its_socket_although_clients_are_there() {
    let scene = serving(6);
    let folder = Folder::new(&scene);

    let (program, server) = serve(&scene, &folder.join("s"));
    let mut silent = connect(&server);
    silent.expect_greeting();
    let mut client = connect(&server);
    client.expect_greeting();
    expect_echo(&mut client, b"hola");
    checks::expect_end_at(&program, Signal::Terminate);

    expect_removed(&server);
}

#[test]
fn leaves_another_servers_socket_alone() {
    for is_file in [false, true] {
        let scene = serving(6);
        let folder = Folder::new(&scene);

        let (program, server) = serve(&scene, &folder.join("s"));
        let another = match is_file {
            true => server.replace_by_a_file(),
            false => server.take_over(),
        };
        checks::expect_end_at(&program, Signal::Terminate);

        another
            .mistake("cleanup-removes-anothers", &[Removed])
            .expect_untouched();
    }
}

#[test]
fn leaves_what_a_failed_start_met_alone() {
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
        let folder = Folder::new(&scene);
        let there = existing.at(&scene, &folder.join("s"));

        let program = scene.run(["serve", there.path()]);
        program.wait().expect_failure();

        there
            .mistake("failed-start-cleans-up", &[Removed])
            .expect_untouched();
    }
}

#[test]
fn leaves_no_socket_behind_when_it_cannot_say_where_it_is() {
    let scene = serving(6);
    let folder = Folder::new(&scene);
    let path = folder.join("s");

    let arguments = [OsStr::new("serve"), path.as_os_str()];
    checks::server_explains_output(&scene, DeadOutput::Closed, arguments);

    folder.expect_empty();
}
