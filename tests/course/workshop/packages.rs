//! The packages of the workshop, written from the lessons' files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use enchufe_syllabus::Lesson;

use crate::programs::Program;
use crate::{read, root};

use super::{FEATURES, PICTURES, package, write_if_changed};

/// The files of a package, by their paths in it.
pub type Package = BTreeMap<String, String>;

/// Writes these files. Others in the package's `src/` are of an earlier state of the course, and go.
pub fn write(folder: &Path, package: &Package) {
    for entry in fs::read_dir(folder.join("src"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = format!("src/{}", entry.file_name().display());
        if !package.contains_key(&name) {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    for (path, text) in package {
        write_if_changed(&folder.join(path), text);
    }
}

/// A lesson's programs, with its grader as a test.
pub fn of_lesson(lesson: &Lesson, programs: &[Program]) -> Package {
    let name = package(lesson);
    let given = given_modules(lesson);
    let mut files = Package::new();
    let library: String = given
        .iter()
        .map(|(name, file)| format!("#[path = {file:?}]\npub mod {name};\n"))
        .collect();
    files.insert("src/lib.rs".into(), library);

    let mut manifest = manifest(lesson, &name);
    let (mut modules, mut arms) = (String::new(), String::new());
    for (number, program) in programs.iter().enumerate() {
        let program_name = program.kind.name();
        let path = format!("src/{program_name}.rs");
        let source = with_given(&program.source, &name, &given);
        if program.kind.is_unfinished() {
            manifest += &format!(
                "\n[[bin]]\nname = \"{name}-{program_name}\"\npath = \"{path}\"\ntest = false\n"
            );
            files.insert(path, format!("#![allow(warnings)]\n{source}"));
        } else {
            let _ = writeln!(modules, "#[path = \"{program_name}.rs\"] mod m{number};");
            let _ = writeln!(
                arms,
                "        \"{name}-{program_name}\" => m{number}::main(),"
            );
            files.insert(path, source.replacen("\nfn main(", "\npub fn main(", 1));
        }
    }
    let main = format!(
        "#![allow(warnings)]\n{modules}\nfn main() -> std::process::ExitCode {{\n    \
         let name = std::env::args_os().next().unwrap();\n    \
         match std::path::Path::new(&name).file_stem().unwrap().to_str().unwrap() {{\n\
         {arms}        _ => panic!(\"which of them?\"),\n    }}\n}}\n"
    );
    files.insert("src/main.rs".into(), main);
    files.insert("Cargo.toml".into(), manifest);
    files
}

/// The files that are given beside the stub, as modules: their names and paths. Those that the manifest names are
/// where programs begin.
fn given_modules(lesson: &Lesson) -> Vec<(String, PathBuf)> {
    let manifest = read(&root().join(lesson.manifest()));
    let folder = root().join(&lesson.folder).join("src");
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let begins_a_program = name == "main" || manifest.contains(&format!("\"src/{name}.rs\""));
        if file.extension().is_some_and(|ending| ending == "rs") && !begins_a_program {
            modules.push((name, file));
        }
    }
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
    let mut dependencies = format!("{}\n", dependencies.trim_end());
    assert!(
        dependencies.contains("[dev-dependencies]"),
        "the last table"
    );
    if !dependencies.contains("socket2") {
        // Some mistakes can't be made with the standard library.
        dependencies = dependencies.replacen('\n', "\nsocket2.workspace = true\n", 1);
    }
    let grader = root().join(&lesson.grader);
    format!(
        "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition.workspace = true\nautobins = false\n\n\
         {dependencies}{FEATURES} = {{ path = \"../{FEATURES}\" }}\n\n[lib]\ntest = false\ndoctest = false\n\n\
         [[test]]\nname = \"{package}\"\npath = {grader:?}\n\n\
         [[bin]]\nname = \"{package}\"\npath = \"src/main.rs\"\ntest = false\n"
    )
}

/// The program that draws the picture of a lesson in all languages: `course-pictures LESSON LAST_STEP PROGRAM`. It is
/// a test without libtest, as the graders are tests with it: Cargo builds them together.
pub fn of_pictures(lessons: &[Lesson]) -> Package {
    let (mut modules, mut arms) = (String::new(), String::new());
    for lesson in lessons {
        let file = root().join(&lesson.grader).with_file_name("picture.rs");
        let name = lesson.id.replace('-', "_");
        let _ = writeln!(modules, "#[path = {file:?}] mod {name};");
        let _ = writeln!(arms, "        {:?} => {name}::picture(&scene),", lesson.id);
    }
    let program = include_str!("draw_picture.rs")
        .replace("// MODULES\n", &modules)
        .replace("        // ARMS\n", &arms);
    let manifest = format!(
        "[package]\nname = \"{PICTURES}\"\nversion = \"0.1.0\"\nedition.workspace = true\n\n\
         [lib]\ntest = false\ndoctest = false\n\n\
         [[test]]\nname = \"{PICTURES}\"\npath = \"src/draw.rs\"\nharness = false\n\n\
         [dev-dependencies]\nenchufe-harness.workspace = true\nenchufe-syllabus.workspace = true\n\
         tempfile.workspace = true\n{FEATURES} = {{ path = \"../{FEATURES}\" }}\n"
    );
    Package::from([
        ("Cargo.toml".into(), manifest),
        ("src/lib.rs".into(), String::new()),
        ("src/draw.rs".into(), program),
    ])
}

/// See [`FEATURES`].
pub fn of_features() -> Package {
    let manifest = read(&root().join("Cargo.toml"));
    let own = &manifest[manifest.find("\n[package]").unwrap()..];
    let tables = own.split("\n[").skip(1);
    let dependencies: String = tables
        .filter(|table| table.lines().next().unwrap().ends_with("dependencies]"))
        .map(|table| format!("[{}\n\n", table.trim_end()))
        .collect();
    // Two tables of one name may not be, and a dev-dependency is nobody else's.
    let dependencies =
        dependencies.replace("[dev-dependencies]", "[target.\"cfg(all())\".dependencies]");
    let manifest = format!(
        "[package]\nname = \"{FEATURES}\"\nversion = \"0.1.0\"\nedition.workspace = true\n\n{dependencies}"
    );
    Package::from([
        ("Cargo.toml".into(), manifest),
        ("src/lib.rs".into(), String::new()),
    ])
}
