//! Each wrong program is rejected, at its step and under its name.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod course;

use std::sync::Mutex;

use course::{Lesson, Workshop, lessons, steps};

/// How many graders run at a time: they wait more than they compute.
const AT_ONCE: usize = 8;
/// Most wrong programs are found by waiting in vain, so they are waited for less long than a learner's.
const PATIENCE: f64 = 0.8;

#[test]
fn every_mistake_is_rejected_at_its_step_under_its_name() {
    let lessons = lessons();
    let workshops: Vec<(&Lesson, Workshop, Vec<String>)> =
        lessons.iter().map(with_mistakes).collect();
    let mistakes = workshops.iter().flat_map(|(lesson, workshop, names)| {
        let of_a_lesson = move |name| (*lesson, workshop, name);
        names.iter().map(of_a_lesson)
    });
    let waiting = Mutex::new(mistakes);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                // The lock is held while the next one is taken, and not while it is graded.
                while let Some((lesson, workshop, name)) = { waiting.lock().unwrap().next() } {
                    is_named(lesson, workshop, name);
                }
            });
        }
    });
}

/// A lesson, its wrong programs, built, and their names.
fn with_mistakes(lesson: &Lesson) -> (&Lesson, Workshop, Vec<String>) {
    let names = lesson.patches("mistakes");
    let programs: Vec<_> = names
        .iter()
        .map(|name| (name.clone(), wrong(lesson, name).1))
        .collect();
    let mut workshop = Workshop::build_as_one(lesson, "mistakes", &programs);
    workshop.patience = PATIENCE;
    (lesson, workshop, names)
}

fn is_named(lesson: &Lesson, workshop: &Workshop, name: &str) {
    let (step, _) = wrong(lesson, name);

    let verdict = workshop.grade_program(name, &steps(1..=step));

    assert_eq!(
        verdict.first_failed_step(),
        Some(step),
        "{name}: {}",
        verdict.text
    );
    assert!(
        verdict.ids_of_step(step).contains(name),
        "{name}: {}",
        verdict.text
    );
}

/// The step that a patch's first line names, and the solution with the mistake in it.
fn wrong(lesson: &Lesson, name: &str) -> (u8, String) {
    let (head, diff) = lesson.patch("mistakes", name);
    let step = head
        .strip_prefix("step ")
        .and_then(|step| step.parse().ok());
    let step = step.unwrap_or_else(|| panic!("{name}.patch: the first line is `step N`"));
    let solution = std::fs::read_to_string(lesson.solution()).unwrap();
    let source = diffy::apply(&solution, &diffy::Patch::from_str(&diff).unwrap());
    (
        step,
        source.unwrap_or_else(|error| panic!("{name}.patch no longer applies: {error}")),
    )
}
