//! The harness survives every program: each gets its verdict, and nothing of it is left.
//!
//! Each program carries a number of its own in its arguments, by which it is found again.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use crate::lessons;
use crate::workshop::{self, workshop};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_default;

/// Long enough for any machine: whoever needs this long hangs.
const FOR_EVER: Duration = Duration::from_secs(120);

#[test]
fn one_that_hangs_is_ended() {
    let name = name();
    let text = verdict(&format!("sh -c 'exec sleep {name}'"), "step_1::connects");
    assert!(text.contains("never connected"), "{text}");
    expect_gone(&name);
}

#[test]
fn one_that_ignores_signals_is_ended() {
    let name = name();
    let command = format!("sh -c 'trap \"\" TERM INT HUP; sleep {name}; sleep {name}'");
    let text = verdict(&command, "step_1::connects");
    assert!(text.contains("never connected"), "{text}");
    expect_gone(&name);
}

#[test]
fn one_that_prints_for_ever_is_ended() {
    for stream in ["", ">&2"] {
        let name = name();
        let command = format!("sh -c 'yes {name} {stream}'");
        let text = verdict(&command, "step_5::explains_that_a_host_is_unknown");
        assert!(
            text.contains("more than any program of this course"),
            "{text}"
        );
        expect_gone(&name);
    }
}

#[test]
fn one_that_closes_its_output_is_ended() {
    let name = name();
    let command = format!("sh -c 'exec >&- 2>&-; sleep {name}'");
    let text = verdict(&command, "step_5::explains_that_a_host_is_unknown");
    assert!(text.contains("should have ended by now"), "{text}");
    expect_gone(&name);
}

#[test]
fn one_that_leaves_a_child_with_its_output_and_a_port_is_told_so() {
    let name = name();
    let program = hostile();
    let command = format!("'{program}' {name}");
    let text = verdict(&command, "step_5::explains_that_a_host_is_unknown");
    assert!(text.contains("left a process behind"), "{text}");
    expect_gone(&name);
}

#[test]
fn one_that_forks_away_does_not_escape() {
    let name = name();
    let command = format!("sh -c '(setsid sleep {name} >/dev/null 2>&1 &) ; exit 3'");
    let text = verdict(&command, "step_1::connects");
    assert!(text.contains("ended before it connected"), "{text}");
    assert!(text.contains("exits with code 3"), "{text}");
    expect_gone(&name);
}

#[test]
fn one_that_kills_its_guard_does_not_escape() {
    let name = name();
    let command = format!("sh -c 'kill -9 $PPID; sleep {name}; true'");
    verdict(&command, "step_1::connects");
    expect_gone(&name);
}

#[test]
fn one_that_kills_its_own_group_is_told_so() {
    let text = verdict("sh -c 'kill -9 0'", "step_1::connects");
    assert!(text.contains("killed by signal 9"), "{text}");
}

#[test]
fn one_that_exits_at_once_is_told_so() {
    let text = verdict("true", "step_1::connects");
    assert!(text.contains("ended before it connected"), "{text}");
    assert!(text.contains("exits with code 0"), "{text}");
}

#[test]
fn one_that_is_killed_by_a_signal_is_told_so() {
    let text = verdict("sh -c 'kill -SEGV $$'", "step_1::connects");
    assert!(text.contains("killed by signal 11"), "{text}");
    assert!(text.contains("#panics"), "{text}");
}

#[test]
fn one_that_cannot_be_run_is_said_so_in_one_line() {
    for command in ["./no-such-program", "no-such-program", "README.md"] {
        let text = verdict(command, "step_1::connects");
        let lines = text
            .lines()
            .filter(|line| line.contains("can't be run"))
            .count();
        assert_eq!(lines, 1, "{text}");
        assert!(!text.contains("connects ───"), "a picture: {text}");
    }
}

#[test]
fn a_command_line_that_is_none_is_said_so_in_one_line() {
    let text = verdict("'not closed", "step_1::connects");
    assert_eq!(text.matches("holds no command line").count(), 1, "{text}");
}

#[test]
fn nothing_survives_a_grader_that_is_killed() {
    for signal in ["INT", "TERM", "KILL"] {
        let name = name();
        let mut grader = start(
            &format!("sh -c 'setsid sleep {name} & sleep {name}'"),
            "step_1::connects",
            "100",
        );
        wait_until(|| processes(&name) >= 2, "the program has started");

        let id = grader.id().to_string();
        assert!(
            Command::new("kill")
                .args([&format!("-{signal}"), &id])
                .status()
                .unwrap()
                .success()
        );

        wait_until(
            || grader.try_wait().unwrap().is_some(),
            "the grader has ended",
        );
        expect_gone(&name);
    }
}

/// A number that no other process has among its arguments.
fn name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("99{}.{next:03}", std::process::id())
}

fn hostile() -> String {
    let mut cargo = workshop::cargo(&crate::root());
    let built = cargo
        .args(["build", "-p", "enchufe-harness", "--example", "hostile"])
        .status();
    assert!(built.unwrap().success());
    let program = workshop::target().join("debug/examples/hostile");
    program.display().to_string()
}

/// The grader of lesson 1.
fn grader() -> &'static Path {
    let lessons = lessons();
    let client = lessons.iter().find(|lesson| lesson.id == "tcp-client");
    workshop().grader(client.unwrap())
}

/// Starts a grader that signals end, even where whoever runs the tests ignores them, as `nohup` and a
/// shell's `&` do: an ignored signal stays ignored in the grader, a handled one gets its default.
fn start(command: &str, test: &str, patience: &str) -> Child {
    static HANDLED: Once = Once::new();
    HANDLED.call_once(|| {
        for signal in [SIGINT, SIGTERM] {
            register_conditional_default(signal, Arc::new(AtomicBool::new(true))).unwrap();
        }
    });
    Command::new(grader())
        .args(["--exact", test])
        .current_dir(crate::root())
        .env("ENCHUFE_PROGRAM", command)
        .env("ENCHUFE_LANG", "en")
        .env("ENCHUFE_PATIENCE", patience)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the grader says of a command line, which it must reject.
fn verdict(command: &str, test: &str) -> String {
    let grader = start(command, test, "0.1");
    let id = grader.id().to_string();
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let guard = std::thread::spawn(move || {
        let hangs =
            is_done.recv_timeout(FOR_EVER) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
        if hangs {
            Command::new("kill").args(["-9", &id]).status().unwrap();
        }
        hangs
    });
    let output = grader.wait_with_output().unwrap();
    drop(done);
    assert!(!guard.join().unwrap(), "the grader hangs on {command}");
    assert!(!output.status.success(), "the grader accepts {command}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn expect_gone(name: &str) {
    wait_until(|| processes(name) == 0, "nothing is left of the program");
}

fn wait_until(mut done: impl FnMut() -> bool, what: &str) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < FOR_EVER, "waited in vain until {what}");
        #[expect(clippy::disallowed_methods, reason = "between two looks at /proc")]
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// How many processes have this among their arguments, the graders aside.
fn processes(name: &str) -> usize {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines
        .filter(|line| {
            String::from_utf8_lossy(line)
                .split('\0')
                .any(|word| word == name)
        })
        .count()
}
