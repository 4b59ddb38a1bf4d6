//! What happens in the picture on the page of lesson 2: docs/en/02-tcp-server.md. The course's own tests draw it.

use enchufe_harness::Scene;

/// Plays it. Returned is what chance has chosen, each with what the page shows for it.
pub fn picture(scene: &Scene) -> Option<Vec<(String, String)>> {
    let program = scene.run(["--bind", "127.0.0.1:0"]);
    let server = program.expect_address_line("listening on", "127.0.0.1:0");
    server.expect_service(b"hola");
    let port = server.socket_address()?.port();
    Some(vec![(port.to_string(), "40001".into())])
}
