//! `show`: the picture of what the solution does in a step, without its code.

use super::{Desk, Refused};
use crate::grading::child::Cancel;
use crate::grading::picture::{PictureOf, Shown};
use crate::grading::report;
use crate::text::line::{Line, Tone};

/// Shows it.
pub fn show(desk: &Desk<'_>) -> Result<(), Refused> {
    let (chapter, step) = desk.target()?;
    let cancel = Cancel::default();
    cancel.on_signals()?;
    let of = PictureOf {
        chapter,
        step,
        language: &desk.course.language,
        is_plain: desk.is_plain(),
    };
    let why_not = |id| Refused::Because(desk.words.say(id, &[]), 1);
    match of.show(&cancel)? {
        Shown::Picture(picture) => {
            let title = chapter.step_title(step);
            let mut lines = vec![Line::of(title, Tone::Strong), Line::default()];
            lines.extend(report::picture(&picture));
            Ok(desk.print(&lines)?)
        }
        Shown::Nothing => Err(why_not("show-nothing")),
        Shown::NotBuilt => Err(why_not("show-not-built")),
    }
}
