//! A fresh stub fails at step 1 as not begun, kindly, in both languages.

use std::io::Write;

use crate::programs::{self, Kind};
use crate::verdict::step_of;
use crate::{lessons, root};
use enchufe_syllabus::blob_hash;

use super::{Grading, grade_all};

#[test]
fn a_fresh_stub_waits_at_step_1() {
    for lesson in lessons() {
        if programs::stub(&lesson).is_none() {
            let note = format!("not judged: {} has been begun", lesson.folder);
            let _ = writeln!(std::io::stderr(), "{note}"); // past libtest's capture
        }
    }
    grade_all(
        |lesson, program| {
            let grading = |language| Grading {
                lesson: lesson.clone(),
                kind: Kind::Stub,
                steps: Vec::new(),
                language,
                patience: 1.0,
                until: None,
            };
            match program.kind {
                Kind::Stub => ["en", "es"].map(grading).into(),
                _ => Vec::new(),
            }
        },
        |grading, verdict| {
            let (name, text) = (grading.name(), &verdict.text);
            assert_eq!(verdict.first_failed_step(), Some(1), "{name}: {text}");
            for step in 1..=programs::steps(&grading.lesson) {
                let fails = verdict
                    .failed
                    .iter()
                    .any(|test| step_of(test) == Some(step));
                assert!(
                    fails,
                    "{name}: step {step} is done before it is begun: {text}"
                );
            }
            let says = match grading.language {
                "es" => "sin empezar",
                _ => "not begun",
            };
            assert_eq!(text.matches(says).count(), 1, "{name}, one line: {text}");
            let place = format!(
                "docs/{}/{}.md#step-1",
                grading.language, grading.lesson.page
            );
            assert!(text.contains(&place), "{name}: {text}");
            assert!(
                !text.contains('✘'),
                "{name}: a page instead of a line: {text}"
            );
            assert!(!text.contains("panicked"), "{name} is not kind: {text}");
        },
    );
}

/// What is submitted holds no begun exercise.
#[test]
fn every_stub_is_as_shipped_where_that_counts() {
    if std::env::var("CI").as_deref() != Ok("true") {
        return;
    }
    for lesson in lessons() {
        let hash = blob_hash(&std::fs::read(root().join(lesson.exercise())).unwrap());
        assert_eq!(
            hash,
            lesson.stub,
            "{} as its manifest says",
            lesson.exercise()
        );
    }
}
