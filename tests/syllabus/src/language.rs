//! The learner's language.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::root::root;

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
