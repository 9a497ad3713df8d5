//! Values for rows that are there before their column is.

use super::rule::Rule;
use crate::migrate::parse::expression_fault;
use crate::schema::{Column, PORTABLE, Table, fit, literal, nearest};
use crate::{Date, Decimal, Time, Timestamp, Type, Value};

/// What rows get that are there already.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fill {
    /// All of them the same.
    Value(Value),
    /// Each of them its own, by an expression in SQL.
    Expression(String),
}

impl Fill {
    /// As an UPDATE of a column of type `ty` says it, in the portable text.
    pub(super) fn sql(&self, ty: &Type) -> String {
        match self {
            Fill::Value(value) => literal(value, ty),
            Fill::Expression(text) => text.clone(),
        }
    }
}

/// What rows get in a column that comes back without its values: something of its type that says nothing, or, where no two
/// rows may have the same, the row's key. `None` where nothing can be made up.
pub(super) fn neutral(table: &Table, column: &Column, variants: &[String]) -> Option<Fill> {
    let rules = Rule::all(table);
    if rules.iter().any(|rule| rule.is_foreign_key() && rule.lists(&column.name)) {
        return None;
    }
    if rules.iter().any(|rule| rule.unique_columns().is_some() && rule.lists(&column.name)) {
        return from_key(table, column).map(Fill::Expression);
    }
    Some(Fill::Value(match &column.ty {
        Type::Bool => Value::Bool(false),
        Type::SmallInt | Type::Integer | Type::BigInt => Value::Int(0),
        Type::Real | Type::Double => Value::Real(0.0),
        Type::Numeric(_, scale) => Value::Decimal(Decimal::new(0, *scale)),
        Type::Char(_) | Type::Varchar(_) | Type::Text => Value::Text(String::new()),
        Type::Bytes => Value::Bytes(Vec::new()),
        Type::Date => Value::Date(Date(0)),
        Type::Time => Value::Time(Time(0)),
        Type::Timestamp | Type::TimestampTz => Value::Timestamp(Timestamp(0)),
        Type::Uuid => Value::Uuid([0; 16]),
        Type::Json => Value::Text("{}".into()),
        Type::Enum(_) => Value::Text(variants.first()?.clone()),
        Type::Other(_) => return None,
    }))
}

/// The key of a row, as a value of `column`, in SQL.
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

/// An expression in brackets, without them where they are around all of it: they are not in `(a) + (b)`.
fn expression(text: &str, inner: &str) -> Result<String, (String, String)> {
    if inner.is_empty() {
        return Err(("the brackets are empty".to_owned(), "write an expression in SQL between them".to_owned()));
    }
    let Some(fault) = expression_fault(inner) else { return Ok(inner.to_owned()) };
    match expression_fault(text) {
        None => Ok(text.to_owned()),
        Some(_) => Err((format!("what stands in brackets is no expression: {fault}"), "write one alone".to_owned())),
    }
}

/// `text` as it is typed for `column`: a value, and in brackets an expression.
///
/// # Errors
/// Why it is none, and what to write.
pub(super) fn typed(column: &Column, variants: &[String], text: &str) -> Result<Fill, (String, String)> {
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return expression(text, inner.trim()).map(Fill::Expression);
    }
    let value = match &column.ty {
        Type::Bool => text.to_lowercase().parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Bool),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(..) => {
            text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Decimal)
        }
        Type::Real | Type::Double => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Real(number),
            _ => Value::Text(text.to_owned()),
        },
        Type::Enum(name) if !variants.iter().any(|variant| variant == text) => {
            let near = nearest(text, variants.iter().map(String::as_str));
            let help = near.map_or_else(
                || format!("write one of {}", variants.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err((format!("enum `{name}` has no value `{text}`"), help));
        }
        _ => Value::Text(text.to_owned()),
    };
    fit(value, &column.ty).map(Fill::Value)
}
