//! What a learner waits for: `cargo bench`. Each figure is the median of several runs.
//!
//! - in the guide, from saving an exercise to the verdict of its first step on the screen;
//! - by `cargo test`, from saving an exercise to the verdict of its first step, build included;
//! - the whole grader on the solution, with what it has built already.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on may panic"
)]

// Parts of the course's own tests: a learner with a copy of a course.
#[cfg(unix)]
#[expect(unused_imports, dead_code, reason = "its unit tests run elsewhere")]
#[path = "../tests/course/checkpoint.rs"]
mod checkpoint;
#[cfg(unix)]
#[path = "../tests/course/clone.rs"]
mod clone;
#[cfg(unix)]
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/course/learner.rs"]
mod learner;
#[cfg(unix)]
#[path = "../tests/course/programs.rs"]
mod programs;
#[cfg(unix)]
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/course/terminal.rs"]
mod terminal;
#[cfg(unix)]
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/course/workshop.rs"]
mod workshop;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use enchufe_syllabus::Lesson;

const RUNS: usize = 7;

fn main() -> ExitCode {
    #[cfg(unix)]
    println!(
        "the guide    from saving to the verdict of step 1  {:.2} s",
        in_the_guide().as_secs_f64()
    );
    let root = root();
    for lesson in lessons() {
        let solution = root.join("target/debug").join(lesson.solution_program());
        let id = &lesson.id;
        if !grade(&root, id, "", Some(&solution)) {
            eprintln!("{id}: the grader rejects the solution: there is nothing to measure");
            return ExitCode::FAILURE;
        }
        let stub = root.join(lesson.exercise());
        let saved = median(|| {
            touch(&stub);
            grade(&root, id, "step_1::", None);
        });
        let whole = median(|| {
            grade(&root, id, "", Some(&solution));
        });
        println!(
            "{id:<12} from saving to the verdict of step 1  {:.2} s   the whole solution  {:.2} s",
            saved.as_secs_f64(),
            whole.as_secs_f64()
        );
    }
    ExitCode::SUCCESS
}

/// All lessons, in their order.
fn lessons() -> Vec<Lesson> {
    Lesson::all().unwrap()
}

/// The root of the course.
fn root() -> PathBuf {
    enchufe_syllabus::root()
}

/// The text of a file.
#[cfg(unix)]
fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A line is changed, and the guide's screen says how step 1 is.
#[cfg(unix)]
fn in_the_guide() -> Duration {
    let learner = learner::Learner::new("bench");
    let source = learner.checkpoint(1);
    let terminal = learner.terminal(80, &[], &[]);
    terminal.shows(&["not begun"]);
    let mut times: Vec<Duration> = (1..=3 * RUNS)
        .map(|number| {
            let source = source.replace(
                "let mut stream",
                &format!("let _number = {number};\n    let mut stream"),
            );
            let start = Instant::now();
            learner.saves(&source);
            terminal.shows(&["building"]);
            terminal.shows(&["✔ Step 1"]);
            let time = start.elapsed();
            terminal.shows(&["not begun"]);
            time
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

/// Grades the exercise, or another program, as a learner does; whether it passes.
fn grade(root: &Path, package: &str, filter: &str, program: Option<&Path>) -> bool {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root)
        .args(["test", "--quiet", "-p", package, filter])
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("ENCHUFE_PROGRAM")
        .envs(program.map(|program| ("ENCHUFE_PROGRAM", program)))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    cargo.status().is_ok_and(|status| status.success())
}

/// A new date makes Cargo build the file again, as saving it does.
fn touch(file: &Path) {
    let now = std::time::SystemTime::now();
    let opened = std::fs::File::options().append(true).open(file);
    if let Err(error) = opened.and_then(|opened| opened.set_modified(now)) {
        eprintln!("{}: {error}", file.display());
    }
}

fn median(run: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}
