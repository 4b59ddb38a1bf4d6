//! What may stand at a path already, when a program is told to bind it (Unix).

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use crate::fact::{Fact, Kind};
use crate::scene::Scene;

const TEXT: &str = "somebody needs this";

/// A kind of thing at a path.
#[derive(Clone, Copy, Debug)]
pub enum Existing {
    /// A regular file with something in it.
    File,
    /// A folder, empty.
    Folder,
    /// A regular file without a byte.
    EmptyFile,
    /// A symbolic link that leads nowhere.
    Link,
    /// The socket of a server that listens.
    Socket,
    /// The socket of a server that is gone.
    StaleSocket,
}

/// A thing at a path, and how it was made.
pub struct There<'scene> {
    scene: &'scene Scene,
    what: Existing,
    path: PathBuf,
    inode: u64,
    _listener: Option<UnixListener>,
}

impl Existing {
    /// Each kind of thing.
    pub const ALL: [Self; 6] = [
        Self::File,
        Self::EmptyFile,
        Self::Folder,
        Self::Link,
        Self::Socket,
        Self::StaleSocket,
    ];

    /// Makes one at `path`.
    pub fn at<'scene>(self, scene: &'scene Scene, path: &Path) -> There<'scene> {
        let listener = match self {
            Self::File => fs::write(path, TEXT).map(|()| None),
            Self::EmptyFile => fs::write(path, "").map(|()| None),
            Self::Link => symlink("nowhere", path).map(|()| None),
            Self::Folder => fs::create_dir(path).map(|()| None),
            Self::Socket => UnixListener::bind(path).map(Some),
            Self::StaleSocket => UnixListener::bind(path).map(|_| None),
        };
        There {
            scene,
            what: self,
            path: path.to_owned(),
            _listener: listener.expect("a new path in a folder of the test's own"),
            inode: fs::symlink_metadata(path).map_or(0, |data| data.ino()),
        }
    }
}

impl There<'_> {
    /// Its path, as a program takes it.
    pub fn path(&self) -> &str {
        self.path.to_str().expect("a path in ASCII")
    }

    /// Checks that it is still there, the same and unchanged.
    pub fn is_untouched(&self) {
        let is_same = fs::symlink_metadata(&self.path).is_ok_and(|data| {
            let kind = data.file_type();
            let is_of_its_kind = match self.what {
                Existing::File => fs::read(&self.path).is_ok_and(|text| text == TEXT.as_bytes()),
                Existing::EmptyFile => kind.is_file() && data.len() == 0,
                Existing::Link => kind.is_symlink(),
                Existing::Folder => kind.is_dir(),
                Existing::Socket | Existing::StaleSocket => kind.is_socket(),
            };
            is_of_its_kind && data.ino() == self.inode
        });
        if !is_same {
            self.scene.fail(Fact::of(Kind::Removed));
        }
    }
}
