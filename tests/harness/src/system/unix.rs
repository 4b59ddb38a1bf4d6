//! What every Unix calls by the same names, Linux included.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use rustix::io::Errno;
use rustix::process::{Pid, Resource, getrlimit, kill_process_group, setrlimit};
use socket2::Socket;

use crate::base::exit::Exit;
use crate::system::files::Special;
use crate::system::signals::Signal;

pub const IS_UNIX: bool = true;
/// What Linux has room for, which other systems have more of (execve(2), `MAX_ARG_STRLEN`).
pub const LONGEST_ARGUMENT: usize = 128 * 1024 - 1;
/// What is said of a datagram that is too large (udp(7)).
pub const TOO_LARGE: i32 = Errno::MSGSIZE.raw_os_error();

pub fn special(file: &Metadata) -> Option<Special> {
    let kind = file.file_type();
    match () {
        () if kind.is_socket() => Some(Special::Socket),
        () if kind.is_fifo() => Some(Special::Fifo),
        () => None,
    }
}

pub fn inode(file: &Metadata) -> u64 {
    file.ino()
}

pub fn mode(file: &Metadata) -> u32 {
    file.mode() & 0o7777
}

/// With mkfifo(1), which POSIX has everywhere: mknod(2) makes none on macOS.
pub fn make_fifo(path: &Path) -> io::Result<()> {
    let made = std::process::Command::new("mkfifo").arg(path).status()?;
    made.success()
        .then_some(())
        .ok_or(io::Error::other("mkfifo failed"))
}

pub fn make_link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// That of `TMPDIR` has up to 50 bytes on macOS.
pub fn short_temporary_folder() -> PathBuf {
    "/tmp".into()
}

pub fn argument(bytes: &[u8]) -> Option<OsString> {
    Some(OsString::from_vec(bytes.to_vec()))
}

pub fn credentials() -> Option<(u32, u32)> {
    let user = rustix::process::geteuid().as_raw();
    Some((user, rustix::process::getegid().as_raw()))
}

pub fn has_descriptors_for(count: u64) -> bool {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let is_raised = setrlimit(Resource::Nofile, limit).is_ok();
    is_raised && limit.current.is_none_or(|most| most >= count)
}

pub fn send(signal: Signal, process: u32) {
    let signal = match signal {
        Signal::Interrupt => rustix::process::Signal::INT,
        Signal::Terminate => rustix::process::Signal::TERM,
    };
    if let Some(leader) = Pid::from_raw(process.cast_signed()) {
        let _ = kill_process_group(leader, signal); // one that has left is judged by its end
    }
}

pub fn limit_segments(socket: &Socket, bytes: u32) -> bool {
    socket.set_tcp_mss(bytes).is_ok()
}

pub fn share_address(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)
}

pub fn is_in_progress(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::INPROGRESS.raw_os_error())
}

/// What fork(2) says when the system has no more to give.
pub fn is_for_want_of_resources(error: &io::Error) -> bool {
    let wanting = [Errno::AGAIN, Errno::MFILE, Errno::NFILE, Errno::NOMEM];
    let number = error.raw_os_error();
    wanting
        .iter()
        .any(|errno| number == Some(errno.raw_os_error()))
}

/// As wait(2) gives it.
pub fn status(exit: Exit) -> ExitStatus {
    ExitStatus::from_raw(match exit {
        Exit::Code(code) => code << 8,
        Exit::Signal(signal) => signal,
        Exit::Todo(_) => 101 << 8,
    })
}
