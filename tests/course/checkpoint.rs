//! A lesson's program in the middle: steps 1 to N of the solution, the later ones still `todo!`.
//!
//! It is put together from the stub and the solution, which are alike in shape. A file is its header
//! and its items. An item begins with the comments and attributes above it, and ends with the first
//! line in column 0 that ends in `}` or `;`, as rustfmt leaves it. Items are matched by their names.
//!
//! - An item belongs to the highest step that the stub says in it: `todo!("step 3: …")`, `// Step 3: …`.
//!   From that checkpoint on it is the solution's, before it the stub's. So it may already do what a later
//!   step asks of it; what makes that step *not begun* is the `todo!` in the item of its own.
//! - An item of the stub that names no step stays the stub's: it is given.
//! - An item that only the solution has belongs to the highest step that it says itself, and to all if
//!   it says none.
//! - The `use` lines are those of both. The header is the stub's, and allows what is unused so far.
//!
//! So a stub and its solution give the same signature to the same name, and the fewest steps to an item.

use std::collections::BTreeSet;

const ALLOW: &str = "#![allow(dead_code, unused_imports, reason = \"for a later step\")]\n";

/// The program in which steps 1 to `step` are done, and the others wait.
pub fn checkpoint(stub: &str, solution: &str, step: u8) -> String {
    let (header, given) = items(stub);
    let (_, solved) = items(solution);
    let uses: BTreeSet<String> = given.iter().chain(&solved).flat_map(Item::uses).collect();
    let mut program = format!("{}\n{ALLOW}\n", header.trim_end());
    for path in uses {
        program += &format!("use {path};\n");
    }

    let in_stub = |name: &str| given.iter().find(|item| item.name == name);
    let in_solution = |name: &str| solved.iter().any(|item| item.name == name);
    let chosen = solved
        .iter()
        .filter_map(|item| match (in_stub(&item.name), item.step()) {
            (Some(given), _) if given.step().is_some_and(|own| own <= step) => Some(item),
            (Some(given), _) => Some(given),
            (None, own) => own.is_none_or(|own| own <= step).then_some(item),
        });
    let only_given = given.iter().filter(|item| !in_solution(&item.name));
    for item in chosen
        .chain(only_given)
        .filter(|item| item.uses().is_empty())
    {
        program += &format!("\n{}", item.text);
    }
    program
}

struct Item {
    /// What it is called: `fn connect`, `mod args`, `impl Drop for Place`.
    name: String,
    text: String,
}

impl Item {
    /// The highest step that it says.
    fn step(&self) -> Option<u8> {
        let text = self.text.to_lowercase();
        let numbers = text.split("step ").skip(1).filter_map(|after| {
            let digits = after.find(|c: char| !c.is_ascii_digit());
            after[..digits.unwrap_or(after.len())].parse().ok()
        });
        numbers.max()
    }

    /// What a `use` brings in, each by its whole path.
    fn uses(&self) -> Vec<String> {
        let tree = self.name.strip_prefix("use ");
        tree.map_or_else(Vec::new, |tree| paths("", tree))
    }
}

/// The header of a file, to its first item, and its items.
fn items(source: &str) -> (String, Vec<Item>) {
    let is_header = |line: &&str| line.starts_with("//!") || line.starts_with("#![");
    let is_before = |line: &&str| line.is_empty() || is_header(line);
    let header: String = source
        .lines()
        .take_while(is_before)
        .flat_map(|line| [line, "\n"])
        .collect();
    let (mut items, mut text, mut code) = (Vec::new(), String::new(), String::new());
    for line in source.lines().skip_while(is_before) {
        if text.is_empty() && line.is_empty() {
            continue;
        }
        text += &format!("{line}\n");
        let line = line.split(" // ").next().unwrap_or(line).trim_end();
        if line.starts_with("//") || (code.is_empty() && is_attribute(line)) {
            continue;
        }
        code += &format!("{} ", line.trim());
        let is_in_column_0 = !line.starts_with([' ', '\t']);
        if is_in_column_0 && line.ends_with(['}', ';']) {
            items.push(Item {
                name: name(&code),
                text: std::mem::take(&mut text),
            });
            code.clear();
        }
    }
    (header, items)
}

/// A line of an attribute: `#[expect(`, what stands in it, or its last line.
fn is_attribute(line: &str) -> bool {
    line.starts_with([' ', '#', ')'])
}

/// The name of an item from its code: `fn connect` of `pub fn connect(args: &Args) -> …`.
fn name(code: &str) -> String {
    let code = code.strip_prefix("pub ").unwrap_or(code);
    let end = match code.split(' ').next() {
        Some("use") => code.find(';'),
        Some(word) if word.starts_with("impl") => code.find(" {"),
        _ => {
            let after_keyword = code.find(' ').map_or(0, |space| space + 1);
            let is_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
            code[after_keyword..]
                .find(|c| !is_of_a_name(c))
                .map(|length| after_keyword + length)
        }
    };
    code[..end.unwrap_or(code.len())].to_owned()
}

/// `std::io::{self, Write}` is `std::io` and `std::io::Write`.
fn paths(before: &str, tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((path, within)) = tree.split_once('{') else {
        let path = format!("{before}{tree}");
        return vec![path.strip_suffix("::self").unwrap_or(&path).to_owned()];
    };
    let before = format!("{before}{}", path.trim());
    let within = within.strip_suffix('}').unwrap_or(within);
    let mut depth = 0;
    let at_the_top = |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    };
    let parts = within
        .split(at_the_top)
        .filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(&before, part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUB: &str = "//! The stub.\n\n#![allow(clippy::todo)]\n\nmod args;\n\n\
        use std::io::{self, Write};\n\n\
        // Step 1: open.\nfn open(name: &str) -> io::Result<()> {\n    todo!(\"step 1: {name}\")\n}\n\n\
        // Step 2: close.\nfn close() {\n    todo!(\"step 2: close\")\n}\n\n\
        fn main() {\n    close();\n}\n";
    const SOLUTION: &str = "//! The solution.\n\n#[path = \"a.rs\"]\nmod args;\n\n\
        use std::io::{\n    self, Read,\n};\n\n\
        // Step 1: open. Step 2: keep it.\nfn open(name: &str) -> io::Result<()> {\n    helper(name)\n}\n\n\
        // Step 2: close.\nfn close() {}\n\n\
        fn helper(\n    name: &str,\n) -> io::Result<()> {\n    Ok(())\n}\n\n\
        // Step 2: a guard.\nimpl Drop for Guard {\n    fn drop(&mut self) {}\n}\n\n\
        fn main() {\n    close(); // all of it\n}\n";

    #[test]
    fn a_step_that_is_done_is_the_solutions_and_a_later_one_the_stubs() {
        let program = checkpoint(STUB, SOLUTION, 1);

        assert!(program.starts_with("//! The stub.\n\n#![allow(clippy::todo)]\n"));
        assert!(program.contains("    helper(name)\n"));
        assert!(program.contains("todo!(\"step 2: close\")"));
        assert!(!program.contains("todo!(\"step 1"));
    }

    #[test]
    fn after_the_last_step_no_todo_is_left() {
        let program = checkpoint(STUB, SOLUTION, 2);

        assert!(!program.contains("todo!("));
        assert!(program.contains("impl Drop for Guard"));
    }

    #[test]
    fn what_only_the_solution_has_comes_with_its_step_or_always() {
        let program = checkpoint(STUB, SOLUTION, 1);

        assert!(program.contains("fn helper(\n    name: &str,\n)"));
        assert!(!program.contains("impl Drop for Guard"));
    }

    #[test]
    fn what_is_given_stays_as_the_stub_has_it() {
        let program = checkpoint(STUB, SOLUTION, 2);

        assert!(program.contains("\nmod args;\n") && !program.contains("#[path"));
        assert!(!program.contains("// all of it"));
    }

    #[test]
    fn the_use_lines_are_those_of_both_once() {
        let program = checkpoint(STUB, SOLUTION, 1);

        let uses: Vec<_> = program.lines().filter(|l| l.starts_with("use ")).collect();
        assert_eq!(
            uses,
            ["use std::io;", "use std::io::Read;", "use std::io::Write;"]
        );
        assert_eq!(
            paths("", "a::{b::{c, d}, self}"),
            ["a::b::c", "a::b::d", "a"]
        );
    }

    #[test]
    fn an_item_is_called_by_its_keyword_and_its_name() {
        assert_eq!(name("pub fn main() -> ExitCode { "), "fn main");
        assert_eq!(name("impl<T> Drop for A<T> { "), "impl<T> Drop for A<T>");
        assert_eq!(name("static TAKEN: AtomicUsize = 0; "), "static TAKEN");
    }
}
