//! Conventional names of constraints and indexes, and which names need no quotes.

use super::Table;

/// The longest name that every engine takes, in bytes.
pub(crate) const MAX: usize = 63;

/// `pk_users`
pub(crate) fn primary_key(table: &str) -> String {
    fit(format!("pk_{table}"))
}

/// `uq_users_email`
pub(crate) fn unique(table: &str, columns: &[String]) -> String {
    fit(format!("uq_{table}_{}", columns.join("_")))
}

/// `ix_posts_author_id`
pub(crate) fn index(table: &str, keys: &[&str]) -> String {
    fit(format!("ix_{table}_{}", keys.join("_")))
}

/// `fk_posts_author_id_users`
pub(crate) fn foreign_key(table: &str, columns: &[String], target: &str) -> String {
    fit(format!("fk_{table}_{}_{target}", columns.join("_")))
}

/// `ck_users_points`, or `ck_users_1` for the first rule over the whole row.
pub(crate) fn check(table: &str, of: &str) -> String {
    fit(format!("ck_{table}_{of}"))
}

/// `ck_posts_state_values`: the rule that stands for an enum where an engine has none.
pub(crate) fn enum_check(table: &str, column: &str) -> String {
    check(table, &format!("{column}_values"))
}

/// `name` as it is where it fits, else its head and a hash of the whole.
fn fit(name: String) -> String {
    if name.len() <= MAX { name } else { hashed(&name, &name) }
}

/// `name`, cut where needed, with a hash of `whole` behind it.
pub(crate) fn hashed(name: &str, whole: &str) -> String {
    let hash = fnv(whole.as_bytes());
    let mut end = name.len().min(MAX - 9);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{:08x}", name[..end].trim_end_matches('_'), hash & 0xffff_ffff)
}

/// FNV-1a: names must never change, so the hash is one that never will.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// All names of constraints and indexes of a table, in order.
pub(crate) fn names(table: &Table) -> Vec<String> {
    let indexes = table.indexes.iter().map(|index| index.name.clone());
    table.constraints().map(|constraint| constraint.name().to_owned()).chain(indexes).collect()
}

/// What is wrong with a name, as the end of a sentence.
pub(crate) fn fault(name: &str) -> Option<String> {
    if name.trim().is_empty() {
        Some("is empty".into())
    } else if name.len() > MAX {
        Some(format!("has {} bytes, and every engine takes {MAX}", name.len()))
    } else if name.trim() != name {
        Some("begins or ends with a blank".into())
    } else {
        let bad = name.chars().find(|c| matches!(c, '"' | '\'' | '`' | '\\') || c.is_control())?;
        Some(format!("holds {bad:?}"))
    }
}

/// The one of `known` that `name` was probably meant to be.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|other| (distance(name, other), other)).min()?;
    (near.0 <= 1 + name.chars().count() / 4).then_some(near.1)
}

/// How many characters must be put in, taken out or exchanged to make `one` the `other`.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (to, o) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(c != *o);
            diagonal = row[to + 1];
            row[to + 1] = exchanged.min(row[to] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// Whether `name` may stand without quotes on every engine: lower case, no word that an engine reserves.
pub(crate) fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && RESERVED.binary_search(&name).is_err()
}

/// The words that an engine, or the portable grammar, reads as its own; sorted. Quoting one too many costs nothing.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "abort", "accessible", "action", "add", "after", "all", "alter", "always", "analyse", "analyze", "and", "any",
    "array", "as", "asc", "asensitive", "asymmetric", "attach", "authorization", "autoincrement", "before", "begin",
    "between", "bigint", "binary", "bit", "blob", "boolean", "both", "by", "call", "cascade", "case", "cast",
    "change", "char", "character", "check", "coalesce", "collate", "collation", "column", "comment", "commit",
    "concurrently", "condition", "conflict", "constraint", "continue", "conversion", "convert", "create", "cross",
    "cube", "cume_dist", "current", "current_catalog", "current_date", "current_role", "current_schema",
    "current_time", "current_timestamp", "current_user", "cursor", "data", "database", "databases", "day_microsecond",
    "day_minute", "day_second", "dec", "decimal", "declare", "default", "deferrable", "deferred", "delayed", "delete",
    "delete_domain_id", "dense_rank", "desc", "describe", "detach", "deterministic", "distinct", "distinctrow", "div",
    "do", "do_domain_ids", "double", "drop", "dual", "each", "else", "elseif", "empty", "enclosed", "end", "escape",
    "escaped", "except", "exclude", "exclusive", "exists", "exit", "explain", "extract", "fail", "false", "fetch",
    "filter", "first", "first_value", "float", "float4", "float8", "following", "for", "force", "foreign", "freeze",
    "from", "full", "fulltext", "function", "generated", "get", "glob", "grant", "greatest", "group", "grouping",
    "groups", "having", "high_priority", "hour_microsecond", "hour_minute", "hour_second", "identity", "if", "ignore",
    "ignore_domain_ids", "ignore_server_ids", "ilike", "immediate", "in", "include", "index", "indexed", "infile",
    "inherit", "initially", "inner", "inout", "insensitive", "insert", "instead", "int", "int1", "int2", "int3",
    "int4", "int8", "integer", "intersect", "interval", "into", "io_after_gtids", "io_before_gtids", "is", "isnull",
    "iterate", "join", "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg",
    "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "key", "keys", "kill", "lag", "last",
    "last_value", "lateral", "lead", "leading", "least", "leave", "left", "like", "limit", "linear", "lines", "load",
    "localtime", "localtimestamp", "lock", "long", "longblob", "longtext", "loop", "low_priority", "manual",
    "master_bind", "master_heartbeat_period", "master_ssl_verify_server_cert", "match", "materialized", "maxvalue",
    "mediumblob", "mediumint", "mediumtext", "merge_action", "middleint", "minute_microsecond", "minute_second",
    "mod", "modifies", "national", "natural", "nchar", "no", "no_write_to_binlog", "none", "normalize", "not",
    "nothing", "notnull", "nth_value", "ntile", "null", "nullif", "nulls", "numeric", "of", "offset", "on", "only",
    "optimize", "optimizer_costs", "option", "optionally", "or", "order", "others", "out", "outer", "outfile", "over",
    "overlaps", "overlay", "page_checksum", "parallel", "parse_vcol_expr", "partition", "percent_rank", "placing",
    "plan", "position", "pragma", "preceding", "precision", "primary", "procedure", "purge", "qualify", "query",
    "raise", "range", "rank", "read", "read_write", "reads", "real", "recursive", "ref_system_id", "references",
    "regexp", "reindex", "release", "rename", "repeat", "replace", "require", "resignal", "restrict", "return",
    "returning", "revoke", "right", "rlike", "rollback", "row", "row_number", "rownum", "rows", "savepoint", "schema",
    "schemas", "select", "sensitive", "separator", "session_user", "set", "setof", "show", "signal", "similar",
    "smallint", "some", "spatial", "specific", "sql", "sql_big_result", "sql_calc_found_rows", "sql_small_result",
    "sqlexception", "sqlstate", "sqlwarning", "ssl", "starting", "stats_auto_recalc", "stats_sample_pages", "stored",
    "straight_join", "substring", "symmetric", "system", "system_user", "table", "tablesample", "temp", "temporary",
    "terminated", "then", "ties", "time", "timestamp", "tinyblob", "tinyint", "tinytext", "to", "to_date", "trailing",
    "transaction", "treat", "trigger", "trim", "true", "type", "unbounded", "undo", "union", "unique", "unlock",
    "unsigned", "update", "usage", "use", "user", "using", "utc_date", "utc_time", "utc_timestamp", "vacuum",
    "validate", "value", "values", "varbinary", "varchar", "varcharacter", "variadic", "varying", "vector", "verbose",
    "view", "virtual", "when", "where", "while", "window", "with", "within", "without", "write", "xmlattributes",
    "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot",
    "xmlserialize", "xmltable", "xor", "year_month", "zerofill",
];
