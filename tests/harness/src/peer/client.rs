//! Who dials programs.

pub mod announcement;
pub mod crowd;
pub mod datagrams;
pub mod endpoint;
#[cfg(unix)]
pub mod folder;
#[cfg(unix)]
pub mod occupied_path;
#[cfg(unix)]
pub mod unix_endpoint;
