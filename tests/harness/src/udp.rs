//! A datagram socket of the grader's.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use crate::scene::Scene;

/// A UDP socket that is bound to an address of its own.
pub struct UdpPeer<'scene> {
    _scene: &'scene Scene,
    _socket: UdpSocket,
    address: SocketAddr,
}

impl<'scene> UdpPeer<'scene> {
    /// Takes a port of 127.0.0.1 that the system chooses.
    pub fn bind(scene: &'scene Scene) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("127.0.0.1 is there");
        let address = socket.local_addr().expect("a bound socket");
        Self {
            _scene: scene,
            _socket: socket,
            address,
        }
    }

    /// Where it is, as a program takes it: `127.0.0.1:40001`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}
