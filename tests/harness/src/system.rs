//! What the platform does and tells. These modules are its one face: the other rooms never ask where they are.
//!
//! Two things differ, and each is chosen once, here. `platform` is how programs are started and looked into: with
//! a supervisor and `/proc` on Linux, with what every system has elsewhere. `family` is what Unix and Windows call
//! differently. What a platform cannot tell is `None` in the face, or has a `bool` beside it that says so.
//!
//! `RUSTFLAGS='--cfg enchufe_portable'` puts Linux on the portable platform: what macOS and Windows run is tested
//! there.

pub mod connections;
pub mod credentials;
pub mod files;
pub mod network;
pub mod pipes;
pub mod processes;
pub mod signals;
pub mod sockets;
pub mod spawn;
pub mod unix_sockets;

#[cfg(all(target_os = "linux", not(enchufe_portable)))]
mod linux;
#[cfg(all(target_os = "linux", not(enchufe_portable)))]
use linux as platform;

#[cfg(not(all(target_os = "linux", not(enchufe_portable))))]
mod portable;
#[cfg(not(all(target_os = "linux", not(enchufe_portable))))]
use portable as platform;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as family;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as family;

/// Whether the graders can do and see here what Linux alone offers: what a program listens on, whether it stands
/// still, limits for it, attempts to connect that wait for an answer. A test that needs it is `why-linux` without.
pub fn is_linux() -> bool {
    platform::IS_LINUX
}

/// Whether this system is a Unix. A test that needs it is `why-unix` without.
pub fn is_unix() -> bool {
    family::IS_UNIX
}
