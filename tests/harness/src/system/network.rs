//! A network of one's own, with nothing but loopback in it (network_namespaces(7)).

use std::ffi::OsStr;
use std::io;
use std::process::Command;

use crate::system::platform;

/// What an IPv6 socket is for whose program does not say it (`bindv6only` in the kernel's ip-sysctl).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default6 {
    /// For both families.
    Both,
    /// For IPv6 alone.
    Alone,
}

/// Moves this thread, and what it starts from here on, into a network of its own.
pub fn enter_a_new_one(default: Default6) -> io::Result<()> {
    platform::network::enter_a_new_one(default)
}

/// A command that runs a program as somebody who may have one, where the system has such a command.
pub fn as_root_of_one(program: &OsStr) -> Option<Command> {
    platform::network::as_root_of_one(program)
}
