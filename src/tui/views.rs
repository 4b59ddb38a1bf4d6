//! What each view says, as lines.

use enchufe_harness::root;
use unicode_width::UnicodeWidthStr;

use super::app::{App, Phase, Question, View};
use crate::commands::step_lines;
use crate::describe::{self, Mark};
use crate::grade::State;
use crate::markdown;
use crate::style::{self, Line, Tone};

/// The part of the screen that scrolls.
pub struct Body {
    pub lines: Vec<Line>,
    /// The line that it begins with, or that the cursor is on.
    pub from: usize,
}

impl From<Vec<Line>> for Body {
    fn from(lines: Vec<Line>) -> Self {
        Self { lines, from: 0 }
    }
}

/// What the view says.
pub fn body(app: &App, width: usize, height: usize) -> Body {
    match &app.view {
        View::Main => main(app, width, height).into(),
        View::Hint(parts) => hint(app, *parts).into(),
        View::List { cursor, .. } => list(app, *cursor),
        View::Read => read(app),
        View::Show(shown) => show(app, shown.as_ref()).into(),
        View::Solution => solution(app, width).into(),
        View::Ask(question) => ask(app, *question).into(),
    }
}

/// What stays at the bottom: how far the course is, the keys, and what to do next.
pub fn foot(app: &App, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(notice) = &app.notice {
        lines.extend(Line::of(notice, Tone::Accent).wrapped(width));
    }
    lines.push(describe::bar(
        &app.course,
        &app.progress,
        &app.words,
        width,
        app.is_plain,
    ));
    let keys = match app.view {
        View::Main if app.is_solved() => "keys-solved",
        View::Main => "keys-main",
        View::Hint(_) => "keys-hint",
        View::List {
            search: Some(_), ..
        } => "keys-search",
        View::List { .. } => "keys-list",
        View::Ask(_) => "keys-ask",
        View::Read | View::Show(_) | View::Solution => "keys-other",
    };
    let id = if app.is_plain {
        format!("{keys}-plain")
    } else {
        keys.into()
    };
    let keys = app.words.say(&id, &[]);
    match app.is_plain {
        true => lines.push(Line::plain(keys)),
        false => lines.extend(key_rows(&keys, width)),
    }
    lines.extend(next(app).wrapped(width));
    lines
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
fn next(app: &App) -> Line {
    let words = &app.words;
    let say = |id: &str| Line::of(words.say(id, &[]), Tone::Strong);
    match &app.view {
        View::Ask(_) => say("next-answer"),
        View::List { .. } => say("next-jump"),
        View::Main if app.is_solved() && app.lesson + 1 < app.course.lessons.len() => {
            say("next-lesson")
        }
        View::Main if app.is_solved() => say("next-none"),
        View::Main => describe::place(say("next-save"), app.place()),
        _ => say("next-back"),
    }
}

fn title(app: &App, what: &str) -> Vec<Line> {
    let line = Line::of(what, Tone::Strong).with(format!("  {}", app.lesson().title), Tone::Quiet);
    vec![line, Line::default()]
}

fn step_title(app: &App) -> String {
    let step = app.lesson().step(app.seen);
    step.map(|step| step.title.clone()).unwrap_or_default()
}

fn main(app: &App, width: usize, height: usize) -> Vec<Line> {
    let words = &app.words;
    let mut lines = Vec::new();
    if app.is_first_time {
        lines.push(Line::of(words.say("welcome", &[]), Tone::Strong));
        lines.push(Line::plain(words.say("welcome-more", &[])));
        lines.push(Line::default());
    }
    lines.push(Line::of(&app.lesson().title, Tone::Strong));
    let outcome = outcome(app);
    let rows = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.wrapped(width).len())
            .sum::<usize>()
    };
    let all = rows(&lines) + app.lesson().steps.len() + rows(&outcome);
    match all < height || app.is_plain {
        true => lines.extend(steps(app)),
        false => lines.push(marks(app)),
    }
    lines.push(Line::default());
    lines.extend(outcome);
    lines
}

/// A line for each step.
fn steps(app: &App) -> Vec<Line> {
    let mut lines = Vec::new();
    for step in &app.lesson().steps {
        match app.run.verdicts.get(&step.number) {
            Some(verdict) => {
                let said = step_lines(app.lesson(), verdict, &app.words, app.is_plain);
                lines.extend(said);
            }
            None => lines.push(Mark::Waiting.line(&step.title, &app.words, app.is_plain)),
        }
    }
    lines
}

/// All steps in one line, where the screen has to hold a page beside them.
fn marks(app: &App) -> Line {
    let steps = app.lesson().steps.iter();
    steps.fold(Line::default(), |line, step| {
        let verdict = app.run.verdicts.get(&step.number);
        let mark = verdict.map_or(Mark::Waiting, |verdict| Mark::from(&verdict.state));
        let (sign, tone) = mark.sign();
        line.with(format!("  {sign} {}", step.number), tone)
    })
}

/// What the run has found.
fn outcome(app: &App) -> Vec<Line> {
    match &app.run.phase {
        Phase::Building => vec![Line::of(building(app), Tone::Quiet)],
        Phase::Broken(errors) => style::from_ansi(errors),
        Phase::Trouble(why) => vec![Line::of(why, Tone::Bad)],
        Phase::Ended if app.is_solved() => solved(app),
        Phase::Grading | Phase::Ended => {
            match app
                .run
                .verdicts
                .get(&app.step())
                .map(|verdict| &verdict.state)
            {
                Some(State::Failed { page, .. }) => style::from_page(page),
                Some(State::NotBegun { line, .. }) => vec![Line::plain(line)],
                _ => vec![Line::of(running(app, "grading"), Tone::Quiet)],
            }
        }
    }
}

fn building(app: &App) -> String {
    const LONG: u64 = 5; // what has been built before takes less
    let is_long = app.seconds() >= LONG;
    running(
        app,
        if is_long {
            "building-first"
        } else {
            "building"
        },
    )
}

/// What runs, and for how long.
fn running(app: &App, what: &str) -> String {
    let seconds = match app.seconds() {
        0 => String::new(),
        seconds => format!("{seconds} s"),
    };
    app.words.say(what, &[("seconds", seconds)])
}

/// A lesson is whole: what the next one brings.
fn solved(app: &App) -> Vec<Line> {
    let parts = [("lesson", app.lesson().title.clone())];
    let mut lines = vec![Line::of(app.words.say("lesson-solved", &parts), Tone::Good)];
    lines.push(Line::default());
    match app.course.lessons.get(app.lesson + 1) {
        Some(next) => {
            let parts = [("lesson", next.title.clone())];
            lines.push(Line::plain(app.words.say("lesson-next", &parts)));
            lines.extend(
                next.steps
                    .iter()
                    .map(|step| Line::of(format!("    {}", step.title), Tone::Quiet)),
            );
        }
        None => lines.push(Line::plain(app.words.say("course-ends", &[]))),
    }
    // Before, they would speak of what is to be written yet.
    lines.push(Line::default());
    lines.extend(style::from_ansi(&app.run.warnings));
    lines
}

fn page_of(app: &App) -> String {
    std::fs::read_to_string(root().join(&app.lesson().page)).unwrap_or_default()
}

fn hint(app: &App, parts: usize) -> Vec<Line> {
    let mut lines = title(app, &step_title(app));
    let all = markdown::hint(&page_of(app), &app.lesson().page, app.seen);
    let is_more = parts < all.len();
    lines.extend(all.into_iter().take(parts).flatten());
    if is_more {
        lines.push(Line::of(app.words.say("hint-more", &[]), Tone::Quiet));
    }
    lines
}

fn list(app: &App, cursor: usize) -> Body {
    let mut lines = Vec::new();
    if let View::List {
        search: Some(text), ..
    } = &app.view
    {
        lines.push(Line::of(format!("/{text}"), Tone::Accent));
    }
    let from = cursor + lines.len();
    for (row, (place, step)) in app.rows().into_iter().enumerate() {
        let lesson = &app.course.lessons[place];
        let line = match step.and_then(|step| lesson.step(step)) {
            Some(step) => {
                let verdict = app.run.verdicts.get(&step.number);
                let graded = verdict.filter(|_| place == app.lesson);
                let mark = match graded {
                    Some(verdict) => Mark::from(&verdict.state),
                    None => describe::mark_of(lesson, step.number, &app.progress),
                };
                mark.line(&step.title, &app.words, app.is_plain)
            }
            None => {
                let solved = describe::solved_in(lesson, &app.progress);
                let count = format!("  {solved}/{}  {}", lesson.steps.len(), lesson.id());
                Line::of(&lesson.title, Tone::Strong).with(count, Tone::Quiet)
            }
        };
        let pointer = match row == cursor {
            _ if app.is_plain => "",
            true => "▶ ",
            false => "  ",
        };
        let mut pointed = Line::of(pointer, Tone::Accent);
        pointed.spans.extend(line.spans);
        lines.push(pointed);
    }
    if let (
        true,
        View::List {
            search: Some(text), ..
        },
    ) = (app.rows().is_empty(), &app.view)
    {
        lines.push(Line::plain(
            app.words.say("search-nothing", &[("text", text.clone())]),
        ));
    }
    Body { lines, from }
}

/// The page, at the mistake that was found, else at the step.
fn read(app: &App) -> Body {
    let text = markdown::render(&page_of(app), &app.lesson().page);
    let mistake = match app
        .run
        .verdicts
        .get(&app.seen)
        .map(|verdict| &verdict.state)
    {
        Some(State::Failed { mistake, .. }) => text.place(mistake),
        _ => None,
    };
    let from = mistake.or_else(|| text.place(&format!("step-{}", app.seen)));
    Body {
        lines: text.lines,
        from: from.unwrap_or(0),
    }
}

fn show(app: &App, shown: Option<&Option<String>>) -> Vec<Line> {
    let mut lines = title(app, &step_title(app));
    match shown {
        None => lines.push(Line::of(app.words.say("showing", &[]), Tone::Quiet)),
        Some(None) => lines.push(Line::plain(app.words.say("show-nothing", &[]))),
        Some(Some(picture)) => lines.extend(style::from_page(picture)),
    }
    lines
}

/// Two programs fit beside each other in so many columns.
const BESIDE: usize = 120;

/// The solution at the left and the learner's program at the right, or one below the other.
fn solution(app: &App, width: usize) -> Vec<Line> {
    let source = |file: String| {
        std::fs::read_to_string(root().join(file))
            .unwrap_or_default()
            .replace('\t', "    ")
    };
    let (theirs, own) = (app.lesson().solution(), app.lesson().exercise());
    let mut lines = Vec::new();
    if app.is_plain || width < BESIDE {
        for file in [theirs, own] {
            lines.push(Line::of(&file, Tone::Strong));
            lines.extend(source(file).lines().map(|row| Line::plain(row).fixed()));
            lines.push(Line::default());
        }
        return lines;
    }
    let column = width.saturating_sub(3) / 2;
    let shift = app.scroll.1;
    let beside = |left: &str, right: &str, tone: Tone, shift: usize| {
        let left = Line::of(left, tone).cut(shift, column);
        let gap = column.saturating_sub(left.width());
        let mut line = left.with(" ".repeat(gap) + " │ ", Tone::Quiet);
        line.spans
            .extend(Line::of(right, tone).cut(shift, column).spans);
        line
    };
    lines.push(beside(&theirs, &own, Tone::Strong, 0));
    let (theirs, own) = (source(theirs), source(own));
    let (mut left, mut right) = (theirs.lines(), own.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return lines,
            (left, right) => {
                let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
                lines.push(beside(left, right, Tone::Plain, shift));
            }
        }
    }
}

fn ask(app: &App, question: Question) -> Vec<Line> {
    let parts = [
        ("lesson", app.lesson().title.clone()),
        ("file", app.lesson().exercise()),
    ];
    let id = match question {
        Question::Solution => "ask-solution",
        Question::Reset => "ask-reset",
    };
    vec![Line::plain(app.words.say(id, &parts))]
}
