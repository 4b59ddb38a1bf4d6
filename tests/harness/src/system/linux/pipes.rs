//! Whether pipes have a reader.

use std::fs::File;
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Whether the pipe of this writing end still has a reader; without one, poll(2) says `POLLERR`.
pub fn is_read(writer: &impl AsFd) -> Option<bool> {
    let mut end = [PollFd::new(writer, PollFlags::empty())];
    poll(&mut end, Some(&Timespec::default())).ok()?;
    Some(!end[0].revents().contains(PollFlags::ERR))
}

pub fn has_a_reader(process: u32) -> Option<bool> {
    let output = format!("/proc/{process}/fd/1");
    let opened = File::options().write(true).open(output);
    opened.map_or(Some(false), |output| is_read(&output))
}
