//! The words of the interface.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::language::Language;
use crate::root::root;

/// The words of the interface in one language: `docs/<language>/interface.ftl` (Project Fluent).
#[derive(Clone)]
pub struct Words(Arc<FluentBundle<FluentResource>>);

impl Words {
    /// The words of a language, which a process reads once.
    pub fn of(language: &Language) -> Self {
        static READ: Mutex<BTreeMap<String, Words>> = Mutex::new(BTreeMap::new());
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        let words = read.entry(language.name().to_owned());
        words.or_insert_with(|| Self::read(language)).clone()
    }

    fn read(language: &Language) -> Self {
        let file = root()
            .join("docs")
            .join(language.name())
            .join("interface.ftl");
        let text = fs::read_to_string(file).unwrap_or_default();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
        let locales = language.name().parse().into_iter().collect();
        let mut bundle = FluentBundle::new_concurrent(locales);
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource); // a doubled word is the docs' test's to find
        Self(Arc::new(bundle))
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
