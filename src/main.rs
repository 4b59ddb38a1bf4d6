//! The guide: `cargo run`, or `cargo enchufe COMMAND`.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use enchufe::cli::{self, args};
use enchufe::course::progress;
use enchufe::tui;
use enchufe_syllabus::{Language, Words, find_root};

fn main() -> ExitCode {
    if find_root().is_none() {
        return no_course();
    }
    let (progress, aside) = progress::read();
    let language = Language::current();
    let words = Words::of(&language);
    let matches = match args::parse(env::args_os(), &words) {
        Ok(matches) => matches,
        Err((text, true)) => {
            let _ = write!(io::stdout(), "{text}"); // whoever closed it wants no more of it
            return ExitCode::SUCCESS;
        }
        Err((text, false)) => {
            eprint!("{text}");
            return cli::WRONG_ARGUMENTS.into();
        }
    };
    let notice = aside.map(|aside| {
        let parts = [("place", aside.kept_at.display().to_string())];
        words.say(aside.why, &parts)
    });
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let is_drawn = is_terminal && matches.subcommand().is_none();
    if let Some(notice) = notice.as_ref().filter(|_| !is_drawn) {
        eprintln!("enchufe: {notice}");
    }
    let ended = match matches.subcommand() {
        None if is_drawn => {
            let options = tui::Options {
                is_plain: args::is_plain(&matches),
                polls: matches.get_flag("poll"),
            };
            tui::run(language, progress, notice, options)
        }
        None => cli::list(&language, &words, &progress, args::is_plain(&matches)),
        Some((name, matches)) => cli::run(name, matches, language, &words, &progress),
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

/// Where there is no course there are no words of it: this line alone is not in `docs/`.
fn no_course() -> ExitCode {
    let here = env::current_dir().unwrap_or_default();
    eprintln!(
        "enchufe: no course in {0} or above it · no hay ningún curso en {0} ni más arriba",
        here.display()
    );
    ExitCode::FAILURE
}
