//! A folder of a test's own, where a program has its path (Unix).

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::finding::{Finding, Kind};
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::system::files::short_temporary_folder;

/// A new folder, removed with all that is in it when the test ends. Its path is short: that of a socket has 107
/// bytes at most on Linux, 103 on macOS (unix(7)).
pub struct Folder<'scene> {
    scene: &'scene Scene,
    folder: TempDir,
}

impl<'scene> Folder<'scene> {
    /// A new one.
    pub fn new(scene: &'scene Scene) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("e")
            .tempdir_in(short_temporary_folder());
        Self {
            scene,
            folder: folder.expect("the folder for temporary ones is there"),
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of something in it.
    pub fn join(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path().join(Path::new(name.as_ref()))
    }

    /// Checks that the program has left nothing in it.
    pub fn expect_empty(&self) {
        let mut entries = fs::read_dir(self.path()).expect("a folder of the test's own");
        if let Some(Ok(entry)) = entries.next() {
            let name = entry.file_name().to_string_lossy().into_owned();
            self.scene.fail(Finding::of(Kind::Created).saying(name));
        }
    }
}

expectations!(Folder<'scene>, self.scene);
