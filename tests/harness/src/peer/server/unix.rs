//! Paths that a program connects to, under the grader's control (Unix).

use std::path::{Path, PathBuf};

use socket2::{Socket, Type};

use crate::peer::connection::Connection;
use crate::peer::server::listening::Listening;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::unix_sockets::{fill_the_queue, listener};

/// A path that a program connects to.
pub struct UnixPeer<'scene> {
    listening: Listening<'scene>,
    path: PathBuf,
    _queue: Option<Socket>,
}

impl<'scene> UnixPeer<'scene> {
    /// Listens at a new path in this folder.
    pub fn listen(scene: &'scene Scene, folder: &Path) -> Self {
        Self::listen_with(scene, folder, 128)
    }

    /// A path that does not answer: a listener whose queue is full (unix(7), listen(2)).
    pub fn ignore(scene: &'scene Scene, folder: &Path) -> Self {
        let mut peer = Self::listen_with(scene, folder, 0);
        peer._queue = Some(fill_the_queue(&peer.path));
        scene.remark("does-not-answer");
        peer
    }

    fn listen_with(scene: &'scene Scene, folder: &Path, backlog: i32) -> Self {
        let path = folder.join("peer.sock");
        let socket = listener(&path, Type::STREAM, backlog);
        Self {
            listening: Listening { scene, socket },
            path,
            _queue: None,
        }
    }

    /// Where it is, as a program takes it.
    pub fn path(&self) -> &str {
        self.path.to_str().expect("a path in ASCII")
    }

    /// Waits for the program to connect.
    pub fn accept(&self) -> Connection<'scene> {
        self.listening.accept()
    }
}

expectations!(UnixPeer<'scene>, self.listening.scene);
