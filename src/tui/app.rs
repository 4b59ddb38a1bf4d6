//! What the guide knows, and what each event changes of it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use enchufe_syllabus::result::Report;
use enchufe_syllabus::{Language, Words, root};

use super::events::{Event, News};
use super::run::{Phase, Run};
use super::view::View;
use super::worker::Job;
use crate::course::progress::{self, Progress};
use crate::course::{Chapter, Course, SourceLine, Step, language, status};
use crate::grading::child::Cancel;
use crate::grading::verdict::{StepResult, Verdict};

/// Everything that is drawn comes from here.
pub struct App {
    pub course: Arc<Course>,
    pub words: Words,
    pub progress: Progress,
    /// The index of the lesson in the course.
    pub lesson: usize,
    pub run: Run,
    pub view: View,
    /// The first line that is seen, and the first column of what is never broken.
    pub scroll: (usize, usize),
    /// One line on what was done last.
    pub notice: Option<String>,
    /// The step that the view is of, however the run goes on meanwhile.
    pub seen: u8,
    /// The step that the learner jumped to, until it passes.
    pub chosen: Option<u8>,
    /// Whether nothing was ever solved or chosen here.
    pub is_first_time: bool,
    /// Whether the screen is read aloud.
    pub is_plain: bool,
    events: Sender<Event>,
    has_news: bool,
    /// Each exercise as it was read last, or none where there was no file.
    sources: Vec<Option<Vec<u8>>>,
}

impl App {
    /// The guide where the learner left off.
    pub fn new(
        language: Language,
        progress: Progress,
        events: Sender<Event>,
        is_plain: bool,
    ) -> io::Result<Self> {
        let course = Course::open(&language)?;
        if course.chapters.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "exercises/: no lesson is there",
            ));
        }
        let (lesson, _) = status::current(&course, &progress);
        Ok(Self {
            sources: course.chapters.iter().map(source).collect(),
            course: Arc::new(course),
            words: Words::of(&language),
            chosen: None,
            seen: 1,
            is_first_time: progress == Progress::default(),
            progress,
            lesson,
            run: Run::default(),
            view: View::Main,
            scroll: (0, 0),
            notice: None,
            is_plain,
            events,
            has_news: true,
        })
    }

    /// The lesson that is open.
    pub fn chapter(&self) -> &Chapter {
        &self.course.chapters[self.lesson]
    }

    /// The step that is on: the first that the run found wrong, else the first that is not solved.
    pub fn step(&self) -> u8 {
        if let Some(chosen) = self.chosen {
            return chosen;
        }
        let is_open = |step: &&Step| match self.run.results.get(&step.number) {
            Some(result) => !result.verdict.is_right(),
            // What was right may be wrong now; until that is known it is no reason to wait for it.
            None => {
                let id = self.chapter().step_id(step.number);
                self.run.phase == Phase::Grading && !self.progress.solved.contains(&id)
            }
        };
        match self.chapter().steps.iter().find(is_open) {
            Some(step) => step.number,
            None => status::next_step(self.chapter(), &self.progress),
        }
    }

    /// Where to write: where the compiler found an error, else where the step is to be written.
    pub fn where_to_write(&self) -> SourceLine {
        let chapter = self.chapter();
        let Phase::Broken(errors) = &self.run.phase else {
            let first = match self.verdict(self.step()) {
                Some(&Verdict::NotBegun { first, .. }) => first,
                _ => self.step(),
            };
            return chapter.where_to_write(first);
        };
        let file = chapter.lesson.exercise();
        let after = errors.split(&format!("{file}:")).nth(1);
        let line = after.and_then(|after| after.split(':').next()?.parse().ok());
        SourceLine { file, line }
    }

    /// What the run has found of a step.
    pub fn verdict(&self, step: u8) -> Option<&Verdict> {
        self.run.results.get(&step).map(|result| &result.verdict)
    }

    /// Whether something is built or graded.
    pub fn is_running(&self) -> bool {
        matches!(self.run.phase, Phase::Building | Phase::Grading)
    }

    /// For how many seconds the run goes on.
    pub fn seconds(&self) -> u64 {
        self.run
            .started
            .map_or(0, |started| started.elapsed().as_secs())
    }

    /// Whether the run has found every step right.
    pub fn is_solved(&self) -> bool {
        self.run.phase == Phase::Ended
            && self.run.results.len() == self.chapter().steps.len()
            && self
                .run
                .results
                .values()
                .all(|result| result.verdict.is_right())
    }

    /// Whether something has come since this was asked last.
    pub fn has_news(&mut self) -> bool {
        std::mem::take(&mut self.has_news)
    }

    /// Builds and grades the exercise; the run before is ended.
    pub fn run_again(&mut self) {
        self.run.cancel.cancel();
        self.sources[self.lesson] = source(self.chapter());
        self.run = Run {
            id: self.run.id + 1,
            started: Some(Instant::now()),
            ..Run::default()
        };
        self.job(self.run.cancel.clone()).grade();
        self.has_news = true;
    }

    fn job(&self, cancel: Cancel) -> Job {
        Job {
            id: self.run.id,
            course: Arc::clone(&self.course),
            lesson: self.lesson,
            language: self.course.language.clone(),
            is_plain: self.is_plain,
            cancel,
            events: self.events.clone(),
        }
    }

    /// Asks for the picture of the solution's run of this step.
    pub fn show(&mut self) {
        self.run.shows.cancel();
        self.run.shows = Cancel::default();
        self.look_at(View::Show(None));
        self.job(self.run.shows.clone()).show(self.seen);
    }

    /// The picture has come.
    pub fn shown(&mut self, id: u64, picture: Option<Box<Report>>) {
        if let View::Show(shown) = &mut self.view
            && id == self.run.id
        {
            *shown = Some(picture);
            self.has_news = true;
        }
    }

    /// Something below `exercises/` has changed: grades the lesson whose source is another text now.
    /// An editor may empty a file before it writes it; of that nothing is to be said.
    pub fn saved(&mut self) {
        let is_new = |&index: &usize| {
            let now = source(&self.course.chapters[index]);
            let is_emptied = now.as_ref().is_some_and(Vec::is_empty);
            !is_emptied && now != self.sources[index]
        };
        let mut all = std::iter::once(self.lesson).chain(0..self.course.chapters.len());
        match all.find(is_new) {
            Some(index) if index == self.lesson => {
                self.is_first_time = false;
                self.notice = None;
                self.look_at(View::Main);
                self.run_again();
            }
            Some(index) => self.go_to(index),
            None => {}
        }
    }

    /// Goes to another lesson.
    pub fn go_to(&mut self, lesson: usize) {
        self.lesson = lesson.min(self.course.chapters.len() - 1);
        self.chosen = None;
        self.notice = None;
        self.look_at(View::Main);
        let id = self.chapter().id().to_owned();
        self.remember(|progress| progress.lesson = Some(id.clone()));
        self.run_again();
    }

    /// Shows something else, from its top.
    pub fn look_at(&mut self, view: View) {
        if self.view == View::Main {
            self.seen = self.step();
        }
        self.view = view;
        self.scroll = (0, 0);
        self.has_news = true;
    }

    /// Shows the same again, where it is printed.
    pub fn look_again(&mut self) {
        self.has_news = true;
    }

    /// The next language of the course.
    pub fn change_language(&mut self) {
        let next = language::next(&self.course.language);
        let Ok(course) = Course::open(&next) else {
            return;
        };
        self.course = Arc::new(course);
        self.words = Words::of(&next);
        self.chosen = None;
        self.notice = language::choose(&next).err().map(|error| error.to_string());
        self.look_at(View::Main);
        self.run_again();
    }

    /// News of a run; what an earlier one says no longer counts.
    pub fn news(&mut self, id: u64, news: News) {
        if id != self.run.id {
            return;
        }
        match news {
            News::Broken(errors) => self.run.phase = Phase::Broken(errors),
            News::Trouble(why) => self.run.phase = Phase::Trouble(why),
            News::Built(warnings) => {
                self.run.phase = Phase::Grading;
                self.run.warnings = warnings;
            }
            News::Step(result) => self.take(*result),
            News::Ended => {
                if self.run.phase == Phase::Grading {
                    self.run.phase = Phase::Ended;
                }
            }
        }
        self.has_news = true;
    }

    fn take(&mut self, result: StepResult) {
        if result.verdict.is_right() {
            self.chosen = self.chosen.filter(|&step| step != result.step);
            let id = self.chapter().step_id(result.step);
            let lesson = self.chapter().id().to_owned();
            if !self.progress.solved.contains(&id) {
                self.remember(|progress| {
                    progress.solved.insert(id.clone());
                    progress.lesson = Some(lesson.clone());
                });
            }
        }
        self.run.results.insert(result.step, result);
    }

    /// Keeps something. Where it can't be kept the guide goes on, and says so.
    pub fn remember(&mut self, change: impl Fn(&mut Progress)) {
        change(&mut self.progress);
        if let Err(error) = progress::change(&change) {
            let said = [("said", error.to_string())];
            self.notice = Some(self.words.say("progress-not-kept", &said));
        }
        let (kept, _) = progress::read();
        self.progress.solved.extend(kept.solved); // another guide's
    }

    /// Ends what runs.
    pub fn leave(&self) {
        self.run.cancel.cancel();
        self.run.shows.cancel();
    }
}

fn source(chapter: &Chapter) -> Option<Vec<u8>> {
    std::fs::read(root().join(chapter.lesson.exercise())).ok()
}
