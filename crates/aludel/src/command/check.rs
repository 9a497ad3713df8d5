//! `db check`: do models, files and database say the same?

use super::Context;
use super::told::{Stop, Told};
use crate::migrate::Difference;
use crate::model::Bind;

/// What was found, for programs.
#[derive(serde::Serialize)]
struct Found<'a> {
    clean: bool,
    engines: &'a [&'static str],
    revisions: usize,
    differences: Vec<Place<'a>>,
    live: Option<&'a [String]>,
}

#[derive(serde::Serialize)]
struct Place<'a> {
    kind: &'a str,
    object: &'a str,
    file: &'a str,
    line: u32,
    models: Option<&'a str>,
    revisions: Option<&'a str>,
}

pub(super) async fn check<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let migrations = context.migrations();
    let checked = match context.line.has("live") {
        true => migrations.check_live().await?,
        false => migrations.check()?,
    };
    let paint = context.console.paint;
    let mut lines: Vec<String> =
        checked.differences.iter().map(|difference| format!("{} {difference}", paint.bad("differs:"))).collect();
    lines.extend(checked.live.iter().flatten().map(|line| format!("{} {line}", paint.bad("differs:"))));
    if !checked.differences.is_empty() {
        lines.push(format!("write what is missing by `{} db revision`", context.project.name));
    }
    if checked.is_clean() {
        let revisions = super::current::count(checked.revisions);
        let live = if checked.live.is_some() { ", and so does the database" } else { "" };
        lines.push(format!("models and {revisions} say the same for {}{live}", checked.engines.join(", ")));
    }
    let found = Found {
        clean: checked.is_clean(),
        engines: &checked.engines,
        revisions: checked.revisions,
        differences: checked.differences.iter().map(place).collect(),
        live: checked.live.as_deref(),
    };
    let mut told = Told::new(lines.join("\n"), &found);
    told.code = u8::from(!checked.is_clean());
    Ok(told)
}

fn place(difference: &Difference) -> Place<'_> {
    Place {
        kind: difference.kind,
        object: &difference.object,
        file: &difference.origin.file,
        line: difference.origin.line,
        models: difference.models.as_deref(),
        revisions: difference.history.as_deref(),
    }
}
