//! What the grader does to a connection: sends, stays silent, ends it, cuts it off.

use std::io::{ErrorKind, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::base::bytes::Sample;
use crate::base::deadline::{self, Deadline};
use crate::base::finding::{Finding, Kind};
use crate::base::time::pause;
use crate::base::transcript::{Event, Side};
use crate::peer::connection::{Connection, Ending, LOOK, PIECE, is_nothing_yet};
use crate::system::connections::Ends;
use crate::system::sockets;

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

impl Connection<'_> {
    /// Sends all of `bytes`. A program that leaves meanwhile is judged by what it printed.
    pub fn send(&mut self, bytes: &[u8]) {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        self.send_at(place, bytes);
    }

    /// Sends `bytes`, or as many of them as a program takes that soon waits for something else; says how
    /// many these are.
    pub fn send_until_blocked(&mut self, bytes: &[u8]) -> usize {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        let (mut sent, mut before, mut looks) = (0, Flow::default(), 0);
        // However it goes on; a network that stalls is no idleness of the program.
        let deadline = Deadline::new(deadline::stuck_after(self.scene.step), &Arc::default());
        while sent < bytes.len() && looks < 50 && !deadline.is_over() {
            match (&*self.stream).write(&bytes[sent..]) {
                Ok(count) => {
                    self.note_more(place, &bytes[sent..sent + count]);
                    sent += count;
                    continue;
                }
                Err(error) if !is_nothing_yet(error.kind()) => break,
                // The network stalls, or the program is busy, or it has enough.
                Err(_) => sockets::wait_for_room(&*self.stream, LOOK),
            }
            let now = self.flow_of(sent);
            if now.goes_on_from(before) {
                (before, looks) = (now, 0);
            }
            let is_blocked = self.is_left_unread() && self.scene.is_idle();
            looks += if is_blocked { 17 } else { 1 };
        }
        sent
    }

    /// Sends `bytes` in pieces of this size; each is read by the program before the next one goes.
    pub fn send_in_pieces(&mut self, bytes: &[u8], size: usize) {
        for piece in bytes.chunks(size) {
            self.send(piece);
            self.wait_until_read();
        }
    }

    /// Sends all of `bytes` and ends its stream, while it receives as many.
    pub(crate) fn send_and_receive(&mut self, bytes: &[u8]) -> (Vec<u8>, Ending) {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        let (is_over, is_all_sent) = (AtomicBool::new(false), AtomicBool::new(false));
        let stream = Arc::clone(&self.stream);
        let (transcript, who) = self.notes();
        self.has_ended = true;
        let received = thread::scope(|scope| {
            scope.spawn(|| {
                let mut sent = 0;
                while sent < bytes.len() && !is_over.load(Ordering::Relaxed) {
                    match (&*stream).write(&bytes[sent..bytes.len().min(sent + PIECE)]) {
                        Ok(count) => {
                            transcript.grow(place, &bytes[sent..sent + count]);
                            sent += count;
                        }
                        Err(error) if is_nothing_yet(error.kind()) => {
                            sockets::wait_for_room(&*stream, LOOK);
                        }
                        Err(_) => return,
                    }
                }
                is_all_sent.store(sent == bytes.len(), Ordering::Relaxed);
                let _ = stream.shutdown(Shutdown::Write); // fails if the program has left
                transcript.add_of(who, Event::End(Side::Grader));
            });
            let received = self.receive(bytes.len(), self.scene.deadline());
            is_over.store(true, Ordering::Relaxed);
            received
        });
        self.is_all_sent = is_all_sent.into_inner();
        received
    }

    /// Sends one byte after the other, so long apart.
    pub fn send_slowly(&mut self, bytes: &[u8], apart: Duration) {
        let place = self.note(Event::Bytes(Side::Grader, Sample::default()));
        for byte in bytes.chunks(1) {
            pause(apart);
            self.send_at(place, byte);
        }
    }

    /// Says nothing from here on.
    pub fn stay_silent(&self) {
        self.note(Event::Remark("stays-silent"));
    }

    /// Says nothing for a time.
    pub fn stay_silent_for(&self, time: Duration) {
        self.stay_silent();
        pause(time);
    }

    /// Reads nothing from here on, so that the program's writes block.
    pub fn stop_reading(&self) {
        self.note(Event::Remark("does-not-read"));
    }

    /// Waits until the program has read all that was sent to it. Where the system does not tell, it
    /// goes on at once.
    pub fn wait_until_read(&self) {
        let deadline = self.scene.deadline();
        while self.scene.is_unread() && !deadline.is_over() && self.scene.exit().is_none() {
            pause(Duration::from_micros(200));
        }
    }

    /// Checks that the program, which has ended its stream, can still receive: what is sent now
    /// arrives, instead of being answered by a reset.
    pub fn expect_heard(&mut self, bytes: &[u8]) {
        self.send(bytes);
        self.wait_until_read();
        let is_reset = matches!(self.stream.take_error(), Ok(Some(_)) | Err(_));
        let has_left = self.scene.exit().is_some() && self.is_cut_off();
        if (is_reset || has_left) && !self.scene.awaits_the_next_step() {
            self.scene.fail(Finding::of(Kind::ClosedBoth));
        }
    }

    /// Ends the grader's stream in order; the program's may go on.
    pub fn end(&mut self) {
        if !std::mem::replace(&mut self.has_ended, true) {
            self.note(Event::End(Side::Grader)); // before the program can end because of it
            let _ = self.stream.shutdown(Shutdown::Write); // fails if the program has left
        }
    }

    /// Cuts the connection off: the program meets a reset (RFC 9293, section 3.10.7).
    pub fn reset(self) {
        let linger = self.stream.set_linger(Some(Duration::ZERO));
        linger.expect("an open socket");
        self.note(Event::Reset(Side::Grader));
        if let Some(ends) = Ends::of(&self.stream) {
            drop(self.stream);
            let deadline = self.scene.deadline();
            while ends.theirs().is_some() && !deadline.is_over() {
                pause(Duration::from_micros(200)); // until the reset has arrived
            }
        }
    }

    /// Stays connected until the program has ended, and leaves nothing behind: a thousand connections in
    /// `TIME_WAIT` would make each look at the system's table of them slower, for a minute.
    pub(crate) fn stay(self) {
        let _ = self.stream.set_linger(Some(Duration::ZERO)); // closing it resets it
        self.scene.keep(self.stream);
    }

    /// While the grader reads nothing, interrupts writes that block, as any signal could, and says
    /// whether it came to that. A program that never blocks in a write is left alone.
    pub fn cut_writes_short(&self) -> bool {
        let Some(tree) = self.scene.tree() else {
            return false;
        };
        let mut last = (0, 0);
        let mut attempt = || {
            tree.cut_a_write_short(&self.scene.deadline(), || {
                let progress = self.scene.watch().map_or(0, |watch| watch.progress());
                let now = (sockets::waiting(&self.stream), progress);
                std::mem::replace(&mut last, now) != now
            })
        };
        let mut times = 0;
        while times < 3 && attempt() {
            times += 1;
        }
        if times > 0 {
            self.note(Event::Remark("cuts-a-write-short"));
        }
        times > 0
    }

    /// What flows between the grader, which has sent so many bytes, and the program, as far as the system tells.
    fn flow_of(&self, sent: usize) -> Flow {
        let Some(ends) = Ends::of(&self.stream) else {
            return Flow {
                taken: sent as u64,
                answered: 0,
            };
        };
        let both = ends.ours().zip(ends.theirs());
        both.map_or(Flow::default(), |(ours, theirs)| Flow {
            taken: (sent as u64).saturating_sub(ours.unsent + theirs.unread),
            answered: ours.unread + theirs.unsent,
        })
    }

    /// Whether something has arrived that the program does not read; yes where the system does not tell.
    fn is_left_unread(&self) -> bool {
        let has_unread = |ends: Ends| ends.theirs().is_some_and(|end| end.unread > 0);
        Ends::of(&self.stream).is_none_or(has_unread)
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
                    sockets::wait_for_room(&*self.stream, LOOK);
                    if deadline.is_over() {
                        self.scene.fail(Finding::of(Kind::NotReceiving));
                    }
                }
                Err(_) => {
                    self.note_reset();
                    return;
                }
            }
        }
    }
}
