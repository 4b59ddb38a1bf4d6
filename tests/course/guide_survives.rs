//! The guide survives what programs, learners and systems do to it.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;

use crate::learner::Learner;

const HANGS: &str = "fn main() {\n    loop {\n        std::thread::park();\n    }\n}\n";

/// A program that tells the terminal to clear itself, to take a title and to turn the writing.
const COMMANDS_THE_TERMINAL: &str = r#"fn main() {
    eprintln!("\x1b[2J\x1b]0;title\x07 \u{202e} \u{fffe}");
    std::process::exit(3);
}
"#;

#[test]
fn what_a_program_says_is_no_command_to_the_terminal() {
    let learner = Learner::new("commands");
    learner.saves(COMMANDS_THE_TERMINAL);

    let terminal = learner.terminal(80, &[], &[]);
    terminal.shows(&["✘ Step 1 · Connect", r"\u{1b}[2J\u{1b}]0;title\u{7}"]);
    let raw = terminal.raw();
    assert!(
        !raw.contains("\x1b]0;") && !raw.contains('\u{202e}'),
        "{raw:?}"
    );
    drop(terminal);

    for format in ["text", "json", "junit"] {
        let output = learner.guide(&["check", "1", "--format", format]).output();
        let text = String::from_utf8(output.unwrap().stdout).unwrap();
        assert!(
            !text.contains(['\x1b', '\x07', '\u{202e}', '\u{fffe}']),
            "{text:?}"
        );
    }
}

#[test]
fn keys_that_come_at_once_are_all_answered() {
    let learner = Learner::new("at-once");
    let mut terminal = learner.terminal(80, &[], &[]);
    terminal.shows(&["not begun"]);

    for keys in ["p ", "p\x1b[B", "p\x1b[6~\x1b[C"] {
        terminal.presses(keys);
        terminal.shows(&["scroll · q back"]);
        terminal.presses("q");
        terminal.shows(&["q quit"]);
    }
}

#[test]
fn read_aloud_each_verdict_is_told_when_it_is_known_and_nothing_twice() {
    let learner = Learner::new("aloud");
    learner.saves(HANGS);
    let environment = [("ENCHUFE_PATIENCE", "1000"), ("ENCHUFE_LANG", "en")];
    let mut terminal = learner.terminal(200, &["--plain"], &environment);
    terminal.shows(&["building …"]);
    let one = learner.checkpoint(1);

    learner.saves(&one.replace(
        "todo!(",
        "loop { std::thread::park() } #[allow(unreachable_code)] todo!(",
    ));
    terminal.shows(&["Step 1 · Connect: passed"]);
    terminal.presses("h\n");
    terminal.shows(&["Step 2 · Send the whole message", "q to go back"]);
    terminal.presses("q\n");
    learner.saves(&one);
    terminal.shows(&["Step 2 · Send the whole message: not begun", "Next: save"]);
    learner.saves(&learner.solution());
    terminal.shows(&["Solved: Lesson 1"]);
    terminal.presses("q\n");

    assert!(terminal.ends());
    let raw = terminal.raw();
    assert_eq!(raw.matches("r run again, q quit.").count(), 2, "{raw}"); // while a step is open, and solved
    assert_eq!(
        raw.matches("Step 3 · Half-close: not begun").count(),
        1,
        "{raw}"
    );
}

#[test]
fn a_terminal_that_only_prints_is_not_drawn_on() {
    let learner = Learner::new("dumb");

    let mut terminal = learner.terminal(80, &[], &[("TERM", "dumb")]);
    terminal.shows(&["Step 1 · Connect: not begun", "Next: save"]);
    terminal.presses("q\n");

    assert!(terminal.ends());
    assert!(!terminal.raw().contains('\x1b'), "{:?}", terminal.raw());
}

#[test]
fn whoever_starts_the_guide_reads_what_became_of_a_damaged_record() {
    let learner = Learner::new("notice");
    fs::create_dir_all(learner.state().parent().unwrap()).unwrap();
    fs::write(learner.state(), "damaged").unwrap();

    let terminal = learner.terminal(80, &[], &[]);

    terminal.shows(&["The record of your progress was damaged", "q quit"]);
}

#[test]
fn records_that_are_damaged_in_the_same_second_are_all_kept() {
    let learner = Learner::new("seconds");
    let folder = learner.state().parent().unwrap().to_owned();
    for number in 0..4 {
        fs::create_dir_all(&folder).unwrap();
        fs::write(learner.state(), format!("damaged {number}")).unwrap();
        learner.guide(&["list"]).assert().success();
    }
    fs::create_dir_all(learner.state()).unwrap();
    learner
        .guide(&["list"])
        .assert()
        .success()
        .stderr(contains("damaged"));

    let files: Vec<_> = fs::read_dir(folder).unwrap().flatten().collect();
    let texts = files.iter().map(|file| fs::read_to_string(file.path()));
    let mut texts: Vec<String> = texts.flatten().collect();
    texts.sort();
    assert_eq!(texts, ["damaged 0", "damaged 1", "damaged 2", "damaged 3"]);
    assert_eq!(files.len(), 5, "a folder of that name is set aside too");
}

#[test]
fn a_grade_counts_also_where_it_cannot_be_kept() {
    let learner = Learner::new("unkept");
    learner.saves(&learner.solution());
    fs::write(learner.root.join(".enchufe"), "in the way").unwrap();

    let check = learner
        .guide(&["check", "1", "--format", "json"])
        .assert()
        .success()
        .stderr(contains("progress can't be kept"));

    let json: serde_json::Value = serde_json::from_slice(&check.get_output().stdout).unwrap();
    assert_eq!(json["passed"], true);
}

#[test]
fn a_program_that_is_none_is_no_grade_of_the_exercise() {
    let learner = Learner::new("none");
    learner.saves(&learner.solution());

    for program in ["", "  ", "\"open"] {
        learner
            .guide(&["check", "1", "--program", program])
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains("--program needs a command line"));
    }
    let check = ["check", "1", "--step", "1", "--format"];
    let json = learner
        .guide(&[&check[..], &["json", "--program", "/no/such"]].concat())
        .assert()
        .code(1);
    let json: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    let step = &json["lessons"][0]["steps"][0];
    assert_eq!(step["mistake"], "cannot-run");
    assert!(step["reason"].as_str().unwrap().contains("/no/such"));
    learner
        .guide(&[&check[..], &["junit", "--program", "/no/such"]].concat())
        .assert()
        .code(1)
        .stdout(contains("type=\"cannot-run\"").and(contains("/no/such")));

    learner.saves("fn main() {\n");
    let json = learner
        .guide(&["check", "1", "--step", "3", "--format", "json"])
        .assert()
        .code(1);
    let json: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!(json["lessons"][0]["steps"].as_array().unwrap().len(), 1);
    assert_eq!(json["lessons"][0]["steps"][0]["id"], "tiny-client/3");
}

/// What `/proc` shows.
#[cfg(target_os = "linux")]
mod on_linux {
    use std::fs;
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use super::{HANGS, Learner};

    #[test]
    fn nothing_of_a_check_that_is_interrupted_is_left() {
        let learner = Learner::new("interrupted");
        learner.saves(HANGS);
        let mut check = learner.process(&["check", "1"]);
        let mut check = check
            .env("ENCHUFE_PATIENCE", "1000")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let id = rustix::process::Pid::from_raw(check.id().cast_signed()).unwrap();
        let is_graded = || processes("interrupted/target/debug/tiny-client") > 0;
        waits_until(is_graded, "the program runs");

        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();

        check.wait().unwrap();
        waits_until(|| processes("interrupted") == 0, "nothing is left");
    }

    #[track_caller]
    fn waits_until(is_so: impl Fn() -> bool, what: &str) {
        let start = Instant::now();
        while !is_so() {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "in vain: {what}"
            );
            #[expect(clippy::disallowed_methods, reason = "between two looks at /proc")]
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// How many processes have this in their arguments.
    fn processes(text: &str) -> usize {
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        lines
            .filter(|line| String::from_utf8_lossy(line).contains(text))
            .count()
    }
}
