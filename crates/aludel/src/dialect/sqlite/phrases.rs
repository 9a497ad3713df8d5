//! SQLite's words for expressions of the portable text.

use std::borrow::Cow;

use super::{SQLITE, ddl};
use crate::Type;
use crate::dialect::expression::{Assigned, Phrase, Phrases};
use crate::syntax::expr::Expr;

pub(super) const PHRASES: Phrases = Phrases {
    call,
    // There is none that means the same for moments with a zone.
    field: |_| None,
    constant: ddl::value_text,
    decimal: "CAST({0} AS NUMERIC)",
    rounded: Some("round({0}, {1})"),
    head: "substr({0}, 1, {1})",
    cuts: true,
    glob: true,
    plain_collation: "BINARY",
    own: &["power", "pow", "sqrt", "exp", "ln", "log", "log10", "pi", "trunc", "format", "json_object", "string_agg"],
    assigned,
};

/// A random UUID of version 4.
const UUID: &str = "lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || \
     substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (random() & 3), 1) || \
     substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))";

fn call(name: &str, arguments: &[Expr]) -> Phrase {
    match (name, arguments.len()) {
        ("char_length" | "character_length", 1) => Phrase::As("length({0})"),
        ("octet_length", 1) => Phrase::As("length(CAST({0} AS BLOB))"),
        ("btrim" | "trim", 1) => Phrase::As("trim({0})"),
        ("btrim" | "trim", 2) => Phrase::As("trim({0}, {1})"),
        ("ltrim", 1) => Phrase::As("ltrim({0})"),
        ("ltrim", 2) => Phrase::As("ltrim({0}, {1})"),
        ("rtrim", 1) => Phrase::As("rtrim({0})"),
        ("rtrim", 2) => Phrase::As("rtrim({0}, {1})"),
        ("substring" | "substr", 2) => Phrase::As("substr({0}, {1})"),
        ("substring" | "substr", 3) => Phrase::As("substr({0}, {1}, {2})"),
        ("strpos" | "position", 2) => Phrase::As("instr({0}, {1})"),
        ("left", 2) => Phrase::As("substr({0}, 1, {1})"),
        ("right", 2) => Phrase::As("substr({0}, -{1})"),
        ("chr", 1) => Phrase::As("char({0})"),
        ("ascii", 1) => Phrase::As("unicode({0})"),
        ("mod", 2) => Phrase::As("{0} % {1}"),
        // NULL among them does not count, as it does in `max` and `min`.
        ("greatest", 1..) => Phrase::Pairs("coalesce(max({0}, {1}), {0}, {1})"),
        ("least", 1..) => Phrase::Pairs("coalesce(min({0}, {1}), {0}, {1})"),
        ("concat", 1..) => Phrase::Each("coalesce({0}, '')", " || ", "{0}"),
        ("num_nonnulls", 1..) => Phrase::Each("({0} IS NOT NULL)", " + ", "{0}"),
        ("num_nulls", 1..) => Phrase::Each("({0} IS NULL)", " + ", "{0}"),
        ("now" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp", 0) => Phrase::Clock,
        ("gen_random_uuid", 0) => Phrase::Chance(UUID),
        ("floor", 1) => Phrase::As("CAST({0} AS INTEGER) - ({0} < CAST({0} AS INTEGER))"),
        ("ceil" | "ceiling", 1) => Phrase::As("CAST({0} AS INTEGER) + ({0} > CAST({0} AS INTEGER))"),
        // Built into some copies of SQLite and not into others.
        ("power" | "pow" | "sqrt" | "cbrt" | "exp" | "ln" | "log" | "log10" | "pi" | "random", _) => Phrase::Missing,
        (name, _) if crate::dialect::expression::is_foreign(name) => Phrase::Missing,
        _ => Phrase::Same,
    }
}

/// SQLite puts whatever comes into a column, so numbers are rounded, and decimals and moments are spelled, on the way.
fn assigned(value: &Assigned<'_>) -> Result<Option<Cow<'static, str>>, String> {
    let Assigned { from, to, computed } = *value;
    let long = |ty: &Type| matches!(ty, Type::Numeric(digits, _) if *digits > SQLITE.decimal_digits);
    let whole = |ty: &Type| matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt);
    let moment = |ty: &Type| matches!(ty, Type::Timestamp | Type::TimestampTz);
    let number = |ty: &Type| matches!(ty, Type::Numeric(..) | Type::Real | Type::Double);
    let most = SQLITE.decimal_digits;
    Ok(Some(match (from, to) {
        (from, Type::Numeric(_, scale)) if long(to) => match from {
            Type::Numeric(..) if long(from) && computed => {
                return Err(format!("exact calculation with decimals of more than {most} digits"));
            }
            Type::Numeric(_, old) if long(from) && old == scale => return Ok(None),
            Type::Numeric(_, old) if long(from) && old > scale => {
                return Err(format!("rounding of decimals of more than {most} digits"));
            }
            Type::Numeric(_, old) if long(from) => {
                let point = if *old == 0 { "." } else { "" };
                format!("{{0}} || '{point}{}'", "0".repeat(usize::from(scale - old))).into()
            }
            ty if whole(ty) && *scale == 0 => "CAST({0} AS TEXT)".into(),
            ty if whole(ty) => format!("CAST({{0}} AS TEXT) || '.{}'", "0".repeat((*scale).into())).into(),
            ty if number(ty) => format!("CASE WHEN {{0}} IS NOT NULL THEN printf('%.{scale}f', {{0}}) END").into(),
            _ => return Ok(None),
        },
        (from, to) if number(from) && whole(to) => "CAST(round({0}) AS INTEGER)".into(),
        (Type::Numeric(_, old), Type::Numeric(_, scale)) if !computed && old <= scale && !long(from) => {
            return Ok(None);
        }
        (from, Type::Numeric(_, scale)) if number(from) => format!("round({{0}}, {scale})").into(),
        (from, Type::Date | Type::Time) if moment(from) => (SQLITE.cast)(Some(from), to),
        (Type::Date, to) if moment(to) => (SQLITE.cast)(Some(from), to),
        _ => return Ok(None),
    }))
}
