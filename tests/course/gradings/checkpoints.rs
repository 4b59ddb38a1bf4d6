//! A learner's program with the later steps still to do: the steps so far pass, and the next one is one quiet line.

use crate::programs::Kind;

use super::{Grading, grade_all};

#[test]
fn a_solution_cut_off_after_a_step_passes_up_to_that_step() {
    grade_all(
        |lesson, program| match program.kind {
            Kind::Checkpoint(step) => vec![Grading {
                lesson: lesson.clone(),
                kind: Kind::Checkpoint(step),
                steps: (1..=step + 1).collect(),
                language: "en",
                patience: 1.0,
                until: None,
            }],
            _ => Vec::new(),
        },
        |grading, verdict| {
            let Kind::Checkpoint(step) = grading.kind else {
                unreachable!("only checkpoints are graded here")
            };
            let (name, text) = (grading.name(), &verdict.text);
            assert!(verdict.passed > 0, "{name}: {text}");
            assert_eq!(
                verdict.first_failed_step(),
                Some(step + 1),
                "{name}: {text}"
            );
            assert!(text.contains("not begun"), "{name}: {text}");
            assert!(
                !text.contains('✘'),
                "a page instead of a line: {name}: {text}"
            );
        },
    );
}
