//! How long the harness waits for a program that makes no progress.

use std::env;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a program may stand still before it counts as stuck, at a patience of 1.
const STUCK: Duration = Duration::from_secs(10);

/// The first step that has failed in this process; no step has this number.
static FAILED: AtomicU8 = AtomicU8::new(u8::MAX);

/// The factor by which `ENCHUFE_PATIENCE` stretches every wait. `Err` holds what is no factor.
pub fn patience() -> Result<f64, String> {
    match env::var("ENCHUFE_PATIENCE") {
        Err(_) => Ok(1.0),
        Ok(text) => match text.parse() {
            Ok(factor) if (0.01..=1000.0).contains(&factor) => Ok(factor),
            _ => Err(text),
        },
    }
}

/// Remembers that a step has failed: from there on the wait is shorter, because the verdict is no
/// longer open. No program that is right up to there is ever judged by the shorter wait.
pub fn step_failed(step: u8) {
    FAILED.fetch_min(step, Ordering::Relaxed);
}

/// How long a program of this step may make no progress.
pub fn stuck_after(step: u8) -> Duration {
    let factor = patience().unwrap_or(1.0);
    let after_a_failure = FAILED.load(Ordering::Relaxed) <= step;
    STUCK.mul_f64(if after_a_failure {
        factor / 4.0
    } else {
        factor
    })
}

/// Since when every thread of a program has waited for something that no clock ends, if they all do.
/// An observer of the program keeps it.
#[derive(Debug, Default)]
pub struct Idleness(Mutex<Option<Instant>>);

impl Idleness {
    /// Sets it.
    pub fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    fn since(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait that ends when nothing has progressed for a time, and in any case after ten such times. It
/// ends earlier for a program that is seen to stand still: nothing but its other end can wake it.
#[derive(Clone, Debug)]
pub struct Deadline {
    idle: Duration,
    from: Instant,
    last: Instant,
    idleness: Arc<Idleness>,
}

impl Deadline {
    /// A wait for a program that may make no progress for `idle`.
    pub fn new(idle: Duration, idleness: &Arc<Idleness>) -> Self {
        let from = Instant::now();
        Self {
            idle,
            from,
            last: from + idle * 10,
            idleness: Arc::clone(idleness),
        }
    }

    /// So many bytes are awaited: a program may take ten times as long as usual for each MiB, as long
    /// as it goes on.
    #[must_use]
    pub fn for_bytes(mut self, count: usize) -> Self {
        let mebibytes =
            u32::try_from(count.min(super::bytes::MIB * 100) / super::bytes::MIB).unwrap_or(0);
        self.last += self.idle * 10 * mebibytes;
        self
    }

    /// Something has progressed: the wait begins anew.
    pub fn progress(&mut self) {
        self.from = Instant::now();
    }

    /// What is left of the wait; zero when it is over.
    pub fn left(&self) -> Duration {
        let now = Instant::now();
        let idle = self.last.min(self.from + self.idle);
        let still = self
            .idleness
            .since()
            .map(|since| since.max(self.from) + self.idle * 3 / 10);
        still
            .map_or(idle, |still| still.min(idle))
            .saturating_duration_since(now)
    }

    /// Whether the wait is over.
    pub fn is_over(&self) -> bool {
        self.left().is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(1000);

    #[test]
    fn progress_begins_the_wait_anew_but_not_for_ever() {
        let mut deadline = Deadline::new(LONG, &Arc::default());
        deadline.from -= LONG * 2;
        assert!(deadline.is_over());
        deadline.progress();
        assert!(!deadline.is_over());
        deadline.last -= LONG * 10;
        assert!(deadline.is_over());
    }

    #[test]
    fn standing_still_counts_only_from_the_beginning_of_the_wait() {
        let idleness = Arc::new(Idleness::default());
        idleness.set(Some(Instant::now() - LONG));
        let mut deadline = Deadline::new(LONG, &idleness);
        assert!(!deadline.is_over());
        deadline.from -= LONG / 2;
        assert!(deadline.is_over());
        idleness.set(None);
        assert!(!deadline.is_over());
    }
}
