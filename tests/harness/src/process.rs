//! One child: watched while it runs, and idle or not.

#[cfg(target_os = "linux")]
pub mod idle;
pub mod watch;
