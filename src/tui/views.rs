//! What each view says, as lines.

use enchufe_syllabus::root;
use unicode_width::UnicodeWidthStr;

use super::app::{App, Phase, Question, View};
use crate::commands::step_lines;
use crate::course::Step;
use crate::describe::{self, Mark};
use crate::grade::{State, Verdict};
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
    lines.extend(keys(app, width));
    lines.extend(next(app).wrapped(width));
    lines
}

/// The keys of the view.
pub fn keys(app: &App, width: usize) -> Vec<Line> {
    let id = match app.view {
        View::Main if app.is_solved() => "keys-solved",
        View::Main => "keys-main",
        View::Hint(parts) if parts < hints(app).len() => "keys-hint",
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

/// Where the learner is; to somebody new, what this is.
pub fn heading(app: &App) -> Vec<Line> {
    let words = &app.words;
    let mut lines = Vec::new();
    if app.is_first_time {
        lines.push(Line::of(words.say("welcome", &[]), Tone::Strong));
        lines.push(Line::plain(words.say("welcome-more", &[])));
        lines.push(Line::default());
    }
    lines.push(Line::of(&app.lesson().title, Tone::Strong));
    lines
}

fn main(app: &App, width: usize, height: usize) -> Vec<Line> {
    let mut lines = heading(app);
    let outcome = outcome(app);
    let rows = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.wrapped(width).len())
            .sum::<usize>()
    };
    let all = rows(&lines) + app.lesson().steps.len() + rows(&outcome);
    match all < height {
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
            Some(verdict) => lines.extend(self::step(app, verdict)),
            None => lines.push(unknown(app, step).line(&step.title, &app.words, app.is_plain)),
        }
    }
    lines
}

/// What is said of a step with a verdict.
pub fn step(app: &App, verdict: &Verdict) -> Vec<Line> {
    step_lines(app.lesson(), verdict, &app.words, app.is_plain)
}

/// A step without a verdict waits for it, or is as it was before.
fn unknown(app: &App, step: &Step) -> Mark {
    match app.is_running() {
        true => Mark::Waiting,
        false => describe::mark_of(app.lesson(), step.number, &app.progress),
    }
}

/// All steps in one line, where the screen has to hold a page beside them.
fn marks(app: &App) -> Line {
    let steps = app.lesson().steps.iter();
    steps.fold(Line::default(), |line, step| {
        let verdict = app.run.verdicts.get(&step.number);
        let mark = verdict.map_or_else(|| unknown(app, step), |verdict| Mark::from(&verdict.state));
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
pub fn solved(app: &App) -> Vec<Line> {
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

/// The parts of the hint of the step.
fn hints(app: &App) -> Vec<Vec<Line>> {
    markdown::hint(&page_of(app), &app.lesson().page, app.seen)
}

fn hint(app: &App, parts: usize) -> Vec<Line> {
    let mut lines = title(app, &step_title(app));
    let all = hints(app);
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
const BESIDE: usize = 60;

/// The solution at the left and the learner's program at the right, what differs marked; one below the
/// other where the screen is narrow or read aloud.
fn solution(app: &App, width: usize) -> Vec<Line> {
    let source = |file: &str| {
        std::fs::read_to_string(root().join(file))
            .unwrap_or_default()
            .replace('\t', "    ")
    };
    let (theirs, own) = (app.lesson().solution(), app.lesson().exercise());
    if app.is_plain || width < BESIDE {
        let whole = |file: String| {
            let lines: Vec<Line> = source(&file)
                .lines()
                .map(|row| Line::plain(row).fixed())
                .collect();
            [
                vec![Line::of(&file, Tone::Strong)],
                lines,
                vec![Line::default()],
            ]
            .concat()
        };
        return [whole(theirs), whole(own)].concat();
    }
    let column = width.saturating_sub(3) / 2;
    let mut lines = beside(&theirs, &own, column, Tone::Strong, '│');
    let (theirs, own) = (source(&theirs), source(&own));
    let (left, right): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), own.lines().collect());
    for part in similar::capture_diff_slices(similar::Algorithm::Patience, &left, &right) {
        let (sign, tone) = match part.tag() {
            similar::DiffTag::Equal => ('│', Tone::Plain),
            _ => ('≠', Tone::Accent),
        };
        let (left, right) = (&left[part.old_range()], &right[part.new_range()]);
        for row in 0..left.len().max(right.len()) {
            let line = |lines: &[&str]| lines.get(row).copied().unwrap_or_default().to_owned();
            lines.extend(beside(&line(left), &line(right), column, tone, sign));
        }
    }
    lines
}

/// Two lines beside each other, in as many rows as the longer one takes.
fn beside(left: &str, right: &str, column: usize, tone: Tone, sign: char) -> Vec<Line> {
    let (left, right) = (Line::of(left, tone), Line::of(right, tone));
    let rows = left.width().max(right.width()).div_ceil(column).max(1);
    let row = |row: usize| {
        let (left, right) = (
            left.cut(row * column, column),
            right.cut(row * column, column),
        );
        let gap = " ".repeat(column.saturating_sub(left.width()));
        let mut line = left.with(format!("{gap} {sign} "), Tone::Quiet).fixed();
        line.spans.extend(right.spans);
        line
    };
    (0..rows).map(row).collect()
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
