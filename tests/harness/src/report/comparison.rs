//! What was expected beside what came.

use crate::base::finding::{Compared, Source};
use enchufe_syllabus::Words;

/// Two lines or three, the labels of equal width.
pub fn lines(source: Source, compared: &Compared, words: &Words) -> Vec<String> {
    let asked = match source {
        Source::Sent => "expected-sent",
        Source::Printed => "expected-printed",
    };
    let rows = [
        (
            words.say(asked, &[]),
            value(compared, compared.expected, &compared.expected_there, words),
        ),
        (
            words.say("received", &[]),
            value(compared, compared.received, &compared.received_there, words),
        ),
    ];
    let width = rows
        .iter()
        .map(|(label, _)| label.chars().count())
        .max()
        .unwrap_or(0);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(label, value)| format!("{label:width$}   {value}"))
        .collect();
    if let Some(difference) = difference(compared, words) {
        lines.push(format!("{:width$}   {difference}", ""));
    }
    lines
}

/// One of the two: its bytes where they are few, else their number, and where they differ.
fn value(compared: &Compared, size: usize, there: &str, words: &Words) -> String {
    let size = words.bytes(size as u64);
    match () {
        () if there.is_empty() || there == "\"\"" => size,
        () if compared.is_whole => format!("{there} ({size})"),
        () if is_cut_off(compared) => size,
        () => {
            let place = words.number(compared.same as u64);
            let parts = [
                ("size", size),
                ("place", place),
                ("there", there.to_owned()),
            ];
            words.say("from-there", &parts)
        }
    }
}

fn difference(compared: &Compared, words: &Words) -> Option<String> {
    let id = match compared.same {
        _ if compared.expected == 0 || compared.received == 0 => return None,
        _ if is_cut_off(compared) => "same-up-to-there",
        0 => "differs-at-once",
        1 => "differs-at-second",
        _ => "differs-at",
    };
    let place = words.number(compared.same as u64);
    Some(words.say(id, &[("place", place)]))
}

/// Whether one of the two is the start of the other.
fn is_cut_off(compared: &Compared) -> bool {
    compared.same == compared.expected.min(compared.received)
}
