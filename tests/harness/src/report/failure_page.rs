//! What the learner reads when a test does not pass. Everything goes to standard output, which
//! libtest shows for the tests that fail.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

use crate::base::exit::Exit;
use crate::base::finding::{Compared, Finding, Kind, Source, Stop};
use crate::base::transcript::Entry;
use crate::report::harmless::harmless;
use crate::report::result_file::{self, Outcome};
use crate::report::sequence_diagram;
use enchufe_syllabus::{Language, Lesson, Page, Section, Words};

/// No line is wider.
const WIDTH: usize = 80;

/// Ends the test as failed. All has been said: libtest adds nothing to it.
pub fn end() -> ! {
    resume_unwind(Box::new("explained"))
}

/// Says something once in this process, in one line, instead of once a test.
pub fn once(step: u8, id: &'static str, parts: &[(&str, String)]) {
    let line = Words::of(&Language::current()).say(id, parts);
    result_file::tell(Outcome::CannotRun, &line);
    if is_first(0, id) {
        println!("{line}");
    }
    crate::base::deadline::step_failed(step);
}

/// Says aloud, past libtest's capture, that a test was not run.
pub fn not_run(lesson: &Lesson, step: u8, why: &'static str) {
    let words = Words::of(&Language::current());
    let reason = words.say(why, &[]);
    result_file::tell(Outcome::NotRun(why), &reason);
    let line = words.say(
        "not-run",
        &[
            ("lesson", lesson.page.clone()),
            ("step", step.to_string()),
            ("why", reason),
        ],
    );
    let _ = writeln!(io::stderr(), "{line}");
}

/// Says that a step waits to be begun, once a step.
pub fn not_begun(lesson: &Lesson, step: u8, waiting: u8, place: &str) {
    let current = Language::current();
    let line = not_begun_in(&current, lesson, step, waiting, place);
    let state = match step == waiting {
        true => Outcome::NotBegun,
        false => Outcome::WaitsFor(waiting),
    };
    result_file::tell(state, &line);
    if !is_first(step, "not-begun") {
        return;
    }
    println!("{line}");
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

fn not_begun_in(
    language: &Language,
    lesson: &Lesson,
    step: u8,
    waiting: u8,
    place: &str,
) -> String {
    let words = Words::of(language);
    let page = lesson.page(language).ok();
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

fn is_first(step: u8, id: &str) -> bool {
    static SAID: Mutex<BTreeSet<(u8, String)>> = Mutex::new(BTreeSet::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    said.insert((step, id.to_owned()))
}

/// All that is known of a failure.
pub struct Failure<'a> {
    pub lesson: &'a Lesson,
    pub step: u8,
    /// The step in which failures are explained.
    pub explaining: Option<u8>,
    /// The id of the mistake that the finding betrays.
    pub mistake: Option<&'static str>,
    /// The command line of the program.
    pub line: Option<String>,
    /// What the program wrote to standard error.
    pub said: String,
    pub finding: Finding,
    pub entries: Vec<Entry>,
    pub exit: Option<Exit>,
}

impl Failure<'_> {
    /// Prints its page, and reports it. The same failure in another test of the step is three lines.
    pub fn explain(&self) {
        let language = Language::current();
        let words = Words::of(&language);
        let Ok(page) = self.lesson.page(&language) else {
            let finding = format!("{}: {:?}", self.lesson.page, self.finding); // without docs, at least the finding
            result_file::tell(Outcome::Failed(""), &finding);
            println!("{finding}");
            return;
        };
        let step_id = format!("step-{}", self.step);
        let mistake = self.mistake.and_then(|id| page.section(id));
        let id = mistake.map_or(step_id.as_str(), |section| section.id.as_str());
        let read_on = words.say("read-on", &[("page", format!("{}#{id}", page.path))]);
        let whole = self.page(&page, mistake, &words) + &format!("\n  {read_on}\n");
        result_file::tell(Outcome::Failed(id), &whole);
        if is_first(self.step, &format!("{id} {:?}", self.finding.kind)) {
            print!("{whole}");
        } else {
            let heading = page.section(&step_id).map_or("", |step| &step.heading);
            let again = words.say("same-again", &[]);
            println!("✘ {heading}\n  {again}\n  {read_on}");
        }
    }

    /// The step, the mistake, the picture, what was found.
    fn page(&self, page: &Page, mistake: Option<&Section>, words: &Words) -> String {
        let step = page.section(&format!("step-{}", self.step));
        let mut whole = title(step, &page.title) + "\n";
        if let Some(mistake) = mistake {
            whole += &format!("\n  {}\n\n{}", mistake.heading, wrapped(&mistake.text));
        }
        whole += "\n";
        if let Some(line) = &self.line {
            whole += &format!("  $ {}\n\n", clipped(line));
        }
        for line in sequence_diagram::draw(&self.entries, words) {
            whole += &format!("{}\n", line.trim_end());
        }
        whole += &format!("\n{}", self.seen(words));
        if let Some((source, compared)) = &self.finding.compared {
            whole += &format!("\n{}", comparison(*source, compared, words));
        }
        whole
    }

    /// What was found, how the program ended, and what it said.
    fn seen(&self, words: &Words) -> String {
        let message = harmless(self.finding.message.as_deref().unwrap_or_default());
        let id = format!("fact-{}", kebab(self.finding.kind));
        let found = words.say(&id, &[("message", message.clone())]);
        let ended = match self.exit {
            Some(exit) => words.say(
                "it-ended",
                &[("how", sequence_diagram::ending(exit, words))],
            ),
            None => words.say("it-runs", &[]),
        };
        let mut seen = wrapped(&format!("{found} {ended}"));
        let (said, place) = self.said(message);
        for (id, text) in [("it-said", said), ("it-said-at", place)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                let message = cut(&harmless(&text), 3 * WIDTH);
                seen += &wrapped(&words.say(id, &[("message", message)]));
            }
        }
        seen
    }

    /// What the program said of its end, and the place in the source that it named.
    fn said(&self, message: String) -> (Option<String>, Option<String>) {
        match (self.finding.kind, Stop::read(&self.said)) {
            (Kind::OnStdout, _) => (Some(message), None),
            // Only the step that explains failures says more than that it is to do.
            (_, Some(Stop::NotBegun { step, message, .. })) => {
                ((self.explaining == Some(step)).then_some(message), None)
            }
            (_, Some(Stop::Panicked { message, place })) => {
                let is_theirs = !place.starts_with("/rustc/"); // and not the standard library's
                (Some(message), is_theirs.then_some(place))
            }
            _ => {
                let first_words = self.said.lines().find(|line| !line.trim().is_empty());
                (first_words.map(str::to_owned), None)
            }
        }
    }
}

/// A line of the program's, cut where the page ends.
fn clipped(line: &str) -> String {
    cut(line, WIDTH - 8)
}

fn cut(line: &str, room: usize) -> String {
    if line.chars().count() <= room {
        return line.to_owned();
    }
    line.chars().take(room - 1).chain(['…']).collect()
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

fn comparison(source: Source, compared: &Compared, words: &Words) -> String {
    let mut lines = String::new();
    let expected_label = words.say(
        match source {
            Source::Sent => "expected-sent",
            Source::Printed => "expected-printed",
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
            () if compared.is_whole => format!("{there} ({size})"),
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
    let _ = writeln!(
        lines,
        "  {expected_label:width$}   {}",
        value(compared.expected, &compared.expected_there)
    );
    let _ = writeln!(
        lines,
        "  {received_label:width$}   {}",
        value(compared.received, &compared.received_there)
    );
    let id = match compared.same {
        _ if compared.expected == 0 || compared.received == 0 => return lines,
        _ if same => "same-up-to-there",
        0 => "differs-at-once",
        1 => "differs-at-second",
        _ => "differs-at",
    };
    let place = words.number(compared.same as u64);
    let _ = writeln!(
        lines,
        "  {:width$}   {}",
        "",
        words.say(id, &[("place", place)])
    );
    lines
}

fn wrapped(text: &str) -> String {
    let indent = textwrap::Options::new(WIDTH)
        .initial_indent("  ")
        .subsequent_indent("  ")
        .word_splitter(textwrap::WordSplitter::NoHyphenation); // a path stays in one piece
    textwrap::fill(text, indent) + "\n"
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
