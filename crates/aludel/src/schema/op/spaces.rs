//! The fold of views and schemas.

use super::Commented;
use super::find::{Result, free_name, helped, taken, unknown};
use crate::schema::{Problem, Schema, View};

pub(super) fn create_view(schema: &mut Schema, view: &View, replace: bool) -> Result {
    if !(replace && schema.views.contains_key(&view.name)) {
        free_name(schema, &view.name)?;
    }
    known_for(schema, &view.name)?;
    schema.views.insert(view.name.clone(), view.clone());
    Ok(())
}

pub(super) fn drop_view(schema: &mut Schema, name: &str) -> Result {
    known_view(schema, name)?;
    schema.views.remove(name);
    schema.comments.remove(&Commented::View(name.to_owned()));
    Ok(())
}

pub(super) fn create_schema(schema: &mut Schema, name: &str) -> Result {
    if !schema.schemas.insert(name.to_owned()) {
        return Err(taken(format!("there is a schema `{name}` already")));
    }
    Ok(())
}

pub(super) fn drop_schema(schema: &mut Schema, name: &str) -> Result {
    known_schema(schema, name)?;
    let inside = |of: &&String| of.split_once('.').is_some_and(|(of, _)| of == name);
    let mut things = schema.tables.keys().chain(schema.enums.keys()).chain(schema.views.keys());
    if let Some(thing) = things.find(inside) {
        return Err(Problem::plain(format!("schema `{name}` cannot go: `{thing}` is in it"), "drop that first"));
    }
    schema.schemas.remove(name);
    schema.comments.remove(&Commented::Schema(name.to_owned()));
    Ok(())
}

/// Whether the schema that `name` says it is in is there.
pub(super) fn known_for(schema: &Schema, name: &str) -> Result {
    name.split_once('.').map_or(Ok(()), |(of, _)| known_schema(schema, of))
}

pub(super) fn known_schema(schema: &Schema, name: &str) -> Result {
    if schema.schemas.contains(name) {
        return Ok(());
    }
    Err(unknown("schema", name, schema.schemas.iter().map(String::as_str)))
}

pub(super) fn known_view(schema: &Schema, name: &str) -> Result {
    if schema.views.contains_key(name) {
        return Ok(());
    }
    let problem = unknown("view", name, schema.views.keys().map(String::as_str));
    let is_table = schema.tables.contains_key(name);
    Err(if is_table { helped(problem, "it is a table: write DROP TABLE or COMMENT ON TABLE") } else { problem })
}
