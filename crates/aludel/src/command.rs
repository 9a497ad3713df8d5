//! The command line inside the application's own binary: `<app> db <command>`.
//!
//! Commands are data: a table of verbs with their options, help and codes. What they do are plain functions, which an
//! application may call itself: those of [`Migrations`](crate::Migrations) and [`Project`].

mod along;
mod check;
mod consent;
mod console;
mod current;
mod drop;
mod ensure;
mod health;
mod help;
mod json;
mod line;
mod list;
mod option;
mod paint;
mod revision;
mod seed;
mod show;
mod told;
mod verb;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use crate::model::Bind;
use crate::project::{Migrations, Project};
use console::Console;
use line::{Format, Line};
use told::{Stop, Told};
use verb::Verb;

/// A command at work.
struct Context<'a, 'c, B: Bind> {
    project: &'a Project<B>,
    line: &'a Line,
    console: &'a mut Console<'c>,
}

impl<'a, B: Bind> Context<'a, '_, B> {
    /// The revisions that the command is about.
    fn migrations(&self) -> Migrations<'a, B> {
        let mut migrations = self.project.migrations();
        if let Some(url) = self.line.value("url") {
            migrations = migrations.at(url);
        }
        if let Some(wait) = self.line.lock_wait {
            migrations = migrations.lock_wait(wait);
        }
        match self.line.value("dir") {
            Some(folder) => migrations.in_folder(folder),
            None => migrations,
        }
    }

    /// The same, with progress on the terminal where somebody watches.
    fn watched(&self) -> Migrations<'a, B> {
        let migrations = self.migrations();
        if !self.console.watched {
            return migrations;
        }
        migrations.progress(|progress| {
            if let Some(line) = along::moment(progress) {
                // Not `eprintln!`, which panics where the terminal has gone: the run is not to end by that.
                let _ = writeln!(std::io::stderr(), "{line}");
            }
        })
    }
}

/// Runs the command that `arguments` (those after `db`) ask for.
pub(crate) async fn run<B: Bind>(project: &Project<B>, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    ExitCode::from(answer(project, arguments, &mut Console::standard()).await)
}

/// Runs the command that `arguments` ask for, on `console`; gives its exit code.
async fn answer<B: Bind>(
    project: &Project<B>,
    arguments: impl Iterator<Item = OsString>,
    console: &mut Console<'_>,
) -> u8 {
    let mut line = Line::default();
    if let Err(problem) = line::parse(arguments, &mut line) {
        return stopped(project.name, line.verb.as_deref(), line.format, Stop::Misused(problem), console);
    }
    let verb = match chosen(&line) {
        Ok(Wanted::Run(verb)) => verb,
        Ok(Wanted::Help(verb)) => {
            let (app, paint) = (project.name, console.paint);
            let help = verb.map_or_else(|| help::all(app, paint), |verb| help::one(app, verb, paint));
            return said(&help, 0, console);
        }
        Err(problem) => {
            return stopped(project.name, line.verb.as_deref(), line.format, Stop::Misused(problem), console);
        }
    };
    match perform(&mut Context { project, line: &line, console }, verb).await {
        Ok(told) => said(if line.format == Format::Json { &told.json } else { &told.text }, told.code, console),
        Err(stop) => {
            let database = Context { project, line: &line, console }.migrations().database();
            stopped(project.name, Some(verb.name), line.format, stop.about(&database), console)
        }
    }
}

/// What a line asks for.
enum Wanted {
    Run(&'static Verb),
    /// Help about one command, or about all.
    Help(Option<&'static Verb>),
}

/// The command to run, or to explain.
fn chosen(line: &Line) -> Result<Wanted, String> {
    let wanted = match line.verb.as_deref() {
        Some("help") => line.word().filter(|word| *word != "help"),
        word => word,
    };
    // What follows an option that nobody knows is its value rather than a command.
    let unknown = |word: &str| match &line.unknown {
        Some(typed) => help::no_flag(typed, None),
        None => help::no_verb(word),
    };
    let verb = wanted.map(|word| verb::named(word).ok_or_else(|| unknown(word))).transpose()?;
    if line.verb.as_deref() == Some("help") || line.has("help") {
        return Ok(Wanted::Help(verb));
    }
    let verb = verb.unwrap_or(&verb::NOTHING);
    let foreign = line.given.iter().find(|(flag, _)| ![verb.flags, option::EVERYWHERE].concat().contains(&flag.name));
    if let Some(typed) = line.unknown.clone().or_else(|| foreign.map(|(flag, _)| format!("--{}", flag.name))) {
        return Err(help::no_flag(&typed, Some(verb)));
    }
    help::surplus(verb, &line.words).map_or(Ok(Wanted::Run(verb)), Err)
}

async fn perform<B: Bind>(context: &mut Context<'_, '_, B>, verb: &Verb) -> Result<Told, Stop> {
    match verb.name {
        "" => current::status(context).await,
        "init" => revision::init(context).await,
        "revision" => revision::revision(context).await,
        "upgrade" => along::upgrade(context).await,
        "downgrade" => along::downgrade(context).await,
        "current" => current::current(context).await,
        "history" => list::history(context).await,
        "heads" => list::heads(context).await,
        "branches" => list::branches(context).await,
        "merge" => revision::merge(context).await,
        "show" => show::show(context).await,
        "edit" => show::edit(context).await,
        "stamp" => along::stamp(context).await,
        "check" => check::check(context).await,
        "ensure" => ensure::ensure(context).await,
        "drop" => drop::drop(context).await,
        "seed" => seed::seed(context).await,
        "health" => health::health(context).await,
        other => Err(Stop::Misused(format!("`{other}` stands in the table of commands and does nothing"))),
    }
}

/// Answers; gives the exit code, which is another where the answer does not get out.
fn said(text: &str, code: u8, console: &mut Console<'_>) -> u8 {
    match console.answer(text) {
        Ok(()) => code,
        Err(error) => {
            console.say(&console.alarm.message(&format!("error: the answer cannot be written: {error}")));
            1
        }
    }
}

/// Tells what kept a command from its answer; gives the exit code.
fn stopped(app: &str, verb: Option<&str>, format: Format, stop: Stop, console: &mut Console<'_>) -> u8 {
    let alarm = console.alarm;
    let code = stop.code();
    match &stop {
        Stop::Misused(problem) if format == Format::Json => {
            console.say(&json::of(&json::Failure { error: problem, code: "usage" }));
        }
        Stop::Misused(problem) => {
            console.say(&alarm.message(&format!("error: {problem}\n  = help: {}", help::advice(app, verb))));
        }
        Stop::Failed(error) if format == Format::Json => {
            console.say(&json::of(&json::Failure { error: &error.to_string(), code: error.code() }));
        }
        Stop::Failed(error) => console.say(&alarm.message(&format!("error: {error}"))),
        Stop::Asks(text, question) => {
            console.say(&alarm.message(text));
            if format == Format::Json || !console.answers {
                return said(question, code, console);
            }
        }
    }
    code
}

#[cfg(test)]
mod tests;
