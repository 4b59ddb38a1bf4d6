//! One turn of the loop: what has happened since the last one, and what it changes.

use std::sync::mpsc;
use std::time::Duration;

use super::app::App;
use super::events::Event;
use super::keys;

/// An editor that saves in two writes is heard once.
const QUIET: Duration = Duration::from_millis(20);

/// While something runs, the screen says for how long.
const SECOND: Duration = Duration::from_secs(1);

/// What the loop does after what it has heard.
#[derive(PartialEq, Eq)]
pub enum Next {
    GoOn,
    /// The learner's shell has the terminal until it says otherwise.
    Pause,
    Quit,
}

/// Waits for what happens next, and takes all that has happened since.
pub fn hear(app: &mut App, heard: &mpsc::Receiver<Event>) -> Next {
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
            Event::Shown(id, shown) => app.shown(id, shown),
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
