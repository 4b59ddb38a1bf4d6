//! Gives an exercise back as the course shipped it, and keeps the learner's file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use enchufe_syllabus::root;

use crate::course::Lesson;
use crate::hash::blob_hash;

/// What became of an exercise.
pub enum Reset {
    /// The stub is back, and the learner's file is here now, below the workspace.
    Done { kept: Option<String> },
    /// It was as the course shipped it, already.
    Unchanged,
    /// The word that says why the stub could not be had, with what was said of it.
    Impossible { why: &'static str, said: String },
}

/// Restores the stub of a lesson. The learner's file is kept beside it, named with the time.
pub fn reset(lesson: &Lesson) -> io::Result<Reset> {
    let file = root().join(lesson.exercise());
    let Some(hash) = hash_of_the_stub(lesson) else {
        let said = lesson.folder().join("Cargo.toml").display().to_string();
        return Ok(Reset::Impossible {
            why: "reset-no-hash",
            said,
        });
    };
    let theirs = match fs::read(&file) {
        Ok(bytes) if blob_hash(&bytes) == hash => return Ok(Reset::Unchanged),
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(named(error, &file)),
    };
    let stub = match stub(&hash) {
        Ok(stub) => stub,
        Err((why, said)) => return Ok(Reset::Impossible { why, said }),
    };
    let kept = theirs.map(|bytes| keep(&file, &bytes)).transpose()?;
    replace(&file, &stub)?;
    let below = |path: PathBuf| match path.strip_prefix(root()) {
        Ok(below) => below.display().to_string(),
        Err(_) => path.display().to_string(),
    };
    Ok(Reset::Done {
        kept: kept.map(below),
    })
}

/// Writes the learner's file a second time, under a name that nothing has.
fn keep(file: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    for number in 1..100 {
        let number = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let kept = file.with_file_name(format!("main-{}{number}.rs", crate::now()));
        let new = fs::File::options().write(true).create_new(true).open(&kept);
        match new {
            Ok(mut new) => {
                io::Write::write_all(&mut new, bytes).map_err(|error| named(error, &kept))?;
                new.sync_all().map_err(|error| named(error, &kept))?;
                return Ok(kept);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(named(error, &kept)),
        }
    }
    Err(named(io::ErrorKind::AlreadyExists.into(), file))
}

/// All of it or nothing: the file is written beside the old one, and takes its name.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| named(error, folder))?;
    let new = file.with_extension("new");
    fs::write(&new, bytes).map_err(|error| named(error, &new))?;
    fs::rename(&new, file).map_err(|error| named(error, file))
}

/// The stub as the course shipped it. Git keeps it, whatever was committed since.
fn stub(hash: &str) -> Result<Vec<u8>, (&'static str, String)> {
    let git = Command::new("git")
        .current_dir(root())
        .args(["cat-file", "blob", hash])
        .output();
    match git {
        Err(error) => Err(("reset-no-git", error.to_string())),
        Ok(output) if !output.status.success() => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(("reset-no-history", said.trim().to_owned()))
        }
        Ok(output) if blob_hash(&output.stdout) != hash => Err(("reset-no-history", hash.into())),
        Ok(output) => Ok(output.stdout),
    }
}

/// `stub = "…"` in the exercise's manifest: what `git hash-object` said of the file.
fn hash_of_the_stub(lesson: &Lesson) -> Option<String> {
    let manifest = fs::read_to_string(lesson.folder().join("Cargo.toml")).ok()?;
    let (_, after) = manifest.split_once("stub = \"")?;
    let (hash, _) = after.split_once('"')?;
    Some(hash.to_owned())
}

fn named(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
