//! Gives an exercise back as the course shipped it, and keeps the learner's file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use enchufe_syllabus::{Lesson, Words, blob_hash, root};

use super::{Chapter, progress};

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
    let hash = &lesson.stub;
    let theirs = match fs::read(&file) {
        Ok(bytes) if blob_hash(&bytes) == *hash => return Ok(Reset::Unchanged),
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(named(error, &file)),
    };
    let stub = match stub(hash) {
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
        let kept = file.with_file_name(format!("main-{}{number}.rs", super::timestamp()));
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

/// What became of an exercise, in one line.
pub fn said(lesson: &Lesson, reset: &Reset, words: &Words) -> String {
    let file = ("file", lesson.exercise());
    match reset {
        Reset::Done { kept: Some(kept) } => {
            words.say("reset-kept", &[file, ("kept", kept.clone())])
        }
        Reset::Done { kept: None } => words.say("reset-done", &[file]),
        Reset::Unchanged => words.say("reset-unchanged", &[file]),
        Reset::Impossible { why, said } => words.say(why, &[file, ("said", said.clone())]),
    }
}

/// A lesson that begins anew is not solved.
pub fn forget(chapter: &Chapter, reset: &Reset) -> io::Result<()> {
    if matches!(reset, Reset::Impossible { .. }) {
        return Ok(());
    }
    let steps = chapter.steps.iter();
    let ids: Vec<String> = steps.map(|step| chapter.step_id(step.number)).collect();
    progress::change(|progress| progress.solved.retain(|id| !ids.contains(id)))
}

fn named(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
