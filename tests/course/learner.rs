//! A learner's copy of a course, and the guide in it: by name, or in a terminal of its own.
//!
//! The course is a tiny one that was made for these tests (`tiny/`): two lessons, of three steps and of two. It is
//! built once, by the guide; each learner gets a copy of it, with what was built, in a target folder of its own. So a
//! copy's first grading builds nothing. The path of a copy has a space and an accent.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use assert_cmd::Command;
use enchufe_syllabus::{Lesson, blob_hash};

use crate::checkpoint::checkpoint;
use crate::workshop::{self, FEATURES, workspace, write_if_changed, write_workspace};
use crate::{clone, programs, read, root};

/// The lesson `NN-tiny-<name>`, from the files in `tiny/<name>/`.
const TINY: [(&str, u8); 2] = [("client", 1), ("sockets", 2)];

static TEMPLATE: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = folder("template");
    let _ = fs::remove_dir_all(&root); // of an earlier run
    let members = TINY.map(|(name, number)| tiny_lesson(&root, name, number));
    write_course(&root, &members);
    root
});

/// The real lesson of the screens in the READMEs, beside a tiny one.
static REAL: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = folder("real");
    let _ = fs::remove_dir_all(&root);
    let members = [
        real_lesson(&root, "tcp-client"),
        tiny_lesson(&root, "sockets", 2),
    ];
    write_course(&root, &members);
    root
});

fn folder(name: &str) -> PathBuf {
    workshop::target().join("course/guía de prueba").join(name)
}

/// A copy of a course.
pub struct Learner {
    /// The workspace.
    pub root: PathBuf,
    /// The first lesson's page: `01-tiny-client`.
    page: String,
}

impl Learner {
    /// A fresh copy of the tiny course; `name` is one word.
    pub fn new(name: &str) -> Self {
        Self::of(&TEMPLATE, name, "01-tiny-client")
    }

    /// A fresh copy with the real lesson 1.
    pub fn with_lesson_1(name: &str) -> Self {
        Self::of(&REAL, name, "01-tcp-client")
    }

    fn of(template: &Path, name: &str, page: &str) -> Self {
        let root = folder(name);
        let _ = fs::remove_dir_all(&root); // of an earlier run
        clone::course(template, &root);
        let page = page.to_owned();
        Self { root, page }
    }

    /// The learner's file of the first lesson.
    pub fn exercise(&self) -> PathBuf {
        self.root
            .join(format!("exercises/{}/src/main.rs", self.page))
    }

    /// Saves a text in it.
    pub fn saves(&self, text: &str) {
        fs::write(self.exercise(), text).unwrap();
    }

    /// The first lesson's solution.
    pub fn solution(&self) -> String {
        read(&self.root.join(format!("solutions/{}.rs", self.page)))
    }

    /// The tiny client with its steps up to this one done.
    pub fn checkpoint(&self, step: u8) -> String {
        checkpoint(&tiny("client/stub.rs"), &self.solution(), step)
    }

    /// The tiny client that never half-closes.
    pub fn no_half_close(&self) -> String {
        let call = "stream.shutdown(Shutdown::Write)";
        let solution = self.solution();
        assert!(solution.contains(call));
        solution
            .replace(call, "stream.set_nodelay(true)")
            .replace("{Shutdown, TcpStream}", "TcpStream")
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
        guide_in(&self.root, arguments)
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

/// The guide in a course, which it finds by the folder that it runs in.
fn guide_in(root: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_enchufe"));
    command.args(arguments).current_dir(root);
    for (name, value) in surroundings() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// What the guide finds around it; `None` is taken away.
pub fn surroundings() -> Vec<(&'static str, Option<&'static str>)> {
    vec![
        ("ENCHUFE_ROOT", None),
        ("CARGO_TARGET_DIR", None),
        ("CARGO", Some(env!("CARGO"))),
        ("ENCHUFE_LANG", None),
        ("ENCHUFE_PLAIN", None),
        ("ENCHUFE_PROGRAM", None),
        ("CARGO_MANIFEST_DIR", None),
        ("NO_COLOR", None),
        ("LC_ALL", Some("C.UTF-8")),
        ("LANG", Some("C.UTF-8")),
    ]
}

fn tiny(path: &str) -> String {
    read(&root().join("tests/course/tiny").join(path))
}

/// Writes the files of a tiny lesson, and returns its folder.
fn tiny_lesson(course: &Path, name: &str, number: u8) -> String {
    let id = format!("tiny-{name}");
    let page = format!("{number:02}-{id}");
    let grader = page.replace('-', "_");
    let stub = tiny(&format!("{name}/stub.rs"));
    let hash = blob_hash(stub.as_bytes());
    let manifest = format!(
        "[package]\nname = \"{id}\"\nversion = \"0.1.0\"\nedition.workspace = true\ndefault-run = \"{id}\"\n\n\
         [package.metadata.enchufe]\nlesson = {number}\npage = \"{page}\"\nstub = \"{hash}\"\n\n\
         [[bin]]\nname = \"{id}\"\npath = \"src/main.rs\"\n\n\
         [[bin]]\nname = \"{id}-solution\"\npath = \"../../solutions/{page}.rs\"\ntest = false\n\n\
         [[test]]\nname = \"{id}\"\npath = \"../../tests/lessons/{grader}/main.rs\"\n\n\
         [dev-dependencies]\nenchufe-harness.workspace = true\n"
    );
    let manifest = with_features(&manifest);
    let folder = format!("exercises/{page}");
    let write = |path: String, text: &str| write_if_changed(&course.join(path), text);
    write(format!("{folder}/Cargo.toml"), &manifest);
    write(format!("{folder}/src/main.rs"), &stub);
    write(
        format!("solutions/{page}.rs"),
        &tiny(&format!("{name}/solution.rs")),
    );
    write(
        format!("tests/lessons/{grader}/main.rs"),
        &tiny(&format!("{name}/grader.rs")),
    );
    for language in ["en", "es"] {
        let text = tiny(&format!("{name}/{language}.md"));
        write(format!("docs/{language}/{page}.md"), &text);
    }
    folder
}

/// Copies the files of a real lesson, with the stub as the course ships it, and returns its folder.
fn real_lesson(course: &Path, id: &str) -> String {
    let lesson = Lesson::named(id).unwrap();
    let grader = lesson.grader.strip_suffix("/main.rs").unwrap();
    let pages = ["en", "es"].map(|language| format!("docs/{language}/{}.md", lesson.page));
    for path in [&lesson.folder, grader].map(str::to_owned) {
        clone::folder(&root().join(&path), &course.join(&path));
    }
    for path in pages.iter().chain([&lesson.solution]) {
        write_if_changed(&course.join(path), &read(&root().join(path)));
    }
    let manifest = course.join(lesson.manifest());
    write_if_changed(&manifest, &with_features(&read(&manifest)));
    if let Some(stub) = programs::stub(&lesson) {
        write_if_changed(&course.join(lesson.exercise()), &stub);
    }
    lesson.folder
}

/// A lesson's manifest, so that its dependencies are those that are built already.
fn with_features(manifest: &str) -> String {
    let table = "[dev-dependencies]\n";
    assert!(manifest.contains(table));
    let with = format!("{table}{FEATURES} = {{ path = \"../../{FEATURES}\" }}\n");
    manifest.replace(table, &with)
}

/// Writes what holds the lessons together, and has the guide build them.
fn write_course(course: &Path, members: &[String]) {
    for language in ["en", "es"] {
        let words = format!("docs/{language}/interface.ftl");
        write_if_changed(&course.join(&words), &read(&root().join(&words)));
    }
    write_workspace(course, &workspace(members));
    crate::workshop::workshop(); // nobody writes there when what was built is copied from it
    clone::dependencies(workshop::target(), &course.join("target"));
    let built = guide_in(course, &["check", "--all"]).output().unwrap();
    let said = String::from_utf8_lossy(&built.stdout);
    assert!(
        said.contains("Step 1 · "),
        "{said}{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let _ = fs::remove_dir_all(course.join(".enchufe"));
}
