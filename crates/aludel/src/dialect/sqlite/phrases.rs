//! SQLite's words for expressions of the portable text.

use super::ddl;
use crate::dialect::expression::{Phrase, Phrases};
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
