//! The `todo!`s that a program still holds: `todo!("step 7: …")` stands in it as this text.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use memchr::memmem;

use crate::lesson::{Lesson, root};

const TEXT: &[u8] = b"not yet implemented: step ";

/// The steps whose `todo!` is in the file of a program; read once a process.
pub fn steps(program: &OsStr) -> BTreeSet<u8> {
    static READ: Mutex<BTreeMap<OsString, BTreeSet<u8>>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let steps = || {
        if is_a_path(program) {
            find(&fs::read(program).unwrap_or_default())
        } else {
            BTreeSet::new()
        }
    };
    read.entry(program.to_owned()).or_insert_with(steps).clone()
}

/// Where the exercise says `todo!("step N`, as an editor takes it: `exercises/…/main.rs:62`.
pub fn place(lesson: Lesson, step: u8) -> String {
    let file = format!("exercises/{}/src/main.rs", lesson.page);
    let source = fs::read_to_string(root().join(&file)).unwrap_or_default();
    match in_source(&source).get(&step) {
        Some(line) => format!("{file}:{line}"),
        None => file,
    }
}

/// The steps that a source still says `todo!("step N…")` of, each with its line.
pub fn in_source(source: &str) -> BTreeMap<u8, usize> {
    let mut todos = BTreeMap::new();
    for (line, text) in source.lines().enumerate() {
        let is_comment = text.trim_start().starts_with("//");
        let after = text.split_once("todo!(\"step ").filter(|_| !is_comment);
        let digits = after.and_then(|(_, step)| step.split(|c: char| !c.is_ascii_digit()).next());
        if let Some(step) = digits.and_then(|digits| digits.parse().ok()) {
            todos.entry(step).or_insert(line + 1);
        }
    }
    todos
}

fn is_a_path(program: &OsStr) -> bool {
    Path::new(program).components().count() > 1
}

fn find(program: &[u8]) -> BTreeSet<u8> {
    let number = |at: usize| {
        let digits = program[at + TEXT.len()..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        String::from_utf8(digits.copied().collect())
            .ok()?
            .parse()
            .ok()
    };
    memmem::find_iter(program, TEXT)
        .filter_map(number)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_tells_the_first_line_of_each_todo() {
        let source =
            "fn main() {\n    todo!(\"step 2: b\")\n}\n// todo!(\"step 1\")\ntodo!(\"step 2\")\n";
        assert_eq!(in_source(source), BTreeMap::from([(2, 2)]));
    }

    #[test]
    fn the_steps_are_found_wherever_they_stand() {
        let program =
            b"\0not yet implemented: step 12: x\xffnot yet implemented: step 3not yet implemented";
        assert_eq!(find(program), BTreeSet::from([3, 12]));
    }
}
