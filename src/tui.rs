//! The guide in a terminal: one loop that hears of keys, saved files and verdicts, and draws.
//!
//! All that takes time runs in threads that send events, so keys answer while a program hangs.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc;

use enchufe_syllabus::Language;

use crate::course::progress::Progress;
use crate::grading::child;

mod app;
mod events;
mod hearing;
mod keys;
mod plain;
mod run;
mod screen;
mod terminal;
mod view;
mod views;
mod watch;
mod worker;

use app::App;
use hearing::{Next, hear};

/// How the guide is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// As lines to be read aloud, instead of a screen that is drawn.
    pub is_plain: bool,
    /// Looking at the exercises again and again, instead of being told by the system.
    pub polls: bool,
}

/// Runs the guide until the learner quits. `notice` is to be read first.
///
/// # Errors
///
/// Where the course can't be read, or the terminal can't be drawn on.
pub fn run(
    language: Language,
    progress: Progress,
    notice: Option<String>,
    options: Options,
) -> io::Result<ExitCode> {
    let (events, heard) = mpsc::channel();
    let _watcher = watch::watch(&events, options.polls)?;
    events::signals(&events)?;
    let is_plain = options.is_plain;
    let mut app = App::new(language, progress, events.clone(), is_plain)?;
    app.notice = notice;
    if is_plain {
        events::typed(events);
        app.run_again();
        return plain::run(&mut app, &heard);
    }
    let mut terminal = terminal::Terminal::enter()?;
    events::pressed(events);
    app.run_again();
    loop {
        terminal.draw(&mut app)?;
        match hear(&mut app, &heard) {
            Next::GoOn => {}
            Next::Pause => terminal.pause(child::stop)?,
            Next::Quit => {
                app.leave();
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}
