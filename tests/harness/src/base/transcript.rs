//! The transcript: what both ends of a conversation did, in order.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::bytes::Sample;
use crate::base::exit::Exit;

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The learner's program.
    Program,
    /// The grader, which plays the other end.
    Grader,
}

/// What happens to an attempt to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It begins, and waits for an answer.
    Begins,
    /// It is answered: a connection is there.
    Answered,
    /// The program has closed it.
    Closed,
}

/// What becomes of a datagram on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost: the grader acts as if it had never come.
    Lost,
    /// It is no answer to the question.
    Forged,
    /// It is from somebody else than the one that was asked.
    Stranger,
    /// It came before, and comes again.
    Repeated,
    /// It comes later than others that were sent after it.
    Late,
}

/// Something that happened, and with which of the grader's ends, where there are several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The end, counted from 0 in the order in which they came.
    pub who: Option<u8>,
    pub event: Event,
}

impl From<Event> for Entry {
    fn from(event: Event) -> Self {
        Self { who: None, event }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The program was given standard input.
    Input(Sample),
    /// The program's standard input ended.
    InputEnd,
    /// One side opened a connection.
    Connect(Side),
    /// One side sent bytes, as far as the other has received or the kernel has taken them.
    Bytes(Side, Sample),
    /// One side ended its stream in order.
    End(Side),
    /// One side cut the connection off.
    Reset(Side),
    /// The grader did something that the other end cannot see, named by a word of the interface.
    Remark(&'static str),
    /// The grader did the same thing many times, named by a word with a `$number`.
    Many(&'static str, u64),
    /// One side sent a datagram.
    Datagram(Side, Fate, Sample),
    /// One side sent a datagram that is an id and a message.
    Message(Side, Fate, u32, Sample),
    /// Something happened to a file, named by a word of the interface, with a `$data`.
    File(&'static str, String),
    /// Something happened to one of several attempts of the program's to connect.
    Attempt(Attempt),
    /// The program wrote to standard output.
    Output(Sample),
    /// The program ended.
    Exit(Exit),
    /// Nothing happened, for so long that the program counts as stuck.
    Silence,
}

/// A record that both ends' threads write to.
#[derive(Debug, Default)]
pub struct Transcript(Mutex<Vec<Entry>>);

impl Transcript {
    /// Takes note of something, and says at which place.
    pub fn add(&self, event: Event) -> usize {
        self.add_of(None, event)
    }

    /// Takes note of something that happened with one of several ends.
    pub fn add_of(&self, who: Option<u8>, event: Event) -> usize {
        let mut entries = self.entries();
        entries.push(Entry { who, event });
        entries.len() - 1
    }

    /// Adds bytes to what was noted at `place`: one call that moves bytes is one event.
    pub fn grow(&self, place: usize, bytes: &[u8]) {
        let mut entries = self.entries();
        let event = entries.get_mut(place).map(|entry| &mut entry.event);
        if let Some(Event::Bytes(_, sample) | Event::Input(sample)) = event {
            sample.extend(bytes);
        }
    }

    /// What was noted at `place` was a datagram, and this became of it.
    pub fn meets(&self, place: usize, fate: Fate) {
        let mut entries = self.entries();
        let event = entries.get_mut(place).map(|entry| &mut entry.event);
        if let Some(Event::Datagram(_, its, _) | Event::Message(_, its, ..)) = event {
            *its = fate;
        }
    }

    /// Takes note of something that the program did before it wrote its last output.
    pub fn add_before_output(&self, event: Event) {
        let mut entries = self.entries();
        let is_output = |entry: &Entry| matches!(entry.event, Event::Output(_));
        let place = entries.iter().rposition(is_output).unwrap_or(entries.len());
        entries.insert(place, event.into());
    }

    /// Takes note of output; what follows other output directly belongs to the same event.
    pub fn output(&self, bytes: &[u8]) {
        let mut entries = self.entries();
        if let Some(Event::Output(sample)) = entries.last_mut().map(|entry| &mut entry.event) {
            sample.extend(bytes);
        } else {
            entries.push(Event::Output(bytes.into()).into());
        }
    }

    /// All that has happened so far.
    pub fn so_far(&self) -> Vec<Entry> {
        self.entries().clone()
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
