//! `check`: grades lessons, and says how it went in words, JSON or JUnit XML.

use std::io::{self, Write};

use enchufe_syllabus::Words;

use super::{Desk, Refused, print};
use crate::build::{self, Built};
use crate::child::Cancel;
use crate::course::Lesson;
use crate::describe::Mark;
use crate::export::{self, Graded};
use crate::grade::{self, State, Verdict};
use crate::style::{self, Line, Tone};
use crate::{WRONG_ARGUMENTS, progress};

/// Grades what the arguments ask for.
pub fn check(desk: &Desk<'_>) -> io::Result<Result<(), Refused>> {
    let is_all = desk.matches.get_flag("all");
    let step = desk.matches.get_one::<u8>("step").copied();
    let program = desk.matches.get_one::<String>("program");
    if is_all && (step.is_some() || program.is_some()) {
        return Ok(Err(Refused(
            desk.words.say("error-all", &[]),
            WRONG_ARGUMENTS,
        )));
    }
    let is_command = |line: &String| shlex::split(line).is_some_and(|words| !words.is_empty());
    if let Some(line) = program.filter(|line| !is_command(line)) {
        let why = desk.words.say("error-program", &[("value", line.clone())]);
        return Ok(Err(Refused(why, WRONG_ARGUMENTS)));
    }
    let lessons: Vec<&Lesson> = match desk.target() {
        _ if is_all => desk.course.lessons.iter().collect(),
        Ok((lesson, _)) => vec![lesson],
        Err(refused) => return Ok(Err(refused)),
    };
    let format = desk
        .matches
        .get_one::<String>("format")
        .map_or("text", String::as_str);
    let is_text = format == "text";
    let mut graded = Vec::new();
    let cancel = Cancel::default();
    cancel.on_signals()?;
    for lesson in lessons {
        let job = Job {
            lesson,
            step,
            program: program.map(String::as_str),
            is_text,
        };
        graded.push(job.run(desk, &cancel)?);
    }
    let report = match format {
        "json" => export::json(&graded, desk.words),
        "junit" => export::junit(&graded, desk.words),
        _ => String::new(),
    };
    let mut out = io::stdout().lock();
    out.write_all(report.as_bytes())?;
    out.flush()?;
    let is_passed = graded.iter().all(Graded::is_passed);
    Ok(if is_passed {
        Ok(())
    } else {
        Err(Refused(String::new(), 1))
    })
}

/// One lesson to grade.
struct Job<'a> {
    lesson: &'a Lesson,
    step: Option<u8>,
    program: Option<&'a str>,
    is_text: bool,
}

impl<'a> Job<'a> {
    fn run(&self, desk: &Desk<'_>, cancel: &Cancel) -> io::Result<Graded<'a>> {
        let mut graded = Graded {
            lesson: self.lesson,
            step: self.step,
            verdicts: Vec::new(),
            broken: None,
        };
        self.say(desk, &[Line::of(&self.lesson.title, Tone::Strong)])?;
        let grader = match build::build(self.lesson, desk.is_terminal && self.is_text, cancel)? {
            Built::Ready { grader, warnings } => {
                eprint!("{warnings}");
                grader
            }
            Built::Broken(errors) => {
                self.say(desk, &style::from_ansi(&errors))?;
                graded.broken = Some(errors);
                return Ok(graded);
            }
            Built::Cancelled => return Ok(graded),
        };
        let order = grade::Order {
            lesson: self.lesson,
            grader: &grader,
            language: &desk.course.language,
            step: self.step,
            program: self.program,
            is_plain: desk.is_plain(),
        };
        let mut told = Ok(());
        let mut next = self.step.unwrap_or(1);
        grade::grade(&order, cancel, |verdict| {
            graded.verdicts.push(verdict);
            // In the order of the steps, each as soon as all before it are known.
            while let Some(verdict) = graded.verdicts.iter().find(|verdict| verdict.step == next) {
                let lines = step_lines(self.lesson, verdict, desk.words, desk.is_plain());
                told = std::mem::replace(&mut told, Ok(())).and_then(|()| self.say(desk, &lines));
                next += 1;
            }
        })?;
        told?;
        graded.verdicts.sort_by_key(|verdict| verdict.step);
        self.say(desk, &ending(self.lesson, &graded.verdicts, desk.words))?;
        if self.program.is_none() {
            let kept = remember(self.lesson, &graded.verdicts);
            if let Err(error) = kept {
                // The grade counts all the same.
                let said = [("said", error.to_string())];
                eprintln!("enchufe: {}", desk.words.say("progress-not-kept", &said));
            }
        }
        Ok(graded)
    }

    fn say(&self, desk: &Desk<'_>, lines: &[Line]) -> io::Result<()> {
        if self.is_text {
            print(lines, desk.is_terminal)
        } else {
            Ok(())
        }
    }
}

/// A step's line, and below it what of the step was not run.
pub fn step_lines(lesson: &Lesson, verdict: &Verdict, words: &Words, is_plain: bool) -> Vec<Line> {
    let title = lesson.step(verdict.step).map_or("", |step| &step.title);
    let mut lines = vec![Mark::from(&verdict.state).line(title, words, is_plain)];
    let why = match &verdict.state {
        State::NotRun(why) => std::slice::from_ref(why),
        _ => &verdict.not_run,
    };
    for why in why {
        let said = words.say("partly-not-run", &[("why", why.clone())]);
        lines.push(Line::of(format!("    {said}"), Tone::Quiet));
    }
    lines
}

/// The page of the first step that is not right, or that all is.
fn ending(lesson: &Lesson, verdicts: &[Verdict], words: &Words) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let is_wrong =
        |verdict: &&Verdict| matches!(verdict.state, State::Failed { .. } | State::NotBegun { .. });
    match verdicts.iter().find(is_wrong).map(|verdict| &verdict.state) {
        Some(State::Failed { page, .. }) => lines.extend(style::from_page(page)),
        Some(State::NotBegun { line, .. }) => lines.push(Line::plain(line)),
        _ if verdicts.len() == lesson.steps.len() => {
            let parts = [("lesson", lesson.title.clone())];
            lines.push(Line::of(words.say("lesson-solved", &parts), Tone::Good));
        }
        _ => lines.clear(),
    }
    lines
}

/// Keeps the steps that passed.
fn remember(lesson: &Lesson, verdicts: &[Verdict]) -> io::Result<()> {
    let passed: Vec<String> = verdicts
        .iter()
        .filter(|verdict| matches!(verdict.state, State::Passed | State::NotRun(_)))
        .map(|verdict| lesson.step_id(verdict.step))
        .collect();
    progress::change(|progress| {
        progress.lesson = Some(lesson.id().into());
        progress.solved.extend(passed);
    })
}
