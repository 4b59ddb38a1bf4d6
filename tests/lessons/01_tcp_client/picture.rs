//! What happens in the picture on the page of lesson 1: docs/en/01-tcp-client.md. The course's own tests draw it.

use enchufe_harness::{Scene, TcpPeer};

/// Plays it. Returned is what chance has chosen, each with what the page shows for it.
pub fn picture(scene: &Scene) -> Option<Vec<(String, String)>> {
    let server = TcpPeer::listen(scene);
    let program = scene.run([&server.address(), "hola"]);
    let mut client = server.accept();
    client.expect_bytes_and_end(b"hola");
    client.send(b"HOLA");
    program.expect_printed(b"HOLA");
    client.end();
    program.wait().expect_stdout(b"HOLA").expect_success();
    Some(Vec::new())
}
