//! What sockets are asked beyond what `socket2` asks everywhere.
//!
//! A wait for a socket is poll(2), never a timeout of the socket's own: on Windows, a call that such a timeout ends
//! may have sent or received something all the same (`SO_SNDTIMEO`).

use std::io::{self, ErrorKind};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use socket2::Socket;

use crate::system::{family, platform};

/// Whether there is something to read or to accept, or comes within the time.
pub fn is_readable(socket: &impl AsFd, within: Duration) -> bool {
    is_ready(socket, PollFlags::IN, within)
}

/// Waits until there is room to write, or a connection is there, but not for longer than this.
pub fn wait_for_room(socket: &impl AsFd, within: Duration) {
    is_ready(socket, PollFlags::OUT, within);
}

fn is_ready(socket: &impl AsFd, what: PollFlags, within: Duration) -> bool {
    let time = Timespec::try_from(within).unwrap_or_default();
    let mut sockets = [PollFd::new(socket, what)];
    poll(&mut sockets, Some(&time)).is_ok_and(|count| count > 0)
}

/// How many bytes have arrived that nobody has read.
pub fn waiting(socket: &Socket) -> u64 {
    rustix::io::ioctl_fionread(socket).unwrap_or(0)
}

/// Acknowledges at once what has arrived, where that can be asked for (tcp(7), `TCP_QUICKACK`).
pub fn acknowledge(socket: &Socket) {
    platform::acknowledge(socket);
}

/// Has the other end send segments of this size at most, where that can be asked for (tcp(7), `TCP_MAXSEG`);
/// whether it can.
pub fn limit_segments(socket: &Socket, bytes: u32) -> bool {
    family::limit_segments(socket, bytes)
}

/// Lets every other socket have this one's address too that wants to share its own (socket(7)).
pub fn share_address(socket: &Socket) -> io::Result<()> {
    family::share_address(socket)
}

/// Whether a connection is not there yet, but may soon be.
pub fn is_under_way(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock || family::is_in_progress(error)
}

/// Whether no datagram can be so large.
pub fn is_too_large(error: &io::Error) -> bool {
    error.raw_os_error() == Some(family::TOO_LARGE)
}
