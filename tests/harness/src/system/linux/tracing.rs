//! Cuts a blocked `write` short (Linux), as any signal could.
//!
//! A thread that is blocked in `write` with a part already taken returns the size of that part when
//! it is stopped and continued (ptrace(2), `PTRACE_INTERRUPT`). Threads that do anything else are left
//! alone: a `read` with a timeout would fail with EINTR.

use std::io;
use std::time::Duration;

use rustix::process::{Pid, WaitOptions, waitpid};

use crate::base::deadline::Deadline;
use crate::base::time::pause;
use crate::system::linux::processes::ProcessTree;
use crate::system::linux::raw;
use crate::system::linux::threads::{Doing, Thread};

/// In how many looks in a row nothing may have moved before a program counts as standing still.
const STILL: u32 = 40;

/// See [`ProcessTree::cut_a_write_short`].
pub fn cut_a_write_short(
    tree: ProcessTree,
    deadline: &Deadline,
    mut moved: impl FnMut() -> bool,
) -> bool {
    let mut still = 0;
    while !deadline.is_over() && still < STILL {
        let threads = tree.threads();
        if let Some(writer) = threads
            .iter()
            .find(|thread| thread.is_writing_to_a_socket())
        {
            return stop_and_continue(writer).is_ok();
        }
        let runs = threads.iter().any(|thread| thread.doing == Doing::Running);
        still = if runs || moved() { 0 } else { still + 1 };
        pause(Duration::from_millis(1));
    }
    false
}

fn stop_and_continue(thread: &Thread) -> io::Result<()> {
    let all_threads = WaitOptions::from_bits_retain(libc::__WALL.cast_unsigned());
    raw::seize(thread.id)?;
    raw::interrupt(thread.id)?;
    waitpid(Pid::from_raw(thread.id), all_threads)?;
    raw::detach(thread.id)
}
