//! What was graded, for programs: JSON, and the JUnit XML that CI services read.

use std::time::Duration;

use enchufe_syllabus::Words;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;

use crate::course::{Lesson, Step};
use crate::describe::Mark;
use crate::grade::{NO_VERDICT, State, Verdict};

/// A lesson as it was graded.
pub struct Graded<'a> {
    pub lesson: &'a Lesson,
    /// The one step that was asked for, or all.
    pub step: Option<u8>,
    pub verdicts: Vec<Verdict>,
    /// The compiler's errors, where it was not built.
    pub broken: Option<String>,
}

impl Graded<'_> {
    /// Whether all that was graded is right; what can't be run here does not count against it.
    pub fn is_passed(&self) -> bool {
        let is_right =
            |verdict: &Verdict| matches!(verdict.state, State::Passed | State::NotRun(_));
        self.broken.is_none() && !self.verdicts.is_empty() && self.verdicts.iter().all(is_right)
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
    /// Why it was not run, waits, or could not be graded.
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
        id: graded.lesson.step_id(row.step),
        title: row.title,
        state: row.mark.name(),
        mistake: row.mistake,
        reason: row.reason,
        time: row.time.as_secs_f64(),
    });
    JsonLesson {
        id: graded.lesson.id(),
        title: &graded.lesson.title,
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
    page: &'a str,
    time: Duration,
}

/// The steps that were graded; where nothing was built, those that were asked for, not run.
fn rows<'a>(graded: &'a Graded<'_>, words: &Words) -> Vec<Row<'a>> {
    if graded.broken.is_some() {
        let row = |step: &'a Step| Row {
            step: step.number,
            title: &step.title,
            mark: Mark::NotRun,
            mistake: None,
            reason: Some(words.say("why-not-built", &[])),
            page: "",
            time: Duration::ZERO,
        };
        let is_asked = |step: &&Step| graded.step.is_none_or(|only| only == step.number);
        let steps = graded.lesson.steps.iter().filter(is_asked);
        return steps.map(row).collect();
    }
    graded
        .verdicts
        .iter()
        .map(|verdict| row(graded.lesson, verdict))
        .collect()
}

fn row<'a>(lesson: &'a Lesson, verdict: &'a Verdict) -> Row<'a> {
    let (mistake, reason, page) = match &verdict.state {
        State::Passed if verdict.not_run.is_empty() => (None, None, ""),
        State::Passed => (None, Some(verdict.not_run.join("; ")), ""),
        State::Failed { mistake, page } if mistake == NO_VERDICT => {
            (Some(mistake.as_str()), Some(page.trim().to_owned()), "")
        }
        State::Failed { mistake, page } => (Some(mistake.as_str()), None, page.as_str()),
        State::NotBegun { line, .. } => (None, Some(line.trim().to_owned()), ""),
        State::NotRun(why) => (None, Some(why.clone()), ""),
    };
    Row {
        step: verdict.step,
        title: lesson.step(verdict.step).map_or("", |step| &step.title),
        mark: Mark::from(&verdict.state),
        mistake,
        reason,
        page,
        time: verdict.time,
    }
}

/// One JUnit document: a suite for each lesson, a case for each step.
pub fn junit(graded: &[Graded<'_>], words: &Words) -> String {
    let mut report = Report::new("enchufe");
    for graded in graded {
        let mut suite = TestSuite::new(graded.lesson.id());
        suite.add_test_cases(rows(graded, words).into_iter().map(|row| case(graded, row)));
        report.add_test_suite(suite);
    }
    report.to_string().unwrap_or_default()
}

fn case(graded: &Graded<'_>, row: Row<'_>) -> TestCase {
    let reason = row.reason.unwrap_or_default();
    let mut status = match row.mark {
        Mark::Passed => TestCaseStatus::success(),
        Mark::NotRun if graded.broken.is_none() => TestCaseStatus::skipped(),
        Mark::NotRun => TestCaseStatus::non_success(NonSuccessKind::Error),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if row.mark != Mark::Passed {
        let kind = row.mistake.unwrap_or(row.mark.name()).to_owned();
        let errors = graded.broken.as_deref().unwrap_or_default();
        let text = if row.page.is_empty() {
            errors
        } else {
            row.page
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
    let mut case = TestCase::new(graded.lesson.step_id(row.step), status);
    case.set_classname(row.title).set_time(row.time);
    case
}
