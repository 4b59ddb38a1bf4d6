//! `cargo run`: lists the lessons with their state, and says where to begin.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use enchufe_harness::{Language, Page, Words, root, todo_steps};

/// Learn network sockets in Rust · Aprende sockets de red en Rust
///
/// Lists the lessons and says where to begin. ENCHUFE_LANG=en or es chooses the language.
/// Muestra las lecciones y dice dónde empezar. ENCHUFE_LANG=en o es elige el idioma.
#[derive(Parser)]
#[command(version)]
struct Args {}

fn main() -> ExitCode {
    let Args {} = Args::parse();
    match list() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enchufe: {error}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> io::Result<()> {
    let language = Language::current();
    let words = Words::of(&language);
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n", words.say("welcome", &[]))?;
    let mut next = None;
    for name in lessons()? {
        let page = Page::open(&language, &name)?;
        let state = state(&name, &page)?;
        writeln!(out, "  {:<32} {}", page.title, state.say(&words))?;
        if !matches!(state, State::Written) && next.is_none() {
            next = Some((name, page, state));
        }
    }
    writeln!(out)?;
    match next {
        Some((name, page, State::Waiting { step, place, .. })) => {
            let heading = page
                .section(&format!("step-{step}"))
                .map_or("", |section| &section.heading);
            let package = name
                .split_once('-')
                .map_or(name.as_str(), |(_, package)| package);
            let parts = [
                ("step", heading.to_owned()),
                ("place", place),
                ("page", format!("{}#step-{step}", page.path)),
                ("command", format!("cargo test -p {package} step_{step}")),
            ];
            for id in ["next-step", "next-read", "next-grade"] {
                writeln!(out, "{}", words.say(id, &parts))?;
            }
        }
        _ => writeln!(out, "{}", words.say("all-written", &[]))?,
    }
    writeln!(out, "\n{}", words.say("other-language", &[]))
}

/// The lessons that there are exercises for: the names of their folders.
fn lessons() -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root().join("exercises"))? {
        names.extend(
            entry?
                .file_name()
                .into_string()
                .ok()
                .filter(|name| !name.starts_with('.')),
        );
    }
    names.sort();
    Ok(names)
}

/// How far an exercise is, as its source says.
enum State {
    /// Some steps are still a `todo!`; this is the first of them.
    Waiting {
        step: u8,
        waiting: usize,
        steps: usize,
        place: String,
    },
    /// No `todo!` is left. Only the grader knows whether it is right.
    Written,
}

impl State {
    fn say(&self, words: &Words) -> String {
        match self {
            Self::Written => words.say("state-written", &[]),
            Self::Waiting { waiting, steps, .. } if waiting == steps => {
                words.say("state-not-begun", &[("steps", steps.to_string())])
            }
            Self::Waiting { waiting, steps, .. } => {
                let begun = (steps - waiting).to_string();
                words.say(
                    "state-begun",
                    &[("begun", begun), ("steps", steps.to_string())],
                )
            }
        }
    }
}

fn state(name: &str, page: &Page) -> io::Result<State> {
    let file = format!("exercises/{name}/src/main.rs");
    let source = std::fs::read_to_string(root().join(Path::new(&file)))
        .map_err(|error| io::Error::new(error.kind(), format!("{file}: {error}")))?;
    let todos = todo_steps(&source);
    let is_step = |id: &str| {
        id.strip_prefix("step-")
            .is_some_and(|step| step.parse::<u8>().is_ok())
    };
    let steps = page
        .sections()
        .iter()
        .filter(|section| is_step(&section.id))
        .count();
    Ok(match todos.first_key_value() {
        None => State::Written,
        Some((&step, line)) => State::Waiting {
            step,
            waiting: todos.len().min(steps),
            steps,
            place: format!("{file}:{line}"),
        },
    })
}
