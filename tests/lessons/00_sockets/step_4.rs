//! Step 4: `unix` does on a path of the file system what the other two do on an address, with a stream and with a
//! datagram, and says its path as it was given. The page: docs/en/00-sockets.md#step-4

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use enchufe_harness::{Endpoint, Folder, MIB, Program, Scene, binary, pattern};

use crate::{
    BOUND, LONGEST, connect, expect_datagram, expect_longest_datagram, expect_stream, saying, send,
    send_datagram, step,
};

/// Starts the program, and reads that it is bound to this path.
fn bind<'scene>(
    scene: &'scene Scene,
    kind: &str,
    path: &Path,
) -> (Program<'scene>, Endpoint<'scene>) {
    let program = scene.run([OsStr::new("unix"), OsStr::new(kind), path.as_os_str()]);
    let endpoint = saying(&program).expect_path_line(BOUND, path);
    (program, endpoint)
}

#[test]
fn prints_a_message_that_comes_on_a_path() {
    let scene = step(4);
    let folder = Folder::new(&scene);

    let (program, endpoint) = bind(&scene, "stream", &folder.join("socket"));
    let mut client = connect(&endpoint);
    send(&mut client, &binary());

    expect_stream(&program, &binary());
}

#[test]
fn prints_a_message_of_1_mib() {
    let scene = step(4);
    let folder = Folder::new(&scene);
    let message = pattern(MIB);

    let (program, endpoint) = bind(&scene, "stream", &folder.join("socket"));
    let mut client = connect(&endpoint);
    send(&mut client, &message);

    expect_stream(&program, &message);
}

#[test]
fn takes_a_long_path_that_is_no_text() {
    let scene = step(4);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux"); // macOS has no such names
    }
    let folder = Folder::new(&scene);
    let room = 103 - folder.path().as_os_str().len(); // macOS has no more (unix(4))
    let name = [&b"a \xff"[..], &vec![b'x'; room - 5], b" "].concat();
    let path = folder.join(OsStr::from_bytes(&name));

    let (program, endpoint) = bind(&scene, "stream", &path);
    let mut client = connect(&endpoint);
    send(&mut client, b"hola");

    expect_stream(&program, b"hola");
}

#[test]
fn prints_a_datagram() {
    let scene = step(4);
    let folder = Folder::new(&scene);

    let (program, endpoint) = bind(&scene, "dgram", &folder.join("socket"));
    let is_taken = send_datagram(&endpoint, &binary()).unwrap();

    expect_datagram(&program, is_taken, &binary());
}

#[test]
fn prints_an_empty_datagram() {
    let scene = step(4);
    let folder = Folder::new(&scene);

    let (program, endpoint) = bind(&scene, "dgram", &folder.join("socket"));
    let is_taken = send_datagram(&endpoint, b"").unwrap();

    expect_datagram(&program, is_taken, b"");
}

#[test]
fn prints_the_longest_datagram() {
    let scene = step(4);
    let folder = Folder::new(&scene);
    let message = pattern(LONGEST);

    let (program, endpoint) = bind(&scene, "dgram", &folder.join("socket"));
    let Ok(is_taken) = send_datagram(&endpoint, &message) else {
        return scene.not_run("why-datagram");
    };

    expect_longest_datagram(&program, is_taken, &message);
}
