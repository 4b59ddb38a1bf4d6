//! Runs a grader, and says of each step how it went as soon as that is known.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use enchufe_syllabus::{Language, root};

use crate::build::Grader;
use crate::child::{self, Cancel};
use crate::course::Lesson;

/// The mistake of a step that could not be graded: its program can't be run, or its grader broke.
pub const NO_VERDICT: &str = "cannot-run";

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// All its tests passed, those that could be run here.
    Passed,
    /// The program did something else.
    Failed {
        /// The id on the lesson's page that names the mistake, or the step's.
        mistake: String,
        /// The page with the picture.
        page: String,
    },
    /// The program still holds a `todo!`: the step that is to be written first, this one or an earlier
    /// one, and the line that says so.
    NotBegun { first: u8, line: String },
    /// None of its tests could be run, and why.
    NotRun(String),
}

/// A step with its verdict.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub step: u8,
    pub state: State,
    /// From the start of the grader to this verdict.
    pub time: Duration,
    /// Why some of its tests were not run, where the others passed.
    pub not_run: Vec<String>,
    /// The pictures of its tests that passed, by their names.
    pub pictures: BTreeMap<String, String>,
}

/// What is graded.
pub struct Order<'a> {
    pub lesson: &'a Lesson,
    pub grader: &'a Grader,
    pub language: &'a Language,
    /// The one step to grade, or all.
    pub step: Option<u8>,
    /// The command line of another program than the exercise.
    pub program: Option<&'a str>,
    /// Whether pictures are to be sentences, to be read aloud.
    pub is_plain: bool,
}

/// Grades. `tell` hears of each step once, in the order in which the verdicts are known.
pub fn grade(order: &Order<'_>, cancel: &Cancel, mut tell: impl FnMut(Verdict)) -> io::Result<()> {
    let reports = tempfile::tempdir()?;
    let mut steps = listed(order, cancel)?;
    let source = order.lesson.grader();
    let mut command = grader(order);
    command
        .env("ENCHUFE_REPORT", reports.path())
        .args(["--test-threads", "8"])
        .stdout(Stdio::piped());
    command.args(order.step.map(|step| format!("step_{step}_")));
    let start = Instant::now();
    let mut running = cancel.start(&mut command)?;
    let Some(stdout) = running.stdout() else {
        return Ok(());
    };
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        let ended = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... "));
        let Some((test, outcome)) = ended.filter(|(_, outcome)| is_outcome(outcome)) else {
            continue;
        };
        let Some(tests) = step_of(test).and_then(|step| steps.get_mut(&step)) else {
            continue;
        };
        tests.ended(
            test,
            place_in(&source, test),
            outcome == "ok",
            reports.path(),
        );
        if tests.waiting.is_empty() {
            let step = step_of(test).unwrap_or_default();
            if let Some(tests) = steps.remove(&step) {
                tell(tests.verdict(step, start.elapsed()));
            }
        }
    }
    running.wait()?;
    // A grader that was killed leaves steps without a verdict.
    for (step, mut tests) in steps {
        if !cancel.is_cancelled() {
            tests.broken = true;
            tell(tests.verdict(step, start.elapsed()));
        }
    }
    Ok(())
}

fn is_outcome(text: &str) -> bool {
    text == "ok" || text.starts_with("FAILED")
}

fn grader(order: &Order<'_>) -> std::process::Command {
    let mut command = child::command(&order.grader.path);
    command
        .current_dir(order.lesson.folder())
        .env("ENCHUFE_LANG", order.language.name())
        .env("ENCHUFE_ROOT", root())
        .envs(order.program.map(|program| ("ENCHUFE_PROGRAM", program)))
        .envs(order.is_plain.then_some(("ENCHUFE_PLAIN", "1")))
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The tests of each step.
fn listed(order: &Order<'_>, cancel: &Cancel) -> io::Result<BTreeMap<u8, Tests>> {
    let mut command = grader(order);
    command
        .args(["--list", "--format", "terse"])
        .stdout(Stdio::piped());
    let mut running = cancel.start(&mut command)?;
    let mut steps: BTreeMap<u8, Tests> = BTreeMap::new();
    if let Some(stdout) = running.stdout() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            let Some(test) = line.strip_suffix(": test") else {
                continue;
            };
            let step = step_of(test).filter(|step| order.step.is_none_or(|only| only == *step));
            if let Some(step) = step {
                steps.entry(step).or_default().waiting.push(test.into());
            }
        }
    }
    running.wait()?;
    Ok(steps)
}

/// `step_4_prints` is a test of step 4.
fn step_of(test: &str) -> Option<u8> {
    test.strip_prefix("step_")?.split('_').next()?.parse().ok()
}

/// Where a test stands in its grader's source.
pub fn place_in(source: &str, test: &str) -> usize {
    source.find(&format!("fn {test}(")).unwrap_or(usize::MAX)
}

/// What the tests of one step have said so far.
#[derive(Default)]
struct Tests {
    waiting: Vec<String>,
    passed: usize,
    pictures: BTreeMap<String, String>,
    /// What is wrong: first what failed, then what is not begun, each by the place of its test in the
    /// grader's source. Whichever test ends first, the learner reads the same.
    wrong: BTreeMap<(bool, usize), State>,
    not_run: Vec<String>,
    broken: bool,
}

impl Tests {
    fn ended(&mut self, test: &str, place: usize, is_ok: bool, reports: &Path) {
        self.waiting.retain(|waiting| waiting != test);
        let report = fs::read_to_string(reports.join(test)).unwrap_or_default();
        let (head, text) = report.split_once('\n').unwrap_or((&report, ""));
        let (state, word) = head.split_once(' ').unwrap_or((head, ""));
        match state {
            "not-run" if is_ok => {
                let is_new = !self.not_run.iter().any(|why| why == text);
                if is_new {
                    self.not_run.push(text.into());
                }
            }
            _ if is_ok => {
                self.passed += 1;
                self.pictures.insert(test.into(), text.into());
            }
            "not-begun" | "waits-for" => {
                let first = word.parse().ok().or(step_of(test)).unwrap_or_default();
                let line = text.into();
                let state = State::NotBegun { first, line };
                self.wrong.insert((true, place), state);
            }
            _ => {
                let page = if text.is_empty() { test } else { text };
                let mistake = if state == "failed" { word } else { NO_VERDICT };
                let failed = State::Failed {
                    mistake: mistake.into(),
                    page: page.into(),
                };
                self.wrong.insert((false, place), failed);
            }
        }
    }

    fn verdict(mut self, step: u8, time: Duration) -> Verdict {
        let state = match self.wrong.pop_first() {
            Some((_, wrong)) => wrong,
            None if self.broken => State::Failed {
                mistake: NO_VERDICT.into(),
                page: self.waiting.join("\n"),
            },
            None if self.passed == 0 => State::NotRun(std::mem::take(&mut self.not_run).join("; ")),
            None => State::Passed,
        };
        Verdict {
            step,
            state,
            time,
            not_run: self.not_run,
            pictures: self.pictures,
        }
    }
}
