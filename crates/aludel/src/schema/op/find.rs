//! Things of a schema by name, or the problem that there is none, or one too many.

use std::collections::BTreeSet;
use std::iter::empty;

use crate::Type;
use crate::schema::{Column, Problem, Schema, Table, name};
use crate::syntax::expr::Expr;

pub(super) type Result<T = ()> = std::result::Result<T, Problem>;

pub(super) fn known_table<'a>(schema: &'a Schema, name: &str) -> Result<&'a Table> {
    schema.tables.get(name).ok_or_else(|| unknown("table", name, schema.tables.keys().map(String::as_str)))
}

pub(super) fn table_mut<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Table> {
    known_table(schema, name)?;
    schema.tables.get_mut(name).ok_or_else(|| unknown("table", name, empty()))
}

pub(super) fn known_column<'a>(table: &'a Table, name: &str) -> Result<&'a Column> {
    let names = || table.columns.iter().map(|column| column.name.as_str());
    table.column(name).ok_or_else(|| unknown(&format!("column of table `{}`", table.name), name, names()))
}

/// Whether every column that an expression names is there: an engine may take one that is not for a text. Text that is
/// no expression of the portable text is not looked into.
pub(super) fn known_names(table: &Table, expression: &str) -> Result {
    let Ok(expr) = Expr::parse(expression) else { return Ok(()) };
    for name in expr.names() {
        if !table.columns.iter().any(|column| name.is(&column.name)) {
            known_column(table, &name.text)?;
        }
    }
    Ok(())
}

pub(super) fn column_mut<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column> {
    known_column(table, name)?;
    table.columns.iter_mut().find(|column| column.name == name).ok_or_else(|| unknown("column", name, empty()))
}

pub(super) fn known_constraint(table: &Table, name: &str) -> Result {
    let names: Vec<_> = table.constraints().map(|constraint| constraint.name().to_owned()).collect();
    if names.iter().any(|other| other == name) {
        return Ok(());
    }
    Err(unknown(&format!("constraint of table `{}`", table.name), name, names.iter().map(String::as_str)))
}

pub(super) fn index_table<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Table> {
    let owner = schema.index_table(name).map(|table| table.name.clone()).ok_or_else(|| {
        let indexes = schema.tables.values().flat_map(|table| &table.indexes);
        unknown("index", name, indexes.map(|index| index.name.as_str()))
    })?;
    table_mut(schema, &owner)
}

pub(super) fn enum_mut<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Vec<String>> {
    known_enum(schema, name)?;
    schema.enums.get_mut(name).ok_or_else(|| unknown("enum", name, empty()))
}

/// Whether the type of a column is there; a word that is no type is an enum's name.
pub(super) fn known_type(schema: &Schema, ty: &Type) -> Result {
    match ty {
        Type::Enum(name) if !schema.enums.contains_key(name.as_ref()) => {
            Err(unknown("type", name, schema.enums.keys().map(String::as_str).chain(TYPES)))
        }
        _ => Ok(()),
    }
}

/// The types that every engine has.
#[rustfmt::skip]
const TYPES: [&str; 17] = [
    "bigint", "boolean", "bytea", "char", "date", "double", "integer", "jsonb", "numeric", "real", "smallint", "text",
    "time", "timestamp", "timestamptz", "uuid", "varchar",
];

pub(super) fn known_enum(schema: &Schema, name: &str) -> Result {
    if schema.enums.contains_key(name) {
        return Ok(());
    }
    Err(unknown("enum", name, schema.enums.keys().map(String::as_str)))
}

pub(super) fn is_enum(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Enum(of) if of == name)
}

/// The first of `names` that comes again.
pub(super) fn twice<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

pub(super) fn free_column(table: &Table, name: &str) -> Result {
    match table.column(name) {
        Some(_) => Err(taken(format!("table `{}` has a column `{name}` already", table.name))),
        None => Ok(()),
    }
}

/// Names of tables, rules and indexes are one space: engines differ in which of them may be alike.
pub(super) fn free_name(schema: &Schema, name: &str) -> Result {
    match schema.names.0.get(name) {
        Some(table) => Err(taken(format!("table `{table}` has a rule or index `{name}` already"))),
        None if schema.views.contains_key(name) => Err(taken(format!("there is a view `{name}` already"))),
        None if schema.tables.contains_key(name) => Err(taken(format!("there is a table `{name}` already"))),
        None => Ok(()),
    }
}

pub(super) fn taken(what: String) -> Problem {
    Problem::plain(what, "choose another name, or leave the statement out")
}

pub(super) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let near = name::nearest(name, known).map(|near| format!("did you mean `{near}`?"));
    Problem::plain(format!("there is no {what} `{name}` at this point"), near.unwrap_or_default())
}
