//! Sees when a program stands still: each of its threads is blocked in a system call that no
//! clock ends, and none has woken since. Then only its other end could wake it, so that waiting for
//! longer would show nothing new. A program that sleeps, polls or waits with a timeout never does.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::base::deadline::Idleness;
use crate::base::time::pause;
use crate::process::watch::Watch;
use crate::system::processes::ProcessTree;

/// How far two looks are apart. Most programs have ended before the first one.
const APART: Duration = Duration::from_millis(200);

/// Looks at the program again and again until it has ended, where the system tells of it.
pub fn observe(tree: ProcessTree, watch: &Arc<Watch>, idleness: &Arc<Idleness>) {
    if !tree.is_told() {
        return;
    }
    let (watch, idleness) = (Arc::downgrade(watch), Arc::clone(idleness));
    thread::spawn(move || {
        let (mut last, mut since) = (None, Instant::now());
        loop {
            pause(APART);
            if watch.upgrade().is_none_or(|watch| watch.is_over()) {
                return idleness.set(None);
            }
            let now = tree.standstill();
            if now != last {
                since = Instant::now();
            }
            idleness.set(now.is_some().then_some(since));
            last = now;
        }
    });
}
