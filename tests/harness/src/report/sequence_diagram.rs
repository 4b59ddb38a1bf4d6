//! Draws a transcript: two lanes, one for each end, and what passed between them.

use std::env;

use crate::base::bytes::Sample;
use crate::base::exit::Exit;
use crate::base::transcript::Attempt;
use crate::base::transcript::{Entry, Event, Fate, Side};
use crate::report::lanes::{BETWEEN, LEFT, name};
use enchufe_syllabus::Words;

/// How long a sentence of a picture gets.
const SPOKEN: usize = 76;
/// More rows than this are cut in the middle.
const ROWS: usize = 22;

/// The picture of a conversation, a line an element, each at most 76 columns wide. Where it is to be
/// read aloud (`ENCHUFE_PLAIN`), it is sentences: who did what.
pub fn draw(entries: &[Entry], words: &Words) -> Vec<String> {
    match env::var_os("ENCHUFE_PLAIN").is_some() {
        true => spoken(entries, words),
        false => drawn(entries, words),
    }
}

fn drawn(entries: &[Entry], words: &Words) -> Vec<String> {
    let entries = in_order(entries);
    let rows = rows(&entries, words);
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![titles(words)];
    lines.extend(rows.iter().map(Row::drawn));
    lines.extend(crate::report::timeline::draw(&entries, words));
    lines
}

fn spoken(entries: &[Entry], words: &Words) -> Vec<String> {
    let rows = rows(&in_order(entries), words);
    rows.iter().map(|row| row.spoken(words)).collect()
}

/// The rows of a picture, of which too many are cut in the middle.
fn rows(entries: &[Entry], words: &Words) -> Vec<Row> {
    let are_many = entries.iter().any(|entry| entry.who > Some(0));
    let mut rows: Vec<Row> = entries
        .iter()
        .filter_map(|entry| row(&entry.event, entry.who.filter(|_| are_many), words))
        .collect();
    if let Some(hidden) = rows.len().checked_sub(ROWS).filter(|&hidden| hidden > 0) {
        let number = words.number(hidden as u64);
        let more = words.say("picture-more", &[("number", number)]);
        rows.splice(ROWS / 2..ROWS / 2 + hidden, [Row::Between('⋮', more)]);
    }
    rows
}

/// What happened once, before it is drawn or told.
enum Row {
    /// Something passes from this side to the other. The sign at its end where it is no arrow's.
    Passes(Side, String, Option<char>),
    /// Something of the program's is lost on its way.
    Lost(String),
    /// Something happens at the program's end.
    AtProgram(char, String),
    /// Something is to be said of the grader's end.
    AtGrader(String),
    /// Something is to be said of both, with the sign that their lanes have meanwhile.
    Between(char, String),
}

impl Row {
    fn drawn(&self) -> String {
        match self {
            Self::Passes(side, label, end) => arrow(*side, label, *end),
            Self::Lost(label) => {
                let line = format!("──── {} ──╳", clipped(label, BETWEEN - 9));
                lane('│', &format!("{line:<BETWEEN$}"), '│')
            }
            Self::AtProgram(mark, text) => {
                let text = clipped(text, BETWEEN - 2);
                lane(
                    *mark,
                    &format!(" {text:<width$} ", width = BETWEEN - 2),
                    '│',
                )
            }
            Self::AtGrader(text) => {
                let text = clipped(text, BETWEEN - 2);
                lane('│', &format!(" {text:>width$} ", width = BETWEEN - 2), '┤')
            }
            Self::Between(mark, text) => lane(*mark, &format!("{text:^BETWEEN$}"), *mark),
        }
    }

    fn spoken(&self, words: &Words) -> String {
        let (who, what) = match self {
            Self::Passes(Side::Program, what, _) | Self::Lost(what) | Self::AtProgram(_, what) => {
                ("your-program", what)
            }
            Self::Passes(Side::Grader, what, _) | Self::AtGrader(what) => ("the-grader", what),
            Self::Between(_, what) => return format!("  {what}"),
        };
        let line = format!("  {}: {what}", words.say(who, &[]));
        clipped(&line, SPOKEN)
    }
}

/// The end of a process is heard of at once, what it did before only when the grader looks: so the end
/// is put after all that the program did.
fn in_order(entries: &[Entry]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    if let Some(end) = entries
        .iter()
        .position(|entry| matches!(entry.event, Event::Exit(_)))
    {
        let is_its_own = |entry: &Entry| {
            use Event::{Bytes, Connect, Datagram, End, File, Message, Output, Reset};
            matches!(
                entry.event,
                Connect(Side::Program)
                    | Bytes(Side::Program, _)
                    | Datagram(Side::Program, ..)
                    | Message(Side::Program, ..)
                    | End(Side::Program)
                    | Reset(Side::Program)
                    | Output(_)
                    | File(..)
            )
        };
        let last = entries.iter().rposition(is_its_own).unwrap_or(0).max(end);
        entries[end..=last].rotate_left(1);
    }
    entries
}

fn titles(words: &Words) -> String {
    let (left, right) = (words.say("your-program", &[]), words.say("the-grader", &[]));
    let start = LEFT.saturating_sub(left.chars().count() / 2);
    let middle_of_right = LEFT + 1 + BETWEEN;
    let gap = middle_of_right
        .saturating_sub(right.chars().count() / 2)
        .saturating_sub(start + left.chars().count());
    format!("{:start$}{left}{:gap$}{right}", "", "")
}

fn row(event: &Event, who: Option<u8>, words: &Words) -> Option<Row> {
    let say = |id| words.say(id, &[]);
    let name = who.map_or_else(String::new, |who| format!("{}: ", name(who)));
    let passes = |side: &Side, label: &str| Row::Passes(*side, format!("{name}{label}"), None);
    let datagram = |side: &Side, fate: Fate, data: String| {
        let label = name.clone() + &words.say(word_of(fate), &[("data", data)]);
        match (fate, side) {
            (Fate::Lost, Side::Program) => Row::Lost(label),
            _ => Row::Passes(*side, label, None),
        }
    };
    Some(match event {
        Event::Connect(side) => passes(side, &say("picture-connects")),
        Event::Bytes(_, sample) if sample.len() == 0 => return None,
        Event::Bytes(side, sample) => {
            let data = sample.line().unwrap_or_else(|| shown(sample, words));
            passes(side, &data)
        }
        Event::Datagram(side, fate, sample) => datagram(side, *fate, shown(sample, words)),
        Event::Message(side, fate, id, sample) => {
            datagram(side, *fate, format!("{id:08x} {}", shown(sample, words)))
        }
        Event::File(word, data) => Row::AtProgram('├', words.say(word, &[("data", data.clone())])),
        Event::Attempt(Attempt::Begins) => passes(&Side::Program, &say("picture-attempt")),
        Event::Attempt(Attempt::Answered) => return None, // the connection is the next row
        Event::Attempt(Attempt::Closed) => {
            Row::AtProgram('├', format!("{name}{}", say("picture-attempt-closed")))
        }
        Event::End(side) => passes(side, &say("picture-end")),
        Event::Reset(side) => {
            Row::Passes(*side, format!("{name}{}", say("picture-reset")), Some('╳'))
        }
        Event::Input(sample) if sample.len() == 0 => return None,
        Event::Input(sample) => {
            let data = shown(sample, words);
            Row::AtProgram('├', words.say("picture-input", &[("data", data)]))
        }
        Event::InputEnd => Row::AtProgram('├', say("picture-input-end")),
        Event::Output(sample) => {
            let data = sample.line().unwrap_or_else(|| shown(sample, words));
            Row::AtProgram('├', words.say("picture-prints", &[("data", data)]))
        }
        Event::Exit(exit) => Row::AtProgram('╳', ending(*exit, words)),
        Event::Remark(word) => Row::AtGrader(format!("{name}{}", say(word))),
        Event::Many(word, number) => {
            Row::AtGrader(words.say(word, &[("number", words.number(*number))]))
        }
        Event::Silence => Row::Between('┆', say("picture-silence")),
    })
}

/// How a program ended, in words.
pub fn ending(exit: Exit, words: &Words) -> String {
    match exit {
        Exit::Code(code) => words.say("exits", &[("code", code.to_string())]),
        Exit::Signal(signal) => words.say("killed", &[("signal", signal.to_string())]),
        Exit::Todo(step) => words.say("stops-at-todo", &[("step", step.to_string())]),
    }
}

fn shown(sample: &Sample, words: &Words) -> String {
    let size = words.bytes(sample.len());
    match sample.shown() {
        Some(data) => format!("{data} ({size})"),
        None => size,
    }
}

fn arrow(from: Side, label: &str, end: Option<char>) -> String {
    let label = clipped(label, BETWEEN - 8);
    let line = format!("─ {label} ");
    let rest = BETWEEN - 1 - line.chars().count() - 3;
    let (before, after) = ("─".repeat(3), "─".repeat(rest));
    match from {
        Side::Program => {
            let end = end.unwrap_or('▶');
            lane('│', &format!("{before}{line}{after}{end}"), '│')
        }
        Side::Grader => {
            let end = end.unwrap_or('◀');
            lane('│', &format!("{end}{before}{line}{after}"), '│')
        }
    }
}

fn word_of(fate: Fate) -> &'static str {
    match fate {
        Fate::Arrives => "picture-datagram",
        Fate::Lost => "picture-lost",
        Fate::Forged => "picture-forged",
        Fate::Stranger => "picture-stranger",
        Fate::Repeated => "picture-repeated",
        Fate::Late => "picture-late",
    }
}

fn lane(left: char, between: &str, right: char) -> String {
    format!("{:LEFT$}{left}{between}{right}", "")
}

fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use enchufe_syllabus::Language;

    fn all_events() -> Vec<Entry> {
        let long = Sample::from(&[b'x'; 10_000][..]);
        let events = vec![
            Event::Input(b"hola".as_slice().into()),
            Event::InputEnd,
            Event::Connect(Side::Program),
            Event::Bytes(Side::Program, b"h\xff\0i0123456789ab".as_slice().into()),
            Event::End(Side::Program),
            Event::Bytes(Side::Grader, long.clone()),
            Event::Reset(Side::Grader),
            Event::Output(long),
            Event::Remark("does-not-answer"),
            Event::Silence,
            Event::Exit(Exit::Code(0)),
            Event::Exit(Exit::Signal(9)),
            Event::Many("many-connect", 1000),
            Event::Datagram(Side::Grader, Fate::Arrives, Sample::default()),
            Event::Datagram(
                Side::Program,
                Fate::Lost,
                b"0123456789abcdef".as_slice().into(),
            ),
            Event::Datagram(
                Side::Grader,
                Fate::Forged,
                b"0123456789abcdef".as_slice().into(),
            ),
            Event::Datagram(
                Side::Grader,
                Fate::Repeated,
                b"01234567890abcde".as_slice().into(),
            ),
            Event::Datagram(Side::Grader, Fate::Late, Sample::default()),
            Event::Message(Side::Program, Fate::Lost, u32::MAX, b"x".as_slice().into()),
            Event::Message(
                Side::Grader,
                Fate::Repeated,
                u32::MAX,
                b"0123456789abcdef".as_slice().into(),
            ),
            Event::File("picture-file-made", "600".into()),
        ];
        let with = |who| events.iter().map(move |event| (who, event.clone()));
        with(None)
            .chain(with(Some(1)))
            .map(|(who, event)| Entry { who, event })
            .collect()
    }

    #[test]
    fn every_row_has_both_lanes_and_fits_in_every_language() {
        for language in Language::all() {
            for line in drawn(&all_events(), &Words::of(&language)).iter().skip(1) {
                assert_eq!(
                    line.chars().count(),
                    LEFT + BETWEEN + 2,
                    "{language:?}: {line}"
                );
            }
        }
    }

    #[test]
    fn what_is_read_aloud_names_who_did_it_and_draws_nothing() {
        for language in Language::all() {
            let words = Words::of(&language);
            let lines = spoken(&all_events(), &words);
            let text = lines.join("\n");
            for who in ["your-program", "the-grader"] {
                assert!(text.contains(&words.say(who, &[])), "{text}");
            }
            assert!(!text.contains(['│', '─', '├', '▶', '╳']), "{text}");
            assert!(lines.iter().all(|line| line.chars().count() <= SPOKEN));
        }
    }

    #[test]
    fn a_long_tape_is_cut_in_the_middle() {
        let words = Words::of(&Language::english());
        let entries = vec![Event::End(Side::Grader).into(); 100];
        let lines = drawn(&entries, &words);
        assert_eq!(lines.len(), 1 + ROWS + 1);
        assert!(lines[1 + ROWS / 2].contains("78"));
    }
}
