//! The guide: `cargo run`, or `cargo enchufe COMMAND`.

mod args;
mod build;
mod child;
mod commands;
mod course;
mod describe;
mod export;
mod grade;
mod hash;
mod markdown;
mod progress;
mod style;
mod tongue;
mod tui;
mod undo;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use enchufe_syllabus::{Language, Words};

/// The exit code for arguments that were wrong.
const WRONG_ARGUMENTS: u8 = 2;

fn main() -> ExitCode {
    let (progress, aside) = progress::read();
    let language = Language::current();
    let words = Words::of(&language);
    let matches = match args::parse(std::env::args_os(), &words) {
        Ok(matches) => matches,
        Err((text, true)) => {
            let _ = write!(io::stdout(), "{text}"); // whoever closed it wants no more of it
            return ExitCode::SUCCESS;
        }
        Err((text, false)) => {
            eprint!("{text}");
            return WRONG_ARGUMENTS.into();
        }
    };
    let notice = aside.map(|aside| {
        let parts = [("place", aside.place.display().to_string())];
        words.say(aside.why, &parts)
    });
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let is_drawn = is_terminal && matches.subcommand().is_none();
    if let Some(notice) = notice.as_ref().filter(|_| !is_drawn) {
        eprintln!("enchufe: {notice}");
    }
    let ended = match matches.subcommand() {
        None if is_drawn => tui::run(language, progress, notice, &matches),
        None => commands::list(&language, &words, &progress, commands::is_plain(&matches)),
        Some((name, matches)) => commands::run(name, matches, language, &words, &progress),
    };
    match ended {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enchufe: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The time as names of files hold it.
fn now() -> String {
    chrono::Local::now().format("%Y-%m-%d-%H%M%S").to_string()
}
