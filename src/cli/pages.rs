//! `hint`, `read` and `solution`: what the course has to read on a lesson.

use std::fs;
use std::io::{self, IsTerminal, Write};

use enchufe_syllabus::root;

use super::{Desk, Refused};
use crate::course::status;
use crate::text::line::{Line, Tone};
use crate::text::markdown;

/// The hint of a step, whole.
pub fn hint(desk: &Desk<'_>) -> Result<(), Refused> {
    let (chapter, step) = desk.target()?;
    let title = chapter.step_title(step);
    let mut lines = vec![Line::of(title, Tone::Strong), Line::default()];
    let parts = markdown::hint(&desk.page(chapter)?, &chapter.page, step);
    lines.extend(parts.into_iter().flatten());
    Ok(desk.print(&lines)?)
}

/// The page of a lesson, from a step on if one was named.
pub fn read(desk: &Desk<'_>) -> Result<(), Refused> {
    let (chapter, step) = desk.target()?;
    let page = markdown::render(&desk.page(chapter)?, &chapter.page);
    let is_chosen = desk.matches.get_one::<u8>("step").is_some();
    let from = page.line_of(&format!("step-{step}")).filter(|_| is_chosen);
    Ok(desk.print(&page.lines[from.unwrap_or(0)..])?)
}

/// The solution's source: once the lesson is solved, or when the learner says yes.
pub fn solution(desk: &Desk<'_>) -> Result<(), Refused> {
    let (chapter, _) = desk.target()?;
    let is_solved = status::solved_in(chapter, desk.progress) == chapter.steps.len();
    let question = [("lesson", chapter.title.clone())];
    if !is_solved && !desk.matches.get_flag("yes") && !agrees(desk, "ask-solution", &question)? {
        let kept = desk.words.say("solution-kept", &question);
        return Err(Refused::Because(kept, 1));
    }
    let source = fs::read_to_string(root().join(&chapter.lesson.solution))?;
    io::stdout().lock().write_all(source.as_bytes())?;
    Ok(())
}

/// Asks, where there is somebody to ask.
fn agrees(desk: &Desk<'_>, question: &str, parts: &[(&str, String)]) -> io::Result<bool> {
    if !desk.is_terminal || !io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("{} ", desk.words.say(question, parts));
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    let yes = desk.words.say("yes", &[]);
    let first = answer.trim().chars().next();
    let first = first.map(|letter| letter.to_ascii_lowercase());
    Ok(first.is_some() && first == yes.chars().next())
}
