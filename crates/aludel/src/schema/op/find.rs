//! Things of a schema by name, or the problem that there is none, or one too many.

use std::collections::BTreeSet;
use std::iter::empty;

use crate::schema::{Column, Default, PORTABLE, Problem, Schema, Table, literal, literal_text, name, type_name};
use crate::syntax::expr::Expr;
use crate::syntax::{is_plain, is_type, spell};
use crate::{Type, Value};

pub(super) type Result<T = ()> = std::result::Result<T, Problem>;

pub(super) fn known_table<'a>(schema: &'a Schema, name: &str) -> Result<&'a Table> {
    schema.tables.get(name).ok_or_else(|| {
        let problem = unknown("table", name, schema.tables.keys().map(String::as_str));
        let (table, column) = name.split_once('.').unwrap_or_default();
        if schema.tables.get(table).is_some_and(|table| table.column(column).is_some()) {
            return helped(problem, &format!("write the column in brackets: {table} ({column})"));
        }
        if schema.views.contains_key(name) {
            helped(problem, "it is a view: write DROP VIEW or COMMENT ON VIEW")
        } else {
            problem
        }
    })
}

pub(super) fn table_mut<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Table> {
    known_table(schema, name)?;
    schema.tables.get_mut(name).ok_or_else(|| unknown("table", name, empty()))
}

pub(super) fn known_column<'a>(table: &'a Table, name: &str) -> Result<&'a Column> {
    let names = || table.columns.iter().map(|column| column.name.as_str());
    table.column(name).ok_or_else(|| unknown_of(&format!("table `{}`", table.name), "column", name, names()))
}

/// Whether every column that an expression names is there: an engine may take one that is not for a text. Text that is
/// no expression of the portable text is not looked into.
///
/// A type that a cast names may be one of an engine, unless it looks like one of every engine.
pub(super) fn known_names(schema: &Schema, table: &Table, expression: &str) -> Result {
    let Ok(expr) = Expr::parse(expression) else { return Ok(()) };
    for name in expr.names() {
        if !table.columns.iter().any(|column| name.is(&column.name)) {
            known_column(table, &name.text).map_err(|problem| match name.quoted {
                true if problem.help.ends_with('?') => {
                    let help = format!("{} Or write '{}' for a text", problem.help, name.text);
                    helped(problem, &help)
                }
                true => helped(problem, &format!("write '{}' for a text", name.text)),
                false => problem,
            })?;
        }
    }
    for part in expr.all() {
        if let Expr::Cast { ty, .. } = part
            && let [name] = ty.name.as_slice()
            && ty.built_in().is_none()
            && !is_type(&name.text)
            && nearest_type(&name.text).is_some()
        {
            known_type(schema, &Type::Enum(name.text.clone().into()))?;
        }
    }
    Ok(())
}

/// Whether the values of a column are made in one way only: those of a numbered or generated column are not its default's.
fn made_once(column: &Column) -> Result {
    let made = match (&column.identity, &column.generated) {
        (Some(_), Some(_)) => {
            let what = format!("column `{}` is numbered by the database and generated", column.name);
            return Err(Problem::plain(what, "leave one of the two out"));
        }
        (Some(_), None) => "is numbered by the database",
        (None, Some(_)) => "is generated",
        (None, None) => return Ok(()),
    };
    if column.default.is_none() {
        return Ok(());
    }
    let what = format!("column `{}` {made}, and so takes no default", column.name);
    Err(Problem::plain(what, "leave one of the two out"))
}

/// Whether what is to be numbered is a number.
pub(super) fn known_identity(column: &Column) -> Result {
    made_once(column)?;
    if column.identity.is_none() || matches!(column.ty, Type::SmallInt | Type::Integer | Type::BigInt) {
        return Ok(());
    }
    let what = format!("an identity counts, and column `{}` as {} cannot", column.name, type_name(&column.ty));
    Err(Problem::plain(what, "make the column BIGINT"))
}

pub(super) fn column_mut<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column> {
    known_column(table, name)?;
    table
        .columns
        .iter_mut()
        .find(|column| column.name == name)
        .ok_or_else(|| unknown_of("the table", "column", name, empty()))
}

pub(super) fn known_constraint(table: &Table, name: &str) -> Result {
    let names: Vec<_> = table.constraints().map(|constraint| constraint.name().to_owned()).collect();
    if names.iter().any(|other| other == name) {
        return Ok(());
    }
    let of = format!("table `{}`", table.name);
    let problem = unknown_of(&of, "constraint", name, names.iter().map(String::as_str));
    let is_index = table.indexes.iter().any(|index| index.name == name);
    Err(if is_index {
        helped(problem, "it is an index: write DROP INDEX, ALTER INDEX or COMMENT ON INDEX")
    } else {
        problem
    })
}

pub(super) fn index_table<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Table> {
    let owner = schema.index_table(name).map(|table| table.name.clone()).ok_or_else(|| {
        let indexes = schema.tables.values().flat_map(|table| &table.indexes);
        let problem = unknown("index", name, indexes.map(|index| index.name.as_str()));
        match schema.names.0.get(name) {
            Some(table) => helped(
                problem,
                &format!(
                    "it is a constraint: write ALTER TABLE {} .. CONSTRAINT {}",
                    PORTABLE.path(table),
                    spell(name)
                ),
            ),
            None => problem,
        }
    })?;
    table_mut(schema, &owner)
}

pub(super) fn enum_mut<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Vec<String>> {
    known_enum(schema, name)?;
    schema.enums.get_mut(name).ok_or_else(|| unknown("enum", name, empty()))
}

/// Whether the type of a column is there; a word that is no type is an enum's name.
pub(super) fn known_type(schema: &Schema, ty: &Type) -> Result {
    let (name, misspelt) = match ty {
        Type::Enum(name) => (name.as_ref(), nearest_type(name)),
        // What an array is of may be a type of one engine, unless it looks like one of every engine.
        Type::Other(text) => match text.strip_suffix("[]").map(|of| of.trim_end_matches("[]")) {
            Some(of) if is_plain(of) && !is_type(of) && nearest_type(of).is_some() => (of, nearest_type(of)),
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    if schema.enums.contains_key(name) {
        return Ok(());
    }
    let near = name::nearest(name, schema.enums.keys().map(String::as_str));
    let help = match (misspelt, near) {
        (Some(ty), _) if ty.eq_ignore_ascii_case(name) => format!("write {ty} without quotes"),
        (Some(ty), Some(near)) if name::distance(name, near) > name::distance(name, &ty.to_lowercase()) => meant(&ty),
        (_, Some(near)) => meant(near),
        (Some(ty), None) => meant(&ty),
        (None, None) => format!("write a type such as TEXT, or above: CREATE TYPE {} AS ENUM ('a', 'b')", spell(name)),
    };
    Err(Problem::plain(format!("there is no type `{name}` at this point"), help))
}

/// Whether `column` takes a default, and its enum has this one; those of other types are read by them.
pub(super) fn known_default(schema: &Schema, column: &Column) -> Result {
    made_once(column)?;
    let (Type::Enum(of), Some(default)) = (&column.ty, &column.default) else { return Ok(()) };
    let variants = schema.variants(&column.ty);
    let value = match default {
        Default::Value(Value::Text(text)) if variants.contains(text) => return Ok(()),
        Default::Value(Value::Text(text)) => text.clone(),
        Default::Value(value) => literal(value, &column.ty),
        Default::Now => "now()".to_owned(),
        Default::Expression(_) => return Ok(()),
    };
    let near = name::nearest(&value, variants.iter().map(String::as_str)).map(|near| format!("did you mean '{near}'?"));
    let all = || variants.iter().map(|variant| literal_text(variant)).collect::<Vec<_>>().join(", ");
    let help = near.unwrap_or_else(|| format!("write one of: {}", all()));
    Err(helped(unknown_of(&format!("enum `{of}`"), "value", &value, empty()), &help))
}

/// The type that `word` was probably meant to be, in upper case. Closer than other names have to be: an enum is often
/// called by a word that is as short as those of types.
pub(crate) fn nearest_type(word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    // Of two that are as near, slips keep the last letter: TIMESTAMPZ is TIMESTAMPTZ.
    let other_end = |ty: &str| ty.chars().next_back() != word.chars().next_back();
    let near = TYPE_WORDS.into_iter().map(|ty| (name::distance(&word, ty), other_end(ty), ty)).min()?;
    (near.0 <= if word.len() < 6 { 1 } else { 2 }).then(|| near.2.to_uppercase())
}

/// The words that types of every engine begin with.
#[rustfmt::skip]
pub(crate) const TYPE_WORDS: [&str; 33] = [
    "bigint", "blob", "bool", "boolean", "bpchar", "bytea", "char", "character", "clob", "date", "dec", "decimal",
    "double", "float", "float4", "float8", "int", "int2", "int4", "int8", "integer", "json", "jsonb", "numeric", "real",
    "smallint", "text", "time", "timestamp", "timestamptz", "uuid", "varbinary", "varchar",
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

/// The question whether `near` was meant.
fn meant(near: &str) -> String {
    format!("did you mean `{near}`?")
}

/// That the schema has no `what` of this name.
pub(super) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let near = name::nearest(name, known).map(meant);
    Problem::plain(format!("there is no {what} `{name}` at this point"), near.unwrap_or_default())
}

/// How many names are told where none is near.
const FEW: usize = 8;

/// That `of`, which is there, has no `what` of this name.
pub(super) fn unknown_of<'a>(of: &str, what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let known: Vec<&str> = known.collect();
    let near = name::nearest(name, known.iter().copied()).map(meant);
    let all = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = match known.len() {
        1..=FEW => near.unwrap_or_else(|| format!("it has {}", all())),
        _ => near.unwrap_or_default(),
    };
    Problem::plain(format!("{of} has no {what} `{name}`"), help)
}

/// The problem with something better to write.
pub(super) fn helped(problem: Problem, help: &str) -> Problem {
    Problem { help: help.to_owned(), ..problem }
}
