//! The view of all lessons and steps.

use super::body::Body;
use crate::course::status;
use crate::text::line::{Line, Tone};
use crate::tui::app::App;
use crate::tui::view::View;

/// The lessons and steps that the search leaves, and the cursor.
pub fn list(app: &App, cursor: usize) -> Body {
    let mut lines = Vec::new();
    if let View::List {
        search: Some(text), ..
    } = &app.view
    {
        lines.push(Line::of(format!("/{text}"), Tone::Accent));
    }
    let from = cursor + lines.len();
    for (row, (index, step)) in app.rows().into_iter().enumerate() {
        let chapter = &app.course.chapters[index];
        let line = match step.and_then(|step| chapter.step(step)) {
            Some(step) => {
                let verdict = app.verdict(step.number).filter(|_| index == app.lesson);
                let mark = match verdict {
                    Some(verdict) => verdict.mark(),
                    None => status::mark_of(chapter, step.number, &app.progress),
                };
                mark.line(&step.title, &app.words, app.is_plain)
            }
            None => {
                let solved = status::solved_in(chapter, &app.progress);
                let count = format!("  {solved}/{}  {}", chapter.steps.len(), chapter.id());
                Line::of(&chapter.title, Tone::Strong).with(count, Tone::Quiet)
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
