//! The fold of operations on enums.

use super::find::{Result, enum_mut, is_enum, taken, twice, unknown_of};
use super::spaces::known_for;
use super::{Commented, Place, Saying, comments};
use crate::schema::{Default, Problem, Schema};
use crate::{Type, Value};

pub(super) fn create(schema: &mut Schema, name: &str, variants: &[String]) -> Result {
    free_enum(schema, name)?;
    known_for(schema, name)?;
    if let Some(twice) = twice(variants.iter().map(String::as_str)) {
        return Err(taken(format!("enum `{name}` has `{twice}` twice")));
    }
    schema.enums.insert(name.to_owned(), variants.to_vec());
    Ok(())
}

pub(super) fn drop(schema: &mut Schema, name: &str) -> Result {
    enum_mut(schema, name)?;
    let mut tables = schema.tables.values();
    if let Some(table) = tables.find(|table| table.columns.iter().any(|column| is_enum(&column.ty, name))) {
        let what = format!("enum `{name}` cannot go: table `{}` has a column of it", table.name);
        return Err(Problem::new(&table.origin, what, "drop the column or change its type first"));
    }
    schema.enums.remove(name);
    schema.comments.remove(&Commented::Enum(name.to_owned()));
    Ok(())
}

pub(super) fn rename(schema: &mut Schema, from: &str, to: &str) -> Result {
    enum_mut(schema, from)?;
    free_enum(schema, to)?;
    known_for(schema, to)?;
    comments::moved(schema, &Commented::Enum(from.to_owned()), Commented::Enum(to.to_owned()));
    if let Some(variants) = schema.enums.remove(from) {
        schema.enums.insert(to.to_owned(), variants);
    }
    for column in schema.tables.values_mut().flat_map(|table| &mut table.columns) {
        if is_enum(&column.ty, from) {
            column.ty = Type::Enum(to.to_owned().into());
        }
    }
    Ok(())
}

pub(super) fn add_value(schema: &mut Schema, name: &str, value: &str, place: &Place) -> Result {
    let variants = enum_mut(schema, name)?;
    free_value(variants, name, value)?;
    let at = match place {
        Place::Last => variants.len(),
        Place::Before(other) => at(variants, name, other)?,
        Place::After(other) => at(variants, name, other)? + 1,
    };
    variants.insert(at, value.to_owned());
    Ok(())
}

pub(super) fn rename_value(schema: &mut Schema, name: &str, from: &str, to: &str) -> Result {
    let variants = enum_mut(schema, name)?;
    let at = at(variants, name, from)?;
    free_value(variants, name, to)?;
    if let Some(saying) = Saying::of(schema, name, from).first() {
        let what = format!("{saying} says '{from}', and would go on to say so once the value is called `{to}`");
        return Err(Problem::plain(what, "drop it before, and make it again behind with the new word"));
    }
    let variants = enum_mut(schema, name)?;
    to.clone_into(&mut variants[at]);
    for column in schema.tables.values_mut().flat_map(|table| &mut table.columns) {
        if let Some(Default::Value(Value::Text(value))) = &mut column.default
            && is_enum(&column.ty, name)
            && value == from
        {
            to.clone_into(value);
        }
    }
    Ok(())
}

fn free_enum(schema: &Schema, name: &str) -> Result {
    if schema.enums.contains_key(name) { Err(taken(format!("there is an enum `{name}` already"))) } else { Ok(()) }
}

fn free_value(variants: &[String], name: &str, value: &str) -> Result {
    let there = variants.iter().any(|variant| variant == value);
    if there { Err(taken(format!("enum `{name}` has `{value}` already"))) } else { Ok(()) }
}

fn at(variants: &[String], name: &str, value: &str) -> Result<usize> {
    let missing = || unknown_of(&format!("enum `{name}`"), "value", value, variants.iter().map(String::as_str));
    variants.iter().position(|variant| variant == value).ok_or_else(missing)
}
