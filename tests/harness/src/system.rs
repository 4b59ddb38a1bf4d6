//! What the platform does and tells: processes, sockets, pipes, tracing. One face; a file a platform behind it.

#[cfg(not(target_os = "linux"))]
pub mod group;
#[cfg(target_os = "linux")]
pub mod linux;
#[cfg(unix)]
pub mod pipes;
pub mod spawn;
#[cfg(unix)]
pub mod unix_sockets;

#[cfg(not(target_os = "linux"))]
pub use group::{Handle, spawn};
#[cfg(target_os = "linux")]
pub use linux::supervisor::{Handle, spawn};
