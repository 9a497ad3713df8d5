//! Values of one type as values of another: how they are spelled, and which of them would not be the same.

use super::utf8;
use crate::Type;
use crate::dialect::SQLITE;
use crate::schema::type_name;

/// Rows that must not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Holds for such a row.
    pub(super) condition: String,
    /// What is wrong with it, behind `holds in .. what`.
    pub(super) why: String,
}

/// `value` of type `from` as one of type `to`, and what must not be. `None` where it is spelled the same.
pub(super) fn convert(from: &Type, to: &Type, value: &str) -> (Option<String>, Vec<Doubt>) {
    let (new, back) = match spelled(from, to, value) {
        None => (None, None),
        Some((new, back)) => (Some(new), back),
    };
    let mut doubts = Vec::new();
    if let Some(back) = back {
        let why = format!("is another value as {}", type_name(to));
        doubts.push(Doubt { condition: format!("({back}) IS NOT ({value})"), why });
    }
    if *from == Type::Bytes && Kept::of(to) == Kept::Words {
        doubts.push(utf8::broken(value));
    }
    if !widens(from, to) {
        doubts.extend(misfit(to, new.as_deref().unwrap_or(value)));
    }
    (new, doubts)
}

/// Whether values of `ty` are text that means nothing but itself.
pub(super) fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Varchar(_) | Type::Char(_))
}

/// The text `value` read as a number of type `ty`, and what must not be: text that reads as none. `None` where `ty` is kept
/// as no number.
pub(super) fn read_number(ty: &Type, value: &str) -> Option<(Option<String>, Vec<Doubt>)> {
    if !matches!(Kept::of(ty), Kept::Int | Kept::Real | Kept::Number) || *ty == Type::Bool {
        return None;
    }
    let new = (SQLITE.cast)(Some(&Type::Text), ty).replace("{0}", value);
    // Beside a cast text is compared as the number that it is as a whole, and as text where it is none.
    let text = format!("CAST(trim({value}) AS TEXT)");
    let limit = if Kept::of(ty) == Kept::Int {
        format!("{text} NOT GLOB '*[^0-9+-]*'")
    } else {
        format!("abs({new}) <= {:e}", f64::MAX)
    };
    let reads = format!("{text} = {new} AND {limit}");
    let why = format!("reads as no {}", type_name(ty));
    let mut doubts = vec![Doubt { condition: format!("({value}) IS NOT NULL AND NOT ({reads})"), why }];
    doubts.extend(misfit(ty, &new));
    Some((Some(new), doubts))
}

/// The new spelling, and that one turned back into the old type where it may be another value.
fn spelled(from: &Type, to: &Type, value: &str) -> Option<(String, Option<String>)> {
    let cast = |from: &Type, to: &Type, value: &str| (SQLITE.cast)(Some(from), to).replace("{0}", value);
    let there = |text: String| format!("CASE WHEN {value} IS NOT NULL THEN {text} END");
    match (Kept::of(from), Kept::of(to)) {
        (Kept::Digits(old), Kept::Digits(new)) => rescaled(value, old, new).map(|text| (text, None)),
        (Kept::Words, Kept::Digits(_) | Kept::Clock(_)) | (Kept::Digits(_) | Kept::Clock(_), Kept::Words) => None,
        (old, new) if old == new => None,
        (Kept::Int, Kept::Digits(0)) => Some((format!("CAST({value} AS TEXT)"), None)),
        (Kept::Int, Kept::Digits(scale)) => Some((format!("CAST({value} AS TEXT) || '.{}'", "0".repeat(scale)), None)),
        (Kept::Real | Kept::Number, Kept::Digits(scale)) => {
            let new = there(printed(scale, value));
            let back = format!("CAST({new} AS NUMERIC)");
            Some((new, Some(back)))
        }
        (Kept::Digits(scale), Kept::Int) => {
            let new = cast(&Type::Text, to, value);
            // Printed as a real number it would lose digits of its own.
            let tail = if scale == 0 { String::new() } else { format!(" || '.{}'", "0".repeat(scale)) };
            let back = format!("CAST({new} AS TEXT){tail}");
            Some((new, Some(back)))
        }
        (Kept::Digits(scale), Kept::Real | Kept::Number) => {
            let new = cast(&Type::Text, to, value);
            let back = there(printed(scale, &new));
            Some((new, Some(back)))
        }
        _ => {
            let new = cast(from, to, value);
            let back = cast(to, from, &new);
            Some((new, Some(back)))
        }
    }
}

fn printed(scale: usize, value: &str) -> String {
    format!("printf('%.{scale}f', {value})")
}

/// Digits with more or fewer of them behind the point. Those cut off are noughts: others do not fit.
fn rescaled(value: &str, old: usize, new: usize) -> Option<String> {
    let noughts = "0".repeat(new.saturating_sub(old));
    match (old, new) {
        _ if old == new => None,
        (0, _) => Some(format!("{value} || '.{noughts}'")),
        _ if new > old => Some(format!("{value} || '{noughts}'")),
        _ => {
            let tail = if new == 0 { format!(".{}", "0".repeat(old)) } else { "0".repeat(old - new) };
            let cut = tail.len();
            let shorter = format!("substr({value}, 1, length({value}) - {cut})");
            Some(format!("CASE WHEN {value} LIKE '%{tail}' THEN {shorter} ELSE {value} END"))
        }
    }
}

/// How values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Int,
    Real,
    /// A number of either class.
    Number,
    /// A number as text, with so many digits behind the point.
    Digits(usize),
    /// Text that stands for itself.
    Words,
    /// A day, a time or a moment.
    Clock(Clock),
    Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    Date,
    Time,
    Moment,
}

impl Kept {
    fn of(ty: &Type) -> Kept {
        match ty {
            Type::Bool | Type::SmallInt | Type::Integer | Type::BigInt => Kept::Int,
            Type::Real | Type::Double => Kept::Real,
            Type::Numeric(digits, scale) if *digits > SQLITE.decimal_digits => Kept::Digits((*scale).into()),
            Type::Numeric(..) => Kept::Number,
            Type::Bytes => Kept::Bytes,
            Type::Date => Kept::Clock(Clock::Date),
            Type::Time => Kept::Clock(Clock::Time),
            Type::Timestamp | Type::TimestampTz => Kept::Clock(Clock::Moment),
            _ => Kept::Words,
        }
    }
}

/// Whether every value of `from` is one of `to`.
fn widens(from: &Type, to: &Type) -> bool {
    let whole = |ty: &Type| match ty {
        Type::Bool => Some(0),
        Type::SmallInt => Some(1),
        Type::Integer => Some(2),
        Type::BigInt => Some(3),
        _ => None,
    };
    let length = |ty: &Type| match ty {
        Type::Char(length) | Type::Varchar(length) => Some(*length),
        _ => None,
    };
    match (from, to) {
        (_, Type::Text) => *from != Type::Bytes,
        (Type::Numeric(digits, scale), Type::Numeric(more, finer)) => {
            scale <= finer && u16::from(*digits) + u16::from(*finer) <= u16::from(*more) + u16::from(*scale)
        }
        (Type::Timestamp, Type::TimestampTz) | (Type::TimestampTz, Type::Timestamp) | (Type::Real, Type::Double) => {
            true
        }
        _ => {
            let wider = whole(from).zip(whole(to)).is_some_and(|(from, to)| from <= to);
            wider || length(from).zip(length(to)).is_some_and(|(from, to)| from <= to) || from == to
        }
    }
}

/// Holds where `value` is a day of the calendar: without a step old engines give the 30th of February back.
fn day(value: &str) -> String {
    format!("strftime('%Y-%m-%d', {value}, '+0 days') IS {value}")
}

/// What a column of type `ty` does not take, where its values are `value`. Values of an enum are held by its rule.
pub(super) fn misfit(ty: &Type, value: &str) -> Option<Doubt> {
    const CLOCK: &str = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]";
    let whole = |most: i64| format!("typeof({value}) = 'integer' AND {value} BETWEEN {} AND {most}", -most - 1);
    let fits = match ty {
        Type::Bool => format!("{value} IN (0, 1)"),
        Type::SmallInt => whole(i16::MAX.into()),
        Type::Integer => whole(i32::MAX.into()),
        Type::BigInt => format!("typeof({value}) = 'integer'"),
        Type::Real | Type::Double => format!("typeof({value}) IN ('integer', 'real')"),
        Type::Numeric(digits, scale) if *digits <= SQLITE.decimal_digits => format!(
            "typeof({value}) IN ('integer', 'real') AND abs({value}) < 1e{} AND round({value}, {scale}) = {value}",
            digits - scale
        ),
        Type::Numeric(digits, scale) => {
            let size = format!("CASE WHEN substr({value}, 1, 1) = '-' THEN substr({value}, 2) ELSE {value} END");
            let point = if *scale == 0 {
                format!("instr({value}, '.') = 0 AND {size} <> ''")
            } else {
                format!(
                    "{size} GLOB '?*.*' AND {size} NOT GLOB '*.*.*' AND instr({value}, '.') = length({value}) - {scale}"
                )
            };
            format!(
                "typeof({value}) = 'text' AND {size} NOT GLOB '*[^0-9.]*' AND {size} NOT GLOB '0[0-9]*' AND {point} \
                 AND length(ltrim(replace({size}, '.', ''), '0')) <= {digits}"
            )
        }
        Type::Char(length) | Type::Varchar(length) => {
            format!("typeof({value}) <> 'blob' AND length({value}) <= {length}")
        }
        Type::Text => format!("typeof({value}) <> 'blob'"),
        Type::Bytes => format!("typeof({value}) = 'blob'"),
        Type::Date => day(value),
        Type::Time => format!("{value} GLOB '{CLOCK}' AND {value} < '24'"),
        Type::Timestamp | Type::TimestampTz => format!(
            "{} AND substr({value}, 11) GLOB ' {CLOCK}' AND substr({value}, 12) < '24'",
            day(&format!("substr({value}, 1, 10)"))
        ),
        Type::Uuid => format!("length({value}) = 36 AND {value} NOT GLOB '*[^0-9a-f-]*'"),
        Type::Json => format!("json_valid({value})"),
        Type::Enum(_) | Type::Other(_) => return None,
    };
    let why = format!("does not fit {}", type_name(ty));
    Some(Doubt { condition: format!("({value}) IS NOT NULL AND NOT ({fits})"), why })
}
