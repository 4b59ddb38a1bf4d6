//! Where a program says that it is: the grader connects to it, or sends it datagrams.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

use crate::base::deadline::Deadline;
use crate::base::finding::{Finding, Kind};
use crate::base::time::pause;
use crate::peer::connection::{BUFFER, Connection, Ending, LOOK, SEGMENT};
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::processes::ProcessTree;
use crate::system::sockets::{is_under_way, limit_segments, wait_for_room};

/// An address that a program has said.
pub struct Endpoint<'scene> {
    pub(crate) scene: &'scene Scene,
    pub(crate) address: SockAddr,
    /// Where it is a path.
    pub(crate) path: Option<PathBuf>,
    text: String,
}

/// What became of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reception {
    /// It had its echo, and an end in order.
    Served,
    /// The program closed it without a byte.
    TurnedAway,
}

impl<'scene> Endpoint<'scene> {
    pub(crate) fn new(scene: &'scene Scene, address: SockAddr, text: String) -> Self {
        Self {
            scene,
            address,
            path: None,
            text,
        }
    }

    pub(crate) fn at_path(scene: &'scene Scene, path: &Path) -> Self {
        let address = SockAddr::unix(path).expect("a short path");
        Self {
            path: Some(path.to_owned()),
            ..Self::new(scene, address, path.display().to_string())
        }
    }

    /// The address as the program wrote it: `127.0.0.1:40001`, `[::1]:40001`, a path.
    pub fn address(&self) -> &str {
        &self.text
    }

    /// The address, where it is not a path.
    pub fn socket_address(&self) -> Option<SocketAddr> {
        self.address.as_socket()
    }

    /// The same port of 127.0.0.1.
    pub fn over_ipv4(&self) -> Endpoint<'scene> {
        self.scene.remark("over-ipv4");
        let port = self.socket_address().map_or(0, |address| address.port());
        self.at((std::net::Ipv4Addr::LOCALHOST, port).into())
    }

    /// The same port of ::1.
    pub fn over_ipv6(&self) -> Endpoint<'scene> {
        let port = self.socket_address().map_or(0, |address| address.port());
        self.at((std::net::Ipv6Addr::LOCALHOST, port).into())
    }

    fn at(&self, address: SocketAddr) -> Endpoint<'scene> {
        Endpoint::new(self.scene, address.into(), address.to_string())
    }

    /// Checks that nobody listens here.
    pub fn expect_refusal(&self) {
        let socket = self.socket(Type::STREAM);
        if socket.connect(&self.address).is_ok() {
            let finding = Finding::of(Kind::ListensElsewhere);
            self.scene.fail(finding.saying(self.text.clone()));
        }
    }

    /// Connects, as a client whose every act is in the picture.
    pub fn connect(&self) -> Connection<'scene> {
        Connection::opened(self.scene, self.connected(&self.socket(Type::STREAM)))
    }

    /// Like [`Endpoint::connect`], with buffers so small that the program soon has to wait for the client to
    /// read, and its system makes its send buffer no larger: it does with what gets through.
    pub fn connect_with_small_buffers(&self) -> Connection<'scene> {
        let socket = self.connected(&self.socket_with_small_buffers());
        Connection::opened(self.scene, socket)
    }

    /// Connects as one of many, of whom the picture shows only the number.
    pub(crate) fn connect_one_of_many(&self) -> Connection<'scene> {
        Connection::one_of_many(self.scene, self.connected(&self.socket(Type::STREAM)))
    }

    /// A client comes, is served, and leaves in order.
    pub fn expect_service(&self, bytes: &[u8]) {
        let mut client = self.connect();
        client.expect_echo(bytes);
        client.end();
        client.expect_end();
    }

    /// Clients come until one of them is served: a server may need a moment to notice that another
    /// has left.
    pub fn expect_service_again(&self, bytes: &[u8]) {
        let mut client = self.connect_when_there_is_a_place(bytes);
        client.end();
        client.expect_end();
    }

    /// Clients come until one of them is served, which stays. Their buffers are small. Only the last one is
    /// in the picture.
    pub fn connect_when_there_is_a_place(&self, bytes: &[u8]) -> Connection<'scene> {
        let deadline = self.scene.deadline();
        loop {
            let socket = self.connected(&self.socket_with_small_buffers());
            let mut client = Connection::one_of_many(self.scene, socket);
            client.send(bytes);
            let (received, ending) = client.receive(bytes.len(), self.scene.deadline());
            let is_turned_away =
                received.is_empty() && matches!(ending, Ending::End | Ending::Reset);
            let is_over = deadline.is_over() || self.has_left();
            if !is_turned_away || is_over {
                client.show_in_diagram();
            }
            if is_turned_away && is_over {
                self.scene.fail(Finding::of(Kind::TurnedAway));
            }
            if received == bytes {
                return client;
            }
            if !is_turned_away {
                client.fail_to_echo(bytes, &received, ending);
            }
            pause(Duration::from_millis(2));
        }
    }

    /// One client of many comes, sends `bytes`, has them back, and leaves in order.
    pub(crate) fn try_to_be_served(&self, bytes: &[u8]) -> Reception {
        let mut client = self.connect_one_of_many();
        client.send(bytes);
        let (received, ending) = client.receive(bytes.len(), self.scene.deadline());
        match ending {
            Ending::Full if received == bytes => {}
            Ending::End | Ending::Reset if received.is_empty() && !self.has_left() => {
                return Reception::TurnedAway;
            }
            _ => client.fail_to_echo(bytes, &received, ending),
        }
        client.end();
        client.expect_end();
        Reception::Served
    }

    /// Another client comes, says something and leaves; whether it gets through is not asked.
    pub fn send_another_client(&self, bytes: &[u8]) {
        let socket = self.socket(Type::STREAM);
        self.scene.remark("another-comes");
        if self.begin_to_connect(&socket).is_ok() || is_connected(&socket, LOOK) {
            let _ = socket.send(bytes);
        }
    }

    /// Nobody comes for a time.
    pub fn leave_alone_for(&self, time: Duration) {
        self.scene.remark("nobody-comes");
        pause(time);
    }

    /// Checks that the program listens here, and nowhere else. Nothing is checked where the system does not tell:
    /// a test that is there for this asks `is_linux` before.
    pub fn expect_no_other_listener(&self) {
        let listeners = self.scene.tree().and_then(ProcessTree::listeners);
        for place in listeners.unwrap_or_default() {
            if Some(place) != self.socket_address() {
                let finding = Finding::of(Kind::ListensElsewhere);
                self.scene.fail(finding.saying(place.to_string()));
            }
        }
    }

    fn has_left(&self) -> bool {
        self.scene.exit().is_some()
    }

    /// A socket of the grader's for this place.
    pub(crate) fn socket(&self, kind: Type) -> Socket {
        let domain = match self.socket_address() {
            Some(address) => Domain::for_address(address),
            None => Domain::UNIX,
        };
        let socket = Socket::new(domain, kind, None).expect("a socket");
        if kind == Type::STREAM {
            socket.set_recv_buffer_size(BUFFER).expect("an open socket");
            socket.set_send_buffer_size(BUFFER).expect("an open socket");
        }
        socket
    }

    fn socket_with_small_buffers(&self) -> Socket {
        let socket = self.socket(Type::STREAM);
        if limit_segments(&socket, SEGMENT) {
            const ROOM: usize = 2 * 1024; // the least that Linux gives, doubled: socket(7)
            socket.set_recv_buffer_size(ROOM).expect("an open socket");
            socket
                .set_send_buffer_size(8 * ROOM)
                .expect("an open socket");
        }
        socket
    }

    /// The same socket, connected. Whoever is refused, or waits for too long, has found a fault.
    pub(crate) fn connected(&self, socket: &Socket) -> Socket {
        let socket = socket.try_clone().expect("a descriptor");
        let deadline = self.scene.deadline();
        loop {
            match self.begin_to_connect(&socket) {
                Ok(()) => return socket,
                // A Unix socket has no handshake that goes on by itself: its queue is full.
                Err(error) if self.address.is_unix() && error.kind() == ErrorKind::WouldBlock => {
                    if deadline.is_over() {
                        self.scene.fail(Finding::of(Kind::NotAccepted));
                    }
                    pause(Duration::from_millis(1));
                }
                Err(error) if is_under_way(&error) => break,
                Err(_) => self.scene.fail(Finding::of(Kind::Unreachable)),
            }
        }
        while !is_connected(&socket, LOOK) {
            match socket.take_error() {
                Ok(Some(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                    self.scene.fail(Finding::of(Kind::Unreachable));
                }
                Ok(Some(_)) => return socket, // it was connected, and is cut off already
                _ => {}
            }
            if deadline.is_over() {
                self.scene.fail(Finding::of(Kind::NotAccepted));
            }
        }
        socket
    }

    /// Begins to connect, and does not wait for more than the system can do at once.
    pub(crate) fn begin_to_connect(&self, socket: &Socket) -> io::Result<()> {
        socket.set_nonblocking(true)?;
        socket.connect(&self.address)
    }

    /// A wait for the program of this place.
    pub(crate) fn deadline(&self) -> Deadline {
        self.scene.deadline()
    }
}

/// Whether the other system has answered, or does so within the time.
fn is_connected(socket: &Socket, time: Duration) -> bool {
    wait_for_room(socket, time);
    socket.peer_addr().is_ok()
}

expectations!(Endpoint<'scene>, self.scene);
