//! What the guide hears of, and the threads that listen for it.

use std::io;
use std::sync::mpsc;
use std::thread;

use crossterm::event::{Event as Input, KeyEvent, KeyEventKind};
use enchufe_syllabus::result::Report;

use crate::grading::verdict::StepResult;

/// What the loop hears of.
pub enum Event {
    Key(KeyEvent),
    /// A line that was typed, with `--plain`.
    Typed(String),
    Resized,
    /// Something below `exercises/` has changed.
    Saved,
    /// News of the run with this number.
    Run(u64, News),
    /// The picture of the solution's run, if there is one.
    Shown(u64, Option<Box<Report>>),
    Quit,
}

/// How a run goes.
pub enum News {
    /// The compiler's errors.
    Broken(String),
    /// It is built; what the compiler warns of.
    Built(String),
    Step(Box<StepResult>),
    Ended,
    /// Something that kept it from being run.
    Trouble(String),
}

/// Sends the keys that are pressed.
pub fn pressed(events: mpsc::Sender<Event>) {
    thread::spawn(move || {
        loop {
            let event = match crossterm::event::read() {
                Ok(Input::Key(key)) if key.kind != KeyEventKind::Release => Event::Key(key),
                Ok(Input::Resize(..)) => Event::Resized,
                Ok(_) => continue,
                Err(_) => Event::Quit, // the terminal is gone
            };
            let is_last = matches!(event, Event::Quit);
            if events.send(event).is_err() || is_last {
                return;
            }
        }
    });
}

/// Sends the lines that are typed.
pub fn typed(events: mpsc::Sender<Event>) {
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if events.send(Event::Typed(line)).is_err() {
                return;
            }
        }
        let _ = events.send(Event::Quit); // the input has ended
    });
}

/// A signal that asks for the end is no reason to leave the terminal as it is.
#[cfg(unix)]
pub fn signals(events: &mpsc::Sender<Event>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    let events = events.clone();
    thread::spawn(move || {
        for _ in signals.forever() {
            if events.send(Event::Quit).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Elsewhere a terminal sends Ctrl+C as a key.
#[cfg(not(unix))]
pub fn signals(_: &mpsc::Sender<Event>) -> io::Result<()> {
    Ok(())
}
