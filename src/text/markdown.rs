//! A page of the course as lines for a terminal.

use enchufe_syllabus::root;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::text::line::{Line, Tone};
use crate::text::link::link_to;
use crate::text::table;

/// A page to read: its lines, and where its anchors are.
#[derive(Debug, Default)]
pub struct Rendered {
    pub lines: Vec<Line>,
    anchors: Vec<(String, usize)>,
}

impl Rendered {
    /// The line where the part with this id begins.
    pub fn line_of(&self, id: &str) -> Option<usize> {
        let line_of = |(anchor, line): &(String, usize)| (anchor == id).then_some(*line);
        self.anchors.iter().find_map(line_of)
    }
}

/// Renders a page. `file` is its path below the workspace: its links are relative to it.
pub fn render(markdown: &str, file: &str) -> Rendered {
    let mut writer = Writer {
        file,
        ..Writer::default()
    };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        writer.event(event);
    }
    writer.text
}

/// The hint of a step: its paragraphs and code, in pieces that are shown one after another.
pub fn hint(markdown: &str, file: &str, step: u8) -> Vec<Vec<Line>> {
    let from = format!("<details id=\"hint-{step}\">");
    let Some((_, after)) = markdown.split_once(&from) else {
        return Vec::new();
    };
    let inside = after.split("</details>").next().unwrap_or(after);
    let inside = inside
        .split_once("</summary>")
        .map_or(inside, |(_, inside)| inside);
    let inside = inside.trim();
    let parts = match inside.split_once("\n\n") {
        Some((first, rest)) => vec![first, rest],
        None => vec![inside],
    };
    parts
        .into_iter()
        .map(|part| render(part, file).lines)
        .collect()
}

#[derive(Default)]
struct Writer<'a> {
    file: &'a str,
    text: Rendered,
    line: Line,
    tones: Vec<Tone>,
    link: Option<String>,
    is_code: bool,
    lists: Vec<Option<u64>>,
    quotes: usize,
    table: Option<Vec<Vec<Line>>>,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.is_code => {
                for row in text.lines() {
                    let indent = self.indent();
                    let line = Line::plain(format!("{indent}    {row}"));
                    self.text.lines.push(line.fixed());
                }
            }
            Event::Text(text) => self.add(&text, self.tone()),
            Event::Code(code) => self.add(&format!("`{code}`"), Tone::Accent),
            Event::SoftBreak => self.add(" ", Tone::Plain),
            Event::HardBreak => self.flush(),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::Rule => self.blank(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.blank();
                let tone = if level <= HeadingLevel::H3 {
                    Tone::Strong
                } else {
                    Tone::Plain
                };
                self.tones.push(tone);
            }
            Tag::Strong => self.tones.push(Tone::Strong),
            Tag::Emphasis => self.tones.push(Tone::Strong),
            Tag::Link { dest_url, .. } => self.link = Some(self.address(&dest_url)),
            Tag::CodeBlock(_) => {
                self.flush();
                self.is_code = true;
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                let indent = self.indent();
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".into(),
                };
                let indent = indent.strip_suffix("  ").unwrap_or_default().to_owned();
                self.line = Line::plain(format!("{indent}{mark}"));
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::Table(_) => self.table = Some(Vec::new()),
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.tones.pop();
                self.flush();
                self.blank();
            }
            TagEnd::Paragraph => {
                self.flush();
                self.blank();
            }
            TagEnd::Strong | TagEnd::Emphasis => drop(self.tones.pop()),
            TagEnd::Link => self.link = None,
            TagEnd::CodeBlock => {
                self.is_code = false;
                self.blank();
            }
            TagEnd::Item => self.flush(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.blank();
            }
            TagEnd::BlockQuote(_) => self.quotes -= 1,
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.line);
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let rows = self.table.take().unwrap_or_default();
                self.text.lines.extend(table::lines(rows));
                self.blank();
            }
            _ => {}
        }
    }

    /// Anchors are remembered, everything else of HTML is left out.
    fn html(&mut self, html: &str) {
        for part in html.split("id=\"").skip(1) {
            let id = part.split('"').next().unwrap_or_default().to_owned();
            self.text.anchors.push((id, self.text.lines.len()));
        }
        if let Some((_, summary)) = html.split_once("<summary>") {
            let summary = summary.split('<').next().unwrap_or_default();
            self.text
                .lines
                .push(Line::of(format!("▸ {summary}"), Tone::Quiet));
            self.blank();
        }
    }

    fn add(&mut self, text: &str, tone: Tone) {
        if self.line.spans.is_empty() && self.table.is_none() {
            self.line = Line::plain(self.indent());
        }
        let line = std::mem::take(&mut self.line);
        self.line = match &self.link {
            Some(link) => line.link(text, link),
            None => line.with(text, tone),
        };
    }

    fn tone(&self) -> Tone {
        self.tones.last().copied().unwrap_or_default()
    }

    fn indent(&self) -> String {
        "  ".repeat(self.lists.len() + self.quotes)
    }

    fn flush(&mut self) {
        if !self.line.spans.is_empty() {
            self.text.lines.push(std::mem::take(&mut self.line));
        }
    }

    /// One empty line, and never two.
    fn blank(&mut self) {
        self.flush();
        if self
            .text
            .lines
            .last()
            .is_some_and(|line| !line.spans.is_empty())
        {
            self.text.lines.push(Line::default());
        }
    }

    /// A link of the page as a terminal follows it.
    fn address(&self, link: &str) -> String {
        if link.contains("://") {
            return link.to_owned();
        }
        let (path, _) = link.split_once('#').unwrap_or((link, ""));
        let page = root().join(self.file);
        match path {
            "" => link_to(&page),
            _ => link_to(&page.parent().unwrap_or(&page).join(path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> Vec<String> {
        let text = render(markdown, "docs/en/x.md");
        text.lines.iter().map(Line::text).collect()
    }

    #[test]
    fn a_page_has_its_words_and_none_of_its_marks() {
        let page = "# One\n\nA **b** [c](y.md).\n\n- `d`\n- e\n\n```rust\nlet f;\n```\n";

        assert_eq!(
            shown(page),
            [
                "One",
                "",
                "A b c.",
                "",
                "• `d`",
                "• e",
                "",
                "    let f;",
                ""
            ]
        );
    }

    #[test]
    fn an_anchor_leads_to_its_heading() {
        let text = render("# One\n\n<a id=\"x\"></a>\n\n## Two\n", "docs/en/x.md");

        let line = text.line_of("x").unwrap_or_default();
        assert_eq!(text.lines[line].text(), "Two");
    }

    #[test]
    fn a_table_that_fits_has_columns() {
        let rows = shown("| a | b |\n|---|---|\n| long | c |\n");

        assert_eq!(rows[..2], ["a     b  ", "long  c  "]);
    }

    #[test]
    fn a_hint_comes_in_two_parts() {
        let page =
            "<details id=\"hint-2\">\n<summary>Hint</summary>\n\nLook.\n\nMore.\n\n</details>\n";

        let parts = hint(page, "docs/en/x.md", 2);

        let texts: Vec<_> = parts.iter().map(|part| part[0].text()).collect();
        assert_eq!(texts, ["Look.", "More."]);
    }
}
