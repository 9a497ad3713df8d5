//! What a database holds, read without anything that made it.

use std::collections::BTreeMap;

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use crate::dialect::{Inventory, SQLITE};
use crate::schema::{Action, KeyOf, Schema, Table};

/// A name in quotes.
pub(super) fn name(of: &str) -> String {
    format!("\"{}\"", of.replace('"', "\"\""))
}

/// The rows of a table in the order of their rowid; NULLs are left in.
pub(super) fn rows(database: &Connection, table: &str, columns: &[String]) -> Vec<Vec<Stored>> {
    let list: Vec<String> =
        columns.iter().map(|column| if column == "rowid" { column.clone() } else { name(column) }).collect();
    all(database, &format!("SELECT {} FROM {} ORDER BY rowid", list.join(", "), name(table)))
}

/// All rows of a query.
pub(super) fn all(database: &Connection, sql: &str) -> Vec<Vec<Stored>> {
    let mut statement = database.prepare_cached(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let count = statement.column_count();
    let rows = statement.query_map([], |row| (0..count).map(|at| row.get(at)).collect()).unwrap();
    rows.map(|row| row.unwrap_or_else(|error| panic!("{error}: {sql}"))).collect()
}

/// All rows of a query as text, a line each.
pub(super) fn lines(database: &Connection, sql: &str) -> Vec<String> {
    all(database, sql).iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join("|")).collect()
}

/// A value with its storage class.
pub(super) fn shown(value: &Stored) -> String {
    match value {
        Stored::Null => "NULL".into(),
        Stored::Integer(value) => value.to_string(),
        Stored::Real(value) => format!("{value:?}r"),
        Stored::Text(value) => format!("{value:?}"),
        Stored::Blob(value) => format!("x{value:?}"),
    }
}

/// Rows that point at nothing.
pub(super) fn orphans(database: &Connection) -> String {
    lines(database, "SELECT * FROM pragma_foreign_key_check").join("\n")
}

/// Everything stored, the tables that remember revisions left away.
pub(super) fn dump(database: &Connection) -> Vec<String> {
    let mut out = lines(
        database,
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name NOT LIKE 'aludel%' ORDER BY type, name",
    );
    for table in tables(database) {
        out.push(table.clone());
        out.extend(lines(database, &format!("SELECT rowid, * FROM {} ORDER BY rowid", name(&table))));
    }
    out.extend(numbers(database).into_iter().map(|(table, last)| format!("{table} {last}")));
    out
}

/// The last number that each table gave.
pub(super) fn numbers(database: &Connection) -> BTreeMap<String, i64> {
    let known = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'";
    if all(database, known).is_empty() {
        return BTreeMap::new();
    }
    let sql = "SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE 'aludel%'";
    let mut statement = database.prepare_cached(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

pub(super) fn tables(database: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               AND name NOT LIKE 'aludel%' ORDER BY name";
    all(database, sql)
        .into_iter()
        .map(|row| if let Stored::Text(name) = &row[0] { name.clone() } else { String::new() })
        .collect()
}

/// A table as the pragmas have it: a line for each column, foreign key and index, in no order.
pub(super) fn table(database: &Connection, table: &str) -> Vec<String> {
    let read = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare_cached(sql).unwrap();
        let of = params_from_iter([table]);
        let rows = statement.query_map(of, |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let mut out = read(
        "SELECT 'column ' || name || ' ' || upper(type) || ' ' || \"notnull\" || ' key ' || pk || ' hidden ' || hidden \
         FROM pragma_table_xinfo(?1)",
    );
    out.extend(read(
        "SELECT 'foreign key ' || group_concat(\"from\", ',') || ' to ' || \"table\" || ' ' || group_concat(\"to\", ',') \
         || ' ' || on_delete || ' ' || on_update FROM (SELECT * FROM pragma_foreign_key_list(?1) ORDER BY id, seq) GROUP BY id",
    ));
    out.extend(read(
        "SELECT CASE l.origin WHEN 'c' THEN 'index ' || l.name WHEN 'u' THEN 'unique rule' ELSE 'key' END \
         || ' unique ' || l.\"unique\" || ' partial ' || l.partial || (SELECT group_concat(' ' || coalesce(i.name, '()') || \
         CASE i.desc WHEN 1 THEN ' DESC' ELSE '' END, '') FROM (SELECT * FROM pragma_index_xinfo(l.name) WHERE key \
         ORDER BY seqno) i) FROM pragma_index_list(?1) l WHERE l.origin <> 'pk'",
    ));
    out.sort();
    out
}

/// The same of a schema. Types are declared as `declared` has them, by table and column.
pub(super) fn expected(table: &Table, declared: &BTreeMap<String, String>) -> Vec<String> {
    let key = table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    let mut out = Vec::new();
    for column in &table.columns {
        let place = key.iter().position(|name| *name == column.name).map_or(0, |at| at + 1);
        let hidden = column.generated.as_ref().map_or(0, |made| if made.stored { 3 } else { 2 });
        let ty = declared[&column.name].to_uppercase();
        let strict = i32::from(!column.nullable);
        out.push(format!("column {} {ty} {strict} key {place} hidden {hidden}", column.name));
    }
    for key in &table.foreign_keys {
        let (from, to) = (key.columns.join(","), key.references.join(","));
        let (delete, update) = (action(key.on_delete), action(key.on_update));
        out.push(format!("foreign key {from} to {} {to} {delete} {update}", key.table));
    }
    for unique in &table.uniques {
        out.push(format!("unique rule unique 1 partial 0 {}", unique.columns.join(" ")));
    }
    for index in &table.indexes {
        let (unique, partial) = (i32::from(index.unique), i32::from(index.filter.is_some()));
        let mut line = format!("index {} unique {unique} partial {partial}", index.name);
        for key in &index.keys {
            let of = if let KeyOf::Column(name) = &key.of { name } else { "()" };
            line += &format!(" {of}{}", if key.descending { " DESC" } else { "" });
        }
        out.push(line);
    }
    out.sort();
    out
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

/// What is stored, as plans are made from it.
fn inventory(database: &Connection) -> Inventory {
    let text = |value: &Stored| if let Stored::Text(text) = value { Some(text.clone()) } else { None };
    let rows = all(database, SQLITE.inventory().unwrap());
    Inventory::read(rows.iter().map(|row| [text(&row[0]), text(&row[1]), text(&row[2]), text(&row[3])]))
}

/// Holds that the tables of `schema` are there as it says and, by the pragmas, as `fresh` has them, which was made from it.
#[track_caller]
pub(super) fn assert_is(database: &Connection, schema: &Schema, fresh: &Connection) {
    // What stands beside the tables is known to no history.
    let mut differences = SQLITE.compare(&inventory(database), schema);
    differences.retain(|difference| schema.tables.contains_key(&difference.of));
    assert_eq!(differences, []);
    for (of, expected_table) in &schema.tables {
        let types = "SELECT name, type FROM pragma_table_xinfo(?1)";
        let mut statement = fresh.prepare_cached(types).unwrap();
        let rows = statement.query_map([of], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let declared: BTreeMap<String, String> = rows.map(Result::unwrap).collect();
        assert_eq!(table(database, of), expected(expected_table, &declared), "table {of}");
        let defaults = |of: &Connection, table: &str| {
            let mut statement =
                of.prepare_cached("SELECT name, dflt_value FROM pragma_table_xinfo(?1) ORDER BY name").unwrap();
            let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect::<Vec<(String, Option<String>)>>()
        };
        assert_eq!(defaults(database, of), defaults(fresh, of), "defaults of {of}");
    }
}
