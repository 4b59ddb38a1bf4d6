//! Which lesson is graded, and which program.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::scene::Scene;

/// A lesson as its grader names it.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The name of its page, `docs/<language>/<page>.md`, and of its folder in `exercises/`.
    pub page: &'static str,
    /// The learner's program.
    pub program: &'static str,
}

impl Lesson {
    /// Begins a test of one step.
    pub fn step(self, step: u8) -> Scene {
        Scene::new(self, step)
    }

    /// The program to grade, with its first arguments: what `ENCHUFE_PROGRAM` holds, split as a
    /// shell splits words, else the exercise. `Err` holds a command line that cannot be split.
    pub(crate) fn command(self) -> Result<Vec<OsString>, String> {
        let Some(line) = env::var_os("ENCHUFE_PROGRAM").filter(|line| !line.is_empty()) else {
            return Ok(vec![self.program.into()]);
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
}

/// The workspace: where `docs/` is, and where the graded programs run. `ENCHUFE_ROOT` names another
/// one than that in which this was built.
pub fn root() -> PathBuf {
    if let Some(root) = env::var_os("ENCHUFE_ROOT").filter(|root| !root.is_empty()) {
        return root.into();
    }
    let harness = Path::new(env!("CARGO_MANIFEST_DIR"));
    harness.ancestors().nth(2).unwrap_or(harness).to_path_buf()
}
