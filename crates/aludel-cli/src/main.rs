//! The `aludel` command: makes a new project, and runs the `db` commands of the application in the current folder.
//!
//! An application's database commands live in its own binary, which knows its models. This one builds and starts that
//! binary, so that one word works in every project; it has no commands of its own that would need the models.

#![forbid(unsafe_code)]

mod db;
mod nearest;
mod new;

use std::process::ExitCode;

const HELP: &str = "\
usage: aludel <command>

  new <name>               make a project: a model with its first revision, and an axum server
      --aludel <folder>      take aludel from a checkout instead of crates.io
  db <verb> ..             run a database command of the application in this folder, as `cargo run -- db <verb> ..`
      -p, --package <name>   of this package of the workspace (before the verb)
  help                     show this
  version                  show the version

exit codes: 0 done, 1 failed, 2 not understood; `db` passes on those of the application
";

/// The commands, for whoever mistypes one.
const COMMANDS: [&str; 4] = ["new", "db", "help", "version"];

/// Verbs of `aludel db`, for whoever leaves out the `db`.
const VERBS: [&str; 17] = [
    "init",
    "ensure",
    "drop",
    "revision",
    "upgrade",
    "downgrade",
    "current",
    "history",
    "heads",
    "branches",
    "merge",
    "show",
    "edit",
    "stamp",
    "check",
    "seed",
    "health",
];

/// Why a command did not do its work.
enum Failure {
    /// The words were not understood: exit code 2.
    Usage(String),
    /// It could not be done: exit code 1.
    Failed(String),
}

fn main() -> ExitCode {
    let words: Vec<String> = match std::env::args_os().skip(1).map(|word| word.into_string()).collect() {
        Ok(words) => words,
        Err(word) => return report(&Failure::Usage(format!("{} is not UTF-8", word.display()))),
    };
    let outcome = match words.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("new", rest)) => new::run(rest).map(|()| ExitCode::SUCCESS),
        Some(("db", rest)) => db::run(rest),
        Some(("help" | "--help" | "-h", _)) => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Some(("version" | "--version" | "-V", _)) => {
            println!("aludel {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        Some((word, _)) => Err(unknown(word)),
        None => Err(Failure::Usage(format!("which command?\n\n{}", HELP.trim_end()))),
    };
    outcome.unwrap_or_else(|failure| report(&failure))
}

fn report(failure: &Failure) -> ExitCode {
    let (message, code) = match failure {
        Failure::Usage(message) => (message, 2),
        Failure::Failed(message) => (message, 1),
    };
    eprintln!("aludel: {message}");
    ExitCode::from(code)
}

fn unknown(word: &str) -> Failure {
    let meant = match (nearest::nearest(word, &COMMANDS), nearest::nearest(word, &VERBS)) {
        (Some(command), _) => format!("did you mean `aludel {command}`?"),
        (None, Some(verb)) => format!("did you mean `aludel db {verb}`?"),
        (None, None) => format!("the commands are {}; `aludel help` explains them", COMMANDS.join(", ")),
    };
    Failure::Usage(format!("there is no command `{word}`: {meant}"))
}
