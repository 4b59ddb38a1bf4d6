//! `show`: the picture of what the solution does in a step, without its code.

use std::io;

use super::{Desk, Refused};
use crate::build::{self, Built, Grader};
use crate::child::Cancel;
use crate::course::Lesson;
use crate::grade;
use crate::style::{self, Line, Tone};

/// Shows it.
pub fn show(desk: &Desk<'_>) -> io::Result<Result<(), Refused>> {
    let (lesson, step) = match desk.target() {
        Ok(target) => target,
        Err(refused) => return Ok(Err(refused)),
    };
    let cancel = Cancel::default();
    let Built::Ready { grader, .. } = build::build(lesson, false, &cancel)? else {
        return Ok(Err(Refused(desk.words.say("show-not-built", &[]), 1)));
    };
    match picture(lesson, &grader, step, &desk.course.language, &cancel)? {
        Some(picture) => {
            let title = lesson.step(step).map_or("", |step| &step.title);
            let mut lines = vec![Line::of(title, Tone::Strong), Line::default()];
            lines.extend(style::from_page(&picture));
            desk.print(&lines).map(Ok)
        }
        None => Ok(Err(Refused(desk.words.say("show-nothing", &[]), 1))),
    }
}

/// The picture of the first of a step's tests, as the grader's source has them, that draws one.
pub fn picture(
    lesson: &Lesson,
    grader: &Grader,
    step: u8,
    language: &enchufe_harness::Language,
    cancel: &Cancel,
) -> io::Result<Option<String>> {
    let program = grader.solution.display().to_string();
    let program = format!("'{}'", program.replace('\'', r"'\''"));
    let order = grade::Order {
        lesson,
        grader,
        language,
        step: Some(step),
        program: Some(&program),
    };
    let mut pictures = std::collections::BTreeMap::new();
    grade::grade(&order, cancel, |verdict| pictures.extend(verdict.pictures))?;
    let source = format!("tests/lessons/{}.rs", lesson.name.replace('-', "_"));
    let source = std::fs::read_to_string(enchufe_harness::root().join(source)).unwrap_or_default();
    let place = |name: &str| source.find(&format!("fn {name}(")).unwrap_or(usize::MAX);
    let first = pictures
        .into_iter()
        .filter(|(_, picture)| picture.contains('│'))
        .min_by_key(|(name, _)| place(name));
    Ok(first.map(|(_, picture)| picture))
}
