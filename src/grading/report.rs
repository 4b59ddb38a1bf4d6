//! What a grader reports of a failure, as lines. Nothing in it is broken yet: that is done where it is shown.

use enchufe_syllabus::Words;
use enchufe_syllabus::result::Report;
use unicode_width::UnicodeWidthStr;

use crate::text::line::{Line, Tone};

/// How wide a page is where nothing else says it.
pub const WIDTH: usize = 80;

/// The page of a failure.
pub fn lines(report: &Report, words: &Words) -> Vec<Line> {
    let indented = |text: &String| Line::plain(format!("  {text}"));
    let mut lines = title(report);
    for text in report.mistake.iter().chain(&report.prose) {
        lines.extend([Line::default(), indented(text)]);
    }
    lines.push(Line::default());
    lines.extend(picture(report));
    lines.push(Line::default());
    lines.extend(report.seen.iter().map(indented));
    if !report.comparison.is_empty() {
        let rows = report.comparison.iter().map(|row| indented(row).fixed());
        lines.push(Line::default());
        lines.extend(rows);
    }
    if let Some(page) = &report.read_on {
        let read_on = words.say("read-on", &[("page", page.clone())]);
        lines.extend([Line::default(), indented(&read_on)]);
    }
    lines
}

/// The command line of the program, and below it the sequence diagram of what it did.
pub fn picture(report: &Report) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(command) = &report.command {
        let command = Line::of(format!("  $ {command}"), Tone::Accent);
        lines.extend([command.cut(0, WIDTH - 4).fixed(), Line::default()]);
    }
    let rows = report.diagram.iter();
    lines.extend(rows.map(|row| Line::plain(row.trim_end()).fixed()));
    lines
}

/// The page as text.
pub fn text(report: &Report, words: &Words) -> String {
    let lines = lines(report, words);
    let rows = lines.iter().flat_map(|line| line.wrapped(WIDTH));
    rows.map(|row| row.text().trim_end().to_owned() + "\n")
        .collect()
}

/// The step at the left, the lesson at the right; below each other where they don't fit in one line.
fn title(report: &Report) -> Vec<Line> {
    let left = format!("✘ {}", report.heading);
    let used = left.width() + report.lesson.width();
    if used + 2 > WIDTH {
        let lesson = format!("  {}", report.lesson);
        return vec![Line::of(left, Tone::Bad), Line::of(lesson, Tone::Plain)];
    }
    let gap = " ".repeat(WIDTH - used);
    vec![Line::of(format!("{left}{gap}{}", report.lesson), Tone::Bad)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_broken_where_it_is_shown_and_a_diagram_never_is() {
        let report = Report {
            heading: "step 4".into(),
            lesson: "lesson 1".into(),
            prose: Some("word ".repeat(20).trim().into()),
            diagram: vec![format!("│{}│", "─".repeat(90))],
            ..Report::default()
        };
        let words = Words::of(&enchufe_syllabus::Language::english());

        let text = text(&report, &words);

        let title = format!("✘ step 4{}lesson 1", " ".repeat(64));
        assert_eq!(text.lines().next(), Some(title.as_str()));
        let prose: Vec<&str> = text.lines().filter(|line| line.contains("word")).collect();
        assert_eq!(prose.len(), 2, "{text}");
        assert!(prose.iter().all(|line| line.starts_with("  word")));
        assert!(text.contains(&"─".repeat(90)));
    }
}
