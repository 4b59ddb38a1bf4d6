//! The commands by name, for scripts and for whoever prefers them.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::ArgMatches;
use enchufe_syllabus::{Language, Words, root};

use self::args::is_plain;
use crate::course::progress::Progress;
use crate::course::{Chapter, Course, status};
use crate::text::line::Line;

pub mod args;
mod change;
mod check;
mod export;
mod list;
mod pages;
mod show;

pub use list::list;

/// The exit code for arguments that were wrong.
pub const WRONG_ARGUMENTS: u8 = 2;

/// What every command works with.
struct Desk<'a> {
    course: Course,
    words: &'a Words,
    progress: &'a Progress,
    matches: &'a ArgMatches,
    is_terminal: bool,
}

/// Why a command ends otherwise than well.
enum Refused {
    /// What to say on standard error, if anything, and the exit code.
    Because(String, u8),
    Failed(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Runs a command.
///
/// # Errors
///
/// Where the system refuses what the command needs.
pub fn run(
    name: &str,
    matches: &ArgMatches,
    language: Language,
    words: &Words,
    progress: &Progress,
) -> io::Result<ExitCode> {
    if name == "list" {
        return list(&language, words, progress, is_plain(matches));
    }
    let desk = Desk {
        course: Course::open(&language)?,
        words,
        progress,
        matches,
        is_terminal: io::IsTerminal::is_terminal(&io::stdout()) && !is_plain(matches),
    };
    let ended = match name {
        "check" => check::check(&desk),
        "hint" => pages::hint(&desk),
        "read" => pages::read(&desk),
        "show" => show::show(&desk),
        "solution" => pages::solution(&desk),
        "reset" => change::reset(&desk),
        "language" => change::language(&desk),
        _ => completions(&desk),
    };
    match ended {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Refused::Failed(error)) => Err(error),
        Err(Refused::Because(why, code)) => {
            if !why.is_empty() {
                eprintln!("enchufe: {why}");
            }
            Ok(code.into())
        }
    }
}

/// What a shell needs to complete the guide's arguments.
fn completions(desk: &Desk<'_>) -> Result<(), Refused> {
    if let Some(&shell) = desk.matches.get_one::<clap_complete::Shell>("shell") {
        let mut command = args::command(desk.words).bin_name("enchufe");
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, "enchufe", &mut script);
        io::stdout().lock().write_all(&script)?;
    }
    Ok(())
}

fn print(lines: &[Line], is_terminal: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", line.painted(is_terminal).trim_end())?;
    }
    out.flush()
}

impl Desk<'_> {
    /// The lesson that was named, or the one where the learner is, and the step.
    fn target(&self) -> Result<(&Chapter, u8), Refused> {
        let (current, _) = status::current(&self.course, self.progress);
        let index = match self.matches.get_one::<String>("lesson") {
            Some(name) => self.course.find(name).ok_or_else(|| self.no_lesson(name))?,
            None => current,
        };
        let chapter = self.course.chapters.get(index);
        let chapter = chapter.ok_or_else(|| self.no_lesson("1"))?;
        let step = match self.matches.try_get_one::<u8>("step") {
            Ok(Some(&step)) if chapter.step(step).is_none() => {
                return Err(self.no_step(chapter, step));
            }
            Ok(Some(&step)) => step,
            _ => status::next_step(chapter, self.progress),
        };
        Ok((chapter, step))
    }

    /// The lessons that were asked for, with `--all` every one.
    fn targets(&self) -> Result<Vec<&Chapter>, Refused> {
        if self.matches.get_flag("all") {
            return Ok(self.course.chapters.iter().collect());
        }
        self.target().map(|(chapter, _)| vec![chapter])
    }

    fn no_lesson(&self, name: &str) -> Refused {
        let ids: Vec<_> = self.course.chapters.iter().map(Chapter::id).collect();
        let parts = [("name", name.to_owned()), ("lessons", ids.join(", "))];
        Refused::Because(self.words.say("no-lesson", &parts), WRONG_ARGUMENTS)
    }

    fn no_step(&self, chapter: &Chapter, step: u8) -> Refused {
        let parts = [
            ("lesson", chapter.id().to_owned()),
            ("step", step.to_string()),
            ("steps", chapter.steps.len().to_string()),
        ];
        Refused::Because(self.words.say("no-step", &parts), WRONG_ARGUMENTS)
    }

    fn page(&self, chapter: &Chapter) -> io::Result<String> {
        let told =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", chapter.page));
        std::fs::read_to_string(root().join(&chapter.page)).map_err(told)
    }

    fn is_plain(&self) -> bool {
        is_plain(self.matches)
    }

    fn width(&self) -> usize {
        let width = crossterm::terminal::size().map(|(columns, _)| usize::from(columns));
        width
            .ok()
            .filter(|_| self.is_terminal)
            .unwrap_or(80)
            .clamp(20, 100)
    }

    /// Prints lines, broken where they are wider than the terminal.
    fn print(&self, lines: &[Line]) -> io::Result<()> {
        let width = self.width();
        let lines: Vec<Line> = lines.iter().flat_map(|line| line.wrapped(width)).collect();
        print(&lines, self.is_terminal)
    }
}
