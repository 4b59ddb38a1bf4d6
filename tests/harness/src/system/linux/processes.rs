//! What Linux tells of processes in `/proc` (proc(5)).

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use rustix::process::Pid;

use crate::base::deadline::Deadline;
use crate::system::linux::clocks;
use crate::system::linux::tables::{self, CLOSE, LISTEN, TCP, UDP};
use crate::system::linux::threads::{self, Doing, Thread};
use crate::system::linux::tracing;
use crate::system::processes::Resources;

/// The program and all that it has started: the descendants of its supervisor.
#[derive(Clone, Copy, Debug)]
pub struct ProcessTree {
    pub(super) supervisor: u32,
}

/// The threads of a program that stands still, their system calls, and how often each has waited.
#[derive(Debug, PartialEq, Eq)]
pub struct Standstill(Vec<(i32, i64, [u64; 6], u64)>);

impl ProcessTree {
    /// Whether the system tells of it at all.
    pub fn is_told(self) -> bool {
        true
    }

    /// How the program stands still: each of its threads is blocked in a call that no clock ends. `None` as long
    /// as something may yet happen by itself.
    pub fn standstill(self) -> Option<Standstill> {
        let blocked = |thread: &Thread| match thread.doing {
            Doing::Blocked { call, arguments } if threads::waits_for_ever(call, arguments) => {
                Some((thread.id, call, arguments, thread.waits()?))
            }
            _ => None,
        };
        let threads: Option<Vec<_>> = self.threads().iter().map(blocked).collect();
        threads
            .filter(|threads| !threads.is_empty())
            .map(Standstill)
    }

    /// Whether something else than the program's other end may wake one that stands still so: a clock that
    /// its calls do not show, or bytes on their way. Yes where the system does not tell.
    pub fn may_be_woken(self, _: &Standstill) -> bool {
        clocks::may_wake(&self.threads())
            || tables::are_bytes_on_their_way(&inodes(self.supervisor))
    }

    /// Whether every thread waits for something. `is_cut_off` says that the program's connections are gone: then
    /// none may be in a write to one.
    pub fn is_idle(self, is_cut_off: bool) -> Option<bool> {
        let is_idle = |thread: &Thread| {
            thread.doing != Doing::Running && !(is_cut_off && thread.is_writing_to_a_socket())
        };
        Some(self.threads().iter().all(is_idle))
    }

    /// What it holds now.
    pub fn resources(self) -> Option<Resources> {
        let open = |process| numbers(Path::new(&format!("/proc/{process}/fd"))).len();
        Some(Resources {
            threads: self.threads().len(),
            descriptors: descendants(self.supervisor).into_iter().map(open).sum(),
        })
    }

    /// Where it listens for TCP connections, or for datagrams of any sender.
    pub fn listeners(self) -> Option<BTreeSet<SocketAddr>> {
        let mut rows = tables::in_state(TCP, LISTEN);
        rows.extend(tables::in_state(UDP, CLOSE));
        let held = inodes(self.supervisor);
        rows.retain(|row| held.contains(&row.inode));
        Some(rows.into_iter().map(|row| row.local).collect())
    }

    /// Whether it has a UDP socket with this address.
    pub fn takes_datagrams(self, address: SocketAddr) -> Option<bool> {
        let held = inodes(self.supervisor);
        let rows = tables::in_state(UDP, CLOSE);
        let is_it = |row: &tables::Row| row.local == address && held.contains(&row.inode);
        Some(rows.iter().any(is_it))
    }

    /// Waits until it is blocked while it writes to a socket, and interrupts that write; whether it came to that.
    /// It did not where the program stands still in something else, and where the system forbids it. `moved` says
    /// whether anything has moved since it was last asked.
    pub fn cut_a_write_short(self, deadline: &Deadline, moved: impl FnMut() -> bool) -> bool {
        tracing::cut_a_write_short(self, deadline, moved)
    }

    pub(super) fn threads(self) -> Vec<Thread> {
        let processes = descendants(self.supervisor).into_iter();
        processes.flat_map(threads::of).collect()
    }
}

/// The children of a process.
pub fn children(parent: Pid) -> Vec<Pid> {
    children_of(parent.as_raw_nonzero().get())
        .into_iter()
        .filter_map(Pid::from_raw)
        .collect()
}

/// The processes that have this `NAME=value` in their environment.
pub fn with_environment(pair: &str) -> Vec<Pid> {
    let has = |id: &i32| {
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        environment
            .split(|&byte| byte == 0)
            .any(|entry| entry == pair.as_bytes())
    };
    numbers(Path::new("/proc"))
        .into_iter()
        .filter(has)
        .filter_map(Pid::from_raw)
        .collect()
}

/// The inodes of the sockets that the descendants of a process hold: `socket:[4711]`.
fn inodes(ancestor: u32) -> BTreeSet<u64> {
    let links = |process| {
        let folder = fs::read_dir(format!("/proc/{process}/fd"));
        let entries = folder.into_iter().flatten().flatten();
        entries.filter_map(|entry| fs::read_link(entry.path()).ok())
    };
    let inode = |link: PathBuf| {
        let link = link.to_str()?.strip_prefix("socket:[")?;
        link.strip_suffix(']')?.parse().ok()
    };
    descendants(ancestor)
        .into_iter()
        .flat_map(links)
        .filter_map(inode)
        .collect()
}

/// All descendants of a process.
fn descendants(ancestor: u32) -> Vec<i32> {
    let mut family = vec![ancestor.cast_signed()];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        family.extend(children_of(parent));
        next += 1;
    }
    family.split_off(1)
}

/// The children of a process: each thread's own. Where the kernel does not list them
/// (`CONFIG_PROC_CHILDREN`), every process is asked for its parent.
fn children_of(parent: i32) -> Vec<i32> {
    let tasks = format!("/proc/{parent}/task");
    let list = |task: i32| fs::read_to_string(format!("{tasks}/{task}/children"));
    match list(parent) {
        Ok(_) => numbers(Path::new(&tasks))
            .into_iter()
            .filter_map(|task| list(task).ok())
            .flat_map(|list| {
                let children = list.split_whitespace().map(str::parse);
                children.flatten().collect::<Vec<_>>()
            })
            .collect(),
        Err(_) => processes()
            .into_iter()
            .filter(|&(_, of)| of == parent)
            .map(|(id, _)| id)
            .collect(),
    }
}

/// Every process with its parent.
fn processes() -> Vec<(i32, i32)> {
    numbers(Path::new("/proc"))
        .into_iter()
        .filter_map(|id| Some((id, stat(&format!("/proc/{id}/stat"))?.1)))
        .collect()
}

pub(super) fn numbers(folder: &Path) -> Vec<i32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// The state and the parent, fields 3 and 4. The name before them may hold anything but ends in `)`.
pub(super) fn stat(file: &str) -> Option<(char, i32)> {
    let text = fs::read_to_string(file).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}
