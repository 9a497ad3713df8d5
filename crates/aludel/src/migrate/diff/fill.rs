//! Values for rows that are there before their column is.

use super::rule::Rule;
use crate::schema::{Column, PORTABLE, Table, literal, literal_text, nearest};
use crate::{Date, Decimal, Time, Timestamp, Type, Value};

/// What rows get in a column that comes back without its values, in SQL: something of its type that says nothing, or,
/// where no two rows may have the same, the row's key. `None` where nothing can be made up.
pub(super) fn neutral(table: &Table, column: &Column, variants: &[String]) -> Option<String> {
    let rules = Rule::all(table);
    if rules.iter().any(|rule| rule.is_foreign_key() && rule.lists(&column.name)) {
        return None;
    }
    if rules.iter().any(|rule| rule.unique_columns().is_some() && rule.lists(&column.name)) {
        return from_key(table, column);
    }
    Some(match &column.ty {
        Type::Bool => "FALSE".into(),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Numeric(..) => "0".into(),
        Type::Char(_) | Type::Varchar(_) | Type::Text => "''".into(),
        Type::Bytes => "'\\x'".into(),
        Type::Date => "'1970-01-01'".into(),
        Type::Time => "'00:00:00.000000'".into(),
        Type::Timestamp => "'1970-01-01 00:00:00.000000'".into(),
        Type::TimestampTz => "'1970-01-01 00:00:00.000000+00'".into(),
        Type::Uuid => "'00000000-0000-0000-0000-000000000000'".into(),
        Type::Json => "'{}'".into(),
        Type::Enum(_) => literal_text(variants.first()?),
        Type::Other(_) => return None,
    })
}

/// The key of a row, as a value of `column`.
fn from_key(table: &Table, column: &Column) -> Option<String> {
    let [key] = table.primary_key.as_ref()?.columns.as_slice() else { return None };
    let number = matches!(table.column(key)?.ty, Type::SmallInt | Type::Integer | Type::BigInt);
    let name = (PORTABLE.name)(key);
    match &column.ty {
        _ if !number || *key == column.name => None,
        Type::BigInt | Type::Double => Some(name),
        Type::Text => Some(format!("CAST({name} AS TEXT)")),
        Type::Varchar(length) if *length >= 20 => Some(format!("CAST({name} AS VARCHAR({length}))")),
        _ => None,
    }
}

/// `text` as a value of `column`, in SQL: as it is typed, and in brackets an expression.
///
/// # Errors
/// Why it is none, as a sentence.
pub(super) fn value(column: &Column, variants: &[String], text: &str) -> Result<String, String> {
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return if inner.trim().is_empty() {
            Err("the brackets are empty".into())
        } else {
            Ok(inner.trim().to_owned())
        };
    }
    let wrong = |what: &str| format!("`{text}` is no {what}");
    let number = |least: i64, most: i64| {
        let number = text.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
        number.map(Value::Int).ok_or_else(|| wrong(&format!("integer from {least} to {most}")))
    };
    let value = match &column.ty {
        Type::Bool => text.parse().map(Value::Bool).map_err(|_| wrong("`true` or `false`"))?,
        Type::SmallInt => number(i16::MIN.into(), i16::MAX.into())?,
        Type::Integer => number(i32::MIN.into(), i32::MAX.into())?,
        Type::BigInt => number(i64::MIN, i64::MAX)?,
        Type::Real | Type::Double => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            Value::Real(number.ok_or_else(|| wrong("number"))?)
        }
        Type::Numeric(digits, scale) => {
            let number =
                text.parse::<Decimal>().ok().and_then(|number| number.rescale(*scale).filter(|same| *same == number));
            Value::Decimal(number.ok_or_else(|| wrong(&format!("NUMERIC({digits}, {scale})")))?)
        }
        Type::Char(length) | Type::Varchar(length)
            if text.chars().count() > usize::try_from(*length).unwrap_or(usize::MAX) =>
        {
            return Err(format!("`{text}` has more than {length} characters"));
        }
        Type::Char(_) | Type::Varchar(_) | Type::Text | Type::Json | Type::Bytes | Type::Uuid | Type::Other(_) => {
            Value::Text(text.to_owned())
        }
        Type::Date => text.parse::<Date>().map(Value::Date).map_err(|_| wrong("date"))?,
        Type::Time => text.parse::<Time>().map(Value::Time).map_err(|_| wrong("time"))?,
        Type::Timestamp | Type::TimestampTz => {
            text.parse::<Timestamp>().map(Value::Timestamp).map_err(|_| wrong("timestamp"))?
        }
        Type::Enum(name) if !variants.iter().any(|variant| variant == text) => {
            let near = nearest(text, variants.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!("`{text}` is no value of enum `{name}`{near}"));
        }
        Type::Enum(_) => Value::Text(text.to_owned()),
    };
    Ok(literal(&value, &column.ty))
}
