//! Step 3: `serve` echoes the largest datagram that there is. The page: docs/en/03-udp.md#step-3

use enchufe_harness::Kind::*;
use enchufe_harness::pattern;

use crate::{LARGEST, expect_echo, serve, serving};

#[test]
fn echoes_the_largest_datagram() {
    let scene = serving(3);

    let (program, server) = serve(&scene);
    for size in [1500, 8192, 65_000, LARGEST] {
        let mut client = server.udp_client();
        let possible = client
            .mistake("small-buffer", &[SentOther, NoEcho, Gone, Panicked])
            .mistake("stale-tail", &[SentStale])
            .mistake("answers-elsewhere", &[SentFromElsewhere])
            .expect_echo_if_possible(&pattern(size));
        if possible.is_err() {
            return scene.not_run("why-datagram");
        }
    }

    expect_echo(&mut server.udp_client(), b"x");
    program
        .mistake("small-buffer", &[Panicked])
        .expect_no_panic();
}
