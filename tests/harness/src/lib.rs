//! What the graders are written with.
//!
//! A grader runs the learner's program as a real process and plays the other end of its
//! connections over real sockets. One test is one [`Scene`]: it starts the program, holds the peers,
//! records what both did on a transcript, and turns the first expectation that fails into the page
//! that the learner reads.
//!
//! ```no_run
//! use enchufe_harness::{Scene, TcpPeer};
//!
//! let scene = Scene::new("tcp-client", 1);
//! let server = TcpPeer::listen(&scene);
//! scene.run([&server.address(), "hola"]);
//! server.accept();
//! ```
//!
//! The rooms are layers, and each imports only those before it: `base` (values, time), `system` (the platform),
//! `report` (what is read), `process` (one child), `scene` (one test), `peer/connection`, `peer/server` and
//! `peer/client` (the other end), `checks` (what several graders check alike).

mod base;
pub mod checks;
mod peer;
mod process;
mod report;
mod scene;
mod system;

pub use base::bytes::{MIB, binary, pattern};
pub use base::finding::{Finding, Kind};
pub use peer::client::crowd::Crowd;
pub use peer::client::datagrams::UdpClient;
pub use peer::client::endpoint::{Endpoint, Reception};
pub use peer::client::folder::Folder;
pub use peer::client::occupied_path::{Occupant, OccupiedPath};
pub use peer::client::unix_endpoint::Replacement;
pub use peer::connection::Connection;
pub use peer::server::race::{Race, Stagger};
pub use peer::server::tcp::{TcpPeer, address_of_its_own, free_address, last_address_of};
pub use peer::server::udp::{Request, UdpPeer};
pub use peer::server::unix::UnixPeer;
pub use scene::Scene;
pub use scene::ended::Ended;
pub use scene::launch::Launch;
pub use scene::mistakes::Named;
pub use scene::network::in_a_network_of_its_own;
pub use scene::program::Program;
pub use system::network::Default6;
pub use system::pipes::closed_pipe;
pub use system::processes::{Resources, has_descriptors_for};
pub use system::signals::Signal;
pub use system::spawn::{argument, has_room_for_argument};
pub use system::{is_linux, is_unix};

/// The code on the pages compiles: each block is a doctest. Both languages show the same.
#[cfg(doctest)]
mod code_on_the_pages {
    #[doc = include_str!("../../../docs/en/00-what-is-a-socket.md")]
    struct WhatIsASocket;

    #[doc = include_str!("../../../docs/en/00-sockets.md")]
    struct Sockets;

    #[doc = include_str!("../../../docs/en/01-tcp-client.md")]
    struct TcpClient;

    #[doc = include_str!("../../../docs/en/02-tcp-server.md")]
    struct TcpServer;

    #[doc = include_str!("../../../docs/en/03-udp.md")]
    struct Udp;

    #[doc = include_str!("../../../docs/en/04-unix-socket.md")]
    struct UnixSocket;

    #[doc = include_str!("../../../docs/en/05-ipv6.md")]
    struct Ipv6;
}
