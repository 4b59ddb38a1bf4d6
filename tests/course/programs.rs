//! The programs that a lesson's grader is tried on: its solution, the checkpoints, the fresh stub, the mistakes.

use std::fs;
use std::process::Command;

use enchufe_syllabus::{Language, Lesson};

use crate::checkpoint::checkpoint;
use crate::{read, root};
use enchufe_syllabus::blob_hash;

/// What a program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The reference solution.
    Solution,
    /// Steps 1 to this one are done, the later ones are not begun.
    Checkpoint(u8),
    /// The exercise as the course ships it.
    Stub,
    /// The solution with this mistake in it, which fails at this step.
    Mistake { id: String, step: u8 },
}

impl Kind {
    /// Its file's name.
    pub fn name(&self) -> String {
        match self {
            Self::Solution => "solution".into(),
            Self::Checkpoint(step) => format!("after-step-{step}"),
            Self::Stub => "stub".into(),
            Self::Mistake { id, .. } => format!("mistake-{id}"),
        }
    }

    /// Whether a `todo!` stands in it. The grader reads that in the program's file, before it starts it.
    pub fn is_unfinished(&self) -> bool {
        matches!(self, Self::Checkpoint(_) | Self::Stub)
    }
}

/// A program and its source.
#[derive(Clone, Debug)]
pub struct Program {
    pub kind: Kind,
    pub source: String,
}

/// All programs of a lesson. The stub and what is made of it are missing where the exercise has been begun and
/// there is no history to take the stub from.
pub fn of(lesson: &Lesson) -> Vec<Program> {
    let solution = solution(lesson);
    let mut programs: Vec<Program> = mistakes(lesson)
        .into_iter()
        .map(|(id, step, source)| Program {
            kind: Kind::Mistake { id, step },
            source,
        })
        .collect();
    if let Some(stub) = stub(lesson) {
        programs.extend((1..steps(lesson)).map(|step| Program {
            kind: Kind::Checkpoint(step),
            source: checkpoint(&stub, &solution, step),
        }));
        programs.push(Program {
            kind: Kind::Stub,
            source: stub,
        });
    }
    programs.push(Program {
        kind: Kind::Solution,
        source: solution,
    });
    programs
}

/// The reference solution.
pub fn solution(lesson: &Lesson) -> String {
    read(&root().join(&lesson.solution))
}

/// The stub as the course ships it, also where the exercise has been begun and git still has it.
pub fn stub(lesson: &Lesson) -> Option<String> {
    if is_as_shipped(lesson) {
        return Some(read(&root().join(lesson.exercise())));
    }
    let mut git = Command::new("git");
    git.current_dir(root())
        .args(["cat-file", "blob", &lesson.stub]);
    let output = git.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Whether the exercise is as the course shipped it.
pub fn is_as_shipped(lesson: &Lesson) -> bool {
    let bytes = fs::read(root().join(lesson.exercise())).unwrap();
    blob_hash(&bytes) == lesson.stub
}

/// How many steps a lesson's English page has.
pub fn steps(lesson: &Lesson) -> u8 {
    let page = lesson.page(&Language::english()).unwrap();
    let mut steps = (1..).take_while(|step| page.section(&format!("step-{step}")).is_some());
    steps.by_ref().last().unwrap_or(0)
}

/// The ids of the mistakes that there are patches for.
pub fn mistake_ids(lesson: &Lesson) -> Vec<String> {
    let folder = fs::read_dir(root().join(lesson.mistakes()));
    let names = folder
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name());
    let mut ids: Vec<String> = names
        .filter_map(|name| Some(name.to_str()?.strip_suffix(".patch")?.to_owned()))
        .collect();
    ids.sort();
    ids
}

/// The step that a mistake's patch names, and the solution with the mistake in it.
pub fn mistake(lesson: &Lesson, id: &str) -> (u8, String) {
    let name = format!("{}/{id}.patch", lesson.mistakes());
    let text = read(&root().join(&name));
    let start = text
        .find("--- ")
        .unwrap_or_else(|| panic!("{name}: no diff"));
    let head = text[..start].trim().strip_prefix("step ");
    let step = head.and_then(|step| step.parse().ok());
    let step = step.unwrap_or_else(|| panic!("{name}: the first line is `step N`"));
    let patch = diffy::Patch::from_str(&text[start..]).unwrap();
    let source = diffy::apply(&solution(lesson), &patch);
    (
        step,
        source.unwrap_or_else(|error| panic!("{name} no longer applies: {error}")),
    )
}

fn mistakes(lesson: &Lesson) -> Vec<(String, u8, String)> {
    let with_id = |id: String| {
        let (step, source) = mistake(lesson, &id);
        (id, step, source)
    };
    mistake_ids(lesson).into_iter().map(with_id).collect()
}
