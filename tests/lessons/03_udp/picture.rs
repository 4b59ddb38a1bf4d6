//! What happens in the picture on the page of lesson 3: docs/en/03-udp.md. The course's own tests draw it.

use enchufe_harness::{Request, Scene, UdpPeer};

/// Plays it. Returned is what chance has chosen, each with what the page shows for it.
pub fn picture(scene: &Scene) -> Option<Vec<(String, String)>> {
    let server = UdpPeer::bind(scene);
    let address = server.address();
    let options = ["ask", "--timeout", "1.5", &address];
    let program = scene.run(options.iter().chain(&["hola", "paz"]));
    let first = server.expect_request(b"hola");
    server.lose(&first);
    let again = server.expect_repetition(&first);
    server.answer_another(&again, !again.id(), b"adios");
    server.answer(&again, b"HOLA");
    program.expect_printed(b"HOLA\n");
    let second = server.expect_request(b"paz");
    server.repeat_answer(&again, b"HOLA");
    server.answer(&second, b"PAZ");
    program
        .wait()
        .expect_stdout(b"HOLA\nPAZ\n")
        .expect_success();
    let shown = [(&first, "8c41d27e"), (&second, "03f9a655")];
    let id = |request: &Request| format!("{:08x}", request.id());
    let mut chances = shown
        .map(|(request, id_shown)| (id(request), id_shown.into()))
        .to_vec();
    chances.push((format!("{:08x}", !first.id()), "5b70e6c2".into()));
    Some(chances)
}
