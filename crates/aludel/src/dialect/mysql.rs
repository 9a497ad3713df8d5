//! MySQL.

pub(super) mod ddl;
mod phrases;

pub(super) use phrases::PHRASES;

use std::borrow::Cow;

use super::data::{Extent, With};
use super::ddl::{Reach, Tables};
use super::{Dialect, Keys, Lists, Nulls, Pattern, Placeholder, Returning, Rows, Search, Upsert};
use crate::Type;
use crate::sql::{Aggregate, Binary, Function, Lock, Match};

/// MySQL 8.0 and newer.
pub const MYSQL: Dialect = Dialect {
    name: "mysql",
    version: "SELECT version()",
    table_names: "SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY table_name",
    begin_read: "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    begin_write: "START TRANSACTION",
    script: "",
    late_keys: &[],
    max_params: 65_535,
    placeholder: Placeholder::Question,
    quote: '`',
    returning: Returning { insert: false, update: false, delete: false },
    default_row: "() VALUES ()",
    rows: Rows::Values,
    keys: Keys::Single,
    upsert: Upsert::OnDuplicateKey,
    writes_read_themselves: false,
    lists: Lists::Padded,
    row_list: "",
    limit_in_list: false,
    no_limit: Some("18446744073709551615"),
    nulls: Nulls { smallest: true, clause: false },
    lock: |lock| match lock {
        Lock::Update => " FOR UPDATE OF {0}",
        Lock::SkipLocked => " FOR UPDATE OF {0} SKIP LOCKED",
        Lock::NoWait => " FOR UPDATE OF {0} NOWAIT",
    },
    aggregate_filter: false,
    decimal_digits: u8::MAX,
    decimals_float: false,
    same: ["{0} <=> {1}", "NOT ({0} <=> {1})"],
    search,
    binary,
    function,
    aggregate,
    cast,
    array: |_| Cow::Borrowed(""),
    reach: Reach { whole: false, collation: |name| name.starts_with("utf8mb4_") },
    phrases: Some(PHRASES),
    data: DATA,
    rewords: true,
    tables: Tables::Each(ddl::render),
    catalog: None,
};

/// What of the portable statements for rows is left.
pub(super) const DATA: Extent = Extent {
    update_from: false,
    delete_using: false,
    default: true,
    set_rows: false,
    delete_alias: false,
    at_once: false,
    reads_itself: false,
    with: With::UpdateAndDelete,
    plain_comments: false,
};

/// Columns compare by code point here, so that case counts unless it is folded.
pub(super) fn search(how: Match, fold: bool) -> Search {
    let (bound, computed) = match (how, fold) {
        (Match::Contains, false) => ("{0} LIKE {1} ESCAPE '!'", "instr({0}, {1}) > 0"),
        (Match::Starts, false) => ("{0} LIKE {1} ESCAPE '!'", "left({0}, char_length({1})) = {1}"),
        (Match::Ends, false) => ("{0} LIKE {1} ESCAPE '!'", "right({0}, char_length({1})) = {1}"),
        (Match::Pattern, false) => ("{0} LIKE {1} ESCAPE '!'", "{0} LIKE {1}"),
        (Match::Contains, true) => ("lower({0}) LIKE lower({1}) ESCAPE '!'", "instr(lower({0}), lower({1})) > 0"),
        (Match::Starts, true) => {
            ("lower({0}) LIKE lower({1}) ESCAPE '!'", "left(lower({0}), char_length({1})) = lower({1})")
        }
        (Match::Ends, true) => {
            ("lower({0}) LIKE lower({1}) ESCAPE '!'", "right(lower({0}), char_length({1})) = lower({1})")
        }
        (Match::Pattern, true) => ("lower({0}) LIKE lower({1}) ESCAPE '!'", "lower({0}) LIKE lower({1})"),
    };
    Search { bound, pattern: Pattern::Like, computed: Some(computed) }
}

/// `/` always divides decimally, `||` is OR unless a mode says otherwise.
pub(super) fn binary(operator: Binary, types: [Option<&Type>; 2]) -> &'static str {
    let integer = |ty: &Option<&Type>| matches!(ty, Some(Type::SmallInt | Type::Integer | Type::BigInt));
    match operator {
        Binary::Div if types.iter().all(integer) => "{0} DIV {1}",
        Binary::Concat => "concat({0}, {1})",
        other => super::standard::binary(other),
    }
}

pub(super) fn function(function: Function, _: Option<&Type>) -> &'static str {
    match function {
        Function::Now => "utc_timestamp(6)",
        other => super::standard::function(other),
    }
}

/// Sums and averages of integers are decimal.
pub(super) fn aggregate(function: Aggregate, ty: Option<&Type>) -> &'static str {
    let integer = matches!(ty, Some(Type::SmallInt | Type::Integer | Type::BigInt));
    match function {
        Aggregate::Sum if integer => "CAST({0} AS SIGNED)",
        Aggregate::Avg if integer => "({0} + 0e0)",
        _ => "{0}",
    }
}

pub(super) fn cast(_: Option<&Type>, ty: &Type) -> Cow<'static, str> {
    Cow::Borrowed(match ty {
        Type::Bool => "({0} <> 0)",
        Type::SmallInt | Type::Integer | Type::BigInt => "CAST({0} AS SIGNED)",
        Type::Real | Type::Double => "({0} + 0e0)",
        Type::Numeric(digits, scale) => return Cow::Owned(format!("CAST({{0}} AS DECIMAL({digits}, {scale}))")),
        Type::Bytes => "CAST({0} AS BINARY)",
        Type::Date => "CAST({0} AS DATE)",
        Type::Time => "CAST({0} AS TIME(6))",
        Type::Timestamp | Type::TimestampTz => "CAST({0} AS DATETIME(6))",
        Type::Json => "CAST({0} AS JSON)",
        Type::Char(_) | Type::Varchar(_) | Type::Text | Type::Uuid | Type::Enum(_) | Type::Other(_) => {
            "CAST({0} AS CHAR)"
        }
    })
}
