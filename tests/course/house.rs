//! The house keeps its order: rooms import downwards, one room knows the platform, names say what they return.
//!
//! It reads the sources, line by line: each path that begins with `crate::` is an import, wherever it stands.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::{read, root};

/// A room, and the rooms that it may import.
type Room = (&'static str, &'static [&'static str]);

const HARNESS: &[Room] = &[
    ("base", &[]),
    ("system", &["base"]),
    ("report", &["base"]),
    ("process", &["base", "system"]),
    ("scene", &["base", "system", "report", "process"]),
    ("peer/connection", UP_TO_SCENE),
    ("peer/server", UP_TO_CONNECTION),
    ("peer/client", UP_TO_CONNECTION),
    (
        "checks",
        &[
            "base",
            "system",
            "report",
            "process",
            "scene",
            "peer/connection",
            "peer/server",
            "peer/client",
        ],
    ),
];
const UP_TO_SCENE: &[&str] = &["base", "system", "report", "process", "scene"];
const UP_TO_CONNECTION: &[&str] = &[
    "base",
    "system",
    "report",
    "process",
    "scene",
    "peer/connection",
];

const GUIDE: &[Room] = &[
    ("text", &[]),
    ("course", &["text"]),
    ("grading", &["text", "course"]),
    ("cli", &["text", "course", "grading"]),
    ("tui", &["text", "course", "grading"]),
];

/// Where sources are read, and the rooms of each.
const HOUSES: [(&str, &[Room]); 2] = [("tests/harness/src", HARNESS), ("src", GUIDE)];

#[test]
fn a_room_imports_only_rooms_below_it() {
    for (house, rooms) in HOUSES {
        for (file, text) in sources(house) {
            let Some(room) = room_of(&file, rooms) else {
                continue; // the names of the rooms themselves
            };
            for import in imports(&text, rooms) {
                let is_below = room.1.contains(&import) || import == room.0;
                assert!(
                    is_below,
                    "{house}/{file}, of the room {}, imports {import}",
                    room.0
                );
            }
        }
    }
}

#[test]
fn each_file_is_in_a_room() {
    for (house, rooms) in HOUSES {
        for (file, _) in sources(house) {
            let is_named = ["lib.rs", "main.rs", "peer.rs"].contains(&file.as_str());
            assert!(
                is_named || room_of(&file, rooms).is_some(),
                "{house}/{file}"
            );
        }
    }
}

#[test]
fn one_room_of_the_harness_knows_the_platform() {
    for (file, text) in sources("tests/harness/src") {
        if file.starts_with("system") {
            continue;
        }
        let line = text.lines().find(|line| asks_for_the_platform(line));
        assert_eq!(line, None, "tests/harness/src/{file}");
    }
}

#[test]
fn what_is_named_as_a_question_answers_yes_or_no() {
    for folder in ["tests/harness/src", "tests/syllabus/src", "src"] {
        for (file, text) in sources(folder) {
            assert_eq!(
                questions_without_an_answer(&text),
                [""; 0],
                "{folder}/{file}"
            );
        }
    }
}

/// The sources below a folder, by their paths in it.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), "", &mut found);
    assert!(!found.is_empty(), "{folder}: no sources");
    found
}

fn collect(folder: &Path, below: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), found);
        } else if name.ends_with(".rs") {
            found.push((name, read(&path)));
        }
    }
}

/// `peer/server/tcp.rs` is in `peer/server`, and so is `peer/server.rs`.
fn room_of<'a>(file: &str, rooms: &'a [Room]) -> Option<&'a Room> {
    let stem = file.trim_end_matches(".rs");
    let is_in = |room: &&Room| stem == room.0 || stem.starts_with(&format!("{}/", room.0));
    rooms.iter().find(is_in)
}

/// The rooms whose paths stand in a source.
fn imports<'a>(text: &str, rooms: &'a [Room]) -> BTreeSet<&'a str> {
    let paths = text
        .split("crate::")
        .skip(1)
        .map(|after| after.replace("::", "/"));
    paths
        .flat_map(|path| {
            let is_named = move |room: &&Room| {
                let rest = path.strip_prefix(room.0);
                rest.is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                })
            };
            rooms
                .iter()
                .filter(is_named)
                .map(|room| room.0)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn asks_for_the_platform(line: &str) -> bool {
    let asks = [
        "target_os",
        "target_family",
        "(unix",
        "(windows",
        "enchufe_portable",
    ];
    let is_condition =
        line.contains("cfg(") || line.contains("cfg_attr(") || line.contains("cfg!(");
    is_condition && asks.iter().any(|word| line.contains(word))
}

/// The functions named `is_…`, `has_…` or `are_…` that do not return a bool, or one that may be unknown. The tests of
/// the graders are no functions that anybody asks: their names are claims.
fn questions_without_an_answer(text: &str) -> Vec<&str> {
    let functions = text.split("fn ").skip(1).filter(|after| {
        ["is_", "has_", "are_"]
            .iter()
            .any(|begin| after.starts_with(begin))
    });
    let signatures = functions.map(|after| after.split(['{', ';']).next().unwrap_or(after));
    signatures.filter(|signature| !answers(signature)).collect()
}

/// `-> bool`, `-> Option<bool>`: the latter where a system may not tell.
fn answers(signature: &str) -> bool {
    let returned = signature.split_once("-> ").map(|(_, after)| after.trim());
    returned.is_some_and(|returned| returned.trim_end_matches('>').ends_with("bool"))
}

mod proofs {
    //! Each check can fail.

    use super::*;

    #[test]
    fn an_import_is_seen_wherever_it_stands() {
        let text =
            "use crate::scene::Scene;\nlet x = crate::peer::server::tcp::f(); // crate::basement";
        assert_eq!(
            imports(text, HARNESS),
            BTreeSet::from(["peer/server", "scene"])
        );
        assert_eq!(
            room_of("peer/server/tcp.rs", HARNESS).unwrap().0,
            "peer/server"
        );
        assert_eq!(room_of("base.rs", HARNESS).unwrap().0, "base");
        assert_eq!(room_of("basement.rs", HARNESS), None);
    }

    #[test]
    fn a_condition_on_the_platform_is_seen() {
        assert!(asks_for_the_platform("#[cfg(not(target_os = \"linux\"))]"));
        assert!(asks_for_the_platform("    if cfg!(windows) {"));
        assert!(!asks_for_the_platform("#[cfg(test)]"));
    }

    #[test]
    fn a_question_without_an_answer_is_seen() {
        let text = "fn is_right(&self) -> bool {}\npub fn has_ended(\n    self,\n) -> Exit {}";
        assert_eq!(
            questions_without_an_answer(text),
            ["has_ended(\n    self,\n) -> Exit "]
        );
    }
}
