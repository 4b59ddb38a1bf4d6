//! One TCP connection with the program: the other end of it, played by the grader. Here it receives;
//! what it sends is in `sending.rs`.

mod echo;
mod sending;
pub mod stale;

use std::cell::Cell;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::Duration;

use socket2::Socket;

use crate::base::bytes::Sample;
use crate::base::deadline::Deadline;
use crate::base::finding::{Compared, Finding, Kind};
use crate::base::transcript::{Event, Side, Transcript};
use crate::peer::connection::stale::is_stale;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::sockets;

/// The size of the grader's socket buffers: larger ones would swallow what a program has to wait for.
pub const BUFFER: usize = 64 * 1024;
/// The size of the segments that the program may send (tcp(7), `TCP_MAXSEG`). Linux makes the send buffer of
/// a new connection so large that it holds ten of them: with small ones, a program that does not
/// block meets partial writes too.
pub const SEGMENT: u32 = 536;
/// How long one look at a socket takes at most; between two, the program's end is noticed.
pub const LOOK: Duration = Duration::from_millis(20);

/// How many bytes are moved at once, at most.
pub const PIECE: usize = 64 * 1024;

/// A connection, from the other end's view.
pub struct Connection<'scene> {
    pub(crate) scene: &'scene Scene,
    pub(crate) stream: Arc<Socket>,
    pub(crate) has_ended: bool,
    /// Whether the program has taken all that was to be sent.
    pub(crate) is_all_sent: bool,
    transcript: Arc<Transcript>,
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

impl<'scene> Connection<'scene> {
    /// A connection that the program has opened.
    pub(crate) fn accepted(scene: &'scene Scene, socket: Socket) -> Self {
        let conversation = Self::new(scene, socket, scene.transcript(), None);
        conversation.note(Event::Connect(Side::Program));
        conversation
    }

    /// One of several connections that the program has opened.
    pub(crate) fn accepted_as(scene: &'scene Scene, socket: Socket, who: u8) -> Self {
        let conversation = Self::new(scene, socket, scene.transcript(), Some(who));
        conversation.note(Event::Connect(Side::Program));
        conversation
    }

    /// A connection that the grader has opened.
    pub(crate) fn opened(scene: &'scene Scene, socket: Socket) -> Self {
        let conversation = Self::new(scene, socket, scene.transcript(), Some(scene.next_client()));
        conversation.note(Event::Connect(Side::Grader));
        conversation
    }

    /// One of many that the grader has opened: the transcript says only how many there are.
    pub(crate) fn one_of_many(scene: &'scene Scene, socket: Socket) -> Self {
        Self::new(scene, socket, Arc::default(), None)
    }

    fn new(
        scene: &'scene Scene,
        socket: Socket,
        transcript: Arc<Transcript>,
        who: Option<u8>,
    ) -> Self {
        socket.set_nonblocking(true).expect("an open socket");
        let _ = socket.set_tcp_nodelay(true); // only TCP knows it
        let stream = Arc::new(socket);
        scene.track(&stream);
        Self {
            scene,
            stream,
            transcript,
            who,
            asked: Vec::new(),
            has_ended: false,
            is_all_sent: true,
            is_reset: Cell::new(false),
        }
    }

    /// Takes note of what happens on this connection.
    pub(crate) fn note(&self, event: Event) -> usize {
        self.transcript.add_of(self.who, event)
    }

    /// Puts what has happened on this connection, which was one of many, into the picture.
    pub(crate) fn show_in_diagram(&mut self) {
        if self.who.is_some() {
            return;
        }
        let before = std::mem::replace(&mut self.transcript, self.scene.transcript()).so_far();
        self.who = Some(self.scene.next_client());
        self.note(Event::Connect(Side::Grader));
        for entry in before {
            self.note(entry.event);
        }
    }

    /// The transcript, and by which number this connection is known there.
    pub(crate) fn notes(&self) -> (Arc<Transcript>, Option<u8>) {
        (Arc::clone(&self.transcript), self.who)
    }

    /// Adds bytes to what was noted at `place`.
    pub(crate) fn note_more(&self, place: usize, bytes: &[u8]) {
        self.transcript.grow(place, bytes);
    }

    /// Whether the grader opened the connection, to a server.
    pub(crate) fn is_to_a_server(&self) -> bool {
        self.who.is_some() || !Arc::ptr_eq(&self.transcript, &self.scene.transcript())
    }

    /// Receives exactly these bytes; what follows them is left for later.
    pub fn expect_bytes(&mut self, expected: &[u8]) {
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
        self.scene.fail(Finding::of(kind).sent(&self.asked, &all));
    }

    /// Receives the end of the stream, and not a byte before it.
    pub fn expect_end(&mut self) {
        let (more, ending) = self.receive(PIECE, self.scene.deadline());
        self.expect_nothing_beyond(&more);
        match ending {
            Ending::Stuck => self.scene.fail(Finding::of(Kind::StillOpen)),
            Ending::Reset if self.is_to_a_server() => self.scene.fail(Finding::of(Kind::CutOff)),
            Ending::Reset => self.scene.fail(Finding::of(Kind::ClosedBoth)),
            Ending::Full | Ending::End => {}
        }
    }

    /// Receives what comes. A program that stops at a `todo!`, with something left unread, must have
    /// ended its stream before: that it stops is no end in order, but a reset.
    pub fn expect_end_before_a_todo(&mut self) {
        let (_, ending) = self.receive(usize::MAX, self.scene.deadline());
        if ending == Ending::Reset && self.scene.awaits_a_later_step() {
            self.scene.fail(Finding::of(Kind::NeverEnded));
        }
    }

    /// Receives exactly these bytes, and then the end of the stream.
    pub fn expect_bytes_and_end(&mut self, expected: &[u8]) {
        self.expect_bytes(expected);
        self.expect_end();
    }

    /// Ends the conversation, and checks that the program has sent no byte more than was received.
    /// Whether the program ends its own stream is not asked: one that does not, gets a moment.
    pub fn expect_no_more(&mut self) {
        let (more, ending) = self.receive(
            PIECE,
            Deadline::new(Duration::from_millis(500), &Arc::default()),
        );
        self.expect_nothing_beyond(&more);
        if ending == Ending::Stuck {
            self.end();
            let (more, _) = self.receive(PIECE, self.scene.deadline());
            self.expect_nothing_beyond(&more);
        }
    }

    /// Sends back what comes, and reads nothing new before that is done; ends when the program has
    /// ended its stream, which must hold exactly `expected`.
    pub fn expect_all_while_echoing(&mut self, expected: &[u8]) {
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
                    self.scene.fail(Finding::of(Kind::StillOpen))
                }
                Err(Ending::Stuck) => self
                    .scene
                    .fail(Finding::of(Kind::Silent).sent(expected, &received)),
                Err(_) => break,
            }
        }
        if received != expected {
            self.scene
                .fail(Finding::of(Kind::EndedEarly).sent(expected, &received));
        }
        self.end();
    }

    pub(crate) fn expect_nothing_beyond(&self, more: &[u8]) {
        if !more.is_empty() {
            let all = [&self.asked, more].concat();
            let kind = match self.is_to_a_server() && is_stale(&self.asked, &all) {
                true => Kind::SentStale,
                false => Kind::SentMore,
            };
            self.scene.fail(Finding::of(kind).sent(&self.asked, &all));
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
                    if !sockets::is_readable(&*self.stream, LOOK) && deadline.is_over() {
                        return Err(Ending::Stuck);
                    }
                }
                Err(_) => {
                    self.note_reset();
                    return Err(Ending::Reset);
                }
            }
        }
    }

    /// A connection is reset once, however often it is met.
    pub(crate) fn note_reset(&self) {
        if !self.is_reset.replace(true) {
            self.note(Event::Reset(Side::Program));
        }
    }

    /// Acknowledges at once: delayed, acknowledgements would hold up a program with small buffers for
    /// longer than it waits by default.
    fn acknowledge(&self) {
        sockets::acknowledge(&self.stream);
    }
}

/// What a read or a write says that would have to wait.
pub(crate) fn is_nothing_yet(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

expectations!(mut Connection<'scene>, self.scene);
