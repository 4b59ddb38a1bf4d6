//! What happens in the picture on the page of lesson 4: docs/en/04-unix-socket.md. The course's own tests draw it.

use enchufe_harness::{Scene, Signal};

/// Plays it. Returned is what chance has chosen, each with what the page shows for it.
pub fn picture(scene: &Scene) -> Option<Vec<(String, String)>> {
    let folder = tempfile::Builder::new()
        .prefix("")
        .rand_bytes(6)
        .tempdir_in("/tmp")
        .ok()?;
    let path = folder.path().join("s");
    let program = scene.run(["serve".as_ref(), path.as_os_str()]);
    let server = program.expect_path_line("listening on", &path);
    let mut client = server.connect();
    client.expect_greeting();
    client.expect_echo(b"hola");
    client.end();
    client.expect_end();
    program.signal(Signal::Terminate);
    program.wait();
    server.expect_removed();
    Some(vec![(
        folder.path().display().to_string(),
        "/tmp/course".into(),
    )])
}
