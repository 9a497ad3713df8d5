//! `db drop`: our tables, or the database, go.

use super::Context;
use super::consent::Consent;
use super::told::{Stop, Told};
use crate::model::Bind;

/// What went.
#[derive(serde::Serialize)]
struct Dropped<'a> {
    database: &'a str,
    removed: bool,
    tables: &'a [String],
}

pub(super) async fn drop<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let migrations = context.migrations();
    let (name, whole) = (migrations.database(), context.line.has("database"));
    let tables = match migrations.tables().await {
        // What the files say of tables is nothing to a database that goes as a whole.
        Err(_) if whole && migrations.history().is_err() => Vec::new(),
        tables => tables?,
    };
    if tables.is_empty() && !(whole && migrations.exists()?) {
        let text = format!("nothing to do: {name} has no table of ours");
        return Ok(Told::new(text, &Dropped { database: &name, removed: false, tables: &[] }));
    }
    let what = match whole {
        true => format!("{name} goes, with everything in it"),
        false => format!("these tables of {name} go, with all their rows"),
    };
    context.consent(&Consent { about: "drop", what: &what, things: tables.clone(), typed: Some(&name) })?;
    let migrations = context.migrations();
    if whole {
        let removed = migrations.drop_database().await?;
        return Ok(Told::new(format!("removed {name}"), &Dropped { database: &name, removed, tables: &tables }));
    }
    let tables = migrations.drop_tables().await?;
    let text = format!("dropped {} tables of {name}: {}", tables.len(), tables.join(", "));
    Ok(Told::new(text, &Dropped { database: &name, removed: false, tables: &tables }))
}
