//! `db upgrade`, `db downgrade` and `db stamp`: the database along its revisions.

use std::path::Path;
use std::time::Duration;

use super::Context;
use super::consent::Consent;
use super::list::line;
use super::paint::Paint;
use super::told::{Stop, Told};
use crate::Error;
use crate::migrate::{Direction, Progress};
use crate::model::Bind;
use crate::project::Ran;

/// A script for programs.
#[derive(serde::Serialize)]
struct Script<'a> {
    sql: &'a str,
}

impl<B: Bind> Context<'_, '_, B> {
    /// Refuses where the folder that was named is not there: no database is brought along by a slip of the pen.
    fn has_folder(&self) -> Result<(), Stop> {
        match self.line.value("dir") {
            Some(named) if !Path::new(named).exists() => Err(Error::config(format!(
                "there is no folder {named}: name the one of the revisions by `--dir`, or make it by `init`"
            ))
            .into()),
            _ => Ok(()),
        }
    }
}

pub(super) async fn upgrade<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    context.has_folder()?;
    let target = context.line.word().unwrap_or("heads");
    if context.line.has("sql") {
        return Ok(script(&context.migrations().script(Direction::Up, target).await?));
    }
    if let Some(note) = context.migrations().note()? {
        context.console.say(&format!("note: {note}"));
    }
    let ran = context.watched().upgrade(target).await?;
    let nothing = match context.migrations().history()?.revisions() {
        [] => "nothing to do: there is no revision yet; `init` makes the first",
        _ => "nothing to do: every revision is applied",
    };
    Ok(told(&ran, "applied", nothing, context.console.paint))
}

pub(super) async fn downgrade<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    context.has_folder()?;
    let target = context.line.word().unwrap_or_default();
    if context.line.has("sql") {
        return Ok(script(&context.migrations().script(Direction::Down, target).await?));
    }
    let losses = context.migrations().losses(target).await?;
    if !losses.is_empty() {
        let what = "the way back loses rows or values that no upgrade brings back";
        context.consent(&Consent { about: "downgrade", what, things: losses, typed: None })?;
    }
    let ran = context.watched().downgrade(target).await?;
    Ok(told(&ran, "taken back", "nothing to do: nothing lies behind it", context.console.paint))
}

pub(super) async fn stamp<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    context.has_folder()?;
    let targets: Vec<&str> = context.line.words.iter().map(String::as_str).collect();
    let purge = context.line.has("purge");
    if context.line.has("accept") {
        let ran = context.migrations().accept(&targets).await?;
        return Ok(told(
            &ran,
            "accepted as they are now",
            "nothing to do: the files are what was run",
            context.console.paint,
        ));
    }
    let migrations = context.migrations();
    if purge {
        let applied = migrations.applied().await?;
        let things: Vec<String> = applied.iter().map(|entry| format!("{}  {}", entry.id, entry.message)).collect();
        if !things.is_empty() {
            let what = "the database forgets which revisions were run";
            context.consent(&Consent { about: "stamp", what, things, typed: None })?;
        }
    }
    let ran = context.migrations().stamp(&targets, purge).await?;
    let paint = context.console.paint;
    let text = match &ran.revisions[..] {
        [] => format!("{} has no revision now; nothing was run", ran.database),
        entries => {
            let last: Vec<String> =
                entries.iter().filter(|entry| entry.current).map(|entry| line(entry, paint)).collect();
            format!("{} is at\n{}\nnothing was run", ran.database, last.join("\n"))
        }
    };
    Ok(Told::new(text, &ran))
}

fn script(sql: &str) -> Told {
    Told::new(sql, &Script { sql })
}

fn told(ran: &Ran, done: &str, nothing: &str, paint: Paint) -> Told {
    let text = match &ran.revisions[..] {
        [] => nothing.to_owned(),
        entries => {
            let lines: Vec<String> = entries.iter().map(|entry| line(entry, paint)).collect();
            format!("{done}, in {}:\n{}", ran.database, lines.join("\n"))
        }
    };
    Told::new(text, ran)
}

/// A moment of a run as a line, for whoever watches.
pub(super) fn moment(progress: &Progress<'_>) -> Option<String> {
    Some(match progress {
        Progress::Waiting { since, limit } => {
            format!("another program changes the tables; waiting ({} of {})", seconds(*since), seconds(*limit))
        }
        Progress::Revision { revision, direction, at, of } => {
            let arrow = if *direction == Direction::Up { "->" } else { "<-" };
            format!("{at}/{of} {arrow} {}  {}", revision.id, revision.message)
        }
        Progress::Batch { name, rows, .. } => format!("      {name}: {rows} rows"),
        Progress::Done { took, .. } if *took >= Duration::from_secs(1) => format!("      took {}", seconds(*took)),
        _ => return None,
    })
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
