//! The platform where there is no `/proc` and no supervisor: macOS, other Unixes, Windows, and Linux with
//! `--cfg enchufe_portable`. It starts programs, and tells nothing of them but how they end.

pub mod group;

use socket2::Socket;

pub use group::{Handle, spawn};

pub const IS_LINUX: bool = false;

/// Nothing is asked for here.
pub fn acknowledge(_: &Socket) {}

/// Nobody can be of another group in one thread alone here.
pub fn as_group<T>(_: u32, _: impl FnOnce() -> T) -> Option<T> {
    None
}

pub mod processes {
    use std::collections::BTreeSet;
    use std::net::SocketAddr;

    use crate::base::deadline::Deadline;
    use crate::system::processes::Resources;

    /// What is known of the processes of a program: nothing.
    #[derive(Clone, Copy, Debug)]
    pub struct ProcessTree;

    /// There is none.
    #[derive(Debug, PartialEq, Eq)]
    pub enum Standstill {}

    impl ProcessTree {
        pub fn is_told(self) -> bool {
            false
        }

        pub fn standstill(self) -> Option<Standstill> {
            None
        }

        pub fn may_be_woken(self, standstill: &Standstill) -> bool {
            match *standstill {}
        }

        pub fn is_idle(self, _is_cut_off: bool) -> Option<bool> {
            None
        }

        pub fn resources(self) -> Option<Resources> {
            None
        }

        pub fn listeners(self) -> Option<BTreeSet<SocketAddr>> {
            None
        }

        pub fn takes_datagrams(self, _: SocketAddr) -> Option<bool> {
            None
        }

        pub fn cut_a_write_short(self, _: &Deadline, _moved: impl FnMut() -> bool) -> bool {
            false
        }
    }
}

pub mod connections {
    use std::net::SocketAddr;

    use crate::system::connections::{End, Syn};

    pub const ARE_TOLD: bool = false;

    pub fn end(_: SocketAddr, _: SocketAddr) -> Option<End> {
        None
    }

    pub fn attempts(to: &[SocketAddr]) -> Vec<Option<Syn>> {
        vec![None; to.len()]
    }

    pub fn is_listened_on(_: SocketAddr) -> Option<bool> {
        None
    }
}

pub mod pipes {
    use std::io::PipeWriter;

    pub fn is_read(_: &PipeWriter) -> Option<bool> {
        None
    }

    pub fn has_a_reader(_: u32) -> Option<bool> {
        None
    }
}

pub mod network {
    use std::ffi::OsStr;
    use std::io;
    use std::process::Command;

    use crate::system::network::Default6;

    pub fn enter_a_new_one(_: Default6) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn as_root_of_one(_: &OsStr) -> Option<Command> {
        None
    }
}
