//! How the values of a column become values of another type.

use crate::Type;
use crate::schema::{PORTABLE, truth, type_name};

/// What a change of type asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    /// The engines convert by themselves.
    Plain,
    /// This expression, in SQL, makes the new value.
    Using(String),
    /// No value of the one type means a value of the other.
    None,
}

/// What kind of value a type holds; within a kind, engines keep defaults, rules and expressions through a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Bool,
    Number,
    Text,
    Bytes,
    Day,
    Time,
    Moment,
    Uuid,
    Json,
    Enum,
    Other,
}

fn family(ty: &Type) -> Family {
    match ty {
        Type::Bool => Family::Bool,
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Numeric(..) => Family::Number,
        Type::Char(_) | Type::Varchar(_) | Type::Text => Family::Text,
        Type::Bytes => Family::Bytes,
        Type::Date => Family::Day,
        Type::Time => Family::Time,
        Type::Timestamp | Type::TimestampTz => Family::Moment,
        Type::Uuid => Family::Uuid,
        Type::Json => Family::Json,
        Type::Enum(_) => Family::Enum,
        Type::Other(_) => Family::Other,
    }
}

/// Whether what is said of a column of the one type holds for the other: defaults, rules and expressions can stay.
pub(super) fn akin(from: &Type, to: &Type) -> bool {
    family(from) == family(to) && !matches!(family(from), Family::Enum | Family::Other)
}

/// How `column` of type `from` becomes one of type `to`.
pub(super) fn conversion(column: &str, from: &Type, to: &Type) -> Conversion {
    let name = (PORTABLE.name)(column);
    let cast = || format!("CAST({name} AS {})", type_name(to));
    match (family(from), family(to)) {
        (Family::Enum, Family::Enum) => Conversion::Using(format!("CAST(CAST({name} AS TEXT) AS {})", type_name(to))),
        // Whoever has such types knows how they convert.
        (_, Family::Other) | (Family::Other, _) => Conversion::Using(cast()),
        (one, other) if one == other => Conversion::Plain,
        (Family::Bool, Family::Text) => {
            Conversion::Using(format!("CASE WHEN {name} THEN 'true' WHEN NOT {name} THEN 'false' END"))
        }
        (Family::Bool, Family::Number) => {
            Conversion::Using(format!("CASE WHEN {name} THEN 1 WHEN NOT {name} THEN 0 END"))
        }
        (Family::Number, Family::Bool) => Conversion::Using(format!("{name} <> 0")),
        (Family::Text, Family::Bool) => Conversion::Using(truth(column)),
        (Family::Text, Family::Bytes) | (Family::Bytes, Family::Text) => Conversion::None,
        (Family::Day, Family::Moment) | (Family::Moment, Family::Day | Family::Time) | (_, Family::Text) => {
            Conversion::Plain
        }
        (Family::Text, _) => Conversion::Using(cast()),
        _ => Conversion::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &Type, to: &Type) -> String {
        match conversion("Größe", from, to) {
            Conversion::Plain => "plain".into(),
            Conversion::Using(text) => text,
            Conversion::None => "none".into(),
        }
    }

    #[test]
    fn conversions() {
        for (from, to, expected) in [
            (Type::Integer, Type::BigInt, "plain"),
            (Type::Varchar(80), Type::Text, "plain"),
            (Type::Integer, Type::Text, "plain"),
            (Type::Timestamp, Type::Date, "plain"),
            (Type::Date, Type::TimestampTz, "plain"),
            (Type::Text, Type::Numeric(10, 2), "CAST(\"Größe\" AS NUMERIC(10, 2))"),
            (Type::Text, Type::Uuid, "CAST(\"Größe\" AS UUID)"),
            (Type::Text, Type::Enum("state".into()), "CAST(\"Größe\" AS state)"),
            (Type::Enum("a".into()), Type::Enum("b".into()), "CAST(CAST(\"Größe\" AS TEXT) AS b)"),
            (Type::Bool, Type::SmallInt, "CASE WHEN \"Größe\" THEN 1 WHEN NOT \"Größe\" THEN 0 END"),
            (Type::BigInt, Type::Bool, "\"Größe\" <> 0"),
            (Type::Time, Type::Date, "none"),
            (Type::Integer, Type::Date, "none"),
            (Type::Uuid, Type::BigInt, "none"),
        ] {
            assert_eq!(check(&from, &to), expected, "{from:?} {to:?}");
        }
        assert!(akin(&Type::Integer, &Type::Double) && !akin(&Type::Integer, &Type::Text));
        assert!(!akin(&Type::Enum("a".into()), &Type::Enum("b".into())));
    }
}
