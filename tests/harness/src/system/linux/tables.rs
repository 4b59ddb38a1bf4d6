//! The system's tables of sockets: `/proc/net/tcp` and its like, proc_pid_net(5).

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use memchr::memmem;

/// The names of tables: there is one for each family, and reading one takes the system some milliseconds.
pub type Tables = &'static [&'static str];
pub const TCP: Tables = &["tcp", "tcp6"];
pub const TCP_OVER_IPV4: Tables = &["tcp"];
pub const UDP: Tables = &["udp", "udp6"];

/// The states of a socket, as the tables count them (`include/net/tcp_states.h`).
pub const SYN_SENT: u8 = 2;
pub const CLOSE: u8 = 7; // also a UDP socket that is not connected
pub const LISTEN: u8 = 10;

/// A socket.
pub struct Row {
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub state: u8,
    /// Bytes sent that the other end has not acknowledged.
    pub unsent: u64,
    /// Bytes received that the process has not read.
    pub unread: u64,
    /// How long it is until its timer goes off.
    pub left: Duration,
    /// How often the system has repeated what was not acknowledged.
    pub repeats: u32,
    /// 0 when no process holds the socket.
    pub inode: u64,
}

impl Row {
    fn of(line: &str) -> Option<Self> {
        const TICK: Duration = Duration::from_millis(10); // USER_HZ is 100 (proc(5))
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (unsent, unread) = fields.get(4)?.split_once(':')?;
        let (_, ticks) = fields.get(5)?.split_once(':')?;
        Some(Self {
            local: address(fields[1])?,
            remote: address(fields[2])?,
            state: u8::from_str_radix(fields[3], 16).ok()?,
            unsent: u64::from_str_radix(unsent, 16).ok()?,
            unread: u64::from_str_radix(unread, 16).ok()?,
            left: TICK * u32::from_str_radix(ticks, 16).ok()?,
            repeats: u32::from_str_radix(fields.get(6)?, 16).ok()?,
            inode: fields.get(9)?.parse().ok()?,
        })
    }
}

/// The sockets in this state, in the network of this thread. They are of one moment, as far as one reading of
/// the tables is.
pub fn in_state(tables: Tables, state: u8) -> Vec<Row> {
    let mut rows = rows_with(&format!(" {state:02X} "), tables);
    rows.retain(|row| row.state == state);
    rows
}

/// The TCP socket with these two ends, if there is one.
pub fn between(local: SocketAddr, remote: SocketAddr) -> Option<Row> {
    let rows = rows_with(&format!(":{:04X} ", local.port()), TCP);
    rows.into_iter()
        .find(|row| (row.local, row.remote) == (local, remote))
}

/// Whether bytes are on their way to or from the TCP sockets with these inodes: sent, and not acknowledged.
pub fn are_bytes_on_their_way(inodes: &BTreeSet<u64>) -> bool {
    let mut rows = rows_of(lines(TCP).lines().filter(|line| !line.contains(" 06 "))); // TIME_WAIT
    rows.retain(|row| row.state != LISTEN); // where this field is something else
    let held: BTreeSet<_> = rows
        .iter()
        .filter(|row| inodes.contains(&row.inode))
        .map(|row| (row.local, row.remote))
        .collect();
    let is_of_them = |row: &Row| {
        held.contains(&(row.local, row.remote)) || held.contains(&(row.remote, row.local))
    };
    rows.iter().any(|row| row.unsent > 0 && is_of_them(row))
}

fn rows_of<'lines>(lines: impl Iterator<Item = &'lines str>) -> Vec<Row> {
    lines.filter_map(Row::of).collect()
}

fn lines(tables: Tables) -> String {
    let read = |name| fs::read_to_string(format!("/proc/thread-self/net/{name}"));
    tables.iter().filter_map(|name| read(name).ok()).collect()
}

/// The rows whose lines hold this text. Others are not taken apart: there may be thousands of them, of
/// connections that are over.
fn rows_with(text: &str, tables: Tables) -> Vec<Row> {
    let lines = lines(tables);
    let line_at = |place: usize| {
        let begin = lines[..place].rfind('\n').map_or(0, |end| end + 1);
        lines[begin..].lines().next()
    };
    memmem::find_iter(lines.as_bytes(), text)
        .filter_map(|place| Row::of(line_at(place)?))
        .collect()
}

/// An address as the tables write it: `0100007F:1F90`, in words of the machine's byte order. IPv6 sockets may
/// be used for IPv4 too (Java's are): `::ffff:127.0.0.1` is 127.0.0.1 (RFC 4291, section 2.5.5.2).
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let words = (0..ip.len() / 8).map(|place| {
        let word = u32::from_str_radix(ip.get(place * 8..place * 8 + 8)?, 16).ok()?;
        Some(word.to_ne_bytes())
    });
    let bytes = words.collect::<Option<Vec<_>>>()?.concat();
    let port = u16::from_str_radix(port, 16).ok()?;
    let v4 = <[u8; 4]>::try_from(&*bytes).map(IpAddr::from);
    let ip = v4.or_else(|_| <[u8; 16]>::try_from(&*bytes).map(IpAddr::from));
    Some(SocketAddr::new(ip.ok()?.to_canonical(), port))
}
