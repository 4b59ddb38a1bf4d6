//! Hears of files below `exercises/` that change.

use std::io;
use std::sync::mpsc::Sender;
use std::time::Duration;

use enchufe_syllabus::root;
use notify::{Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::events::Event;

/// How often `--poll` looks.
const POLL: Duration = Duration::from_millis(500);

/// Watches, as long as what it returns is held.
pub fn watch(events: &Sender<Event>, polls: bool) -> io::Result<Box<dyn Watcher + Send>> {
    let tell = || {
        let events = events.clone();
        move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                let _ = events.send(Event::Saved); // after the guide's end nobody listens
            }
        }
    };
    let config = Config::default()
        .with_poll_interval(POLL)
        .with_compare_contents(true);
    let folder = root().join("exercises");
    if !polls && let Ok(mut watcher) = RecommendedWatcher::new(tell(), config) {
        // It fails where the system has no more watches to give: then the guide polls.
        if watcher.watch(&folder, RecursiveMode::Recursive).is_ok() {
            return Ok(Box::new(watcher));
        }
    }
    let mut watcher = PollWatcher::new(tell(), config).map_err(io::Error::other)?;
    watcher
        .watch(&folder, RecursiveMode::Recursive)
        .map_err(io::Error::other)?;
    Ok(Box::new(watcher))
}
