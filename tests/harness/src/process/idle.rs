//! Sees when a program stands still, so that a verdict on one that is stuck comes after a second instead of ten.
//!
//! The problem: a program that makes no progress may be stuck, or slow on a busy machine. Time alone does not tell
//! the two apart. What a program waits for does: a slow one is runnable, or sleeps until a disk or a clock wakes it;
//! a stuck one waits for its other end.
//!
//! What was left behind: waiting for a time, which a busy machine makes too short for a right program, or a wrong
//! program makes long for a learner; and processor time, which a program that spins spends while it is stuck.
//!
//! The way taken: the system says of each thread which call it is blocked in, with its arguments, and how often it
//! has waited ([`ProcessTree::standstill`]). Looks at the program are *equal* when each thread is blocked in a call
//! that no clock ends, in the same one, and has not woken in between. Then only somebody else can wake it. That is
//! the grader, or what the grader has set in motion before:
//!
//! - *The grader itself* is waiting, or there would be no wait to end. Its wait counts only looks that began after
//!   its own last progress, and counts one of them only when it comes round and finds nothing new once more
//!   ([`Deadline`](crate::base::deadline::Deadline)). So five looks are five turns of the observer and five of the
//!   waiting thread: neither can jump to a conclusion because the other had no processor for a while.
//! - *Bytes on their way.* Loopback delivers what is sent within the sender's call, also to pipes, Unix sockets and
//!   for datagrams. What TCP still has to deliver (a full buffer, a segment to be repeated by the system's clock)
//!   is unsent in the system's table.
//! - *Clocks that the call does not show*: the socket's own timeout (`SO_RCVTIMEO`), alarm(2), timers.
//!
//! Where one of the last two may be ([`ProcessTree::may_be_woken`]), or where the system does not tell, three times
//! as many looks have to be equal: then a program is judged after three seconds, longer than a right one is ever told
//! to wait by itself while a grader waits for it.
//! A child that ends wakes its parent, a page that is missing makes a thread wait for a disk, a futex is woken by a
//! thread that runs: all of them show in the look. A program of several processes is looked at as a whole.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::base::deadline::{Idleness, Look};
use crate::base::time::pause;
use crate::process::watch::Watch;
use crate::system::processes::ProcessTree;

/// How far two looks are apart, at least. Most programs have ended before the first one.
const APART: Duration = Duration::from_millis(200);
/// From which look on it is asked what else may wake the program. Most that wait are woken before.
const ASKED_FROM: u32 = 3; // no wait ends before

/// Looks at the program again and again until it has ended, where the system tells of it.
pub fn observe(tree: ProcessTree, watch: &Arc<Watch>, idleness: &Arc<Idleness>) {
    if !tree.is_told() {
        return;
    }
    let (watch, idleness) = (Arc::downgrade(watch), Arc::clone(idleness));
    thread::spawn(move || {
        let (mut last, mut since, mut equal) = (None, Instant::now(), 0);
        loop {
            pause(APART);
            if watch.upgrade().is_none_or(|watch| watch.is_over()) {
                return idleness.set(None);
            }
            let at = Instant::now();
            let now = tree.standstill();
            equal += 1;
            if now != last {
                (since, equal) = (at, 1);
            }
            idleness.set(now.as_ref().map(|standstill| Look {
                at,
                since,
                is_sure: equal < ASKED_FROM || !tree.may_be_woken(standstill),
            }));
            last = now;
        }
    });
}
