//! A socket of the grader's that the program connects to, whatever its family.

use std::io::ErrorKind;
use std::time::Duration;

use socket2::Socket;

use crate::base::finding::{Finding, Kind};
use crate::base::transcript::{Event, Side};
use crate::peer::connection::Connection;
use crate::peer::connection::LOOK;
use crate::scene::Scene;
use crate::system::sockets::is_readable;

/// A listening socket.
pub(crate) struct Listening<'scene> {
    pub scene: &'scene Scene,
    pub socket: Socket,
}

impl<'scene> Listening<'scene> {
    /// Waits for the program to connect.
    pub fn accept(&self) -> Connection<'scene> {
        let deadline = self.scene.deadline();
        loop {
            if let Some(socket) = self.accepted() {
                return Connection::accepted(self.scene, socket);
            }
            let has_left = self.scene.watch().is_some_and(|watch| watch.is_over());
            if has_left && !self.is_pending(Duration::ZERO) {
                self.scene.fail(Finding::of(Kind::LeftBeforeConnecting));
            }
            if deadline.is_over() {
                self.scene.fail(Finding::of(Kind::NeverConnected));
            }
            self.is_pending(LOOK);
        }
    }

    /// Waits for the program to connect, as one of several in the picture.
    pub fn accept_as(&self, who: u8) -> Connection<'scene> {
        let deadline = self.scene.deadline();
        loop {
            if let Some(socket) = self.accepted() {
                return Connection::accepted_as(self.scene, socket, who);
            }
            if deadline.is_over() {
                self.scene.fail(Finding::of(Kind::NeverConnected));
            }
            self.is_pending(LOOK);
        }
    }

    /// A connection that waits to be accepted.
    pub fn accepted(&self) -> Option<Socket> {
        self.socket.set_nonblocking(true).expect("an open socket");
        match self.socket.accept() {
            Ok((socket, _)) => Some(socket),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => None,
            Err(error) => panic!("accept: {error}"),
        }
    }

    /// Waits for the program to connect, or to wait for something else first.
    pub fn accept_unless_at_rest(&self) -> Option<Connection<'scene>> {
        let mut looks = 0;
        while looks < crate::scene::program::RESTING {
            if self.is_pending(Duration::from_millis(1)) || self.scene.exit().is_some() {
                return Some(self.accept());
            }
            looks = if self.scene.is_idle() { looks + 1 } else { 0 };
        }
        None
    }

    /// Waits for the program's end, and checks that it did not connect.
    pub fn expect_left_alone(&self) {
        let deadline = self.scene.deadline();
        while !deadline.is_over() {
            let has_left = self.scene.watch().is_some_and(|watch| watch.is_over());
            if self.is_pending(if has_left { Duration::ZERO } else { LOOK }) {
                self.scene.transcript().add(Event::Connect(Side::Program));
                self.scene.fail(Finding::of(Kind::Connected));
            }
            if has_left {
                return;
            }
        }
    }

    /// Whether somebody waits to be accepted, or comes within the time.
    pub fn is_pending(&self, time: Duration) -> bool {
        is_readable(&self.socket, time)
    }
}
