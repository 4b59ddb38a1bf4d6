//! Each lesson's solution passes its grader.

use crate::programs::Kind;

use super::{Grading, grade_all};

#[test]
fn every_solution_passes_its_grader() {
    grade_all(
        |lesson, program| match program.kind {
            Kind::Solution => vec![Grading {
                lesson: lesson.clone(),
                kind: Kind::Solution,
                steps: Vec::new(),
                language: "en",
                patience: 1.0,
                until: None,
            }],
            _ => Vec::new(),
        },
        |grading, verdict| {
            let passes = verdict.is_green && verdict.passed > 0;
            assert!(passes, "{}: {}", grading.name(), verdict.text);
        },
    );
}
