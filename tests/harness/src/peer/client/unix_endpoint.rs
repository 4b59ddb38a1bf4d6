//! What a server with a name in the file system is asked: its file, and what it says of its clients (Unix).

use std::fs;
use std::path::Path;

use socket2::{Socket, Type};

use crate::base::bytes::Sample;
use crate::base::finding::{Finding, Kind};
use crate::base::transcript::{Event, Side};
use crate::peer::client::endpoint::Endpoint;
use crate::peer::connection::{Connection, Ending, LOOK};
use crate::scene::mistakes::expectations;
use crate::system::credentials;
use crate::system::files::{self, Special, inode, is_special};
use crate::system::sockets::is_readable;
use crate::system::unix_sockets::{bound, listener};

/// The longest line that a client is told.
const LINE: usize = 100;

impl<'scene> Endpoint<'scene> {
    fn path(&self) -> &Path {
        self.path.as_deref().expect("the place is a path")
    }

    /// Checks the socket's mode: `0o600`.
    pub fn expect_mode(&self, expected: u32) {
        let mode = fs::symlink_metadata(self.path()).map_or(0, |file| files::mode(&file));
        if mode == expected {
            return;
        }
        let kind = match () {
            () if mode & expected != expected => Kind::ClosedToItsOwner,
            () => Kind::OpenToOthers,
        };
        self.scene
            .fail(Finding::of(kind).saying(format!("{mode:04o}")));
    }

    /// Checks that there is a socket at its path.
    pub fn expect_socket(&self) {
        let is_socket = |file: fs::Metadata| is_special(&file, Special::Socket);
        if !fs::symlink_metadata(self.path()).is_ok_and(is_socket) {
            self.scene.fail(Finding::of(Kind::Unreachable));
        }
    }

    /// Checks that the file of the program, which has ended, is gone.
    pub fn expect_removed(&self) {
        if fs::symlink_metadata(self.path()).is_ok() {
            self.scene.fail(Finding::of(Kind::LeftBehind));
        }
        self.scene
            .transcript()
            .add(Event::File("picture-file-gone", String::new()));
    }

    /// Removes the file of the program, and lets somebody else listen at its path.
    pub fn take_over(&self) -> Replacement<'_, 'scene> {
        self.remove_file();
        let listener = listener(self.path(), Type::STREAM, 128);
        self.scene.remark("path-taken-over");
        Replacement {
            place: self,
            inode: fs::symlink_metadata(self.path()).map_or(0, |file| inode(&file)),
            _listener: Some(listener),
        }
    }

    /// Removes the file of the program, and puts a regular file at its path.
    pub fn replace_by_a_file(&self) -> Replacement<'_, 'scene> {
        self.remove_file();
        fs::write(self.path(), "somebody needs this").expect("a free path");
        self.scene.remark("path-replaced");
        Replacement {
            place: self,
            inode: fs::symlink_metadata(self.path()).map_or(0, |file| inode(&file)),
            _listener: None,
        }
    }

    /// Removes the file of the program, which must still be there.
    fn remove_file(&self) {
        if fs::remove_file(self.path()).is_err() {
            self.scene.fail(Finding::of(Kind::Vanished));
        }
    }

    /// Connects from a socket that has a path of its own.
    pub fn connect_from(&self, path: &Path) -> Connection<'scene> {
        let socket = bound(path, Type::STREAM);
        Connection::opened(self.scene, self.connected(&socket))
    }

    /// Connects as a member of another group, if this process may: `None` if not.
    pub fn connect_as_group(&self, group: u32) -> Option<Connection<'scene>> {
        let socket = self.socket(Type::STREAM);
        let address = &self.address;
        let connected = credentials::as_group(group, || socket.connect(address))?;
        if connected.is_err() {
            self.scene.fail(Finding::of(Kind::Unreachable));
        }
        Some(Connection::opened(self.scene, socket))
    }
}

/// Somebody else at a path that was the program's.
pub struct Replacement<'place, 'scene> {
    place: &'place Endpoint<'scene>,
    inode: u64,
    _listener: Option<Socket>,
}

impl Replacement<'_, '_> {
    /// Checks that it is still there.
    pub fn expect_untouched(&self) {
        let file = fs::symlink_metadata(self.place.path());
        if !file.is_ok_and(|file| inode(&file) == self.inode) {
            self.place.scene.fail(Finding::of(Kind::Removed));
        }
    }
}

impl Connection<'_> {
    /// Receives the line that says who this client is: this process, and a group if it is another one.
    pub fn expect_credentials(&mut self, group: Option<u32>) {
        let (user, own) = credentials::own().expect("a user has a number on Unix");
        let group = group.unwrap_or(own);
        let line = format!("uid={user} gid={group} pid={}\n", std::process::id());
        self.expect_line(line.as_bytes());
    }

    /// Receives the line that each client is sent first, whatever it says.
    pub fn expect_greeting(&mut self) {
        let (received, ending) = self.receives_until_a_line_feed();
        if received.last() != Some(&b'\n') {
            self.scene.fail(Finding::of(without_a_line(ending)));
        }
    }

    /// Waits until more has arrived, and leaves it unread.
    pub fn wait_for_more(&self) {
        let deadline = self.scene.deadline();
        while !is_readable(&*self.stream, LOOK) && !deadline.is_over() {}
    }

    fn receives_until_a_line_feed(&mut self) -> (Vec<u8>, Ending) {
        let place = self.note(Event::Bytes(Side::Program, Sample::default()));
        let mut received = Vec::new();
        let mut ending = Ending::Full;
        while ending == Ending::Full && received.len() < LINE && received.last() != Some(&b'\n') {
            let (byte, end) = self.receive_at(Some(place), 1, self.scene.deadline());
            received.extend(byte);
            ending = end;
        }
        (received, ending)
    }

    /// Receives exactly this line, and says what came instead of it.
    pub fn expect_line(&mut self, line: &[u8]) {
        let (received, ending) = self.receives_until_a_line_feed();
        if received == line {
            return;
        }
        let kind = match () {
            () if received.is_empty() => without_a_line(ending),
            () => Kind::ToldOther,
        };
        self.scene.fail(Finding::of(kind).sent(line, &received));
    }
}

/// What it is that no line came.
fn without_a_line(ending: Ending) -> Kind {
    match ending {
        Ending::Full | Ending::Stuck => Kind::Silent,
        Ending::End => Kind::EndedEarly,
        Ending::Reset => Kind::CutOff,
    }
}

expectations!(Replacement<'place, 'scene>, self.place.scene);
