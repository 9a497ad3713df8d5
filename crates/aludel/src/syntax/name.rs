//! Which names need no quotes.

/// `name` as it stands in a text: in quotes where it needs them.
pub(crate) fn spell(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Whether `name` may stand without quotes on every engine: lower case, no word that an engine reserves.
pub(crate) fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && RESERVED.binary_search(&name).is_err()
}

/// Whether `name` without quotes is a type of the portable grammar, or one that it answers with advice; reserved words
/// apart.
pub(crate) fn is_type(name: &str) -> bool {
    TYPES.binary_search(&name).is_ok()
}

/// The words of types that are not reserved; sorted.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "bigserial", "bool", "box", "bpchar", "bytea", "cidr", "circle", "citext", "clob", "date", "daterange",
    "datetime", "datetime2", "enum", "geography", "geometry", "hstore", "inet", "int4range", "int8range", "jsonb",
    "line", "lseg", "ltree", "macaddr", "macaddr8", "money", "number", "numrange", "nvarchar", "oid", "path", "point",
    "polygon", "regclass", "serial", "serial4", "serial8", "smalldatetime", "smallserial", "string", "text",
    "timestamptz", "timetz", "tsquery", "tsrange", "tstzrange", "tsvector", "uuid", "varbit", "xml",
];

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
