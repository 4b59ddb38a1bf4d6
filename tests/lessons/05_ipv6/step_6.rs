//! Step 6: `connect` races: an address that has not answered after 250 ms does not hold up the next (RFC 8305), and the
//! first to answer has won. The page: docs/en/05-ipv6.md#step-6
//!
//! Who has tried what, only Linux tells: the races are in `step_6/race.rs`.

mod race;

use enchufe_harness::{TcpPeer, checks};

use crate::{connect, connecting};

#[test]
fn refuses_seconds_that_are_none() {
    for seconds in checks::NO_SECONDS {
        let scene = connecting(6);
        let server = TcpPeer::listen(&scene);

        let program = connect(&scene, &["--timeout", seconds], &[&server]);

        server.expect_left_alone();
        program.wait().expect_failure();
    }
}
