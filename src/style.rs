//! Lines of text with tones, as wide as the terminal. Colours are the terminal's own sixteen, which its
//! owner has chosen for a light or a dark ground; `NO_COLOR` leaves weight and no colour.

use std::fmt::Write as _;

use crossterm::style::{Attribute, Color, ContentStyle, Stylize};
use unicode_width::UnicodeWidthStr;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Strong,
    Quiet,
    Good,
    Bad,
    Accent,
}

/// A piece of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub tone: Tone,
    /// Where it leads, for terminals that follow links (OSC 8).
    pub link: Option<String>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub spans: Vec<Span>,
    /// A picture, code, a table: it is cut where the screen ends, and never broken.
    pub is_fixed: bool,
}

impl Line {
    /// A line of one tone.
    pub fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self::default().with(text, tone)
    }

    /// A plain line.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Plain)
    }

    /// Adds text at its end.
    pub fn with(mut self, text: impl Into<String>, tone: Tone) -> Self {
        let text = text.into();
        self.spans.push(Span {
            text,
            tone,
            link: None,
        });
        self
    }

    /// Adds a link at its end.
    pub fn link(mut self, text: impl Into<String>, link: impl Into<String>) -> Self {
        let (text, link) = (text.into(), Some(link.into()));
        self.spans.push(Span {
            text,
            tone: Tone::Accent,
            link,
        });
        self
    }

    /// The same line, never to be broken.
    pub fn fixed(mut self) -> Self {
        self.is_fixed = true;
        self
    }

    /// Its text without tones.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }

    /// Breaks it between words, so that no part is wider than `width`. Each part keeps the indent.
    pub fn wrapped(&self, width: usize) -> Vec<Self> {
        if self.is_fixed || self.width() <= width {
            return vec![self.clone()];
        }
        let text = self.text();
        let indent = text.len() - text.trim_start().len();
        let indent = indent.min(width / 2);
        let mut lines = vec![Self::default()];
        let mut used = 0;
        for span in &self.spans {
            for word in span.text.split_inclusive(' ') {
                let room = width.saturating_sub(used);
                if used > indent && word.trim_end().width() > room {
                    lines.push(Self::plain(" ".repeat(indent)));
                    used = indent;
                }
                for piece in pieces(word, width.saturating_sub(indent).max(1)) {
                    if used + piece.trim_end().width() > width && used > indent {
                        lines.push(Self::plain(" ".repeat(indent)));
                        used = indent;
                    }
                    used += piece.width();
                    let (text, tone, link) = (piece, span.tone, span.link.clone());
                    if let Some(line) = lines.last_mut() {
                        line.spans.push(Span { text, tone, link });
                    }
                }
            }
        }
        lines
    }

    /// Its columns from `from` on, at most `width` of them.
    pub fn cut(&self, from: usize, width: usize) -> Self {
        let mut column = 0;
        let mut cut = Self {
            is_fixed: self.is_fixed,
            ..Self::default()
        };
        for span in &self.spans {
            let mut text = String::new();
            for letter in span.text.chars() {
                let wide = unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
                if column >= from && column + wide <= from + width {
                    text.push(letter);
                }
                column += wide;
            }
            cut.spans.push(Span {
                text,
                ..span.clone()
            });
        }
        cut
    }

    /// As a terminal takes it, with colours and links, or as plain text.
    pub fn painted(&self, is_terminal: bool) -> String {
        if !is_terminal {
            return self.text();
        }
        let mut out = String::new();
        for span in self.spans.iter().filter(|span| !span.text.is_empty()) {
            let text = style(span.tone).apply(&span.text);
            let _ = match &span.link {
                Some(link) => write!(out, "\x1b]8;;{link}\x1b\\{text}\x1b]8;;\x1b\\"),
                None => write!(out, "{text}"),
            };
        }
        out
    }
}

/// A word in pieces that fit: only one that is wider than the screen is broken.
fn pieces(word: &str, width: usize) -> Vec<String> {
    if word.trim_end().width() <= width {
        return vec![word.into()];
    }
    let letters: Vec<char> = word.chars().collect();
    letters
        .chunks(width)
        .map(|piece| piece.iter().collect())
        .collect()
}

fn style(tone: Tone) -> ContentStyle {
    let style = ContentStyle::new();
    match tone {
        Tone::Plain => style,
        Tone::Strong => style.attribute(Attribute::Bold),
        Tone::Quiet => style.attribute(Attribute::Dim),
        Tone::Good => style.with(Color::DarkGreen),
        Tone::Bad => style.with(Color::DarkRed).attribute(Attribute::Bold),
        Tone::Accent => style.with(Color::DarkCyan),
    }
}

/// What a program printed, with its own colours (SGR, ECMA-48) as the nearest tones.
pub fn from_ansi(text: &str) -> Vec<Line> {
    let mut tone = Tone::Plain;
    let mut lines = Vec::new();
    for row in text.replace('\t', "    ").lines() {
        let mut line = Line::default();
        let mut parts = row.split("\x1b[");
        line = line.with(parts.next().unwrap_or_default(), tone);
        for part in parts {
            let (codes, text) = part.split_once('m').unwrap_or((part, ""));
            tone = tone_of(codes, tone);
            line = line.with(text, tone);
        }
        lines.push(line.fixed());
    }
    lines
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

/// A page of the grader's. What holds a picture is never broken.
pub fn from_page(page: &str) -> Vec<Line> {
    let is_drawn = |line: &str| line.contains(['│', '├', '╳', '┤']) || line.starts_with("  $ ");
    page.lines()
        .map(|line| {
            let tone = match () {
                () if line.starts_with('✘') => Tone::Bad,
                () if line.starts_with("  $ ") => Tone::Accent,
                () => Tone::Plain,
            };
            let is_fixed = is_drawn(line);
            Line {
                is_fixed,
                ..Line::of(line, tone)
            }
        })
        .collect()
}

/// The address of a file, as links hold it (RFC 8089).
pub fn link_to(path: &std::path::Path) -> String {
    let mut link = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'\\' => link.push('/'),
            b'/' | b'-' | b'_' | b'.' | b'~' | b':' => link.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => link.push(byte.into()),
            _ => {
                let _ = write!(link, "%{byte:02X}");
            }
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_between_words_and_keeps_its_indent() {
        let line = Line::plain("  one two ").with("three four", Tone::Strong);

        let texts: Vec<_> = line
            .wrapped(11)
            .iter()
            .map(|line| line.text().trim_end().to_owned())
            .collect();

        assert_eq!(texts, ["  one two", "  three", "  four"]);
    }

    #[test]
    fn a_word_wider_than_the_screen_is_broken_too() {
        let texts: Vec<_> = Line::plain("abcdefgh")
            .wrapped(3)
            .iter()
            .map(Line::text)
            .collect();

        assert_eq!(texts, ["abc", "def", "gh"]);
    }

    #[test]
    fn the_colours_of_a_compiler_become_tones() {
        let lines = from_ansi("\x1b[1m\x1b[38;5;9merror\x1b[0m\x1b[1m: no\x1b[0m");

        let tones: Vec<_> = lines[0]
            .spans
            .iter()
            .filter(|span| !span.text.is_empty())
            .map(|span| (span.text.as_str(), span.tone))
            .collect();
        assert_eq!(tones, [("error", Tone::Bad), (": no", Tone::Strong)]);
    }

    #[test]
    fn a_link_names_a_path_with_spaces_and_accents() {
        let path = std::path::Path::new("/tmp/curso ñ/main.rs");

        assert_eq!(link_to(path), "file:///tmp/curso%20%C3%B1/main.rs");
    }
}
