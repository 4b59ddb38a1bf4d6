//! One child: watched while it runs, and idle or not.

pub mod idle;
pub mod watch;
