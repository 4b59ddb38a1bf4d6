//! Sockets with a name in the file system, unix(7).

use std::path::Path;

use socket2::{Domain, SockAddr, Socket, Type};

/// A socket that listens at a new path.
pub fn listener(path: &Path, kind: Type, backlog: i32) -> Socket {
    let socket = bound(path, kind);
    socket.listen(backlog).expect("a bound socket listens");
    socket
}

/// A socket that is bound to a new path.
pub fn bound(path: &Path, kind: Type) -> Socket {
    let socket = Socket::new(Domain::UNIX, kind, None).expect("a socket");
    let address = SockAddr::unix(path).expect("a short path");
    socket.bind(&address).expect("a new path");
    socket
}

/// The one connection that a queue of length 0 has a place for.
pub fn fill_the_queue(path: &Path) -> Socket {
    let queued = Socket::new(Domain::UNIX, Type::STREAM, None).expect("a socket");
    let address = SockAddr::unix(path).expect("a short path");
    queued.connect(&address).expect("the queue has one place");
    queued
}

/// Whether somebody listens at a path.
pub fn is_listened_on(path: &Path) -> bool {
    let connects = || {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.connect(&SockAddr::unix(path)?)
    };
    connects().is_ok()
}
