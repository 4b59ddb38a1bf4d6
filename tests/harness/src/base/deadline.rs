//! How long the harness waits for a program that makes no progress.

use std::cell::Cell;
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

/// A look at a program that stands still. An observer of the program takes them (see `process/idle.rs`).
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// When it began.
    pub at: Instant,
    /// When the first look began that is equal to it, as all are between the two.
    pub since: Instant,
    /// Whether nothing but the program's other end can wake it.
    pub is_sure: bool,
}

/// The last look at a program, if it stood still then.
#[derive(Debug, Default)]
pub struct Idleness(Mutex<Option<Look>>);

impl Idleness {
    /// Sets it.
    pub fn set(&self, look: Option<Look>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = look;
    }

    fn look(&self) -> Option<Look> {
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
    counted: Cell<Option<Counted>>,
}

/// The equal looks that a wait has met, each when it came round and found nothing new.
#[derive(Clone, Copy, Debug)]
struct Counted {
    /// The last one.
    last: Look,
    /// How many they are.
    looks: u32,
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
            counted: Cell::default(),
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
        self.counted.take();
    }

    /// What is left of the wait for a program that does not stand still; zero when it is over.
    pub fn left(&self) -> Duration {
        let idle = self.last.min(self.from + self.idle);
        idle.saturating_duration_since(Instant::now())
    }

    /// Whether the wait is over. Who waits asks this each time that it has found nothing new.
    pub fn is_over(&self) -> bool {
        self.left().is_zero() || self.stands_still()
    }

    /// Counts the last look, if it is a new one and began after the wait; whether these are enough.
    fn stands_still(&self) -> bool {
        let look = self.idleness.look().filter(|look| look.at >= self.from);
        let Some(look) = look else {
            self.counted.take();
            return false;
        };
        let before = self.counted.get().filter(|it| it.last.since == look.since);
        let looks = match before {
            Some(before) if before.last.at == look.at => before.looks,
            Some(before) => before.looks + 1,
            None => 1,
        };
        self.counted.set(Some(Counted { last: look, looks }));
        looks >= self.looks() * if look.is_sure { 1 } else { 3 }
    }

    /// How many looks make a program stuck: five at a patience of 1, and never fewer than three. Thrice as many do
    /// where something else may wake it.
    fn looks(&self) -> u32 {
        let looks = self.idle.as_secs_f64() / STUCK.as_secs_f64() * 5.0;
        (looks.ceil() as u32).max(3)
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

    /// A wait at a patience of 1, and what it waits for.
    fn wait() -> (Deadline, Arc<Idleness>) {
        let idleness = Arc::new(Idleness::default());
        (Deadline::new(STUCK, &idleness), idleness)
    }

    /// So many more looks that are equal; whether the wait, which comes round after each, is over.
    fn is_over_after(
        looks: u32,
        is_sure: bool,
        since: Instant,
        wait: &(Deadline, Arc<Idleness>),
    ) -> bool {
        (0..looks).any(|_| {
            let at = Instant::now();
            wait.1.set(Some(Look { at, since, is_sure }));
            let is_over = wait.0.is_over();
            assert_eq!(is_over, wait.0.is_over(), "a look counts once");
            is_over
        })
    }

    #[test]
    fn five_equal_looks_are_enough() {
        let (wait, since) = (wait(), Instant::now());
        assert!(!is_over_after(4, true, since, &wait));
        assert!(is_over_after(1, true, since, &wait));
    }

    #[test]
    fn looks_that_the_wait_did_not_come_round_for_do_not_count() {
        let ((deadline, idleness), since) = (wait(), Instant::now());
        for _ in 0..100 {
            let (at, is_sure) = (Instant::now(), true);
            idleness.set(Some(Look { at, since, is_sure }));
        }
        assert!(!deadline.is_over());
    }

    #[test]
    fn looks_from_before_the_wait_do_not_count() {
        let since = Instant::now();
        let idleness = Arc::new(Idleness::default());
        let (at, is_sure) = (since, true);
        idleness.set(Some(Look { at, since, is_sure }));
        let wait = (Deadline::new(STUCK, &idleness), idleness);
        assert!(!wait.0.is_over());
        assert!(!is_over_after(4, true, since, &wait));
        assert!(is_over_after(1, true, since, &wait));
    }

    #[test]
    fn progress_and_a_program_that_moves_begin_the_count_anew() {
        let (mut wait, since) = (wait(), Instant::now());
        assert!(!is_over_after(4, true, since, &wait));
        wait.0.progress();
        assert!(!is_over_after(4, true, since, &wait));
        assert!(!is_over_after(4, true, Instant::now(), &wait));
        wait.1.set(None);
        assert!(!wait.0.is_over());
        assert!(!is_over_after(4, true, since, &wait));
    }

    #[test]
    fn looks_that_are_not_sure_are_to_be_thrice_as_many() {
        let (wait, since) = (wait(), Instant::now());
        assert!(!is_over_after(4, true, since, &wait));
        assert!(!is_over_after(10, false, since, &wait));
        assert!(is_over_after(1, false, since, &wait));
    }
}
