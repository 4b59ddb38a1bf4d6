//! What may stand at a path already, when a program is told to bind it (Unix).

use std::fs;
use std::path::{Path, PathBuf};

use socket2::{Socket, Type};

use crate::base::finding::{Finding, Kind};
use crate::base::time::wait_while;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::files::{Special, inode, is_special, make_fifo, make_link};
use crate::system::unix_sockets::{bound, fill_the_queue, is_listened_on, listener};

const TEXT: &str = "somebody needs this";

/// A kind of thing at a path.
#[derive(Clone, Copy, Debug)]
pub enum Occupant {
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
    /// A named pipe.
    Fifo,
    /// A symbolic link to the socket of a server that is gone.
    LinkToStaleSocket,
    /// The socket of a server that listens, and whose queue is full.
    BusySocket,
    /// A socket for datagrams, in use.
    DatagramSocket,
    /// A socket for records in sequence, on which a server listens.
    SeqpacketSocket,
}

/// A thing at a path, and how it was made.
pub struct OccupiedPath<'scene> {
    scene: &'scene Scene,
    what: Occupant,
    path: PathBuf,
    inode: u64,
    _sockets: Vec<Socket>,
}

impl Occupant {
    /// Each kind of thing that a program may find, and that is never its own to remove.
    pub const ALL: [Self; 6] = [
        Self::File,
        Self::EmptyFile,
        Self::Folder,
        Self::Link,
        Self::Socket,
        Self::StaleSocket,
    ];

    /// Makes one at `path`.
    pub fn at<'scene>(self, scene: &'scene Scene, path: &Path) -> OccupiedPath<'scene> {
        let made = match self {
            Self::File => fs::write(path, TEXT),
            Self::EmptyFile => fs::write(path, ""),
            Self::Link => make_link(Path::new("nowhere"), path),
            Self::Folder => fs::create_dir(path),
            Self::Fifo => make_fifo(path),
            Self::LinkToStaleSocket => make_link(&path.with_extension("target"), path),
            _ => Ok(()),
        };
        made.expect("a new path in a folder of the test's own");
        let sockets = match self {
            Self::Socket => vec![listener(path, Type::STREAM, 128)],
            Self::StaleSocket => stale(path),
            Self::LinkToStaleSocket => stale(&path.with_extension("target")),
            Self::BusySocket => vec![listener(path, Type::STREAM, 0), fill_the_queue(path)],
            Self::DatagramSocket => vec![bound(path, Type::DGRAM)],
            Self::SeqpacketSocket => vec![listener(path, Type::SEQPACKET, 128)],
            _ => Vec::new(),
        };
        OccupiedPath {
            scene,
            what: self,
            path: path.to_owned(),
            _sockets: sockets,
            inode: fs::symlink_metadata(path).map_or(0, |data| inode(&data)),
        }
    }
}

impl OccupiedPath<'_> {
    /// Its path, as a program takes it.
    pub fn path(&self) -> &str {
        self.path.to_str().expect("a path in ASCII")
    }

    /// Checks that it is still there, the same and unchanged.
    pub fn expect_untouched(&self) {
        if !self.is_the_same() {
            self.scene.fail(Finding::of(Kind::Removed));
        }
    }

    /// Whether nothing stands there any more.
    pub fn is_gone(&self) -> bool {
        fs::symlink_metadata(&self.path).is_err()
    }

    /// Checks that nothing else stands there now.
    pub fn expect_not_replaced(&self) {
        if !self.is_gone() {
            self.expect_untouched();
        }
    }

    /// Whether it is still there, the same and unchanged.
    pub fn is_the_same(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|data| {
            let kind = data.file_type();
            let is_of_its_kind = match self.what {
                Occupant::File => fs::read(&self.path).is_ok_and(|text| text == TEXT.as_bytes()),
                Occupant::EmptyFile => kind.is_file() && data.len() == 0,
                Occupant::Link | Occupant::LinkToStaleSocket => kind.is_symlink(),
                Occupant::Folder => kind.is_dir(),
                Occupant::Fifo => is_special(&data, Special::Fifo),
                Occupant::Socket
                | Occupant::StaleSocket
                | Occupant::BusySocket
                | Occupant::DatagramSocket
                | Occupant::SeqpacketSocket => is_special(&data, Special::Socket),
            };
            is_of_its_kind && inode(&data) == self.inode
        })
    }
}

/// What a server leaves behind that is gone. It is gone with the last copy of its socket: a process that another
/// test is just starting has one between fork(2) and execve(2).
fn stale(path: &Path) -> Vec<Socket> {
    drop(listener(path, Type::STREAM, 128));
    wait_while(|| is_listened_on(path));
    Vec::new()
}

expectations!(OccupiedPath<'scene>, self.scene);
