//! What the learner has done so far: `.enchufe/progress.json` in the workspace.
//!
//! It is written to a file beside it, which then takes its name, so that a reader finds all of it
//! whenever the guide dies. A lock lets two guides write one after the other.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use enchufe_syllabus::root;
use serde::{Deserialize, Serialize};

/// The form of the file that this guide writes.
const VERSION: u32 = 1;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    version: u32,
    /// The id of the lesson where the learner left off.
    #[serde(default)]
    pub lesson: Option<String>,
    /// The ids of the steps that have passed. Those of lessons that are no longer there stay.
    #[serde(default)]
    pub solved: BTreeSet<String>,
}

/// Something that was wrong with the file, and what became of it.
#[derive(Debug)]
pub struct SetAside {
    /// The word that says what was wrong.
    pub why: &'static str,
    /// Where the file is now.
    pub kept_at: PathBuf,
}

/// Reads it. A file that can't be understood is set aside, and never lost.
pub fn read() -> (Progress, Option<SetAside>) {
    let why = match fs::read(file()) {
        Ok(text) => match serde_json::from_slice::<Progress>(&text) {
            Ok(progress) if progress.version <= VERSION => return (progress, None),
            Ok(_) => "state-newer",
            Err(_) if is_newer(&text) => "state-newer",
            Err(_) => "state-damaged",
        },
        Err(_) if file().is_dir() => "state-damaged",
        Err(_) => return (Progress::default(), None), // the first time, or nothing that can be read
    };
    let aside = set_aside().map(|kept_at| SetAside { why, kept_at });
    (Progress::default(), aside)
}

/// Gives the file a name that nothing has, where that can be done.
fn set_aside() -> Option<PathBuf> {
    let name = |number: u32| {
        let number = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        file().with_extension(format!("{}{number}.json", super::timestamp()))
    };
    let free = (1..100).map(name).find(|path| !path.exists())?;
    fs::rename(file(), &free).ok()?;
    Some(free)
}

/// Changes it, as no other guide does meanwhile.
pub fn change(change: impl FnOnce(&mut Progress)) -> io::Result<()> {
    let told =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file().display()));
    let folder = folder();
    fs::create_dir_all(&folder).map_err(told)?;
    let lock = folder.join("lock");
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock);
    let mut lock = fd_lock::RwLock::new(lock.map_err(told)?);
    let _guard = lock.write().map_err(told)?;

    let (mut progress, _) = read();
    // What can't be read now is not written over: it may be readable later.
    match fs::read(file()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(error)),
        _ => {}
    }
    change(&mut progress);
    progress.version = VERSION;
    write(&progress).map_err(told)
}

fn write(progress: &Progress) -> io::Result<()> {
    let new = folder().join("progress.new");
    let mut text = serde_json::to_vec_pretty(progress)?;
    text.push(b'\n');
    let mut out = File::create(&new)?;
    out.write_all(&text)?;
    out.sync_all()?; // before the name: a name without its bytes would be an empty file after a crash
    fs::rename(new, file())
}

fn is_newer(text: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(text).ok();
    value.is_some_and(|value| value["version"].as_u64() > Some(VERSION.into()))
}

fn folder() -> PathBuf {
    root().join(".enchufe")
}

fn file() -> PathBuf {
    folder().join("progress.json")
}
