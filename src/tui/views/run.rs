//! The view of the run: the steps, and what was found of the one that is on.

use crate::course::Step;
use crate::course::status::{self, Mark};
use crate::grading::verdict::{StepResult, Verdict};
use crate::text::ansi;
use crate::text::line::{Line, Tone};
use crate::tui::app::App;
use crate::tui::run::Phase;

/// Where the learner is; to somebody new, what this is.
pub fn heading(app: &App) -> Vec<Line> {
    let words = &app.words;
    let mut lines = Vec::new();
    if app.is_first_time {
        lines.push(Line::of(words.say("welcome", &[]), Tone::Strong));
        lines.push(Line::plain(words.say("welcome-more", &[])));
        lines.push(Line::default());
    }
    lines.push(Line::of(&app.chapter().title, Tone::Strong));
    lines
}

/// The steps and what the run has found.
pub fn main(app: &App, width: usize, height: usize) -> Vec<Line> {
    let mut lines = heading(app);
    let outcome = outcome(app);
    let rows = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.wrapped(width).len())
            .sum::<usize>()
    };
    let all = rows(&lines) + app.chapter().steps.len() + rows(&outcome);
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
    for step in &app.chapter().steps {
        match app.run.results.get(&step.number) {
            Some(result) => lines.extend(self::step(app, result)),
            None => lines.push(unknown(app, step).line(&step.title, &app.words, app.is_plain)),
        }
    }
    lines
}

/// What is said of a step with a verdict.
pub fn step(app: &App, result: &StepResult) -> Vec<Line> {
    result.lines(app.chapter(), &app.words, app.is_plain)
}

/// A step without a verdict waits for it, or is as it was before.
fn unknown(app: &App, step: &Step) -> Mark {
    match app.is_running() {
        true => Mark::Waiting,
        false => status::mark_of(app.chapter(), step.number, &app.progress),
    }
}

/// All steps in one line, where the screen has to hold a page beside them.
fn marks(app: &App) -> Line {
    let steps = app.chapter().steps.iter();
    steps.fold(Line::default(), |line, step| {
        let verdict = app.verdict(step.number);
        let mark = verdict.map_or_else(|| unknown(app, step), Verdict::mark);
        let (sign, tone) = mark.sign();
        line.with(format!("  {sign} {}", step.number), tone)
    })
}

/// What the run has found.
fn outcome(app: &App) -> Vec<Line> {
    match &app.run.phase {
        Phase::Building => vec![Line::of(building(app), Tone::Quiet)],
        Phase::Broken(errors) => ansi::lines(errors),
        Phase::Trouble(why) => vec![Line::of(why, Tone::Bad)],
        Phase::Ended if app.is_solved() => solved(app),
        Phase::Grading | Phase::Ended => {
            let verdict = app.verdict(app.step());
            let explained = verdict.and_then(|verdict| verdict.explained(&app.words));
            explained.unwrap_or_else(|| vec![Line::of(running(app, "grading"), Tone::Quiet)])
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
    let parts = [("lesson", app.chapter().title.clone())];
    let mut lines = vec![Line::of(app.words.say("lesson-solved", &parts), Tone::Good)];
    lines.push(Line::default());
    match app.course.chapters.get(app.lesson + 1) {
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
    lines.extend(ansi::lines(&app.run.warnings));
    lines
}
