//! Draws a tape: two lanes, one for each end, and what passed between them.

use crate::bytes::Sample;
use crate::process::Exit;
use crate::tape::{Event, Side};
use crate::text::Words;

/// The column of the left lane.
const LEFT: usize = 10;
/// How many columns lie between the lanes.
const BETWEEN: usize = 44;
/// More rows than this are cut in the middle.
const ROWS: usize = 22;

/// The picture of a conversation, a line an element, each at most 76 columns wide.
pub fn draw(events: &[Event], words: &Words) -> Vec<String> {
    let events = in_order(events);
    let rows: Vec<String> = events
        .iter()
        .filter_map(|event| row(event, words))
        .collect();
    let mut lines = vec![titles(words)];
    if rows.len() > ROWS {
        let hidden = rows.len() - ROWS;
        let more = words.say("picture-more", &[("number", words.number(hidden as u64))]);
        lines.extend_from_slice(&rows[..ROWS / 2]);
        lines.push(lane('⋮', &format!("{more:^BETWEEN$}"), '⋮'));
        lines.extend_from_slice(&rows[rows.len() - ROWS / 2..]);
    } else {
        lines.extend(rows);
    }
    lines
}

/// The end of a process is heard of at once, what it did before only when the grader looks: so the end
/// is put after all that the program did.
fn in_order(events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    if let Some(end) = events
        .iter()
        .position(|event| matches!(event, Event::Exit(_)))
    {
        let is_its_own = |event: &Event| {
            use Event::{Bytes, Connect, End, Output, Reset};
            matches!(
                event,
                Connect(Side::Program)
                    | Bytes(Side::Program, _)
                    | End(Side::Program)
                    | Reset(Side::Program)
                    | Output(_)
            )
        };
        let last = events.iter().rposition(is_its_own).unwrap_or(0).max(end);
        events[end..=last].rotate_left(1);
    }
    events
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

fn row(event: &Event, words: &Words) -> Option<String> {
    let say = |id| words.say(id, &[]);
    Some(match event {
        Event::Connect(side) => arrow(*side, &say("picture-connects"), '▶', '◀'),
        Event::Bytes(_, sample) if sample.len() == 0 => return None,
        Event::Bytes(side, sample) => arrow(*side, &shown(sample, words), '▶', '◀'),
        Event::End(side) => arrow(*side, &say("picture-end"), '▶', '◀'),
        Event::Reset(side) => arrow(*side, &say("picture-reset"), '╳', '╳'),
        Event::Input(sample) if sample.len() == 0 => return None,
        Event::Input(sample) => {
            let data = shown(sample, words);
            at_left('├', &words.say("picture-input", &[("data", data)]))
        }
        Event::InputEnd => at_left('├', &say("picture-input-end")),
        Event::Output(sample) => {
            let data = shown(sample, words);
            at_left('├', &words.say("picture-prints", &[("data", data)]))
        }
        Event::Exit(exit) => at_left('╳', &ending(*exit, words)),
        Event::Remark(word) => lane(
            '│',
            &format!(" {:>width$} ", say(word), width = BETWEEN - 2),
            '┤',
        ),
        Event::Silence => lane('┆', &format!("{:^BETWEEN$}", say("picture-silence")), '┆'),
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

fn arrow(from: Side, label: &str, right: char, left: char) -> String {
    let label = clipped(label, BETWEEN - 8);
    let line = format!("─ {label} ");
    let rest = BETWEEN - 1 - line.chars().count() - 3;
    let (before, after) = ("─".repeat(3), "─".repeat(rest));
    match from {
        Side::Program => lane('│', &format!("{before}{line}{after}{right}"), '│'),
        Side::Grader => lane('│', &format!("{left}{before}{line}{after}"), '│'),
    }
}

fn at_left(mark: char, text: &str) -> String {
    let text = clipped(text, BETWEEN - 2);
    lane(mark, &format!(" {text:<width$} ", width = BETWEEN - 2), '│')
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
    use crate::text::Language;

    fn all_events() -> Vec<Event> {
        let long = Sample::from(&[b'x'; 10_000][..]);
        vec![
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
        ]
    }

    #[test]
    fn every_row_has_both_lanes_and_fits_in_every_language() {
        for language in Language::all() {
            for line in draw(&all_events(), &Words::of(&language)).iter().skip(1) {
                assert_eq!(
                    line.chars().count(),
                    LEFT + BETWEEN + 2,
                    "{language:?}: {line}"
                );
            }
        }
    }

    #[test]
    fn a_long_tape_is_cut_in_the_middle() {
        let words = Words::of(&Language::english());
        let events = vec![Event::End(Side::Grader); 100];
        let lines = draw(&events, &words);
        assert_eq!(lines.len(), 1 + ROWS + 1);
        assert!(lines[1 + ROWS / 2].contains("78"));
    }
}
