//! Pipes without a reader. A process that another test is just starting has, between fork(2) and
//! execve(2), copies of all descriptors: a pipe has lost its reader only when these are gone too.

use std::io::{self, PipeWriter};

use crate::base::time::wait_while;
use crate::system::platform;

/// The writing end of a pipe that nobody will ever read.
pub fn closed_pipe() -> io::Result<PipeWriter> {
    let (reader, writer) = io::pipe()?;
    drop(reader);
    wait_while(|| platform::pipes::is_read(&writer) == Some(true));
    Ok(writer)
}

/// Whether somebody can still read what a process writes to its standard output, a pipe; `None` where the
/// system does not tell.
pub fn has_a_reader(process: u32) -> Option<bool> {
    platform::pipes::has_a_reader(process)
}
