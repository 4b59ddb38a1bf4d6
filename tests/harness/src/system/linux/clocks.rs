//! Clocks that may end what a thread waits for, and that the arguments of its call do not show: a socket's own
//! timeout (socket(7), `SO_RCVTIMEO`), alarm(2), timer_create(2), timerfd_create(2).

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use rustix::process::{ForeignRawFd, Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};
use socket2::SockRef;

use crate::system::linux::threads::{Doing, Thread};

/// Of how many threads the sockets are looked at; a server with more clients is judged without.
const MANY: usize = 64;

/// Whether such a clock may wake one of these threads. Yes where the system does not tell.
pub fn may_wake(threads: &[Thread]) -> bool {
    let processes: BTreeSet<i32> = threads.iter().map(|thread| thread.process).collect();
    threads.len() > MANY
        || processes.into_iter().any(has_timers)
        || threads.iter().any(waits_with_a_timeout)
}

fn has_timers(process: i32) -> bool {
    let timers = fs::read_to_string(format!("/proc/{process}/timers")).unwrap_or_default();
    !timers.is_empty() || catches_alarms(process) != Some(false) || has_a_timerfd(process)
}

/// Whether it has a handler for `SIGALRM`, which alarm(2) sends; `None` where the system does not tell.
fn catches_alarms(process: i32) -> Option<bool> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("SigCgt:"))?;
    let caught = u64::from_str_radix(line.trim(), 16).ok()?;
    Some(caught & (1 << (libc::SIGALRM - 1)) != 0)
}

fn has_a_timerfd(process: i32) -> bool {
    let folder = fs::read_dir(format!("/proc/{process}/fd"));
    let mut entries = folder.into_iter().flatten().flatten();
    entries.any(|entry| {
        fs::read_link(entry.path()).is_ok_and(|link| link.as_os_str() == "anon_inode:[timerfd]")
    })
}

/// Whether the thread waits for a descriptor that has a timeout of its own, or may have one.
fn waits_with_a_timeout(thread: &Thread) -> bool {
    let Doing::Blocked { call, arguments } = thread.doing else {
        return true;
    };
    if !is_of_a_descriptor(call) {
        return false;
    }
    let Ok(descriptor) = i32::try_from(arguments[0]) else {
        return true;
    };
    let link = fs::read_link(format!("/proc/{}/fd/{descriptor}", thread.process));
    let is_a = |link: &PathBuf, kind| link.to_string_lossy().starts_with(kind);
    match link {
        Ok(link) if is_a(&link, "pipe:") => false,
        Ok(link) if is_a(&link, "socket:") => {
            has_a_timeout(thread.process, descriptor).unwrap_or(true)
        }
        _ => true,
    }
}

fn is_of_a_descriptor(call: i64) -> bool {
    [
        [libc::SYS_read, libc::SYS_readv, libc::SYS_recvfrom],
        [libc::SYS_recvmsg, libc::SYS_write, libc::SYS_writev],
        [libc::SYS_sendto, libc::SYS_sendmsg, libc::SYS_connect],
        [libc::SYS_accept, libc::SYS_accept4, libc::SYS_accept4],
    ]
    .as_flattened()
    .contains(&call)
}

/// Looks at a copy of the socket, for a moment. `None` where that is not allowed (pidfd_getfd(2)).
fn has_a_timeout(process: i32, descriptor: ForeignRawFd) -> Option<bool> {
    let process = pidfd_open(Pid::from_raw(process)?, PidfdFlags::empty()).ok()?;
    let copy = pidfd_getfd(process, descriptor, PidfdGetfdFlags::empty()).ok()?;
    let socket = SockRef::from(&copy);
    let (read, write) = (socket.read_timeout().ok()?, socket.write_timeout().ok()?);
    Some(read.is_some() || write.is_some())
}
