//! What a learner waits for: `cargo bench`. Each figure is the median of several runs.
//!
//! - from saving an exercise to the verdict of its first step, build included;
//! - the whole grader on the solution, with what it has built already.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 7;

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let solution = root.join("target/debug/tcp-client-solution");
    let grade = |filter: &str, program: Option<&Path>| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .current_dir(&root)
            .args(["test", "--quiet", "-p", "tcp-client", filter]);
        cargo
            .env_remove("CARGO_TARGET_DIR")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        match program {
            Some(program) => cargo.env("ENCHUFE_PROGRAM", program),
            None => cargo.env_remove("ENCHUFE_PROGRAM"),
        };
        cargo
            .status()
            .map(|status| status.success())
            .unwrap_or(false)
    };
    if !grade("", Some(&solution)) {
        eprintln!("the grader rejects the solution: there is nothing to measure");
        return ExitCode::FAILURE;
    }
    let stub = root.join("exercises/01-tcp-client/src/main.rs");
    let saved = median(|| {
        touch(&stub);
        grade("step_1", None);
    });
    let whole = median(|| {
        grade("", Some(&solution));
    });
    println!(
        "from saving the stub to the verdict of step 1   {:.2} s",
        saved.as_secs_f64()
    );
    println!(
        "the whole grader on the solution                {:.2} s",
        whole.as_secs_f64()
    );
    ExitCode::SUCCESS
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
