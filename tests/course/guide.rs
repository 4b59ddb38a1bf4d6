//! The guide by name: each command, in both languages, and what it keeps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod course;
mod learner;

use std::fs;

use learner::Learner;
use predicates::prelude::*;
use predicates::str::contains;

/// What a command prints, in a language.
fn says(learner: &Learner, language: &str, arguments: &[&str]) -> String {
    let output = learner
        .guide(arguments)
        .env("ENCHUFE_LANG", language)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn without_a_terminal_it_lists_and_says_where_to_begin() {
    let learner = Learner::new("l1");

    for arguments in [&[][..], &["list"]] {
        learner
            .guide(arguments)
            .assert()
            .success()
            .stdout(contains("Lesson 1 · TCP client"))
            .stdout(contains("0 of 7 steps"))
            .stdout(contains("· Step 7 · Send and receive at once"))
            .stdout(contains("exercises/01-l1-client/src/main.rs:62"))
            .stdout(contains("cargo enchufe check l1-client --step 1"));
    }
    assert!(says(&learner, "es", &["list"]).contains("Lección 1 · Cliente TCP"));
}

#[test]
fn help_speaks_both_languages_and_shows_no_english_in_spanish() {
    let learner = Learner::new("l2");

    for command in [
        "",
        "check",
        "list",
        "hint",
        "read",
        "show",
        "solution",
        "reset",
        "language",
        "completions",
    ] {
        let arguments: Vec<&str> = [command, "--help"]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let english = says(&learner, "en", &arguments);
        let spanish = says(&learner, "es", &arguments);

        assert!(
            english.contains("Usage: cargo enchufe") && english.contains("Options:"),
            "{english}"
        );
        assert!(
            spanish.contains("Uso: cargo enchufe") && spanish.contains("Opciones:"),
            "{spanish}"
        );
        let is_english = [
            "Usage",
            "Options",
            "Print",
            "Commands",
            "[OPTIONS]",
            "possible values",
        ];
        assert!(
            !is_english.iter().any(|word| spanish.contains(word)),
            "{spanish}"
        );
    }
}

#[test]
fn a_wrong_argument_is_one_line_on_what_and_one_on_what_to_do() {
    let learner = Learner::new("l3");
    let wrong = [
        (&["chek"][..], "chek", "check"),
        (&["check", "--stepp", "1"], "--stepp", "--step"),
        (&["check", "--step", "0"], "0", "255"),
        (&["check", "--step", "99"], "99", "7"),
        (&["check", "nowhere"], "nowhere", "l3-client"),
        (&["check", "--format", "xml"], "xml", "junit"),
        (&["check", "--format"], "--format", "--help"),
        (&["check", "l3-client", "--all"], "--all", "--help"),
        (&["check", "--all", "--step", "1"], "--all", "--step"),
        (&["language", "xx"], "xx", "es"),
        (&["completions", "dos"], "dos", "bash"),
        (&["completions"], "SHELL", "--help"),
    ];

    for language in ["en", "es"] {
        for (arguments, what, remedy) in wrong {
            let mut guide = learner.guide(arguments);
            let assert = guide.env("ENCHUFE_LANG", language).assert();

            let assert = assert
                .code(2)
                .stdout("")
                .stderr(contains(what))
                .stderr(contains(remedy));
            let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
            assert!(said.lines().count() <= 2, "{said}");
            assert!(language == "en" || !said.contains("error:"), "{said}");
        }
    }
}

#[test]
fn hint_read_and_solution_show_what_the_page_holds() {
    let learner = Learner::new("l4");

    learner
        .guide(&["hint", "1", "--step", "3"])
        .assert()
        .success()
        .stdout(contains("Step 3 · Half-close"))
        .stdout(contains("Shutdown::Write"))
        .stdout(contains("<details").not());
    learner
        .guide(&["read", "l4-client", "--step", "2"])
        .assert()
        .success()
        .stdout(predicate::str::starts_with(
            "Step 2 · Send the whole message",
        ));
    learner
        .guide(&["solution"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("not solved yet"));
    learner
        .guide(&["solution", "--yes"])
        .assert()
        .success()
        .stdout(learner.solution());
    assert!(says(&learner, "es", &["hint", "01-l4-client", "--step", "3"]).contains("Paso 3"));
    assert!(says(&learner, "es", &["read", "1"]).contains("Cliente TCP"));
}

#[test]
fn check_grades_the_exercise_or_another_program() {
    let learner = Learner::new("l5");

    learner
        .guide(&["check"])
        .assert()
        .code(1)
        .stdout(contains("· Step 1 · Connect\n"))
        .stdout(contains("exercises/01-l5-client/src/main.rs:62"));
    let solution = course::target().join("debug/l5-client-solution");
    let program = format!("'{}'", solution.display());
    learner
        .guide(&["check", "--program", &program])
        .assert()
        .success()
        .stdout(contains("✔ Step 7"))
        .stdout(contains("Solved: Lesson 1"));
    assert!(
        !learner.progress().contains("l5-client/1"),
        "another program solves nothing"
    );
    learner
        .guide(&["check", "--program", "no-such-program", "--step", "1"])
        .assert()
        .code(1)
        .stdout(contains("no-such-program"));
    learner.saves(&learner.solution());
    learner
        .guide(&["check", "1"])
        .env("ENCHUFE_LANG", "es")
        .assert()
        .success()
        .stdout(contains("Resuelta: Lección 1"));
    assert!(learner.progress().contains("l5-client/7"));
    learner
        .guide(&["solution", "1"])
        .assert()
        .success()
        .stdout(learner.solution());
    learner
        .guide(&["show", "--step", "1"])
        .assert()
        .success()
        .stdout(contains("your program").and(contains("│")));
    for (language, connects) in [
        ("en", "your program: connects"),
        ("es", "tu programa: se conecta"),
    ] {
        let spoken = says(&learner, language, &["show", "1", "--step", "1", "--plain"]);
        assert!(spoken.contains(connects), "{spoken}");
        assert!(!spoken.contains(['│', '─', '├']), "{spoken}");
    }
    learner.saves("fn main() { no }\n");
    learner
        .guide(&["check", "1"])
        .assert()
        .code(1)
        .stdout(contains("cannot find value `no`"));
    assert!(
        learner.progress().contains("l5-client/7"),
        "what was solved stays solved"
    );
}

#[test]
fn json_and_junit_name_each_step_by_a_stable_id() {
    let learner = Learner::new("l6");
    let lesson = course::Lesson {
        name: "01-tcp-client".into(),
    };
    let (_, diff) = lesson.patch("mistakes", "no-half-close");
    let wrong = diffy::apply(&learner.solution(), &diffy::Patch::from_str(&diff).unwrap()).unwrap();
    learner.saves(&wrong);

    let json = learner
        .guide(&["check", "--format", "json"])
        .assert()
        .code(1);
    let json: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    let junit = learner
        .guide(&["check", "--format", "junit"])
        .assert()
        .code(1);
    let junit = String::from_utf8(junit.get_output().stdout.clone()).unwrap();

    assert_eq!(json["passed"], false);
    let steps = json["lessons"][0]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 7);
    assert_eq!(steps[0]["id"], "l6-client/1");
    assert_eq!(steps[0]["state"], "passed");
    assert_eq!(steps[2]["id"], "l6-client/3");
    assert_eq!(steps[2]["state"], "failed");
    assert_eq!(steps[2]["mistake"], "no-half-close");
    assert!(steps[2]["time"].as_f64().unwrap() > 0.0);
    assert!(junit.contains("<testcase name=\"l6-client/1\""), "{junit}");
    assert!(junit.contains("type=\"no-half-close\""), "{junit}");

    learner.saves("fn main() {\n");
    let broken = learner
        .guide(&["check", "--format", "json"])
        .assert()
        .code(1);
    let broken: serde_json::Value = serde_json::from_slice(&broken.get_output().stdout).unwrap();
    assert_eq!(broken["lessons"][0]["steps"][0]["state"], "not-run");
    assert!(
        broken["lessons"][0]["errors"]
            .as_str()
            .unwrap()
            .contains("unclosed")
    );
}

#[test]
fn reset_keeps_the_learners_file_and_brings_the_stub_back() {
    let learner = Learner::new("l7");
    let stub = fs::read_to_string(learner.exercise()).unwrap();
    learner
        .guide(&["reset", "1"])
        .assert()
        .success()
        .stdout(contains("nothing to do"));
    learner.saves("// mine\n");

    learner
        .guide(&["reset", "1"])
        .env("PATH", "/nowhere")
        .assert()
        .code(1)
        .stdout(contains("git"));
    assert_eq!(fs::read_to_string(learner.exercise()).unwrap(), "// mine\n");
    learner
        .guide(&["reset", "1"])
        .env("GIT_CEILING_DIRECTORIES", learner.root.parent().unwrap())
        .assert()
        .code(1)
        .stdout(contains("history"));
    learner.saves(&stub);
    if !(learner.git(&["init", "-q"])
        && learner.git(&["add", "."])
        && learner.git(&["commit", "-qm", "course"]))
    {
        eprintln!("not run here: reset from git's history: there is no git");
        return;
    }
    learner.saves("// mine\n");
    assert!(learner.git(&["commit", "-qam", "work"]));

    for number in 1..=2 {
        learner.saves(&format!("// mine {number}\n"));
        learner
            .guide(&["reset", "--all"])
            .assert()
            .success()
            .stdout(contains("Your version is kept"));

        assert_eq!(fs::read_to_string(learner.exercise()).unwrap(), stub);
        let kept = fs::read_dir(learner.exercise().parent().unwrap()).unwrap();
        let kept: Vec<String> = kept
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with("main.rs"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        assert_eq!(kept.len(), number);
        assert!(kept.contains(&format!("// mine {number}\n")));
    }
}

#[test]
fn the_variable_beats_the_choice_and_the_choice_beats_the_locale() {
    let learner = Learner::new("l8");
    learner
        .guide(&["language"])
        .env("LC_ALL", "es_MX.UTF-8")
        .assert()
        .stdout(contains("es ·"));

    learner
        .guide(&["language", "es"])
        .assert()
        .success()
        .stdout(contains("español"));

    learner
        .guide(&["language"])
        .assert()
        .stdout(contains("es · según tu elección"));
    learner
        .guide(&["list"])
        .env("LC_ALL", "en_US.UTF-8")
        .assert()
        .stdout(contains("Lección"));
    learner
        .guide(&["list"])
        .env("ENCHUFE_LANG", "en")
        .assert()
        .stdout(contains("Lesson"));
    learner
        .guide(&["language", "es"])
        .env("ENCHUFE_LANG", "en")
        .assert()
        .stdout(contains("ENCHUFE_LANG"));
}

#[test]
fn a_record_that_is_damaged_or_newer_is_set_aside() {
    for (name, text, said) in [
        ("l9", "{\"version\": 1, \"solved\": [\"x", "damaged"),
        ("l10", "{\"version\": 7, \"solved\": {\"x\": 1}}", "newer"),
        ("l11", "\u{0}\u{0}\u{0}", "damaged"),
    ] {
        let learner = Learner::new(name);
        fs::create_dir_all(learner.state().parent().unwrap()).unwrap();
        fs::write(learner.state(), text).unwrap();

        learner
            .guide(&["list"])
            .assert()
            .success()
            .stderr(contains(said));

        learner.guide(&["list"]).assert().success().stderr("");
        let folder = fs::read_dir(learner.state().parent().unwrap()).unwrap();
        let mut texts = folder.map(|entry| fs::read(entry.unwrap().path()).unwrap());
        assert!(texts.any(|kept| kept == text.as_bytes()), "nothing is lost");
    }
}

#[test]
fn lessons_that_are_gone_stay_in_the_record_and_confuse_nobody() {
    let learner = Learner::new("l12");
    fs::create_dir_all(learner.state().parent().unwrap()).unwrap();
    let record = "{\"version\": 1, \"lesson\": \"gone\", \"solved\": [\"gone/1\", \"gone/2\", \"l12-client/1\", \"l12-client/99\"]}";
    fs::write(learner.state(), record).unwrap();

    learner
        .guide(&["list"])
        .assert()
        .success()
        .stdout(contains("1 of 7 steps"))
        .stdout(contains("Step 2 · Send"));

    learner.guide(&["reset", "2"]).assert().success();
    assert!(learner.progress().contains("gone/2"));
}

#[test]
fn completions_are_made_for_each_shell() {
    let learner = Learner::new("l13");

    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        learner
            .guide(&["completions", shell])
            .assert()
            .success()
            .stdout(contains("solution"));
    }
}

/// SIGKILL at random moments of commands that write: what was solved stays, and the next start works.
#[test]
#[cfg(unix)]
fn killed_at_200_moments_it_loses_no_solved_step() {
    use std::process::Stdio;
    use std::time::Duration;
    let learner = Learner::new("l14");
    learner.saves(&learner.solution());
    learner.guide(&["check", "1"]).assert().success();
    let solved: Vec<String> = (1..=7).map(|step| format!("l14-client/{step}")).collect();
    let mut random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);

    for round in 0..200 {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (arguments, longest) = match round % 4 {
            0 => (&["check", "1", "--step", "1"][..], 300_000),
            _ => (&["reset", "2"][..], 8_000), // which writes, and changes nothing of lesson 1
        };
        let mut guide = learner.process(arguments);
        let mut guide = guide
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moment = Duration::from_micros((random >> 33) % longest);
        #[expect(
            clippy::disallowed_methods,
            reason = "any moment is right: it is to be a random one"
        )]
        std::thread::sleep(moment);
        guide.kill().unwrap();
        guide.wait().unwrap();

        learner
            .guide(&["list"])
            .env("ENCHUFE_LANG", "en")
            .assert()
            .success()
            .stderr("")
            .stdout(contains("7 of 7 steps"));
        let record = learner.progress();
        assert!(
            solved.iter().all(|id| record.contains(id)),
            "round {round}: {record}"
        );
    }
}

#[test]
fn many_guides_at_once_do_not_damage_the_record() {
    let learner = Learner::new("l15");
    fs::create_dir_all(learner.state().parent().unwrap()).unwrap();
    fs::write(
        learner.state(),
        "{\"version\": 1, \"solved\": [\"l15-client/1\"]}",
    )
    .unwrap();

    std::thread::scope(|scope| {
        for _ in 0..20 {
            let learner = &learner;
            scope.spawn(move || learner.guide(&["reset", "2"]).assert().success().stderr(""));
        }
    });

    learner.guide(&["list"]).assert().success().stderr("");
    assert!(learner.progress().contains("l15-client/1"));
}
