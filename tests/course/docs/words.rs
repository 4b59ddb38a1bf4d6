//! The words of the interface: the same in all languages, and all that the sources name.

use std::collections::{BTreeMap, BTreeSet};

use enchufe_syllabus::Language;

use crate::{read, root};

use super::files_below;

/// The ids of `interface.ftl`, with their texts.
fn words(language: &Language) -> BTreeMap<String, String> {
    let folder = root().join("docs").join(language.name());
    let text = read(&folder.join("interface.ftl"));
    let pairs = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "));
    pairs
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect()
}

#[test]
fn both_languages_have_the_same_words_with_the_same_parts() {
    let parts = |text: &str| -> BTreeSet<String> {
        let parts = text.split("{ $").skip(1);
        parts
            .map(|after| after.split(' ').next().unwrap().to_owned())
            .collect()
    };
    let english = words(&Language::english());
    for language in Language::all() {
        let other = words(&language);
        assert_eq!(
            english.keys().collect::<Vec<_>>(),
            other.keys().collect::<Vec<_>>()
        );
        for (id, text) in &english {
            let name = language.name();
            assert_eq!(parts(text), parts(&other[id]), "{id} in {name}");
        }
    }
}

/// `say` shows an id that has no text: so no id that the sources name may be missing.
#[test]
fn every_word_that_the_sources_name_is_there() {
    const CALLS: [&str; 7] = [
        "say(\"",
        "remark(\"",
        "Remark(\"",
        "note_many(\"",
        "not_run(\"",
        "once(step, \"",
        "once(self.step, \"",
    ];
    let known = words(&Language::english());
    for folder in ["tests/harness/src", "tests/lessons", "src"] {
        for file in files_below(&root().join(folder), "rs") {
            let text = read(&file);
            let text = text.split("#[cfg(test)]").next().unwrap();
            let called = CALLS.iter().flat_map(|call| text.split(call).skip(1));
            let mut ids: Vec<&str> = called
                .map(|after| after.split('"').next().unwrap())
                .collect();
            if folder == "src" {
                ids.extend(text.split('"').filter(|text| is_a_word_of_the_guide(text)));
            }
            for id in ids {
                assert!(known.contains_key(id), "{}: {id}", file.display());
            }
        }
    }
}

#[test]
fn every_kind_of_finding_has_its_words() {
    let known = words(&Language::english());
    let findings = read(&root().join("tests/harness/src/base/finding.rs"));
    let after = findings.split_once("pub enum Kind {").unwrap().1;
    let kinds = after.split_once('}').unwrap().0.lines().map(str::trim);
    for kind in kinds.filter_map(|line| line.strip_suffix(',')) {
        let id = format!("fact{}", kebab(kind));
        assert!(known.contains_key(&id), "{id} is missing");
    }
}

/// `SentMore` is `-sent-more`.
fn kebab(kind: &str) -> String {
    let mut kebab = String::new();
    for letter in kind.chars() {
        if letter.is_uppercase() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// The guide hands ids on before it says them.
fn is_a_word_of_the_guide(text: &str) -> bool {
    const BEGIN: [&str; 11] = [
        "ask-",
        "error-",
        "heading-",
        "help-",
        "hint-m",
        "keys-",
        "language-",
        "lesson-",
        "next-",
        "reset-",
        "state-",
    ];
    let is_of_an_id = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    BEGIN.iter().any(|begin| text.starts_with(begin)) && text.chars().all(is_of_an_id)
}
