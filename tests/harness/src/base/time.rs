//! Waiting.

use std::time::{Duration, Instant};

/// A short pause between two looks at something that tells nobody when it changes.
pub fn pause(time: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "between two looks; never in place of one"
    )]
    std::thread::sleep(time);
}

/// Waits for a state that passes by itself, and goes on after a while if it does not.
pub fn wait_while(state: impl Fn() -> bool) {
    let begin = Instant::now();
    while state() && begin.elapsed() < Duration::from_secs(10) {
        pause(Duration::from_micros(200));
    }
}
