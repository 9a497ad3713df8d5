//! The types of expressions, as far as the text tells.

use super::Names;
use crate::Type;
use crate::syntax::expr::{Call, Expr, Ty};

/// The type of `expr`; `None` where it cannot be told.
pub(super) fn of(expr: &Expr, names: Names<'_>) -> Option<Type> {
    let first = |exprs: &[&Expr]| exprs.iter().find_map(|expr| of(expr, names));
    match expr {
        Expr::Name(path) => names.column(path).map(|column| column.ty.clone()),
        Expr::Bool(_)
        | Expr::Chain { .. }
        | Expr::Is { .. }
        | Expr::Distinct { .. }
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::Like { .. }
        | Expr::Quantified { .. } => Some(Type::Bool),
        Expr::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Type::Integer),
        Expr::Number(_) => Some(Type::Numeric(15, 6)),
        Expr::Current { word: "CURRENT_DATE", .. } => Some(Type::Date),
        Expr::Current { word: "CURRENT_TIMESTAMP", .. } => Some(Type::TimestampTz),
        Expr::Unary { op, .. } if op == "NOT" => Some(Type::Bool),
        Expr::Unary { of: operand, .. } => of(operand, names),
        Expr::Binary { op, left, right } => match op.as_str() {
            "+" | "-" | "*" | "/" | "%" => wider(of(left, names), of(right, names)),
            "||" => Some(Type::Text),
            "&" | "|" | "<<" | ">>" => of(left, names),
            _ => Some(Type::Bool),
        },
        Expr::Case { when, other, .. } => {
            let results: Vec<_> = when.iter().map(|(_, result)| result).chain(other.as_deref()).collect();
            first(&results)
        }
        Expr::Cast { ty, .. } => named(ty),
        Expr::Collate { .. } => Some(Type::Text),
        Expr::Call(call) => called(call, names),
        _ => None,
    }
}

fn called(call: &Call, names: Names<'_>) -> Option<Type> {
    match call.known()? {
        "length" | "char_length" | "character_length" | "octet_length" | "strpos" | "position" | "num_nonnulls"
        | "num_nulls" | "ascii" => Some(Type::Integer),
        "lower" | "upper" | "trim" | "btrim" | "ltrim" | "rtrim" | "substr" | "substring" | "replace" | "left"
        | "right" | "concat" | "overlay" => Some(Type::Text),
        "abs" | "round" | "coalesce" | "nullif" | "greatest" | "least" | "mod" | "floor" | "ceil" | "ceiling" => {
            call.arguments.iter().find_map(|argument| of(argument, names))
        }
        "count" => Some(Type::BigInt),
        "avg" => Some(Type::Double),
        "sum" => call
            .arguments
            .first()
            .and_then(|argument| of(argument, names).map(|ty| if is_integer(&ty) { Type::BigInt } else { ty })),
        "min" | "max" => call.arguments.first().and_then(|argument| of(argument, names)),
        "now" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp" => Some(Type::TimestampTz),
        "gen_random_uuid" => Some(Type::Uuid),
        _ => None,
    }
}

/// The type of a calculation.
fn wider(one: Option<Type>, other: Option<Type>) -> Option<Type> {
    let (one, other) = (one?, other?);
    let float = |ty: &Type| matches!(ty, Type::Real | Type::Double);
    if float(&one) || float(&other) {
        return Some(Type::Double);
    }
    match (&one, &other) {
        (Type::Numeric(..), _) => Some(one),
        (_, Type::Numeric(..)) => Some(other),
        _ if is_integer(&one) && is_integer(&other) => Some(Type::BigInt),
        _ => Some(one),
    }
}

pub(super) fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt)
}

pub(super) fn is_fractional(ty: &Type) -> bool {
    matches!(ty, Type::Numeric(..) | Type::Real | Type::Double)
}

pub(super) fn is_moment(ty: &Type) -> bool {
    matches!(ty, Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz)
}

/// The type that a cast names; a type of the schema is an enum, and what only some engines have is
/// [`Type::Other`].
pub(super) fn named(ty: &Ty) -> Option<Type> {
    if ty.arrays > 0 {
        return None;
    }
    let number = |at: usize| ty.arguments.get(at).and_then(|number| number.parse::<u32>().ok());
    let digits = |at: usize| number(at).and_then(|number| u8::try_from(number).ok());
    let usual = ty.arguments.is_empty() || number(0) == Some(6);
    let Some(name) = ty.built_in() else {
        return ty.name.last().map(|name| Type::Enum(name.text.clone().into()));
    };
    Some(match name {
        "bigint" => Type::BigInt,
        "boolean" => Type::Bool,
        "bytea" => Type::Bytes,
        "char" => Type::Char(number(0).unwrap_or(1)),
        "date" => Type::Date,
        "double precision" => Type::Double,
        "integer" => Type::Integer,
        "json" | "jsonb" => Type::Json,
        "numeric" if ty.arguments.is_empty() => Type::Other("NUMERIC".into()),
        "numeric" => Type::Numeric(digits(0)?, digits(1).unwrap_or(0)),
        "real" => Type::Real,
        "smallint" => Type::SmallInt,
        "text" | "bpchar" => Type::Text,
        "time" if usual => Type::Time,
        "timestamp" if usual => Type::Timestamp,
        "timestamptz" if usual => Type::TimestampTz,
        "uuid" => Type::Uuid,
        "varchar" => number(0).map_or(Type::Text, Type::Varchar),
        other => Type::Other(other.to_uppercase().into()),
    })
}
