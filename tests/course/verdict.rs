//! What a grader said, read from what it prints for a reader.

use std::collections::BTreeSet;
use std::process::Output;

/// What a grader said.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether all tests passed.
    pub is_green: bool,
    /// The names of the tests that failed.
    pub failed: BTreeSet<String>,
    /// How many tests passed.
    pub passed: usize,
    /// All of it.
    pub text: String,
}

/// The step of a test: of `step_4::prints` and of `step_4_prints`.
pub fn step_of(test: &str) -> Option<u8> {
    let after = test.strip_prefix("step_")?;
    let end = after.find(|c: char| !c.is_ascii_digit())?;
    after[..end].parse().ok()
}

/// The arguments that choose the tests of these steps.
pub fn tests_of(steps: impl IntoIterator<Item = u8>) -> Vec<String> {
    let names = |step| [format!("step_{step}::"), format!("step_{step}_")];
    steps.into_iter().flat_map(names).collect()
}

impl Verdict {
    /// Reads libtest's output.
    pub fn read(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Self::of(output.status.success(), text)
    }

    /// Reads what a grader has printed.
    pub fn of(is_green: bool, text: String) -> Self {
        let tests = |ending: &str| -> BTreeSet<String> {
            let lines = text
                .lines()
                .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(ending));
            lines.map(|name| name.trim().to_owned()).collect()
        };
        let (failed, passed) = (tests(" ... FAILED"), tests(" ... ok").len());
        Self {
            is_green,
            failed,
            passed,
            text,
        }
    }

    /// The first step that failed.
    pub fn first_failed_step(&self) -> Option<u8> {
        self.failed.iter().filter_map(|test| step_of(test)).min()
    }

    /// The ids on the lesson's page that the failures point at.
    pub fn ids(&self) -> BTreeSet<&str> {
        let lines = self.text.lines().filter(|line| line.contains("read on: "));
        lines
            .filter_map(|line| Some(line.split_once('#')?.1))
            .collect()
    }
}

#[test]
fn a_step_is_read_from_the_name_of_a_test_in_either_form() {
    assert_eq!(step_of("step_4::prints"), Some(4));
    assert_eq!(step_of("step_12_prints"), Some(12));
    assert_eq!(step_of("server::is_started"), None);
}
