//! The guide in a terminal: what it shows, its keys, and how it leaves the terminal.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod course;
mod learner;

use learner::Learner;
use learner::terminal::Terminal;

/// The solution with its later steps still to do.
fn cut(learner: &Learner, step: u8) -> String {
    let lesson = course::Lesson {
        name: "01-tcp-client".into(),
    };
    let (_, diff) = lesson.patch("cuts", &format!("after-step-{step}"));
    diffy::apply(&learner.solution(), &diffy::Patch::from_str(&diff).unwrap()).unwrap()
}

const HANGS: &str = "fn main() {\n    loop {\n        std::thread::park();\n    }\n}\n";

#[test]
fn the_first_time_it_welcomes_and_says_where_to_begin() {
    let learner = Learner::new("first");

    let terminal = learner.terminal(80, &[], &[]);

    let screen = terminal.shows(&[
        "network sockets in Rust",
        "· Step 1 · Connect",
        "0 of 12 steps",
        "not begun",
    ]);
    let last = screen.lines().last().unwrap().trim_end();
    assert_eq!(last, "Next: save exercises/01-first-client/src/main.rs:62");
    terminal.expect_printed("\x1b]8;;file:///");
    terminal
        .expect_printed("gu%C3%ADa%20de%20prueba/first/exercises/01-first-client/src/main.rs\x1b\\");
}

#[test]
fn a_save_is_graded_and_progress_stays() {
    let learner = Learner::new("save");
    let mut terminal = learner.terminal(80, &[], &[]);
    terminal.shows(&["not begun"]);

    learner.saves(&cut(&learner, 2));
    terminal.shows(&[
        "✔ Step 1 · Connect",
        "✔ Step 2",
        "· Step 3 · Half-close",
        "2 of 12 steps",
        "not begun",
    ]);
    learner.saves("fn main() { let x: u8 = \"\"; }\n");
    terminal.shows(&["mismatched types", "2 of 12 steps"]);
    learner.saves(&learner.solution());
    terminal.shows(&[
        "Solved: Lesson 1",
        "7 of 12 steps",
        "What comes next",
        "press n for the next lesson",
    ]);
    terminal.presses("n");
    terminal.shows(&["Step 1 · Receive a stream", "not begun"]);
    terminal.presses("q");
    assert!(terminal.ends());
    assert!(terminal.is_restored());

    let again = learner.terminal(80, &[], &[]);
    again.shows(&["7 of 12 steps", "Step 1 · Receive a stream"]);
}

#[test]
fn a_failure_is_explained_with_its_picture() {
    let learner = Learner::new("failure");
    let lesson = course::Lesson {
        name: "01-tcp-client".into(),
    };
    let (_, diff) = lesson.patch("mistakes", "single-read");
    let wrong = diffy::apply(&learner.solution(), &diffy::Patch::from_str(&diff).unwrap()).unwrap();
    learner.saves(&wrong);

    let terminal = learner.terminal(80, &[], &[("ENCHUFE_LANG", "es")]);

    terminal.shows(&["✘ Paso 4", "Una lectura no es"]);
}

#[test]
fn keys_answer_while_a_program_hangs_and_a_save_cancels_the_run() {
    let learner = Learner::new("hangs");
    learner.saves(HANGS);
    let mut terminal = learner.terminal(80, &[], &[("ENCHUFE_PATIENCE", "1000")]);
    terminal.shows(&["grading …"]);

    terminal.presses("h");
    terminal.shows(&["h: read more", "Look up"]);
    terminal.presses("h");
    terminal.shows(&["They are the same."]);
    terminal.presses("l");
    terminal.shows(&["▶", "Step 1 · Receive a stream"]);
    terminal.presses("qp");
    terminal.shows(&["Step 1 · Connect", "Fill in `connect`."]);
    terminal.presses("qi");
    terminal.shows(&["calificando …", "0 de 12 pasos"]);
    terminal.presses("qi");
    drop(terminal);

    let mut terminal = learner.terminal(
        80,
        &[],
        &[("ENCHUFE_PATIENCE", "1000"), ("ENCHUFE_LANG", "en")],
    );
    terminal.shows(&["grading …"]);
    learner.saves(&cut(&learner, 1));
    terminal.shows(&["✔ Step 1 · Connect", "· Step 2"]);
    terminal.presses("q");
    assert!(terminal.ends());
}

#[test]
fn the_list_is_searched_and_jumped_from() {
    let learner = Learner::new("list");
    let mut terminal = learner.terminal(80, &[], &[]);
    terminal.shows(&["not begun"]);

    terminal.presses("l");
    terminal.shows(&["Step 7", "Enter go there"]);
    terminal.presses("/datagram");
    terminal.hides(&["Step 1 · Connect"]);
    terminal.presses("\x1b[B\r");

    terminal.shows(&[
        "Step 5 · Explain a failure",
        "exercises/02-list-sockets/src/main.rs",
    ]);
}

#[test]
fn the_solution_is_shown_by_its_picture_and_its_code_after_a_question() {
    let learner = Learner::new("solution");
    let mut terminal = learner.terminal(120, &[], &[]);
    terminal.shows(&["not begun"]);

    terminal.presses("v");
    terminal.shows(&["solution-client-solution 127.0.0.1", "connects"]);
    terminal.presses("qs");
    terminal.shows(&["is not solved yet. Show the solution all the same?"]);
    terminal.presses("n");
    terminal.hides(&["all the same?"]);
    terminal.presses("sy");

    terminal.shows(&[
        "solutions/01-solution-client.rs",
        "│ exercises/01-solution-client/src/main.rs",
        "≠",
    ]);
    terminal.resizes(80);
    terminal.shows(&["solutions/01-solution-client.rs        │ exercises/01-solution-client"]);
}

#[test]
fn it_fits_in_40_columns_and_follows_a_resize() {
    let learner = Learner::new("narrow");
    let mut terminal = learner.terminal(80, &[], &[("ENCHUFE_LANG", "es")]);
    terminal.shows(&["sin empezar"]);

    terminal.resizes(40);

    let is_narrow = |screen: &str| {
        screen
            .lines()
            .all(|line| line.trim_end().chars().count() <= 40)
    };
    let screen = terminal.comes_to(is_narrow);
    let texts = ["Lección 1", "0 de 12 pasos", "Sigue: guarda", "main.rs:62"];
    let text = screen.replace('\n', ""); // a path that is wider than the screen goes on below
    assert!(texts.iter().all(|wanted| text.contains(wanted)), "{screen}");
}

#[test]
fn it_leaves_the_terminal_as_it_was_when_it_is_asked_to_end() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let learner = Learner::new("signal");
        let mut terminal = learner.terminal(80, &[], &[]);
        terminal.shows(&["Step 1 · Connect"]);
        assert!(!terminal.is_restored());

        let id = i32::try_from(terminal.child.process_id().unwrap()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(id).unwrap(), signal).unwrap();

        terminal.ends();
        assert!(terminal.is_restored());
    }
}

#[test]
fn it_can_be_paused_and_taken_up_again() {
    let learner = Learner::new("paused");
    let mut shell = learner.shell();
    let guide = env!("CARGO_BIN_EXE_enchufe");
    shell.presses(&format!("'{guide}'\n"));
    shell.shows(&["Step 1 · Connect", "q quit"]);

    shell.presses("\x1a");
    shell.shows(&["Stopped"]); // what a shell says of a paused job
    assert!(shell.is_restored());
    shell.presses("fg\n");

    shell.shows(&["Step 1 · Connect", "q quit"]);
    shell.presses("q");
    shell.comes_back();
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was_and_is_read_there() {
    let built = course::cargo(&course::root())
        .args(["build", "--example", "panics_in_a_terminal"])
        .status();
    assert!(built.unwrap().success());
    let program = course::target().join("debug/examples/panics_in_a_terminal");
    let mut terminal = Terminal::start(
        portable_pty::CommandBuilder::new(program),
        80,
        learner::terminal::ROWS,
    );

    terminal.ends();

    assert!(terminal.is_restored());
    terminal.shows(&["this is a panic"]);
    assert!(
        terminal.raw().contains("\x1b[?1049h"),
        "it was never entered: {}",
        terminal.raw()
    );
    let modes = terminal.pty.get_termios();
    let is_cooked = |modes: String| modes.contains("ECHO") && modes.contains("ICANON");
    assert!(modes.is_none_or(|modes| is_cooked(format!("{:?}", modes.local_flags))));
}

#[test]
fn without_colour_it_sends_none() {
    let learner = Learner::new("nocolor");

    let terminal = learner.terminal(80, &[], &[("NO_COLOR", "1")]);

    terminal.shows(&["not begun"]);
    let raw = terminal.raw();
    assert!(!raw.contains("\x1b[38;"), "{raw:?}");
}

#[test]
fn with_plain_it_draws_nothing_and_takes_lines() {
    let learner = Learner::new("plain");
    let mut terminal = learner.terminal(80, &["--plain"], &[]);

    terminal.shows(&["Step 1 · Connect: not begun"]);
    terminal.presses("h\n");
    terminal.shows(&["h: read more"]);
    terminal.presses("q\nq\n");

    assert!(terminal.ends());
    assert!(!terminal.raw().contains('\x1b'), "{:?}", terminal.raw());
}

#[test]
fn with_poll_it_finds_a_save_too() {
    let learner = Learner::new("poll");
    let terminal = learner.terminal(80, &["--poll"], &[]);
    terminal.shows(&["not begun"]);

    learner.saves(&cut(&learner, 1));

    terminal.shows(&["✔ Step 1 · Connect"]);
}

/// The screens in the READMEs, without what differs from one run or copy to another.
#[test]
fn the_readmes_show_what_the_guide_draws() {
    let learner = Learner::new("see");
    let lesson = course::Lesson {
        name: "01-tcp-client".into(),
    };
    let (_, diff) = lesson.patch("mistakes", "no-half-close");
    let patch = diffy::Patch::from_str(&diff).unwrap();
    learner.saves(&diffy::apply(&learner.solution(), &patch).unwrap());
    for (language, readme) in [("en", "README.md"), ("es", "README.es.md")] {
        let environment = [("ENCHUFE_LANG", language)];
        learner.guide(&["reset", "2"]).assert().success();
        let mut terminal = learner.terminal_of((80, 30), &[], &environment);
        terminal.shows(&["✔ 2  ✘ 3", "#no-half-close"]);
        let main = comparable(&terminal.hides(&["  … "]));
        terminal.presses("hh");
        let hint = comparable(&terminal.shows(&["stream.shutdown"]));

        let text = std::fs::read_to_string(course::root().join(readme)).unwrap();
        let shown: Vec<String> = text
            .split("```text\n")
            .skip(1)
            .map(|after| comparable(after.split("```").next().unwrap()))
            .collect();
        assert!(
            shown.contains(&main),
            "{readme} does not show this screen:\n{main}\nbut {shown:#?}"
        );
        assert!(
            shown.contains(&hint),
            "{readme} does not show this screen:\n{hint}\nbut {shown:#?}"
        );
    }
}

/// A copy's lessons have other names, as long as the course's; ports differ, and how many steps there are.
fn comparable(screen: &str) -> String {
    let line = |line: &str| {
        let line = line.trim_end().replace("see-", "tcp-");
        match line.split_once("127.0.0.1:") {
            Some((before, _)) => format!("{before}127.0.0.1:PORT"),
            None if line.starts_with(['█', '░']) => "BAR".into(),
            None => line,
        }
    };
    let lines: Vec<String> = screen
        .lines()
        .map(line)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}
