//! How values are kept: SQLite has five storage classes, and one spelling of each type makes order and equality hold.

use crate::{Decimal, Error, Result, Type, Value};

use super::SQLITE;

#[cfg(all(test, feature = "sqlite"))]
mod tests;

/// A value as SQLite stores it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stored<'v> {
    /// NULL
    Null,
    /// INTEGER
    Int(i64),
    /// REAL
    Real(f64),
    /// TEXT
    Text(&'v str),
    /// BLOB
    Bytes(&'v [u8]),
}

/// Room for the spelling of one value at a time; kept from value to value, it stops allocating.
#[derive(Debug, Default)]
pub struct Spelling {
    short: [u8; 32],
    long: String,
}

/// How `value` is kept in a column of type `ty`, or compared with one; `None` where nobody knows the type.
///
/// Booleans are 0 and 1; days, times and moments are text with six digits after the second, in UTC; UUIDs are lower
/// hyphenated text; decimals are numbers up to 15 digits and text with all digits of their scale beyond; lists are JSON.
///
/// # Errors
/// An invalid value: NaN and infinities (they would become NULL), text with a NUL character, years that four digits do not
/// hold. A usage error for bytes within a list.
pub fn store<'v>(value: &'v Value, ty: Option<&Type>, spelling: &'v mut Spelling) -> Result<Stored<'v>> {
    Ok(match value {
        Value::Null => Stored::Null,
        Value::Bool(value) => Stored::Int(i64::from(*value)),
        Value::Int(value) => match ty {
            Some(Type::Numeric(digits, _)) if *digits > SQLITE.decimal_digits => {
                return decimal(Decimal::from(*value), ty, spelling);
            }
            _ => Stored::Int(*value),
        },
        Value::Real(value) if value.is_finite() => Stored::Real(*value),
        Value::Real(_) => {
            return Err(Error::field("value", "range", "NaN and infinities cannot be stored: check the number before"));
        }
        Value::Text(text) if text.as_bytes().contains(&0) => return Err(nul()),
        Value::Text(text) => Stored::Text(text),
        Value::Bytes(bytes) => Stored::Bytes(bytes),
        Value::Date(date) if date.is_storable() => Stored::Text(date.spell(&mut spelling.short)),
        Value::Time(time) if time.is_storable() => Stored::Text(time.spell(&mut spelling.short)),
        Value::Timestamp(moment) if moment.is_storable() => Stored::Text(moment.spell(&mut spelling.short)),
        Value::Date(_) | Value::Timestamp(_) => {
            return Err(Error::field("value", "range", "days and moments are kept with years from 0000 to 9999"));
        }
        Value::Time(_) => {
            return Err(Error::field("value", "range", "times of day lie between 00:00:00 and 23:59:59.999999"));
        }
        Value::Uuid(bytes) => {
            spelling.long.clear();
            uuid(bytes, &mut spelling.long);
            Stored::Text(&spelling.long)
        }
        Value::Decimal(number) => return decimal(*number, ty, spelling),
        Value::Array(values) => {
            let mut json = std::mem::take(&mut spelling.long);
            json.clear();
            array(values, ty, &mut json)?;
            spelling.long = json;
            Stored::Text(&spelling.long)
        }
    })
}

#[cold]
fn nul() -> Error {
    Error::field(
        "value",
        "nul",
        "text with a NUL character cannot be stored on every engine: take it out, or use Vec<u8>",
    )
}

/// Up to 15 digits a float names a decimal exactly; whole numbers are integers, as NUMERIC affinity would make them.
fn decimal<'v>(number: Decimal, ty: Option<&Type>, spelling: &'v mut Spelling) -> Result<Stored<'v>> {
    let text = match ty {
        Some(Type::Numeric(digits, scale)) if *digits > SQLITE.decimal_digits => {
            // Digits beyond the scale stay, so that such a number is equal to none that is stored.
            number.rescale(*scale).filter(|rescaled| *rescaled == number).unwrap_or(number)
        }
        _ => {
            let short = number.normalize();
            let whole = if short.scale() == 0 { i64::try_from(short.mantissa()).ok() } else { None };
            match whole {
                Some(whole) => return Ok(Stored::Int(whole)),
                None => return Ok(Stored::Real(short.to_f64())),
            }
        }
    };
    spelling.long.clear();
    spelling.long.push_str(&text.to_string());
    Ok(Stored::Text(&spelling.long))
}

fn uuid(bytes: &[u8; 16], out: &mut String) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// A list as JSON whose elements come out of `json_each` in the storage class their column has.
fn array(values: &[Value], ty: Option<&Type>, out: &mut String) -> Result<()> {
    let mut spelling = Spelling::default();
    out.push('[');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match value {
            Value::Array(row) => array(row, None, out)?,
            value => match store(value, ty, &mut spelling)? {
                Stored::Null => out.push_str("null"),
                Stored::Int(value) => out.push_str(&value.to_string()),
                Stored::Real(value) => out.push_str(&format!("{value:?}")),
                Stored::Text(text) => string(text, out),
                Stored::Bytes(_) => return Err(Error::usage("bytes cannot travel in a list: compare them one by one")),
            },
        }
    }
    out.push(']');
    Ok(())
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if u32::from(control) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}
