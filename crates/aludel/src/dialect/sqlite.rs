//! SQLite.

mod compare;
mod ddl;
mod phrases;
mod rebuild;
mod store;
mod stored;

pub use store::{Spelling, Stored, store};

use std::borrow::Cow;

use super::data::Extent;
use super::ddl::{Reach, Tables};
use super::{Catalog, Dialect, Keys, Lists, Nulls, Pattern, Placeholder, Returning, Rows, Search, Upsert};
use crate::Type;
use crate::sql::{Binary, Function, Match};

/// SQLite 3.35 and newer, as bundled.
pub const SQLITE: Dialect = Dialect {
    name: "sqlite",
    version: "SELECT sqlite_version()",
    table_names: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    begin_read: "BEGIN",
    begin_write: "BEGIN IMMEDIATE",
    script: ".bail on\nPRAGMA foreign_keys = ON;",
    late_keys: &["PRAGMA defer_foreign_keys = ON"],
    max_params: 32_766,
    placeholder: Placeholder::Question,
    quote: '"',
    returning: Returning { insert: true, update: true, delete: true },
    default_row: "DEFAULT VALUES",
    rows: Rows::Values,
    keys: Keys::Reserved(
        "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = {2}), 0), \
         coalesce((SELECT max({1}) FROM {0}), 0)) + 1",
    ),
    upsert: Upsert::OnConflict,
    writes_read_themselves: true,
    lists: Lists::Json,
    row_list: "VALUES ",
    limit_in_list: true,
    no_limit: Some("-1"),
    nulls: Nulls { smallest: true, clause: true },
    lock: |_| "",
    aggregate_filter: true,
    decimal_digits: 15,
    decimals_float: true,
    same: ["{0} IS {1}", "{0} IS NOT {1}"],
    search,
    binary,
    function,
    aggregate: |_, _| "{0}",
    cast,
    array: |_| Cow::Borrowed(""),
    reach: Reach {
        whole: false,

        collation: |name| ["binary", "nocase", "rtrim"].contains(&&*name.to_ascii_lowercase()),
    },
    phrases: Some(phrases::PHRASES),
    data: Extent { default: false, delete_using: false, ..Extent::ALL },
    rewords: false,
    tables: Tables::Planned(rebuild::plan),
    catalog: Some(Catalog {
        query: "SELECT kind, name, tbl_name, sql FROM (
            SELECT 0 AS place, 0 AS at, 'version' AS kind, sqlite_version() AS name, NULL AS tbl_name, NULL AS sql
            UNION ALL SELECT 1, rowid, type, name, tbl_name, sql FROM sqlite_schema
            UNION ALL SELECT 2, rowid, 'temp ' || type, name, tbl_name, sql FROM sqlite_temp_schema
        ) ORDER BY place, at",
        stamp: "PRAGMA schema_version",
        of: ddl::store,
        compare: compare::compare,
    }),
};

/// LIKE folds the case of ASCII letters here whatever is asked, so exact searches are done by `instr` and GLOB.
///
/// The `+` keeps the planner from preparing the statement anew for each pattern, where no index could help anyway.
fn search(how: Match, fold: bool) -> Search {
    match (how, fold) {
        (Match::Contains, false) => {
            Search { bound: "instr({0}, {1}) > 0", pattern: Pattern::Plain, computed: Some("instr({0}, {1}) > 0") }
        }
        (Match::Starts, false) => {
            Search { bound: "{0} GLOB {1}", pattern: Pattern::Glob, computed: Some("instr({0}, {1}) = 1") }
        }
        (Match::Ends, false) => Search {
            bound: "{0} GLOB +{1}",
            pattern: Pattern::Glob,
            computed: Some("substr({0}, length({0}) - length({1}) + 1) = {1}"),
        },
        (Match::Pattern, false) => Search { bound: "{0} GLOB {1}", pattern: Pattern::Glob, computed: None },
        (Match::Contains, true) => Search {
            bound: "{0} LIKE +{1} ESCAPE '!'",
            pattern: Pattern::Like,
            computed: Some("instr(lower({0}), lower({1})) > 0"),
        },
        (Match::Starts, true) => Search {
            bound: "{0} LIKE +{1} ESCAPE '!'",
            pattern: Pattern::Like,
            computed: Some("instr(lower({0}), lower({1})) = 1"),
        },
        (Match::Ends, true) => Search {
            bound: "{0} LIKE +{1} ESCAPE '!'",
            pattern: Pattern::Like,
            computed: Some("substr(lower({0}), length({0}) - length({1}) + 1) = lower({1})"),
        },
        (Match::Pattern, true) => Search {
            bound: "{0} LIKE +{1} ESCAPE '!'",
            pattern: Pattern::Like,
            computed: Some("{0} LIKE {1} ESCAPE '\\'"),
        },
    }
}

/// A NUMERIC column keeps 7.00 as the integer 7, and two integers divide without a rest: the factor prevents it.
fn binary(operator: Binary, types: [Option<&Type>; 2]) -> &'static str {
    let fractional = |ty: &Option<&Type>| matches!(ty, Some(Type::Numeric(..) | Type::Real | Type::Double));
    match operator {
        Binary::Div if types.iter().any(fractional) => "{0} * 1.0 / {1}",
        other => super::standard::binary(other),
    }
}

fn function(function: Function, ty: Option<&Type>) -> &'static str {
    match function {
        Function::Round if matches!(ty, Some(Type::SmallInt | Type::Integer | Type::BigInt)) => {
            "CAST(round({0}, {1}) AS INTEGER)"
        }
        Function::Now => "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
        Function::Length => "length({0})",
        Function::Least => "min({0}, {1})",
        Function::Greatest => "max({0}, {1})",
        other => super::standard::function(other),
    }
}

/// Moments are text of one form, so parts of it are days and times; other text goes through SQLite's own reading.
fn cast(from: Option<&Type>, ty: &Type) -> Cow<'static, str> {
    let moment = matches!(from, Some(Type::Timestamp | Type::TimestampTz));
    Cow::Borrowed(match ty {
        Type::Bool => "({0} <> 0)",
        Type::SmallInt | Type::Integer | Type::BigInt => "CAST({0} AS INTEGER)",
        Type::Real | Type::Double => "CAST({0} AS REAL)",
        Type::Numeric(digits, _) if *digits <= SQLITE.decimal_digits => "CAST({0} AS NUMERIC)",
        Type::Bytes => "CAST({0} AS BLOB)",
        Type::Date if moment => "substr({0}, 1, 10)",
        Type::Time if moment => "substr({0}, 12)",
        Type::Timestamp | Type::TimestampTz if moment => "substr({0}, 1)",
        Type::Timestamp | Type::TimestampTz if from == Some(&Type::Date) => "({0} || ' 00:00:00.000000')",
        Type::Date => "strftime('%Y-%m-%d', {0})",
        Type::Time => "strftime('%H:%M:%f000', {0})",
        Type::Timestamp | Type::TimestampTz => "strftime('%Y-%m-%d %H:%M:%f000', {0})",
        _ => "CAST({0} AS TEXT)",
    })
}
