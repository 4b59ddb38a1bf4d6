//! One TCP connection with the program: the other end of it, played by the grader. Here it receives;
//! what it sends is in `sending.rs`.

use std::cell::Cell;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::Duration;

use socket2::Socket;

use crate::bytes::Sample;
use crate::client::is_stale;
use crate::deadline::Deadline;
use crate::fact::{Compared, Fact, Kind};
use crate::scene::Scene;
use crate::tape::{Event, Side, Tape};
use crate::tcp::LOOK;

/// How many bytes are moved at once, at most.
pub(crate) const PIECE: usize = 64 * 1024;

/// A connection, from the other end's view.
pub struct Conversation<'scene> {
    pub(crate) scene: &'scene Scene,
    pub(crate) stream: Arc<Socket>,
    pub(crate) has_ended: bool,
    /// Whether the program has taken all that was to be sent.
    pub(crate) is_all_sent: bool,
    tape: Arc<Tape>,
    /// Which of several, where the grader connects.
    who: Option<u8>,
    pub(crate) asked: Vec<u8>,
    is_reset: Cell<bool>,
}

/// How receiving came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All the bytes are there.
    Full,
    /// The program ended its stream.
    End,
    /// The program cut the connection off.
    Reset,
    /// Nothing more came until the deadline.
    Stuck,
}

impl<'scene> Conversation<'scene> {
    /// A connection that the program has opened.
    pub(crate) fn accepted(scene: &'scene Scene, socket: Socket) -> Self {
        let conversation = Self::new(scene, socket, scene.tape(), None);
        conversation.note(Event::Connect(Side::Program));
        conversation
    }

    /// One of several connections that the program has opened.
    #[cfg(target_os = "linux")]
    pub(crate) fn accepted_as(scene: &'scene Scene, socket: Socket, who: u8) -> Self {
        let conversation = Self::new(scene, socket, scene.tape(), Some(who));
        conversation.note(Event::Connect(Side::Program));
        conversation
    }

    /// A connection that the grader has opened.
    pub(crate) fn opened(scene: &'scene Scene, socket: Socket) -> Self {
        let conversation = Self::new(scene, socket, scene.tape(), Some(scene.next_client()));
        conversation.note(Event::Connect(Side::Grader));
        conversation
    }

    /// One of many that the grader has opened: the tape says only how many there are.
    pub(crate) fn one_of_many(scene: &'scene Scene, socket: Socket) -> Self {
        Self::new(scene, socket, Arc::default(), None)
    }

    fn new(scene: &'scene Scene, socket: Socket, tape: Arc<Tape>, who: Option<u8>) -> Self {
        socket.set_nonblocking(false).expect("an open socket");
        let _ = socket.set_tcp_nodelay(true); // only TCP knows it
        let stream = Arc::new(socket);
        stream
            .set_read_timeout(Some(LOOK))
            .expect("a time above zero");
        stream
            .set_write_timeout(Some(LOOK))
            .expect("a time above zero");
        scene.holds(&stream);
        Self {
            scene,
            stream,
            tape,
            who,
            asked: Vec::new(),
            has_ended: false,
            is_all_sent: true,
            is_reset: Cell::new(false),
        }
    }

    /// Takes note of what happens on this connection.
    pub(crate) fn note(&self, event: Event) -> usize {
        self.tape.add_of(self.who, event)
    }

    /// Puts what has happened on this connection, which was one of many, into the picture.
    pub(crate) fn shows_itself(&mut self) {
        if self.who.is_some() {
            return;
        }
        let before = std::mem::replace(&mut self.tape, self.scene.tape()).so_far();
        self.who = Some(self.scene.next_client());
        self.note(Event::Connect(Side::Grader));
        for entry in before {
            self.note(entry.event);
        }
    }

    /// The tape, and by which number this connection is known there.
    pub(crate) fn notes(&self) -> (Arc<Tape>, Option<u8>) {
        (Arc::clone(&self.tape), self.who)
    }

    /// Adds bytes to what was noted at `place`.
    pub(crate) fn note_more(&self, place: usize, bytes: &[u8]) {
        self.tape.grow(place, bytes);
    }

    /// Whether the grader opened the connection, to a server.
    pub(crate) fn is_to_a_server(&self) -> bool {
        self.who.is_some() || !Arc::ptr_eq(&self.tape, &self.scene.tape())
    }

    /// Receives exactly these bytes; what follows them is left for later.
    pub fn receives(&mut self, expected: &[u8]) {
        let (received, ending) = self.receive(expected.len(), self.scene.deadline());
        let before = self.asked.len();
        self.asked.extend_from_slice(expected);
        if received == expected {
            return;
        }
        let kind = match ending {
            _ if Compared::are_bytes_lost(expected, &received) => Kind::LostBytes,
            _ if !expected.starts_with(&received) => Kind::SentOther,
            Ending::Stuck => Kind::Silent,
            _ => Kind::EndedEarly,
        };
        let all = [&self.asked[..before], &received].concat();
        self.scene.fail(Fact::of(kind).sent(&self.asked, &all));
    }

    /// Receives the end of the stream, and not a byte before it.
    pub fn receives_end(&mut self) {
        let (more, ending) = self.receive(PIECE, self.scene.deadline());
        self.sent_no_more(&more);
        match ending {
            Ending::Stuck => self.scene.fail(Fact::of(Kind::StillOpen)),
            Ending::Reset if self.is_to_a_server() => self.scene.fail(Fact::of(Kind::CutOff)),
            Ending::Reset => self.scene.fail(Fact::of(Kind::ClosedBoth)),
            Ending::Full | Ending::End => {}
        }
    }

    /// Receives what comes. A program that stops at a `todo!`, with something left unread, must have
    /// ended its stream before: that it stops is no end in order, but a reset.
    pub fn receives_end_before_a_todo(&mut self) {
        let (_, ending) = self.receive(usize::MAX, self.scene.deadline());
        if ending == Ending::Reset && self.scene.awaits_a_later_step() {
            self.scene.fail(Fact::of(Kind::NeverEnded));
        }
    }

    /// Receives exactly these bytes, and then the end of the stream.
    pub fn receives_to_end(&mut self, expected: &[u8]) {
        self.receives(expected);
        self.receives_end();
    }

    /// Ends the conversation, and checks that the program has sent no byte more than was received.
    /// Whether the program ends its own stream is not asked: one that does not, gets a moment.
    pub fn receives_no_more(&mut self) {
        let (more, ending) = self.receive(
            PIECE,
            Deadline::new(Duration::from_millis(500), &Arc::default()),
        );
        self.sent_no_more(&more);
        if ending == Ending::Stuck {
            self.ends();
            let (more, _) = self.receive(PIECE, self.scene.deadline());
            self.sent_no_more(&more);
        }
    }

    /// Sends back what comes, and reads nothing new before that is done; ends when the program has
    /// ended its stream, which must hold exactly `expected`.
    pub fn echoes_without_reading_ahead(&mut self, expected: &[u8]) {
        let from = self.note(Event::Bytes(Side::Program, Sample::default()));
        let back = self.note(Event::Bytes(Side::Grader, Sample::default()));
        let mut received = Vec::with_capacity(expected.len());
        let mut piece = vec![0; PIECE];
        loop {
            match self.look(&mut piece, &self.scene.deadline()) {
                Ok(0) => break,
                Ok(count) => {
                    self.note_more(from, &piece[..count]);
                    received.extend_from_slice(&piece[..count]);
                    self.send_at(back, &piece[..count]);
                }
                Err(Ending::Stuck) if received == expected => {
                    self.scene.fail(Fact::of(Kind::StillOpen))
                }
                Err(Ending::Stuck) => self
                    .scene
                    .fail(Fact::of(Kind::Silent).sent(expected, &received)),
                Err(_) => break,
            }
        }
        if received != expected {
            self.scene
                .fail(Fact::of(Kind::EndedEarly).sent(expected, &received));
        }
        self.ends();
    }

    pub(crate) fn sent_no_more(&self, more: &[u8]) {
        if !more.is_empty() {
            let all = [&self.asked, more].concat();
            let kind = match self.is_to_a_server() && is_stale(&self.asked, &all) {
                true => Kind::SentStale,
                false => Kind::SentMore,
            };
            self.scene.fail(Fact::of(kind).sent(&self.asked, &all));
        }
    }

    /// Receives up to `count` bytes.
    pub(crate) fn receive(&mut self, count: usize, deadline: Deadline) -> (Vec<u8>, Ending) {
        self.receive_at(None, count, deadline)
    }

    /// Likewise; the bytes are added to what was noted at `place`.
    pub(crate) fn receive_at(
        &mut self,
        mut place: Option<usize>,
        count: usize,
        mut deadline: Deadline,
    ) -> (Vec<u8>, Ending) {
        let mut received = Vec::new();
        let mut piece = vec![0; PIECE];
        if count < usize::MAX {
            deadline = deadline.for_bytes(count);
        }
        while received.len() < count {
            let room = PIECE.min(count - received.len());
            match self.look(&mut piece[..room], &deadline) {
                Ok(0) => return (received, Ending::End),
                Ok(count) => {
                    let event = || self.note(Event::Bytes(Side::Program, Sample::default()));
                    self.note_more(*place.get_or_insert_with(event), &piece[..count]);
                    received.extend_from_slice(&piece[..count]);
                    deadline.progress();
                }
                Err(ending) => return (received, ending),
            }
        }
        (received, Ending::Full)
    }

    /// Waits for the next bytes; zero of them are the end of the stream.
    fn look(&self, piece: &mut [u8], deadline: &Deadline) -> Result<usize, Ending> {
        loop {
            match (&*self.stream).read(piece) {
                Ok(0) => {
                    self.note(Event::End(Side::Program));
                    return Ok(0);
                }
                Ok(count) => {
                    self.acknowledge();
                    return Ok(count);
                }
                Err(error) if is_nothing_yet(error.kind()) => {
                    if deadline.is_over() {
                        return Err(Ending::Stuck);
                    }
                }
                Err(_) => {
                    self.notes_a_reset();
                    return Err(Ending::Reset);
                }
            }
        }
    }

    /// A connection is reset once, however often it is met.
    pub(crate) fn notes_a_reset(&self) {
        if !self.is_reset.replace(true) {
            self.note(Event::Reset(Side::Program));
        }
    }

    /// Acknowledges at once: delayed, acknowledgements would hold up a program with small buffers for
    /// longer than it waits by default (tcp(7), `TCP_QUICKACK`).
    fn acknowledge(&self) {
        #[cfg(target_os = "linux")]
        let _ = self.stream.set_tcp_quickack(true); // a wish, not a need
    }
}

/// What a read or a write says whose time is over: the word differs between systems.
pub(crate) fn is_nothing_yet(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
