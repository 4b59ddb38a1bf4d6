//! What the pages say of mistakes and steps, and what the graders ask of them.

use std::collections::BTreeSet;

use enchufe_syllabus::{Language, Lesson, Page};

use crate::programs::{mistake_ids, steps};
use crate::{lessons, read, root};

use super::files_below;

/// What every program can do wrong: the harness names these by itself.
const OF_ALL_LESSONS: [&str; 4] = ["panics", "exits-zero", "error-on-stdout", "fails-silently"];

/// The sources of a lesson's grader.
fn grader(lesson: &Lesson) -> String {
    let main = root().join(&lesson.grader);
    let files = files_below(main.parent().unwrap(), "rs");
    files.iter().map(|file| read(file)).collect()
}

/// The ids that stand in `.mistake("…"`.
fn named(source: &str) -> BTreeSet<&str> {
    let calls = source.split(".mistake(").skip(1);
    calls
        .filter_map(|after| {
            after
                .trim_start()
                .strip_prefix('"')?
                .split_once('"')
                .map(|(id, _)| id)
        })
        .collect()
}

/// The ids between the headings of the mistakes and of the attacks.
fn on_page(page: &Page) -> BTreeSet<&str> {
    let ids: Vec<_> = page
        .sections()
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    let at = |id: &str| ids.iter().position(|&one| one == id).unwrap();
    ids[at("mistakes") + 1..at("attacks")]
        .iter()
        .copied()
        .collect()
}

#[test]
fn graders_and_pages_name_the_same_mistakes() {
    let shared = read(&root().join("tests/harness/src/checks.rs"));
    for lesson in lessons() {
        let grader = grader(&lesson);
        let patches = mistake_ids(&lesson);
        for language in Language::all() {
            let page = Page::open(&language, &lesson.page).unwrap();
            let on_page = on_page(&page);

            let of_patches: BTreeSet<&str> = patches.iter().map(String::as_str).collect();
            assert_eq!(
                on_page,
                of_patches,
                "{} and the patches in {}",
                page.path,
                lesson.mistakes()
            );
            for id in named(&grader) {
                assert!(
                    on_page.contains(id),
                    "{} lacks {id}, which its grader names",
                    page.path
                );
            }
            for id in on_page.iter().filter(|id| !OF_ALL_LESSONS.contains(id)) {
                let literal = format!("\"{id}\"");
                let is_named = [&grader, &shared]
                    .iter()
                    .any(|source| source.contains(&literal));
                assert!(is_named, "no grader names {id} of {}", page.path);
            }
        }
    }
}

#[test]
fn every_mistake_is_told_in_a_paragraph_and_every_step_has_a_hint() {
    for lesson in lessons() {
        for language in Language::all() {
            let page = Page::open(&language, &lesson.page).unwrap();
            let text = read(&root().join(&page.path));
            for step in 1..=steps(&lesson) {
                let hint = format!("<details id=\"hint-{step}\">");
                assert!(text.contains(&hint), "{}: hint {step}", page.path);
            }
            for id in mistake_ids(&lesson) {
                let place = format!("{}#{id}", page.path);
                let section = page
                    .section(&id)
                    .unwrap_or_else(|| panic!("{place} is missing"));
                let length = section.text.chars().count();
                assert!((40..=320).contains(&length), "{place}: {length} characters");
                assert!(!section.heading.is_empty(), "{place} has no heading");
            }
        }
    }
}

#[test]
fn a_name_is_read_from_the_call_that_gives_it() {
    let source = "x.mistake(\"one\", &[A])\n.mistake(\n    \"two\",\n).mistake(id, &[])";
    assert_eq!(named(source), BTreeSet::from(["one", "two"]));
}
