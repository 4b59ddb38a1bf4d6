//! The part of the screen that scrolls.

use crate::text::line::Line;

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
