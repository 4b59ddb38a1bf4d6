//! What the threads of a program do (proc(5)).

use std::fs;
use std::path::Path;

use crate::system::linux::processes::{numbers, stat};

/// What a thread of the program is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It runs, or waits for a processor or a disk.
    Running,
    /// It is blocked in a system call: its number, and its arguments.
    Blocked { call: i64, arguments: [u64; 6] },
}

/// A thread: its number, what it does, and its process.
pub struct Thread {
    pub id: i32,
    pub doing: Doing,
    pub process: i32,
}

impl Thread {
    /// Whether the thread waits for a socket to take more bytes.
    pub fn is_writing_to_a_socket(&self) -> bool {
        let Doing::Blocked {
            call,
            arguments: [first, ..],
        } = self.doing
        else {
            return false;
        };
        [
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_sendto,
            libc::SYS_sendmsg,
        ]
        .contains(&call)
            && fs::read_link(format!("/proc/{}/fd/{first}", self.process))
                .is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
    }

    /// How often the thread has waited for something: it changes whenever the thread wakes.
    pub fn waits(&self) -> Option<u64> {
        let file = format!("/proc/{}/task/{}/status", self.process, self.id);
        let text = fs::read_to_string(file).ok()?;
        let line = text
            .lines()
            .find(|line| line.starts_with("voluntary_ctxt_switches:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

/// The threads of a process.
pub fn of(process: i32) -> Vec<Thread> {
    let tasks = format!("/proc/{process}/task");
    numbers(Path::new(&tasks))
        .into_iter()
        .filter_map(|id| {
            let (state, _) = stat(&format!("{tasks}/{id}/stat"))?;
            if state == 'Z' {
                return None;
            }
            let doing = match state {
                'S' => blocked(&format!("{tasks}/{id}/syscall")).unwrap_or(Doing::Running),
                _ => Doing::Running,
            };
            Some(Thread { id, doing, process })
        })
        .collect()
}

/// The system call and its first argument: `running` or `0 0x3 0x7f… …` in the file.
fn blocked(file: &str) -> Option<Doing> {
    let text = fs::read_to_string(file).ok()?;
    let mut fields = text.split_whitespace();
    let call = fields.next()?.parse().ok()?;
    let mut arguments = [0; 6];
    for argument in &mut arguments {
        *argument = u64::from_str_radix(fields.next()?.trim_start_matches("0x"), 16).ok()?;
    }
    Some(Doing::Blocked { call, arguments })
}

/// Whether no clock ends this call, as far as its arguments say: `clocks.rs` looks further.
pub fn waits_for_ever(call: i64, arguments: [u64; 6]) -> bool {
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
