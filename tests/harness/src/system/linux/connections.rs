//! What Linux tells of connections: asked for one by one (sock_diag(7)), else in its tables.

use std::net::SocketAddr;

use crate::system::connections::{End, Syn};
use crate::system::linux::sock_diag;
use crate::system::linux::tables::{self, LISTEN, SYN_SENT, TCP, TCP_OVER_IPV4};

pub const ARE_TOLD: bool = true;

/// The socket with these two ends, if there is one.
pub fn end(local: SocketAddr, remote: SocketAddr) -> Option<End> {
    if sock_diag::is_here() {
        return sock_diag::connection(local, remote);
    }
    listed(local, remote)
}

/// As `/proc/net/tcp` lists it.
fn listed(local: SocketAddr, remote: SocketAddr) -> Option<End> {
    tables::between(local, remote).map(|row| End {
        unsent: row.unsent,
        unread: row.unread,
        is_held: row.inode != 0,
    })
}

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

pub fn is_listened_on(address: SocketAddr) -> Option<bool> {
    let rows = tables::in_state(TCP_OVER_IPV4, LISTEN);
    Some(rows.iter().any(|row| row.local == address))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use socket2::{Domain, Type};

    use super::*;

    const READ_AND_HELD: End = End {
        unsent: 0,
        unread: 0,
        is_held: true,
    };
    const LEFT: Option<End> = Some(End {
        is_held: false,
        ..READ_AND_HELD
    });

    /// Both ways to look at a connection come to say the same of it.
    fn becomes(local: SocketAddr, remote: SocketAddr, expected: Option<End>) {
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
            let unread = End {
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
