//! Adding a lesson means its own files and a line in each README, and nothing else: each lesson has them all, and
//! nothing else names it.

use std::collections::BTreeSet;

use enchufe_syllabus::{Language, Lesson};

use crate::{lessons, programs, read, root};

/// What a lesson consists of, beside its folder in `exercises/`.
fn own_files(lesson: &Lesson) -> Vec<String> {
    let grader = lesson.grader.strip_suffix("main.rs");
    let grader = grader.expect("a grader is a folder with a main.rs");
    let mut files = vec![
        lesson.exercise(),
        lesson.solution.clone(),
        lesson.grader.clone(),
        format!("{grader}picture.rs"),
        lesson.mistakes(),
    ];
    files.extend((1..=programs::steps(lesson)).map(|step| format!("{grader}step_{step}.rs")));
    let languages = Language::all().into_iter();
    files.extend(languages.map(|language| format!("docs/{}/{}.md", language.name(), lesson.page)));
    files
}

#[test]
fn each_lesson_has_all_its_files_under_one_name() {
    for lesson in lessons() {
        let page = &lesson.page;
        assert_eq!(lesson.folder, format!("exercises/{page}"));
        assert_eq!(lesson.solution, format!("solutions/{page}.rs"));
        let grader = format!("tests/lessons/{}/main.rs", page.replace('-', "_"));
        assert_eq!(lesson.grader, grader);
        assert_eq!(*page, format!("{:02}-{}", lesson.number, lesson.id));
        for file in own_files(&lesson) {
            assert!(root().join(&file).exists(), "{page} lacks {file}");
        }
        assert!(programs::steps(&lesson) > 0, "{page} has no steps");
    }
}

#[test]
fn the_lessons_are_numbered_from_0() {
    let numbers: Vec<u8> = lessons().iter().map(|lesson| lesson.number).collect();
    let expected: Vec<u8> = (0..).take(numbers.len()).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn each_readme_has_a_line_for_each_lesson() {
    for (readme, language) in [("README.md", "en"), ("README.es.md", "es")] {
        let text = read(&root().join(readme));
        for lesson in lessons() {
            let begin = format!("| {} | [", lesson.number);
            let link = format!("](docs/{language}/{}.md)", lesson.page);
            let has_line = |line: &str| line.starts_with(&begin) && line.contains(&link);
            assert!(
                text.lines().any(has_line),
                "{readme} has no line for {}",
                lesson.page
            );
        }
    }
}

/// The workflows ask the course for its lessons when they run.
#[test]
fn no_workflow_names_a_lesson() {
    let mut named = BTreeSet::new();
    for folder in ["docs/workflows", ".github/workflows"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let file = entry.unwrap().path();
            let text = read(&file);
            for lesson in lessons() {
                let ids = [format!("{}/", lesson.id), format!("check {}", lesson.id)];
                if ids.iter().any(|id| text.contains(id)) || text.contains(&lesson.page) {
                    named.insert(format!("{}: {}", file.display(), lesson.id));
                }
            }
        }
    }
    assert!(named.is_empty(), "{named:#?}");
}
