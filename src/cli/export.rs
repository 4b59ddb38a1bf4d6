//! What was graded, for programs: JSON, and the JUnit XML that CI services read.

use std::time::Duration;

use enchufe_syllabus::Words;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;

use crate::course::status::Mark;
use crate::course::{Chapter, Step};
use crate::grading::report;
use crate::grading::verdict::{StepResult, Verdict};

/// The mistake of a step whose program could not be started.
const CANNOT_RUN: &str = "cannot-run";

/// A lesson as it was graded.
pub struct Graded<'a> {
    pub chapter: &'a Chapter,
    /// The one step that was asked for, or all.
    pub step: Option<u8>,
    pub results: Vec<StepResult>,
    /// The compiler's errors, where it was not built.
    pub broken: Option<String>,
}

impl Graded<'_> {
    /// Whether all that was graded is right; what can't be run here does not count against it.
    pub fn is_passed(&self) -> bool {
        let is_right = |result: &StepResult| result.verdict.is_right();
        self.broken.is_none() && !self.results.is_empty() && self.results.iter().all(is_right)
    }
}

#[derive(Serialize)]
struct JsonReport<'a> {
    passed: bool,
    lessons: Vec<JsonLesson<'a>>,
}

#[derive(Serialize)]
struct JsonLesson<'a> {
    id: &'a str,
    title: &'a str,
    passed: bool,
    /// The compiler's errors, where it was not built.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a str>,
    steps: Vec<JsonStep<'a>>,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    id: String,
    title: &'a str,
    /// `passed`, `failed`, `not-begun` or `not-run`.
    state: &'static str,
    /// The id of the mistake on the lesson's page.
    mistake: Option<&'a str>,
    /// Why it was not run or waits, and what the program or the grader could not be started or go on for.
    reason: Option<String>,
    /// Seconds from the start of the lesson's grader to this verdict.
    time: f64,
}

/// One JSON document.
pub fn json(graded: &[Graded<'_>], words: &Words) -> String {
    let report = JsonReport {
        passed: graded.iter().all(Graded::is_passed),
        lessons: graded.iter().map(|graded| lesson(graded, words)).collect(),
    };
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn lesson<'a>(graded: &'a Graded<'_>, words: &Words) -> JsonLesson<'a> {
    let steps = rows(graded, words).into_iter().map(|row| JsonStep {
        id: graded.chapter.step_id(row.step),
        title: row.title,
        state: row.mark.name(),
        mistake: row.mistake,
        reason: row.reason,
        time: row.time.as_secs_f64(),
    });
    JsonLesson {
        id: graded.chapter.id(),
        title: &graded.chapter.title,
        passed: graded.is_passed(),
        errors: graded.broken.as_deref(),
        steps: steps.collect(),
    }
}

/// A step as it is told.
struct Row<'a> {
    step: u8,
    title: &'a str,
    mark: Mark,
    mistake: Option<&'a str>,
    reason: Option<String>,
    page: String,
    /// Whether there is no verdict, and it counts against the lesson.
    is_error: bool,
    time: Duration,
}

/// The steps that were graded; where nothing was built, those that were asked for, not run.
fn rows<'a>(graded: &'a Graded<'_>, words: &Words) -> Vec<Row<'a>> {
    if graded.broken.is_some() {
        let is_asked = |step: &&Step| graded.step.is_none_or(|only| only == step.number);
        let steps = graded.chapter.steps.iter().filter(is_asked);
        return steps.map(|step| not_built(step, words)).collect();
    }
    let results = graded.results.iter();
    results
        .map(|result| row(graded.chapter, result, words))
        .collect()
}

fn not_built<'a>(step: &'a Step, words: &Words) -> Row<'a> {
    Row {
        step: step.number,
        title: &step.title,
        mark: Mark::NotRun,
        mistake: None,
        reason: Some(words.say("why-not-built", &[])),
        page: String::new(),
        is_error: true,
        time: Duration::ZERO,
    }
}

fn row<'a>(chapter: &'a Chapter, result: &'a StepResult, words: &Words) -> Row<'a> {
    let mistake = match &result.verdict {
        Verdict::Failed { mistake, .. } => Some(mistake.as_str()),
        Verdict::CannotRun { .. } => Some(CANNOT_RUN),
        _ => None,
    };
    let reason = match &result.verdict {
        Verdict::Passed if result.not_run.is_empty() => None,
        Verdict::Passed => Some(result.not_run.join("; ")),
        Verdict::Failed { .. } => None,
        Verdict::NotBegun { line, .. } => Some(line.clone()),
        Verdict::NotRun { reason }
        | Verdict::CannotRun { reason }
        | Verdict::GraderFailed { reason } => Some(reason.trim().to_owned()),
    };
    let page = match &result.verdict {
        Verdict::Failed { report, .. } => report::text(report, words),
        _ => String::new(),
    };
    Row {
        step: result.step,
        title: chapter.step_title(result.step),
        mark: result.verdict.mark(),
        mistake,
        reason,
        page,
        is_error: matches!(result.verdict, Verdict::GraderFailed { .. }),
        time: result.time,
    }
}

/// One JUnit document: a suite for each lesson, a case for each step.
pub fn junit(graded: &[Graded<'_>], words: &Words) -> String {
    let mut report = Report::new("enchufe");
    for graded in graded {
        let mut suite = TestSuite::new(graded.chapter.id());
        suite.add_test_cases(rows(graded, words).into_iter().map(|row| case(graded, row)));
        report.add_test_suite(suite);
    }
    report.to_string().unwrap_or_default()
}

fn case(graded: &Graded<'_>, row: Row<'_>) -> TestCase {
    let reason = row.reason.unwrap_or_default();
    let mut status = match row.mark {
        Mark::Passed => TestCaseStatus::success(),
        _ if row.is_error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Mark::NotRun => TestCaseStatus::skipped(),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if row.mark != Mark::Passed {
        let kind = row.mistake.unwrap_or(row.mark.name()).to_owned();
        let errors = graded.broken.as_deref().unwrap_or_default();
        let text = if row.page.is_empty() {
            errors
        } else {
            &row.page
        };
        let message = if reason.is_empty() {
            kind.clone()
        } else {
            reason
        };
        status
            .set_message(message)
            .set_type(kind)
            .set_description(text);
    }
    let mut case = TestCase::new(graded.chapter.step_id(row.step), status);
    case.set_classname(row.title).set_time(row.time);
    case
}
