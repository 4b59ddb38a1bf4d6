//! Datagrams to a program: somebody who sends them, and wants each of them back from a server.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use socket2::Type;

use crate::client::is_stale;
use crate::fact::{Fact, Kind};
use crate::place::Place;
use crate::scene::{Scene, pause};
use crate::tape::{Event, Fate, Side};
use crate::tcp::LOOK;

/// A client with a socket of its own.
pub struct Asker<'place, 'scene> {
    scene: &'scene Scene,
    place: &'place Place<'scene>,
    socket: UdpSocket,
    who: u8,
    /// What was echoed last: its rest may still stand in a buffer.
    before: Vec<u8>,
}

impl<'scene> Place<'scene> {
    /// A new client of a server of datagrams.
    pub fn asker(&self) -> Asker<'_, 'scene> {
        let socket: UdpSocket = self.socket(Type::DGRAM).into();
        let wait = socket.set_read_timeout(Some(LOOK));
        wait.expect("a time above zero");
        Asker {
            scene: self.scene,
            place: self,
            socket,
            who: self.scene.next_client(),
            before: Vec::new(),
        }
    }

    /// Sends small datagrams, one right after another.
    pub fn sends_datagrams(&self, messages: &[&[u8]]) {
        let socket = self.socket(Type::DGRAM);
        for &message in messages {
            let event = Event::Datagram(Side::Grader, Fate::Arrives, message.into());
            self.scene.tape().add(event);
            let _ = socket.send_to(message, &self.address); // a program that has left needs no more
        }
    }

    /// Sends one datagram. It is an error where the system can't send one of this size.
    pub fn sends_a_datagram(&self, bytes: &[u8]) -> io::Result<()> {
        let socket = self.socket(Type::DGRAM);
        match socket.send_to(bytes, &self.address) {
            Ok(_) => {
                let event = Event::Datagram(Side::Grader, Fate::Arrives, bytes.into());
                self.scene.tape().add(event);
                Ok(())
            }
            Err(error) if is_too_large(&error) => Err(error),
            Err(_) => self.scene.fail(Fact::of(Kind::Unreachable)),
        }
    }

    /// Checks that a socket of the program's takes datagrams here.
    pub fn takes_datagrams_here(&self) {
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
        self.scene.fail(Fact::of(Kind::Unreachable));
    }

    /// Whether a socket of the program's takes datagrams here; yes where the system does not tell.
    pub fn takes_datagrams(&self) -> bool {
        #[cfg(target_os = "linux")]
        if let (Some(warden), Some(address)) = (self.scene.warden(), self.socket_address()) {
            return crate::proc::takes_datagrams(warden, address);
        }
        true
    }
}

impl Asker<'_, '_> {
    /// Sends `bytes` in one datagram, and gets the same bytes back, from where it sent them.
    pub fn is_echoed(&mut self, bytes: &[u8]) {
        let can = self.is_echoed_if_possible(bytes);
        can.expect("a datagram that every system sends");
    }

    /// Likewise. It is an error where the system cannot send a datagram of this size.
    pub fn is_echoed_if_possible(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sends(bytes)?;
        self.gets_back(bytes);
        Ok(())
    }

    /// Sends a datagram, and does not wait for its echo.
    pub fn sends(&self, bytes: &[u8]) -> io::Result<()> {
        let address = self.place.socket_address().expect("an address and a port");
        self.note(Side::Grader, bytes);
        match self.socket.send_to(bytes, address) {
            Err(error) if is_too_large(&error) => Err(error),
            _ => Ok(()), // who is not there, does not echo
        }
    }

    /// Receives a datagram, which must be these bytes.
    pub fn gets_back(&mut self, bytes: &[u8]) {
        let Some(received) = self.receives() else {
            self.scene.fail(Fact::of(Kind::NoEcho));
        };
        if received != bytes {
            self.fails(bytes, &received);
        }
        self.before = received;
    }

    /// Receives as many datagrams as these, in any order: single ones may overtake each other.
    pub fn gets_all_back(&mut self, messages: &[&[u8]]) {
        let mut missing = messages.to_vec();
        while !missing.is_empty() {
            let Some(received) = self.receives() else {
                self.scene.fail(Fact::of(Kind::NoEcho));
            };
            match missing.iter().position(|&message| message == received) {
                Some(place) => drop(missing.remove(place)),
                None => self.fails(missing[0], &received),
            }
        }
    }

    /// Sends a datagram that need not be echoed, but never in pieces or twice, and another one after it: checks
    /// that no more than two come back.
    pub fn is_echoed_once_at_most(&mut self, bytes: &[u8], after: &[u8]) -> io::Result<()> {
        self.sends(bytes)?;
        self.sends(after)?;
        let mut echoes = Vec::from_iter(self.receives());
        if echoes.first().is_some_and(|first| first != after) {
            echoes.extend(self.receives());
        }
        self.scene.settles();
        let nonblocking = self.socket.set_nonblocking(true);
        nonblocking.expect("an open socket");
        echoes.extend(std::iter::from_fn(|| self.next()));
        if echoes.len() > 2 {
            let fact = Fact::of(Kind::SentMore);
            let sent = [bytes, after].concat();
            self.scene.fail(fact.sent(&sent, &echoes.concat()));
        }
        Ok(())
    }

    /// Checks that nothing more has come, when the program has done what it can.
    pub fn gets_no_more(&self) {
        self.scene.settles();
        let nonblocking = self.socket.set_nonblocking(true);
        nonblocking.expect("an open socket");
        if let Some(more) = self.next() {
            self.scene.fail(Fact::of(Kind::SentMore).sent(b"", &more));
        }
    }

    fn fails(&self, bytes: &[u8], received: &[u8]) -> ! {
        let is_longer = received.len() > bytes.len() && received.starts_with(bytes);
        let all = [&self.before, received].concat();
        let expected = [&self.before, bytes].concat();
        let kind = match is_longer && is_stale(&expected, &all) {
            true => Kind::SentStale,
            false => Kind::SentOther,
        };
        self.scene.fail(Fact::of(kind).sent(bytes, received))
    }

    fn receives(&self) -> Option<Vec<u8>> {
        let deadline = self.scene.deadline();
        loop {
            let has_left = self.scene.watch().is_none_or(|watch| watch.is_over());
            if let Some(received) = self.next() {
                return Some(received);
            }
            if has_left || deadline.is_over() {
                return None;
            }
        }
    }

    fn next(&self) -> Option<Vec<u8>> {
        let mut room = vec![0; 65_536];
        let (length, from) = self.socket.recv_from(&mut room).ok()?; // else nothing, or nobody is there
        room.truncate(length);
        self.note(Side::Program, &room);
        if Some(from) != self.place.socket_address() {
            let fact = Fact::of(Kind::SentFromElsewhere);
            self.scene.fail(fact.saying(from.to_string()));
        }
        Some(room)
    }

    fn note(&self, side: Side, bytes: &[u8]) {
        let event = Event::Datagram(side, Fate::Arrives, bytes.into());
        self.scene.tape().add_of(Some(self.who), event);
    }
}

/// It leaves: whoever sends to it from here on is answered that the port is closed, as if the socket were
/// (udp(7)), because it hears only itself.
impl Drop for Asker<'_, '_> {
    fn drop(&mut self) {
        let itself = self.socket.local_addr();
        let _ = itself.and_then(|address| self.socket.connect(address)); // it may never have sent
        self.scene.keeps_the_port_of(&self.socket);
    }
}

fn is_too_large(error: &io::Error) -> bool {
    #[cfg(unix)]
    let is_so = error.raw_os_error() == Some(rustix::io::Errno::MSGSIZE.raw_os_error());
    #[cfg(not(unix))]
    let is_so = error.raw_os_error() == Some(10040); // WSAEMSGSIZE
    is_so
}
