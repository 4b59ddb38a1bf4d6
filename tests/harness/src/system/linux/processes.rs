//! What Linux tells of processes and sockets in `/proc` (proc(5)).

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Pid;

use crate::system::linux::sock_diag;
use crate::system::linux::tables::{self, CLOSE, LISTEN, SYN_SENT, TCP, TCP_OVER_IPV4, UDP};

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

/// The threads of all descendants of a process.
pub fn threads(ancestor: u32) -> Vec<Thread> {
    descendants(ancestor)
        .into_iter()
        .flat_map(threads_of)
        .collect()
}

/// How many descriptors the descendants of a process have open, all together.
pub fn descriptors(ancestor: u32) -> usize {
    let open = |process| numbers(Path::new(&format!("/proc/{process}/fd"))).len();
    descendants(ancestor).into_iter().map(open).sum()
}

/// Where the descendants of a process listen for TCP connections, or for datagrams of any sender.
pub fn listeners(ancestor: u32) -> BTreeSet<SocketAddr> {
    let mut rows = tables::in_state(TCP, LISTEN);
    rows.extend(tables::in_state(UDP, CLOSE));
    let held = inodes(ancestor);
    rows.retain(|row| held.contains(&row.inode));
    rows.into_iter().map(|row| row.local).collect()
}

/// Whether a descendant of a process has a UDP socket with this address.
pub fn takes_datagrams(ancestor: u32, address: SocketAddr) -> bool {
    let held = inodes(ancestor);
    let rows = tables::in_state(UDP, CLOSE);
    rows.iter()
        .any(|row| row.local == address && held.contains(&row.inode))
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

/// Whether some process listens for TCP connections exactly here, over IPv4.
pub fn is_listened_on(place: SocketAddr) -> bool {
    let rows = tables::in_state(TCP_OVER_IPV4, LISTEN);
    rows.iter().any(|row| row.local == place)
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

/// The addresses of both ends of a TCP connection: this one's, and the other's.
pub fn ends_of(stream: &socket2::Socket) -> Option<(SocketAddr, SocketAddr)> {
    let ours = stream.local_addr().ok()?.as_socket()?;
    Some((ours, stream.peer_addr().ok()?.as_socket()?))
}

/// What the system says of one end of a connection.
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
    if sock_diag::is_here() {
        return sock_diag::connection(local, remote);
    }
    listed(local, remote)
}

/// As `/proc/net/tcp` lists it.
fn listed(local: SocketAddr, remote: SocketAddr) -> Option<Socket> {
    tables::between(local, remote).map(|row| Socket {
        unsent: row.unsent,
        unread: row.unread,
        is_held: row.inode != 0,
    })
}

/// An attempt to connect that has not been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syn {
    /// How long it is until the system repeats it.
    pub left: Duration,
    /// How often the system has repeated it.
    pub repeats: u32,
}

/// The attempts of processes to connect to these addresses, of each one the first, as they were at one moment.
pub fn attempts(to: &[SocketAddr]) -> Vec<Option<Syn>> {
    let rows = tables::in_state(TCP, SYN_SENT);
    let attempt = |to: &SocketAddr| {
        let row = rows.iter().find(|row| row.remote == *to)?;
        Some(Syn {
            left: row.left,
            repeats: row.repeats,
        })
    };
    to.iter().map(attempt).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use socket2::{Domain, Type};

    use super::*;

    const READ_AND_HELD: Socket = Socket {
        unsent: 0,
        unread: 0,
        is_held: true,
    };
    const LEFT: Option<Socket> = Some(Socket {
        is_held: false,
        ..READ_AND_HELD
    });

    /// Both ways to look at a connection come to say the same of it.
    fn becomes(local: SocketAddr, remote: SocketAddr, expected: Option<Socket>) {
        let ways = [listed, sock_diag::connection];
        for look in &ways[..if sock_diag::is_here() { 2 } else { 1 }] {
            crate::base::time::wait_while(|| look(local, remote) != expected);
            assert_eq!(look(local, remote), expected);
        }
    }

    #[test]
    fn tells_what_has_not_been_read_and_who_has_left() {
        for place in ["127.0.0.1:0", "[::]:0"] {
            let Ok(listener) = TcpListener::bind(place) else {
                continue; // no IPv6
            };
            let port = listener.local_addr().unwrap().port();
            let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            let (ours, theirs) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
            becomes(theirs, ours, LEFT); // nobody holds it before it is accepted

            let (mut server, _) = listener.accept().unwrap();
            client.write_all(b"hola").unwrap();
            let unread = Socket {
                unread: 4,
                ..READ_AND_HELD
            };
            becomes(theirs, ours, Some(unread));

            server.read_exact(&mut [0; 4]).unwrap();
            becomes(theirs, ours, Some(READ_AND_HELD));

            drop(client);
            becomes(ours, theirs, LEFT);
            drop(server);
            becomes(theirs, ours, None); // the end that was closed last
        }
    }

    #[test]
    fn sees_an_attempt_over_ipv4_whatever_socket_makes_it() {
        let full = socket2::Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        full.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .unwrap();
        full.listen(0).unwrap(); // listen(2): one connection fills its queue
        let to = full.local_addr().unwrap().as_socket().unwrap();
        let _queued = TcpStream::connect(to).unwrap();
        assert_eq!(attempts(&[to]), [None]);
        let mapped = SocketAddr::from((Ipv4Addr::LOCALHOST.to_ipv6_mapped(), to.port()));
        for to_connect in [to, mapped] {
            let Ok(socket) =
                socket2::Socket::new(Domain::for_address(to_connect), Type::STREAM, None)
            else {
                continue; // no IPv6
            };
            socket.set_nonblocking(true).unwrap();
            let _ = socket.connect(&to_connect.into()); // is in progress
            assert!(matches!(attempts(&[to])[..], [Some(_)]), "{to_connect}");
        }
    }
}
