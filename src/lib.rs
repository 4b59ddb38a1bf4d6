//! The guide: what `cargo run` and `cargo enchufe COMMAND` do.
//!
//! Its rooms are layers; each imports only those above it in this list, and `tui` does not import `cli`:
//!
//! - [`text`]: lines with tones, Markdown to lines;
//! - [`course`]: lessons with their steps, progress, the way back to a stub, the choice of a language;
//! - [`grading`]: runs Cargo and the graders;
//! - [`cli`]: the commands by name, also for programs;
//! - [`tui`]: the guide in a terminal, by keys.

pub mod text;

pub mod course;

pub mod grading;

pub mod cli;

pub mod tui;
