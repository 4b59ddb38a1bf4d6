//! From which files a program was built.
//!
//! Cargo compares dates alone: a file that is older than the build, as unpacked or moved files are, is not built. And
//! two checkouts with one target folder have one program there, since Cargo names it after paths below the root. So
//! a record beside the program says which build it is of, by the program's date and length, and what the files held.
//!
//! Of what Cargo notices by itself nothing is said here: it has just run when this is asked, so a file that is newer
//! than the program is not part of it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::hash::blob_hash;
use crate::lesson::Lesson;
use crate::root::root;

/// Whether a program was built from the files as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It was: whoever saw Cargo build it has recorded it.
    Fresh,
    /// Its files were the same when somebody first found it built.
    Assumed,
    /// Nobody has recorded anything of this build.
    Unrecorded,
    /// It was built from another content of this file, which Cargo has missed.
    Stale { file: String },
}

/// What is kept of a program beside it: `target/debug/.enchufe/tcp-client.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    program: Build,
    /// Whether Cargo was seen to build it from these files.
    is_witnessed: bool,
    /// The hash of each file, by its path below the root.
    files: BTreeMap<String, String>,
}

/// Which build a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Build {
    /// When it was written, in nanoseconds since 1970.
    modified: u64,
    length: u64,
}

/// Compares a program of a lesson, the exercise's or the reference solution's, with the files that are there.
///
/// # Errors
///
/// Where the program is not there.
pub fn check(program: &Path, lesson: &Lesson) -> io::Result<Freshness> {
    let build = Build::of(program)?;
    let Some(record) = Record::read(program).filter(|record| record.program == build) else {
        return Ok(Freshness::Unrecorded);
    };
    let is_missed = |file: &&Source| {
        let recorded = record.files.get(&file.path);
        file.modified <= build.modified && recorded.is_some_and(|hash| *hash != file.hash)
    };
    let files = sources(program, lesson);
    Ok(match files.iter().find(is_missed) {
        Some(file) => Freshness::Stale {
            file: file.path.clone(),
        },
        None if record.is_witnessed => Freshness::Fresh,
        None => Freshness::Assumed,
    })
}

/// As [`check`], for a grader, which has not seen Cargo build: what it finds built for the first time, and no file
/// newer than it, it records, so that the next one notices.
///
/// # Errors
///
/// As [`check`].
pub fn check_or_assume(program: &Path, lesson: &Lesson) -> io::Result<Freshness> {
    let found = check(program, lesson)?;
    if found == Freshness::Unrecorded {
        let build = Build::of(program)?;
        let files = sources(program, lesson);
        if files.iter().all(|file| file.modified <= build.modified) {
            let _ = Record::new(build, files, false).write(program); // the next grader tries again
        }
    }
    Ok(found)
}

/// Records that Cargo has just built a program, from the files as they are.
///
/// # Errors
///
/// Where the program is not there, or nothing can be written beside it.
pub fn record(program: &Path, lesson: &Lesson) -> io::Result<()> {
    let build = Build::of(program)?;
    Record::new(build, sources(program, lesson), true).write(program)
}

impl Build {
    fn of(program: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(program)?;
        Ok(Self {
            modified: nanoseconds(metadata.modified()?),
            length: metadata.len(),
        })
    }
}

impl Record {
    fn new(program: Build, files: Vec<Source>, is_witnessed: bool) -> Self {
        let files = files.into_iter().map(|file| (file.path, file.hash));
        Self {
            program,
            is_witnessed,
            files: files.collect(),
        }
    }

    fn file(program: &Path) -> PathBuf {
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let file = format!(".enchufe/{name}.json");
        program.with_file_name(file)
    }

    /// One that can't be read is as good as none.
    fn read(program: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::file(program)).ok()?).ok()
    }

    /// All of it or nothing: several tests, and graders, write at once.
    fn write(&self, program: &Path) -> io::Result<()> {
        static PARTS: AtomicU32 = AtomicU32::new(0);
        let file = Self::file(program);
        fs::create_dir_all(file.parent().unwrap_or(&file))?;
        let number = PARTS.fetch_add(1, Ordering::Relaxed);
        let part = file.with_extension(format!("{}-{number}.part", std::process::id()));
        fs::write(&part, serde_json::to_vec(self)?)?;
        fs::rename(&part, &file)
    }
}

/// A file that a program may be built from.
struct Source {
    path: String,
    hash: String,
    modified: u64,
}

/// What is longer is no source, and not worth reading at each save: its length stands for it.
const LONGEST: u64 = 1024 * 1024;

impl Source {
    fn read(path: String) -> Option<Self> {
        let file = root().join(&path);
        let metadata = fs::metadata(&file).ok().filter(fs::Metadata::is_file)?;
        let hash = match metadata.len() {
            length @ ..=LONGEST => fs::read(&file).map_or(length.to_string(), |it| blob_hash(&it)),
            length => length.to_string(),
        };
        let modified = nanoseconds(metadata.modified().ok()?);
        Some(Self {
            path,
            hash,
            modified,
        })
    }
}

/// All files of the exercise; for the solution's program, its source instead of the learner's.
///
/// Not the manifest: Cargo compares what it says, and not its date.
fn sources(program: &Path, lesson: &Lesson) -> Vec<Source> {
    let mut paths = Vec::new();
    files_in(&lesson.folder, &mut paths);
    let exercise = lesson.exercise();
    let name = program.file_stem().unwrap_or_default();
    if name == lesson.solution_program().as_str() {
        paths.retain(|path| *path != exercise);
        paths.push(lesson.solution.clone());
    }
    let manifest = lesson.manifest();
    paths.retain(|path| *path != manifest);
    paths.into_iter().filter_map(Source::read).collect()
}

/// The files below a folder, but for those of Cargo, of editors and of whatever else begins with a dot. A link to a
/// folder is not followed: it may lead in a circle.
fn files_in(folder: &str, paths: &mut Vec<String>) {
    let entries = fs::read_dir(root().join(folder));
    for entry in entries.into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue; // no source of Rust's has such a name
        };
        let path = format!("{folder}/{name}");
        match entry.file_type() {
            _ if name.starts_with('.') || name == "target" => {}
            Ok(kind) if kind.is_dir() => files_in(&path, paths),
            _ => paths.push(path),
        }
    }
}

fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// A program in a folder of its own, built now from the files of a lesson of the course.
    fn built(test: &str, name: &str) -> (PathBuf, Lesson) {
        let folder =
            std::env::temp_dir().join(format!("enchufe-provenance-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join(name);
        fs::write(&program, "a build").unwrap();
        (program, Lesson::named("tcp-client").unwrap())
    }

    /// As if a file had had another content when the program was built.
    fn remember_another(program: &Path, file: &str) {
        let mut record = Record::read(program).unwrap();
        record.files.insert(file.into(), "another".into()).unwrap();
        record.write(program).unwrap();
    }

    #[test]
    fn a_build_that_was_seen_is_fresh_until_a_file_is_another_with_an_old_date() {
        let (program, lesson) = built("seen", "tcp-client");
        assert_eq!(check(&program, &lesson).unwrap(), Freshness::Unrecorded);

        record(&program, &lesson).unwrap();
        assert_eq!(check(&program, &lesson).unwrap(), Freshness::Fresh);

        remember_another(&program, &lesson.exercise());
        let file = lesson.exercise();
        assert_eq!(check(&program, &lesson).unwrap(), Freshness::Stale { file });
        fs::remove_dir_all(program.parent().unwrap()).unwrap();
    }

    #[test]
    fn another_build_of_the_same_name_is_not_taken_for_the_recorded_one() {
        let (program, lesson) = built("other", "tcp-client");
        record(&program, &lesson).unwrap();

        fs::write(&program, "another build").unwrap();

        assert_eq!(check(&program, &lesson).unwrap(), Freshness::Unrecorded);
        fs::remove_dir_all(program.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_file_that_is_newer_than_the_program_is_cargos_to_notice() {
        let (program, lesson) = built("newer", "tcp-client");
        let before = UNIX_EPOCH + Duration::from_secs(1);
        let file = fs::File::options().write(true).open(&program).unwrap();
        file.set_modified(before).unwrap();
        record(&program, &lesson).unwrap();

        remember_another(&program, &lesson.exercise());

        assert_eq!(check(&program, &lesson).unwrap(), Freshness::Fresh);
        fs::remove_dir_all(program.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_grader_assumes_what_it_finds_once_and_the_solution_has_files_of_its_own() {
        let (program, lesson) = built("assumed", "tcp-client-solution");
        let first = check_or_assume(&program, &lesson).unwrap();
        assert_eq!(first, Freshness::Unrecorded);
        assert_eq!(check(&program, &lesson).unwrap(), Freshness::Assumed);

        let files = Record::read(&program).unwrap().files;
        assert!(files.contains_key(&lesson.solution), "{files:?}");
        assert!(!files.contains_key(&lesson.exercise()), "{files:?}");
        assert!(!files.contains_key(&lesson.manifest()), "{files:?}");
        fs::remove_dir_all(program.parent().unwrap()).unwrap();
    }
}
