//! The course's own tests, in one program: `cargo test`, or `cargo test gradings::mistakes` for a part of them.
//!
//! All programs that are graded here are built in one call of Cargo (`workshop`), and graded from one queue
//! (`gradings`). No test reads what a learner has written in `exercises/`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod adding;
mod checkpoint;
mod clone;
mod docs;
mod gradings;
mod guide;
#[cfg(unix)]
mod guide_survives;
#[cfg(unix)]
mod guide_terminal;
#[cfg(target_os = "linux")]
mod hostile;
mod house;
#[cfg_attr(
    not(unix),
    allow(dead_code, reason = "the tests of a terminal use the rest of it")
)]
mod learner;
mod programs;
#[cfg(unix)]
mod terminal;
mod verdict;
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};

use enchufe_syllabus::Lesson;

/// All lessons, in their order.
fn lessons() -> Vec<Lesson> {
    Lesson::all().unwrap()
}

/// The root of the course.
fn root() -> PathBuf {
    enchufe_syllabus::root()
}

/// The text of a file.
#[track_caller]
fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
