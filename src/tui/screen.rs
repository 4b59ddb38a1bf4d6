//! Puts what the views say on the screen: what fits of it, above the lines that stay at the bottom.

use std::io;

use super::app::App;
use super::terminal::Terminal;
use super::view::View;
use super::views;
use crate::text::line::{Line, Tone};

impl Terminal {
    /// Draws everything anew.
    pub fn draw(&mut self, app: &mut App) -> io::Result<()> {
        let (columns, rows) = crossterm::terminal::size()?;
        let (width, height) = (usize::from(columns).max(10), usize::from(rows).max(4));
        let lines = frame(app, width, height);
        let painted: Vec<String> = lines.iter().map(|line| line.painted(true)).collect();
        self.show(&painted)
    }
}

/// The lines of a screen of this size.
fn frame(app: &mut App, width: usize, height: usize) -> Vec<Line> {
    let mut foot = views::foot(app, width);
    foot.drain(..foot.len().saturating_sub(height - 1)); // its last line is the last to go
    let room = height - foot.len();
    let body = views::body(app, width, room);
    let mut from = 0; // among the rows that broken lines take
    let mut lines = Vec::new();
    for (index, line) in body.lines.iter().enumerate() {
        if index == body.from {
            from = lines.len();
        }
        let column = if line.is_fixed { app.scroll.1 } else { 0 };
        lines.extend(line.wrapped(width).iter().map(|row| row.cut(column, width)));
    }
    let last = lines.len().saturating_sub(room);
    if app.scroll.0 == usize::MAX {
        app.scroll.0 = from;
    }
    app.scroll.0 = app.scroll.0.min(last);
    let first = match app.view {
        View::List { .. } => from.saturating_sub(room / 2).min(last), // its cursor stays in sight
        _ => app.scroll.0,
    };
    let mut shown: Vec<Line> = lines[first..].iter().take(room).cloned().collect();
    if first < last
        && let Some(line) = shown.last_mut()
    {
        let below = format!("  ↓ {}", lines.len() - first - room + 1);
        *line = Line::of(below, Tone::Quiet);
    }
    shown.resize(room, Line::default());
    shown.extend(foot);
    shown
}
