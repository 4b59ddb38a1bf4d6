//! The learner's choice of a language, which the guide and the graders speak.

use std::fs;
use std::io;

use enchufe_syllabus::Language;

/// Keeps the choice. `ENCHUFE_LANG` beats it, and it beats the locale.
pub fn choose(language: &Language) -> io::Result<()> {
    let file = Language::choice();
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
    let new = file.with_extension("new");
    fs::create_dir_all(file.parent().unwrap_or(&file)).map_err(named)?;
    fs::write(&new, format!("{}\n", language.name())).map_err(named)?;
    fs::rename(new, &file).map_err(named) // all of it or nothing
}

/// The language after this one, in the order of their names.
pub fn next(language: &Language) -> Language {
    let all = Language::all();
    let after = all
        .iter()
        .position(|one| one == language)
        .map_or(0, |index| index + 1);
    all.get(after)
        .or(all.first())
        .cloned()
        .unwrap_or_else(Language::english)
}
