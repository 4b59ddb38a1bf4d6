//! The guide in a terminal: one loop that hears of keys, saved files and verdicts, and draws.
//!
//! All that takes time runs in threads that send events, so keys answer while a program hangs.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::ArgMatches;
use crossterm::event::{Event as Input, KeyEvent, KeyEventKind};
use enchufe_syllabus::Language;

use crate::child;
use crate::commands::is_plain;
use crate::grade::Verdict;
use crate::progress::Progress;

mod app;
mod keys;
mod plain;
mod screen;
mod terminal;
mod views;
mod watch;
mod worker;

use app::App;

/// An editor that saves in two writes is heard once.
const QUIET: Duration = Duration::from_millis(20);

/// While something runs, the screen says for how long.
const SECOND: Duration = Duration::from_secs(1);

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
    Shown(u64, Option<String>),
    Quit,
}

/// How a run goes.
pub enum News {
    /// The compiler's errors.
    Broken(String),
    /// It is built; what the compiler warns of.
    Built(String),
    Verdict(Box<Verdict>),
    Ended,
    /// Something that kept it from being run.
    Trouble(String),
}

/// Runs the guide until the learner quits. `notice` is to be read first.
pub fn run(
    language: Language,
    progress: Progress,
    notice: Option<String>,
    matches: &ArgMatches,
) -> io::Result<ExitCode> {
    let (events, heard) = mpsc::channel();
    let _watcher = watch::watch(&events, matches.get_flag("poll"))?;
    signals(&events)?;
    let is_plain = is_plain(matches);
    let mut app = App::new(language, progress, events.clone(), is_plain)?;
    app.notice = notice;
    if is_plain {
        typed(events);
        app.run_again();
        return plain::run(&mut app, &heard);
    }
    let mut terminal = terminal::Terminal::enter()?;
    pressed(events);
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

/// What the loop does after what it has heard.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    /// The learner's shell has the terminal until it says otherwise.
    Pause,
    Quit,
}

/// Waits for what happens next, and takes all that has happened since.
fn hear(app: &mut App, heard: &mpsc::Receiver<Event>) -> Next {
    let mut next = if app.is_running() && !app.is_plain {
        match heard.recv_timeout(SECOND) {
            Err(mpsc::RecvTimeoutError::Timeout) => return Next::GoOn, // the clock on the screen goes on
            event => event.ok(),
        }
    } else {
        heard.recv().ok()
    };
    let mut has_saved = false;
    let mut then = Next::GoOn;
    while let Some(event) = next {
        match event {
            Event::Saved => has_saved = true,
            Event::Quit => return Next::Quit,
            Event::Key(key) if keys::is_pause(key) => then = Next::Pause,
            Event::Key(key) if !app.key(key) => return Next::Quit,
            Event::Typed(line) if !app.typed(&line) => return Next::Quit,
            Event::Key(_) | Event::Typed(_) | Event::Resized => {}
            Event::Run(id, news) => app.news(id, news),
            Event::Shown(id, picture) => app.shown(id, picture),
        }
        next = match has_saved {
            true => heard.recv_timeout(QUIET).ok(),
            false => heard.try_recv().ok(),
        };
    }
    if has_saved {
        app.saved();
    }
    then
}

fn pressed(events: mpsc::Sender<Event>) {
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

fn typed(events: mpsc::Sender<Event>) {
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
fn signals(events: &mpsc::Sender<Event>) -> io::Result<()> {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
        let signals = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
        let mut signals = signal_hook::iterator::Signals::new(signals)?;
        let events = events.clone();
        thread::spawn(move || {
            for _ in signals.forever() {
                if events.send(Event::Quit).is_err() {
                    return;
                }
            }
        });
    }
    Ok(())
}
