//! What the guide says of lessons and steps, in the terminal and without one.

use enchufe_syllabus::{Words, root};

use crate::course::{Course, Lesson};
use crate::grade::State;
use crate::progress::Progress;
use crate::style::{Line, Tone, link_to};

/// How far a step is, in one sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Passed,
    Failed,
    NotBegun,
    NotRun,
    /// Its verdict is not known yet.
    Waiting,
}

impl From<&State> for Mark {
    fn from(state: &State) -> Self {
        match state {
            State::Passed => Self::Passed,
            State::Failed { .. } => Self::Failed,
            State::NotBegun { .. } => Self::NotBegun,
            State::NotRun(_) => Self::NotRun,
        }
    }
}

impl Mark {
    /// Its stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotBegun => "not-begun",
            Self::NotRun => "not-run",
            Self::Waiting => "waiting",
        }
    }

    /// Its sign, with its tone.
    pub fn sign(self) -> (&'static str, Tone) {
        match self {
            Self::Passed => ("✔", Tone::Good),
            Self::Failed => ("✘", Tone::Bad),
            Self::NotBegun => ("·", Tone::Quiet),
            Self::NotRun => ("–", Tone::Quiet),
            Self::Waiting => ("…", Tone::Quiet),
        }
    }

    /// A step's line: its sign and title, or for `--plain` its state as a word.
    pub fn line(self, title: &str, words: &Words, is_plain: bool) -> Line {
        let (sign, tone) = self.sign();
        match is_plain {
            true => Line::plain(format!(
                "  {title}: {}",
                words.say(&format!("mark-{}", self.name()), &[])
            )),
            false => Line::default().with(format!("  {sign} "), tone).with(
                title,
                if self == Self::NotBegun {
                    Tone::Quiet
                } else {
                    Tone::Plain
                },
            ),
        }
    }
}

/// Whether a step was solved.
pub fn mark_of(lesson: &Lesson, step: u8, progress: &Progress) -> Mark {
    match progress.solved.contains(&lesson.step_id(step)) {
        true => Mark::Passed,
        false => Mark::NotBegun,
    }
}

/// How many steps of a lesson are solved.
pub fn solved_in(lesson: &Lesson, progress: &Progress) -> usize {
    let is_solved =
        |step: &&crate::course::Step| progress.solved.contains(&lesson.step_id(step.number));
    lesson.steps.iter().filter(is_solved).count()
}

/// How many steps of the course are solved. What was solved in lessons that are gone does not count.
pub fn solved(course: &Course, progress: &Progress) -> usize {
    course
        .lessons
        .iter()
        .map(|lesson| solved_in(lesson, progress))
        .sum()
}

/// Where the learner goes on: the lesson that was left, or the next that is not solved, and its first
/// step that is not.
pub fn current(course: &Course, progress: &Progress) -> (usize, u8) {
    let is_whole = |lesson: &Lesson| solved_in(lesson, progress) == lesson.steps.len();
    let left = progress.lesson.as_deref().and_then(|id| course.find(id));
    let from = left.unwrap_or(0);
    let mut places = (from..course.lessons.len()).chain(0..from);
    let open = places.find(|&place| !is_whole(&course.lessons[place]));
    let lesson = open.unwrap_or(from);
    (
        lesson,
        course
            .lessons
            .get(lesson)
            .map_or(1, |lesson| next_step(lesson, progress)),
    )
}

/// The first step of a lesson that is not solved, or its last.
pub fn next_step(lesson: &Lesson, progress: &Progress) -> u8 {
    let is_open =
        |step: &&crate::course::Step| !progress.solved.contains(&lesson.step_id(step.number));
    let step = lesson.steps.iter().find(is_open).or(lesson.steps.last());
    step.map_or(1, |step| step.number)
}

/// The bar of the whole course: `████░░░░ 12/42`, or words for `--plain`.
pub fn bar(
    course: &Course,
    progress: &Progress,
    words: &Words,
    width: usize,
    is_plain: bool,
) -> Line {
    let (solved, all) = (solved(course, progress), course.steps());
    let said = words.say(
        "solved-of",
        &[("solved", solved.to_string()), ("steps", all.to_string())],
    );
    let room = width.saturating_sub(said.chars().count() + 2).min(40);
    if is_plain || room < 5 {
        return Line::plain(said);
    }
    let full = (solved * room).checked_div(all).unwrap_or(0);
    Line::of("█".repeat(full), Tone::Good)
        .with("░".repeat(room - full), Tone::Quiet)
        .with(format!("  {said}"), Tone::Plain)
}

/// A place in the source as editors take it, with a link to the file.
pub fn place(line: Line, (file, number): (String, Option<usize>)) -> Line {
    let shown = number.map_or_else(|| file.clone(), |number| format!("{file}:{number}"));
    line.link(shown, link_to(&root().join(file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Step;

    #[test]
    fn the_learner_goes_on_behind_the_lesson_that_was_left() {
        let lesson = |name: &str| Lesson {
            name: name.into(),
            title: String::new(),
            page: String::new(),
            steps: vec![Step {
                number: 1,
                title: String::new(),
            }],
        };
        let course = Course {
            language: enchufe_syllabus::Language::english(),
            lessons: ["00-a", "01-b", "02-c"].map(lesson).into(),
        };
        let progress = |left: Option<&str>, solved: &[&str]| {
            let mut progress = Progress::default();
            progress.lesson = left.map(str::to_owned);
            progress.solved = solved.iter().map(|id| format!("{id}/1")).collect();
            progress
        };

        assert_eq!(current(&course, &progress(None, &[])).0, 0);
        assert_eq!(current(&course, &progress(Some("b"), &[])).0, 1);
        assert_eq!(current(&course, &progress(Some("b"), &["b"])).0, 2);
        assert_eq!(current(&course, &progress(Some("c"), &["b", "c"])).0, 0);
        assert_eq!(current(&course, &progress(Some("gone"), &["a"])).0, 1);
    }
}
