//! Attempts of a program to connect to several places, side by side (Linux).

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use memchr::memmem;
use socket2::Socket;

use crate::base::deadline::Deadline;
use crate::base::finding::{Finding, Kind};
use crate::base::time::pause;
use crate::base::transcript::{Attempt, Event};
use crate::peer::connection::{Connection, Ending};
use crate::peer::server::tcp::TcpPeer;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::connections::{Syn, attempts};

/// How often the table of sockets is read, which takes the system some milliseconds: it goes through all the
/// places where a connection could be.
const APART: Duration = Duration::from_millis(30);
/// How far the beginnings of two attempts have to be apart: the 250 ms of RFC 8305, less what clocks of
/// 10 ms lose on the way.
const STAGGER: Duration = Duration::from_millis(200);

/// A look that takes longer does not tell how far two things are apart.
const AT_A_GLANCE: Duration = Duration::from_millis(40);

/// Two looks that are further apart than this say that the machine is busy: the grader, which only sleeps and looks,
/// had no processor, so a program that was to wait for 250 ms may have had none either.
const BUSY: Duration = Duration::from_millis(120);

/// What became of the question whether attempts are staggered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stagger {
    /// They began one after another.
    Seen,
    /// They began together.
    AtOnce,
    /// They had begun so long ago that it is not known.
    Missed,
    /// The machine was too busy to tell.
    Busy,
}

/// Places that a program tries, in this order.
pub struct Race<'peer, 'scene> {
    scene: &'scene Scene,
    peers: Vec<&'peer TcpPeer<'scene>>,
    begun: RefCell<Vec<bool>>,
    freed: RefCell<Vec<bool>>,
    closed: RefCell<Vec<bool>>,
    looked: Cell<Instant>,
    furthest_apart: Cell<Duration>,
}

impl<'peer, 'scene> Race<'peer, 'scene> {
    /// Attempts at these places are in the picture as A, B and so on.
    pub fn of(scene: &'scene Scene, peers: &[&'peer TcpPeer<'scene>]) -> Self {
        Self {
            scene,
            peers: peers.to_vec(),
            begun: RefCell::new(vec![false; peers.len()]),
            freed: RefCell::new(vec![false; peers.len()]),
            closed: RefCell::new(vec![false; peers.len()]),
            looked: Cell::new(Instant::now()),
            furthest_apart: Cell::default(),
        }
    }

    /// Waits until so many attempts wait for an answer at the same time.
    pub fn wait_for_attempts(&self, count: usize) {
        self.watches(count);
    }

    /// Waits until an attempt at each place waits for an answer, and says whether one began with the one before
    /// it. What tells it is the time until the system repeats each one, 1 s after its beginning (RFC 6298,
    /// section 2).
    pub fn stagger(&self) -> Stagger {
        let mut each = (1..self.peers.len()).map(|place| self.stagger_of(place));
        match each.find(|&stagger| stagger != Stagger::Seen) {
            None => Stagger::Seen,
            Some(Stagger::Missed) if self.furthest_apart.get() > BUSY => Stagger::Busy,
            Some(unlike) => unlike,
        }
    }

    /// Likewise, of the attempt at this place and the one before it.
    fn stagger_of(&self, place: usize) -> Stagger {
        self.watches(place + 1);
        loop {
            let begin = Instant::now();
            let attempts = self.look();
            let Some(&[first, second]) = attempts.get(place - 1..=place) else {
                return Stagger::Missed;
            };
            match () {
                () if first.repeats > 0 || first.left.is_zero() => return Stagger::Missed,
                () if begin.elapsed() > AT_A_GLANCE => {} // the two were not read at the same time
                () if second.left >= first.left + STAGGER => return Stagger::Seen,
                () => return Stagger::AtOnce,
            }
        }
    }

    /// Ends the test: the second attempt began long after the first.
    pub fn fail_as_too_late(&self) -> ! {
        self.scene.fail(Finding::of(Kind::OneAttempt))
    }

    /// Ends the test: attempts began together.
    pub fn fail_as_at_once(&self) -> ! {
        self.scene.fail(Finding::of(Kind::AttemptsAtOnce))
    }

    fn watches(&self, count: usize) {
        let deadline = self.scene.deadline();
        while self.look().len() < count {
            self.wait_on(&deadline);
        }
    }

    /// Waits for the program to be connected with one of them.
    pub fn accept(&self, place: usize) -> Connection<'scene> {
        let deadline = self.scene.deadline();
        let peer = self.peers[place];
        while !peer.listening.is_pending(APART) {
            self.look();
            self.wait_on(&deadline);
        }
        self.begins(place);
        self.note(place, Attempt::Answered);
        peer.listening.accept_as(number(place))
    }

    /// The attempts that wait for an answer now, in the order of their places.
    fn look(&self) -> Vec<Syn> {
        let apart = self.looked.replace(Instant::now()).elapsed();
        self.furthest_apart
            .set(self.furthest_apart.get().max(apart));
        let addresses: Vec<SocketAddr> = self.peers.iter().map(|peer| peer.address).collect();
        let attempts = attempts(&addresses);
        for (place, attempt) in attempts.iter().enumerate() {
            match attempt {
                Some(_) => self.begins(place),
                None => self.note_if_given_up(place),
            }
        }
        attempts.into_iter().flatten().collect()
    }

    /// A pause, if something may yet happen.
    fn wait_on(&self, deadline: &Deadline) {
        let has_left = self.scene.watch().is_some_and(|watch| watch.is_over());
        if has_left || deadline.is_over() {
            let begun = self.begun.borrow().iter().filter(|&&begun| begun).count();
            self.scene.fail(Finding::of(match begun {
                0 => Kind::NeverConnected,
                1 => Kind::OneAttempt,
                _ => Kind::AttemptsInTurn,
            }));
        }
        pause(APART);
    }

    /// Whether the program, which has ended, was connected with one of them.
    pub fn has_tried(&self, place: usize) -> bool {
        let has_tried = self.peers[place].listening.accepted().is_some();
        if has_tried {
            self.begins(place);
            self.note(place, Attempt::Answered);
        }
        has_tried
    }

    /// Frees the queue of a place that has not answered: it answers the next repetition of what waits.
    pub fn answer_at_last(&self, place: usize) {
        self.scene
            .transcript()
            .add_of(Some(number(place)), Event::Remark("answers-at-last"));
        self.freed.borrow_mut()[place] = true;
        drop(self.peers[place].listening.accepted());
    }

    /// Waits until one of them is answered: which.
    pub fn wait_for_winner(&self) -> usize {
        let deadline = self.scene.deadline();
        loop {
            let is_pending = |peer: &&TcpPeer| peer.listening.is_pending(Duration::ZERO);
            if let Some(place) = self.peers.iter().position(is_pending) {
                return place;
            }
            self.wait_on(&deadline);
        }
    }

    /// Waits until an attempt that has lost is closed: before it was answered, or after.
    pub fn expect_close(&self, place: usize) {
        let peer = self.peers[place];
        let deadline = self.scene.deadline();
        while attempts(&[peer.address])[0].is_some() && !deadline.is_over() {
            pause(APART);
        }
        let late = peer.listening.accepted().filter(|socket| {
            let from = socket.peer_addr().ok();
            let is_ours = |queued: &Socket| queued.local_addr().ok() == from;
            !peer.queue.iter().any(is_ours) // which keep the queue full
        });
        if let Some(socket) = late {
            let mut late = Connection::accepted_as(self.scene, socket, number(place));
            late.send(b"I lost\n");
            self.expect_closed_unheard(&mut late);
        }
        if !std::mem::replace(&mut self.closed.borrow_mut()[place], true) {
            self.note(place, Attempt::Closed);
        }
    }

    /// Waits until the program has closed a connection, without having printed what came over it.
    fn expect_closed_unheard(&self, late: &mut Connection) {
        let (_, ending) = late.receive(1, self.scene.deadline());
        let printed = self.scene.watch().map(|watch| watch.printed());
        let is_heard = printed.is_some_and(|printed| memmem::find(&printed, b"lost").is_some());
        match ending {
            _ if is_heard => self.scene.fail(Finding::of(Kind::PrintedMore)),
            Ending::End | Ending::Reset => {}
            Ending::Full | Ending::Stuck => self.scene.fail(Finding::of(Kind::StillConnected)),
        }
    }

    /// An attempt that is there no more, at a place that has not answered, was closed.
    fn note_if_given_up(&self, place: usize) {
        let has_begun = self.begun.borrow()[place];
        let is_silent = !self.peers[place].queue.is_empty() && !self.freed.borrow()[place];
        if has_begun && is_silent && !std::mem::replace(&mut self.closed.borrow_mut()[place], true)
        {
            self.note(place, Attempt::Closed);
        }
    }

    fn begins(&self, place: usize) {
        if !std::mem::replace(&mut self.begun.borrow_mut()[place], true) {
            self.note(place, Attempt::Begins);
        }
    }

    fn note(&self, place: usize, what: Attempt) {
        let event = Event::Attempt(what);
        self.scene.transcript().add_of(Some(number(place)), event);
    }
}

fn number(place: usize) -> u8 {
    u8::try_from(place).unwrap_or(u8::MAX)
}

expectations!(Race<'peer, 'scene>, self.scene);
