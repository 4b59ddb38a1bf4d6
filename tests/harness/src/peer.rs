//! The other end of a program's conversations, played by the grader: whom it dials, and who dials it.

pub mod client;
pub mod connection;
pub mod server;
