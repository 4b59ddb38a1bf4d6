//! The learner's language, and the words of the interface in it.

use std::env;
use std::fs;
use std::path::PathBuf;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

use crate::lesson::root;

/// A language: the name of a folder in `docs/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language(String);

impl Language {
    /// The learner's: `ENCHUFE_LANG`, else the stored choice, else the locale's, else English.
    pub fn current() -> Self {
        let of_the_locale = || Self::of(&sys_locale::get_locale()?);
        Self::of_the_variable()
            .or_else(Self::stored)
            .or_else(of_the_locale)
            .unwrap_or_else(Self::english)
    }

    /// Whether the learner has chosen a language, and it is there.
    pub fn is_chosen() -> bool {
        Self::of_the_variable().or_else(Self::stored).is_some()
    }

    /// What `ENCHUFE_LANG` names, if the course has it.
    pub fn of_the_variable() -> Option<Self> {
        Self::of(&env::var("ENCHUFE_LANG").ok()?)
    }

    /// What the learner chose in the guide, if the course still has it.
    pub fn stored() -> Option<Self> {
        Self::of(fs::read_to_string(Self::choice()).ok()?.trim())
    }

    /// The file that holds the choice: the name of a language.
    pub fn choice() -> PathBuf {
        root().join(".enchufe/language")
    }

    /// All the languages of the course.
    pub fn all() -> Vec<Self> {
        let folders = fs::read_dir(root().join("docs"))
            .into_iter()
            .flatten()
            .flatten();
        let names = folders.filter(|entry| entry.path().join("interface.ftl").is_file());
        let mut all: Vec<_> = names
            .filter_map(|entry| Some(Self(entry.file_name().into_string().ok()?)))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// The language that a locale names (`es`, `es_MX.UTF-8`, `es-419`), if the course has it.
    pub fn of(locale: &str) -> Option<Self> {
        let name = locale
            .split(['_', '-', '.', '@'])
            .next()?
            .to_ascii_lowercase();
        Self::all().into_iter().find(|language| language.0 == name)
    }

    /// The language that every text exists in.
    pub fn english() -> Self {
        Self("en".into())
    }

    /// The name of its folder.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Text from elsewhere, as it may be printed: what a terminal would obey, what turns the direction of
/// writing and what nobody sees is escaped as Rust writes it (`\u{1b}`).
pub fn harmless(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' | '"' | '\'' | '\\' => letter.to_string(),
        // Behind another letter, an accent that belongs to it stays.
        _ => format!("a{letter}").escape_debug().skip(1).collect(),
    };
    text.chars().map(shown).collect()
}

/// The words of the interface in one language: `docs/<language>/interface.ftl` (Project Fluent).
pub struct Words(FluentBundle<FluentResource>);

impl Words {
    /// Reads the words of a language.
    pub fn of(language: &Language) -> Self {
        let file = root()
            .join("docs")
            .join(language.name())
            .join("interface.ftl");
        let text = fs::read_to_string(file).unwrap_or_default();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
        let mut bundle = FluentBundle::new(language.name().parse().into_iter().collect());
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource); // a doubled word is the docs' test's to find
        Self(bundle)
    }

    /// The text with this id, with its parts filled in. An id without a text is shown as it is.
    pub fn say(&self, id: &str, parts: &[(&str, String)]) -> String {
        let Some(pattern) = self.0.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let parts: FluentArgs = parts
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.0
            .format_pattern(pattern, Some(&parts), &mut Vec::new())
            .into_owned()
    }

    /// A number with its digits in groups, as this language writes them.
    pub fn number(&self, number: u64) -> String {
        let separator = self.say("group-separator", &[]);
        let digits = number.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push_str(&separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A number of bytes: `1 byte`, `8,388,608 bytes`.
    pub fn bytes(&self, number: u64) -> String {
        let id = if number == 1 { "one-byte" } else { "bytes" };
        self.say(id, &[("number", self.number(number))])
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_words_are_left_alone() {
        let text = "\x1b[2J \u{9b}1m \u{202e} \u{fffe} \x07";
        let kept = "¿Qué «dirección»?\t\"it's\" e\u{301} 日本\n";

        assert_eq!(
            harmless(text),
            r"\u{1b}[2J \u{9b}1m \u{202e} \u{fffe} \u{7}"
        );
        assert_eq!(harmless(kept), kept);
    }
}
