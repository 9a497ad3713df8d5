//! Values written out in the portable spelling, and literals of it as values.

mod fit;

pub(crate) use fit::{fit, unhex};

use crate::{Type, Value};

/// `value` as a literal of the portable text, which is PostgreSQL's: what revision files hold.
pub(crate) fn literal(value: &Value, ty: &Type) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Bool(value) => if *value { "TRUE" } else { "FALSE" }.into(),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => real(*value),
        Value::Bytes(bytes) => format!("'\\x{}'", hex(bytes)),
        Value::Decimal(value) => value.to_string(),
        Value::Array(items) => {
            format!("ARRAY[{}]", items.iter().map(|item| literal(item, ty)).collect::<Vec<_>>().join(", "))
        }
        Value::Timestamp(value) if *ty == Type::TimestampTz => format!("'{value}+00'"),
        Value::Text(_) | Value::Date(_) | Value::Time(_) | Value::Timestamp(_) | Value::Uuid(_) => {
            string(&text(value).unwrap_or_default())
        }
    }
}

/// What stands between the quotes, for values that are written as a string.
pub(crate) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone(),
        Value::Date(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::Timestamp(value) => value.to_string(),
        Value::Uuid(bytes) => uuid(bytes),
        _ => return None,
    })
}

/// A string, quotes doubled; everything else in it stands for itself.
pub(crate) fn string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text column `column` as a truth, by the words for true and false. Another word becomes NULL, unless an engine finds
/// that and refuses.
pub(crate) fn truth(column: &str) -> String {
    let name = (super::PORTABLE.name)(column);
    format!(
        "CASE WHEN lower({name}) IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE \
         WHEN lower({name}) IN ('false', 'f', 'no', 'n', 'off', '0') THEN FALSE END"
    )
}

/// Two digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The shortest digits that read back as the same number, with a point or an exponent.
pub(crate) fn real(value: f64) -> String {
    format!("{value:?}")
}

fn uuid(bytes: &[u8; 16]) -> String {
    let hex = hex(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
