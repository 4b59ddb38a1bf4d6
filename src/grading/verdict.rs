//! How a step went: what its tests have told, taken together.

use std::time::Duration;

use enchufe_syllabus::Words;
use enchufe_syllabus::result::{Outcome, Report, TestResult};

use super::report;
use crate::course::Chapter;
use crate::course::status::Mark;
use crate::text::line::{Line, Tone};

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All its tests passed, those that could be run here.
    Passed,
    /// The program did something else.
    Failed {
        /// The id on the lesson's page that names the mistake, or the step's.
        mistake: String,
        report: Box<Report>,
    },
    /// The program still holds a `todo!`: the step that is to be written first, this one or an earlier
    /// one, and the line that says so.
    NotBegun { first: u8, line: String },
    /// None of its tests could be run on this system, and why.
    NotRun { reason: String },
    /// The program could not be started, and why.
    CannotRun { reason: String },
    /// The grader itself could not go on, which says nothing of the program.
    GraderFailed { reason: String },
}

/// A step with its verdict.
#[derive(Clone, Debug)]
pub struct StepResult {
    pub step: u8,
    pub verdict: Verdict,
    /// From the start of the grader to this verdict.
    pub time: Duration,
    /// Why some of its tests were not run, where the others passed.
    pub not_run: Vec<String>,
    /// What its tests that passed have shown, in their order.
    pub passed: Vec<Report>,
}

impl Verdict {
    /// Whether nothing more is to be done for it here.
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Passed | Self::NotRun { .. })
    }

    /// How far the step is with it.
    pub fn mark(&self) -> Mark {
        match self {
            Self::Passed => Mark::Passed,
            Self::Failed { .. } | Self::CannotRun { .. } => Mark::Failed,
            Self::NotBegun { .. } => Mark::NotBegun,
            Self::NotRun { .. } | Self::GraderFailed { .. } => Mark::NotRun,
        }
    }

    /// What is wrong, to be read; nothing where nothing is.
    pub fn explained(&self, words: &Words) -> Option<Vec<Line>> {
        match self {
            Self::Passed | Self::NotRun { .. } => None,
            Self::Failed { report, .. } => Some(report::lines(report, words)),
            Self::NotBegun { line, .. } => Some(vec![Line::plain(line)]),
            Self::CannotRun { reason } | Self::GraderFailed { reason } => {
                let rows = reason.lines();
                Some(rows.map(|row| Line::of(row, Tone::Bad)).collect())
            }
        }
    }
}

impl StepResult {
    /// What the tests of a step, all over, say together. Of those that failed the first one of the grader counts,
    /// whichever has ended first; what a program does counts before what it lacks, and both before what the grader
    /// could not do.
    pub fn of(step: u8, mut tests: Vec<TestResult>, time: Duration) -> Self {
        tests.sort_by(|a, b| (a.order, &a.test).cmp(&(b.order, &b.test)));
        let mut wrong: Vec<(u8, Verdict)> = Vec::new();
        let (mut not_run, mut passed) = (Vec::new(), Vec::new());
        for test in tests {
            match test.outcome {
                Outcome::Passed { report } => passed.push(report),
                Outcome::NotRun { reason, .. } if not_run.contains(&reason) => {}
                Outcome::NotRun { reason, .. } => not_run.push(reason),
                outcome => wrong.extend(Self::wrong(outcome, &test.test)),
            }
        }
        wrong.sort_by_key(|(weight, _)| *weight); // stable: their order stays
        let verdict = match wrong.into_iter().next() {
            Some((_, verdict)) => verdict,
            None if passed.is_empty() => Verdict::NotRun {
                reason: std::mem::take(&mut not_run).join("; "),
            },
            None => Verdict::Passed,
        };
        Self {
            step,
            verdict,
            time,
            not_run,
            passed,
        }
    }

    /// What was wrong in a test, after its weight.
    fn wrong(outcome: Outcome, test: &str) -> Option<(u8, Verdict)> {
        Some(match outcome {
            Outcome::Failed { id, report } => {
                let report = Box::new(report);
                (
                    0,
                    Verdict::Failed {
                        mistake: id,
                        report,
                    },
                )
            }
            Outcome::CannotRun { reason } => (0, Verdict::CannotRun { reason }),
            Outcome::NotBegun { first, line } => {
                let line = line.trim().to_owned();
                (1, Verdict::NotBegun { first, line })
            }
            Outcome::GraderFailed { reason } => (2, Verdict::GraderFailed { reason }),
            // It is over, and has not said how it went.
            Outcome::Planned | Outcome::Running => {
                let reason = test.to_owned();
                (2, Verdict::GraderFailed { reason })
            }
            Outcome::Passed { .. } | Outcome::NotRun { .. } => return None,
        })
    }

    /// Its line, and below it what of the step was not run.
    pub fn lines(&self, chapter: &Chapter, words: &Words, is_plain: bool) -> Vec<Line> {
        let title = chapter.step_title(self.step);
        let mut lines = vec![self.verdict.mark().line(title, words, is_plain)];
        let not_run = match &self.verdict {
            Verdict::NotRun { reason } => std::slice::from_ref(reason),
            _ => &self.not_run,
        };
        for why in not_run {
            let said = words.say("partly-not-run", &[("why", why.clone())]);
            lines.push(Line::of(format!("    {said}"), Tone::Quiet));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(outcomes: Vec<(u32, Outcome)>) -> StepResult {
        let test = |(order, outcome)| TestResult {
            test: format!("test_{order}"),
            step: 1,
            order,
            is_over: true,
            outcome,
        };
        let tests = outcomes.into_iter().map(test).collect();
        StepResult::of(1, tests, Duration::ZERO)
    }

    fn failed(id: &str) -> Outcome {
        Outcome::Failed {
            id: id.into(),
            report: Report::default(),
        }
    }

    fn passed() -> Outcome {
        let report = Report::default();
        Outcome::Passed { report }
    }

    fn not_run(why: &str) -> Outcome {
        let (why, reason) = (why.into(), why.into());
        Outcome::NotRun { why, reason }
    }

    #[test]
    fn of_what_failed_the_first_of_the_grader_counts() {
        let result = step(vec![
            (9, failed("later")),
            (1, passed()),
            (2, failed("first")),
        ]);
        assert!(
            matches!(&result.verdict, Verdict::Failed { mistake, .. } if mistake == "first"),
            "{result:?}"
        );
    }

    #[test]
    fn what_a_program_does_counts_before_what_the_grader_could_not_do() {
        let reason = String::new();
        let broke = || Outcome::GraderFailed {
            reason: reason.clone(),
        };

        let result = step(vec![(1, broke()), (2, failed("x"))]);
        assert_eq!(result.verdict.mark(), Mark::Failed);

        let result = step(vec![(1, broke()), (2, passed())]);
        assert_eq!(result.verdict.mark(), Mark::NotRun);
        assert!(!result.verdict.is_right());
    }

    #[test]
    fn a_step_that_was_run_in_part_has_passed_and_says_what_was_not_run() {
        let result = step(vec![
            (1, not_run("why")),
            (2, passed()),
            (3, not_run("why")),
        ]);
        assert_eq!(result.verdict, Verdict::Passed);
        assert_eq!(result.not_run, ["why"]);

        let result = step(vec![(1, not_run("why"))]);
        assert!(result.verdict.is_right());
        assert_eq!(result.verdict.mark(), Mark::NotRun);
    }

    #[test]
    fn a_test_that_ended_without_a_word_is_no_pass() {
        let result = step(vec![(1, passed()), (2, Outcome::Running)]);
        assert!(!result.verdict.is_right());
    }
}
