//! Each wrong program is rejected, at its step and under its name.

use crate::programs::Kind;

use super::{Grading, grade_all};

/// Most wrong programs are found by waiting in vain, so they are waited for less long than a learner's.
const PATIENCE: f64 = 0.8;

#[test]
fn every_mistake_is_rejected_at_its_step_under_its_name() {
    grade_all(
        |lesson, program| match program.kind {
            Kind::Mistake { step, .. } => vec![Grading {
                lesson: lesson.clone(),
                kind: program.kind.clone(),
                steps: (1..=step).collect(),
                language: "en",
                patience: PATIENCE,
            }],
            _ => Vec::new(),
        },
        |grading, verdict| {
            let Kind::Mistake { id, step } = &grading.kind else {
                unreachable!("only mistakes are graded here")
            };
            let (name, text) = (grading.name(), &verdict.text);
            assert_eq!(verdict.first_failed_step(), Some(*step), "{name}: {text}");
            let ids = verdict.ids_of_step(*step);
            assert!(ids.contains(id), "{name} is called {ids:?}: {text}");
        },
    );
}
