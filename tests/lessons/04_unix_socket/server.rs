//! What the tests of the server share: how one begins, and what is expected in more than one step.

use std::ffi::OsStr;
use std::path::Path;

use enchufe_harness::Kind::{self, *};
use enchufe_harness::{Connection, Endpoint, Program, Scene, checks};

use crate::LESSON;

/// Begins a test of the server.
#[track_caller]
pub fn serving(step: u8) -> Scene {
    let scene = Scene::new(LESSON, step);
    scene.serves_until_killed();
    scene
}

/// Tells the program to listen at this path.
pub fn start<'scene>(scene: &'scene Scene, path: &Path) -> Program<'scene> {
    scene.run([OsStr::new("serve"), path.as_os_str()])
}

/// Starts the server, and reads where it listens.
pub fn serve<'scene>(scene: &'scene Scene, path: &Path) -> (Program<'scene>, Endpoint<'scene>) {
    let program = start(scene, path);
    let server = expect_listening(&program, path);
    (program, server)
}

/// The program says that it listens, at this path.
pub fn expect_listening<'scene>(program: &Program<'scene>, path: &Path) -> Endpoint<'scene> {
    program
        .mistake("wrong-path-line", &[SaidNothing, SaidOther])
        .expect_path_line(checks::LISTENING, path)
}

/// A client comes.
pub fn connect<'scene>(server: &Endpoint<'scene>) -> Connection<'scene> {
    server.mistake("wrong-path-line", &[Unreachable]).connect()
}

/// What a server has done that does not echo.
pub const ALTERED: &[Kind] = &[
    SentOther,
    SentMore,
    LostBytes,
    SentStale,
    HeldForALine,
    HeldForTheEnd,
    Silent,
    EndedEarly,
    CutOff,
    Gone,
];

/// The client, which has been told who it is, sends bytes and gets them back.
pub fn expect_echo(client: &mut Connection, bytes: &[u8]) {
    client.mistake("echo-altered", ALTERED).expect_echo(bytes);
}

/// The server ends its stream, as the client has done.
pub fn expect_end(client: &mut Connection) {
    client
        .mistake("echo-altered", ALTERED)
        .mistake("end-not-seen", &[StillOpen])
        .expect_end();
}
