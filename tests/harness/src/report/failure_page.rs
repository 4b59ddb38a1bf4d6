//! What the learner reads when a test does not pass: collected in parts, for the guide, and printed here for
//! whoever grades without it. Everything goes to standard output, which libtest shows for the tests that fail.

use enchufe_syllabus::result::{Outcome, Report};
use enchufe_syllabus::{Language, Lesson, Page, Words};

use crate::base::exit::Exit;
use crate::base::finding::{Finding, Kind, Stop};
use crate::base::transcript::Entry;
use crate::report::comparison;
use crate::report::harmless::harmless;
use crate::report::notes::{is_first, page};
use crate::report::{result_file, sequence_diagram};

/// No line is wider.
const WIDTH: usize = 80;

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
    /// Prints its page, and tells the guide. The same failure in another test of the step is three lines.
    pub fn explain(&self) {
        let language = Language::current();
        let words = Words::of(&language);
        let (id, report) = match page(self.lesson, &language) {
            Some(page) => self.report(&page, &words),
            None => (format!("step-{}", self.step), self.report_without_a_page()),
        };
        let is_new = is_first(self.step, &format!("{id} {:?}", self.finding.kind));
        print!(
            "{}",
            if is_new {
                printed(&report, &words)
            } else {
                printed_again(&report, &words)
            }
        );
        result_file::tell(Outcome::Failed { id, report });
    }

    /// The id of the mistake, else of the step, and all that there is to read.
    fn report(&self, page: &Page, words: &Words) -> (String, Report) {
        let step_id = format!("step-{}", self.step);
        let step = page.section(&step_id);
        let mistake = self.mistake.and_then(|id| page.section(id));
        let id = mistake.map_or(step_id.as_str(), |section| section.id.as_str());
        let report = Report {
            heading: step.map_or_else(String::new, |section| section.heading.clone()),
            lesson: page.title.clone(),
            mistake: mistake.map(|section| section.heading.clone()),
            prose: mistake.map(|section| section.text.clone()),
            command: self.line.clone(),
            diagram: sequence_diagram::draw(&self.entries, words),
            seen: self.seen(words),
            comparison: self
                .finding
                .compared
                .as_ref()
                .map_or_else(Vec::new, |(source, compared)| {
                    comparison::lines(*source, compared, words)
                }),
            read_on: Some(format!("{}#{id}", page.path)),
        };
        (id.to_owned(), report)
    }

    /// Without the docs, at least what was found.
    fn report_without_a_page(&self) -> Report {
        Report {
            heading: format!("{} {}", self.lesson.id, self.step),
            seen: vec![format!("{:?}", self.finding)],
            ..Report::default()
        }
    }

    /// What was found and how the program ended, then what it said.
    fn seen(&self, words: &Words) -> Vec<String> {
        let message = harmless(self.finding.message.as_deref().unwrap_or_default());
        let id = format!("fact-{}", kebab(self.finding.kind));
        let found = words.say(&id, &[("message", message.clone())]);
        let how = |exit| [("how", sequence_diagram::ending(exit, words))];
        let ended = match self.exit {
            Some(exit) => words.say("it-ended", &how(exit)),
            None => words.say("it-runs", &[]),
        };
        let mut seen = vec![format!("{found} {ended}")];
        let (said, place) = self.said(message);
        for (id, text) in [("it-said", said), ("it-said-at", place)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                let message = cut(&harmless(&text), 3 * WIDTH);
                seen.push(words.say(id, &[("message", message)]));
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

/// The report as a page of text.
fn printed(report: &Report, words: &Words) -> String {
    let mut page = title(report) + "\n";
    if let Some(mistake) = &report.mistake {
        page += &format!("\n  {mistake}\n");
    }
    if let Some(prose) = &report.prose {
        page += &format!("\n{}", wrapped(prose));
    }
    page += "\n";
    if let Some(command) = &report.command {
        page += &format!("  $ {}\n\n", cut(command, WIDTH - 8));
    }
    for line in &report.diagram {
        page += &format!("{}\n", line.trim_end());
    }
    page += "\n";
    page.extend(report.seen.iter().map(|paragraph| wrapped(paragraph)));
    if !report.comparison.is_empty() {
        page += &format!("\n  {}\n", report.comparison.join("\n  "));
    }
    page + &read_on(report, words)
}

/// The report of what another test of this step has shown already.
fn printed_again(report: &Report, words: &Words) -> String {
    let again = words.say("same-again", &[]);
    format!("✘ {}\n  {again}{}", report.heading, read_on(report, words))
}

fn read_on(report: &Report, words: &Words) -> String {
    let read_on = report.read_on.iter();
    let mut lines = read_on.map(|page| words.say("read-on", &[("page", page.clone())]));
    lines
        .next()
        .map_or_else(|| "\n".into(), |line| format!("\n  {line}\n"))
}

/// The step at the left, the lesson at the right; below each other where they don't fit in one line.
fn title(report: &Report) -> String {
    let left = format!("✘ {}", report.heading);
    let width = left.chars().count() + 2 + report.lesson.chars().count();
    if width <= WIDTH {
        let gap = WIDTH - width + 2;
        return format!("{left}{:gap$}{}", "", report.lesson);
    }
    format!("{left}\n  {}", report.lesson)
}

/// Text that ends where the page does.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room - 1).chain(['…']).collect()
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
