//! What a kept value is as a value of another type, by the meaning of the types and not by how anything converts.

use rusqlite::Connection;
use rusqlite::types::Value as Stored;

use crate::Type;

/// Most digits of a decimal that is kept as a number.
const NUMBER: u8 = 15;

/// The first number that is too great for an integer.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// `value` of type `from` as one of type `to`; why not, where something of it would be lost.
pub(super) fn convert(sqlite: &Connection, from: &Type, to: &Type, value: Stored) -> Result<Stored, String> {
    if from == to || value == Stored::Null {
        return Ok(value);
    }
    let lost = |why: &str| Err(format!("{value:?} of {from:?} {why} {to:?}"));
    let new = match to {
        Type::Text | Type::Varchar(_) | Type::Char(_) => text(sqlite, from, &value),
        Type::Bool => bool(&value),
        Type::SmallInt | Type::Integer | Type::BigInt => whole(&value).map(Stored::Integer),
        Type::Real | Type::Double => real(&value).map(Stored::Real),
        Type::Numeric(digits, scale) => numeric(sqlite, &value, *digits, *scale),
        Type::Date => day(from, &value),
        Type::Timestamp | Type::TimestampTz => moment(from, &value),
        Type::Time => clock(from, &value),
        Type::Uuid | Type::Json | Type::Bytes | Type::Enum(_) | Type::Other(_) => Some(value.clone()),
    };
    match new {
        None => lost("is lost as"),
        Some(new) if fits(sqlite, to, &new) => Ok(new),
        Some(_) => lost("does not fit"),
    }
}

/// Whether a column of type `ty` holds such values. An enum's values are for its check.
fn fits(sqlite: &Connection, ty: &Type, value: &Stored) -> bool {
    let within = |most: i64| matches!(value, Stored::Integer(value) if (-most - 1..=most).contains(value));
    match (ty, value) {
        (Type::SmallInt, _) => within(i16::MAX.into()),
        (Type::Integer, _) => within(i32::MAX.into()),
        (Type::Varchar(most) | Type::Char(most), Stored::Text(text)) => {
            text.chars().count() <= usize::try_from(*most).unwrap()
        }
        (Type::Uuid, Stored::Text(text)) => {
            let hex = |letter: char| letter == '-' || letter.is_ascii_digit() || ('a'..='f').contains(&letter);
            text.len() == 36 && text.chars().all(hex)
        }
        (Type::Json, Stored::Text(text)) => {
            sqlite.query_row("SELECT json_valid(?1)", [text], |row| row.get(0)).unwrap()
        }
        _ => true,
    }
}

fn text(sqlite: &Connection, from: &Type, value: &Stored) -> Option<Stored> {
    match value {
        Stored::Integer(value) if *from == Type::Bool => Some(Stored::Text((*value != 0).to_string())),
        Stored::Integer(value) => Some(Stored::Text(value.to_string())),
        Stored::Real(value) => {
            let sql = "SELECT CAST(?1 AS TEXT), CAST(CAST(?1 AS TEXT) AS REAL) = ?1";
            let (text, same) = sqlite.query_row(sql, [value], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            if same { Some(Stored::Text(text)) } else { None }
        }
        Stored::Text(_) => Some(value.clone()),
        Stored::Blob(_) | Stored::Null => None,
    }
}

fn bool(value: &Stored) -> Option<Stored> {
    let is = match value {
        Stored::Integer(value) => *value != 0,
        Stored::Real(value) => *value != 0.0,
        Stored::Text(word) => match word.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => true,
            "false" | "f" | "no" | "n" | "off" | "0" => false,
            _ => return None,
        },
        Stored::Blob(_) | Stored::Null => return None,
    };
    Some(Stored::Integer(i64::from(is)))
}

fn whole(value: &Stored) -> Option<i64> {
    match value {
        Stored::Integer(value) => Some(*value),
        #[expect(clippy::cast_possible_truncation, reason = "it lies within, as is asked before")]
        Stored::Real(value) if value.trunc() == *value && (-TWO_63..TWO_63).contains(value) => Some(*value as i64),
        Stored::Text(text) => {
            let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
            whole.parse().ok().filter(|_| rest.chars().all(|digit| digit == '0'))
        }
        _ => None,
    }
}

fn real(value: &Stored) -> Option<f64> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "the loss is what is asked for"
        )]
        Stored::Integer(value) => Some(*value as f64).filter(|real| *real as i128 == i128::from(*value)),
        Stored::Real(value) => Some(*value),
        Stored::Text(text) => {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            text.parse().ok().filter(|_| digits <= usize::from(NUMBER))
        }
        Stored::Blob(_) | Stored::Null => None,
    }
}

/// A decimal, as digits with a point somewhere.
fn numeric(sqlite: &Connection, value: &Stored, digits: u8, scale: u8) -> Option<Stored> {
    let written = match value {
        Stored::Integer(value) => value.to_string(),
        Stored::Text(text) => text.clone(),
        Stored::Real(value) => {
            let sql = "SELECT printf('%.' || ?2 || 'f', ?1)";
            let text: String = sqlite.query_row(sql, rusqlite::params![value, scale], |row| row.get(0)).unwrap();
            text.parse::<f64>().ok().filter(|back| back == value)?;
            text
        }
        Stored::Blob(_) | Stored::Null => return None,
    };
    let (sign, rest) = written.strip_prefix('-').map_or(("", written.as_str()), |rest| ("-", rest));
    let (whole, tail) = rest.split_once('.').unwrap_or((rest, ""));
    let tail = tail.trim_end_matches('0');
    let numeric = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !numeric(whole) || !numeric(tail) || tail.len() > usize::from(scale) {
        return None;
    }
    if whole.trim_start_matches('0').len() > usize::from(digits - scale) {
        return None;
    }
    if digits > NUMBER {
        let noughts = "0".repeat(usize::from(scale) - tail.len());
        let point = if scale == 0 { "" } else { "." };
        return Some(Stored::Text(format!("{sign}{whole}{point}{tail}{noughts}")));
    }
    if tail.is_empty() {
        return format!("{sign}{whole}").parse().ok().map(Stored::Integer);
    }
    format!("{sign}{whole}.{tail}").parse().ok().map(Stored::Real)
}

fn day(from: &Type, value: &Stored) -> Option<Stored> {
    let Stored::Text(text) = value else { return None };
    match from {
        Type::Timestamp | Type::TimestampTz => {
            text.strip_suffix(" 00:00:00.000000").map(|day| Stored::Text(day.into()))
        }
        _ if text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' => Some(value.clone()),
        _ => None,
    }
}

fn clock(from: &Type, value: &Stored) -> Option<Stored> {
    let Stored::Text(text) = value else { return None };
    let is_time = text.len() == 15 && text.as_bytes()[2] == b':' && text.as_bytes()[8] == b'.';
    // The day of a moment would be lost.
    (is_time && !matches!(from, Type::Timestamp | Type::TimestampTz)).then(|| value.clone())
}

fn moment(from: &Type, value: &Stored) -> Option<Stored> {
    let Stored::Text(text) = value else { return None };
    match from {
        Type::Date => Some(Stored::Text(format!("{text} 00:00:00.000000"))),
        Type::Timestamp | Type::TimestampTz => Some(value.clone()),
        _ if text.len() == 26 && text.as_bytes()[10] == b' ' && text.as_bytes()[19] == b'.' => Some(value.clone()),
        _ => None,
    }
}
