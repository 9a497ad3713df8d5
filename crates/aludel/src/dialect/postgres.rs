//! PostgreSQL.

mod ddl;

use std::borrow::Cow;

use super::data::Extent;
use super::ddl::{Reach, Tables};
use super::{Dialect, Keys, Lists, Nulls, Pattern, Placeholder, Returning, Rows, Search, Upsert};
use crate::Type;
use crate::sql::{Aggregate, Function, Lock, Match};

/// PostgreSQL 14 and newer.
pub const POSTGRES: Dialect = Dialect {
    name: "postgres",
    version: "SHOW server_version",
    table_names: "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
    begin_read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    begin_write: "BEGIN",
    script: "\\set ON_ERROR_STOP on",
    late_keys: &[],
    max_params: 65_535,
    placeholder: Placeholder::Dollar,
    quote: '"',
    returning: Returning { insert: true, update: true, delete: true },
    default_row: "DEFAULT VALUES",
    rows: Rows::Arrays,
    keys: Keys::Ascending,
    upsert: Upsert::OnConflict,
    writes_read_themselves: true,
    lists: Lists::Arrays,
    row_list: "",
    limit_in_list: true,
    no_limit: None,
    nulls: Nulls { smallest: false, clause: true },
    lock: |lock| match lock {
        Lock::Update => " FOR UPDATE OF {0}",
        Lock::SkipLocked => " FOR UPDATE OF {0} SKIP LOCKED",
        Lock::NoWait => " FOR UPDATE OF {0} NOWAIT",
    },
    aggregate_filter: true,
    decimal_digits: u8::MAX,
    decimals_float: false,
    same: ["{0} IS NOT DISTINCT FROM {1}", "{0} IS DISTINCT FROM {1}"],
    search,
    binary: |operator, _| super::standard::binary(operator),
    function,
    aggregate,
    cast,
    array,
    reach: Reach { whole: true, collation: |_| true },
    phrases: None,
    data: Extent::ALL,
    rewords: true,
    tables: Tables::Each(ddl::render),
    catalog: None,
};

fn search(how: Match, fold: bool) -> Search {
    let (bound, computed) = match (how, fold) {
        (Match::Contains, false) => ("{0} LIKE {1} ESCAPE '!'", "strpos({0}, {1}) > 0"),
        (Match::Starts, false) => ("{0} LIKE {1} ESCAPE '!'", "starts_with({0}, {1})"),
        (Match::Ends, false) => ("{0} LIKE {1} ESCAPE '!'", "right({0}, char_length({1})) = {1}"),
        (Match::Pattern, false) => ("{0} LIKE {1} ESCAPE '!'", "{0} LIKE {1} ESCAPE '\\'"),
        (Match::Contains, true) => ("{0} ILIKE {1} ESCAPE '!'", "strpos(lower({0}), lower({1})) > 0"),
        (Match::Starts, true) => ("{0} ILIKE {1} ESCAPE '!'", "starts_with(lower({0}), lower({1}))"),
        (Match::Ends, true) => ("{0} ILIKE {1} ESCAPE '!'", "right(lower({0}), char_length({1})) = lower({1})"),
        (Match::Pattern, true) => ("{0} ILIKE {1} ESCAPE '!'", "{0} ILIKE {1} ESCAPE '\\'"),
    };
    Search { bound, pattern: Pattern::Like, computed: Some(computed) }
}

/// `round` takes digits for numeric only. `least` and `greatest` pass over NULL here and nowhere else.
fn function(function: Function, ty: Option<&Type>) -> &'static str {
    match function {
        Function::Now => "statement_timestamp()",
        Function::Round if matches!(ty, Some(Type::Numeric(..))) => "round({0}, {1}::integer)",
        Function::Round if matches!(ty, Some(Type::SmallInt | Type::Integer | Type::BigInt)) => {
            "round(({0})::numeric, {1}::integer)::bigint"
        }
        Function::Round => "round(({0})::numeric, {1}::integer)::double precision",
        Function::Substring => "substr({0}, {1}::integer, {2}::integer)",
        Function::Least => "CASE WHEN {0} < {1} THEN {0} WHEN {1} <= {0} THEN {1} END",
        Function::Greatest => "CASE WHEN {0} > {1} THEN {0} WHEN {1} >= {0} THEN {1} END",
        other => super::standard::function(other),
    }
}

/// Sums of integers grow into numeric, averages of integers are numeric.
fn aggregate(function: Aggregate, ty: Option<&Type>) -> &'static str {
    let integer = matches!(ty, Some(Type::SmallInt | Type::Integer | Type::BigInt));
    match function {
        Aggregate::Sum if integer => "{0}::bigint",
        Aggregate::Avg if integer => "{0}::double precision",
        _ => "{0}",
    }
}

/// Numbers are true where they are not 0; only `integer` can be cast to boolean.
fn cast(from: Option<&Type>, to: &Type) -> Cow<'static, str> {
    match (from, to) {
        (Some(Type::SmallInt | Type::Integer | Type::BigInt), Type::Bool) => Cow::Borrowed("({0} <> 0)"),
        (Some(Type::Bool), Type::SmallInt | Type::BigInt) => Cow::Owned(format!("(({{0}})::integer)::{}", name(to))),
        _ => Cow::Owned(format!("CAST({{0}} AS {})", name(to))),
    }
}

/// What a type is called in an expression.
fn name(ty: &Type) -> Cow<'static, str> {
    Cow::Borrowed(match ty {
        Type::Bool => "boolean",
        Type::SmallInt => "smallint",
        Type::Integer => "integer",
        Type::BigInt => "bigint",
        Type::Real => "real",
        Type::Double => "double precision",
        Type::Numeric(digits, scale) => return Cow::Owned(format!("numeric({digits}, {scale})")),
        Type::Char(_) | Type::Varchar(_) | Type::Text => "text",
        Type::Bytes => "bytea",
        Type::Date => "date",
        Type::Time => "time",
        Type::Timestamp => "timestamp",
        Type::TimestampTz => "timestamptz",
        Type::Uuid => "uuid",
        Type::Json => "jsonb",
        Type::Enum(name) => return Cow::Owned(POSTGRES.quoted(name)),
        Type::Other(name) => return Cow::Owned(name.clone().into_owned()),
    })
}

/// Without a scale, which would round what is looked for until it is found.
fn array(ty: &Type) -> Cow<'static, str> {
    match ty {
        Type::Numeric(..) => Cow::Borrowed("::numeric[]"),
        other => Cow::Owned(format!("::{}[]", name(other))),
    }
}
