//! The fold of comments.

use super::Commented;
use super::find::{Result, column_mut, index_table, known_constraint, known_enum, known_table, table_mut};
use super::spaces::{known_schema, known_view};
use crate::schema::Schema;

pub(super) fn set(schema: &mut Schema, on: &Commented, text: Option<&str>) -> Result {
    match on {
        Commented::Table(name) => {
            table_mut(schema, name)?.comment = text.map(str::to_owned);
            return Ok(());
        }
        Commented::Column(name, column) => {
            column_mut(table_mut(schema, name)?, column)?.comment = text.map(str::to_owned);
            return Ok(());
        }
        Commented::Index(name) => drop(index_table(schema, name)?),
        Commented::Constraint(table, name) => known_constraint(known_table(schema, table)?, name)?,
        Commented::Enum(name) => known_enum(schema, name)?,
        Commented::View(name) => known_view(schema, name)?,
        Commented::Schema(name) => known_schema(schema, name)?,
    }
    match text {
        Some(text) => drop(schema.comments.insert(on.clone(), text.to_owned())),
        None => drop(schema.comments.remove(on)),
    }
    Ok(())
}

/// A comment follows what it is about.
pub(super) fn moved(schema: &mut Schema, from: &Commented, to: Commented) {
    if let Some(text) = schema.comments.remove(from) {
        schema.comments.insert(to, text);
    }
}

/// The comments on a table's constraints follow the table.
pub(super) fn moved_with_table(schema: &mut Schema, from: &str, to: &str) {
    let of = |on: &Commented| matches!(on, Commented::Constraint(table, _) if table == from);
    let found: Vec<Commented> = schema.comments.keys().filter(|on| of(on)).cloned().collect();
    for on in found {
        if let Commented::Constraint(_, name) = &on {
            let new = Commented::Constraint(to.to_owned(), name.clone());
            moved(schema, &on, new);
        }
    }
}
