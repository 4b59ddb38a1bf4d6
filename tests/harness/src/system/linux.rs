//! The platform that tells most: `/proc`, sock_diag(7), ptrace(2), namespaces, and a supervisor for each program.

mod clocks;
pub mod connections;
pub mod network;
pub mod pipes;
pub mod processes;
#[expect(
    unsafe_code,
    reason = "the one module that needs it; its header says why"
)]
mod raw;
mod sock_diag;
mod supervisor;
mod tables;
mod threads;
mod tracing;

use rustix::process::Gid;
use rustix::thread::set_thread_res_gid;
use socket2::Socket;

pub use supervisor::{Handle, spawn};

pub const IS_LINUX: bool = true;

pub fn acknowledge(socket: &Socket) {
    let _ = socket.set_tcp_quickack(true); // a wish, not a need
}

/// In a thread of its own: the group is that thread's alone.
pub fn as_group<T: Send>(group: u32, act: impl FnOnce() -> T + Send) -> Option<T> {
    let group = Gid::from_raw(group);
    let act = || set_thread_res_gid(group, group, group).ok().map(|()| act());
    std::thread::scope(|scope| scope.spawn(act).join()).expect("no panic")
}
