//! Builds a lesson's programs and its grader with Cargo, from the files as they are now: what Cargo's dates miss is
//! noticed by content ([`enchufe_syllabus::provenance`]).

use std::env::consts::EXE_SUFFIX;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{ChildStderr, Command, Stdio};
use std::thread::{self, JoinHandle};

use enchufe_syllabus::Lesson;
use enchufe_syllabus::provenance::{self, Freshness};
use serde_json::Value;

use super::child::{self, Cancel};

/// What Cargo made of a lesson.
pub enum Built {
    /// The grader, and what the compiler warns of, as Cargo prints it.
    Ready { grader: Grader, warnings: String },
    /// The compiler's errors, as Cargo prints them.
    Broken(String),
    /// It was cancelled meanwhile.
    Cancelled,
}

/// A grader that was built.
#[derive(Clone, Debug)]
pub struct Grader {
    /// Its program.
    pub path: PathBuf,
    /// The lesson's reference solution, built.
    pub solution: PathBuf,
    /// The exercise, built.
    pub exercise: PathBuf,
}

/// Which program is going to be run, and has to be that of the present files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Exercise,
    Solution,
}

/// Builds the exercise, the solution and the grader of a lesson.
///
/// # Errors
///
/// Where Cargo can't be run.
pub fn build(lesson: &Lesson, wanted: Wanted, colours: bool, cancel: &Cancel) -> io::Result<Built> {
    let built = build_what_is_new(lesson, colours, cancel)?;
    let Built::Ready { grader, .. } = &built else {
        return Ok(built);
    };
    let program = match wanted {
        Wanted::Exercise => &grader.exercise,
        Wanted::Solution => &grader.solution,
    };
    if matches!(provenance::check(program, lesson), Ok(Freshness::Fresh)) {
        return Ok(built);
    }
    forget_what_is_built(lesson, cancel)?;
    build_what_is_new(lesson, colours, cancel)
}

/// Lets Cargo do what its dates call for, and records what it has built.
fn build_what_is_new(lesson: &Lesson, colours: bool, cancel: &Cancel) -> io::Result<Built> {
    let format = if colours {
        "json-diagnostic-rendered-ansi"
    } else {
        "json"
    };
    let mut cargo = cargo();
    cargo
        .args(["test", "--quiet", "--no-run", "--package", &lesson.id])
        .args(["--test", &lesson.id])
        .arg(format!("--message-format={format}"))
        .stdout(Stdio::piped());
    let mut running = cancel.start(&mut cargo).map_err(of_cargo)?;
    let errors = running.stderr().map(read_aside);
    let mut read = Messages::default();
    if let Some(stdout) = running.stdout() {
        for line in BufReader::new(stdout).lines() {
            read.line(&line?);
        }
    }
    let is_built = running.wait()?.success();
    for program in &read.programs {
        let _ = provenance::record(program, lesson); // without a record it is built once more
    }
    let said = errors.and_then(|thread| thread.join().ok());
    Ok(match read.grader(lesson) {
        _ if cancel.is_cancelled() => Built::Cancelled,
        Some(grader) if is_built => Built::Ready {
            grader,
            warnings: read.warnings,
        },
        _ if read.errors.is_empty() => Built::Broken(said.unwrap_or_default()),
        _ => Built::Broken(read.errors),
    })
}

/// Has Cargo build the lesson again the next time, without a change of any file of the learner's.
fn forget_what_is_built(lesson: &Lesson, cancel: &Cancel) -> io::Result<()> {
    let mut cargo = cargo();
    cargo
        .args(["clean", "--quiet", "--package", &lesson.id])
        .stdout(Stdio::null());
    let mut running = cancel.start(&mut cargo).map_err(of_cargo)?;
    let errors = running.stderr().map(read_aside);
    if running.wait()?.success() || cancel.is_cancelled() {
        return Ok(());
    }
    let said = errors.and_then(|thread| thread.join().ok());
    Err(of_cargo(io::Error::other(said.unwrap_or_default())))
}

fn cargo() -> Command {
    let mut cargo = child::command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(enchufe_syllabus::root())
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    cargo
}

fn of_cargo(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cargo: {}", error.to_string().trim()))
}

/// Reads what Cargo says meanwhile, so that it never waits for a reader.
fn read_aside(mut stderr: ChildStderr) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        let _ = stderr.read_to_string(&mut text);
        text
    })
}

/// What Cargo's messages say.
#[derive(Default)]
struct Messages {
    errors: String,
    warnings: String,
    grader: Option<PathBuf>,
    /// What was built just now.
    programs: Vec<PathBuf>,
}

impl Messages {
    fn line(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            return; // a line of a build script's
        };
        match message["reason"].as_str() {
            Some("compiler-message") => self.diagnostic(&message["message"]),
            Some("compiler-artifact") => self.artifact(&message),
            _ => {}
        }
    }

    fn artifact(&mut self, message: &Value) {
        let Some(program) = message["executable"].as_str().map(PathBuf::from) else {
            return;
        };
        match message["target"]["kind"][0].as_str() {
            Some("test") => self.grader = Some(program),
            Some("bin") if message["fresh"] == false => self.programs.push(program),
            _ => {}
        }
    }

    fn diagnostic(&mut self, message: &Value) {
        let Some(rendered) = message["rendered"].as_str() else {
            return;
        };
        match message["level"].as_str() {
            Some("warning") => self.warnings.push_str(rendered),
            Some("failure-note") | None => {}
            Some(_) => self.errors.push_str(rendered),
        }
    }

    fn grader(&self, lesson: &Lesson) -> Option<Grader> {
        let path = self.grader.clone()?;
        let programs = path.parent()?.parent()?.to_owned(); // target/debug/deps/tcp_client-0123
        let program = |name: &str| programs.join(format!("{name}{EXE_SUFFIX}"));
        Some(Grader {
            solution: program(&lesson.solution_program()),
            exercise: program(&lesson.id),
            path,
        })
    }
}
