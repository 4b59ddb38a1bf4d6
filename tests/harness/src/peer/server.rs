//! Whom programs dial.

pub mod ids;
pub mod listening;
pub mod race;
pub mod tcp;
pub mod udp;
pub mod unix;
