//! Whom programs dial.

pub mod ids;
pub mod listening;
#[cfg(target_os = "linux")]
pub mod race;
pub mod tcp;
pub mod udp;
#[cfg(unix)]
pub mod unix;
