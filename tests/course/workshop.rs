//! Where the programs of all lessons are built, with the graders, in one call of Cargo.
//!
//! The workshop is a workspace below `target/course`, a package a lesson. It has the profiles and the shared
//! dependencies of the course's own workspace, and finds the harness at the same path below its root: so Cargo takes
//! what it has built for `cargo test` already. Solution and mistakes of a lesson are one program that is each of them,
//! after the name by which it is started: many are built and linked in the time of one. Stub and checkpoints are
//! programs of their own, because a grader reads in a program's file which `todo!`s it holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, OnceLock};

use enchufe_syllabus::Lesson;

use crate::programs::{self, Program};
use crate::{lessons, read, root};

static WORKSHOP: LazyLock<Workshop> = LazyLock::new(Workshop::build);

/// The programs and graders of all lessons, built.
pub struct Workshop {
    /// The graders, by the ids of their lessons.
    graders: BTreeMap<String, PathBuf>,
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
        let mut manifest = workspace(&["lessons/*"]);
        let mut programs = BTreeMap::new();
        let _ = fs::remove_dir_all(folder.join("lessons").join("gone"));
        forget_old_lessons(&folder, &lessons);
        for lesson in &lessons {
            let of_lesson = programs::of(lesson);
            write_package(&folder.join("lessons").join(&lesson.id), lesson, &of_lesson);
            let _ = write!(
                manifest,
                "\n[profile.dev.package.{}]\ndebug = false\nincremental = false\n",
                package(lesson)
            );
            programs.insert(lesson.id.clone(), of_lesson);
        }
        write_if_changed(&folder.join("Cargo.toml"), &manifest);
        write_if_changed(
            &folder.join("Cargo.lock"),
            &read(&root().join("Cargo.lock")),
        );
        share_crates(&folder);
        let graders = build(&folder, &lessons);
        for lesson in &lessons {
            link_programs(lesson, &programs[&lesson.id]);
        }
        Self { graders, programs }
    }

    /// The programs of a lesson; none, where this system can't have it.
    pub fn programs(&self, lesson: &Lesson) -> &[Program] {
        self.programs.get(&lesson.id).map_or(&[], Vec::as_slice)
    }

    /// The grader of the lesson with this id.
    pub fn grader(&self, id: &str) -> &Path {
        &self.graders[id]
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

/// The package of a lesson whose name has changed is no longer a member.
fn forget_old_lessons(folder: &Path, lessons: &[Lesson]) {
    let entries = fs::read_dir(folder.join("lessons")).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name();
        if lessons.iter().all(|lesson| *lesson.id != *name) {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}

fn write_package(folder: &Path, lesson: &Lesson, programs: &[Program]) {
    let package = package(lesson);
    let given = given_modules(lesson);
    let library: String = given
        .iter()
        .map(|(name, file)| format!("#[path = {file:?}]\npub mod {name};\n"))
        .collect();
    write_if_changed(&folder.join("src/lib.rs"), &library);

    let mut manifest = manifest(lesson, &package);
    let (mut modules, mut arms) = (String::new(), String::new());
    for (number, program) in programs.iter().enumerate() {
        let name = program.kind.name();
        let source = with_given(&program.source, &package, &given);
        if program.kind.is_unfinished() {
            let source = format!("#![allow(warnings)]\n{source}");
            write_if_changed(&folder.join(format!("src/{name}.rs")), &source);
            let _ = write!(
                manifest,
                "\n[[bin]]\nname = \"{package}-{name}\"\npath = \"src/{name}.rs\"\ntest = false\n"
            );
        } else {
            let source = source.replacen("\nfn main(", "\npub fn main(", 1);
            write_if_changed(&folder.join(format!("src/{name}.rs")), &source);
            let _ = writeln!(modules, "#[path = \"{name}.rs\"] mod m{number};");
            let _ = writeln!(arms, "        \"{package}-{name}\" => m{number}::main(),");
        }
    }
    let main = format!(
        "#![allow(warnings)]\n{modules}\nfn main() -> std::process::ExitCode {{\n    \
         let name = std::env::args_os().next().unwrap();\n    \
         match std::path::Path::new(&name).file_stem().unwrap().to_str().unwrap() {{\n\
         {arms}        _ => panic!(\"which of them?\"),\n    }}\n}}\n"
    );
    write_if_changed(&folder.join("src/main.rs"), &main);
    write_if_changed(&folder.join("Cargo.toml"), &manifest);
}

/// The files that are given beside the stub, as modules: their names and paths.
fn given_modules(lesson: &Lesson) -> Vec<(String, PathBuf)> {
    let folder = root().join(&lesson.folder).join("src");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut modules: Vec<(String, PathBuf)> = files
        .filter_map(|file| {
            let name = file.file_name()?.to_str()?.strip_suffix(".rs")?.to_owned();
            Some((name, file))
        })
        .collect();
    let is_begin = |name: &str| name == "main" || name.ends_with("_on_any_system");
    modules.retain(|(name, _)| !is_begin(name));
    modules.sort();
    modules
}

/// A source whose given modules are those of the package's library: they are compiled once for all programs.
fn with_given(source: &str, package: &str, given: &[(String, PathBuf)]) -> String {
    let library = package.replace('-', "_");
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    for (name, _) in given {
        let is_module = |line: &String| *line == format!("mod {name};");
        let Some(at) = lines.iter().position(is_module) else {
            continue;
        };
        lines[at] = format!("use {library}::{name};");
        if at > 0 && lines[at - 1].starts_with("#[path") {
            lines.remove(at - 1);
        }
    }
    lines.join("\n") + "\n"
}

fn manifest(lesson: &Lesson, package: &str) -> String {
    let exercise = read(&root().join(lesson.manifest()));
    let dependencies = &exercise[exercise.find("[dependencies]").unwrap()..];
    let dependencies = &dependencies[..dependencies.find("[lints]").unwrap_or(dependencies.len())];
    let mut dependencies = dependencies.to_owned();
    if !dependencies.contains("socket2") {
        // Some mistakes can't be made with the standard library.
        dependencies = dependencies.replacen('\n', "\nsocket2.workspace = true\n", 1);
    }
    let grader = root().join(&lesson.grader);
    format!(
        "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition.workspace = true\n\n\
         {dependencies}\n[lib]\ntest = false\ndoctest = false\n\n\
         [[test]]\nname = \"{package}-grader\"\npath = {grader:?}\n\n\
         [[bin]]\nname = \"{package}\"\npath = \"src/main.rs\"\ntest = false\n"
    )
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

/// Builds all, and returns the graders.
fn build(folder: &Path, lessons: &[Lesson]) -> BTreeMap<String, PathBuf> {
    let mut cargo = cargo(folder);
    cargo.args(["test", "--no-run", "--message-format=json"]);
    for lesson in lessons {
        cargo.args(["-p", &package(lesson)]);
    }
    let built = cargo.output().unwrap();
    let messages = String::from_utf8_lossy(&built.stdout);
    let messages: Vec<serde_json::Value> = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if !built.status.success() {
        let errors = messages
            .iter()
            .filter_map(|message| message["message"]["rendered"].as_str());
        let said = String::from_utf8_lossy(&built.stderr);
        panic!("{}{said}", errors.collect::<String>());
    }
    let grader = |lesson: &Lesson| {
        let name = format!("{}-grader", package(lesson));
        let message = messages
            .iter()
            .find(|message| message["target"]["name"] == *name);
        let path = message.and_then(|message| message["executable"].as_str());
        let path = path.expect("Cargo names the grader that it built");
        (lesson.id.clone(), PathBuf::from(path))
    };
    lessons.iter().map(grader).collect()
}

/// The manifest of a workspace that has what the course's workspace shares: versions, profiles, lints.
pub fn workspace(members: &[&str]) -> String {
    let manifest = read(&root().join("Cargo.toml"));
    let from = manifest.find("[workspace.package]").unwrap();
    let to = manifest.find("[package]").unwrap();
    let members = [members, &["tests/harness", "tests/syllabus"]].concat();
    format!(
        "[workspace]\nmembers = {members:?}\nresolver = \"3\"\n\n{}",
        &manifest[from..to]
    )
}

/// Puts the course's crates where the course has them: for Cargo they are then the same as there.
pub fn share_crates(workspace: &Path) {
    for path in ["tests/harness", "tests/syllabus"] {
        let (from, to) = (root().join(path), workspace.join(path));
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
