//! The docs are the data: both languages say the same, and the graders find in them what they name.

mod code;
mod mistakes;
mod pictures;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::{read, root};
use enchufe_syllabus::blob_hash;

const MIRRORED: [&str; 3] = ["README", "CONTRIBUTING", "CHANGELOG"];

/// The pages of `docs/en`, by their names.
fn pages() -> Vec<String> {
    names("en")
        .into_iter()
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect()
}

fn names(language: &str) -> BTreeSet<String> {
    let folder = fs::read_dir(root().join("docs").join(language)).unwrap();
    folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// The English and the Spanish file of each text.
fn pairs() -> Vec<(PathBuf, PathBuf)> {
    let docs = root().join("docs");
    let page = |name: String| {
        (
            docs.join(format!("en/{name}.md")),
            docs.join(format!("es/{name}.md")),
        )
    };
    let top = |name: &&str| {
        (
            root().join(format!("{name}.md")),
            root().join(format!("{name}.es.md")),
        )
    };
    pages()
        .into_iter()
        .map(page)
        .chain(MIRRORED.iter().map(top))
        .collect()
}

fn events(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// The ids of `<a id="…"></a>`, in their order.
fn ids(text: &str) -> Vec<String> {
    let anchors = text.split("<a id=\"").skip(1);
    anchors
        .map(|after| after.split('"').next().unwrap().to_owned())
        .collect()
}

/// The code blocks, with what stands behind their fences. Pictures speak the page's language.
fn code(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for event in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some((info.to_string(), String::new()))
            }
            Event::Text(text) if open.is_some() => open.as_mut().unwrap().1.push_str(&text),
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

fn headings(text: &str) -> Vec<String> {
    let levels = events(text).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level.to_string()),
        _ => None,
    });
    levels.collect()
}

#[test]
fn both_languages_have_the_same_files() {
    assert_eq!(names("en"), names("es"));
}

#[test]
fn both_languages_have_the_same_ids_headings_and_code() {
    for (english, spanish) in pairs() {
        let (en, es) = (read(&english), read(&spanish));
        let name = english.display();

        assert_eq!(ids(&en), ids(&es), "ids of {name}");
        assert_eq!(headings(&en), headings(&es), "headings of {name}");
        let is_shared =
            |(info, _): &(String, String)| !["picture", "text"].contains(&info.as_str());
        let shared = |text| code(text).into_iter().filter(is_shared).collect::<Vec<_>>();
        if english.starts_with(root().join("docs")) {
            assert_eq!(shared(&en), shared(&es), "code of {name}");
        }
        let unique: BTreeSet<_> = ids(&en).into_iter().collect();
        assert_eq!(unique.len(), ids(&en).len(), "an id stands twice in {name}");
    }
}

/// Whoever changes the English text looks at the Spanish one, and then renews its last line.
#[test]
fn each_spanish_text_was_matched_to_the_english_one() {
    for (english, spanish) in pairs() {
        let hash = blob_hash(&fs::read(&english).unwrap());
        let last = format!("<!-- matches: {hash} -->");
        let text = read(&spanish);
        assert_eq!(
            text.trim_end().lines().last(),
            Some(last.as_str()),
            "{}",
            spanish.display()
        );
    }
}

#[test]
fn every_link_leads_somewhere() {
    for file in pairs()
        .into_iter()
        .flat_map(|(english, spanish)| [english, spanish])
    {
        for event in events(&read(&file)) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else {
                continue;
            };
            if dest_url.contains("://") {
                continue; // no test needs a network
            }
            let (path, fragment) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let target = if path.is_empty() {
                file.clone()
            } else {
                file.parent().unwrap().join(path)
            };
            assert!(target.exists(), "{}: {dest_url}", file.display());
            let has_it = fragment.is_empty() || ids(&read(&target)).contains(&fragment.to_owned());
            assert!(has_it, "{}: {dest_url}", file.display());
        }
    }
}

/// All files with this ending below a folder.
pub fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|is| is == ending) {
            files.push(path);
        }
    }
    files
}
