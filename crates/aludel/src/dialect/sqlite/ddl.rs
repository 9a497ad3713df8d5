//! SQLite's tables: declared types that keep their bytes, named rules, and everything said inside CREATE TABLE.

use super::SQLITE;
use crate::dialect::ddl::{Refusal, columns, unsupported};
use crate::dialect::{Inventory, Kind, Object};
use crate::schema::{
    Column, Constraint, Default, Index, Op, PORTABLE, Schema, Spelling, Table, enum_check, hex, literal,
    literal_content, literal_text, print, type_name,
};
use crate::{Type, Value};

pub(super) const SPELLING: Spelling = Spelling { ty: |ty, _| declared(ty), default, index_extras: false, ..PORTABLE };

/// The time of the statement, in UTC and the one spelling that sorts.
const NOW: &str = "(strftime('%Y-%m-%d %H:%M:%f000','now'))";

/// The declared type. A name that holds `TEXT` has text affinity, so that digits stay the text they are; a name of
/// SQLite's own choosing (`UUID`, `JSON`, `DECIMAL`) would turn them into numbers.
fn declared(ty: &Type) -> String {
    match ty {
        Type::Numeric(digits, scale) if *digits > SQLITE.decimal_digits => {
            format!("DECIMAL_TEXT({digits}, {scale})")
        }
        Type::Bytes => "BLOB".into(),
        Type::Date => "DATE_TEXT".into(),
        Type::Time => "TIME_TEXT".into(),
        Type::Timestamp => "TIMESTAMP_TEXT".into(),
        Type::TimestampTz => "TIMESTAMPTZ_TEXT".into(),
        Type::Uuid => "UUID_TEXT".into(),
        Type::Json => "JSON_TEXT".into(),
        Type::Enum(_) => "TEXT".into(),
        ty => type_name(ty),
    }
}

fn default(column: &Column, default: &Default) -> String {
    match default {
        Default::Value(value) => value_text(value, &column.ty),
        Default::Now => NOW.into(),
        Default::Expression(text) => format!("({text})"),
    }
}

pub(super) fn value_text(value: &Value, ty: &Type) -> String {
    match value {
        Value::Bytes(bytes) => format!("X'{}'", hex(bytes)),
        Value::Decimal(_) if declared(ty).contains("TEXT") => literal_text(&literal(value, ty)),
        value => literal_content(value).map_or_else(|| literal(value, ty), |text| literal_text(&text)),
    }
}

/// What makes a table.
pub(super) struct Made {
    /// CREATE TABLE
    pub(super) text: String,
    /// The first number of its identity, where that is not 1.
    pub(super) start: Option<i64>,
}

/// The statement that makes a table, with all its rules in it.
///
/// # Errors
/// What SQLite has no words for.
pub(super) fn create_table(table: &Table, schema: &Schema) -> Result<Made, Refusal> {
    if table.name.to_lowercase().starts_with("sqlite_") {
        return Err(unsupported(table, "SQLite", "have a table whose name begins with `sqlite_`", "rename it"));
    }
    for column in &table.columns {
        let of = &column.name;
        let whole = matches!(column.ty, Type::SmallInt | Type::Integer | Type::BigInt);
        if column.generated.is_some() && (column.default.is_some() || column.identity.is_some()) {
            let what = format!("give generated column `{of}` other values than its expression");
            return Err(unsupported(table, "SQLite", &what, "drop the expression first, or leave the default out"));
        }
        if column.identity.is_some() && !whole {
            return Err(unsupported(table, "SQLite", &format!("number column `{of}`"), "make it a BIGINT first"));
        }
        let key = table.primary_key.as_ref().map(|key| key.columns.as_slice());
        if column.identity.is_some() && key != Some(std::slice::from_ref(of)) {
            let help = "make the identity the whole key";
            return Err(unsupported(table, "SQLite", "number a column that is not the whole key", help));
        }
    }
    let table = &SQLITE.words(table).table()?;
    let mut columns = columns(&SPELLING, schema, table);
    let mut rules = Vec::new();
    let identity = table.columns.iter().position(|column| column.identity.is_some());
    for constraint in table.constraints() {
        match (&constraint, identity) {
            (Constraint::PrimaryKey(key), Some(at)) => {
                // AUTOINCREMENT keeps numbers of deleted rows from coming back; it wants exactly this form.
                let name = (SPELLING.name)(&key.name);
                columns[at].1 = format!("INTEGER NOT NULL CONSTRAINT {name} PRIMARY KEY AUTOINCREMENT");
            }
            (constraint, _) => rules.push(SPELLING.constraint(constraint)),
        }
    }
    not_null_keys(table, &mut columns);
    for column in table.columns.iter().filter(|column| matches!(column.ty, Type::Enum(_))) {
        let variants: Vec<_> = schema.variants(&column.ty).iter().map(|variant| literal_text(variant)).collect();
        let name = (SPELLING.name)(&enum_check(&table.name, &column.name));
        let values = variants.join(", ");
        rules.push(format!("CONSTRAINT {name} CHECK ({} IN ({values}))", (SPELLING.name)(&column.name)));
    }
    let text = SPELLING.create_table(&table.name, &columns, &rules);
    Ok(Made { text, start: table.columns.iter().find_map(|column| column.identity?.start) })
}

/// The statement that makes an index.
///
/// # Errors
/// What SQLite has no words for.
pub(super) fn create_index(table: &Table, index: &Index) -> Result<String, Refusal> {
    Ok(SPELLING.create_index(table, &SQLITE.words(table).index(index)?, false))
}

/// What a database made from `schema` holds. It names the oldest version there is words for, so that what is planned on it
/// runs on all.
pub(super) fn store(schema: &Schema) -> Inventory {
    let mut objects = Vec::new();
    let object = |kind, name: &str, table: &Table, sql| Object {
        kind,
        name: name.to_owned(),
        table: table.name.clone(),
        sql: Some(sql),
        temporary: false,
    };
    for table in schema.tables.values() {
        // What cannot be made is refused by the operation that makes it.
        objects.extend(create_table(table, schema).ok().map(|made| object(Kind::Table, &table.name, table, made.text)));
        let made = |index: &Index| Some(object(Kind::Index, &index.name, table, create_index(table, index).ok()?));
        objects.extend(table.indexes.iter().filter_map(made));
    }
    for view in schema.views.values() {
        let (kind, name, table) = (Kind::View, view.name.clone(), view.name.clone());
        let sql = Some(print(&SPELLING, &Op::CreateView { view: view.clone(), replace: false }));
        objects.push(Object { kind, name, table, sql, temporary: false });
    }
    Inventory { version: [3, 35, 0], objects, live: false, exact: true }
}

/// A key column takes NULL here unless it says that it does not.
fn not_null_keys(table: &Table, columns: &mut [(String, String)]) {
    let Some(key) = &table.primary_key else { return };
    for (column, (_, rest)) in table.columns.iter().zip(columns) {
        if key.columns.contains(&column.name) && column.identity.is_none() && !column.nullable {
            let ty = declared(&column.ty);
            *rest = format!("{ty} NOT NULL{}", &rest[ty.len()..]);
        }
    }
}
