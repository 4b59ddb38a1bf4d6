//! The course's pages: their sections, found by the `<a id="…"></a>` before each heading.

use std::fs;
use std::io;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::language::Language;
use crate::root::root;

/// A part of a page, from its anchor on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The anchor's id.
    pub id: String,
    /// The text of the heading.
    pub heading: String,
    /// The first paragraph, as plain text in one line.
    pub text: String,
}

/// A page in one language.
pub struct Page {
    /// Its place below the workspace: `docs/en/01-tcp-client.md`.
    pub path: String,
    /// The text of its first heading.
    pub title: String,
    sections: Vec<Section>,
}

impl Page {
    /// Reads a page.
    pub fn open(language: &Language, name: &str) -> io::Result<Self> {
        let path = format!("docs/{}/{name}.md", language.name());
        let text = fs::read_to_string(root().join(&path))?;
        let (title, sections) = read(&text);
        Ok(Self {
            path,
            title,
            sections,
        })
    }

    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// All sections, in their order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }
}

/// Where the plain text that is read goes.
enum Reading {
    Nothing,
    Heading,
    Paragraph,
}

fn read(markdown: &str) -> (String, Vec<Section>) {
    let mut title = String::new();
    let mut sections: Vec<Section> = Vec::new();
    let mut reading = Reading::Nothing;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                if let Some(id) = anchor(&html) {
                    sections.push(Section {
                        id,
                        ..Section::default()
                    });
                }
            }
            Event::Start(Tag::Heading { .. }) => reading = Reading::Heading,
            Event::Start(Tag::Paragraph) => reading = Reading::Paragraph,
            Event::Text(words) => text.push_str(&words),
            Event::Code(code) => text.push_str(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph) => {
                let text = std::mem::take(&mut text).trim().to_owned();
                match (&reading, sections.last_mut()) {
                    (Reading::Heading, _) if title.is_empty() => title = text,
                    (Reading::Heading, Some(last)) if last.heading.is_empty() => {
                        last.heading = text
                    }
                    (Reading::Paragraph, Some(last)) if last.text.is_empty() => last.text = text,
                    _ => {}
                }
                reading = Reading::Nothing;
            }
            _ if matches!(reading, Reading::Nothing) => text.clear(),
            _ => {}
        }
    }
    (title, sections)
}

/// The id in `<a id="no-half-close"></a>`.
fn anchor(html: &str) -> Option<String> {
    let (id, _) = html.trim().strip_prefix("<a id=\"")?.split_once('"')?;
    Some(id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_its_heading_and_its_first_paragraph() {
        let page = "# Lesson 1\n\nIntro.\n\n<a id=\"x\"></a>\n\n### One `read`\n\nFirst\n[line](y.md).\n\nSecond.\n";
        let (title, sections) = read(page);
        assert_eq!(title, "Lesson 1");
        let x = Section {
            id: "x".into(),
            heading: "One `read`".into(),
            text: "First line.".into(),
        };
        assert_eq!(sections, [x]);
    }
}
