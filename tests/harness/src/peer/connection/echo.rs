//! What a client of the grader asks of a server: that it is echoed, closed, kept.

use std::time::Duration;

use memchr::memmem;

use crate::base::bytes::Sample;
use crate::base::deadline::Deadline;
use crate::base::finding::{Compared, Finding, Kind};
use crate::base::time::pause;
use crate::base::transcript::{Event, Side};
use crate::peer::connection::stale::is_stale;
use crate::peer::connection::{Connection, Ending, PIECE};

/// How long a program that has failed already is given to show what it waits for.
const TRIAL: Duration = Duration::from_secs(1);

impl Connection<'_> {
    /// Sends `bytes`, and receives the same bytes, before anything else is sent.
    pub fn expect_echo(&mut self, bytes: &[u8]) {
        self.send(bytes);
        self.expect_echo_of(bytes);
    }

    /// Receives the echo of `bytes`, which it has sent before.
    pub fn expect_echo_of(&mut self, bytes: &[u8]) {
        let (received, ending) = self.receive(bytes.len(), self.scene.deadline());
        if received != bytes {
            self.fail_to_echo(bytes, &received, ending);
        }
        self.asked.extend_from_slice(bytes);
    }

    /// Sends all of `bytes` while it receives their echo, ends its stream, and receives the end.
    pub fn expect_echo_to_the_end(&mut self, bytes: &[u8]) {
        let (received, ending) = self.send_and_receive(bytes);
        if received != bytes {
            self.fail_to_echo(bytes, &received, ending);
        }
        self.asked.extend_from_slice(bytes);
        self.expect_end();
    }

    /// Receives the line that says its own address, and the end of the stream.
    pub fn expect_own_address(&mut self) {
        let address = self.stream.local_addr().ok();
        let address = address.and_then(|address| address.as_socket());
        let address = address.expect("a socket with an address and a port");
        let line = format!("you are {address}\n");
        let place = self.note(Event::Bytes(Side::Program, Sample::default()));
        let mut received = Vec::new();
        let mut ending = Ending::Full;
        while ending == Ending::Full && received.last() != Some(&b'\n') && received.len() < PIECE {
            let (more, end) = self.receive_at(Some(place), 1, self.scene.deadline());
            received.extend(more);
            ending = end;
        }
        if received != line.as_bytes() {
            let kind = match ending {
                Ending::Stuck if received.is_empty() => Kind::Silent,
                Ending::Reset if received.is_empty() => Kind::CutOff,
                _ if received.is_empty() => Kind::EndedEarly,
                _ if memmem::find(&received, b"::ffff:").is_some() => Kind::ToldMapped,
                _ => Kind::ToldOther,
            };
            let finding = Finding::of(kind);
            self.scene.fail(finding.sent(line.as_bytes(), &received));
        }
    }

    /// Checks that the program, which has ended, has sent nothing.
    pub fn expect_nothing(&mut self) {
        let (received, _) = self.receive(PIECE, self.scene.deadline());
        self.expect_nothing_beyond(&received);
    }

    /// Waits for the program to close the connection, in order or not, without a byte.
    pub fn expect_close(&mut self) {
        let (received, ending) = self.receive(PIECE, self.scene.deadline());
        if !received.is_empty() {
            let finding = Finding::of(Kind::SentBeforeClosing);
            self.scene.fail(finding.sent(b"", &received));
        }
        if ending == Ending::Stuck {
            self.scene.fail(Finding::of(Kind::StillConnected));
        }
    }

    /// Sends `bytes`, and is closed without a byte in return: the program has no place for it.
    pub fn expect_turned_away(&mut self, bytes: &[u8]) {
        self.send(bytes);
        let (received, ending) = self.receive(bytes.len(), self.scene.deadline());
        let kind = match ending {
            Ending::Full if received == bytes => Kind::Served,
            Ending::Stuck => Kind::StillConnected,
            _ if received.is_empty() => return,
            _ => Kind::SentBeforeClosing,
        };
        self.scene.fail(Finding::of(kind));
    }

    /// Receives these bytes, unless the program closes the connection before it has sent any; says
    /// which it is.
    pub fn expect_bytes_or_close(&mut self, bytes: &[u8]) -> bool {
        let (received, ending) = self.receive(bytes.len(), self.scene.deadline());
        let is_closed = received.is_empty() && matches!(ending, Ending::End | Ending::Reset);
        if received != bytes && !is_closed {
            self.fail_to_echo(bytes, &received, ending);
        }
        !is_closed
    }

    /// Sends so many single bytes, so long apart, each of which must come back before the next one goes;
    /// how many did until the program closed the connection.
    pub fn count_slow_echoes(&mut self, times: usize, apart: Duration) -> usize {
        let out = self.note(Event::Bytes(Side::Grader, Sample::default()));
        let back = self.note(Event::Bytes(Side::Program, Sample::default()));
        let is_back = |_: &usize| {
            pause(apart);
            self.send_at(out, b"1");
            let (received, ending) = self.receive_at(Some(back), 1, self.scene.deadline());
            let is_closed = received.is_empty() && ending != Ending::Stuck;
            if received != b"1" && !is_closed {
                self.fail_to_echo(b"1", &received, ending);
            }
            !is_closed
        };
        (0..times).take_while(is_back).count()
    }

    /// Whether the program has closed the connection, as far as it is known now.
    pub fn has_been_closed(&mut self) -> bool {
        let now = Deadline::new(Duration::ZERO, &std::sync::Arc::default());
        let (_, ending) = self.receive(1, now);
        matches!(ending, Ending::End | Ending::Reset)
    }

    /// Checks that the program has closed the connection already.
    pub fn expect_closed_by_now(&mut self) {
        if !self.has_been_closed() {
            self.scene.fail(Finding::of(Kind::StillConnected));
        }
    }

    /// Checks that the program has not closed the connection.
    pub fn expect_kept(&mut self) {
        if self.has_been_closed() {
            self.scene.fail(Finding::of(Kind::ClosedEarly));
        }
    }

    /// Ends the test with the reason why `bytes` did not come back.
    pub(crate) fn fail_to_echo(&mut self, bytes: &[u8], received: &[u8], ending: Ending) -> ! {
        let before = self.asked.clone();
        let expected = [&before[..], bytes].concat();
        let all = [&before[..], received].concat();
        let is_at_the_start = received.first() != bytes.first(); // behind the message before this one
        let may_be_stale = is_at_the_start || bytes.len() > PIECE;
        let kind = match ending {
            _ if may_be_stale && is_stale(&expected, &all) => Kind::SentStale,
            _ if Compared::are_bytes_lost(bytes, received) => Kind::LostBytes,
            _ if !bytes.starts_with(received) => Kind::SentOther,
            Ending::Stuck => self.what_it_waits_for(),
            Ending::Reset if self.is_all_sent => Kind::CutOff,
            _ => Kind::EndedEarly,
        };
        self.scene.fail(Finding::of(kind).sent(&expected, &all))
    }

    /// The verdict is open no longer: what is it that a program has waited for?
    fn what_it_waits_for(&mut self) -> Kind {
        let brings_something = |conversation: &mut Self| {
            let (trial, now) = (TRIAL, Duration::ZERO);
            let brought = [(1, trial), (PIECE, now)].map(|(count, time)| {
                let deadline = Deadline::new(time, &std::sync::Arc::default());
                conversation.receive(count, deadline).0.len()
            });
            brought[0] > 0
        };
        self.note(Event::Silence);
        self.send(b"\n");
        if brings_something(self) {
            return Kind::HeldForALine;
        }
        self.end();
        if brings_something(self) {
            return Kind::HeldForTheEnd;
        }
        Kind::Silent
    }
}
