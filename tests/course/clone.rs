//! Copies of courses, with what was built of them.
//!
//! Cargo takes what it finds built if dates and paths below the root are the same. What was built of dependencies is
//! never written again, so a copy has it as a link to the same file. What was built of the course's own packages is
//! copied, since Cargo writes over it.

use std::fs;
use std::path::Path;

/// Packages whose files Cargo writes over: those of the lessons.
const OF_LESSONS: [&str; 4] = ["tiny-", "tiny_", "tcp-", "tcp_"];
/// What of a target folder is nobody else's: the course's own program and tests.
const OF_THE_COURSE: [&str; 5] = [
    "course",
    "libcourse",
    "enchufe-course",
    "learner",
    "panics_in",
];

/// Copies a course, with its target folder, and without its progress.
pub fn course(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match entry.file_name().to_str() {
            Some(".enchufe") => {}
            Some("target") => built(&from, &to, &is_of_a_lesson),
            _ if from.is_dir() => folder(&from, &to),
            _ => file(&from, &to),
        }
    }
}

/// Takes what was built of dependencies from one target folder to another one.
pub fn dependencies(from: &Path, to: &Path) {
    for part in ["deps", ".fingerprint", "build"] {
        let (from, to) = (from.join("debug").join(part), to.join("debug").join(part));
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(&from).unwrap() {
            let name = entry.unwrap().file_name();
            let text = name.to_string_lossy();
            let is_of_the_course = OF_THE_COURSE.iter().any(|begin| text.starts_with(begin));
            let is_a_program = part == "deps" && !text.contains('.');
            if !is_of_the_course && !is_a_program {
                built(&from.join(&name), &to.join(&name), &|_| false);
            }
        }
    }
}

fn is_of_a_lesson(name: &str) -> bool {
    let name = name.strip_prefix("lib").unwrap_or(name);
    OF_LESSONS.iter().any(|begin| name.starts_with(begin))
}

/// Links what was built, and copies what is of a lesson.
fn built(from: &Path, to: &Path, is_written_over: &dyn Fn(&str) -> bool) {
    let name = from.file_name().unwrap_or_default().to_string_lossy();
    if is_written_over(&name) || name == ".enchufe" {
        if from.is_dir() {
            return folder(from, to);
        }
        return file(from, to);
    }
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            if name != "incremental" {
                built(&from.join(&name), &to.join(&name), is_written_over);
            }
        }
    } else if fs::hard_link(from, to).is_err() {
        file(from, to); // another file system
    }
}

/// Copies a folder. What is a link in it, is a link in the copy.
pub fn folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        let (from, to) = (from.join(&name), to.join(&name));
        match from.is_dir() && !from.is_symlink() {
            true => folder(&from, &to),
            false => file(&from, &to),
        }
    }
}

/// Copies a file with its date.
fn file(from: &Path, to: &Path) {
    #[cfg(unix)]
    if from.is_symlink() {
        std::os::unix::fs::symlink(fs::read_link(from).unwrap(), to).unwrap();
        return;
    }
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
    let date = fs::metadata(from).unwrap().modified().unwrap();
    let copy = fs::File::options().append(true).open(to).unwrap();
    copy.set_modified(date).unwrap();
}
