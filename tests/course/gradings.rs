//! All gradings of the course's own programs, in one queue, the longest first.
//!
//! A grader mostly waits for the program that it grades, so that several run at a time. Each test puts its
//! gradings into the queue and waits for them.

mod checkpoints;
mod mistakes;
mod solutions;
mod stubs;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Condvar, LazyLock, Mutex};
use std::time::Instant;

use enchufe_syllabus::Lesson;

use crate::programs::{Kind, Program};
use crate::verdict::{Verdict, tests_of};
use crate::workshop::{self, target, workshop, write_if_changed};
use crate::{lessons, root};

/// How many graders run at a time.
const AT_ONCE: usize = 6;

static QUEUE: LazyLock<Queue> = LazyLock::new(Queue::start);

/// A program that a grader is to be tried on.
#[derive(Clone)]
pub struct Grading {
    pub lesson: Lesson,
    pub kind: Kind,
    /// The steps whose tests are run; all, where there are none.
    pub steps: Vec<u8>,
    pub language: &'static str,
    /// The factor of its timeouts.
    pub patience: f64,
    /// The grader is ended as soon as a failure points at this id: what more it would say is not asked.
    pub until: Option<String>,
}

impl Grading {
    /// What it is called in messages and among the times.
    pub fn name(&self) -> String {
        let first = self.steps.first().copied().unwrap_or(0);
        let (lesson, program) = (&self.lesson.id, self.kind.name());
        format!("{lesson}/{program}/{}/{first}", self.language)
    }

    fn run(&self) -> Verdict {
        let program = workshop::program(&self.lesson, &self.kind.name());
        let mut grader = Command::new(workshop().grader(&self.lesson));
        grader
            .args(tests_of(self.steps.iter().copied()))
            .args(["--test-threads", "8"])
            .current_dir(root())
            .env("ENCHUFE_PROGRAM", format!("'{}'", program.display()))
            .env("ENCHUFE_LANG", self.language)
            .env("ENCHUFE_PATIENCE", self.patience.to_string());
        match &self.until {
            Some(id) => until(grader, id),
            None => Verdict::read(&grader.output().unwrap()),
        }
    }
}

/// Runs a grader until one of its failures points at this id. Its tests print past libtest's capture, so that it is
/// known at once.
fn until(mut grader: Command, id: &str) -> Verdict {
    let mut grader = grader
        .arg("--nocapture")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(grader.stdout.take().unwrap()).lines();
    let mut text = String::new();
    let end = format!("#{id}");
    for line in &mut lines {
        let line = line.unwrap();
        text += &format!("{line}\n");
        // Elsewhere than on Linux, what the grader has started would outlive it.
        if cfg!(target_os = "linux") && line.contains("read on: ") && line.ends_with(&end) {
            grader.kill().unwrap();
        }
    }
    let status = grader.wait().unwrap();
    Verdict::of(status.success(), text)
}

/// Grades the programs of all lessons for which `wanted` says how, and hands each verdict to `judge`. All are
/// judged before the first one that is wrong fails the test. What is wrong is graded once more, by itself: some wrong
/// programs are told from right ones only while the machine is not too busy, which is said aloud.
pub fn grade_all(
    wanted: impl Fn(&Lesson, &Program) -> Vec<Grading>,
    judge: impl Fn(&Grading, &Verdict),
) {
    let mut gradings = Vec::new();
    for lesson in lessons() {
        let programs = workshop().programs(&lesson);
        gradings.extend(programs.iter().flat_map(|program| wanted(&lesson, program)));
    }
    assert!(!gradings.is_empty(), "there is nothing to grade");
    let (tell, told) = channel();
    QUEUE.add(gradings, &tell);
    drop(tell);
    let is_wrong = |grading: &Grading, verdict: &Verdict| {
        let judged = std::panic::AssertUnwindSafe(|| judge(grading, verdict));
        std::panic::catch_unwind(judged).is_err()
    };
    let doubtful: Vec<Grading> = told
        .into_iter()
        .filter(|(grading, verdict)| is_wrong(grading, verdict))
        .map(|(grading, _)| grading)
        .collect();
    let wrong: Vec<String> = doubtful
        .iter()
        .filter(|grading| is_wrong(grading, &grading.run()))
        .map(Grading::name)
        .collect();
    for name in doubtful.iter().map(Grading::name) {
        let is_right = !wrong.contains(&name);
        if is_right {
            let note = format!("{name}: judged otherwise beside many others than by itself");
            let _ = writeln!(std::io::stderr(), "{note}"); // past libtest's capture
        }
    }
    assert!(wrong.is_empty(), "said above: {wrong:#?}");
}

struct Waiting {
    grading: Grading,
    /// The seconds that it took the last time.
    took: f64,
    tell: Sender<(Grading, Verdict)>,
}

struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    changed: Condvar,
    times: Times,
}

impl Queue {
    fn start() -> Self {
        for _ in 0..AT_ONCE {
            std::thread::spawn(|| QUEUE.work());
        }
        Self {
            waiting: Mutex::default(),
            changed: Condvar::new(),
            times: Times::read(),
        }
    }

    fn add(&self, gradings: Vec<Grading>, tell: &Sender<(Grading, Verdict)>) {
        let waiting = gradings.into_iter().map(|grading| Waiting {
            took: self.times.of(&grading),
            grading,
            tell: tell.clone(),
        });
        let mut queue = self.waiting.lock().unwrap();
        queue.extend(waiting);
        queue.sort_by(|a, b| a.took.total_cmp(&b.took));
        self.changed.notify_all();
    }

    fn work(&self) {
        loop {
            let next = {
                let queue = self.waiting.lock().unwrap();
                let is_empty = |queue: &mut Vec<Waiting>| queue.is_empty();
                self.changed.wait_while(queue, is_empty).unwrap().pop()
            };
            let Some(next) = next else { continue };
            let start = Instant::now();
            let verdict = next.grading.run();
            self.times.add(&next.grading, start.elapsed().as_secs_f64());
            let _ = next.tell.send((next.grading, verdict)); // its test may have failed already
        }
    }
}

/// How long each grading took the last time: kept below `target/course`.
struct Times {
    file: PathBuf,
    last: BTreeMap<String, f64>,
    now: Mutex<BTreeMap<String, f64>>,
}

impl Times {
    fn read() -> Self {
        let file = target().join("course/times.json");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let last: BTreeMap<String, f64> = serde_json::from_str(&text).unwrap_or_default();
        Self {
            file,
            now: Mutex::new(last.clone()),
            last,
        }
    }

    fn of(&self, grading: &Grading) -> f64 {
        let guess = || f64::from(u8::from(matches!(grading.kind, Kind::Mistake { .. })));
        let last = self.last.get(&grading.name());
        last.copied().unwrap_or_else(guess)
    }

    fn add(&self, grading: &Grading, seconds: f64) {
        let mut now = self.now.lock().unwrap();
        now.insert(grading.name(), seconds);
        write_if_changed(&self.file, &serde_json::to_string_pretty(&*now).unwrap());
    }
}
