//! `show`: the picture of what the solution does in a step, without its code.

use std::collections::BTreeMap;
use std::io;

use enchufe_syllabus::Language;

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
    cancel.on_signals()?;
    let Built::Ready { grader, .. } = build::build(lesson, false, &cancel)? else {
        return Ok(Err(Refused(desk.words.say("show-not-built", &[]), 1)));
    };
    let of = PictureOf {
        lesson,
        grader: &grader,
        step,
        language: &desk.course.language,
        is_plain: desk.is_plain(),
    };
    match of.picture(&cancel)? {
        Some(picture) => {
            let title = lesson.step(step).map_or("", |step| &step.title);
            let mut lines = vec![Line::of(title, Tone::Strong), Line::default()];
            lines.extend(style::from_page(&picture));
            desk.print(&lines).map(Ok)
        }
        None => Ok(Err(Refused(desk.words.say("show-nothing", &[]), 1))),
    }
}

/// Of what the solution is to draw a picture.
pub struct PictureOf<'a> {
    pub lesson: &'a Lesson,
    pub grader: &'a Grader,
    pub step: u8,
    pub language: &'a Language,
    pub is_plain: bool,
}

impl PictureOf<'_> {
    /// The picture of the first of the step's tests, as the grader's source has them, in which more
    /// than an end happens, else of the first that has one.
    pub fn picture(&self, cancel: &Cancel) -> io::Result<Option<String>> {
        let program = self.grader.solution.display().to_string();
        let program = format!("'{}'", program.replace('\'', r"'\''"));
        let order = grade::Order {
            lesson: self.lesson,
            grader: self.grader,
            language: self.language,
            step: Some(self.step),
            program: Some(&program),
            is_plain: self.is_plain,
        };
        let mut pictures = BTreeMap::new();
        grade::grade(&order, cancel, |verdict| pictures.extend(verdict.pictures))?;
        let source = self.lesson.grader();
        let is_small = |picture: &str| picture.lines().count() < 3;
        let first = pictures
            .into_iter()
            .filter(|(_, picture)| !picture.is_empty())
            .min_by_key(|(name, picture)| (is_small(picture), grade::place_in(&source, name)));
        Ok(first.map(|(_, picture)| picture))
    }
}
