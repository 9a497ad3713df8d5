//! A literal as the value of a column's type: what text does not say, the type does.

use crate::schema::print::type_name;
use crate::{Decimal, Timestamp, Type, Value};

/// `value`, read without a type, as a column of type `ty` keeps it.
///
/// Times with an offset become UTC, numbers take the column's kind and scale, `'\x..'` becomes bytes.
///
/// # Errors
/// What is wrong and what to write, where the type has no such value.
pub(crate) fn fit(value: Value, ty: &Type) -> Result<Value, (String, String)> {
    let wrong =
        |help: &str| (format!("{} is no value of {}", super::literal(&value, ty), type_name(ty)), help.to_owned());
    let number = match &value {
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Decimal(number) => Some(*number),
        Value::Text(text) if matches!(ty, Type::Numeric(..)) => text.parse().ok(),
        Value::Real(number) => super::real(*number).parse().ok(),
        _ => None,
    };
    Ok(match (&value, ty) {
        (Value::Null, _) | (_, Type::Other(_)) => value,
        (Value::Bool(_), Type::Bool) => value,
        (_, Type::Bool) => return Err(wrong("write TRUE or FALSE")),
        (_, Type::SmallInt | Type::Integer | Type::BigInt) => {
            let whole = number.and_then(Decimal::to_integer).and_then(|number| i64::try_from(number).ok());
            let whole = whole.map(Value::Int).ok_or_else(|| wrong("write a whole number"))?;
            match whole.check(ty, "") {
                Ok(()) => whole,
                Err(error) => return Err(wrong(&format!("it {}", error.message))),
            }
        }
        (Value::Real(_), Type::Real | Type::Double) => value,
        (_, Type::Real | Type::Double) => match number {
            Some(number) => Value::Real(number.to_f64()),
            None => return Err(wrong("write a number")),
        },
        (_, Type::Numeric(digits, scale)) => {
            let exact = number.filter(|number| number.fits(*digits, *scale) && number.rescale(*scale) == Some(*number));
            let whole = digits.saturating_sub(*scale);
            let help = format!("write a number with at most {whole} digits before the point and {scale} behind");
            exact.and_then(|number| number.rescale(*scale)).map(Value::Decimal).ok_or_else(|| wrong(&help))?
        }
        (Value::Text(text), Type::Varchar(_) | Type::Char(_) | Type::Text | Type::Json | Type::Enum(_)) => {
            match Value::Text(text.clone()).check(ty, "") {
                Ok(()) => value,
                Err(error) => return Err(wrong(&format!("it {}", error.message))),
            }
        }
        (_, Type::Varchar(_) | Type::Char(_) | Type::Text | Type::Json | Type::Enum(_)) => {
            return Err(wrong("write a text: '..'"));
        }
        (Value::Bytes(_), Type::Bytes) => value,
        (Value::Text(text), Type::Bytes) => text
            .strip_prefix("\\x")
            .and_then(unhex)
            .map(Value::Bytes)
            .ok_or_else(|| wrong("write bytes as '\\x00ff'"))?,
        (Value::Date(_), Type::Date) | (Value::Time(_), Type::Time) | (Value::Uuid(_), Type::Uuid) => value,
        (Value::Timestamp(_), Type::Timestamp | Type::TimestampTz) => value,
        (Value::Text(text), Type::Date) => {
            text.parse().map(Value::Date).map_err(|_| wrong("write a day as '2024-02-29'"))?
        }
        (Value::Text(text), Type::Time) => {
            text.parse().map(Value::Time).map_err(|_| wrong("write a time of day as '12:30:00'"))?
        }
        (Value::Text(text), Type::Timestamp) if has_offset(text) => {
            return Err(wrong(
                "a TIMESTAMP is a wall clock without a zone: leave the offset out, or make it a TIMESTAMPTZ",
            ));
        }
        (Value::Text(text), Type::Timestamp | Type::TimestampTz) => {
            let moment = text.parse::<Timestamp>();
            moment.map(Value::Timestamp).map_err(|_| wrong("write a time as '2024-02-29 12:30:00'"))?
        }
        (Value::Text(text), Type::Uuid) => {
            let help = "write a UUID as '67e55044-10b1-426f-9247-bb680e5fe0c8'";
            uuid(text).map(Value::Uuid).ok_or_else(|| wrong(help))?
        }
        (_, Type::Bytes) => return Err(wrong("write bytes as '\\x00ff'")),
        (_, Type::Date) => return Err(wrong("write a day as '2024-02-29'")),
        (_, Type::Time) => return Err(wrong("write a time of day as '12:30:00'")),
        (_, Type::Timestamp | Type::TimestampTz) => return Err(wrong("write a time as '2024-02-29 12:30:00'")),
        (_, Type::Uuid) => return Err(wrong("write a UUID as '67e55044-10b1-426f-9247-bb680e5fe0c8'")),
    })
}

/// Whether something of a zone stands behind the time.
fn has_offset(text: &str) -> bool {
    let behind = text.get(10..).unwrap_or_default();
    behind.chars().any(|c| matches!(c, '+' | '-') || c.is_ascii_alphabetic() && c != 'T')
}

/// The bytes of pairs of digits.
pub(crate) fn unhex(digits: &str) -> Option<Vec<u8>> {
    let even = digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs = (0..digits.len()).step_by(2).filter(|_| even);
    let bytes: Option<Vec<u8>> = pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect();
    bytes.filter(|_| even)
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
    let fits = hyphens.is_empty() || hyphens == [8, 13, 18, 23];
    let bytes = unhex(&text.replace('-', "")).filter(|_| fits)?;
    bytes.try_into().ok()
}
