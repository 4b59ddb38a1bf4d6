//! What the graders are written with.
//!
//! A grader runs the learner's program as a real process and plays the other end of its
//! connections over real sockets. One test is one [`Scene`]: it starts the program, holds the peers,
//! records what both did on a tape, and turns the first expectation that fails into the page
//! that the learner reads.
//!
//! ```no_run
//! use enchufe_harness::{Lesson, TcpPeer};
//!
//! const LESSON: Lesson = Lesson {
//!     page: "01-tcp-client",
//!     program: "target/debug/tcp-client",
//! };
//!
//! let scene = LESSON.step(1);
//! let server = TcpPeer::listen(&scene);
//! scene.run([&server.address(), "hola"]);
//! server.accept();
//! ```

#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "the one module that needs it; its header says why"
)]
mod birth;
mod bytes;
#[cfg(target_os = "linux")]
mod chart;
mod client;
mod conversation;
mod crowd;
mod datagrams;
mod deadline;
#[cfg(target_os = "linux")]
mod diag;
mod ended;
#[cfg(unix)]
mod existing;
mod explain;
mod fact;
mod ids;
#[cfg(target_os = "linux")]
mod interrupt;
mod lesson;
mod listening;
#[cfg(unix)]
mod named;
#[cfg(target_os = "linux")]
mod network;
mod pages;
mod picture;
#[cfg(unix)]
mod pipe;
mod place;
#[cfg(target_os = "linux")]
mod proc;
mod process;
mod program;
#[cfg(target_os = "linux")]
mod race;
mod report;
mod says;
mod scene;
mod sending;
mod setup;
#[cfg_attr(target_os = "linux", path = "warden.rs")]
#[cfg_attr(not(target_os = "linux"), path = "group.rs")]
mod spawn;
#[cfg(target_os = "linux")]
mod stillness;
#[cfg(target_os = "linux")]
mod table;
mod tape;
mod tcp;
mod text;
mod todo;
mod udp;
#[cfg(unix)]
mod unix;
mod verdict;
mod watch;

pub use bytes::pattern;
pub use conversation::Conversation;
pub use crowd::Crowd;
#[cfg(target_os = "linux")]
pub use crowd::{Holdings, has_descriptors_for};
pub use datagrams::Asker;
pub use ended::Ended;
#[cfg(unix)]
pub use existing::{Existing, There};
pub use fact::{Fact, Kind};
pub use ids::are_hard_to_guess;
pub use lesson::{Lesson, root};
#[cfg(unix)]
pub use named::Another;
#[cfg(target_os = "linux")]
pub use network::{Default6, in_a_network_of_its_own};
pub use pages::{Page, Section};
#[cfg(unix)]
pub use pipe::closed_pipe;
pub use place::{Outcome, Place};
pub use program::Program;
#[cfg(unix)]
#[cfg(target_os = "linux")]
pub use race::{Race, Stagger};
pub use says::Signal;
pub use scene::Scene;
pub use setup::Setup;
pub use tcp::{TcpPeer, address_of_its_own, free_address, last_address_of};
pub use text::{Language, Words, harmless};
pub use todo::in_source as todo_steps;
pub use udp::{Request, UdpPeer};
#[cfg(unix)]
pub use unix::UnixPeer;

/// The size in which the graders count.
pub const MIB: usize = 1024 * 1024;

/// The lesson that a grader belongs to: the page of that name, and the program that Cargo built.
///
/// Only the lesson's own test target can say it, because Cargo tells the binary's path to no other.
#[macro_export]
macro_rules! lesson {
    ($page:literal) => {
        $crate::Lesson {
            page: $page,
            program: env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))),
        }
    };
}

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
