//! A lesson, as its manifest says it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use toml::de::{DeTable, DeValue};

use crate::language::Language;
use crate::page::Page;
use crate::root::root;
use crate::todos::todos;

/// A folder of `exercises/` whose manifest has `[package.metadata.enchufe]`. All paths are below the root, with `/`
/// between their parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// Its place in the course, from 0.
    pub number: u8,
    /// Its stable id, the name of its package and of its program: `tcp-client`.
    pub id: String,
    /// The name of its page, `docs/<language>/<page>.md`: `01-tcp-client`.
    pub page: String,
    /// Its folder: `exercises/01-tcp-client`.
    pub folder: String,
    /// The source of its reference solution.
    pub solution: String,
    /// The source of its grader's `main.rs`.
    pub grader: String,
    /// The hash that git gives to the stub as the course ships it.
    pub stub: String,
    /// What its programs need beyond Rust and TCP/IP: `unix` where only Unix has it.
    pub needs: Option<String>,
}

impl Lesson {
    /// All lessons, in their order. What is in `exercises/` and is no lesson is passed over.
    ///
    /// # Errors
    ///
    /// Where `exercises/` can't be read, or the manifest of a lesson is not what it has to be: with the path.
    pub fn all() -> io::Result<Vec<Self>> {
        let exercises = root().join("exercises");
        let mut lessons = Vec::new();
        for entry in fs::read_dir(&exercises).map_err(|error| named(&exercises, error))? {
            lessons.extend(Self::in_folder(&entry?.path())?);
        }
        lessons.sort_by(|a, b| (a.number, &a.id).cmp(&(b.number, &b.id)));
        Ok(lessons)
    }

    /// The lesson with this id, as it was when a process first asked for one: each test of a grader does.
    ///
    /// # Errors
    ///
    /// As [`Lesson::all`], and where there is no such lesson.
    pub fn named(id: &str) -> io::Result<Self> {
        static ALL: OnceLock<Vec<Lesson>> = OnceLock::new();
        let all = match ALL.get() {
            Some(all) => all,
            None => {
                let all = Self::all()?;
                ALL.get_or_init(|| all)
            }
        };
        let lesson = all.iter().find(|lesson| lesson.id == id).cloned();
        lesson.ok_or_else(|| named(&root().join("exercises"), format!("no lesson {id}")))
    }

    /// The lesson in a folder; `None` where there is none.
    fn in_folder(folder: &Path) -> io::Result<Option<Self>> {
        let file = folder.join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&file) else {
            return Ok(None);
        };
        let Ok(manifest) = DeTable::parse(&text) else {
            return Ok(None); // a manifest that Cargo refuses too, and says why
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let folder = format!("exercises/{name}");
        Self::read(manifest.get_ref(), &folder).map_err(|problem| named(&file, problem))
    }

    fn read(manifest: &DeTable<'_>, folder: &str) -> Result<Option<Self>, String> {
        let package = table(manifest, "package");
        let metadata = package.and_then(|package| table(table(package, "metadata")?, "enchufe"));
        let (Some(package), Some(metadata)) = (package, metadata) else {
            return Ok(None);
        };
        let given =
            |table, key: &str| text(table, key).ok_or_else(|| format!("`{key}` is missing"));
        let id = given(package, "name")?;
        let number = match metadata.get("lesson").map(|value| value.get_ref()) {
            Some(DeValue::Integer(number)) => number.as_str().parse().ok(),
            _ => None,
        };
        let path = |kind: &str, name: &str| {
            let path =
                target(manifest, kind, name).ok_or_else(|| format!("no [[{kind}]] {name}"))?;
            below(folder, &path).ok_or_else(|| format!("{path} is outside the course"))
        };
        let page = given(metadata, "page")?;
        Ok(Some(Self {
            number: number.ok_or("`lesson` is no number from 0 to 255")?,
            folder: folder.to_owned(),
            solution: solution(path("bin", &format!("{id}-solution"))?, &page),
            page,
            grader: path("test", &id)?,
            stub: given(metadata, "stub")?,
            needs: text(metadata, "needs"),
            id,
        }))
    }

    /// Its page in a language, in English where the language has none.
    ///
    /// # Errors
    ///
    /// Where neither can be read.
    pub fn page(&self, language: &Language) -> io::Result<Page> {
        Page::open(language, &self.page).or_else(|_| Page::open(&Language::english(), &self.page))
    }

    /// The learner's file.
    pub fn exercise(&self) -> String {
        format!("{}/src/main.rs", self.folder)
    }

    /// Its manifest.
    pub fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }

    /// The folder of its wrong programs.
    pub fn mistakes(&self) -> String {
        format!("tests/mistakes/{}", self.page)
    }

    /// The name of its reference solution's program.
    pub fn solution_program(&self) -> String {
        format!("{}-solution", self.id)
    }

    /// Where the exercise still says `todo!("step N`, as an editor takes it: `exercises/…/main.rs:62`, else the
    /// file alone.
    pub fn place_of_todo(&self, step: u8) -> String {
        let file = self.exercise();
        let source = fs::read_to_string(root().join(&file)).unwrap_or_default();
        match todos(&source).get(&step) {
            Some(line) => format!("{file}:{line}"),
            None => file,
        }
    }

    /// One of its paths, from the root of the file system.
    pub fn absolute(&self, path: &str) -> PathBuf {
        root().join(path)
    }
}

fn table<'a>(table: &'a DeTable<'_>, key: &str) -> Option<&'a DeTable<'a>> {
    table.get(key)?.get_ref().as_table()
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    Some(table.get(key)?.get_ref().as_str()?.to_owned())
}

/// The path of the `[[kind]]` with this name.
fn target(manifest: &DeTable<'_>, kind: &str, name: &str) -> Option<String> {
    let targets = manifest.get(kind)?.get_ref().as_array()?;
    let mut targets = targets
        .iter()
        .filter_map(|target| target.get_ref().as_table());
    let target = targets.find(|target| text(target, "name").as_deref() == Some(name))?;
    text(target, "path")
}

/// The source of the solution: what its program is built from, or the file that a program with another beginning
/// (lesson 4's, which only Unix has) takes in.
fn solution(built_from: String, page: &str) -> String {
    if built_from.starts_with("solutions/") {
        return built_from;
    }
    format!("solutions/{page}.rs")
}

/// `../../solutions/01.rs`, said in `exercises/01`, is `solutions/01.rs`; `None` above the root.
fn below(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn named(path: &Path, problem: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {problem}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"x\"\n[package.metadata.enchufe]\nlesson = 7\n\
        page = \"07-x\"\nstub = \"abc\"\n[[bin]]\nname = \"x-solution\"\npath = \"../../solutions/07-x.rs\"\n\
        [[test]]\nname = \"x\"\npath = \"../../tests/lessons/07_x/main.rs\"\n";

    fn read(text: &str) -> Result<Option<Lesson>, String> {
        Lesson::read(DeTable::parse(text).unwrap().get_ref(), "exercises/07-x")
    }

    #[test]
    fn a_manifest_tells_all_of_a_lesson() {
        let lesson = read(MANIFEST).unwrap().unwrap();

        assert_eq!((lesson.number, lesson.id.as_str()), (7, "x"));
        assert_eq!(lesson.solution, "solutions/07-x.rs");
        assert_eq!(lesson.grader, "tests/lessons/07_x/main.rs");
        assert_eq!(lesson.exercise(), "exercises/07-x/src/main.rs");
    }

    #[test]
    fn a_package_of_the_learners_own_is_no_lesson_and_half_a_lesson_is_an_error() {
        assert_eq!(read("[package]\nname = \"scratch\"\n"), Ok(None));
        assert!(read(&MANIFEST.replace("lesson = 7", "")).is_err());
        assert!(read(&MANIFEST.replace("x-solution", "y")).is_err());
        assert!(read(&MANIFEST.replace("../../solutions", "../../../solutions")).is_err());
    }

    #[test]
    fn the_lessons_of_the_course_are_in_their_order() {
        let lessons = Lesson::all().unwrap();
        assert!(lessons.len() > 5);
        assert!(lessons.is_sorted_by_key(|lesson| lesson.number));
    }
}
