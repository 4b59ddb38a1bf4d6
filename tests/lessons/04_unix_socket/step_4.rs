//! Step 4: only the owner may connect: the mode of the socket is 0600 once the server listens, whatever the umask.
//! The page: docs/en/04-unix-socket.md#step-4

use std::ffi::OsStr;

use enchufe_harness::Folder;
use enchufe_harness::Kind::*;

use crate::server::{expect_listening, serving};

#[test]
fn lets_only_its_owner_connect_whatever_the_umask() {
    for umask in [0o022, 0, 0o077, 0o777] {
        let scene = serving(4);
        if !enchufe_harness::is_linux() {
            return scene.not_run("why-linux");
        }
        let folder = Folder::new(&scene);
        let path = folder.join("s");

        let serve = scene.program([OsStr::new("serve"), path.as_os_str()]);
        let program = serve.umask(umask).start();
        let server = expect_listening(&program, &path);

        server
            .mistake("open-to-all", &[OpenToOthers])
            .mistake("mode-only-narrowed", &[ClosedToItsOwner])
            .expect_mode(0o600);
        let mut client = server
            .mistake("mode-only-narrowed", &[Unreachable])
            .connect();
        client.expect_greeting();
    }
}
