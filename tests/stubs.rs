//! A fresh stub fails at step 1 as not begun, kindly, in both languages.

mod course;

use std::io::Write;

use course::{Workshop, lessons, root, steps};

/// A begun exercise is the learner's, and not judged here.
#[test]
fn a_fresh_stub_waits_at_step_1() {
    for lesson in lessons() {
        if !lesson.is_as_shipped() {
            let note = format!("not judged: exercises/{} has been begun", lesson.name);
            let _ = writeln!(std::io::stderr(), "{note}"); // past libtest's capture
            continue;
        }
        let source = std::fs::read_to_string(lesson.stub()).unwrap();
        let workshop = Workshop::build(&lesson, "stub", &[("fresh".into(), source)]);
        let program = format!("'{}'", workshop.program("fresh").display());

        for (language, says) in [("en", "not begun"), ("es", "sin empezar")] {
            let verdict = workshop.grade(&program, &[], language);

            assert_eq!(verdict.first_failed_step(), Some(1), "{}", verdict.text);
            for step in steps(1..=lesson.steps()) {
                let fails = verdict.failed.iter().any(|test| test.starts_with(&step));
                assert!(fails, "{step} is done before it is begun: {}", verdict.text);
            }
            assert_eq!(
                verdict.text.matches(says).count(),
                1,
                "one line: {}",
                verdict.text
            );
            assert!(
                verdict
                    .text
                    .contains(&format!("docs/{language}/{}.md#step-1", lesson.name))
            );
            assert!(
                !verdict.text.contains('✘'),
                "a page instead of a line: {}",
                verdict.text
            );
            assert!(
                !verdict.text.contains("panicked"),
                "not kind: {}",
                verdict.text
            );
        }
    }
}

/// What is submitted holds no begun exercise.
#[test]
fn every_stub_is_as_shipped_where_that_counts() {
    if std::env::var("CI").as_deref() != Ok("true") {
        return;
    }
    for lesson in lessons() {
        let file = lesson.stub();
        let hash = course::blob_hash(&std::fs::read(&file).unwrap());
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        assert!(
            lesson.is_as_shipped(),
            "{name} has the hash {hash}, its manifest says otherwise"
        );
    }
}
