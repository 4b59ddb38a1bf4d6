//! What the course's own tests share: the lessons, and a workshop in which their programs are built
//! without the learner's exercises.

#![allow(dead_code, reason = "each test target uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

pub use enchufe_syllabus::blob_hash;

/// A lesson: `01-tcp-client`.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The name of its folder and of its page.
    pub name: String,
}

/// All lessons that there are exercises for.
pub fn lessons() -> Vec<Lesson> {
    let mut names = entries(&root().join("exercises"), "");
    names.sort();
    names.into_iter().map(|name| Lesson { name }).collect()
}

/// The workspace.
pub fn root() -> PathBuf {
    enchufe_syllabus::root()
}

impl Lesson {
    /// The name of its package: `tcp-client`.
    pub fn package(&self) -> &str {
        self.name
            .split_once('-')
            .map_or(&self.name, |(_, package)| package)
    }

    /// The learner's file.
    pub fn stub(&self) -> PathBuf {
        root()
            .join("exercises")
            .join(&self.name)
            .join("src/main.rs")
    }

    /// The file of the reference solution.
    pub fn solution(&self) -> PathBuf {
        root().join("solutions").join(format!("{}.rs", self.name))
    }

    /// The file of the grader.
    pub fn grader(&self) -> PathBuf {
        root()
            .join("tests/lessons")
            .join(format!("{}.rs", self.name.replace('-', "_")))
    }

    /// The patches in `tests/<kind>/<lesson>/`, by their names.
    pub fn patches(&self, kind: &str) -> Vec<String> {
        let mut names = entries(&root().join("tests").join(kind).join(&self.name), ".patch");
        names.sort();
        names
    }

    /// A patch: what stands before the diff, and the diff.
    pub fn patch(&self, kind: &str, name: &str) -> (String, String) {
        let file = root()
            .join("tests")
            .join(kind)
            .join(&self.name)
            .join(format!("{name}.patch"));
        let text = fs::read_to_string(&file).unwrap();
        let start = text
            .find("--- ")
            .unwrap_or_else(|| panic!("{}: no diff", file.display()));
        (text[..start].trim().to_owned(), text[start..].to_owned())
    }

    /// Whether the exercise is as the course shipped it: its manifest holds the stub's hash.
    pub fn is_as_shipped(&self) -> bool {
        let manifest = root().join("exercises").join(&self.name).join("Cargo.toml");
        let hash = blob_hash(&fs::read(self.stub()).unwrap());
        fs::read_to_string(manifest)
            .unwrap()
            .contains(&format!("stub = \"{hash}\""))
    }

    /// How many steps its English page has.
    pub fn steps(&self) -> u8 {
        let page = enchufe_syllabus::Page::open(&enchufe_syllabus::Language::english(), &self.name);
        let page = page.unwrap();
        (1..)
            .take_while(|step| page.section(&format!("step-{step}")).is_some())
            .last()
            .unwrap_or(0)
    }
}

fn entries(folder: &Path, ending: &str) -> Vec<String> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(ending).map(str::to_owned))
        .filter(|name| !name.starts_with('.'))
        .collect()
}

/// Where a lesson's programs are built: a package of its own below `target/`, which shares what Cargo
/// has built already.
pub struct Workshop {
    folder: PathBuf,
    grader: PathBuf,
    prefix: String,
    /// The factor by which its graders' deadlines are stretched.
    pub patience: f64,
}

impl Workshop {
    /// Writes each `(name, source)` as a program, and builds them with the lesson's grader.
    pub fn build(lesson: &Lesson, kind: &str, programs: &[(String, String)]) -> Self {
        let (prefix, folder) = place(lesson, kind);
        let mut manifest = manifest(lesson, &prefix);
        for (name, source) in programs {
            let file = folder.join("src").join(format!("{name}.rs"));
            write_if_changed(&file, source);
            let _ = write!(
                manifest,
                "\n[[bin]]\nname = \"{prefix}-{name}\"\npath = \"src/{name}.rs\"\n"
            );
        }
        write_if_changed(&folder.join("src/main.rs"), "fn main() {}\n");
        Self::built(folder, prefix, &manifest)
    }

    /// Likewise, but one program that is each of them, after the name by which it is started: many
    /// are built and linked in the time of a few.
    pub fn build_as_one(lesson: &Lesson, kind: &str, programs: &[(String, String)]) -> Self {
        let (prefix, folder) = place(lesson, kind);
        let (mut modules, mut arms) = (String::new(), String::new());
        for (number, (name, source)) in programs.iter().enumerate() {
            let file = folder.join("src").join(format!("{name}.rs"));
            write_if_changed(&file, &source.replacen("\nfn main(", "\npub fn main(", 1));
            let _ = writeln!(modules, "#[path = \"{name}.rs\"] mod m{number};");
            let _ = writeln!(arms, "        \"{prefix}-{name}\" => m{number}::main(),");
        }
        let main = format!(
            "#![allow(warnings)]\n{modules}\nfn main() -> std::process::ExitCode {{\n    \
             let name = std::env::args_os().next().unwrap();\n    \
             match std::path::Path::new(&name).file_stem().unwrap().to_str().unwrap() {{\n\
             {arms}        _ => panic!(\"which of them?\"),\n    }}\n}}\n"
        );
        write_if_changed(&folder.join("src/main.rs"), &main);
        let manifest = manifest(lesson, &prefix);
        let workshop = Self::built(folder, prefix, &manifest);
        let file = format!("{}{}", workshop.prefix, std::env::consts::EXE_SUFFIX);
        for (name, _) in programs {
            let program = workshop.program(name);
            let _ = fs::remove_file(&program); // of an earlier build
            fs::hard_link(target().join("debug").join(&file), program).unwrap();
        }
        workshop
    }

    fn built(folder: PathBuf, prefix: String, manifest: &str) -> Self {
        write_if_changed(&folder.join("Cargo.toml"), manifest);
        write_if_changed(
            &folder.join("Cargo.lock"),
            &fs::read_to_string(root().join("Cargo.lock")).unwrap(),
        );

        let built = cargo(&folder)
            .args(["test", "--no-run", "--message-format=json"])
            .output();
        let built = built.unwrap();
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        let messages = String::from_utf8_lossy(&built.stdout);
        let grader = messages
            .lines()
            .filter(|line| line.contains("\"kind\":[\"test\"]"))
            .find_map(|line| line.split_once("\"executable\":\"")?.1.split_once('"'))
            .map(|(path, _)| PathBuf::from(path.replace("\\\\", "\\")))
            .expect("Cargo names the grader that it built");
        Self {
            folder,
            grader,
            prefix,
            patience: 1.0,
        }
    }

    /// The program of this name.
    pub fn program(&self, name: &str) -> PathBuf {
        let file = format!("{}-{name}{}", self.prefix, std::env::consts::EXE_SUFFIX);
        target().join("debug").join(file)
    }

    /// Grades a command line; `filter` chooses the tests.
    pub fn grade(&self, command: &str, filter: &[String], language: &str) -> Verdict {
        let output = Command::new(&self.grader)
            .args(filter)
            .args(["--test-threads", "8"])
            .current_dir(&self.folder)
            .env("ENCHUFE_PROGRAM", command)
            .env("ENCHUFE_LANG", language)
            .env("ENCHUFE_PATIENCE", self.patience.to_string())
            .output()
            .unwrap();
        Verdict::read(&output)
    }

    /// Grades the program of this name.
    pub fn grade_program(&self, name: &str, filter: &[String]) -> Verdict {
        let path = self.program(name).display().to_string();
        self.grade(&format!("'{path}'"), filter, "en")
    }

    /// The grader, to start it in other ways.
    pub fn grader(&self) -> &Path {
        &self.grader
    }
}

/// Tests of these steps only.
pub fn steps(steps: impl IntoIterator<Item = u8>) -> Vec<String> {
    steps
        .into_iter()
        .map(|step| format!("step_{step}_"))
        .collect()
}

/// The name of a package, and its folder.
fn place(lesson: &Lesson, kind: &str) -> (String, PathBuf) {
    let prefix = format!("course-{}-{kind}", lesson.package());
    let folder = target().join("course").join(&prefix);
    fs::create_dir_all(folder.join("src")).unwrap();
    (prefix, folder)
}

fn manifest(lesson: &Lesson, prefix: &str) -> String {
    let exercise = root()
        .join("exercises")
        .join(&lesson.name)
        .join("Cargo.toml");
    let exercise = fs::read_to_string(exercise).unwrap();
    let dependencies = &exercise[exercise.find("[dependencies]").unwrap()..];
    let dependencies = &dependencies[..dependencies.find("[lints]").unwrap_or(dependencies.len())];
    let mut dependencies = dependencies.to_owned();
    if !dependencies.contains("socket2") {
        // Some mistakes can't be made with the standard library.
        dependencies = dependencies.replacen('\n', "\nsocket2.workspace = true\n", 1);
    }
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let from = workspace.find("[workspace.dependencies]").unwrap();
    let to = workspace.find("[workspace.lints").unwrap();
    let harness = root()
        .join("tests/harness")
        .display()
        .to_string()
        .replace('\\', "/");
    let shared = workspace[from..to].replace("tests/harness", &harness);
    let from = workspace.find("[profile.dev]").unwrap();
    let to = workspace.find("[package]").unwrap();
    let profile = &workspace[from..to];
    let grader = lesson.grader().display().to_string().replace('\\', "/");
    format!(
        "[workspace]\n\n{shared}\n{profile}\n[package]\nname = \"{prefix}\"\nversion = \"0.1.0\"\n\
         edition = \"2024\"\n\n{dependencies}\n[[test]]\nname = \"{prefix}-grader\"\npath = \"{grader}\"\n\n\
         [[bin]]\nname = \"{prefix}\"\npath = \"src/main.rs\"\n"
    )
}

/// Leaves a file alone that holds this already, so that Cargo does not build it again.
fn write_if_changed(file: &Path, text: &str) {
    if fs::read_to_string(file).ok().as_deref() != Some(text) {
        fs::write(file, text).unwrap();
    }
}

/// Cargo, as this test was started by it, in another folder.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(folder)
        .arg("--quiet")
        .env("CARGO_TARGET_DIR", target());
    for name in ["ENCHUFE_PROGRAM", "ENCHUFE_LANG", "CARGO_MANIFEST_DIR"] {
        command.env_remove(name);
    }
    command
}

/// Cargo's target folder.
pub fn target() -> &'static Path {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    TARGET.get_or_init(|| {
        let test = std::env::current_exe().unwrap(); // target/debug/deps/solutions-0123
        test.ancestors().nth(3).unwrap().to_path_buf()
    })
}

/// What a grader said.
#[derive(Debug)]
pub struct Verdict {
    /// Whether all tests passed.
    pub is_green: bool,
    /// The names of the tests that failed.
    pub failed: BTreeSet<String>,
    /// How many tests passed.
    pub passed: usize,
    /// All of it.
    pub text: String,
}

impl Verdict {
    fn read(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let tests = |ending: &str| -> BTreeSet<String> {
            let lines = text
                .lines()
                .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(ending));
            lines.map(|name| name.trim().to_owned()).collect()
        };
        let (failed, passed) = (tests(" ... FAILED"), tests(" ... ok").len());
        Self {
            is_green: output.status.success(),
            failed,
            passed,
            text,
        }
    }

    /// The first step that failed.
    pub fn first_failed_step(&self) -> Option<u8> {
        let step = |name: &String| name.strip_prefix("step_")?.split('_').next()?.parse().ok();
        self.failed.iter().filter_map(step).min()
    }

    /// The ids that the failures of a step point at.
    pub fn ids_of_step(&self, step: u8) -> BTreeSet<String> {
        let begin = format!("---- step_{step}_");
        self.text
            .split("\n---- ")
            .filter(|part| format!("---- {part}").starts_with(&begin))
            .filter_map(|part| {
                part.split_once("read on: ")?
                    .1
                    .lines()
                    .next()?
                    .split_once('#')
            })
            .map(|(_, id)| id.to_owned())
            .collect()
    }
}
