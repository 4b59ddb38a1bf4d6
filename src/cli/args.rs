//! The command line, in the learner's language: what clap says by itself is English.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use clap::builder::{PossibleValuesParser, StyledStr};
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use enchufe_syllabus::{Language, Words};

/// How the learner starts the guide.
pub const NAME: &str = "cargo enchufe";

/// The commands, and whether each takes a lesson and a step.
const COMMANDS: [(&str, bool, bool); 9] = [
    ("check", true, true),
    ("list", false, false),
    ("hint", true, true),
    ("read", true, true),
    ("show", true, true),
    ("solution", true, false),
    ("reset", true, false),
    ("language", false, false),
    ("completions", false, false),
];

/// The command line as clap knows it.
pub fn command(words: &Words) -> Command {
    let mut command = frame(Command::new("enchufe"), words, "")
        .bin_name(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .args_override_self(true)
        .arg(flag("version", words).short('V').action(ArgAction::Version))
        .arg(flag("plain", words).global(true).action(ArgAction::SetTrue))
        .arg(flag("poll", words).action(ArgAction::SetTrue))
        .override_usage(words.say("usage", &[]));
    for (name, takes_lesson, takes_step) in COMMANDS {
        let mut sub = frame(Command::new(name), words, name);
        let mut usage = format!("{NAME} {name}");
        if takes_lesson {
            sub = sub.arg(value("lesson", words.say("value-lesson", &[]), words).required(false));
            usage += &format!(" [{}]", words.say("value-lesson", &[]));
        }
        if takes_step {
            let step = option("step", words).value_parser(value_parser!(u8).range(1..));
            sub = sub.arg(step);
            usage += " [--step N]";
        }
        (sub, usage) = extended(name, sub, usage, words);
        command = command.subcommand(sub.override_usage(usage));
    }
    command
}

/// What only this command takes.
fn extended(name: &str, sub: Command, usage: String, words: &Words) -> (Command, String) {
    let all = || {
        flag("all", words)
            .action(ArgAction::SetTrue)
            .conflicts_with("lesson")
    };
    match name {
        "check" => (
            sub.arg(all())
                .arg(option("program", words))
                .arg(option("format", words).value_parser(["text", "json", "junit"])),
            format!(
                "{usage} [--all] [--program {}] [--format text|json|junit]",
                words.say("value-command", &[])
            ),
        ),
        "solution" => (
            sub.arg(flag("yes", words).action(ArgAction::SetTrue)),
            usage + " [--yes]",
        ),
        "reset" => (sub.arg(all()), usage.replace(']', " | --all]")),
        "language" => {
            let names = Language::all();
            let names: Vec<String> = names.iter().map(|one| one.name().to_owned()).collect();
            let usage = format!("{usage} [{}]", names.join("|"));
            let language =
                value("language", words.say("value-language", &[]), words).required(false);
            (
                sub.arg(
                    language
                        .ignore_case(true)
                        .value_parser(PossibleValuesParser::new(names)),
                ),
                usage,
            )
        }
        "completions" => (
            sub.arg(
                value("shell", words.say("value-shell", &[]), words)
                    .value_parser(value_parser!(clap_complete::Shell)),
            ),
            usage + " SHELL",
        ),
        _ => (sub, usage),
    }
}

/// What all commands have in common: headings and help in the learner's language.
fn frame(command: Command, words: &Words, name: &str) -> Command {
    let about = match name {
        "" => words.say("about", &[]),
        _ => words.say(&format!("about-{name}"), &[]),
    };
    let usage = words.say("heading-usage", &[]);
    let template = format!("{{about}}\n\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}\n");
    command
        .about(about)
        .help_template(template)
        .subcommand_help_heading(words.say("heading-commands", &[]))
        .disable_help_flag(true)
        .hide_possible_values(true)
        .disable_help_subcommand(true)
        .arg(flag("help", words).short('h').action(ArgAction::Help))
}

fn flag(name: &'static str, words: &Words) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help(name, words))
        .help_heading(words.say("heading-options", &[]))
}

fn option(name: &'static str, words: &Words) -> Arg {
    let shown = match name {
        "step" => "N".to_owned(),
        "program" => words.say("value-command", &[]),
        _ => words.say("value-format", &[]),
    };
    flag(name, words).value_name(shown)
}

fn value(name: &'static str, shown: impl Into<clap::builder::Str>, words: &Words) -> Arg {
    Arg::new(name)
        .value_name(shown)
        .help(help(name, words))
        .help_heading(words.say("heading-arguments", &[]))
        .required(true)
}

fn help(name: &str, words: &Words) -> StyledStr {
    words.say(&format!("help-{name}"), &[]).into()
}

/// Whether what is said is to be read aloud: `--plain`, the variable that the graders know too, or a
/// terminal that can do no more than print (terminfo(5): `dumb`).
pub fn is_plain(matches: &ArgMatches) -> bool {
    let terminal = std::env::var_os("TERM");
    let is_dumb = match terminal {
        Some(name) => name == "dumb",
        None => cfg!(unix) && io::stdout().is_terminal(),
    };
    is_dumb || matches.get_flag("plain") || std::env::var_os("ENCHUFE_PLAIN").is_some()
}

/// Reads the arguments. `Err` holds what to say instead, and whether it was asked for.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    words: &Words,
) -> Result<ArgMatches, (String, bool)> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1); // `help check` is `check --help`
        arguments.push("--help".into());
    }
    let parsed = command(words).try_get_matches_from(arguments);
    parsed.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (error.render().to_string(), true),
        _ => (explained(&error, words), false),
    })
}

/// One line on what was wrong, and one on what to do.
fn explained(error: &clap::Error, words: &Words) -> String {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let mut parts = vec![
        ("argument", argument),
        ("value", context(ContextKind::InvalidValue)),
        ("valid", context(ContextKind::ValidValue)),
        ("command", context(ContextKind::InvalidSubcommand)),
        ("other", context(ContextKind::PriorArg)),
    ];
    let id = match error.kind() {
        ErrorKind::InvalidSubcommand => "error-command",
        ErrorKind::UnknownArgument => "error-unknown",
        ErrorKind::MissingRequiredArgument => "error-missing",
        ErrorKind::ArgumentConflict => "error-conflict",
        ErrorKind::TooManyValues => "error-flag",
        ErrorKind::InvalidValue if parts[1].1.is_empty() => "error-no-value",
        ErrorKind::InvalidValue => "error-value",
        ErrorKind::ValueValidation => "error-number",
        ErrorKind::InvalidUtf8 => "error-utf8",
        _ => "error-arguments",
    };
    let mut said = format!("enchufe: {}", words.say(id, &parts));
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .map(context)
        .find(|similar| !similar.is_empty());
    if let Some(similar) = similar {
        parts.push(("similar", similar));
        said = format!("{said} {}", words.say("error-similar", &parts));
    }
    format!("{said}\n{}\n", words.say("error-help", &[]))
}
