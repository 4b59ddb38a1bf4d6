//! Where the programs of all lessons are built, with the graders, in one call of Cargo.
//!
//! The workshop is a workspace below `target/course`, a package a lesson. It has the profiles and the shared
//! dependencies of the course's own workspace, and finds the harness at the same path below its root: so Cargo takes
//! what it has built for `cargo test` already. Solution and mistakes of a lesson are one program that is each of them,
//! after the name by which it is started: many are built and linked in the time of one. Stub and checkpoints are
//! programs of their own, because a grader reads in a program's file which `todo!`s it holds.

#[path = "workshop/packages.rs"] // the benchmarks take this file in from another folder
mod packages;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, OnceLock};

use enchufe_syllabus::Lesson;

use crate::programs::{self, Program};
use crate::{lessons, read, root};

/// The course's crates that graders are built with.
const CRATES: [&str; 2] = ["tests/harness", "tests/syllabus"];
/// The package that depends on whatever the course's own package does. What depends on it in turn has dependencies
/// with the features that they have there: Cargo takes those that it has built for `cargo test` already.
pub const FEATURES: &str = "course-features";
/// The package that draws the pictures on the pages.
const PICTURES: &str = "course-pictures";

static WORKSHOP: LazyLock<Workshop> = LazyLock::new(Workshop::build);

/// The programs and graders of all lessons, built.
pub struct Workshop {
    /// The graders, and what draws the pictures, by the names of their packages.
    tests: BTreeMap<String, PathBuf>,
    /// The programs, likewise.
    programs: BTreeMap<String, Vec<Program>>,
}

/// Builds the workshop, or waits until another test has built it.
pub fn workshop() -> &'static Workshop {
    &WORKSHOP
}

impl Workshop {
    fn build() -> Self {
        let folder = target().join("course/workshop");
        let lessons: Vec<Lesson> = lessons().into_iter().filter(can_be_built).collect();
        let mut members = vec![PICTURES.to_owned()];
        members.extend(lessons.iter().map(package));
        let mut manifest = workspace(&members);
        let mut programs = BTreeMap::new();
        for lesson in &lessons {
            let of_lesson = programs::of(lesson);
            let package = package(lesson);
            packages::write(
                &folder.join(&package),
                &packages::of_lesson(lesson, &of_lesson),
            );
            manifest +=
                &format!("\n[profile.dev.package.{package}]\ndebug = false\nincremental = false\n");
            programs.insert(lesson.id.clone(), of_lesson);
        }
        packages::write(&folder.join(PICTURES), &packages::of_pictures(&lessons));
        write_workspace(&folder, &manifest);
        let tests = build(&folder, &members);
        for lesson in &lessons {
            link_programs(lesson, &programs[&lesson.id]);
        }
        Self { tests, programs }
    }

    /// The programs of a lesson; none, where this system can't have it.
    pub fn programs(&self, lesson: &Lesson) -> &[Program] {
        self.programs.get(&lesson.id).map_or(&[], Vec::as_slice)
    }

    /// The program that draws the pictures on the pages.
    pub fn pictures(&self) -> &Path {
        &self.tests[PICTURES]
    }

    /// The grader of a lesson.
    pub fn grader(&self, lesson: &Lesson) -> &Path {
        &self.tests[&package(lesson)]
    }
}

/// The file of a lesson's program, named as [`programs::Kind::name`] says.
pub fn program(lesson: &Lesson, name: &str) -> PathBuf {
    let suffix = std::env::consts::EXE_SUFFIX;
    let file = format!("{}-{name}{suffix}", package(lesson));
    target().join("debug").join(file)
}

fn can_be_built(lesson: &Lesson) -> bool {
    lesson.needs.as_deref() != Some("unix") || cfg!(unix)
}

fn package(lesson: &Lesson) -> String {
    format!("course-{}", lesson.id)
}

/// Each finished program of a lesson is the same file, under its own name.
fn link_programs(lesson: &Lesson, programs: &[Program]) {
    let file = format!("{}{}", package(lesson), std::env::consts::EXE_SUFFIX);
    let file = target().join("debug").join(file);
    for program in programs.iter().filter(|one| !one.kind.is_unfinished()) {
        let link = self::program(lesson, &program.kind.name());
        let _ = fs::remove_file(&link); // of an earlier build
        fs::hard_link(&file, link).unwrap();
    }
}

/// Builds all, and returns the test of each package.
fn build(folder: &Path, packages: &[String]) -> BTreeMap<String, PathBuf> {
    let mut cargo = cargo(folder);
    cargo.args(["test", "--no-run", "--message-format=json"]);
    for package in packages {
        cargo.args(["-p", package]);
    }
    let built = cargo.output().unwrap();
    let messages = String::from_utf8_lossy(&built.stdout);
    let messages = messages.lines().map(serde_json::from_str);
    let messages: Vec<serde_json::Value> = messages.filter_map(Result::ok).collect();
    if !built.status.success() {
        let errors = messages
            .iter()
            .filter_map(|message| message["message"]["rendered"].as_str());
        let said = String::from_utf8_lossy(&built.stderr);
        panic!("{}{said}", errors.collect::<String>());
    }
    let test = |message: &serde_json::Value| {
        let is_test = message["target"]["kind"][0] == "test";
        let executable = message["executable"].as_str().filter(|_| is_test)?;
        let name = message["target"]["name"].as_str()?;
        Some((name.to_owned(), PathBuf::from(executable)))
    };
    messages.iter().filter_map(test).collect()
}

/// The manifest of a workspace that has what the course's workspace shares: versions, profiles, lints.
pub fn workspace(members: &[impl AsRef<str>]) -> String {
    let manifest = read(&root().join("Cargo.toml"));
    let from = manifest.find("[workspace.package]").unwrap();
    let to = manifest.find("[package]").unwrap();
    let members = members.iter().map(AsRef::as_ref);
    let members: Vec<&str> = members.chain(CRATES).chain([FEATURES]).collect();
    format!(
        "[workspace]\nmembers = {members:?}\nresolver = \"3\"\n\n{}",
        &manifest[from..to]
    )
}

/// Writes the workspace's own files, and puts the course's crates where the course has them: for Cargo they are then
/// the same as there, and built already.
pub fn write_workspace(folder: &Path, manifest: &str) {
    write_if_changed(&folder.join("Cargo.toml"), manifest);
    write_if_changed(
        &folder.join("Cargo.lock"),
        &read(&root().join("Cargo.lock")),
    );
    packages::write(&folder.join(FEATURES), &packages::of_features());
    for path in CRATES {
        let (from, to) = (root().join(path), folder.join(path));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        #[cfg(unix)]
        {
            let _ = fs::remove_file(&to); // of an earlier run, of a folder that was moved
            std::os::unix::fs::symlink(from, to).unwrap();
        }
        #[cfg(not(unix))]
        copy(&from, &to); // a link needs rights there
    }
}

#[cfg(not(unix))]
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        if from.is_dir() {
            copy(&from, &to);
        } else {
            write_if_changed(&to, &read(&from));
        }
    }
}

/// Leaves a file alone that holds this already, so that Cargo does not build it again.
pub fn write_if_changed(file: &Path, text: &str) {
    if fs::read_to_string(file).ok().as_deref() != Some(text) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
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
        let test = std::env::current_exe().unwrap(); // target/debug/deps/course-0123
        test.ancestors().nth(3).unwrap().to_path_buf()
    })
}
