//! Each lesson's solution passes its grader, and each cut of it passes up to the cut.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod course;

use course::{Lesson, Workshop, lessons, steps};

#[test]
fn every_solution_passes_its_grader() {
    for lesson in lessons() {
        let source = std::fs::read_to_string(lesson.solution()).unwrap();
        let workshop = Workshop::build(&lesson, "solution", &[("whole".into(), source)]);

        let verdict = workshop.grade_program("whole", &[]);

        assert!(
            verdict.is_green && verdict.passed > 0,
            "{}: {}",
            lesson.name,
            verdict.text
        );
    }
}

/// A learner's program with the later steps still to do: the steps so far pass, and the next one is
/// one quiet line.
#[test]
fn a_solution_cut_off_after_a_step_passes_up_to_that_step() {
    for lesson in lessons() {
        let cuts: Vec<u8> = (1..lesson.steps()).collect();
        let programs: Vec<_> = cuts.iter().map(|&step| cut(&lesson, step)).collect();
        let workshop = Workshop::build(&lesson, "cuts", &programs);
        for step in cuts {
            let name = format!("after-step-{step}");

            let so_far = workshop.grade_program(&name, &steps(1..=step));
            let next = workshop.grade_program(&name, &steps([step + 1]));

            assert!(
                so_far.is_green && so_far.passed > 0,
                "{name}: {}",
                so_far.text
            );
            assert_eq!(
                next.first_failed_step(),
                Some(step + 1),
                "{name}: {}",
                next.text
            );
            assert!(next.text.contains("not begun"), "{name}: {}", next.text);
            assert!(
                !next.text.contains('✘'),
                "a page instead of a line: {name}: {}",
                next.text
            );
        }
    }
}

fn cut(lesson: &Lesson, step: u8) -> (String, String) {
    let name = format!("after-step-{step}");
    let (_, diff) = lesson.patch("cuts", &name);
    let solution = std::fs::read_to_string(lesson.solution()).unwrap();
    let source = diffy::apply(&solution, &diffy::Patch::from_str(&diff).unwrap());
    (
        name.clone(),
        source.unwrap_or_else(|error| panic!("{name}.patch no longer applies: {error}")),
    )
}
