//! A learner's copy of the course, and the guide in it: by name, or in a terminal of its own.
//!
//! Each copy has lessons with names of their own, so that copies build side by side in one target folder,
//! and its path has a space and an accent.

#![allow(dead_code, reason = "each test target uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

pub mod terminal;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::course::{self, root, target};

/// A copy with two lessons: the client's as lesson 1, the warm-up's as lesson 2.
pub struct Learner {
    /// The workspace.
    pub root: PathBuf,
    /// The id of the first lesson.
    pub client: String,
    /// The id of the second one.
    pub sockets: String,
}

impl Learner {
    /// A fresh copy; `name` is one word.
    pub fn new(name: &str) -> Self {
        let root = target().join("course").join("guía de prueba").join(name);
        let _ = fs::remove_dir_all(&root); // of an earlier run
        fs::create_dir_all(&root).unwrap();
        let learner = Self {
            root,
            client: format!("{name}-client"),
            sockets: format!("{name}-sockets"),
        };
        learner.write("Cargo.toml", &workspace());
        learner.write("Cargo.lock", &read(&course::root().join("Cargo.lock")));
        for language in ["en", "es"] {
            let words = format!("docs/{language}/interface.ftl");
            learner.write(&words, &read(&course::root().join(&words)));
        }
        learner.lesson("01-tcp-client", "01", &learner.client);
        learner.lesson("00-sockets", "02", &learner.sockets);
        learner
    }

    fn lesson(&self, original: &str, number: &str, id: &str) {
        let (_, package) = original.split_once('-').unwrap();
        let renamed = |text: String| {
            let under = |name: &str| name.replace('-', "_");
            text.replace(&under(original), &under(&format!("{number}-{id}")))
                .replace(
                    &format!("../solutions/{original}"),
                    &format!("../solutions/{number}-{id}"),
                )
                .replace(&format!("name = \"{package}"), &format!("name = \"{id}"))
                .replace(
                    &format!("default-run = \"{package}"),
                    &format!("default-run = \"{id}"),
                )
                .replace(
                    &format!("lesson!(\"{original}\")"),
                    &format!("lesson!(\"{number}-{id}\")"),
                )
        };
        let folder = format!("exercises/{number}-{id}");
        let exercise = root().join("exercises").join(original);
        self.write(
            &format!("{folder}/Cargo.toml"),
            &renamed(read(&exercise.join("Cargo.toml"))),
        );
        self.write(&format!("{folder}/src/main.rs"), &stub(original));
        self.write(
            &format!("solutions/{number}-{id}.rs"),
            &read(&root().join(format!("solutions/{original}.rs"))),
        );
        let grader = format!("{number}-{id}").replace('-', "_");
        let original_grader =
            root().join(format!("tests/lessons/{}.rs", original.replace('-', "_")));
        self.write(
            &format!("tests/lessons/{grader}.rs"),
            &renamed(read(&original_grader)),
        );
        for language in ["en", "es"] {
            let page = read(&root().join(format!("docs/{language}/{original}.md")));
            self.write(&format!("docs/{language}/{number}-{id}.md"), &page);
        }
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The learner's file of the first lesson.
    pub fn exercise(&self) -> PathBuf {
        self.root
            .join(format!("exercises/01-{}/src/main.rs", self.client))
    }

    /// Saves a text in it.
    pub fn saves(&self, text: &str) {
        fs::write(self.exercise(), text).unwrap();
    }

    /// The first lesson's solution.
    pub fn solution(&self) -> String {
        read(&self.root.join(format!("solutions/01-{}.rs", self.client)))
    }

    /// What is kept of the progress.
    pub fn progress(&self) -> String {
        fs::read_to_string(self.state()).unwrap_or_default()
    }

    /// The file of the progress.
    pub fn state(&self) -> PathBuf {
        self.root.join(".enchufe/progress.json")
    }

    /// The guide, by name, in English.
    pub fn guide(&self, arguments: &[&str]) -> Command {
        Command::from_std(self.process(arguments))
    }

    /// Likewise, to be started and killed.
    pub fn process(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_enchufe"));
        command.args(arguments).current_dir(&self.root);
        for (name, value) in self.surroundings() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// What the guide finds around it; `None` is taken away.
    fn surroundings(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("ENCHUFE_ROOT", Some(self.root.display().to_string())),
            ("CARGO_TARGET_DIR", Some(target().display().to_string())),
            ("CARGO", Some(env!("CARGO").into())),
            ("ENCHUFE_LANG", None),
            ("ENCHUFE_PLAIN", None),
            ("ENCHUFE_PROGRAM", None),
            ("CARGO_MANIFEST_DIR", None),
            ("NO_COLOR", None),
            ("LC_ALL", Some("C.UTF-8".into())),
            ("LANG", Some("C.UTF-8".into())),
        ]
    }

    /// Runs git in the copy, as somebody; whether there is a git and it did so.
    pub fn git(&self, arguments: &[&str]) -> bool {
        let somebody = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@localhost",
            "-c",
            "commit.gpgsign=false",
        ];
        let mut git = std::process::Command::new("git");
        git.args(somebody).args(arguments).current_dir(&self.root);
        git.output().is_ok_and(|output| output.status.success())
    }
}

fn workspace() -> String {
    let manifest = read(&root().join("Cargo.toml"));
    let shared = &manifest
        [manifest.find("[workspace.package]").unwrap()..manifest.find("[package]").unwrap()];
    let harness = root()
        .join("tests/harness")
        .display()
        .to_string()
        .replace('\\', "/");
    let shared = shared.replace("tests/harness", &harness);
    format!("[workspace]\nmembers = [\"exercises/*\"]\nresolver = \"3\"\n\n{shared}")
}

/// The stub as the course ships it, also where the exercise has been begun.
fn stub(lesson: &str) -> String {
    let exercise = course::lessons()
        .into_iter()
        .find(|one| one.name == lesson)
        .unwrap();
    if exercise.is_as_shipped() {
        return read(&exercise.stub());
    }
    let manifest = read(&root().join(format!("exercises/{lesson}/Cargo.toml")));
    let hash = manifest
        .split("stub = \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let git = std::process::Command::new("git")
        .current_dir(root())
        .args(["cat-file", "blob", hash])
        .output();
    String::from_utf8(git.unwrap().stdout).unwrap()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
