//! Cuts a blocked `write` short (Linux), as any signal could.
//!
//! A thread that is blocked in `write` with a part already taken returns the size of that part when
//! it is stopped and continued (ptrace(2), `PTRACE_INTERRUPT`). Threads that do anything else are left
//! alone: a `read` with a timeout would fail with EINTR.

use std::time::Duration;

use nix::sys::ptrace::{self, Options};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use crate::base::deadline::Deadline;
use crate::base::time::pause;
use crate::system::linux::processes::{self, Doing, Thread};

/// In how many looks in a row nothing may have moved before a program counts as standing still.
const STILL: u32 = 40;

/// What came of an attempt to cut a write short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// A blocked write was interrupted.
    Interrupted,
    /// The program stands still, and not in a write: it cannot meet a partial one here.
    NoWrite,
    /// The system forbids it.
    Forbidden,
}

/// Waits until a descendant of the supervisor is blocked while it writes to a socket, and interrupts it.
/// `moved` says whether anything has moved since it was last asked.
pub fn cut_a_write_short(
    supervisor: u32,
    deadline: &Deadline,
    mut moved: impl FnMut() -> bool,
) -> Interruption {
    let mut still = 0;
    while !deadline.is_over() && still < STILL {
        let threads = processes::threads(supervisor);
        if let Some(writer) = threads
            .iter()
            .find(|thread| thread.is_writing_to_a_socket())
        {
            return if stop_and_continue(writer).is_ok() {
                Interruption::Interrupted
            } else {
                Interruption::Forbidden
            };
        }
        let runs = threads.iter().any(|thread| thread.doing == Doing::Running);
        still = if runs || moved() { 0 } else { still + 1 };
        pause(Duration::from_millis(1));
    }
    Interruption::NoWrite
}

fn stop_and_continue(thread: &Thread) -> nix::Result<()> {
    let thread = Pid::from_raw(thread.id);
    ptrace::seize(thread, Options::empty())?;
    ptrace::interrupt(thread)?;
    waitpid(thread, Some(WaitPidFlag::__WALL))?;
    ptrace::detach(thread, None)
}
