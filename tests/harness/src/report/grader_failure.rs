//! A failure of the grader itself: it has no descriptor left, no loopback, no room on the disk.
//!
//! What the grader needs of the system it takes with `expect`, and a panic of a test with a scene is therefore
//! the grader's own; what it finds of a program unwinds without a panic. So the panic is told for what it is, with
//! what helps, and never as a verdict on the program.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use enchufe_syllabus::result::Outcome;
use enchufe_syllabus::{Language, Words};

use crate::report::{notes, result_file};

thread_local! {
    static HAS_A_SCENE: Cell<bool> = const { Cell::new(false) };
}

/// From here on, a panic of this thread is a failure of the grader's, until `stop_telling`.
pub fn tell_from_here_on() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if HAS_A_SCENE.get() {
                tell(panic);
            }
            usual(panic);
        }));
    });
    HAS_A_SCENE.set(true);
}

/// The scene is over: what panics now is something else.
pub fn stop_telling() {
    HAS_A_SCENE.set(false);
}

fn tell(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let said = text
        .or(payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("panic");
    let what = what_is_said_to_be_missing(said).unwrap_or_else(what_is_missing);
    let words = Words::of(&Language::current());
    let help = words.say(what, &[]);
    let reason = words.say(
        "grader-failed",
        &[("error", said.to_owned()), ("help", help)],
    );
    if notes::is_first(0, what) {
        println!("{reason}");
    }
    result_file::tell(Outcome::GraderFailed { reason });
}

/// What an error of the system says itself, as `Display` and `Debug` write its number (errno(3)).
fn what_is_said_to_be_missing(said: &str) -> Option<&'static str> {
    const EMFILE: u8 = 24;
    const ENOSPC: u8 = 28;
    let is_said = |errno: u8| {
        [format!("os error {errno})"), format!("code: {errno},")]
            .iter()
            .any(|text| said.contains(text))
    };
    match () {
        () if is_said(EMFILE) => Some("needs-descriptors"),
        () if is_said(ENOSPC) => Some("needs-room"),
        () => None,
    }
}

/// What the system does not give now, looked at one by one: the id of what helps.
fn what_is_missing() -> &'static str {
    let room = || -> io::Result<()> {
        let path = std::env::temp_dir().join(format!("enchufe-room-{}", std::process::id()));
        let mut file = File::create_new(&path)?;
        let written = file.write_all(&[0; 4096]).and_then(|()| file.sync_all());
        std::fs::remove_file(&path)?;
        written
    };
    let own_program = || File::open(std::env::current_exe()?);
    match () {
        () if own_program().is_err() => "needs-descriptors",
        () if TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).is_err() => "needs-loopback",
        () if room().is_err() => "needs-room",
        () => "needs-a-report",
    }
}
