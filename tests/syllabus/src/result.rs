//! What a grader tells the guide, beside what it prints for a reader: a file for each test.
//!
//! The files are in the folder that [`REPORT`] names, and each is replaced as a whole while its test goes on. With
//! [`PLAN`] set as well, a test says which step it belongs to, and ends: whoever reads the plan knows when all tests
//! of a step are over.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The variable that names the folder of the results.
pub const REPORT: &str = "ENCHUFE_REPORT";
/// The variable that asks for the plan alone.
pub const PLAN: &str = "ENCHUFE_PLAN";

/// How far a test is, and how it has gone so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The test's name, as libtest takes it.
    pub test: String,
    /// The step that it is of.
    pub step: u8,
    /// Its place among the tests of its step: where several have failed, the first one is shown.
    pub order: u32,
    /// Whether the test has ended.
    pub is_over: bool,
    pub outcome: Outcome,
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was only asked for its step.
    Planned,
    /// Nothing is known yet.
    Running,
    /// The program did what the test wants.
    Passed { report: Report },
    /// It did not; `id` is that of the mistake on the lesson's page, else of the step: `step-4`.
    Failed { id: String, report: Report },
    /// The program still holds the `todo!` of step `first`, of this step or of an earlier one.
    NotBegun { first: u8, line: String },
    /// The test could not be run on this system: the reason's id, and the reason.
    NotRun { why: String, reason: String },
    /// The program could not be started, or is not the one that was to be graded.
    CannotRun { reason: String },
    /// The grader itself could not go on, which says nothing of the program.
    GraderFailed { reason: String },
}

/// What a learner reads of a test, in parts. No text in it is wrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The step's heading.
    pub heading: String,
    /// The lesson's title.
    pub lesson: String,
    /// The heading of the mistake, where it has a name.
    pub mistake: Option<String>,
    /// What the page says of the mistake.
    pub prose: Option<String>,
    /// The command line of the program, as a shell takes it.
    pub command: Option<String>,
    /// The sequence diagram, a line an element; sentences where it is to be read aloud.
    pub diagram: Vec<String>,
    /// What was seen, a paragraph an element.
    pub seen: Vec<String>,
    /// What was expected beside what came, a line an element.
    pub comparison: Vec<String>,
    /// Where to read on: `docs/en/01-tcp-client.md#no-half-close`.
    pub read_on: Option<String>,
}

impl TestResult {
    /// The file of a test's result in this folder. A `:` can't be in a name everywhere.
    pub fn file(folder: &Path, test: &str) -> PathBuf {
        folder.join(format!("{}.json", test.replace("::", ".")))
    }

    /// Writes it: whoever reads it finds all of it, or what was there before.
    ///
    /// # Errors
    ///
    /// Where the folder is gone, or full.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let file = Self::file(folder, &self.test);
        let part = file.with_extension("part");
        fs::write(&part, serde_json::to_vec(self)?)?;
        fs::rename(&part, &file)
    }

    /// All results in a folder, by the names of their tests.
    ///
    /// # Errors
    ///
    /// Where the folder, or a result in it, can't be read.
    pub fn read_all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut results = Vec::new();
        for entry in fs::read_dir(folder)? {
            let file = entry?.path();
            if file.extension().is_some_and(|ending| ending == "json") {
                results.push(serde_json::from_slice::<Self>(&fs::read(&file)?)?);
            }
        }
        results.sort_by(|a, b| a.test.cmp(&b.test));
        Ok(results)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let folder = std::env::temp_dir().join(format!("enchufe-result-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let report = Report {
            diagram: vec!["│──── «ñ» ───▶│".into()],
            ..Report::default()
        };
        let result = TestResult {
            test: "step_1::connects".into(),
            step: 1,
            order: 7,
            is_over: true,
            outcome: Outcome::Failed {
                id: "step-1".into(),
                report,
            },
        };

        result.write(&folder).unwrap();
        let read = TestResult::read_all(&folder);

        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(read.unwrap(), [result]);
    }
}
