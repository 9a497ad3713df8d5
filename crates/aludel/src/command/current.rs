//! `db current`, and `db` alone: where a database and the models stand.

use super::Context;
use super::list::{line, lines};
use super::paint::Paint;
use super::told::{Stop, Told};
use crate::model::Bind;
use crate::project::{Current, Status};

/// How many of a kind are shown where the whole is asked for otherwise.
const SHOWN: usize = 5;

pub(super) async fn current<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let current = context.migrations().current().await?;
    let (paint, verbose) = (context.console.paint, context.line.has("verbose"));
    let mut text = match &current.current[..] {
        [] if !current.exists => format!("{} is not there yet", current.database),
        [] if current.unknown.is_empty() => format!("{} has no revision", current.database),
        entries => lines(entries, false, paint),
    };
    if verbose {
        for entry in &current.applied {
            let took = entry.duration_us() / 1_000;
            text.push_str(&format!("\n  {}  {}  {} ms  {}", entry.id, entry.finished, took, entry.who));
        }
    }
    faults(&mut text, &current, paint);
    let is_behind = !current.pending.is_empty() || !current.unknown.is_empty();
    if !current.pending.is_empty() && context.line.has("check-heads") {
        text.push_str(&format!("\n{} to be applied: `upgrade`", count(current.pending.len())));
    }
    let mut told = Told::new(text, &current);
    told.code = u8::from(is_behind && context.line.has("check-heads"));
    Ok(told)
}

pub(super) async fn status<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let status = context.migrations().status().await?;
    Ok(Told::new(stands(&status, context.project.name, context.console.paint), &status))
}

fn stands(status: &Status, app: &str, paint: Paint) -> String {
    let database = &status.database;
    let there = if database.exists { "" } else { "  (not there yet)" };
    let mut text = format!("{}  {}{there}\n", paint.bold("database "), database.database);
    let heads = if status.heads.len() > 1 { format!(", {} heads", status.heads.len()) } else { String::new() };
    text.push_str(&format!("{}  {} in {}{heads}\n", paint.bold("revisions"), count(status.revisions), status.folder));
    block(&mut text, "applied", database.current.iter().map(|entry| line(entry, paint)), paint);
    block(&mut text, "pending", database.pending.iter().map(|entry| line(entry, paint)), paint);
    let models = match status.differences.len() {
        0 => "as the revisions say".to_owned(),
        1 => "differ from the revisions in 1 place:".to_owned(),
        many => format!("differ from the revisions in {many} places:"),
    };
    text.push_str(&format!("{}  {models}\n", paint.bold("models   ")));
    block(&mut text, "", status.differences.iter().cloned(), paint);
    faults(&mut text, database, paint);
    if let Some(note) = &status.note {
        text.push_str(&format!("\n{}\n", paint.warning(note)));
    }
    match &status.next {
        Some(next) => {
            text.push_str(&format!("{}  {}", paint.bold("next     "), paint.good(&format!("{app} db {next}"))))
        }
        None => text.push_str("nothing to do"),
    }
    text
}

fn block(text: &mut String, title: &str, lines: impl ExactSizeIterator<Item = String>, paint: Paint) {
    let more = lines.len().saturating_sub(SHOWN);
    let mut title = format!("{}  ", paint.bold(&format!("{title:<9}")));
    for line in lines.take(SHOWN) {
        text.push_str(&format!("{title}{line}\n"));
        title = " ".repeat(11);
    }
    if more > 0 {
        text.push_str(&format!("{title}and {more} more\n"));
    }
}

fn faults(text: &mut String, current: &Current, paint: Paint) {
    for id in &current.unknown {
        let what = format!("{id} is applied, and no file has it: was it a newer version, or is the file gone?");
        text.push_str(&format!("\n{}", paint.warning(&what)));
    }
    for entry in &current.edited {
        let what = format!("{} is applied, and {} says something else since", entry.id, entry.file);
        text.push_str(&format!("\n{}", paint.warning(&what)));
    }
    if !(current.unknown.is_empty() && current.edited.is_empty()) {
        text.push('\n');
    }
}

pub(super) fn count(revisions: usize) -> String {
    match revisions {
        0 => "no revision".to_owned(),
        1 => "1 revision".to_owned(),
        many => format!("{many} revisions"),
    }
}
