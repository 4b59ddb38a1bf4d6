//! The rooms of the house are layers: each imports only those below it. The `use` lines and the paths in the sources
//! say who imports whom.

use std::path::Path;

use crate::docs::files_below;
use crate::{read, root};

/// A room, and the rooms that it may import.
type Rooms = &'static [(&'static str, &'static [&'static str])];

/// The rooms of the harness, from the lowest up.
const HARNESS: Rooms = &[
    ("base", &[]),
    ("system", &["base"]),
    ("report", &["base"]),
    ("process", &["base", "system"]),
    ("scene", &["base", "system", "report", "process"]),
    (
        "peer::connection",
        &["base", "system", "report", "process", "scene"],
    ),
    (
        "peer::server",
        &[
            "base",
            "system",
            "report",
            "process",
            "scene",
            "peer::connection",
        ],
    ),
    (
        "peer::client",
        &[
            "base",
            "system",
            "report",
            "process",
            "scene",
            "peer::connection",
        ],
    ),
    (
        "checks",
        &[
            "base",
            "system",
            "report",
            "process",
            "scene",
            "peer::connection",
            "peer::server",
            "peer::client",
        ],
    ),
];

/// The rooms of the guide.
const GUIDE: Rooms = &[
    ("text", &[]),
    ("course", &["text"]),
    ("grading", &["course", "text"]),
    ("cli", &["grading", "course", "text"]),
    ("tui", &["grading", "course", "text"]),
];

#[test]
fn the_rooms_of_the_harness_are_layers() {
    assert_layers("tests/harness/src", HARNESS);
}

#[test]
fn the_rooms_of_the_guide_are_layers() {
    assert_layers("src", GUIDE);
}

#[test]
fn each_file_is_in_a_room() {
    for (house, rooms) in [("tests/harness/src", HARNESS), ("src", GUIDE)] {
        let folder = root().join(house);
        for file in files_below(&folder, "rs") {
            let within = file.strip_prefix(&folder).unwrap();
            let only_names_rooms = ["lib.rs", "main.rs", "peer.rs"]
                .map(Path::new)
                .contains(&within);
            let is_in_a_room = room_of_file(within, rooms).is_some();
            assert!(is_in_a_room || only_names_rooms, "{}", below_root(&file));
        }
    }
}

/// What a platform does differently stands in one room.
#[test]
fn only_one_room_of_the_harness_asks_for_the_platform() {
    let mut found = Vec::new();
    for file in files_below(&root().join("tests/harness/src"), "rs") {
        let path = below_root(&file);
        let is_of_the_room = path.contains("/src/system/") || path.ends_with("/src/system.rs");
        if !is_of_the_room {
            let lines = platform_lines(&read(&file));
            found.extend(lines.iter().map(|line| format!("{path}:{line}")));
        }
    }
    assert!(found.is_empty(), "{} places: {found:#?}", found.len());
}

#[test]
fn what_is_called_is_or_has_returns_bool() {
    let mut wrong = Vec::new();
    for folder in [
        "tests/harness/src",
        "tests/syllabus/src",
        "tests/course",
        "tests/lessons",
        "src",
    ] {
        for file in files_below(&root().join(folder), "rs") {
            let path = below_root(&file);
            let names = no_questions(&read(&file));
            wrong.extend(names.into_iter().map(|name| format!("{path}: {name}")));
        }
    }
    assert!(wrong.is_empty(), "{} functions: {wrong:#?}", wrong.len());
}

#[track_caller]
fn assert_layers(folder: &str, rooms: Rooms) {
    let folder = root().join(folder);
    let mut wrong = Vec::new();
    for file in files_below(&folder, "rs") {
        let within = file.strip_prefix(&folder).unwrap();
        let Some((room, may)) = room_of_file(within, rooms) else {
            continue; // the crate's own file
        };
        for (line, path) in imports(&read(&file)) {
            let path = absolute(&path, within);
            let imported = rooms.iter().rev().find(|(name, _)| is_within(&path, name));
            if let Some((imported, _)) = imported
                && imported != room
                && !may.contains(imported)
            {
                wrong.push(format!("{}:{line} imports {imported}", below_root(&file)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} imports run up: {wrong:#?}",
        wrong.len()
    );
}

/// `peer/client.rs` and `peer/client/crowd.rs` are of the room `peer::client`.
fn room_of_file(
    within: &Path,
    rooms: Rooms,
) -> Option<&'static (&'static str, &'static [&'static str])> {
    let module = module(within);
    rooms.iter().find(|(name, _)| is_within(&module, name))
}

/// `peer/client/crowd.rs` is `peer::client::crowd`.
fn module(within: &Path) -> String {
    let path = within.with_extension("").display().to_string();
    path.replace(['/', '\\'], "::")
}

fn is_within(path: &str, room: &str) -> bool {
    path.strip_prefix(room)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// `super::b`, said in `peer/client/crowd.rs`, is `peer::client::b`.
fn absolute(path: &str, within: &Path) -> String {
    let mut module = module(within);
    let mut rest = path;
    while let Some(after) = rest.strip_prefix("super::") {
        module.truncate(module.rfind("::").unwrap_or(0));
        rest = after;
    }
    match path.strip_prefix("crate::") {
        Some(path) => path.to_owned(),
        None if module.is_empty() => rest.to_owned(),
        None => format!("{module}::{rest}"),
    }
}

/// The paths that a source names from `crate::` or `super::` on, with their lines. A `use` with braces is each of its
/// paths. Comments name rooms too, and import nothing; tests within a file may use what they like of `super`.
fn imports(source: &str) -> Vec<(usize, String)> {
    let mut imports = Vec::new();
    let mut lines = source.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        let code = line.trim_start();
        let is_use = code.starts_with("use ") || code.starts_with("pub use ");
        let mut statement = line.to_owned();
        while is_use && !statement.contains(';') {
            let Some((_, more)) = lines.next() else { break };
            statement += more.trim();
        }
        let paths = paths_in(&statement);
        imports.extend(paths.into_iter().map(|path| (number + 1, path)));
    }
    imports
}

fn paths_in(statement: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in statement.match_indices(start) {
            let is_begin =
                !statement[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':' || c == '_');
            if is_begin {
                expand(&statement[at..], "", &mut paths);
            }
        }
    }
    paths
}

/// Adds the paths at the start of this text: `crate::a::{b, c::d}` is `crate::a::b` and `crate::a::c::d`.
fn expand(text: &str, before: &str, paths: &mut Vec<String>) {
    let is_of_a_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = text.find(|c| !is_of_a_path(c)).unwrap_or(text.len());
    let path = format!("{before}{}", &text[..end]);
    if !text[end..].starts_with('{') {
        paths.push(path);
        return;
    }
    let (mut depth, mut start) = (0, end + 1);
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < end) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let is_end_of_part = (c == ',' && depth == 1) || depth == 0;
        if is_end_of_part {
            let part = text[start..at].trim();
            if !part.is_empty() {
                expand(part, &path, paths);
            }
            start = at + 1;
        }
        if depth == 0 {
            return;
        }
    }
}

/// The numbers of the lines that ask for the operating system.
fn platform_lines(source: &str) -> Vec<usize> {
    let asks = [
        "target_os",
        "target_family",
        "(unix",
        "(windows",
        "enchufe_portable",
    ];
    let is_condition =
        |line: &str| line.contains("cfg(") || line.contains("cfg_attr(") || line.contains("cfg!(");
    let lines = source.lines().enumerate();
    lines
        .filter(|(_, line)| is_condition(line) && !line.trim_start().starts_with("//"))
        .filter(|(_, line)| asks.iter().any(|ask| line.contains(ask)))
        .map(|(number, _)| number + 1)
        .collect()
}

/// The functions that are called as a question, and do not answer yes or no, or that nobody can tell. A test's name is a claim.
fn no_questions(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in source.match_indices("fn ") {
        if source[..at].trim_end().ends_with("#[test]") {
            continue;
        }
        let after = &source[at + "fn ".len()..];
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = &after[..end.unwrap_or(after.len())];
        let is_question = name.starts_with("is_") || name.starts_with("has_");
        let signature = after.split(['{', ';']).next().unwrap_or_default();
        let result = signature.rsplit_once("->").map(|(_, result)| result);
        let result = result.map(|result| result.split(" where").next().unwrap_or_default().trim());
        if is_question && !matches!(result, Some("bool" | "Option<bool>")) {
            names.push(name.to_owned());
        }
    }
    names
}

fn below_root(file: &Path) -> String {
    let path = file.strip_prefix(root()).unwrap_or(file);
    path.display().to_string().replace('\\', "/")
}

#[test]
fn an_import_that_runs_up_is_found_however_it_is_said() {
    let within = Path::new("base/time.rs");
    let found = |source: &str| -> Vec<String> {
        let paths = imports(source).into_iter();
        paths.map(|(_, path)| absolute(&path, within)).collect()
    };

    assert_eq!(found("use crate::system::spawn;"), ["system::spawn"]);
    assert_eq!(
        found("pub use crate::{base::a, peer::{client::b, server}};"),
        ["base::a", "peer::client::b", "peer::server"]
    );
    assert_eq!(
        found("use crate::{\n    system,\n    base,\n};"),
        ["system", "base"]
    );
    assert_eq!(
        found("    let x = crate::peer::server::tcp(1);"),
        ["peer::server::tcp"]
    );
    assert_eq!(found("use super::super::system::spawn;"), ["system::spawn"]);
    assert_eq!(found("// use crate::system;"), [""; 0]);
}

#[test]
fn a_room_may_import_what_the_table_says() {
    let may =
        |file: &str| room_of_file(Path::new(file), HARNESS).map(|(name, may)| (*name, may.len()));
    assert_eq!(may("peer/client/crowd.rs"), Some(("peer::client", 6)));
    assert_eq!(may("base.rs"), Some(("base", 0)));
    assert_eq!(may("lib.rs"), None);
}

#[test]
fn a_line_that_asks_for_the_platform_is_found() {
    let source = "#[cfg(unix)]\n// cfg(unix)\n#[cfg(all(test, target_os = \"linux\"))]\nif cfg!(windows) {}\n#[cfg(test)]\n";
    assert_eq!(platform_lines(source), [1, 3, 4]);
}

#[test]
fn a_question_without_an_answer_is_found() {
    // Not written out, so that the check does not find it here.
    let source = "FN is_a() -> bool {}\npub FN is_killed(&self) {}\nFN has_b<T>(\n    x: T,\n) -> Option<u8> {}\n\
        FN kill() {}\n#[test]\nFN is_c() {}"
        .replace("FN", "fn");
    assert_eq!(no_questions(&source), ["is_killed", "has_b"]);
}
