//! Draws attempts to connect side by side, in the order in which they began and ended.

use crate::base::transcript::{Attempt, Entry, Event};
use crate::report::lanes::{LEFT, name};
use enchufe_syllabus::Words;

/// How many columns lie between two things that happen.
const APART: usize = 10;

/// A line for each attempt, below an empty one and a title; nothing where there was no race.
pub fn draw(entries: &[Entry], words: &Words) -> Vec<String> {
    let moments: Vec<(u8, Attempt)> = entries
        .iter()
        .filter_map(|entry| match entry.event {
            Event::Attempt(what) => Some((entry.who?, what)),
            _ => None,
        })
        .collect();
    let mut attempts: Vec<u8> = moments.iter().map(|&(who, _)| who).collect();
    attempts.sort_unstable();
    attempts.dedup();
    if attempts.is_empty() {
        return Vec::new();
    }
    let title = words.say("picture-race", &[]);
    let mut lines = vec![String::new(), format!("{:LEFT$}{title}", "")];
    lines.extend(attempts.iter().map(|&who| bar(who, &moments, words)));
    lines
}

/// `A ●─────────╳ closed`
fn bar(who: u8, moments: &[(u8, Attempt)], words: &Words) -> String {
    let column = |what| moments.iter().position(|&moment| moment == (who, what));
    let begin = column(Attempt::Begins).unwrap_or(0) * APART;
    let ends = [
        (Attempt::Answered, '●', "picture-race-won"),
        (Attempt::Closed, '╳', "picture-race-lost"),
    ];
    let end = ends
        .into_iter()
        .find_map(|(what, mark, word)| Some((column(what)? * APART, mark, word)));
    let (end, mark, word) = end.unwrap_or((moments.len() * APART, '┄', "picture-race-open"));
    let line = "─".repeat((end - begin).saturating_sub(1));
    let (name, word) = (name(who), words.say(word, &[]));
    format!("{:LEFT$}{name} {:begin$}●{line}{mark} {word}", "", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use enchufe_syllabus::Language;

    #[test]
    fn attempts_stand_side_by_side() {
        let moments = [
            (0, Attempt::Begins),
            (1, Attempt::Begins),
            (1, Attempt::Answered),
            (0, Attempt::Closed),
        ];
        let entries = moments.map(|(who, what)| Entry {
            who: Some(who),
            event: Event::Attempt(what),
        });
        let lines = draw(&entries, &Words::of(&Language::english()));
        let column = |line: usize, mark| lines[line].chars().position(|c| c == mark);
        assert!(column(2, '●') < column(3, '●'), "{lines:?}");
        assert!(column(3, '●') < column(2, '╳'), "{lines:?}");
        assert!(draw(&[], &Words::of(&Language::english())).is_empty());
    }
}
