//! The tape: what both ends of a conversation did, in order.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::bytes::Sample;
use crate::process::Exit;

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The learner's program.
    Program,
    /// The grader, which plays the other end.
    Grader,
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
    /// The program wrote to standard output.
    Output(Sample),
    /// The program ended.
    Exit(Exit),
    /// Nothing happened, for so long that the program counts as stuck.
    Silence,
}

/// A record that both ends' threads write to.
#[derive(Debug, Default)]
pub struct Tape(Mutex<Vec<Event>>);

impl Tape {
    /// Takes note of something, and says at which place.
    pub fn add(&self, event: Event) -> usize {
        let mut events = self.events();
        events.push(event);
        events.len() - 1
    }

    /// Adds bytes to what was noted at `place`: one call that moves bytes is one event.
    pub fn grow(&self, place: usize, bytes: &[u8]) {
        if let Some(Event::Bytes(_, sample) | Event::Input(sample)) = self.events().get_mut(place) {
            sample.extend(bytes);
        }
    }

    /// Takes note of output; what follows other output directly belongs to the same event.
    pub fn output(&self, bytes: &[u8]) {
        let mut events = self.events();
        if let Some(Event::Output(sample)) = events.last_mut() {
            sample.extend(bytes);
        } else {
            events.push(Event::Output(bytes.into()));
        }
    }

    /// All that has happened so far.
    pub fn so_far(&self) -> Vec<Event> {
        self.events().clone()
    }

    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
