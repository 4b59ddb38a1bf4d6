//! Places that a program connects to, under the grader's control.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::base::finding::{Finding, Kind};
use crate::base::time::wait_while;
use crate::peer::connection::{BUFFER, Connection, LOOK, SEGMENT};
use crate::peer::server::listening::Listening;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::connections::is_listened_on;
use crate::system::sockets;

/// A place that a program connects to.
pub struct TcpPeer<'scene> {
    pub(crate) listening: Listening<'scene>,
    pub(crate) address: SocketAddr,
    pub(crate) queue: Vec<Socket>,
}

impl<'scene> TcpPeer<'scene> {
    /// Listens on 127.0.0.1, on a port that the system chooses.
    pub fn listen(scene: &'scene Scene) -> Self {
        Self::listen_on(scene, (Ipv4Addr::LOCALHOST, 0).into()).expect("127.0.0.1 is there")
    }

    /// Listens on an address of the machine.
    pub fn listen_on(scene: &'scene Scene, address: SocketAddr) -> io::Result<Self> {
        let peer = Self::bind(scene, address)?;
        peer.listening.socket.listen(128)?;
        Ok(peer)
    }

    /// Like [`TcpPeer::listen`], with segments so small that the program's send buffer is small too.
    pub fn listen_for_small_segments(scene: &'scene Scene) -> Self {
        let peer = Self::listen(scene);
        sockets::limit_segments(&peer.listening.socket, SEGMENT);
        peer
    }

    /// Listens where every other socket may listen too that shares its own
    /// (SO_REUSEPORT: socket(7)).
    pub fn listen_and_share(scene: &'scene Scene) -> Self {
        Self::listen_and_share_on(scene, Ipv4Addr::LOCALHOST.into()).expect("127.0.0.1 is there")
    }

    /// Likewise, of this family.
    pub fn listen_and_share_on(scene: &'scene Scene, ip: IpAddr) -> io::Result<Self> {
        let peer = Self::bind_with(scene, (ip, 0).into(), sockets::share_address)?;
        peer.listening.socket.listen(128)?;
        Ok(peer)
    }

    /// An address where nobody listens. It stays taken, so that nobody else can.
    pub fn refuse(scene: &'scene Scene) -> Self {
        Self::refuse_on(scene, Ipv4Addr::LOCALHOST.into()).expect("127.0.0.1 is there")
    }

    /// Likewise, of this family.
    pub fn refuse_on(scene: &'scene Scene, ip: IpAddr) -> io::Result<Self> {
        Self::bind(scene, (ip, 0).into())
    }

    /// An address that does not answer, as if a firewall dropped what is sent there: a listener
    /// whose queue is full (listen(2), Linux).
    pub fn ignore(scene: &'scene Scene) -> Self {
        Self::ignore_on(scene, Ipv4Addr::LOCALHOST.into()).expect("127.0.0.1 is there")
    }

    /// Likewise, of this family.
    pub fn ignore_on(scene: &'scene Scene, ip: IpAddr) -> io::Result<Self> {
        let mut peer = Self::bind(scene, (ip, 0).into())?;
        peer.listening.socket.listen(0)?;
        let queued = Socket::new(Domain::for_address(peer.address), Type::STREAM, None)?;
        queued.connect(&peer.address.into())?;
        peer.queue.push(queued);
        scene.remark("does-not-answer");
        Ok(peer)
    }

    fn bind(scene: &'scene Scene, address: SocketAddr) -> io::Result<Self> {
        Self::bind_with(scene, address, |_| Ok(()))
    }

    fn bind_with(
        scene: &'scene Scene,
        address: SocketAddr,
        prepare: impl FnOnce(&Socket) -> io::Result<()>,
    ) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        prepare(&socket)?;
        socket.set_recv_buffer_size(BUFFER)?;
        socket.set_send_buffer_size(BUFFER)?;
        socket.bind(&address.into())?;
        let address = socket
            .local_addr()?
            .as_socket()
            .ok_or(ErrorKind::Unsupported)?;
        Ok(Self {
            listening: Listening { scene, socket },
            address,
            queue: Vec::new(),
        })
    }

    /// Where it is, as a program takes it: `127.0.0.1:40001`, `[::1]:40001`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The same place by name.
    pub fn address_of(&self, name: &str) -> String {
        format!("{name}:{}", self.address.port())
    }

    /// Waits for the program to connect.
    pub fn accept(&self) -> Connection<'scene> {
        self.listening.accept()
    }

    /// Waits for the program to connect, or to wait for something else first.
    pub fn accept_unless_at_rest(&self) -> Option<Connection<'scene>> {
        self.listening.accept_unless_at_rest()
    }

    /// Waits for the program to connect to one of two places, and checks that it is this one. One that
    /// has connected to both has not kept an order, which is not asked here.
    pub fn expect_connected_before(&self, other: &TcpPeer) {
        let scene = self.listening.scene;
        let deadline = scene.deadline();
        while !self.listening.is_pending(Duration::from_millis(1)) {
            if other.listening.is_pending(Duration::ZERO) && !self.listening.is_pending(LOOK) {
                drop(other.accept());
                scene.fail(Finding::of(Kind::ConnectedToAnother));
            }
            let has_left = scene.watch().is_some_and(|watch| watch.is_over());
            if has_left || deadline.is_over() {
                drop(self.accept());
            }
        }
    }

    /// Waits for the program's end, and checks that it did not connect.
    pub fn expect_left_alone(&self) {
        self.listening.expect_left_alone();
    }
}

/// A free address for this process alone: all of 127.0.0.0/8 is loopback on Linux, so that nobody else
/// takes its port before the program does. `None` where there is only 127.0.0.1.
pub fn address_of_its_own() -> Option<SocketAddr> {
    let [.., high, low] = std::process::id().to_be_bytes();
    free_address_of(Ipv4Addr::new(127, 100, high, low)).ok()
}

/// A port of 127.0.0.1 that is free now. Somebody may take it before the program does.
pub fn free_address() -> SocketAddr {
    free_address_of(Ipv4Addr::LOCALHOST).expect("127.0.0.1 is there")
}

/// It is free when the last copy of the socket is closed: a process that another test is just starting
/// has one between fork(2) and execve(2).
fn free_address_of(ip: Ipv4Addr) -> io::Result<SocketAddr> {
    let socket = std::net::TcpListener::bind((ip, 0))?;
    let address = socket.local_addr()?;
    drop(socket);
    wait_while(|| is_listened_on(address) == Some(true));
    Ok(address)
}

/// The last of the addresses that this machine resolves a name to, if it resolves it.
pub fn last_address_of(name: &str) -> Option<SocketAddr> {
    (name, 0).to_socket_addrs().ok()?.last()
}

expectations!(TcpPeer<'scene>, self.listening.scene);
