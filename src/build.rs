//! Builds a lesson's program and its grader with Cargo.

use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::child::{self, Cancel};
use crate::course::Lesson;

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
}

/// Builds the exercise, the solution and the grader of a lesson.
pub fn build(lesson: &Lesson, colours: bool, cancel: &Cancel) -> io::Result<Built> {
    let format = if colours {
        "json-diagnostic-rendered-ansi"
    } else {
        "json"
    };
    let mut cargo = child::command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(enchufe_syllabus::root())
        .args(["test", "--quiet", "--no-run", "--package", lesson.id()])
        .args(["--test", lesson.id()])
        .arg(format!("--message-format={format}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = cancel
        .start(&mut cargo)
        .map_err(|error| io::Error::new(error.kind(), format!("cargo: {error}")))?;
    let errors = running.stderr().map(|mut stderr| {
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        })
    });
    let mut read = Messages::default();
    if let Some(stdout) = running.stdout() {
        for line in BufReader::new(stdout).lines() {
            read.line(&line?);
        }
    }
    let is_built = running.wait()?.success();
    let said = errors
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    Ok(match read.grader(lesson) {
        _ if cancel.is_cancelled() => Built::Cancelled,
        Some(grader) if is_built => Built::Ready {
            grader,
            warnings: read.warnings,
        },
        _ if read.errors.is_empty() => Built::Broken(said),
        _ => Built::Broken(read.errors),
    })
}

/// What Cargo's messages say.
#[derive(Default)]
struct Messages {
    errors: String,
    warnings: String,
    grader: Option<PathBuf>,
}

impl Messages {
    fn line(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            return; // a line of a build script's
        };
        match message["reason"].as_str() {
            Some("compiler-message") => self.diagnostic(&message["message"]),
            Some("compiler-artifact") if message["target"]["kind"][0] == "test" => {
                self.grader = message["executable"].as_str().map(PathBuf::from);
            }
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
        let solution = format!("{}-solution{}", lesson.id(), std::env::consts::EXE_SUFFIX);
        let solution = path.parent()?.parent()?.join(solution); // target/debug/deps/tcp_client-0123
        Some(Grader { path, solution })
    }
}
