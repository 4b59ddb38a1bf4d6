//! The picture on each lesson's page is what its solution does, drawn in the page's language.
//!
//! What happens in it stands beside the lesson's grader, in `tests/lessons/NN_name/picture.rs`: a function
//! `picture` that plays it, and returns what chance has chosen in it, each with what the page shows for that; `None`
//! where this system can't show it. The workshop builds them all into one program, which draws one.

use std::collections::BTreeMap;
use std::process::Command;

use enchufe_syllabus::{Language, Page};

use crate::programs::steps;
use crate::workshop::{self, workshop};
use crate::{lessons, read, root};

use super::code;

#[test]
fn the_pictures_on_the_pages_are_true() {
    for lesson in lessons() {
        if workshop().programs(&lesson).is_empty() {
            continue; // it can't be built here
        }
        let mut draw = Command::new(workshop().pictures());
        let drawn = draw
            .args([lesson.id.as_str(), &steps(&lesson).to_string()])
            .arg(workshop::program(&lesson, "solution"))
            .current_dir(root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&drawn.stdout);
        assert!(drawn.status.success(), "{said}");
        let drawn: BTreeMap<String, String> = serde_json::from_str(&said).unwrap();
        for (language, drawn) in drawn {
            let language = Language::of(&language).unwrap();
            let text = read(&root().join(Page::open(&language, &lesson.page).unwrap().path));
            let blocks = code(&text);
            let shown = blocks.iter().find(|(info, _)| info == "picture");
            let shown = &shown.expect("the page shows a picture").1;
            assert_eq!(
                without_numbers_of_processes(shown.trim_end()),
                without_numbers_of_processes(&drawn),
                "docs/{}: the picture of {} is now\n{drawn}",
                language.name(),
                lesson.page
            );
        }
    }
}

/// Whoever is told a user and a process has another one each time, with more digits or fewer.
fn without_numbers_of_processes(picture: &str) -> String {
    let without = |line: &str| line.split("uid=").next().unwrap().to_owned() + "\n";
    picture.lines().map(without).collect()
}
