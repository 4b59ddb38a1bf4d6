//! The code on the pages compiles. Both languages show the same.

use std::fmt::Write as _;

use crate::workshop::{FEATURES, cargo, target, workspace, write_if_changed, write_workspace};
use crate::{read, root};

use super::pages;

/// Each block of each page is a doctest of a package made for them, which has whatever a lesson may depend on.
#[test]
fn the_code_on_the_pages_compiles() {
    let folder = target().join("course/pages");
    let mut library = String::new();
    for (number, page) in pages().iter().enumerate() {
        let file = root().join(format!("docs/en/{page}.md"));
        let _ = writeln!(
            library,
            "#[doc = include_str!({file:?})]\nstruct Page{number};"
        );
    }
    write_if_changed(&folder.join("src/lib.rs"), &library);
    let mut manifest = workspace(&[""; 0]);
    manifest += "\n[package]\nname = \"course-pages\"\nversion = \"0.1.0\"\nedition.workspace = true\n\n[dependencies]\n";
    for dependency in dependencies() {
        let _ = writeln!(manifest, "{dependency}.workspace = true");
    }
    let _ = writeln!(manifest, "{FEATURES} = {{ path = \"{FEATURES}\" }}");
    write_workspace(&folder, &manifest);

    let doctests = cargo(&folder).args(["test", "--doc"]).output().unwrap();

    let said = String::from_utf8_lossy(&doctests.stdout);
    let errors = String::from_utf8_lossy(&doctests.stderr);
    assert!(doctests.status.success(), "{said}{errors}");
    assert!(said.contains("test result: ok."), "{said}");
    assert!(!said.contains(" 0 passed"), "no block was found: {said}");
}

/// What stands under `[workspace.dependencies]`, the course's own crates aside.
fn dependencies() -> Vec<String> {
    let manifest = read(&root().join("Cargo.toml"));
    let section = manifest
        .split_once("[workspace.dependencies]\n")
        .unwrap()
        .1
        .split("\n\n")
        .next()
        .unwrap();
    let names = section
        .lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()));
    names.filter(|name| !name.starts_with("enchufe-")).collect()
}
