//! A table of a page as lines.

use crate::text::line::{Line, Span, Tone};

/// What a page may be wide.
const WIDTH: usize = 80;

/// Aligned columns where they fit, else a row below another. The first row is the head.
pub fn lines(rows: Vec<Vec<Line>>) -> Vec<Line> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(Line::width).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let fits = widths.iter().sum::<usize>() + 2 * columns <= WIDTH;
    let tones = std::iter::once(Tone::Strong).chain(std::iter::repeat(Tone::Plain));
    let rows = rows.into_iter().zip(tones);
    match fits {
        true => rows
            .map(|(row, tone)| aligned(row, tone, &widths))
            .collect(),
        false => rows.map(|(row, tone)| joined(row, tone)).collect(),
    }
}

fn aligned(row: Vec<Line>, tone: Tone, widths: &[usize]) -> Line {
    let mut line = Line::default();
    for (cell, width) in row.into_iter().zip(widths) {
        let gap = width.saturating_sub(cell.width()) + 2;
        line.spans.extend(toned(cell, tone));
        line = line.with(" ".repeat(gap), Tone::Plain);
    }
    line.fixed()
}

fn joined(row: Vec<Line>, tone: Tone) -> Line {
    let mut line = Line::default();
    for (column, cell) in row.into_iter().enumerate() {
        if column > 0 {
            line = line.with(" · ", Tone::Quiet);
        }
        line.spans.extend(toned(cell, tone));
    }
    line
}

/// A cell in the tone of its row, but for what has a tone of its own.
fn toned(cell: Line, tone: Tone) -> impl Iterator<Item = Span> {
    cell.spans.into_iter().map(move |span| {
        let is_plain = span.tone == Tone::Plain;
        Span {
            tone: if is_plain { tone } else { span.tone },
            ..span
        }
    })
}
