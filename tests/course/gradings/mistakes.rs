//! Each wrong program is rejected, at its step and under its name.

use crate::programs::{Kind, Program};
use enchufe_syllabus::Lesson;

use super::{Grading, grade_all};

/// Most wrong programs are found by waiting in vain, so they are waited for less long than a learner's.
const PATIENCE: f64 = 0.8;

#[test]
fn every_mistake_is_rejected_at_its_step_under_its_name() {
    grade_all(gradings, |grading, verdict| {
        let (name, text) = (grading.name(), &verdict.text);
        match &grading.until {
            None => assert!(
                verdict.is_green && verdict.passed > 0,
                "{name} is rejected before its step: {text}"
            ),
            Some(id) => {
                assert!(!verdict.is_green, "{name} is accepted: {text}");
                let ids = verdict.ids();
                assert!(
                    ids.contains(id.as_str()),
                    "{name} is called {ids:?}: {text}"
                );
            }
        }
    });
}

/// A wrong program passes the tests of the steps before its own, and one of its own calls it by its name.
fn gradings(lesson: &Lesson, program: &Program) -> Vec<Grading> {
    let Kind::Mistake { id, step } = &program.kind else {
        return Vec::new();
    };
    let grading = |steps: Vec<u8>, until: Option<&String>| Grading {
        lesson: lesson.clone(),
        kind: program.kind.clone(),
        steps,
        language: "en",
        patience: PATIENCE,
        until: until.cloned(),
    };
    let before = (*step > 1).then(|| grading((1..*step).collect(), None));
    let at_its_step = grading(vec![*step], Some(id));
    before.into_iter().chain([at_its_step]).collect()
}
