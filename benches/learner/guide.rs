//! The guide in a terminal, in a copy of the course that saves can be made in.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use enchufe_syllabus::{Lesson, root};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::median;

/// Longer than the first build takes.
const PATIENCE: Duration = Duration::from_secs(180);

/// From saving lesson 1's solution to the verdict of its first step, and to that of the whole lesson. Each time
/// another number stands in the program, so that it is another program.
pub fn waits(runs: usize) -> (Duration, Duration) {
    let copy = copy_of_the_course();
    let lesson = Lesson::named("tcp-client").unwrap();
    let solution = fs::read_to_string(root().join(&lesson.solution)).unwrap();
    let lines = solution.lines().filter(|line| !line.starts_with("#[path"));
    let solution = lines.collect::<Vec<_>>().join("\n"); // args.rs stands beside the exercise
    let mut guide = Guide::start(&copy);
    guide.waits_for("Next:");
    let measured: Vec<_> = (0..runs)
        .map(|number| {
            let source = format!("{solution}\npub const NUMBER: usize = {number};\n");
            guide.seen.clear();
            let start = Instant::now();
            fs::write(copy.join(lesson.exercise()), source).unwrap();
            guide.waits_for("Connect: passed");
            let first = start.elapsed();
            guide.waits_for("Solved:");
            (first, start.elapsed())
        })
        .collect();
    let first = median(measured.iter().map(|&(first, _)| first));
    (first, median(measured.iter().map(|&(_, whole)| whole)))
}

/// A copy in the target folder, with the learner in lesson 1.
fn copy_of_the_course() -> PathBuf {
    let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("course");
    let parts = [
        ".cargo",
        "Cargo.lock",
        "Cargo.toml",
        "benches",
        "docs",
        "exercises",
        "solutions",
        "src",
        "tests",
    ];
    for part in parts {
        copied(&root().join(part), &copy.join(part));
    }
    fs::create_dir_all(copy.join(".enchufe")).unwrap();
    let progress = r#"{"version":1,"lesson":"tcp-client","solved":[]}"#;
    fs::write(copy.join(".enchufe/progress.json"), progress).unwrap();
    copy
}

fn copied(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copied(&from.join(&name), &to.join(&name));
        }
    } else if fs::read(to).ok() != fs::read(from).ok() {
        fs::copy(from, to).unwrap(); // what is the same keeps its date, and is not built again
    }
}

/// The guide that prints instead of drawing, and what it has printed.
struct Guide {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    _terminal: Box<dyn MasterPty + Send>,
    _input: Box<dyn Write + Send>,
}

impl Guide {
    fn start(course: &Path) -> Self {
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_enchufe"));
        command.arg("--plain");
        command.cwd(course);
        command.env("ENCHUFE_LANG", "en");
        command.env("ENCHUFE_ROOT", course);
        command.env("CARGO_TARGET_DIR", course.join("target")); // not that of the course itself
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (told, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(size @ 1..) = reader.read(&mut bytes) {
                if told.send(bytes[..size].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            output,
            seen: Vec::new(),
            _input: pair.master.take_writer().unwrap(),
            _terminal: pair.master,
        }
    }

    fn waits_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !String::from_utf8_lossy(&self.seen).contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(_) => panic!(
                    "waited for {text:?}: {}",
                    String::from_utf8_lossy(&self.seen)
                ),
            }
        }
    }
}

impl Drop for Guide {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}
