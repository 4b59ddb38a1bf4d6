//! How long the harness waits for a program that makes no progress.

use std::env;
use std::sync::atomic::{AtomicU8, Ordering};
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

/// A wait that ends when nothing has progressed for a time, and in any case after ten such times.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    idle: Duration,
    next: Instant,
    last: Instant,
}

impl Deadline {
    /// A wait for a program that may stand still for `idle`.
    pub fn new(idle: Duration) -> Self {
        let now = Instant::now();
        Self {
            idle,
            next: now + idle,
            last: now + idle * 10,
        }
    }

    /// Something has progressed: the wait begins anew.
    pub fn progress(&mut self) {
        self.next = self.last.min(Instant::now() + self.idle);
    }

    /// What is left of the wait; zero when it is over.
    pub fn left(&self) -> Duration {
        self.next.saturating_duration_since(Instant::now())
    }

    /// Whether the wait is over.
    pub fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// How long the program stood still when the wait was over.
    pub fn idle(&self) -> Duration {
        self.idle
    }
}
