//! What the system tells of connections: what is on its way, what is left unread, who has begun to connect.

use std::net::SocketAddr;
use std::time::Duration;

use socket2::Socket;

use crate::system::platform;

/// What the system says of one end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Bytes sent that the other end has not acknowledged.
    pub unsent: u64,
    /// Bytes received that the process has not read.
    pub unread: u64,
    /// Whether a process still holds the socket.
    pub is_held: bool,
}

/// The addresses of both ends of a TCP connection.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    ours: SocketAddr,
    theirs: SocketAddr,
}

impl Ends {
    /// Those of this connection. `None` where it has been cut off or is none of TCP, and where the system does
    /// not tell of its ends.
    pub fn of(stream: &Socket) -> Option<Self> {
        if !platform::connections::ARE_TOLD {
            return None;
        }
        let ours = stream.local_addr().ok()?.as_socket()?;
        let theirs = stream.peer_addr().ok()?.as_socket()?;
        Some(Self { ours, theirs })
    }

    /// The grader's end, as long as the system has it.
    pub fn ours(&self) -> Option<End> {
        platform::connections::end(self.ours, self.theirs)
    }

    /// The program's end, as long as the system has it.
    pub fn theirs(&self) -> Option<End> {
        platform::connections::end(self.theirs, self.ours)
    }
}

/// An attempt to connect that has not been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syn {
    /// How long it is until the system repeats it.
    pub left: Duration,
    /// How often the system has repeated it.
    pub repeats: u32,
}

/// The attempts of processes to connect to these addresses, of each one the first, as they were at one moment;
/// none where the system does not tell.
pub fn attempts(to: &[SocketAddr]) -> Vec<Option<Syn>> {
    platform::connections::attempts(to)
}

/// Whether some process listens for TCP connections exactly here, over IPv4; `None` where the system does not tell.
pub fn is_listened_on(address: SocketAddr) -> Option<bool> {
    platform::connections::is_listened_on(address)
}
