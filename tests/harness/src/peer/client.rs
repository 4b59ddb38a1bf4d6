//! Who dials programs.

pub mod announcement;
pub mod crowd;
pub mod datagrams;
pub mod endpoint;
pub mod folder;
pub mod occupied_path;
pub mod unix_endpoint;
