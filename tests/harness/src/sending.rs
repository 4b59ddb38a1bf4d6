//! What the grader does to a connection: sends, stays silent, ends it, cuts it off.

use std::io::{ErrorKind, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::bytes::Sample;
use crate::conversation::{Conversation, Ending, PIECE, is_nothing_yet};
use crate::deadline::{self, Deadline};
use crate::fact::{Fact, Kind};
use crate::scene::pause;
use crate::tape::{Event, Side};

/// How far the program is with a connection that the grader only sends on.
#[derive(Clone, Copy, Default)]
struct Flow {
    /// Bytes that the program has read.
    taken: u64,
    /// Bytes that it has written.
    answered: u64,
}

impl Flow {
    /// Whether the program has done something since.
    fn goes_on_from(self, before: Self) -> bool {
        const ON_THEIR_WAY: u64 = 2 * PIECE as u64; // have perhaps arrived before the system says so
        self.taken > before.taken + ON_THEIR_WAY || self.answered != before.answered
    }
}

impl Conversation<'_> {
    /// Sends all of `bytes`. A program that leaves meanwhile is judged by what it printed.
    pub fn sends(&mut self, bytes: &[u8]) {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        self.send_at(place, bytes);
    }

    /// Sends `bytes`, or as many of them as a program takes that soon waits for something else; says how
    /// many these are.
    pub fn sends_until_it_blocks(&mut self, bytes: &[u8]) -> usize {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        let (mut sent, mut before, mut looks) = (0, Flow::default(), 0);
        // However it goes on; a network that stalls is no stillness of the program.
        let deadline = Deadline::new(deadline::stuck_after(self.scene.step), &Arc::default());
        while sent < bytes.len() && looks < 50 && !deadline.is_over() {
            match (&*self.stream).write(&bytes[sent..]) {
                Ok(count) => {
                    self.note_more(place, &bytes[sent..sent + count]);
                    sent += count;
                    continue;
                }
                Err(error) if !is_nothing_yet(error.kind()) => break,
                Err(_) => {} // the network stalls, or the program is busy, or it has enough
            }
            let now = self.flow_of(sent);
            if now.goes_on_from(before) {
                (before, looks) = (now, 0);
            }
            let is_blocked = self.is_left_unread() && self.scene.is_at_rest();
            looks += if is_blocked { 17 } else { 1 };
        }
        sent
    }

    /// Sends `bytes` in pieces of this size; each is read by the program before the next one goes.
    pub fn sends_in_pieces(&mut self, bytes: &[u8], size: usize) {
        for piece in bytes.chunks(size) {
            self.sends(piece);
            self.is_read();
        }
    }

    /// Sends all of `bytes` and ends its stream, while it receives as many.
    pub(crate) fn sends_and_receives(&mut self, bytes: &[u8]) -> (Vec<u8>, Ending) {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        let (is_over, is_all_sent) = (AtomicBool::new(false), AtomicBool::new(false));
        let stream = Arc::clone(&self.stream);
        let (tape, who) = self.notes();
        self.has_ended = true;
        let received = thread::scope(|scope| {
            scope.spawn(|| {
                let mut sent = 0;
                while sent < bytes.len() && !is_over.load(Ordering::Relaxed) {
                    match (&*stream).write(&bytes[sent..bytes.len().min(sent + PIECE)]) {
                        Ok(count) => {
                            tape.grow(place, &bytes[sent..sent + count]);
                            sent += count;
                        }
                        Err(error) if is_nothing_yet(error.kind()) => {}
                        Err(_) => return,
                    }
                }
                is_all_sent.store(sent == bytes.len(), Ordering::Relaxed);
                let _ = stream.shutdown(Shutdown::Write); // fails if the program has left
                tape.add_of(who, Event::End(Side::Grader));
            });
            let received = self.receive(bytes.len(), self.scene.deadline());
            is_over.store(true, Ordering::Relaxed);
            received
        });
        self.is_all_sent = is_all_sent.into_inner();
        received
    }

    /// Sends one byte after the other, so long apart.
    pub fn sends_slowly(&mut self, bytes: &[u8], apart: Duration) {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        for byte in bytes.chunks(1) {
            pause(apart);
            self.send_at(place, byte);
        }
    }

    /// Says nothing from here on.
    pub fn stays_silent(&self) {
        self.note(Event::Remark("stays-silent"));
    }

    /// Says nothing for a time.
    pub fn stays_silent_for(&self, time: Duration) {
        self.stays_silent();
        pause(time);
    }

    /// Reads nothing from here on, so that the program's writes block.
    pub fn does_not_read(&self) {
        self.note(Event::Remark("does-not-read"));
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
            self.note(Event::End(Side::Grader)); // before the program can end because of it
            let _ = self.stream.shutdown(Shutdown::Write); // fails if the program has left
        }
    }

    /// Cuts the connection off: the program meets a reset (RFC 9293, section 3.10.7).
    pub fn resets(self) {
        let linger = self.stream.set_linger(Some(Duration::ZERO));
        linger.expect("an open socket");
        self.note(Event::Reset(Side::Grader));
        #[cfg(target_os = "linux")]
        if let Some((ours, theirs)) = crate::tcp::ends_of(&self.stream) {
            drop(self.stream);
            let deadline = self.scene.deadline();
            while crate::proc::socket(theirs, ours).is_some() && !deadline.is_over() {
                pause(Duration::from_micros(200)); // until the reset has arrived
            }
        }
    }

    /// Stays connected until the program has ended, and leaves nothing behind: a thousand connections in
    /// `TIME_WAIT` would make each look at the system's table of them slower, for a minute.
    pub(crate) fn stays(self) {
        let _ = self.stream.set_linger(Some(Duration::ZERO)); // closing it resets it
        self.scene.keeps(self.stream);
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
            self.note(Event::Remark("cuts-a-write-short"));
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

    /// What flows between the grader, which has sent so many bytes, and the program, as far as the system tells.
    fn flow_of(&self, sent: usize) -> Flow {
        #[cfg(target_os = "linux")]
        if let Some((ours, theirs)) = crate::tcp::ends_of(&self.stream) {
            let ours = crate::proc::socket(ours, theirs).zip(crate::proc::socket(theirs, ours));
            return ours.map_or(Flow::default(), |(ours, theirs)| Flow {
                taken: (sent as u64).saturating_sub(ours.unsent + theirs.unread),
                answered: ours.unread + theirs.unsent,
            });
        }
        Flow {
            taken: sent as u64,
            answered: 0,
        }
    }

    /// Whether something has arrived that the program does not read.
    fn is_left_unread(&self) -> bool {
        #[cfg(target_os = "linux")]
        if let Some((ours, theirs)) = crate::tcp::ends_of(&self.stream) {
            let arrived = crate::proc::socket(theirs, ours);
            return arrived.is_some_and(|socket| socket.unread > 0);
        }
        true
    }

    fn is_cut_off(&self) -> bool {
        let mut byte = [std::mem::MaybeUninit::uninit()];
        let looked = self.stream.peek(&mut byte);
        looked.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset)
    }

    pub(crate) fn send_at(&mut self, place: usize, bytes: &[u8]) {
        let mut deadline = self.scene.deadline().for_bytes(bytes.len());
        let mut sent = 0;
        while sent < bytes.len() {
            let piece = &bytes[sent..bytes.len().min(sent + PIECE)];
            match (&*self.stream).write(piece) {
                Ok(count) => {
                    self.note_more(place, &piece[..count]);
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
