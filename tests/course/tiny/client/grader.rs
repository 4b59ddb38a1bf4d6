//! The grader of the lesson that was made for the guide's own tests.

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Scene, TcpPeer};

const MESSAGE: &[u8] = b"hola";

/// Starts the program with a message for the server.
fn start(scene: &Scene, server: &TcpPeer) {
    scene.run([server.address().as_str(), "hola"]);
}

fn expect_message(client: &mut Connection) {
    client
        .mistake("message-altered", &[SentOther, SentMore])
        .expect_bytes(MESSAGE);
}

mod step_1 {
    use super::*;

    #[test]
    fn connects() {
        let scene = Scene::new("tiny-client", 1);
        let server = TcpPeer::listen(&scene);

        start(&scene, &server);

        server.accept();
    }
}

mod step_2 {
    use super::*;

    #[test]
    fn sends_the_message() {
        let scene = Scene::new("tiny-client", 2);
        let server = TcpPeer::listen(&scene);

        start(&scene, &server);

        expect_message(&mut server.accept());
    }
}

mod step_3 {
    use super::*;

    #[test]
    fn half_closes() {
        let scene = Scene::new("tiny-client", 3);
        let server = TcpPeer::listen(&scene);

        start(&scene, &server);

        let mut client = server.accept();
        client
            .mistake("no-half-close", &[StillOpen])
            .expect_bytes_and_end(MESSAGE);
    }
}
