//! What a grader tells the guide beside what libtest prints: a file for each test, in the folder that
//! `ENCHUFE_REPORT` names. Its first line is the state, the rest is what the learner reads.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::thread;

/// How a test ended, as the first line of its file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The program did what the test wants.
    Passed,
    /// It did not; the id on the lesson's page that explains it.
    Failed(&'a str),
    /// The program still holds the `todo!` of this step.
    NotBegun,
    /// It still holds the `todo!` of an earlier step, without which this one cannot be graded.
    WaitsFor(u8),
    /// The test could not be run on this system; the id of the reason.
    NotRun(&'a str),
    /// The program could not be started.
    CannotRun,
}

impl Outcome<'_> {
    fn line(self) -> String {
        match self {
            Self::Passed => "passed".into(),
            Self::Failed(id) => format!("failed {id}"),
            Self::NotBegun => "not-begun".into(),
            Self::WaitsFor(step) => format!("waits-for {step}"),
            Self::NotRun(why) => format!("not-run {why}"),
            Self::CannotRun => "cannot-run".into(),
        }
    }
}

/// Whether anybody wants to be told.
pub fn is_wanted() -> bool {
    env::var_os("ENCHUFE_REPORT").is_some()
}

/// Tells how this thread's test ended. What was told first, stays: a test ends once.
pub fn tell(state: Outcome<'_>, text: &str) {
    let Some(file) = file() else { return };
    if file.exists() {
        return;
    }
    // Whoever reads it finds all of it or nothing. Without the folder nobody listens any more.
    let part = file.with_extension("part");
    let told = fs::write(&part, format!("{}\n{text}", state.line()));
    let _ = told.and_then(|()| fs::rename(&part, &file));
}

/// libtest names each test's thread after the test.
fn file() -> Option<PathBuf> {
    let folder = env::var_os("ENCHUFE_REPORT")?;
    let thread = thread::current();
    let test = thread.name()?;
    Some(PathBuf::from(folder).join(test))
}
