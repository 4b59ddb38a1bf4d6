//! What Windows calls by names of its own, or has not.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::os::windows::fs::symlink_file;
use std::os::windows::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use socket2::Socket;

use crate::base::exit::Exit;
use crate::system::files::Special;
use crate::system::signals::Signal;

pub const IS_UNIX: bool = false;
/// A command line has 32,766 characters, the program's path among them (CreateProcess).
pub const LONGEST_ARGUMENT: usize = 32_000;
/// `WSAEMSGSIZE`.
pub const TOO_LARGE: i32 = 10040;

pub fn special(_: &Metadata) -> Option<Special> {
    None
}

pub fn inode(_: &Metadata) -> u64 {
    0
}

pub fn mode(_: &Metadata) -> u32 {
    0
}

pub fn make_fifo(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn make_link(target: &Path, path: &Path) -> io::Result<()> {
    symlink_file(target, path)
}

pub fn short_temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

/// Arguments are UTF-16 here, so that bytes which are no text are no argument.
pub fn argument(bytes: &[u8]) -> Option<OsString> {
    std::str::from_utf8(bytes).ok().map(Into::into)
}

pub fn credentials() -> Option<(u32, u32)> {
    None
}

/// No limit is known here that a test meets.
pub fn has_descriptors_for(_: u64) -> bool {
    true
}

/// There is none: a test asks `is_unix` before.
pub fn send(_: Signal, _: u32) {}

pub fn limit_segments(_: &Socket, _: u32) -> bool {
    false
}

/// `SO_REUSEADDR` alone shares an address here.
pub fn share_address(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_address(true)
}

/// It is `WouldBlock` here.
pub fn is_in_progress(_: &io::Error) -> bool {
    false
}

/// Nothing tells.
pub fn is_for_want_of_resources(_: &io::Error) -> bool {
    false
}

pub fn status(exit: Exit) -> ExitStatus {
    ExitStatus::from_raw(match exit {
        Exit::Code(number) | Exit::Signal(number) => number.cast_unsigned(),
        Exit::Todo(_) => 101,
    })
}
