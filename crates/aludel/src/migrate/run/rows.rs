//! One row for each table of a schema: what a proof tries a revision on.

use std::collections::BTreeSet;

use crate::schema::{Column, Default, Schema, Table};
use crate::sql::{Expr, Insert, Name};
use crate::{Date, Decimal, Time, Timestamp, Type, Value};

/// How many rows are tried for a table before it is left empty: what `free` gives by itself, and one for each text.
pub(super) const TRIES: usize = TEXTS.len() + 2;

/// The row for `table` at the try `nth`; `None` where there can be none.
///
/// Values follow from the type alone wherever a foreign key is concerned, so that rows point at each other. The others
/// differ from try to try, since a rule of the table may refuse some.
pub(super) fn row(schema: &Schema, table: &Table, nth: usize, empty: &BTreeSet<String>) -> Option<Insert> {
    let tied = tied(schema, table);
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        let orphan =
            table.foreign_keys.iter().any(|key| empty.contains(&key.table) && key.columns.contains(&column.name));
        let value = match (orphan, tied.contains(column.name.as_str())) {
            (true, _) => None,
            (false, true) => value(schema, &column.ty, 0),
            (false, false) => free(schema, column, nth),
        };
        let value = match value {
            Some(value) => value,
            None if column.nullable => Value::Null,
            None => return None,
        };
        columns.push(Name::from(column.name.clone()));
        values.push(Expr::Value(value, column.ty.clone()));
    }
    let table = Name::from(table.name.clone());
    Some(Insert { table, columns, rows: vec![values], conflict: None, returning: Vec::new() })
}

/// The columns of `table` that are a key, point at one, or are pointed at.
fn tied<'s>(schema: &'s Schema, table: &'s Table) -> BTreeSet<&'s str> {
    let own = table.foreign_keys.iter().flat_map(|key| &key.columns);
    let others = schema.tables.values().flat_map(|other| &other.foreign_keys);
    let others = others.filter(|key| key.table == table.name).flat_map(|key| &key.references);
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    own.chain(others).chain(key).map(String::as_str).collect()
}

/// The value of a column that is bound to nothing: usual ones first, then defaults, then nothing at all, then others.
fn free(schema: &Schema, column: &Column, nth: usize) -> Option<Value> {
    let default = match &column.default {
        Some(Default::Value(value)) => Some(value.clone()),
        _ => None,
    };
    match nth {
        0 => value(schema, &column.ty, 0),
        1 => default.or_else(|| value(schema, &column.ty, 0)),
        2 if column.nullable => None,
        2 => default.or_else(|| value(schema, &column.ty, 0)),
        nth => value(schema, &column.ty, nth - 2),
    }
}

const NUMBERS: [i32; 9] = [1, 0, 2, 10, 100, 1_000, 5, -1, 50];
const TEXTS: [&str; 11] = [
    "a",
    "A",
    "abc",
    "abcdefgh",
    "ann@example.org",
    "a-b",
    "1",
    "",
    "https://example.org/a/longer/one",
    "2024-02-29",
    "67e55044-10b1-426f-9247-bb680e5fe0c8",
];

/// A value of a type; `None` for types whose values are not known here.
fn value(schema: &Schema, ty: &Type, nth: usize) -> Option<Value> {
    let number = NUMBERS[nth % NUMBERS.len()];
    let text = TEXTS[nth % TEXTS.len()];
    let cut = |length: u32| text.chars().take(length as usize).collect::<String>();
    Some(match ty {
        Type::Bool => Value::Bool(nth.is_multiple_of(2)),
        Type::SmallInt | Type::Integer | Type::BigInt => Value::Int(i64::from(number)),
        Type::Real | Type::Double => Value::Real(f64::from(number)),
        Type::Numeric(digits, scale) if digits > scale && number < 10 => {
            Value::Decimal(Decimal::new(i128::from(number), 0))
        }
        Type::Numeric(_, scale) => Value::Decimal(Decimal::new(1, *scale)),
        Type::Char(length) | Type::Varchar(length) => Value::Text(cut(*length)),
        Type::Text => Value::Text(text.to_owned()),
        Type::Bytes => Value::Bytes(text.as_bytes().to_vec()),
        Type::Date => Value::Date(Date(19_782 + number)),
        Type::Time => Value::Time(Time(45_000_000_000 + i64::from(number))),
        Type::Timestamp | Type::TimestampTz if nth == 1 => Value::Timestamp(Timestamp(1_709_164_800_000_000)),
        Type::Timestamp | Type::TimestampTz => Value::Timestamp(Timestamp(1_709_210_000_000_000 + i64::from(number))),
        Type::Uuid => Value::Uuid([u8::try_from(nth).unwrap_or_default() + 1; 16]),
        Type::Json => Value::Text(["{\"a\": 1}", "[1]", "\"a\"", "null"][nth % 4].to_owned()),
        Type::Enum(_) => {
            let variants = schema.variants(ty);
            Value::Text(variants.get(nth % variants.len().max(1))?.clone())
        }
        Type::Other(_) => return None,
    })
}
