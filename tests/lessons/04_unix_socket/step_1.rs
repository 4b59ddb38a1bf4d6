//! Step 1: `serve` binds a path, says that it listens there, and explains a path that cannot be.
//! The page: docs/en/04-unix-socket.md#step-1

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use enchufe_harness::Folder;
use enchufe_harness::Kind::*;
use enchufe_harness::checks::{self, DeadOutput};

use crate::server::{connect, serve, serving, start};

#[test]
fn says_where_it_listens() {
    let scene = serving(1);
    let folder = Folder::new(&scene);

    let (program, server) = serve(&scene, &folder.join("s"));

    server
        .mistake("wrong-path-line", &[Unreachable])
        .expect_socket();
    program.wait_until_idle();
    assert!(program.runs());
}

#[test]
fn listens_once_it_has_said_so() {
    let scene = serving(1);
    let folder = Folder::new(&scene);

    let (_program, server) = serve(&scene, &folder.join("s"));

    connect(&server);
}

#[test]
fn listens_at_a_path_that_is_no_text() {
    for name in [&b"with spaces and \xc3\xb1"[..], b"\xff\xfe", b"-x:y@z"] {
        let scene = serving(1);
        let folder = Folder::new(&scene);

        let (_program, server) = serve(&scene, &folder.join(OsStr::from_bytes(name)));

        connect(&server);
    }
}

#[test]
fn explains_that_a_path_is_empty() {
    let scene = serving(1);

    let program = scene.run(["serve", ""]);

    checks::expect_no_start(&program, "wrong-path-line");
}

#[test]
fn explains_that_a_path_is_too_long() {
    let scene = serving(1);
    let folder = Folder::new(&scene);
    let too_long = folder.join("x".repeat(150)); // 107 bytes fit on Linux, 103 on macOS: unix(7)

    let program = start(&scene, &too_long);

    checks::expect_no_start(&program, "path-truncated");
    folder.mistake("path-truncated", &[Created]).expect_empty();
}

#[test]
fn explains_that_a_folder_is_missing() {
    let scene = serving(1);
    let folder = Folder::new(&scene);

    let program = start(&scene, &folder.join("no/s"));

    checks::expect_no_start(&program, "wrong-path-line");
}

#[test]
fn explains_that_an_argument_is_missing_or_unknown() {
    checks::explains_wrong_arguments(
        || serving(1),
        &[&["serve"], &["serve", "--no-such-option", "/tmp/s"], &[]],
    );
}

#[test]
fn explains_that_its_output_is_closed() {
    let scene = serving(1);
    let folder = Folder::new(&scene);
    let path = folder.join("s");

    let arguments = [OsStr::new("serve"), path.as_os_str()];
    checks::server_explains_output(&scene, DeadOutput::Closed, arguments);
}
