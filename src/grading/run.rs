//! Runs a grader, and says of each step how it went as soon as that is known.
//!
//! The grader writes a file for each test ([`enchufe_syllabus::result`]). A first run of it, in which nothing is
//! graded, tells which tests a step has; in the second one a step is known as soon as all of them are over.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use enchufe_syllabus::result::{PLAN, REPORT, TestResult};
use enchufe_syllabus::{Language, Words, root};

use super::build::Grader;
use super::child::{self, Cancel, Running};
use super::verdict::{StepResult, Verdict};
use crate::course::Chapter;

/// How long a result may lie there before it is read.
const POLL: Duration = Duration::from_millis(5);

/// What is graded.
pub struct Order<'a> {
    pub chapter: &'a Chapter,
    pub grader: &'a Grader,
    pub language: &'a Language,
    /// The one step to grade, or all.
    pub step: Option<u8>,
    /// The command line of another program than the exercise.
    pub program: Option<&'a str>,
    /// Whether diagrams are to be sentences, to be read aloud.
    pub is_plain: bool,
}

/// Grades. `tell` hears of each step once, in the order in which the verdicts are known.
///
/// # Errors
///
/// Where the grader can't be started, or its results can't be read.
pub fn grade(
    order: &Order<'_>,
    cancel: &Cancel,
    mut tell: impl FnMut(StepResult),
) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut steps = planned(order, cancel)?;
    let mut command = grader(order, folder.path());
    if order.step.is_some() {
        let names = steps.values().flat_map(|tests| tests.running.keys());
        command.arg("--exact").args(names);
    }
    let start = Instant::now();
    let mut status = None;
    if !steps.is_empty() {
        let mut running = cancel.start(&mut command)?;
        let end = end_of(&mut running);
        let mut goes_on = true;
        while goes_on {
            goes_on = end.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout);
            for (step, tests) in over(&mut steps, folder.path())? {
                tell(StepResult::of(step, tests, start.elapsed()));
            }
        }
        status = Some(running.wait()?);
    }
    if !cancel.is_cancelled() {
        let how = status.map(|status| status.to_string());
        untold(order, steps, how.unwrap_or_default(), start.elapsed()).for_each(tell);
    }
    Ok(())
}

/// A grader that breaks, or is killed, leaves steps without a verdict; one that has no plan, all that were asked for.
fn untold(
    order: &Order<'_>,
    steps: BTreeMap<u8, Tests>,
    how: String,
    time: Duration,
) -> impl Iterator<Item = StepResult> {
    let reason = Words::of(order.language).say("grader-ended", &[("how", how.clone())]);
    let mut left: Vec<u8> = steps.into_keys().collect();
    if how.is_empty() {
        let all = order.chapter.steps.iter().map(|step| step.number);
        left = all
            .filter(|&step| order.step.is_none_or(|only| only == step))
            .collect();
    }
    left.into_iter().map(move |step| StepResult {
        step,
        verdict: Verdict::GraderFailed {
            reason: reason.clone(),
        },
        time,
        not_run: Vec::new(),
        passed: Vec::new(),
    })
}

/// The grader, to write its results into a folder.
fn grader(order: &Order<'_>, folder: &Path) -> Command {
    let mut command = child::command(&order.grader.path);
    let lesson = &order.chapter.lesson;
    command
        .current_dir(lesson.absolute(&lesson.folder))
        .env("ENCHUFE_LANG", order.language.name())
        .env("ENCHUFE_ROOT", root())
        .env(REPORT, folder)
        .envs(order.program.map(|program| ("ENCHUFE_PROGRAM", program)))
        .envs(order.is_plain.then_some(("ENCHUFE_PLAIN", "1")))
        .args(["--test-threads", "8"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// The tests of a step.
#[derive(Default)]
struct Tests {
    /// Those that are not over, each with its result as it was seen last.
    running: BTreeMap<String, Seen>,
    over: Vec<TestResult>,
}

/// The tests of each step that is to be graded, none of them over.
fn planned(order: &Order<'_>, cancel: &Cancel) -> io::Result<BTreeMap<u8, Tests>> {
    let folder = tempfile::tempdir()?;
    let mut running = cancel.start(grader(order, folder.path()).env(PLAN, "1"))?;
    let _ = end_of(&mut running).recv(); // an error is its end
    running.wait()?;
    let mut steps: BTreeMap<u8, Tests> = BTreeMap::new();
    for TestResult { test, step, .. } in TestResult::read_all(folder.path())? {
        if order.step.is_none_or(|only| only == step) {
            let tests = steps.entry(step).or_default();
            tests.running.insert(test, Seen::default());
        }
    }
    Ok(steps)
}

/// Hears the end of a grader, by the end of what it prints.
fn end_of(running: &mut Running) -> mpsc::Receiver<()> {
    let (end, heard) = mpsc::channel();
    let stdout = running.stdout();
    thread::spawn(move || {
        if let Some(mut stdout) = stdout {
            let _ = io::copy(&mut stdout, &mut io::sink()); // an error is an end too
        }
        drop(end);
    });
    heard
}

/// Takes the steps out of which all tests are over.
fn over(steps: &mut BTreeMap<u8, Tests>, folder: &Path) -> io::Result<Vec<(u8, Vec<TestResult>)>> {
    let mut known = Vec::new();
    for (&step, tests) in steps.iter_mut() {
        tests.look(folder)?;
        if tests.running.is_empty() {
            known.push((step, std::mem::take(&mut tests.over)));
        }
    }
    steps.retain(|_, tests| !tests.running.is_empty());
    Ok(known)
}

impl Tests {
    fn look(&mut self, folder: &Path) -> io::Result<()> {
        let mut over = Vec::new();
        for (test, seen) in &mut self.running {
            if let Some(result) = seen.again(&TestResult::file(folder, test))? {
                over.push(result);
            }
        }
        for result in over {
            self.running.remove(&result.test);
            self.over.push(result);
        }
        Ok(())
    }
}

/// A result as it was seen last: it is read again when it is another file.
#[derive(Default, PartialEq, Eq)]
struct Seen(Option<(SystemTime, u64)>);

impl Seen {
    /// The result, once its test is over.
    fn again(&mut self, file: &PathBuf) -> io::Result<Option<TestResult>> {
        let Ok(metadata) = fs::metadata(file) else {
            return Ok(None); // it has not begun
        };
        let now = Self(Some((metadata.modified()?, metadata.len())));
        if *self == now {
            return Ok(None);
        }
        // While it is replaced it can't be opened everywhere: it is read the next time.
        let Ok(bytes) = fs::read(file) else {
            return Ok(None);
        };
        let result: TestResult = serde_json::from_slice(&bytes)?;
        *self = now;
        Ok(Some(result).filter(|result| result.is_over))
    }
}
