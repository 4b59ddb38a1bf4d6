//! Which program is graded.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use enchufe_syllabus::provenance::{self, Freshness};
use enchufe_syllabus::{Lesson, root};

/// The program to grade, with its first arguments: what `ENCHUFE_PROGRAM` holds, split as a shell splits words, else
/// the exercise. `Err` holds a command line that cannot be split.
pub fn command(lesson: &Lesson) -> Result<Vec<OsString>, String> {
    let Some(line) = env::var_os("ENCHUFE_PROGRAM").filter(|line| !line.is_empty()) else {
        return Ok(vec![
            beside_this_grader(&lesson.id).unwrap_or_default().into(),
        ]);
    };
    let line = line.to_string_lossy().into_owned();
    let mut words: Vec<OsString> = match shlex::split(&line) {
        Some(words) if !words.is_empty() => words.into_iter().map(Into::into).collect(),
        _ => return Err(line),
    };
    if Path::new(&words[0]).components().count() > 1 {
        words[0] = root().join(&words[0]).into(); // an absolute path stays as it is
    }
    Ok(words)
}

/// The file of the exercise that Cargo has missed a change of, so that the program beside this grader was built from
/// something else; looked for once a process. Another program than the exercise is what it is.
pub fn missed_change(lesson: &Lesson) -> Option<&'static str> {
    static MISSED: OnceLock<Option<String>> = OnceLock::new();
    let missed = || {
        let is_the_exercise = env::var_os("ENCHUFE_PROGRAM").is_none_or(|line| line.is_empty());
        let program = is_the_exercise.then(|| beside_this_grader(&lesson.id).ok())??;
        match provenance::check_or_assume(&program, lesson) {
            Ok(Freshness::Stale { file }) => Some(file),
            _ => None,
        }
    };
    MISSED.get_or_init(missed).as_deref()
}

/// The program that Cargo built together with this grader: `target/debug/NAME` for
/// `target/debug/deps/NAME-0123`. What Cargo compiles in as its path is stale once the folder has moved.
fn beside_this_grader(name: &str) -> io::Result<PathBuf> {
    let grader = env::current_exe()?;
    let folder = grader.ancestors().nth(2).unwrap_or(&grader);
    Ok(folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}
