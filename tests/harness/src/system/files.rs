//! What stands at a path, beyond what `std::fs` says everywhere.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use crate::system::family;

/// The kinds of files that only Unix has names for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// The name of a socket.
    Socket,
    /// A named pipe.
    Fifo,
}

/// Whether a file is of such a kind.
pub fn is_special(file: &Metadata, kind: Special) -> bool {
    family::special(file) == Some(kind)
}

/// The number of a file, which another file at the same path does not have as long as this one is there; 0 where
/// there is none.
pub fn inode(file: &Metadata) -> u64 {
    family::inode(file)
}

/// Who may do what with a file (chmod(2)); 0 where there are no such bits.
pub fn mode(file: &Metadata) -> u32 {
    family::mode(file)
}

/// Makes a named pipe.
pub fn make_fifo(path: &Path) -> io::Result<()> {
    family::make_fifo(path)
}

/// Makes a symbolic link at `path`.
pub fn make_link(target: &Path, path: &Path) -> io::Result<()> {
    family::make_link(target, path)
}

/// The folder for temporary ones whose path is short.
pub fn short_temporary_folder() -> PathBuf {
    family::short_temporary_folder()
}
