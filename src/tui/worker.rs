//! Builds and grades in a thread of its own, and sends the news.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use enchufe_syllabus::Language;

use super::events::{Event, News};
use crate::course::Course;
use crate::grading::build::{self, Built, Wanted};
use crate::grading::child::Cancel;
use crate::grading::picture::{PictureOf, Shown};
use crate::grading::run::{self, Order};

/// What a run needs.
#[derive(Clone)]
pub struct Job {
    pub id: u64,
    pub course: Arc<Course>,
    /// The index of the lesson in the course.
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
        let chapter = &self.course.chapters[self.lesson];
        let built = build::build(&chapter.lesson, Wanted::Exercise, true, &self.cancel)?;
        let grader = match built {
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
        let order = Order {
            chapter,
            grader: &grader,
            language: &self.language,
            step: None,
            program: None,
            is_plain: self.is_plain,
        };
        run::grade(&order, &self.cancel, |result| {
            self.tell(News::Step(Box::new(result)))
        })
    }

    /// Has the solution graded in one step, and sends its picture.
    pub fn show(self, step: u8) {
        thread::spawn(move || {
            let of = PictureOf {
                chapter: &self.course.chapters[self.lesson],
                step,
                language: &self.language,
                is_plain: self.is_plain,
            };
            let picture = match of.show(&self.cancel) {
                Ok(Shown::Picture(picture)) => Some(picture),
                _ => None,
            };
            let _ = self.events.send(Event::Shown(self.id, picture)); // after the guide's end nobody listens
        });
    }

    /// A run that was cancelled has nothing more to say.
    fn tell(&self, news: News) {
        if !self.cancel.is_cancelled() {
            let _ = self.events.send(Event::Run(self.id, news)); // after the guide's end nobody listens
        }
    }
}
