//! The one module with unsafe code.
//!
//! How a process of this binary becomes a supervisor (see `supervisor.rs`): four things have no safe form. Running
//! code before `main`, which belongs to libtest in a grader; keeping one descriptor open across `exec` in the
//! child alone; taking it over there; and the actions of signals. And ptrace(2) for `tracing.rs`, and unshare(2) for `network.rs`.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::thread::{UnshareFlags, unshare_unsafe};

/// The dynamic loader calls what stands in this section before `main`.
#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = before_main;

extern "C" fn before_main() {
    super::supervisor::become_supervisor_if_asked();
}

/// Lets the process that `command` starts inherit `stream`, and no other process.
pub fn inherit(command: &mut Command, stream: &UnixStream) {
    let fd = stream.as_raw_fd();
    // SAFETY: `fcntl` is async-signal-safe, and the descriptor is open in the forked child because
    // the caller holds `stream` until the command is spawned.
    unsafe {
        command.pre_exec(move || {
            let fd = BorrowedFd::borrow_raw(fd);
            Ok(fcntl_setfd(fd, FdFlags::empty())?)
        });
    }
}

/// Gives the signals that ask a process to end their default action. Whoever runs the tests may have
/// had them ignored, as a shell does for what it runs in the background, and that is inherited.
pub fn hears_signals() {
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
        // SAFETY: the default action is no function of this program's.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
        }
    }
}

/// Takes over the descriptor that `inherit` let through.
pub fn take_over(fd: RawFd) -> io::Result<UnixStream> {
    // SAFETY: called once, at the start of a process that owns the descriptor by `inherit`.
    let stream = unsafe { UnixStream::from_raw_fd(fd) };
    fcntl_setfd(&stream, FdFlags::CLOEXEC)?;
    Ok(stream)
}

/// Begins to trace a thread, which runs on.
pub fn seize(thread: i32) -> io::Result<()> {
    traced(libc::PTRACE_SEIZE, thread)
}

/// Stops a traced thread.
pub fn interrupt(thread: i32) -> io::Result<()> {
    traced(libc::PTRACE_INTERRUPT, thread)
}

/// Lets a stopped thread run on, untraced.
pub fn detach(thread: i32) -> io::Result<()> {
    traced(libc::PTRACE_DETACH, thread)
}

fn traced(request: libc::c_uint, thread: i32) -> io::Result<()> {
    let nothing = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: these requests read and write no memory of this process.
    let done = unsafe { libc::ptrace(request, thread, nothing, nothing) };
    if done == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Moves this thread into a new network.
pub fn unshare_network() -> io::Result<()> {
    // SAFETY: a thread with a table of descriptors of its own could be given others' numbers; this one keeps the
    // process's table.
    unsafe { Ok(unshare_unsafe(UnshareFlags::NEWNET)?) }
}
