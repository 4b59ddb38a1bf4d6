//! Datagrams to a program: somebody who sends them, and wants each of them back from a server.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use socket2::Type;

use crate::base::finding::{Finding, Kind};
use crate::base::time::pause;
use crate::base::transcript::{Event, Fate, Side};
use crate::peer::client::endpoint::Endpoint;
use crate::peer::connection::LOOK;
use crate::peer::connection::stale::is_stale;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::sockets::{is_readable, is_too_large};

/// A client with a socket of its own.
pub struct UdpClient<'place, 'scene> {
    scene: &'scene Scene,
    place: &'place Endpoint<'scene>,
    socket: UdpSocket,
    who: u8,
    /// What was echoed last: its rest may still stand in a buffer.
    before: Vec<u8>,
}

impl<'scene> Endpoint<'scene> {
    /// A new client of a server of datagrams.
    pub fn udp_client(&self) -> UdpClient<'_, 'scene> {
        UdpClient {
            scene: self.scene,
            place: self,
            socket: self.socket(Type::DGRAM).into(),
            who: self.scene.next_client(),
            before: Vec::new(),
        }
    }

    /// Sends small datagrams, one right after another.
    pub fn send_datagrams(&self, messages: &[&[u8]]) {
        let socket = self.socket(Type::DGRAM);
        for &message in messages {
            let event = Event::Datagram(Side::Grader, Fate::Arrives, message.into());
            self.scene.transcript().add(event);
            let _ = socket.send_to(message, &self.address); // a program that has left needs no more
        }
    }

    /// Sends one datagram. It is an error where the system can't send one of this size.
    pub fn send_datagram(&self, bytes: &[u8]) -> io::Result<()> {
        let socket = self.socket(Type::DGRAM);
        match socket.send_to(bytes, &self.address) {
            Ok(_) => {
                let event = Event::Datagram(Side::Grader, Fate::Arrives, bytes.into());
                self.scene.transcript().add(event);
                Ok(())
            }
            Err(error) if is_too_large(&error) => Err(error),
            Err(_) => self.scene.fail(Finding::of(Kind::Unreachable)),
        }
    }

    /// Checks that a socket of the program's takes datagrams here.
    pub fn expect_datagrams_taken(&self) {
        if self.scene.awaits_a_later_step() {
            return; // it had its socket, as it said, and has stopped
        }
        // A table that changes while it is read may lack a line.
        for _ in 0..100 {
            if self.takes_datagrams() {
                return;
            }
            pause(Duration::from_millis(2));
        }
        self.scene.fail(Finding::of(Kind::Unreachable));
    }

    /// Whether a socket of the program's takes datagrams here; yes where the system does not tell.
    pub fn takes_datagrams(&self) -> bool {
        let told = self.socket_address().zip(self.scene.tree());
        let takes = told.and_then(|(address, tree)| tree.takes_datagrams(address));
        takes.unwrap_or(true)
    }
}

impl UdpClient<'_, '_> {
    /// Sends `bytes` in one datagram, and gets the same bytes back, from where it sent them.
    pub fn expect_echo(&mut self, bytes: &[u8]) {
        let can = self.expect_echo_if_possible(bytes);
        can.expect("a datagram that every system sends");
    }

    /// Likewise. It is an error where the system cannot send a datagram of this size.
    pub fn expect_echo_if_possible(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.send(bytes)?;
        self.expect_back(bytes);
        Ok(())
    }

    /// Sends a datagram, and does not wait for its echo.
    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let address = self.place.socket_address().expect("an address and a port");
        self.note(Side::Grader, bytes);
        match self.socket.send_to(bytes, address) {
            Err(error) if is_too_large(&error) => Err(error),
            _ => Ok(()), // who is not there, does not echo
        }
    }

    /// Receives a datagram, which must be these bytes.
    pub fn expect_back(&mut self, bytes: &[u8]) {
        let Some(received) = self.expect_bytes() else {
            self.scene.fail(Finding::of(Kind::NoEcho));
        };
        if received != bytes {
            self.expect_failure(bytes, &received);
        }
        self.before = received;
    }

    /// Receives as many datagrams as these, in any order: single ones may overtake each other.
    pub fn expect_all_back(&mut self, messages: &[&[u8]]) {
        let mut missing = messages.to_vec();
        while !missing.is_empty() {
            let Some(received) = self.expect_bytes() else {
                self.scene.fail(Finding::of(Kind::NoEcho));
            };
            match missing.iter().position(|&message| message == received) {
                Some(place) => drop(missing.remove(place)),
                None => self.expect_failure(missing[0], &received),
            }
        }
    }

    /// Sends a datagram that need not be echoed, but never in pieces or twice, and another one after it: checks
    /// that no more than two come back.
    pub fn expect_one_echo_at_most(&mut self, bytes: &[u8], after: &[u8]) -> io::Result<()> {
        self.send(bytes)?;
        self.send(after)?;
        let mut echoes = Vec::from_iter(self.expect_bytes());
        if echoes.first().is_some_and(|first| first != after) {
            echoes.extend(self.expect_bytes());
        }
        self.scene.settle();
        echoes.extend(std::iter::from_fn(|| self.next(Duration::ZERO)));
        if echoes.len() > 2 {
            let finding = Finding::of(Kind::SentMore);
            let sent = [bytes, after].concat();
            self.scene.fail(finding.sent(&sent, &echoes.concat()));
        }
        Ok(())
    }

    /// Checks that nothing more has come, when the program has done what it can.
    pub fn expect_no_datagram(&self) {
        self.scene.settle();
        if let Some(more) = self.next(Duration::ZERO) {
            self.scene
                .fail(Finding::of(Kind::SentMore).sent(b"", &more));
        }
    }

    fn expect_failure(&self, bytes: &[u8], received: &[u8]) -> ! {
        let is_longer = received.len() > bytes.len() && received.starts_with(bytes);
        let all = [&self.before, received].concat();
        let expected = [&self.before, bytes].concat();
        let kind = match is_longer && is_stale(&expected, &all) {
            true => Kind::SentStale,
            false => Kind::SentOther,
        };
        self.scene.fail(Finding::of(kind).sent(bytes, received))
    }

    fn expect_bytes(&self) -> Option<Vec<u8>> {
        let deadline = self.scene.deadline();
        loop {
            let has_left = self.scene.watch().is_none_or(|watch| watch.is_over());
            if let Some(received) = self.next(LOOK) {
                return Some(received);
            }
            if has_left || deadline.is_over() {
                return None;
            }
        }
    }

    fn next(&self, within: Duration) -> Option<Vec<u8>> {
        if !is_readable(&self.socket, within) {
            return None;
        }
        let mut room = vec![0; 65_536];
        let (length, from) = self.socket.recv_from(&mut room).ok()?; // else nothing, or nobody is there
        room.truncate(length);
        self.note(Side::Program, &room);
        if Some(from) != self.place.socket_address() {
            let finding = Finding::of(Kind::SentFromElsewhere);
            self.scene.fail(finding.saying(from.to_string()));
        }
        Some(room)
    }

    fn note(&self, side: Side, bytes: &[u8]) {
        let event = Event::Datagram(side, Fate::Arrives, bytes.into());
        self.scene.transcript().add_of(Some(self.who), event);
    }
}

/// It leaves: whoever sends to it from here on is answered that the port is closed, as if the socket were
/// (udp(7)), because it hears only itself.
impl Drop for UdpClient<'_, '_> {
    fn drop(&mut self) {
        let itself = self.socket.local_addr();
        let _ = itself.and_then(|address| self.socket.connect(address)); // it may never have sent
        self.scene.keep_port_of(&self.socket);
    }
}

expectations!(mut UdpClient<'place, 'scene>, self.scene);
