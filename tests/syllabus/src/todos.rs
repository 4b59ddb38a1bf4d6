//! The steps that a source still leaves to be written.

use std::collections::BTreeMap;

/// The steps that a source says `todo!("step N…")` of, each with the line of its first, counted from 1.
pub fn todos(source: &str) -> BTreeMap<u8, usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_tells_the_first_line_of_each_todo() {
        let source =
            "fn main() {\n    todo!(\"step 2: b\")\n}\n// todo!(\"step 1\")\ntodo!(\"step 2\")\n";
        assert_eq!(todos(source), BTreeMap::from([(2, 2)]));
    }
}
