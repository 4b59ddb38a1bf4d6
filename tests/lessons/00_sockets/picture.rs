//! What happens in the picture on the page of lesson 0: docs/en/00-sockets.md. The course's own tests draw it.

use enchufe_harness::Scene;

/// Plays it. Returned is what chance has chosen, each with what the page shows for it.
pub fn picture(scene: &Scene) -> Option<Vec<(String, String)>> {
    let program = scene.run(["inet", "stream", "127.0.0.1:0"]);
    let place = program.expect_address_line("bound to", "127.0.0.1:0");
    let mut client = place.connect();
    client.send(b"hola");
    client.end();
    program.wait().expect_stdout(b"hola").expect_success();
    let port = place.socket_address()?.port();
    Some(vec![(port.to_string(), "40001".into())])
}
