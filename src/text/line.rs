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
        let indent = " ".repeat(indent.min(width / 2));
        let mut lines = vec![Self::default()];
        let mut used = 0;
        for word in self.words(width.saturating_sub(indent.len()).max(1)) {
            let whole: String = word.iter().map(|span| span.text.as_str()).collect();
            if used > indent.len() && used + whole.trim_end().width() > width {
                lines.push(Self::plain(&indent));
                used = indent.len();
            }
            used += whole.width();
            if let Some(line) = lines.last_mut() {
                line.spans.extend(word);
            }
        }
        lines
    }

    /// Its words with the space behind each: a comma belongs to the code before it. What is wider than
    /// the room for it is broken too.
    fn words(&self, room: usize) -> Vec<Vec<Span>> {
        let mut words: Vec<Vec<Span>> = vec![Vec::new()];
        let mut used = 0;
        for span in &self.spans {
            for part in span.text.split_inclusive(' ') {
                for text in pieces(part, room) {
                    if used > 0 && used + text.trim_end().width() > room {
                        words.push(Vec::new());
                        used = 0;
                    }
                    used += text.width();
                    let ends = text.ends_with(' ');
                    if let Some(word) = words.last_mut() {
                        word.push(Span {
                            text,
                            ..span.clone()
                        });
                    }
                    if ends {
                        words.push(Vec::new());
                        used = 0;
                    }
                }
            }
        }
        words
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
    fn what_follows_code_without_a_space_stays_with_it() {
        let line = Line::plain("one ")
            .with("two", Tone::Accent)
            .with(". three", Tone::Plain);

        let texts: Vec<_> = line
            .wrapped(7)
            .iter()
            .map(|line| line.text().trim_end().to_owned())
            .collect();

        assert_eq!(texts, ["one", "two.", "three"]);
    }
}
