//! Words of MySQL and MariaDB for expressions of the portable text.

use super::ddl;
use crate::dialect::Template;
use crate::dialect::expression::{Phrase, Phrases, is_foreign};
use crate::syntax::expr::Expr;

pub(in crate::dialect) const PHRASES: Phrases = Phrases {
    call,
    field,
    constant: ddl::value_text,
    decimal: "CAST({0} AS DECIMAL(65, 30))",
    rounded: None,
    head: "left({0}, {1})",
    cuts: false,
    glob: false,
    plain_collation: "utf8mb4_0900_bin",
    own: &["json_object", "make_set", "to_base64", "to_days", "to_seconds"],
    assigned: |_| Ok(None),
};

fn field(name: &str) -> Option<Template> {
    Some(match name {
        "year" => "EXTRACT(YEAR FROM {0})",
        "quarter" => "EXTRACT(QUARTER FROM {0})",
        "month" => "EXTRACT(MONTH FROM {0})",
        "day" => "EXTRACT(DAY FROM {0})",
        "hour" => "EXTRACT(HOUR FROM {0})",
        "minute" => "EXTRACT(MINUTE FROM {0})",
        _ => return None,
    })
}

fn call(name: &str, arguments: &[Expr]) -> Phrase {
    // What is trimmed is a word here, and a set of characters there.
    let single = matches!(arguments.get(1), Some(Expr::Text(text)) if text.chars().count() == 1);
    match (name, arguments.len()) {
        ("length" | "character_length", 1) => Phrase::As("char_length({0})"),
        ("btrim" | "trim", 1) => Phrase::As("trim({0})"),
        ("btrim" | "trim", 2) if single => Phrase::As("trim(BOTH {1} FROM {0})"),
        ("ltrim", 1) => Phrase::As("ltrim({0})"),
        ("ltrim", 2) if single => Phrase::As("trim(LEADING {1} FROM {0})"),
        ("rtrim", 1) => Phrase::As("rtrim({0})"),
        ("rtrim", 2) if single => Phrase::As("trim(TRAILING {1} FROM {0})"),
        ("btrim" | "trim" | "ltrim" | "rtrim", _) => Phrase::Missing,
        ("substring" | "substr", 2) => Phrase::As("substr({0}, {1})"),
        ("substring" | "substr", 3) => Phrase::As("substr({0}, {1}, {2})"),
        ("strpos" | "position", 2) => Phrase::As("instr({0}, {1})"),
        ("chr", 1) => Phrase::As("char({0})"),
        ("log", 1) => Phrase::As("log10({0})"),
        // NULL among them does not count, as it does here.
        ("greatest", 1..) => Phrase::Pairs("coalesce(greatest({0}, {1}), {0}, {1})"),
        ("least", 1..) => Phrase::Pairs("coalesce(least({0}, {1}), {0}, {1})"),
        ("concat", 1..) => Phrase::Each("coalesce({0}, '')", ", ", "concat({0})"),
        ("num_nonnulls", 1..) => Phrase::Each("({0} IS NOT NULL)", " + ", "{0}"),
        ("num_nulls", 1..) => Phrase::Each("({0} IS NULL)", " + ", "{0}"),
        ("now" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp", 0) => Phrase::Clock,
        ("gen_random_uuid", 0) => Phrase::Chance("uuid()"),
        ("random", 0) => Phrase::Chance("rand()"),
        ("lpad" | "rpad" | "repeat" | "reverse" | "md5", _) => Phrase::Same,
        (name, _) if is_foreign(name) => Phrase::Missing,
        _ => Phrase::Same,
    }
}
