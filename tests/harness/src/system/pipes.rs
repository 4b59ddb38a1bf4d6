//! Pipes without a reader. A process that another test is just starting has, between fork(2) and
//! execve(2), copies of all descriptors: a pipe has lost its reader only when these are gone too.

use std::io::{self, PipeWriter};

#[cfg(target_os = "linux")]
use crate::base::time::wait_while;

/// The writing end of a pipe that nobody will ever read.
pub fn closed_pipe() -> io::Result<PipeWriter> {
    let (reader, writer) = io::pipe()?;
    drop(reader);
    #[cfg(target_os = "linux")]
    wait_while(|| is_read(&writer));
    Ok(writer)
}

/// Whether somebody can still read what a process writes to its standard output, a pipe.
#[cfg(target_os = "linux")]
pub fn has_a_reader(process: u32) -> bool {
    let opened = std::fs::File::options()
        .write(true)
        .open(format!("/proc/{process}/fd/1"));
    opened.is_ok_and(is_read)
}

/// Whether the pipe of this writing end still has a reader; without one, poll(2) says `POLLERR`.
#[cfg(target_os = "linux")]
fn is_read(writer: impl std::os::fd::AsFd) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut end = [PollFd::new(&writer, PollFlags::empty())];
    let looked = poll(&mut end, Some(&Timespec::default()));
    looked.is_ok() && !end[0].revents().contains(PollFlags::ERR)
}
