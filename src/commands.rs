//! The commands by name, for scripts and for whoever prefers them.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::ArgMatches;
use enchufe_syllabus::{Language, Words, root};

use crate::course::{Course, Lesson};
use crate::progress::{self, Progress};
use crate::style::{Line, Tone};
use crate::{WRONG_ARGUMENTS, args, describe, markdown, tongue, undo};

mod check;
mod show;

pub use check::step_lines;
pub use show::PictureOf;

/// What every command works with.
struct Desk<'a> {
    course: Course,
    words: &'a Words,
    progress: &'a Progress,
    matches: &'a ArgMatches,
    is_terminal: bool,
}

/// Why a command ends otherwise than well: what to say on standard error, and the exit code.
struct Refused(String, u8);

/// Whether what is said is to be read aloud: `--plain`, the variable that the graders know too, or a
/// terminal that can do no more than print (terminfo(5): `dumb`).
pub fn is_plain(matches: &ArgMatches) -> bool {
    let terminal = std::env::var_os("TERM");
    let is_dumb = match terminal {
        Some(name) => name == "dumb",
        None => cfg!(unix) && io::stdout().is_terminal(),
    };
    is_dumb || matches.get_flag("plain") || std::env::var_os("ENCHUFE_PLAIN").is_some()
}

/// Runs a command.
pub fn run(
    name: &str,
    matches: &ArgMatches,
    language: Language,
    words: &Words,
    progress: &Progress,
) -> io::Result<ExitCode> {
    let desk = Desk {
        course: Course::open(&language)?,
        words,
        progress,
        matches,
        is_terminal: io::stdout().is_terminal() && !is_plain(matches),
    };
    let ended = match name {
        "check" => check::check(&desk)?,
        "list" => return list(&language, words, progress, is_plain(matches)),
        "hint" => desk.hint()?,
        "read" => desk.read()?,
        "show" => show::show(&desk)?,
        "solution" => desk.solution()?,
        "reset" => desk.reset()?,
        "language" => desk.language()?,
        _ => desk.completions()?,
    };
    match ended {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Refused(why, code)) => {
            if !why.is_empty() {
                eprintln!("enchufe: {why}");
            }
            Ok(code.into())
        }
    }
}

/// All lessons and steps with their marks, and where to go on.
pub fn list(
    language: &Language,
    words: &Words,
    progress: &Progress,
    is_plain: bool,
) -> io::Result<ExitCode> {
    let course = Course::open(language)?;
    let is_terminal = io::stdout().is_terminal() && !is_plain;
    let mut lines = vec![Line::of(words.say("welcome", &[]), Tone::Strong)];
    for lesson in &course.lessons {
        let steps = [
            ("solved", describe::solved_in(lesson, progress).to_string()),
            ("steps", lesson.steps.len().to_string()),
        ];
        lines.push(Line::default());
        let id = format!("  {} · {}", lesson.id(), words.say("solved-of", &steps));
        lines.push(Line::of(&lesson.title, Tone::Strong).with(id, Tone::Quiet));
        for step in &lesson.steps {
            let mark = describe::mark_of(lesson, step.number, progress);
            lines.push(mark.line(&step.title, words, is_plain));
        }
    }
    lines.push(Line::default());
    let (lesson, step) = describe::current(&course, progress);
    match course.lessons.get(lesson) {
        Some(_) if describe::solved(&course, progress) == course.steps() => {
            lines.push(Line::plain(words.say("all-solved", &[])));
        }
        Some(lesson) => lines.extend(next(lesson, step, words)),
        None => {}
    }
    lines.push(Line::default());
    lines.push(Line::of(words.say("other-language", &[]), Tone::Quiet));
    print(&lines, is_terminal)?;
    Ok(ExitCode::SUCCESS)
}

/// Where to go on: the step, its page, and how to grade it.
fn next(lesson: &Lesson, step: u8, words: &Words) -> Vec<Line> {
    let title = lesson.step(step).map_or("", |step| &step.title).to_owned();
    let line = Line::plain(words.say("next-step", &[("step", title)]));
    let page = [("page", format!("{}#step-{step}", lesson.page))];
    let command = format!("{} check {} --step {step}", args::NAME, lesson.id());
    vec![
        describe::place(line, lesson.place(step)),
        Line::plain(words.say("next-read", &page)),
        Line::plain(words.say("next-grade", &[("command", command)])),
    ]
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
    fn target(&self) -> Result<(&Lesson, u8), Refused> {
        let (current, _) = describe::current(&self.course, self.progress);
        let place = match self.matches.get_one::<String>("lesson") {
            Some(name) => self.course.find(name).ok_or_else(|| self.no_lesson(name))?,
            None => current,
        };
        let lesson = self
            .course
            .lessons
            .get(place)
            .ok_or_else(|| self.no_lesson("1"))?;
        let step = match self.matches.try_get_one::<u8>("step") {
            Ok(Some(&step)) if lesson.step(step).is_none() => {
                let parts = [
                    ("lesson", lesson.id().to_owned()),
                    ("step", step.to_string()),
                    ("steps", lesson.steps.len().to_string()),
                ];
                return Err(Refused(self.words.say("no-step", &parts), WRONG_ARGUMENTS));
            }
            Ok(Some(&step)) => step,
            _ => describe::next_step(lesson, self.progress),
        };
        Ok((lesson, step))
    }

    fn no_lesson(&self, name: &str) -> Refused {
        let ids: Vec<_> = self.course.lessons.iter().map(Lesson::id).collect();
        let parts = [("name", name.to_owned()), ("lessons", ids.join(", "))];
        Refused(self.words.say("no-lesson", &parts), WRONG_ARGUMENTS)
    }

    fn page(&self, lesson: &Lesson) -> io::Result<String> {
        let told =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", lesson.page));
        std::fs::read_to_string(root().join(&lesson.page)).map_err(told)
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

    fn print(&self, lines: &[Line]) -> io::Result<()> {
        let width = self.width();
        let lines: Vec<Line> = lines.iter().flat_map(|line| line.wrapped(width)).collect();
        print(&lines, self.is_terminal)
    }

    fn hint(&self) -> io::Result<Result<(), Refused>> {
        let (lesson, step) = match self.target() {
            Ok(target) => target,
            Err(refused) => return Ok(Err(refused)),
        };
        let title = lesson.step(step).map_or("", |step| &step.title);
        let mut lines = vec![Line::of(title, Tone::Strong), Line::default()];
        for part in markdown::hint(&self.page(lesson)?, &lesson.page, step) {
            lines.extend(part);
        }
        self.print(&lines).map(Ok)
    }

    fn read(&self) -> io::Result<Result<(), Refused>> {
        let (lesson, step) = match self.target() {
            Ok(target) => target,
            Err(refused) => return Ok(Err(refused)),
        };
        let text = markdown::render(&self.page(lesson)?, &lesson.page);
        let is_chosen = self.matches.get_one::<u8>("step").is_some();
        let from = text.place(&format!("step-{step}")).filter(|_| is_chosen);
        self.print(&text.lines[from.unwrap_or(0)..]).map(Ok)
    }

    /// The solution's source: once the lesson is solved, or when the learner says yes.
    fn solution(&self) -> io::Result<Result<(), Refused>> {
        let (lesson, _) = match self.target() {
            Ok(target) => target,
            Err(refused) => return Ok(Err(refused)),
        };
        let is_solved = describe::solved_in(lesson, self.progress) == lesson.steps.len();
        let question = [("lesson", lesson.title.clone())];
        if !is_solved && !self.matches.get_flag("yes") && !self.agrees("ask-solution", &question)? {
            return Ok(Err(Refused(self.words.say("solution-kept", &question), 1)));
        }
        let source = std::fs::read_to_string(root().join(lesson.solution()))?;
        io::stdout().lock().write_all(source.as_bytes())?;
        Ok(Ok(()))
    }

    /// Asks, where there is somebody to ask.
    fn agrees(&self, question: &str, parts: &[(&str, String)]) -> io::Result<bool> {
        if !self.is_terminal || !io::stdin().is_terminal() {
            return Ok(false);
        }
        eprint!("{} ", self.words.say(question, parts));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        let yes = self.words.say("yes", &[]);
        let first = answer
            .trim()
            .chars()
            .next()
            .map(|letter| letter.to_ascii_lowercase());
        Ok(first.is_some() && first == yes.chars().next())
    }

    fn reset(&self) -> io::Result<Result<(), Refused>> {
        let lessons: Vec<&Lesson> = match self.target() {
            _ if self.matches.get_flag("all") => self.course.lessons.iter().collect(),
            Ok((lesson, _)) => vec![lesson],
            Err(refused) => return Ok(Err(refused)),
        };
        let mut all_are_back = true;
        for lesson in lessons {
            let reset = undo::reset(lesson)?;
            all_are_back &= !matches!(reset, undo::Reset::Impossible { .. });
            println!("{}", said_of_reset(lesson, &reset, self.words));
            forget(lesson, &reset)?;
        }
        Ok(if all_are_back {
            Ok(())
        } else {
            Err(Refused(String::new(), 1))
        })
    }

    fn language(&self) -> io::Result<Result<(), Refused>> {
        let chosen = self.matches.get_one::<String>("language");
        if let Some(chosen) = chosen.and_then(|name| Language::of(name)) {
            tongue::choose(&chosen)?;
            let words = Words::of(&chosen);
            println!("{}", words.say("language-now", &[]));
            if Language::of_the_variable().is_some_and(|beats| beats != chosen) {
                println!("{}", words.say("language-beaten", &[]));
            }
            return Ok(Ok(()));
        }
        let from = match () {
            () if Language::of_the_variable().is_some() => "language-from-variable",
            () if Language::stored().is_some() => "language-from-choice",
            () => "language-from-locale",
        };
        println!(
            "{} · {}",
            self.course.language.name(),
            self.words.say(from, &[])
        );
        Ok(Ok(()))
    }

    fn completions(&self) -> io::Result<Result<(), Refused>> {
        if let Some(&shell) = self.matches.get_one::<clap_complete::Shell>("shell") {
            let mut command = args::command(self.words).bin_name("enchufe");
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "enchufe", &mut script);
            io::stdout().lock().write_all(&script)?;
        }
        Ok(Ok(()))
    }
}

/// What became of an exercise, in one line.
pub fn said_of_reset(lesson: &Lesson, reset: &undo::Reset, words: &Words) -> String {
    let file = ("file", lesson.exercise());
    match reset {
        undo::Reset::Done { kept: Some(kept) } => {
            words.say("reset-kept", &[file, ("kept", kept.clone())])
        }
        undo::Reset::Done { kept: None } => words.say("reset-done", &[file]),
        undo::Reset::Unchanged => words.say("reset-unchanged", &[file]),
        undo::Reset::Impossible { why, said } => words.say(why, &[file, ("said", said.clone())]),
    }
}

/// A lesson that begins anew is not solved.
pub fn forget(lesson: &Lesson, reset: &undo::Reset) -> io::Result<()> {
    if matches!(reset, undo::Reset::Impossible { .. }) {
        return Ok(());
    }
    let ids: Vec<String> = lesson
        .steps
        .iter()
        .map(|step| lesson.step_id(step.number))
        .collect();
    progress::change(|progress| progress.solved.retain(|id| !ids.contains(id)))
}
