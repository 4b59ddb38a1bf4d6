//! Builds and grades in a thread of its own, and sends the news.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use enchufe_syllabus::Language;

use super::{Event, News};
use crate::build::{self, Built};
use crate::child::Cancel;
use crate::commands;
use crate::course::Course;
use crate::grade;

/// What a run needs.
#[derive(Clone)]
pub struct Job {
    pub id: u64,
    pub course: Arc<Course>,
    pub lesson: usize,
    pub language: Language,
    pub is_plain: bool,
    pub cancel: Cancel,
    pub events: Sender<Event>,
}

impl Job {
    /// Grades the exercise.
    pub fn grade(self) {
        thread::spawn(move || {
            let news = match self.graded() {
                Ok(()) => News::Ended,
                Err(error) => News::Trouble(error.to_string()),
            };
            self.tell(news);
        });
    }

    fn graded(&self) -> io::Result<()> {
        let lesson = &self.course.lessons[self.lesson];
        let grader = match build::build(lesson, true, &self.cancel)? {
            Built::Ready { grader, warnings } => {
                self.tell(News::Built(warnings));
                grader
            }
            Built::Broken(errors) => {
                self.tell(News::Broken(errors));
                return Ok(());
            }
            Built::Cancelled => return Ok(()),
        };
        let order = grade::Order {
            lesson,
            grader: &grader,
            language: &self.language,
            step: None,
            program: None,
            is_plain: self.is_plain,
        };
        grade::grade(&order, &self.cancel, |verdict| {
            self.tell(News::Verdict(Box::new(verdict)))
        })
    }

    /// Has the solution graded in one step, and sends its picture.
    pub fn show(self, step: u8) {
        thread::spawn(move || {
            let lesson = &self.course.lessons[self.lesson];
            let picture = match build::build(lesson, false, &self.cancel) {
                Ok(Built::Ready { grader, .. }) => {
                    let of = commands::PictureOf {
                        lesson,
                        grader: &grader,
                        step,
                        language: &self.language,
                        is_plain: self.is_plain,
                    };
                    of.picture(&self.cancel)
                }
                _ => Ok(None),
            };
            let _ = self
                .events
                .send(Event::Shown(self.id, picture.ok().flatten()));
        });
    }

    /// A run that was cancelled has nothing more to say.
    fn tell(&self, news: News) {
        if !self.cancel.is_cancelled() {
            let _ = self.events.send(Event::Run(self.id, news)); // after the guide's end nobody listens
        }
    }
}
