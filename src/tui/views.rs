//! What each view says, as lines.

use unicode_width::UnicodeWidthStr;

use super::app::App;
use super::view::{Question, View};
use crate::course::status;
use crate::text::line::{Line, Tone};

mod body;
mod list;
mod pages;
mod run;
mod solution;

pub use body::Body;
pub use run::{heading, solved, step};

/// What the view says.
pub fn body(app: &App, width: usize, height: usize) -> Body {
    match &app.view {
        View::Main => run::main(app, width, height).into(),
        View::Hint(parts) => pages::hint(app, *parts).into(),
        View::List { cursor, .. } => list::list(app, *cursor),
        View::Read => pages::read(app),
        View::Show(shown) => pages::show(app, shown.as_ref()).into(),
        View::Solution => solution::solution(app, width).into(),
        View::Ask(question) => ask(app, *question).into(),
    }
}

/// What stays at the bottom: how far the course is, the keys, and what to do next.
pub fn foot(app: &App, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(notice) = &app.notice {
        lines.extend(Line::of(notice, Tone::Accent).wrapped(width));
    }
    lines.push(status::bar(
        &app.course,
        &app.progress,
        &app.words,
        width,
        app.is_plain,
    ));
    lines.extend(keys(app, width));
    lines.extend(next(app).wrapped(width));
    lines
}

/// The keys of the view.
pub fn keys(app: &App, width: usize) -> Vec<Line> {
    let id = match app.view {
        View::Main if app.is_solved() => "keys-solved",
        View::Main => "keys-main",
        View::Hint(parts) if parts < pages::hints(app).len() => "keys-hint",
        View::List {
            search: Some(_), ..
        } => "keys-search",
        View::List { .. } => "keys-list",
        View::Ask(_) => "keys-ask",
        View::Hint(_) | View::Read | View::Show(_) | View::Solution => "keys-other",
    };
    match app.is_plain {
        true => vec![Line::plain(app.words.say(&format!("{id}-plain"), &[]))],
        false => key_rows(&app.words.say(id, &[]), width),
    }
}

/// A key and its word stay together, and no row ends with the sign between two.
fn key_rows(keys: &str, width: usize) -> Vec<Line> {
    let mut rows: Vec<String> = Vec::new();
    for key in keys.split(" · ") {
        match rows.last_mut() {
            Some(row) if row.width() + 3 + key.width() <= width => {
                row.push_str(" · ");
                row.push_str(key);
            }
            _ => rows.push(key.into()),
        }
    }
    let rows = rows.iter().map(|row| Line::of(row, Tone::Quiet));
    rows.flat_map(|row| row.wrapped(width)).collect()
}

/// The next thing to do: always the last line.
pub fn next(app: &App) -> Line {
    let words = &app.words;
    let say = |id: &str| Line::of(words.say(id, &[]), Tone::Strong);
    match &app.view {
        View::Ask(_) => say("next-answer"),
        View::List { .. } => say("next-jump"),
        View::Main if app.is_solved() && app.lesson + 1 < app.course.chapters.len() => {
            say("next-lesson")
        }
        View::Main if app.is_solved() => say("next-none"),
        View::Main => status::linked(say("next-save"), app.where_to_write()),
        _ => say("next-back"),
    }
}

fn ask(app: &App, question: Question) -> Vec<Line> {
    let parts = [
        ("lesson", app.chapter().title.clone()),
        ("file", app.chapter().lesson.exercise()),
    ];
    let id = match question {
        Question::Solution => "ask-solution",
        Question::Reset => "ask-reset",
    };
    vec![Line::plain(app.words.say(id, &parts))]
}
