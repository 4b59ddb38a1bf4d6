//! What a learner waits for: `cargo bench`. Each figure is the median of several runs.
//!
//! - in the guide, from saving an exercise to the verdict of its first step, and to that of the whole lesson;
//! - by `cargo test`, from saving an exercise to the verdict of its first step, build included;
//! - the whole grader on the solution, with what it has built already.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on may panic"
)]

#[cfg(unix)]
mod guide;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant, SystemTime};

use enchufe_syllabus::{Lesson, root};

const RUNS: usize = 7;

fn main() -> ExitCode {
    #[cfg(unix)]
    {
        let (first, whole) = guide::waits(3 * RUNS);
        println!(
            "the guide    from saving to the verdict of step 1  {:.2} s   the whole lesson    {:.2} s",
            first.as_secs_f64(),
            whole.as_secs_f64()
        );
    }
    for lesson in Lesson::all().unwrap() {
        let id = &lesson.id;
        let solution = built(&lesson.solution_program());
        if !grade(id, "", Some(&solution)) {
            eprintln!("{id}: the grader rejects the solution: there is nothing to measure");
            return ExitCode::FAILURE;
        }
        let exercise = root().join(lesson.exercise());
        let saved = median((0..RUNS).map(|_| {
            touch(&exercise);
            time(|| grade(id, "step_1::", None))
        }));
        let whole = median((0..RUNS).map(|_| time(|| grade(id, "", Some(&solution)))));
        println!(
            "{id:<12} from saving to the verdict of step 1  {:.2} s   the whole solution  {:.2} s",
            saved.as_secs_f64(),
            whole.as_secs_f64()
        );
    }
    ExitCode::SUCCESS
}

/// A program as `cargo test` builds it, which a bench is not.
fn built(name: &str) -> PathBuf {
    let guide = Path::new(env!("CARGO_BIN_EXE_enchufe")); // target/release/enchufe
    let target = guide.ancestors().nth(2).unwrap_or(guide);
    target.join("debug").join(name)
}

/// Grades the exercise, or another program, as a learner does; whether it passes.
fn grade(id: &str, filter: &str, program: Option<&Path>) -> bool {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root())
        .args(["test", "--quiet", "-p", id, filter])
        .env_remove("ENCHUFE_PROGRAM")
        .envs(program.map(|program| ("ENCHUFE_PROGRAM", program)))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    cargo.status().is_ok_and(|status| status.success())
}

/// A new date makes Cargo build the file again, as saving it does.
fn touch(file: &Path) {
    let opened = std::fs::File::options().append(true).open(file);
    let touched = opened.and_then(|opened| opened.set_modified(SystemTime::now()));
    if let Err(error) = touched {
        eprintln!("{}: {error}", file.display());
    }
}

fn time<T>(act: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    act();
    start.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}
