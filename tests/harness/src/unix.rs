//! Paths that a program connects to, under the grader's control (Unix).

use std::path::{Path, PathBuf};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::conversation::Conversation;
use crate::listening::Listening;
use crate::scene::Scene;

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
    pub fn accept(&self) -> Conversation<'scene> {
        self.listening.accept()
    }
}

/// A socket that listens at a new path.
pub(crate) fn listener(path: &Path, kind: Type, backlog: i32) -> Socket {
    let socket = bound(path, kind);
    socket.listen(backlog).expect("a bound socket listens");
    socket
}

/// A socket that is bound to a new path.
pub(crate) fn bound(path: &Path, kind: Type) -> Socket {
    let socket = Socket::new(Domain::UNIX, kind, None).expect("a socket");
    let address = SockAddr::unix(path).expect("a short path");
    socket.bind(&address).expect("a new path");
    socket
}

/// The one connection that a queue of length 0 has a place for.
pub(crate) fn fill_the_queue(path: &Path) -> Socket {
    let queued = Socket::new(Domain::UNIX, Type::STREAM, None).expect("a socket");
    let address = SockAddr::unix(path).expect("a short path");
    queued.connect(&address).expect("the queue has one place");
    queued
}
