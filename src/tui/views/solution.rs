//! The view of the solution beside the learner's program.

use enchufe_syllabus::root;

use crate::text::line::{Line, Tone};
use crate::tui::app::App;

/// Two programs fit beside each other in so many columns.
const BESIDE: usize = 60;

/// The solution at the left and the learner's program at the right, what differs marked; one below the
/// other where the screen is narrow or read aloud.
pub fn solution(app: &App, width: usize) -> Vec<Line> {
    let source = |file: &str| {
        std::fs::read_to_string(root().join(file))
            .unwrap_or_default()
            .replace('\t', "    ")
    };
    let lesson = &app.chapter().lesson;
    let (theirs, own) = (lesson.solution.clone(), lesson.exercise());
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
