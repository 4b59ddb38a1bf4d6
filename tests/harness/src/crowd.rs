//! Many clients at once, and many bad ones in a row.

use std::net::Shutdown;
use std::time::{Duration, Instant};

use socket2::{Socket, Type};

use crate::conversation::Conversation;
#[cfg(target_os = "linux")]
use crate::fact::{Fact, Kind};
use crate::place::{Outcome, Place};
use crate::scene::Scene;
use crate::tape::Event;

/// Clients that are connected at the same time. Those that have not left stay until the test is over.
pub struct Crowd<'scene> {
    clients: Vec<Conversation<'scene>>,
}

impl Crowd<'_> {
    /// Each one speaks and is echoed, the last one first: one that waits in the queue of the listening
    /// socket is connected too, and would be served when the others have left.
    pub fn is_echoed_last_first(&mut self, bytes: &[u8]) {
        for client in self.clients.iter_mut().rev() {
            client.is_echoed(bytes);
        }
    }

    /// All of them speak at once, each with words of its own, and each is echoed.
    pub fn is_echoed_at_once(&mut self) {
        let words = |number| format!("I am client {number}. ").repeat(20).into_bytes();
        for (number, client) in self.clients.iter_mut().enumerate() {
            client.sends(&words(number));
        }
        for (number, client) in self.clients.iter_mut().enumerate() {
            client.is_answered(&words(number));
        }
    }

    /// Checks that the program has closed none of them.
    pub fn is_kept(&mut self) {
        self.clients.iter_mut().for_each(Conversation::is_kept);
    }

    /// All of them end their streams and leave, the first one first.
    pub fn leaves(mut self) {
        for mut client in std::mem::take(&mut self.clients) {
            client.ends();
            client.receives_end();
        }
    }
}

impl Drop for Crowd<'_> {
    fn drop(&mut self) {
        for client in self.clients.drain(..) {
            client.stays();
        }
    }
}

/// What a program holds of the system's.
#[cfg(target_os = "linux")]
#[derive(Clone, Copy, Debug)]
pub struct Holdings {
    threads: usize,
    descriptors: usize,
}

impl<'scene> Place<'scene> {
    /// So many clients connect and stay, and say nothing.
    pub fn silent_crowd(&self, count: usize) -> Crowd<'scene> {
        self.note_many("many-connect", count);
        let clients = (0..count).map(|_| self.connect_one_of_many()).collect();
        Crowd { clients }
    }

    /// So many clients connect and stay; each is echoed before the next one comes.
    pub fn served_crowd(&self, count: usize, bytes: &[u8]) -> Crowd<'scene> {
        self.note_many("many-are-served", count);
        let mut clients = Vec::with_capacity(count);
        for _ in 0..count {
            let mut client = self.connect_one_of_many();
            client.is_echoed(bytes);
            clients.push(client);
        }
        Crowd { clients }
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
        self.scene.settles();
        drop(clients);
        self.note_many("many-leave", count);
    }

    /// So many clients come that behave badly, one after another. Between them good ones come, so that
    /// the queue of the listening socket never overflows. It ends early when a good one is turned away.
    pub fn meets_bad_clients(&self, count: usize) -> Outcome {
        self.note_many("many-bad-clients", count);
        for number in 0..count {
            self.meets_a_bad_client(number);
            if number % 4 == 3 && self.tries_until_served() == Outcome::TurnedAway {
                return Outcome::TurnedAway;
            }
        }
        self.tries_until_served()
    }

    fn meets_a_bad_client(&self, number: usize) {
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
                let mut client = Conversation::one_of_many(self.scene, socket);
                client.sends(b"abc");
                client.receive(3, self.deadline()); // then the program waits for more
            }
        }
    }

    fn tries_until_served(&self) -> Outcome {
        let deadline = self.deadline();
        loop {
            let outcome = self.try_to_be_served(b"hola");
            if outcome == Outcome::Served || deadline.is_over() {
                return outcome;
            }
            crate::scene::pause(Duration::from_millis(2));
        }
    }

    /// What the program holds now.
    #[cfg(target_os = "linux")]
    pub fn holdings(&self) -> Holdings {
        let warden = self.scene.warden().unwrap_or(0);
        Holdings {
            threads: crate::proc::threads(warden).len(),
            descriptors: crate::proc::descriptors(warden),
        }
    }

    /// Checks that the program soon holds less than `more` threads and descriptors beyond what it
    /// held before.
    #[cfg(target_os = "linux")]
    pub fn holds_little_more_than(&self, before: Holdings, more: usize) {
        let deadline = self.deadline();
        loop {
            let now = self.holdings();
            let is_little = |now: usize, before: usize| now < before + more;
            if is_little(now.threads, before.threads)
                && is_little(now.descriptors, before.descriptors)
            {
                return;
            }
            if deadline.is_over() {
                self.scene.fail(Fact::of(Kind::Leaked));
            }
            crate::scene::pause(Duration::from_millis(5));
        }
    }

    fn note_many(&self, word: &'static str, count: usize) {
        if count == 0 {
            return;
        }
        self.scene.tape().add(Event::Many(word, count as u64));
    }
}

impl Scene {
    /// Waits until the program has done what it can for now: until it stands still, or a second has
    /// passed. What follows is only the stronger for it.
    pub fn settles(&self) {
        let begin = Instant::now();
        let mut looks = 0;
        while looks < crate::program::RESTING && begin.elapsed() < Duration::from_secs(1) {
            looks = if self.is_at_rest() { looks + 1 } else { 0 };
            crate::scene::pause(Duration::from_millis(1));
        }
    }
}

/// Makes room for `count` descriptors in this process and in what it starts; whether there is room.
#[cfg(target_os = "linux")]
pub fn has_descriptors_for(count: u64) -> bool {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let is_raised = setrlimit(Resource::Nofile, limit).is_ok();
    is_raised && limit.current.is_none_or(|most| most >= count)
}
