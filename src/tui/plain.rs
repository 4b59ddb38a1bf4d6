//! The guide without drawing: what is new is printed, line after line, as a screen reader reads.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc;

use super::app::App;
use super::events::Event;
use super::hearing::{Next, hear};
use super::run::Phase;
use super::view::View;
use super::views;
use crate::text::ansi;
use crate::text::line::{Line, Tone};

/// Runs the guide until the learner quits.
pub fn run(app: &mut App, heard: &mpsc::Receiver<Event>) -> io::Result<ExitCode> {
    let mut told = Told::default();
    loop {
        if app.has_news() {
            told.tell(app)?;
        }
        if hear(app, heard) == Next::Quit {
            app.leave();
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// What was printed, and is not printed again.
#[derive(Default)]
struct Told {
    /// Of which run the lines are.
    run: u64,
    main: Vec<Line>,
    /// The lines of another view, while it is on.
    other: Vec<Line>,
    keys: Vec<Line>,
}

impl Told {
    fn tell(&mut self, app: &App) -> io::Result<()> {
        if app.view != View::Main {
            let mut lines = views::body(app, usize::MAX, usize::MAX).lines;
            lines.extend(views::foot(app, usize::MAX));
            let from = same(&lines, &self.other);
            print(&lines[from..])?;
            self.other = lines;
            return Ok(());
        }
        self.other.clear();
        if self.run != app.run.id {
            self.run = app.run.id;
            self.main.clear();
        }
        let mut lines = run_so_far(app);
        if !app.is_running() {
            lines.extend(self.end(app));
        }
        let from = same(&lines, &self.main);
        match from == lines.len() && !app.is_running() {
            true => print(&[views::next(app)])?, // the learner came back, or pressed Enter
            false => print(&lines[from..])?,
        }
        self.main = lines;
        Ok(())
    }

    /// What follows a run: how far the course is, and what to do next. The keys are told once, and to
    /// whoever seems to look for one.
    fn end(&mut self, app: &App) -> Vec<Line> {
        let mut lines = views::foot(app, usize::MAX);
        let keys = views::keys(app, usize::MAX);
        if self.keys == keys && app.notice.is_none() {
            lines.retain(|line| !keys.contains(line));
        }
        self.keys = keys;
        lines
    }
}

/// What is known of the run, in an order in which only the end grows: the steps one after the other,
/// the first that is wrong with its page.
fn run_so_far(app: &App) -> Vec<Line> {
    let mut lines = views::heading(app);
    lines.push(Line::of(
        app.words.say("building", &[("seconds", String::new())]),
        Tone::Plain,
    ));
    match &app.run.phase {
        Phase::Building => {}
        Phase::Broken(errors) => lines.extend(ansi::lines(errors)),
        Phase::Trouble(why) => lines.push(Line::plain(why)),
        Phase::Grading | Phase::Ended => lines.extend(verdicts(app)),
    }
    if app.is_solved() {
        lines.extend(views::solved(app));
    }
    lines
}

fn verdicts(app: &App) -> Vec<Line> {
    let steps = app.chapter().steps.iter();
    let known = steps.map_while(|step| app.run.results.get(&step.number));
    let mut is_explained = false;
    let mut lines = Vec::new();
    for result in known {
        lines.extend(views::step(app, result));
        if let Some(page) = result.verdict.explained(&app.words) {
            lines.extend(page.into_iter().filter(|_| !is_explained));
            is_explained = true;
        }
    }
    lines
}

/// How many lines at the beginning are the same.
fn same(lines: &[Line], before: &[Line]) -> usize {
    let pairs = lines.iter().zip(before);
    pairs.take_while(|(line, before)| line == before).count()
}

fn print(lines: &[Line]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", line.text().trim_end())?;
    }
    out.flush()
}
