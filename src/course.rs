//! The course as its files say it is, and how far the learner is: lessons with their steps, progress, the way back.

use std::fs;
use std::io;

use enchufe_syllabus::{Language, Lesson, Page, Section, root, todos};

pub mod language;
pub mod progress;
pub mod reset;
pub mod status;

/// All lessons, in their order, in one language.
pub struct Course {
    /// The language of its pages.
    pub language: Language,
    pub chapters: Vec<Chapter>,
}

/// A lesson as it is read: its title and its steps, as its page has them.
pub struct Chapter {
    pub lesson: Lesson,
    /// Its page's heading.
    pub title: String,
    /// Its page, below the root.
    pub page: String,
    pub steps: Vec<Step>,
}

/// A step of a lesson.
pub struct Step {
    pub number: u8,
    /// Its heading on the page.
    pub title: String,
}

/// A line of a file, as editors take it.
pub struct SourceLine {
    /// The file, below the root.
    pub file: String,
    /// The line, counted from 1, where one is known.
    pub line: Option<usize>,
}

impl Course {
    /// Reads the course in a language. A lesson without a page in it is read in English.
    ///
    /// # Errors
    ///
    /// Where a lesson or its page can't be read: with the path.
    pub fn open(language: &Language) -> io::Result<Self> {
        let lessons = Lesson::all()?.into_iter();
        let chapters = lessons.map(|lesson| Chapter::open(language, lesson));
        Ok(Self {
            language: language.clone(),
            chapters: chapters.collect::<io::Result<_>>()?,
        })
    }

    /// The lesson that an argument names: `tcp-client`, `01-tcp-client`, `01` or `1`.
    pub fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim_end_matches('/').to_lowercase();
        let name = name.strip_prefix("exercises/").unwrap_or(&name); // as a shell completes it
        let number = name.parse::<u8>().ok();
        self.chapters.iter().position(|chapter| {
            let lesson = &chapter.lesson;
            lesson.page == name || lesson.id == name || number == Some(lesson.number)
        })
    }

    /// How many steps there are in all.
    pub fn steps(&self) -> usize {
        let steps = self.chapters.iter().map(|chapter| chapter.steps.len());
        steps.sum()
    }
}

impl Chapter {
    fn open(language: &Language, lesson: Lesson) -> io::Result<Self> {
        let page = lesson.page(language).map_err(|error| {
            let english = format!("docs/{}/{}.md", Language::english().name(), lesson.page);
            io::Error::new(error.kind(), format!("{english}: {error}"))
        })?;
        Ok(Self {
            steps: steps(&page),
            title: page.title,
            page: page.path,
            lesson,
        })
    }

    /// The stable id of its lesson.
    pub fn id(&self) -> &str {
        &self.lesson.id
    }

    /// The stable id of one of its steps: `tcp-client/4`.
    pub fn step_id(&self, step: u8) -> String {
        format!("{}/{step}", self.lesson.id)
    }

    /// The heading of a step, or nothing where it has none.
    pub fn step_title(&self, number: u8) -> &str {
        self.step(number).map_or("", |step| &step.title)
    }

    /// The step of this number.
    pub fn step(&self, number: u8) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }

    /// Where to write: the line of the step's `todo!`, else of what the stub says of the step, else of `main`.
    pub fn where_to_write(&self, step: u8) -> SourceLine {
        let file = self.lesson.exercise();
        let source = fs::read_to_string(root().join(&file)).unwrap_or_default();
        let todo = todos(&source).get(&step).copied();
        let line_of = |text: &str| {
            let mut lines = source.lines();
            let index = lines.position(|line| line.trim_start().starts_with(text));
            index.map(|index| index + 1)
        };
        let line = todo
            .or_else(|| line_of(&format!("// Step {step}:")))
            .or_else(|| line_of("fn main("));
        SourceLine { file, line }
    }
}

fn steps(page: &Page) -> Vec<Step> {
    let step = |section: &Section| {
        let number = section.id.strip_prefix("step-")?.parse().ok()?;
        let title = section.heading.clone();
        Some(Step { number, title })
    };
    page.sections().iter().filter_map(step).collect()
}

/// The time as names of files hold it.
fn timestamp() -> String {
    chrono::Local::now().format("%Y-%m-%d-%H%M%S").to_string()
}
