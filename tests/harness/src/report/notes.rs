//! What is said of a test in one line: that it waits to be begun, was not run, or could not be.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};

use enchufe_syllabus::result::Outcome;
use enchufe_syllabus::{Language, Lesson, Page, Words};

use crate::base::deadline::step_failed;
use crate::report::result_file;

/// Ends the test as failed. All has been said: libtest adds nothing to it.
pub fn end() -> ! {
    resume_unwind(Box::new("explained"))
}

/// Says once in this process, instead of once a test, that nothing can be graded, and ends the test.
pub fn cannot_run(step: u8, id: &'static str, parts: &[(&str, String)]) -> ! {
    let line = Words::of(&Language::current()).say(id, parts);
    let reason = line.clone();
    result_file::tell(Outcome::CannotRun { reason });
    if is_first(0, id) {
        println!("{line}");
    }
    step_failed(step);
    end()
}

/// Says aloud, past libtest's capture, that a test was not run.
pub fn not_run(lesson: &Lesson, step: u8, why: &'static str) {
    let words = Words::of(&Language::current());
    let reason = words.say(why, &[]);
    let parts = [
        ("lesson", lesson.page.clone()),
        ("step", step.to_string()),
        ("why", reason.clone()),
    ];
    let why = why.to_owned();
    result_file::tell(Outcome::NotRun { why, reason });
    let _ = writeln!(io::stderr(), "{}", words.say("not-run", &parts));
}

/// Says, once a step, that it waits for step `first` to be begun, which may be itself; `place` is that of its `todo!`.
pub fn not_begun(lesson: &Lesson, step: u8, first: u8, place: &str) -> ! {
    let current = Language::current();
    let line = not_begun_in(&current, lesson, step, first, place);
    let told = line.clone();
    result_file::tell(Outcome::NotBegun { first, line: told });
    step_failed(step);
    if is_first(step, "not-begun") {
        println!("{line}");
        if step == first && !Language::is_chosen() {
            let others = Language::all()
                .into_iter()
                .filter(|other| *other != current);
            for other in others {
                println!("{}", not_begun_in(&other, lesson, step, first, place));
                println!("{}", Words::of(&other).say("choose-language", &[]));
            }
        }
    }
    end()
}

fn not_begun_in(language: &Language, lesson: &Lesson, step: u8, first: u8, place: &str) -> String {
    let page = page(lesson, language);
    let step_id = format!("step-{step}");
    let section = page.as_ref().and_then(|page| page.section(&step_id));
    let heading = section.map_or_else(|| step.to_string(), |section| section.heading.clone());
    let read_on = page.as_ref().map(|page| format!("{}#{step_id}", page.path));
    let parts = [
        ("heading", heading),
        ("place", place.trim_end_matches(':').to_owned()),
        ("waiting", first.to_string()),
        ("page", read_on.unwrap_or_default()),
    ];
    let id = if step == first {
        "not-begun"
    } else {
        "waits-for"
    };
    Words::of(language).say(id, &parts)
}

/// The page of a lesson, which a process reads once: many of its tests may fail.
pub fn page(lesson: &Lesson, language: &Language) -> Option<Arc<Page>> {
    type Read = BTreeMap<(String, String), Arc<Page>>;
    static READ: Mutex<Read> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (lesson.page.clone(), language.name().to_owned());
    if let Some(page) = read.get(&key) {
        return Some(Arc::clone(page));
    }
    let page = Arc::new(lesson.page(language).ok()?);
    read.insert(key, Arc::clone(&page));
    Some(page)
}

/// Whether this is said for the first time of this step.
pub fn is_first(step: u8, id: &str) -> bool {
    static SAID: Mutex<BTreeSet<(u8, String)>> = Mutex::new(BTreeSet::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    said.insert((step, id.to_owned()))
}
