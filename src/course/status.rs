//! What the guide says of lessons and steps, in the terminal and without one.

use enchufe_syllabus::{Words, root};

use super::progress::Progress;
use super::{Chapter, Course, SourceLine, Step};
use crate::text::line::{Line, Tone};
use crate::text::link::link_to;

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
pub fn mark_of(chapter: &Chapter, step: u8, progress: &Progress) -> Mark {
    match progress.solved.contains(&chapter.step_id(step)) {
        true => Mark::Passed,
        false => Mark::NotBegun,
    }
}

/// How many steps of a lesson are solved.
pub fn solved_in(chapter: &Chapter, progress: &Progress) -> usize {
    let is_solved = |step: &&Step| progress.solved.contains(&chapter.step_id(step.number));
    chapter.steps.iter().filter(is_solved).count()
}

/// How many steps of the course are solved. What was solved in lessons that are gone does not count.
pub fn solved(course: &Course, progress: &Progress) -> usize {
    course
        .chapters
        .iter()
        .map(|chapter| solved_in(chapter, progress))
        .sum()
}

/// Where the learner goes on: the lesson that was left, or the next that is not solved, and its first
/// step that is not.
pub fn current(course: &Course, progress: &Progress) -> (usize, u8) {
    let is_whole = |chapter: &Chapter| solved_in(chapter, progress) == chapter.steps.len();
    let left = progress.lesson.as_deref().and_then(|id| course.find(id));
    let from = left.unwrap_or(0);
    let mut indexes = (from..course.chapters.len()).chain(0..from);
    let open = indexes.find(|&index| !is_whole(&course.chapters[index]));
    let index = open.unwrap_or(from);
    let chapter = course.chapters.get(index);
    (
        index,
        chapter.map_or(1, |chapter| next_step(chapter, progress)),
    )
}

/// The first step of a lesson that is not solved, or its last.
pub fn next_step(chapter: &Chapter, progress: &Progress) -> u8 {
    let is_open = |step: &&Step| !progress.solved.contains(&chapter.step_id(step.number));
    let step = chapter.steps.iter().find(is_open).or(chapter.steps.last());
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

/// Adds a line of a source as editors take it, with a link to the file.
pub fn linked(line: Line, to: SourceLine) -> Line {
    let file = to.file;
    let shown = match to.line {
        Some(number) => format!("{file}:{number}"),
        None => file.clone(),
    };
    line.link(shown, link_to(&root().join(file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use enchufe_syllabus::Lesson;

    use super::Step;

    #[test]
    fn the_learner_goes_on_behind_the_lesson_that_was_left() {
        let chapter = |id: &str| Chapter {
            lesson: Lesson {
                id: id.into(),
                ..Lesson::default()
            },
            title: String::new(),
            page: String::new(),
            steps: vec![Step {
                number: 1,
                title: String::new(),
            }],
        };
        let course = Course {
            language: enchufe_syllabus::Language::english(),
            chapters: ["a", "b", "c"].map(chapter).into(),
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
