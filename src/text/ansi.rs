//! What a compiler prints, with its colours.

use crate::text::line::{Line, Tone};

/// What a program printed, with its own colours (SGR, ECMA-48) as the nearest tones.
pub fn lines(text: &str) -> Vec<Line> {
    let mut tone = Tone::Plain;
    let mut rows = Vec::new();
    for row in text.replace('\t', "    ").lines() {
        let mut line = Line::default();
        let mut parts = row.split("\x1b[");
        line = line.with(parts.next().unwrap_or_default(), tone);
        for part in parts {
            let (codes, text) = part.split_once('m').unwrap_or((part, ""));
            tone = tone_of(codes, tone);
            line = line.with(text, tone);
        }
        rows.push(line.fixed());
    }
    rows
}

fn tone_of(codes: &str, before: Tone) -> Tone {
    match codes {
        "" | "0" => Tone::Plain,
        _ if codes.ends_with("38;5;9") || codes.ends_with("31") || codes.ends_with("91") => {
            Tone::Bad
        }
        _ if codes.ends_with("38;5;10") || codes.ends_with("32") || codes.ends_with("92") => {
            Tone::Good
        }
        _ if codes.contains("38;5") || codes.len() == 2 => Tone::Accent,
        "1" if before == Tone::Plain => Tone::Strong,
        _ => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_of_a_compiler_become_tones() {
        let lines = lines("\x1b[1m\x1b[38;5;9merror\x1b[0m\x1b[1m: no\x1b[0m");

        let tones: Vec<_> = lines[0]
            .spans
            .iter()
            .filter(|span| !span.text.is_empty())
            .map(|span| (span.text.as_str(), span.tone))
            .collect();
        assert_eq!(tones, [("error", Tone::Bad), (": no", Tone::Strong)]);
    }
}
