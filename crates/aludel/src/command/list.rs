//! `db history`, `db heads`, `db branches`: lists of revisions.

use super::Context;
use super::paint::Paint;
use super::told::{Stop, Told};
use crate::model::Bind;
use crate::project::Entry;

/// A list for programs.
#[derive(serde::Serialize)]
struct List<'a> {
    revisions: &'a [Entry],
}

pub(super) async fn history<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let entries = context.migrations().list(context.line.value("range")).await?;
    Ok(told(context, &entries, "there is no revision yet; `init` makes the first"))
}

pub(super) async fn heads<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let entries = context.migrations().heads().await?;
    let mut told = told(context, &entries, "there is no revision yet; `init` makes the first");
    if entries.len() > 1 {
        told.text.push_str(&format!("\n{} branches are open; `merge` joins them", entries.len()));
    }
    Ok(told)
}

pub(super) async fn branches<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let migrations = context.migrations();
    let (entries, all) = (migrations.branches().await?, migrations.list(None).await?);
    let mut told = told(context, &entries, "the history is one line: nothing branches");
    if !entries.is_empty() {
        let (paint, verbose) = (context.console.paint, context.line.has("verbose"));
        let block = |entry: &Entry| {
            let children = all.iter().rev().filter(|child| entry.children.contains(&child.id));
            let lines = children.map(|child| format!("\n  -> {}", line(child, paint)));
            format!("{}{}", whole(entry, verbose, paint), lines.collect::<String>())
        };
        told.text = entries.iter().map(block).collect::<Vec<_>>().join("\n");
    }
    Ok(told)
}

fn told<B: Bind>(context: &Context<'_, '_, B>, entries: &[Entry], none: &str) -> Told {
    let text = match entries {
        [] => none.to_owned(),
        entries => lines(entries, context.line.has("verbose"), context.console.paint),
    };
    Told::new(text, &List { revisions: entries })
}

/// Entries, one below the other.
pub(super) fn lines(entries: &[Entry], verbose: bool, paint: Paint) -> String {
    entries.iter().map(|entry| whole(entry, verbose, paint)).collect::<Vec<_>>().join("\n")
}

fn whole(entry: &Entry, verbose: bool, paint: Paint) -> String {
    let mut text = line(entry, paint);
    if !verbose {
        return text;
    }
    let way_back = if entry.reversible { "" } else { "none" };
    let facts = [
        ("file", entry.file.clone()),
        ("after", entry.parents.join(", ")),
        ("needs", entry.depends.join(", ")),
        ("before", entry.children.join(", ")),
        ("way back", way_back.to_owned()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("\n      {} {value}", paint.dim(&format!("{name:<9}"))));
    }
    text
}

/// `[x] 4f1c2a9b7d03  add shields  (head, current)`
pub(super) fn line(entry: &Entry, paint: Paint) -> String {
    let mark = if entry.applied { paint.good("[x]") } else { "[ ]".to_owned() };
    let words = [
        (entry.head, "head"),
        (entry.current, "current"),
        (entry.children.len() > 1, "branches"),
        (entry.parents.len() > 1, "merge"),
    ];
    let words = words.iter().filter(|(is, _)| *is).map(|(_, word)| (*word).to_owned());
    let words: Vec<String> = entry.labels.iter().cloned().chain(words).collect();
    let words = if words.is_empty() { String::new() } else { paint.warning(&format!("  ({})", words.join(", "))) };
    let message = if entry.message.is_empty() { "(without a message)" } else { &entry.message };
    format!("{mark} {}  {message}{words}", paint.bold(&entry.id))
}
