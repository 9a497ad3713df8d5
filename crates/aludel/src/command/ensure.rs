//! `db ensure`: the database is there, and with it the tables.

use super::Context;
use super::current::count;
use super::told::{Stop, Told};
use crate::model::Bind;

/// What `ensure` found and did.
#[derive(serde::Serialize)]
struct Ensured {
    database: String,
    /// Whether tables were made because there are no revisions.
    tables_made: bool,
    /// The ids of the revisions that were applied.
    applied: Vec<String>,
}

pub(super) async fn ensure<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let migrations = context.watched();
    let database = migrations.database();
    let has_revisions = context.line.has("schema") && !migrations.history()?.revisions().is_empty();
    if has_revisions {
        let ran = migrations.upgrade("heads").await?;
        let applied: Vec<String> = ran.revisions.iter().map(|entry| entry.id.clone()).collect();
        let text = match applied.len() {
            0 => format!("nothing to do: {database} has every revision"),
            number => format!("applied {} in {database}", count(number)),
        };
        return Ok(Told::new(text, &Ensured { database, tables_made: false, applied }));
    }
    let db = context.project.open(context.line.value("url")).await?;
    let made = match context.line.has("schema") {
        true => Some(db.ensure_tables().await?),
        false => None,
    };
    let tables = db.schema().tables.len();
    db.close().await;
    let text = match made {
        None => format!("{database} is there"),
        Some(true) => format!("made {tables} tables in {database}"),
        Some(false) => format!("nothing to do: all {tables} tables are in {database}"),
    };
    Ok(Told::new(text, &Ensured { database, tables_made: made == Some(true), applied: Vec::new() }))
}
