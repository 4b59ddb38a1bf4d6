//! Sees when a program stands still (Linux): each of its threads is blocked in a system call that no
//! clock ends, and none has woken since. Then only its other end could wake it, so that waiting for
//! longer would show nothing new. A program that sleeps, polls or waits with a timeout never does.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::base::deadline::Idleness;
use crate::base::time::pause;
use crate::process::watch::Watch;
use crate::system::linux::processes::{self, Doing};

/// How far two looks are apart. Most programs have ended before the first one.
const APART: Duration = Duration::from_millis(200);

/// The threads, their system calls, and how often each has waited.
type Look = Vec<(i32, i64, [u64; 6], u64)>;

/// Looks at the descendants of the supervisor again and again, until the program has ended.
pub fn observe(supervisor: u32, watch: &Arc<Watch>, idleness: &Arc<Idleness>) {
    let (watch, idleness) = (Arc::downgrade(watch), Arc::clone(idleness));
    thread::spawn(move || {
        let (mut last, mut since) = (None, Instant::now());
        loop {
            pause(APART);
            if watch.upgrade().is_none_or(|watch| watch.is_over()) {
                return idleness.set(None);
            }
            let now = look(supervisor);
            if now != last {
                since = Instant::now();
            }
            idleness.set(now.is_some().then_some(since));
            last = now;
        }
    });
}

/// `None` as long as something may yet happen by itself.
fn look(supervisor: u32) -> Option<Look> {
    let threads = processes::threads(supervisor);
    let look: Option<Look> = threads
        .iter()
        .map(|thread| match thread.doing {
            Doing::Blocked { call, arguments } if waits_for_ever(call, arguments) => {
                Some((thread.id, call, arguments, thread.waits()?))
            }
            _ => None,
        })
        .collect();
    look.filter(|threads| !threads.is_empty())
}

/// Whether no clock ends this call. A timeout that a socket carries itself (`SO_RCVTIMEO`) is not seen: it
/// ends the call within a program's own limit, which the thread's waking then shows.
fn waits_for_ever(call: i64, arguments: [u64; 6]) -> bool {
    const FUTEX_WAIT: u64 = 0;
    const FUTEX_WAIT_BITSET: u64 = 9;
    const FUTEX_COMMANDS: u64 = 0x7f;
    let is_negative = |argument: u64| (argument as u32).cast_signed() < 0;
    match call {
        libc::SYS_read | libc::SYS_readv | libc::SYS_recvfrom | libc::SYS_recvmsg => true,
        libc::SYS_write | libc::SYS_writev | libc::SYS_sendto | libc::SYS_sendmsg => true,
        libc::SYS_accept | libc::SYS_accept4 | libc::SYS_connect => true,
        libc::SYS_wait4 | libc::SYS_waitid => true,
        libc::SYS_futex => {
            let command = arguments[1] & FUTEX_COMMANDS;
            [FUTEX_WAIT, FUTEX_WAIT_BITSET].contains(&command) && arguments[3] == 0
        }
        libc::SYS_ppoll => arguments[2] == 0,
        libc::SYS_pselect6 => arguments[4] == 0,
        libc::SYS_epoll_pwait => is_negative(arguments[3]),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => is_negative(arguments[2]),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => arguments[4] == 0,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => is_negative(arguments[3]),
        _ => false,
    }
}
