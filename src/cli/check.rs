//! `check`: grades lessons, and says how it went in words, JSON or JUnit XML.

use std::io::{self, Write};

use enchufe_syllabus::Words;

use super::export::{self, Graded};
use super::{Desk, Refused, WRONG_ARGUMENTS, print};
use crate::course::{Chapter, progress};
use crate::grading::build::{self, Built, Grader, Wanted};
use crate::grading::child::Cancel;
use crate::grading::run::{self, Order};
use crate::grading::verdict::StepResult;
use crate::text::ansi;
use crate::text::line::{Line, Tone};

/// Grades what the arguments ask for.
pub fn check(desk: &Desk<'_>) -> Result<(), Refused> {
    let program = desk.matches.get_one::<String>("program");
    let step = desk.matches.get_one::<u8>("step").copied();
    refuse_nonsense(desk, step, program)?;
    let format = desk.matches.get_one::<String>("format");
    let format = format.map_or("text", String::as_str);
    let cancel = Cancel::default();
    let chapters = desk.targets()?;
    cancel.on_signals()?;
    let mut graded = Vec::new();
    for chapter in chapters {
        let job = Job {
            desk,
            chapter,
            step,
            program: program.map(String::as_str),
            is_text: format == "text",
        };
        graded.push(job.run(&cancel)?);
    }
    let report = match format {
        "json" => export::json(&graded, desk.words),
        "junit" => export::junit(&graded, desk.words),
        _ => String::new(),
    };
    let mut out = io::stdout().lock();
    out.write_all(report.as_bytes())?;
    out.flush()?;
    match graded.iter().all(Graded::is_passed) {
        true => Ok(()),
        false => Err(Refused::Because(String::new(), 1)),
    }
}

/// What clap can't see in the arguments.
fn refuse_nonsense(
    desk: &Desk<'_>,
    step: Option<u8>,
    program: Option<&String>,
) -> Result<(), Refused> {
    let refused = |why| Err(Refused::Because(why, WRONG_ARGUMENTS));
    if desk.matches.get_flag("all") && (step.is_some() || program.is_some()) {
        return refused(desk.words.say("error-all", &[]));
    }
    let is_command = |line: &str| shlex::split(line).is_some_and(|words| !words.is_empty());
    match program {
        Some(line) if !is_command(line) => {
            refused(desk.words.say("error-program", &[("value", line.clone())]))
        }
        _ => Ok(()),
    }
}

/// One lesson to grade.
struct Job<'a> {
    desk: &'a Desk<'a>,
    chapter: &'a Chapter,
    step: Option<u8>,
    program: Option<&'a str>,
    is_text: bool,
}

impl<'a> Job<'a> {
    fn run(&self, cancel: &Cancel) -> io::Result<Graded<'a>> {
        let mut graded = Graded {
            chapter: self.chapter,
            step: self.step,
            results: Vec::new(),
            broken: None,
        };
        self.say(&[Line::of(&self.chapter.title, Tone::Strong)])?;
        let colours = self.desk.is_terminal && self.is_text;
        match build::build(&self.chapter.lesson, Wanted::Exercise, colours, cancel)? {
            Built::Ready { grader, warnings } => {
                eprint!("{warnings}");
                graded.results = self.grade(&grader, cancel)?;
            }
            Built::Broken(errors) => {
                self.say(&ansi::lines(&errors))?;
                graded.broken = Some(errors);
            }
            Built::Cancelled => {}
        }
        Ok(graded)
    }

    /// Grades, and says how each step went, in their order: each as soon as all before it are known.
    fn grade(&self, grader: &Grader, cancel: &Cancel) -> io::Result<Vec<StepResult>> {
        let order = Order {
            chapter: self.chapter,
            grader,
            language: &self.desk.course.language,
            step: self.step,
            program: self.program,
            is_plain: self.desk.is_plain(),
        };
        let mut results: Vec<StepResult> = Vec::new();
        let mut told = Ok(());
        let mut next = self.step.unwrap_or(1);
        run::grade(&order, cancel, |result| {
            results.push(result);
            while let Some(result) = results.iter().find(|result| result.step == next) {
                let lines = result.lines(self.chapter, self.desk.words, self.desk.is_plain());
                told = std::mem::replace(&mut told, Ok(())).and_then(|()| self.say(&lines));
                next += 1;
            }
        })?;
        told?;
        results.sort_by_key(|result| result.step);
        self.say(&ending(self.chapter, &results, self.desk.words))?;
        if self.program.is_none() {
            self.remember(&results);
        }
        Ok(results)
    }

    /// Keeps the steps that passed. Where that can't be done the grade counts all the same.
    fn remember(&self, results: &[StepResult]) {
        let passed = results.iter().filter(|result| result.verdict.is_right());
        let passed: Vec<String> = passed
            .map(|result| self.chapter.step_id(result.step))
            .collect();
        let kept = progress::change(|progress| {
            progress.lesson = Some(self.chapter.id().into());
            progress.solved.extend(passed);
        });
        if let Err(error) = kept {
            let said = [("said", error.to_string())];
            eprintln!(
                "enchufe: {}",
                self.desk.words.say("progress-not-kept", &said)
            );
        }
    }

    /// Says it, where words are asked for: broken for a terminal, and as it is for whatever reads it otherwise.
    fn say(&self, lines: &[Line]) -> io::Result<()> {
        match self.is_text {
            false => Ok(()),
            true if self.desk.is_terminal => self.desk.print(lines),
            true => print(lines, false),
        }
    }
}

/// The page of the first step that is not right, or that all is.
fn ending(chapter: &Chapter, results: &[StepResult], words: &Words) -> Vec<Line> {
    let mut wrong = results.iter();
    let explained = wrong.find_map(|result| result.verdict.explained(words));
    let mut lines = vec![Line::default()];
    match explained {
        Some(page) => lines.extend(page),
        None if results.len() == chapter.steps.len() => {
            let parts = [("lesson", chapter.title.clone())];
            lines.push(Line::of(words.say("lesson-solved", &parts), Tone::Good));
        }
        None => lines.clear(),
    }
    lines
}
