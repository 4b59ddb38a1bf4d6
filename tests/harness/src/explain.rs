//! What the learner reads when a test does not pass. Everything goes to standard output, which
//! libtest shows for the tests that fail.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

use crate::fact::{Compared, Fact, Kind, Place};
use crate::lesson::Lesson;
use crate::pages::{Page, Section};
use crate::picture;
use crate::process::Exit;
use crate::tape::Event;
use crate::text::{Language, Words};

/// No line is wider.
const WIDTH: usize = 80;

/// Ends the test as failed. All has been said: libtest adds nothing to it.
pub fn end() -> ! {
    resume_unwind(Box::new("explained"))
}

/// Says something once in this process, in one line, instead of once a test.
pub fn once(step: u8, id: &'static str, parts: &[(&str, String)]) {
    if is_first(0, id) {
        println!("{}", Words::of(&Language::current()).say(id, parts));
    }
    crate::deadline::step_failed(step);
}

/// Says aloud, past libtest's capture, that a test was not run.
pub fn not_run(lesson: Lesson, step: u8, why: &'static str) {
    let words = Words::of(&Language::current());
    let why = words.say(why, &[]);
    let line = words.say(
        "not-run",
        &[
            ("lesson", lesson.page.into()),
            ("step", step.to_string()),
            ("why", why),
        ],
    );
    let _ = writeln!(io::stderr(), "{line}");
}

/// Says that a step waits to be begun, once a step.
pub fn not_begun(lesson: Lesson, step: u8, waiting: u8, place: &str) {
    if !is_first(step, "not-begun") {
        return;
    }
    let current = Language::current();
    println!("{}", not_begun_in(&current, lesson, step, waiting, place));
    if step == waiting && !Language::is_chosen() {
        for other in Language::all()
            .into_iter()
            .filter(|language| *language != current)
        {
            println!("{}", not_begun_in(&other, lesson, step, waiting, place));
            println!("{}", Words::of(&other).say("choose-language", &[]));
        }
    }
}

fn not_begun_in(language: &Language, lesson: Lesson, step: u8, waiting: u8, place: &str) -> String {
    let words = Words::of(language);
    let page = Page::open(language, lesson.page).ok();
    let section = page
        .as_ref()
        .and_then(|page| page.section(&format!("step-{step}")));
    let heading = section.map_or_else(|| step.to_string(), |section| section.heading.clone());
    let id = if step == waiting {
        "not-begun"
    } else {
        "waits-for"
    };
    let read_on = page
        .as_ref()
        .map(|page| format!("{}#step-{step}", page.path))
        .unwrap_or_default();
    let parts = [
        ("heading", heading),
        ("place", place.trim_end_matches(':').to_owned()),
        ("waiting", waiting.to_string()),
        ("page", read_on),
    ];
    words.say(id, &parts)
}

fn is_first(step: u8, id: &'static str) -> bool {
    static SAID: Mutex<BTreeSet<(u8, &'static str)>> = Mutex::new(BTreeSet::new());
    SAID.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert((step, id))
}

/// Prints the page of a failure: the step, the mistake, the picture, what was found, where to read on.
pub fn page(
    lesson: Lesson,
    step: u8,
    mistake: Option<&'static str>,
    fact: &Fact,
    events: &[Event],
    exit: Option<Exit>,
) {
    let language = Language::current();
    let words = Words::of(&language);
    let english = || Page::open(&Language::english(), lesson.page);
    let Ok(page) = Page::open(&language, lesson.page).or_else(|_| english()) else {
        println!("{}: {fact:?}", lesson.page); // without docs, at least the fact
        return;
    };
    let step_id = format!("step-{step}");
    let mistake = mistake.and_then(|id| page.section(id));

    println!("{}", title(page.section(&step_id), &page.title));
    if let Some(mistake) = mistake {
        println!("\n  {}\n", mistake.heading);
        print_wrapped(&mistake.text);
    }
    println!();
    for line in picture::draw(events, &words) {
        println!("{}", line.trim_end());
    }
    println!();
    print_wrapped(&seen(fact, exit, &words));
    if let Some((place, compared)) = &fact.compared {
        println!();
        print_compared(*place, compared, &words);
    }
    let id = mistake.map_or(step_id.as_str(), |section| section.id.as_str());
    println!(
        "\n  {}",
        words.say("read-on", &[("page", format!("{}#{id}", page.path))])
    );
}

/// The step at the left, the lesson at the right; below each other where they don't fit in one line.
fn title(step: Option<&Section>, lesson: &str) -> String {
    let left = format!("✘ {}", step.map_or("", |section| &section.heading));
    let width = left.chars().count() + 2 + lesson.chars().count();
    if width <= WIDTH {
        let gap = WIDTH - width + 2;
        return format!("{left}{:gap$}{lesson}", "");
    }
    format!("{left}\n  {lesson}")
}

/// What was found, in one or two sentences.
fn seen(fact: &Fact, exit: Option<Exit>, words: &Words) -> String {
    let message = fact.message.clone().unwrap_or_default();
    let found = words.say(
        &format!("fact-{}", kebab(fact.kind)),
        &[("message", message.clone())],
    );
    let quoted = match (fact.kind, message.is_empty()) {
        (Kind::Failed | Kind::Panicked | Kind::OnStdout | Kind::ExplainedAndExitedZero, false) => {
            format!(" {}", words.say("it-said", &[("message", message)]))
        }
        _ => String::new(),
    };
    let ended = match exit {
        Some(exit) => words.say("it-ended", &[("how", picture::ending(exit, words))]),
        None => words.say("it-runs", &[]),
    };
    format!("{found}{quoted} {ended}")
}

fn print_compared(place: Place, compared: &Compared, words: &Words) {
    let expected_label = words.say(
        match place {
            Place::Sent => "expected-sent",
            Place::Printed => "expected-printed",
        },
        &[],
    );
    let received_label = words.say("received", &[]);
    let width = expected_label
        .chars()
        .count()
        .max(received_label.chars().count());
    let same = compared.same == compared.expected.min(compared.received);
    let value = |size: usize, there: &str| {
        let size = words.bytes(size as u64);
        match () {
            () if there.is_empty() || there == "\"\"" => size,
            () if compared.is_whole() => format!("{there} ({size})"),
            () if same => size,
            () => words.say(
                "from-there",
                &[
                    ("size", size),
                    ("place", words.number(compared.same as u64)),
                    ("there", there.to_owned()),
                ],
            ),
        }
    };
    println!(
        "  {expected_label:width$}   {}",
        value(compared.expected, &compared.expected_there)
    );
    println!(
        "  {received_label:width$}   {}",
        value(compared.received, &compared.received_there)
    );
    let id = if same {
        "same-up-to-there"
    } else {
        "differs-at"
    };
    let place = words.number(compared.same as u64);
    println!("  {:width$}   {}", "", words.say(id, &[("place", place)]));
}

fn print_wrapped(text: &str) {
    let indent = textwrap::Options::new(WIDTH)
        .initial_indent("  ")
        .subsequent_indent("  ");
    println!("{}", textwrap::fill(text, indent));
}

/// `NeverConnected` as `never-connected`: the id of its words.
fn kebab(kind: Kind) -> String {
    let mut id = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_ascii_uppercase() && !id.is_empty() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}
