//! The course as its files say it is: lessons, their steps, and how far the exercises are.

use std::fs;
use std::io;
use std::path::PathBuf;

use enchufe_syllabus::{Language, Page, root, todos};

/// All lessons, in their order.
pub struct Course {
    /// The language of its pages.
    pub language: Language,
    pub lessons: Vec<Lesson>,
}

/// A lesson that there is an exercise for.
pub struct Lesson {
    /// The name of its folder and of its page: `01-tcp-client`.
    pub name: String,
    /// Its page's heading.
    pub title: String,
    /// Its page, below the workspace.
    pub page: String,
    pub steps: Vec<Step>,
}

/// A step of a lesson.
pub struct Step {
    pub number: u8,
    /// Its heading on the page.
    pub title: String,
}

impl Course {
    /// Reads the course in a language. A lesson without a page in it is read in English.
    pub fn open(language: &Language) -> io::Result<Self> {
        let mut names = Vec::new();
        let exercises = root().join("exercises");
        let told = |error: io::Error| {
            io::Error::new(error.kind(), format!("{}: {error}", exercises.display()))
        };
        for entry in fs::read_dir(&exercises).map_err(told)? {
            let entry = entry?;
            let is_lesson = entry.path().join("Cargo.toml").is_file();
            names.extend(entry.file_name().into_string().ok().filter(|_| is_lesson));
        }
        names.sort();
        let lessons = names.into_iter().map(|name| Lesson::open(language, name));
        Ok(Self {
            language: language.clone(),
            lessons: lessons.collect::<io::Result<_>>()?,
        })
    }

    /// The lesson that an argument names: `tcp-client`, `01-tcp-client`, `01` or `1`.
    pub fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim_end_matches('/').to_lowercase();
        let name = name.strip_prefix("exercises/").unwrap_or(&name); // as a shell completes it
        let number = name.parse::<u8>().ok();
        self.lessons.iter().position(|lesson| {
            lesson.name == name
                || lesson.id() == name
                || number.is_some_and(|n| lesson.number() == Some(n))
        })
    }

    /// How many steps there are in all.
    pub fn steps(&self) -> usize {
        self.lessons.iter().map(|lesson| lesson.steps.len()).sum()
    }
}

impl Lesson {
    fn open(language: &Language, name: String) -> io::Result<Self> {
        let page = Page::open(language, &name).or_else(|_| Page::open(&Language::english(), &name));
        let page = page
            .map_err(|error| io::Error::new(error.kind(), format!("docs/en/{name}.md: {error}")))?;
        let step = |section: &enchufe_syllabus::Section| {
            let number = section.id.strip_prefix("step-")?.parse().ok()?;
            let title = section.heading.clone();
            Some(Step { number, title })
        };
        Ok(Self {
            steps: page.sections().iter().filter_map(step).collect(),
            name,
            title: page.title.clone(),
            page: page.path.clone(),
        })
    }

    /// Its stable id, and the name of its package: `tcp-client`.
    pub fn id(&self) -> &str {
        self.name.split_once('-').map_or(&self.name, |(_, id)| id)
    }

    fn number(&self) -> Option<u8> {
        self.name.split_once('-')?.0.parse().ok()
    }

    /// The stable id of one of its steps: `tcp-client/4`.
    pub fn step_id(&self, step: u8) -> String {
        format!("{}/{step}", self.id())
    }

    /// The step of this number.
    pub fn step(&self, number: u8) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }

    /// The learner's file, below the workspace.
    pub fn exercise(&self) -> String {
        format!("exercises/{}/src/main.rs", self.name)
    }

    /// The reference solution, below the workspace.
    pub fn solution(&self) -> String {
        format!("solutions/{}.rs", self.name)
    }

    /// The grader's source, or nothing where it can't be read.
    pub fn grader(&self) -> String {
        let file = format!("tests/lessons/{}.rs", self.name.replace('-', "_"));
        fs::read_to_string(root().join(file)).unwrap_or_default()
    }

    /// The folder of its package.
    pub fn folder(&self) -> PathBuf {
        root().join("exercises").join(&self.name)
    }

    /// Where to write: the file, and a line: that of the step's `todo!`, else of what the stub says of
    /// the step, else of `main`.
    pub fn place(&self, step: u8) -> (String, Option<usize>) {
        let source = fs::read_to_string(root().join(self.exercise())).unwrap_or_default();
        let todo = todos(&source).get(&step).copied();
        let line_of = |text: &str| {
            let place = source
                .lines()
                .position(|line| line.trim_start().starts_with(text));
            place.map(|place| place + 1)
        };
        let line = todo
            .or_else(|| line_of(&format!("// Step {step}:")))
            .or_else(|| line_of("fn main("));
        (self.exercise(), line)
    }
}
