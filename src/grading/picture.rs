//! The sequence diagram of what the reference solution does in a step.

use std::io;

use enchufe_syllabus::Language;
use enchufe_syllabus::result::Report;

use super::build::{self, Built, Wanted};
use super::child::Cancel;
use super::run::{self, Order};
use crate::course::Chapter;

/// Of which step the solution is to show what it does.
pub struct PictureOf<'a> {
    pub chapter: &'a Chapter,
    pub step: u8,
    pub language: &'a Language,
    pub is_plain: bool,
}

/// What was shown.
pub enum Shown {
    Picture(Box<Report>),
    /// Its tests draw none.
    Nothing,
    /// The lesson could not be built.
    NotBuilt,
}

impl PictureOf<'_> {
    /// Of the step's first test in which more than an end happens, else of the first that has a diagram.
    ///
    /// # Errors
    ///
    /// Where the lesson can't be built or graded for a reason that is not the program's.
    pub fn show(&self, cancel: &Cancel) -> io::Result<Shown> {
        let lesson = &self.chapter.lesson;
        let Built::Ready { grader, .. } = build::build(lesson, Wanted::Solution, false, cancel)?
        else {
            return Ok(Shown::NotBuilt);
        };
        let program = grader.solution.display().to_string();
        let program = format!("'{}'", program.replace('\'', r"'\''"));
        let order = Order {
            chapter: self.chapter,
            grader: &grader,
            language: self.language,
            step: Some(self.step),
            program: Some(&program),
            is_plain: self.is_plain,
        };
        let mut reports = Vec::new();
        run::grade(&order, cancel, |result| reports.extend(result.passed))?;
        let is_small = |report: &Report| report.diagram.len() < 3;
        let drawn = reports
            .into_iter()
            .filter(|report| !report.diagram.is_empty());
        let first = drawn.min_by_key(is_small); // the first of those that are equal
        Ok(first.map_or(Shown::Nothing, |report| Shown::Picture(Box::new(report))))
    }
}
