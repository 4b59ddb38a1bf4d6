//! Many clients at once, and many bad ones in a row.

use std::net::Shutdown;
use std::time::{Duration, Instant};

use socket2::{Socket, Type};

use crate::base::finding::{Finding, Kind};
use crate::base::transcript::Event;
use crate::peer::client::endpoint::{Endpoint, Reception};
use crate::peer::connection::Connection;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::processes::Resources;

/// Clients that are connected at the same time. Those that have not left stay until the test is over.
pub struct Crowd<'scene> {
    scene: &'scene Scene,
    clients: Vec<Connection<'scene>>,
}

impl Crowd<'_> {
    /// Each one speaks and is echoed, the last one first: one that waits in the queue of the listening
    /// socket is connected too, and would be served when the others have left.
    pub fn expect_echoes_last_first(&mut self, bytes: &[u8]) {
        for client in self.clients.iter_mut().rev() {
            client.expect_echo(bytes);
        }
    }

    /// All of them speak at once, each with words of its own, and each is echoed.
    pub fn expect_echoes_at_once(&mut self) {
        let words = |number| format!("I am client {number}. ").repeat(20).into_bytes();
        for (number, client) in self.clients.iter_mut().enumerate() {
            client.send(&words(number));
        }
        for (number, client) in self.clients.iter_mut().enumerate() {
            client.expect_echo_of(&words(number));
        }
    }

    /// Checks that the program has closed none of them.
    pub fn expect_kept(&mut self) {
        self.clients.iter_mut().for_each(Connection::expect_kept);
    }

    /// All of them end their streams and leave, the first one first.
    pub fn leave(&mut self) {
        for mut client in self.clients.drain(..) {
            client.end();
            client.expect_end();
        }
    }
}

impl Drop for Crowd<'_> {
    fn drop(&mut self) {
        for client in self.clients.drain(..) {
            client.stay();
        }
    }
}

impl<'scene> Endpoint<'scene> {
    /// So many clients connect and stay, and say nothing.
    pub fn silent_crowd(&self, count: usize) -> Crowd<'scene> {
        self.note_many("many-connect", count);
        Crowd {
            scene: self.scene,
            clients: (0..count).map(|_| self.connect_one_of_many()).collect(),
        }
    }

    /// So many clients connect and stay; each is echoed before the next one comes.
    pub fn served_crowd(&self, count: usize, bytes: &[u8]) -> Crowd<'scene> {
        self.note_many("many-are-served", count);
        let mut clients = Vec::with_capacity(count);
        for _ in 0..count {
            let mut client = self.connect_one_of_many();
            client.expect_echo(bytes);
            clients.push(client);
        }
        Crowd {
            scene: self.scene,
            clients,
        }
    }

    /// So many clients begin to connect, more than the program has descriptors for, and leave when it
    /// has done with them what it can.
    pub fn crowd_beyond_its_descriptors(&self, count: usize) {
        self.note_many("many-connect", count);
        let begin = |_| {
            let socket = self.socket(Type::STREAM);
            let _ = self.begin_to_connect(&socket); // some of them for nothing
            socket
        };
        let clients: Vec<Socket> = (0..count).map(begin).collect();
        self.scene.settle();
        drop(clients);
        self.note_many("many-leave", count);
    }

    /// So many clients come that behave badly, one after another. Between them good ones come, so that
    /// the queue of the listening socket never overflows. It ends early when a good one is turned away.
    pub fn send_bad_clients(&self, count: usize) -> Reception {
        self.note_many("many-bad-clients", count);
        for number in 0..count {
            self.send_a_bad_client(number);
            if number % 4 == 3 && self.try_until_served() == Reception::TurnedAway {
                return Reception::TurnedAway;
            }
        }
        self.try_until_served()
    }

    fn send_a_bad_client(&self, number: usize) {
        let socket = self.socket(Type::STREAM);
        if number % 6 != 4 {
            let linger = socket.set_linger(Some(Duration::ZERO)); // closing it resets it
            linger.expect("an open socket");
        }
        match number % 6 {
            0 | 4 => drop(self.begin_to_connect(&socket)), // gone before it is accepted
            1 => {
                let socket = self.connected(&socket);
                let _ = socket.send(b"abc"); // the reset may come before it is read, or after
            }
            2 => {
                let socket = self.connected(&socket);
                let _ = socket.send(&[b'x'; 16 * 1024]); // its echo finds nobody
            }
            3 => {
                // A reset after the end of stream is a broken pipe, and with it a signal, SIGPIPE.
                let socket = self.connected(&socket);
                let _ = socket.send(&[b'x'; 16 * 1024]);
                let _ = socket.shutdown(Shutdown::Write);
            }
            _ => {
                let socket = self.connected(&socket);
                let mut client = Connection::one_of_many(self.scene, socket);
                client.send(b"abc");
                client.receive(3, self.deadline()); // then the program waits for more
            }
        }
    }

    fn try_until_served(&self) -> Reception {
        let deadline = self.deadline();
        loop {
            let outcome = self.try_to_be_served(b"hola");
            if outcome == Reception::Served || deadline.is_over() {
                return outcome;
            }
            crate::base::time::pause(Duration::from_millis(2));
        }
    }

    /// What the program holds now; `None` where the system does not tell.
    pub fn resources(&self) -> Option<Resources> {
        self.scene.tree()?.resources()
    }

    /// Checks that the program soon holds less than `more` threads and descriptors beyond what it
    /// held before. Nothing is checked where the system does not tell.
    pub fn expect_few_more_resources(&self, before: Option<Resources>, more: usize) {
        let deadline = self.deadline();
        while let (Some(before), Some(now)) = (before, self.resources()) {
            let is_little = |now: usize, before: usize| now < before + more;
            if is_little(now.threads, before.threads)
                && is_little(now.descriptors, before.descriptors)
            {
                return;
            }
            if deadline.is_over() {
                self.scene.fail(Finding::of(Kind::Leaked));
            }
            crate::base::time::pause(Duration::from_millis(5));
        }
    }

    fn note_many(&self, word: &'static str, count: usize) {
        if count == 0 {
            return;
        }
        self.scene.transcript().add(Event::Many(word, count as u64));
    }
}

impl Scene {
    /// Waits until the program has done what it can for now: until it stands still, or a second has
    /// passed. What follows is only the stronger for it.
    pub fn settle(&self) {
        let begin = Instant::now();
        let mut looks = 0;
        while looks < crate::scene::program::RESTING && begin.elapsed() < Duration::from_secs(1) {
            looks = if self.is_idle() { looks + 1 } else { 0 };
            crate::base::time::pause(Duration::from_millis(1));
        }
    }
}

expectations!(mut Crowd<'scene>, self.scene);
