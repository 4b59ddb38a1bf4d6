//! Values, and time: what the other rooms speak of. It knows none of them.

pub mod bytes;
pub mod deadline;
pub mod exit;
pub mod finding;
pub mod time;
pub mod transcript;
