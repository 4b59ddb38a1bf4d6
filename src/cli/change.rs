//! `reset` and `language`: what changes what is kept.

use enchufe_syllabus::{Language, Words};

use super::{Desk, Refused};
use crate::course::language as choice;
use crate::course::reset::{self, Reset};

/// Gives exercises back as the course shipped them.
pub fn reset(desk: &Desk<'_>) -> Result<(), Refused> {
    let mut all_are_back = true;
    for chapter in desk.targets()? {
        let reset = reset::reset(&chapter.lesson)?;
        all_are_back &= !matches!(reset, Reset::Impossible { .. });
        println!("{}", reset::said(&chapter.lesson, &reset, desk.words));
        reset::forget(chapter, &reset)?;
    }
    match all_are_back {
        true => Ok(()),
        false => Err(Refused::Because(String::new(), 1)),
    }
}

/// Says which language it is and why, or chooses another one.
pub fn language(desk: &Desk<'_>) -> Result<(), Refused> {
    let chosen = desk.matches.get_one::<String>("language");
    if let Some(chosen) = chosen.and_then(|name| Language::of(name)) {
        choice::choose(&chosen)?;
        let words = Words::of(&chosen);
        println!("{}", words.say("language-now", &[]));
        if Language::of_the_variable().is_some_and(|beats| beats != chosen) {
            println!("{}", words.say("language-beaten", &[]));
        }
        return Ok(());
    }
    let from = match () {
        () if Language::of_the_variable().is_some() => "language-from-variable",
        () if Language::stored().is_some() => "language-from-choice",
        () => "language-from-locale",
    };
    let name = desk.course.language.name();
    println!("{name} · {}", desk.words.say(from, &[]));
    Ok(())
}
