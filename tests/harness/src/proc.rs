//! What Linux tells of processes and sockets in `/proc` (proc(5)).

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use rustix::process::Pid;

/// What a thread of the program is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It runs, or waits for a processor or a disk.
    Running,
    /// It is blocked in a system call: its number, and its arguments.
    Blocked { call: i64, arguments: [u64; 6] },
}

/// A thread: its number, and what it does.
pub struct Thread {
    pub id: i32,
    pub doing: Doing,
    process: i32,
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
}

impl Thread {
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

/// The children of a process.
pub fn children(parent: Pid) -> Vec<Pid> {
    let parent = parent.as_raw_nonzero().get();
    processes()
        .into_iter()
        .filter(|&(_, of)| of == parent)
        .filter_map(|(id, _)| Pid::from_raw(id))
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

/// The threads of all descendants of a process.
pub fn threads(ancestor: u32) -> Vec<Thread> {
    let all = processes();
    let mut family = vec![ancestor.cast_signed()];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        family.extend(
            all.iter()
                .filter(|&&(_, of)| of == parent)
                .map(|&(id, _)| id),
        );
        next += 1;
    }
    family.into_iter().skip(1).flat_map(threads_of).collect()
}

/// Every process with its parent.
fn processes() -> Vec<(i32, i32)> {
    numbers(Path::new("/proc"))
        .into_iter()
        .filter_map(|id| Some((id, stat(&format!("/proc/{id}/stat"))?.1)))
        .collect()
}

fn threads_of(process: i32) -> Vec<Thread> {
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

fn numbers(folder: &Path) -> Vec<i32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// The state and the parent, fields 3 and 4. The name before them may hold anything but ends in `)`.
fn stat(file: &str) -> Option<(char, i32)> {
    let text = fs::read_to_string(file).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
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

/// What `/proc/net/tcp` says of one end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Bytes sent that the other end has not acknowledged.
    pub unsent: u64,
    /// Bytes received that the process has not read.
    pub unread: u64,
    /// Whether a process still holds the socket.
    pub is_held: bool,
}

/// The socket with these two ends, if there is one.
pub fn socket(local: SocketAddr, remote: SocketAddr) -> Option<Socket> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .find_map(|table| {
            let text = fs::read_to_string(table).ok()?;
            text.lines().skip(1).find_map(|line| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                let ports = (port(fields.get(1)?)?, port(fields.get(2)?)?);
                if ports != (local.port(), remote.port()) {
                    return None;
                }
                let (unsent, unread) = fields.get(4)?.split_once(':')?;
                Some(Socket {
                    unsent: u64::from_str_radix(unsent, 16).ok()?,
                    unread: u64::from_str_radix(unread, 16).ok()?,
                    is_held: *fields.get(9)? != "0",
                })
            })
        })
}

fn port(address: &str) -> Option<u16> {
    u16::from_str_radix(address.rsplit_once(':')?.1, 16).ok()
}
