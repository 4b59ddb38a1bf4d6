//! What happens in the picture on the page of lesson 5: docs/en/05-ipv6.md. The course's own tests draw it.

use enchufe_harness::Scene;
#[cfg(target_os = "linux")]
use enchufe_harness::{Race, TcpPeer};

/// Plays it. Returned is what chance has chosen, each with what the page shows for it: Linux alone shows a race.
#[cfg(target_os = "linux")]
pub fn picture(scene: &Scene) -> Option<Vec<(String, String)>> {
    let nobody = TcpPeer::ignore(scene);
    let server = TcpPeer::listen(scene);
    let program = scene.run(["connect", &nobody.address(), &server.address()]);
    let race = Race::of(scene, &[&nobody, &server]);
    let mut client = race.accept(1);
    race.expect_close(0);
    client.send(b"hola\n");
    program.expect_printed(b"hola\n");
    client.end();
    program.wait().expect_stdout(b"hola\n").expect_success();
    Some(Vec::new())
}

#[cfg(not(target_os = "linux"))]
pub fn picture(_: &Scene) -> Option<Vec<(String, String)>> {
    None
}
