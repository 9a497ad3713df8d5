//! `db show` and `db edit`: one revision.

use std::process::Command;

use super::Context;
use super::told::{Stop, Told};
use crate::Error;
use crate::migrate::Applied;
use crate::model::Bind;

/// Revisions for programs.
#[derive(serde::Serialize)]
struct Shown<'a> {
    revisions: Vec<One<'a>>,
}

#[derive(serde::Serialize)]
struct One<'a> {
    id: &'a str,
    file: &'a str,
    text: &'a str,
}

pub(super) async fn show<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let symbol = context.line.word().unwrap_or_default();
    let migrations = context.migrations();
    if context.line.has("applied") {
        return Ok(applied(&migrations.remembered(symbol).await?));
    }
    let found = migrations.find(symbol).await?;
    let paint = context.console.paint;
    let mut blocks = Vec::new();
    for revision in &found {
        blocks.push(match context.line.has("sql") {
            true => migrations.statements(revision)?,
            false => format!("{}\n\n{}", paint.dim(&format!("-- {}", revision.file)), revision.text.trim_end()),
        });
    }
    let pairs = found.iter().zip(&blocks);
    let shown = pairs.map(|(revision, text)| One { id: &revision.id, file: &revision.file, text }).collect();
    let shown = Shown { revisions: shown };
    Ok(Told::new(blocks.join("\n\n"), &shown))
}

/// What was run, as the database remembers it.
fn applied(entries: &[Applied]) -> Told {
    let texts: Vec<&str> = entries.iter().map(|entry| entry.text.trim_end()).collect();
    let shown = entries.iter().map(|entry| One { id: &entry.id, file: &entry.file, text: &entry.text });
    Told::new(texts.join("\n\n"), &Shown { revisions: shown.collect() })
}

pub(super) async fn edit<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let symbol = context.line.word().unwrap_or_default();
    let migrations = context.migrations();
    let path = migrations.path_to(symbol).await?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let before = std::fs::read(&path).ok();
    let editor = context.console.editor.clone().unwrap_or_default();
    let mut words = editor.split_whitespace();
    let Some(program) = words.next() else {
        let path = path.display();
        return Err(Stop::Misused(format!("no editor is known: set VISUAL or EDITOR, or open {path} yourself")));
    };
    let status = Command::new(program).args(words).arg(&path).status();
    let status = status.map_err(|error| Error::msg(format!("`{program}` does not start: {error}")))?;
    if !status.success() {
        return Err(Stop::Failed(Error::msg(format!("`{program}` ended with {status}; the file is as it left it"))));
    }
    migrations.history()?;
    let changed = std::fs::read(&path).ok() != before;
    let text = if changed { format!("{name} is fine") } else { format!("{name} was not changed") };
    Ok(Told::new(text, &Edited { file: name, changed }))
}

/// What became of a file.
#[derive(serde::Serialize)]
struct Edited {
    file: String,
    changed: bool,
}
