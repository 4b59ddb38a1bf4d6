//! `list`: all lessons and steps with their marks, and where to go on.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use enchufe_syllabus::{Language, Words};

use super::{args, print};
use crate::course::progress::Progress;
use crate::course::{Chapter, Course, status};
use crate::text::line::{Line, Tone};

/// Lists them.
///
/// # Errors
///
/// Where the course can't be read, or nothing can be printed.
pub fn list(
    language: &Language,
    words: &Words,
    progress: &Progress,
    is_plain: bool,
) -> io::Result<ExitCode> {
    let course = Course::open(language)?;
    let mut lines = vec![Line::of(words.say("welcome", &[]), Tone::Strong)];
    for chapter in &course.chapters {
        lines.extend(listed(chapter, words, progress, is_plain));
    }
    lines.push(Line::default());
    let (index, step) = status::current(&course, progress);
    match course.chapters.get(index) {
        Some(_) if status::solved(&course, progress) == course.steps() => {
            lines.push(Line::plain(words.say("all-solved", &[])));
        }
        Some(chapter) => lines.extend(next(chapter, step, words)),
        None => {}
    }
    lines.push(Line::default());
    lines.push(Line::of(words.say("other-language", &[]), Tone::Quiet));
    print(&lines, io::stdout().is_terminal() && !is_plain)?;
    Ok(ExitCode::SUCCESS)
}

fn listed(chapter: &Chapter, words: &Words, progress: &Progress, is_plain: bool) -> Vec<Line> {
    let steps = [
        ("solved", status::solved_in(chapter, progress).to_string()),
        ("steps", chapter.steps.len().to_string()),
    ];
    let id = format!("  {} · {}", chapter.id(), words.say("solved-of", &steps));
    let head = Line::of(&chapter.title, Tone::Strong).with(id, Tone::Quiet);
    let mut lines = vec![Line::default(), head];
    for step in &chapter.steps {
        let mark = status::mark_of(chapter, step.number, progress);
        lines.push(mark.line(&step.title, words, is_plain));
    }
    lines
}

/// Where to go on: the step, its page, and how to grade it.
fn next(chapter: &Chapter, step: u8, words: &Words) -> Vec<Line> {
    let title = chapter.step_title(step).to_owned();
    let line = Line::plain(words.say("next-step", &[("step", title)]));
    let page = [("page", format!("{}#step-{step}", chapter.page))];
    let command = format!("{} check {} --step {step}", args::NAME, chapter.id());
    vec![
        status::linked(line, chapter.where_to_write(step)),
        Line::plain(words.say("next-read", &page)),
        Line::plain(words.say("next-grade", &[("command", command)])),
    ]
}
