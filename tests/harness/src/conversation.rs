//! One TCP connection with the program: the other end of it, played by the grader.

use std::cell::Cell;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use socket2::{SockRef, Socket};

use crate::bytes::Sample;
use crate::deadline::Deadline;
use crate::fact::{Compared, Fact, Kind};
use crate::scene::{Scene, pause};
use crate::tape::{Event, Side};
use crate::tcp::LOOK;

/// How many bytes are moved at once, at most.
const PIECE: usize = 64 * 1024;

/// A connection, from the other end's view.
pub struct Conversation<'scene> {
    scene: &'scene Scene,
    stream: Arc<TcpStream>,
    asked: Vec<u8>,
    has_ended: bool,
    is_reset: Cell<bool>,
}

/// How receiving came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
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
    pub(crate) fn new(scene: &'scene Scene, socket: Socket) -> Self {
        socket.set_nonblocking(false).expect("an open socket");
        let stream = Arc::new(TcpStream::from(socket));
        stream
            .set_read_timeout(Some(LOOK))
            .expect("a time above zero");
        stream
            .set_write_timeout(Some(LOOK))
            .expect("a time above zero");
        stream.set_nodelay(true).expect("an open socket");
        scene.tape().add(Event::Connect(Side::Program));
        scene.holds(&stream);
        Self {
            scene,
            stream,
            asked: Vec::new(),
            has_ended: false,
            is_reset: Cell::new(false),
        }
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

    /// Sends all of `bytes`. A program that leaves meanwhile is judged by what it printed.
    pub fn sends(&mut self, bytes: &[u8]) {
        let place = self
            .scene
            .tape()
            .add(Event::Bytes(Side::Grader, Sample::default()));
        self.send_at(place, bytes);
    }

    /// Sends `bytes`, or as many of them as a program takes that soon waits for something else.
    pub fn sends_until_it_blocks(&mut self, bytes: &[u8]) {
        let tape = self.scene.tape();
        let place = tape.add(Event::Bytes(Side::Grader, Sample::default()));
        let (mut sent, mut looks) = (0, 0);
        while sent < bytes.len() && looks < 10 {
            match (&*self.stream).write(&bytes[sent..]) {
                Ok(count) => {
                    tape.grow(place, &bytes[sent..sent + count]);
                    (sent, looks) = (sent + count, 0);
                }
                Err(error) if !is_nothing_yet(error.kind()) => return,
                Err(_) if self.scene.is_at_rest() => looks += 1,
                Err(_) => looks = 0,
            }
        }
    }

    /// Sends `bytes` in pieces of this size; each is read by the program before the next one goes.
    pub fn sends_in_pieces(&mut self, bytes: &[u8], size: usize) {
        for piece in bytes.chunks(size) {
            self.sends(piece);
            self.is_read();
        }
    }

    /// Sends one byte after the other, so long apart.
    pub fn sends_slowly(&mut self, bytes: &[u8], apart: Duration) {
        let place = self
            .scene
            .tape()
            .add(Event::Bytes(Side::Grader, Sample::default()));
        for byte in bytes.chunks(1) {
            pause(apart);
            self.send_at(place, byte);
        }
    }

    /// Says nothing from here on.
    pub fn stays_silent(&self) {
        self.scene.remark("stays-silent");
    }

    /// Says nothing for a time.
    pub fn stays_silent_for(&self, time: Duration) {
        self.stays_silent();
        pause(time);
    }

    /// Reads nothing from here on, so that the program's writes block.
    pub fn does_not_read(&self) {
        self.scene.remark("does-not-read");
    }

    /// Sends back what comes, and reads nothing new before that is done; ends when the program has
    /// ended its stream, which must hold exactly `expected`.
    pub fn echoes_without_reading_ahead(&mut self, expected: &[u8]) {
        let tape = self.scene.tape();
        let from = tape.add(Event::Bytes(Side::Program, Sample::default()));
        let back = tape.add(Event::Bytes(Side::Grader, Sample::default()));
        let mut received = Vec::with_capacity(expected.len());
        let mut piece = vec![0; PIECE];
        loop {
            match self.look(&mut piece, &self.scene.deadline()) {
                Ok(0) => break,
                Ok(count) => {
                    tape.grow(from, &piece[..count]);
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

    /// Waits until the program has read all that was sent to it. Where the system does not tell, it
    /// goes on at once.
    pub fn is_read(&self) {
        let deadline = self.scene.deadline();
        while self.scene.is_unread() && !deadline.is_over() && self.scene.exit().is_none() {
            pause(Duration::from_micros(200));
        }
    }

    /// Checks that the program, which has ended its stream, can still receive: what is sent now
    /// arrives, instead of being answered by a reset.
    pub fn is_heard(&mut self, bytes: &[u8]) {
        self.sends(bytes);
        self.is_read();
        let is_reset = matches!(self.stream.take_error(), Ok(Some(_)) | Err(_));
        let has_left = self.scene.exit().is_some() && self.is_cut_off();
        if (is_reset || has_left) && !self.scene.awaits_the_next_step() {
            self.scene.fail(Fact::of(Kind::ClosedBoth));
        }
    }

    /// Ends the grader's stream in order; the program's may go on.
    pub fn ends(&mut self) {
        if !std::mem::replace(&mut self.has_ended, true) {
            let _ = self.stream.shutdown(Shutdown::Write); // fails if the program has left
            self.scene.tape().add(Event::End(Side::Grader));
        }
    }

    /// Cuts the connection off: the program meets a reset (RFC 9293, section 3.10.7).
    pub fn resets(self) {
        let linger = SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO));
        linger.expect("an open socket");
        self.scene.tape().add(Event::Reset(Side::Grader));
        #[cfg(target_os = "linux")]
        if let (Ok(ours), Ok(theirs)) = (self.stream.local_addr(), self.stream.peer_addr()) {
            drop(self.stream);
            let deadline = self.scene.deadline();
            while crate::proc::socket(theirs, ours).is_some() && !deadline.is_over() {
                pause(Duration::from_micros(200)); // until the reset has arrived
            }
        }
    }

    /// While the grader reads nothing, interrupts writes that block, as any signal could, and says
    /// whether it came to that. A program that never blocks in a write is left alone.
    #[cfg(target_os = "linux")]
    pub fn cuts_writes_short(&self) -> bool {
        use crate::interrupt::{Attempt, cut_a_write_short};
        let Some(warden) = self.scene.warden() else {
            return false;
        };
        let mut last = (0, 0);
        let mut attempt = || {
            cut_a_write_short(warden, &self.scene.deadline(), || {
                let now = (
                    self.waiting(),
                    self.scene.watch().map_or(0, |watch| watch.progress()),
                );
                std::mem::replace(&mut last, now) != now
            })
        };
        let mut times = 0;
        while times < 3 && attempt() == Attempt::Interrupted {
            times += 1;
        }
        if times > 0 {
            self.scene.remark("cuts-a-write-short");
        }
        times > 0
    }

    /// Nothing here can interrupt a single write.
    #[cfg(not(target_os = "linux"))]
    pub fn cuts_writes_short(&self) -> bool {
        false
    }

    /// How many bytes have arrived that the grader has not read.
    #[cfg(target_os = "linux")]
    fn waiting(&self) -> u64 {
        rustix::io::ioctl_fionread(&*self.stream).unwrap_or(0)
    }

    fn sent_no_more(&self, more: &[u8]) {
        if !more.is_empty() {
            let all = [&self.asked, more].concat();
            self.scene
                .fail(Fact::of(Kind::SentMore).sent(&self.asked, &all));
        }
    }

    fn is_cut_off(&self) -> bool {
        let mut byte = [0];
        let looked = self.stream.peek(&mut byte);
        looked.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset)
    }

    /// Receives up to `count` bytes.
    fn receive(&mut self, count: usize, mut deadline: Deadline) -> (Vec<u8>, Ending) {
        let tape = self.scene.tape();
        let mut place = None;
        let mut received = Vec::new();
        let mut piece = vec![0; PIECE];
        while received.len() < count {
            let room = PIECE.min(count - received.len());
            match self.look(&mut piece[..room], &deadline) {
                Ok(0) => return (received, Ending::End),
                Ok(count) => {
                    let event = || tape.add(Event::Bytes(Side::Program, Sample::default()));
                    tape.grow(*place.get_or_insert_with(event), &piece[..count]);
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
                    self.scene.tape().add(Event::End(Side::Program));
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
    fn notes_a_reset(&self) {
        if !self.is_reset.replace(true) {
            self.scene.tape().add(Event::Reset(Side::Program));
        }
    }

    /// Acknowledges at once: delayed, acknowledgements would hold up a program with small buffers for
    /// longer than it waits by default (tcp(7), `TCP_QUICKACK`).
    fn acknowledge(&self) {
        #[cfg(target_os = "linux")]
        let _ = SockRef::from(&*self.stream).set_tcp_quickack(true); // a wish, not a need
    }

    fn send_at(&mut self, place: usize, bytes: &[u8]) {
        let mut deadline = self.scene.deadline();
        let mut sent = 0;
        while sent < bytes.len() {
            let piece = &bytes[sent..bytes.len().min(sent + PIECE)];
            match (&*self.stream).write(piece) {
                Ok(count) => {
                    self.scene.tape().grow(place, &piece[..count]);
                    sent += count;
                    deadline.progress();
                }
                Err(error) if is_nothing_yet(error.kind()) => {
                    if deadline.is_over() {
                        self.scene.fail(Fact::of(Kind::NotReceiving));
                    }
                }
                Err(_) => {
                    self.notes_a_reset();
                    return;
                }
            }
        }
    }
}

/// What a read or a write says whose time is over: the word differs between systems.
fn is_nothing_yet(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
