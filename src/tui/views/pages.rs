//! The views of what the course has to read on a step: its hint, its page, its picture.

use enchufe_syllabus::result::Report;
use enchufe_syllabus::root;

use super::body::Body;
use crate::grading::report;
use crate::grading::verdict::Verdict;
use crate::text::line::{Line, Tone};
use crate::text::markdown;
use crate::tui::app::App;

fn title(app: &App, what: &str) -> Vec<Line> {
    let line = Line::of(what, Tone::Strong).with(format!("  {}", app.chapter().title), Tone::Quiet);
    vec![line, Line::default()]
}

fn step_title(app: &App) -> String {
    app.chapter().step_title(app.seen).to_owned()
}

fn page_of(app: &App) -> String {
    std::fs::read_to_string(root().join(&app.chapter().page)).unwrap_or_default()
}

/// The parts of the hint of the step.
pub fn hints(app: &App) -> Vec<Vec<Line>> {
    markdown::hint(&page_of(app), &app.chapter().page, app.seen)
}

/// So many parts of it.
pub fn hint(app: &App, parts: usize) -> Vec<Line> {
    let mut lines = title(app, &step_title(app));
    let all = hints(app);
    let is_more = parts < all.len();
    lines.extend(all.into_iter().take(parts).flatten());
    if is_more {
        lines.push(Line::of(app.words.say("hint-more", &[]), Tone::Quiet));
    }
    lines
}

/// The page, at the mistake that was found, else at the step.
pub fn read(app: &App) -> Body {
    let page = markdown::render(&page_of(app), &app.chapter().page);
    let mistake = match app.verdict(app.seen) {
        Some(Verdict::Failed { mistake, .. }) => page.line_of(mistake),
        _ => None,
    };
    let from = mistake.or_else(|| page.line_of(&format!("step-{}", app.seen)));
    Body {
        lines: page.lines,
        from: from.unwrap_or(0),
    }
}

/// The picture of what the solution does, once it is there.
pub fn show(app: &App, shown: Option<&Option<Box<Report>>>) -> Vec<Line> {
    let mut lines = title(app, &step_title(app));
    match shown {
        None => lines.push(Line::of(app.words.say("showing", &[]), Tone::Quiet)),
        Some(None) => lines.push(Line::plain(app.words.say("show-nothing", &[]))),
        Some(Some(picture)) => lines.extend(report::picture(picture)),
    }
    lines
}
