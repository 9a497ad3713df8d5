//! The command line inside the application's own binary: `<app> db <command>`.
//!
//! Commands are data: a table of verbs with their arguments, help and code. What they do are plain functions, which an
//! application may call itself.

mod ensure;
mod health;
mod line;
mod seed;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::model::Bind;
use crate::project::Project;
use crate::{Error, Result};
use line::{Format, Line};

/// One command.
struct Verb {
    name: &'static str,
    /// What may follow the name, as help shows it.
    arguments: &'static str,
    /// Whether one free argument may follow.
    free: bool,
    /// Which flags it takes besides those that all take.
    flags: &'static [&'static str],
    about: &'static str,
    help: &'static str,
}

/// All commands, in the order in which help lists them.
const VERBS: &[Verb] = &[
    Verb {
        name: "ensure",
        arguments: "[--schema]",
        free: false,
        flags: &["schema"],
        about: "make the database where there is none; with --schema its tables too",
        help: "Opens the database, which makes the file and the folders above it. With --schema it also makes the tables\n\
               of the models where none of them is there yet. Run again, it finds nothing to do.",
    },
    Verb {
        name: "seed",
        arguments: "[NAME]",
        free: true,
        flags: &[],
        about: "run the registered seed functions, or the one called NAME",
        help: "Each seed runs in a transaction of its own: all of its rows, or none.",
    },
    Verb {
        name: "health",
        arguments: "",
        free: false,
        flags: &[],
        about: "ask the database for its version, and tell how long it took",
        help: "Exits with 1 where the database cannot be opened or does not answer.",
    },
];

/// Runs the command that `arguments` (those after `db`) ask for.
pub(crate) async fn run<B: Bind>(project: &Project<B>, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let line = match line::parse(arguments) {
        Ok(line) => line,
        Err(problem) => return misuse(project.name, &problem),
    };
    let Some(word) = line.verb.as_deref().filter(|word| *word != "help") else {
        return match line.free.as_deref() {
            Some(verb) => match VERBS.iter().find(|known| known.name == verb) {
                Some(verb) => show(&help_of(project.name, verb)),
                None => misuse(project.name, &unknown(verb)),
            },
            None => show(&help(project.name)),
        };
    };
    let Some(verb) = VERBS.iter().find(|verb| verb.name == word) else {
        return misuse(project.name, &unknown(word));
    };
    if line.help {
        return show(&help_of(project.name, verb));
    }
    if let Some(problem) = surplus(verb, &line) {
        return misuse(project.name, &problem);
    }
    match perform(project, verb, &line).await {
        Ok(output) => show(&output),
        Err(error) => {
            report(&error, line.format);
            ExitCode::from(if error.is_usage() { 2 } else { 1 })
        }
    }
}

async fn perform<B: Bind>(project: &Project<B>, verb: &Verb, line: &Line) -> Result<String> {
    let url = line.url.as_deref();
    match verb.name {
        "ensure" => ensure::ensure(project, url, line.flag("schema")).await.map(|done| done.show(line.format)),
        "seed" => seed::seed(project, url, line.free.as_deref()).await.map(|done| done.show(line.format)),
        "health" => health::health(project, url).await.map(|health| health::show(&health, line.format)),
        other => Err(Error::usage(format!("`{other}` stands in the table of commands and does nothing"))),
    }
}

/// What was written that the command does not take.
fn surplus(verb: &Verb, line: &Line) -> Option<String> {
    if let Some(flag) = line.flags.iter().find(|flag| !verb.flags.contains(&flag.as_str())) {
        return Some(format!("`{}` does not take `--{flag}`", verb.name));
    }
    match &line.free {
        Some(word) if !verb.free => Some(format!("`{}` takes no `{word}`", verb.name)),
        _ => None,
    }
}

fn unknown(word: &str) -> String {
    let near = VERBS.iter().map(|verb| (distance(word, verb.name), verb.name)).min();
    match near {
        Some((distance, name)) if distance <= 2 => format!("there is no command `{word}`; did you mean `{name}`?"),
        _ => format!("there is no command `{word}`"),
    }
}

/// How many letters have to be changed, added or left out to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (place, wanted) in other.iter().enumerate() {
            let change = before + usize::from(letter != *wanted);
            before = row[place + 1];
            row[place + 1] = change.min(row[place] + 1).min(before + 1);
        }
    }
    row[other.len()]
}

fn help(app: &str) -> String {
    let mut text = format!("The database of {app}.\n\nUsage: {app} db <command> [options]\n\nCommands:\n");
    for verb in VERBS {
        text.push_str(&format!("  {:<20} {}\n", format!("{} {}", verb.name, verb.arguments), verb.about));
    }
    text.push_str(
        "\nOptions:\n  --url URL            the database, instead of DATABASE_URL\n  --format text|json   how to answer\n  \
         --help               more about a command\n\nExit codes: 0 done or nothing to do, 1 failed, 2 not understood.",
    );
    text
}

fn help_of(app: &str, verb: &Verb) -> String {
    let usage = format!("{app} db {} {}", verb.name, verb.arguments);
    format!("{}\n\nUsage: {}\n\n{}", verb.about, usage.trim_end(), verb.help)
}

fn show(text: &str) -> ExitCode {
    use std::io::Write;
    // A reader that has gone away, as `head` does, is no failure.
    let _ = writeln!(std::io::stdout(), "{text}");
    ExitCode::SUCCESS
}

fn misuse(app: &str, problem: &str) -> ExitCode {
    eprintln!("error: {problem}\n  = help: `{app} db help` lists the commands");
    ExitCode::from(2)
}

fn report(error: &Error, format: Format) {
    match format {
        Format::Text => eprintln!("error: {error}"),
        Format::Json => {
            eprintln!("{{\"error\":{},\"code\":{}}}", line::quoted(&error.to_string()), line::quoted(error.code()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_the_nearest_command() {
        assert_eq!(unknown("helth"), "there is no command `helth`; did you mean `health`?");
        assert_eq!(unknown("frobnicate"), "there is no command `frobnicate`");
    }

    #[test]
    fn help_lists_every_command() {
        let text = help("blog");
        assert!(VERBS.iter().all(|verb| text.contains(verb.name) && text.contains(verb.about)));
    }
}
