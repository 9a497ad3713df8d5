//! Whether two databases of one schema with the same rows take and refuse the same, and do the same about it.

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use super::live::{lines, name, rows};
use crate::schema::{Column, Default, Schema, Table};
use crate::value::random::Random;

/// A statement with its values.
type Probe = (String, Vec<Stored>);

/// Tries random statements on both; how many, and how many of them were refused.
pub(super) fn assert_like(
    random: &mut Random,
    schema: &Schema,
    one: &Connection,
    other: &Connection,
) -> (usize, usize) {
    let tables: Vec<&Table> = schema.tables.values().collect();
    let (mut tried, mut refused) = (0, 0);
    if tables.is_empty() {
        return (0, 0);
    }
    for database in [one, other] {
        database.execute_batch("PRAGMA foreign_keys = ON; BEGIN").unwrap();
    }
    for _ in 0..30 {
        let table = *random.pick(&tables);
        let Some((sql, values)) = probe(random, table, one) else { continue };
        let run = |database: &Connection| {
            database.execute_batch("SAVEPOINT probe").unwrap();
            let done = database.prepare_cached(&sql).unwrap().execute(params_from_iter(&values));
            let seen = done.as_ref().map(|_| all(schema, database)).unwrap_or_default();
            let back = database.execute_batch("ROLLBACK TO probe; RELEASE probe");
            back.unwrap_or_else(|error| panic!("{error}: {sql} {values:?}: {done:?}"));
            (done.map_err(|error| error.to_string()), seen)
        };
        let ((one, left), (other, right)) = (run(one), run(other));
        assert_eq!(one.is_ok(), other.is_ok(), "{sql} {values:?}: {one:?}, {other:?}");
        assert_eq!(left, right, "{sql} {values:?}");
        tried += 1;
        refused += usize::from(one.is_err());
    }
    for database in [one, other] {
        database.execute_batch("ROLLBACK").unwrap();
    }
    (tried, refused)
}

fn probe(random: &mut Random, table: &Table, database: &Connection) -> Option<Probe> {
    let of = name(&table.name);
    let own: Vec<&Column> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
    let known = rows(database, &table.name, &["rowid".to_owned()]);
    let full = known.iter().any(|row| row[0] == Stored::Integer(i64::MAX));
    if !full && (known.is_empty() || random.chance(8)) {
        return Some((format!("INSERT INTO {of} DEFAULT VALUES"), Vec::new()));
    }
    let row = random.pick(&known)[0].clone();
    if random.chance(5) {
        return Some((format!("DELETE FROM {of} WHERE rowid = ?"), vec![row]));
    }
    let column = name(&random.pick(&own).name);
    if random.chance(3) {
        let from = random.pick(&known)[0].clone();
        let sql = format!("UPDATE {of} SET {column} = (SELECT {column} FROM {of} WHERE rowid = ?) WHERE rowid = ?");
        return Some((sql, vec![from, row]));
    }
    let values = [
        Stored::Null,
        Stored::Null,
        Stored::Integer(-5000),
        Stored::Integer(7),
        Stored::Text(String::new()),
        Stored::Text("☃".into()),
        Stored::Text("it's (\"a\"".into()),
        Stored::Text("x".repeat(70)),
        Stored::Blob(vec![65, 66]),
    ];
    let value = random.pick(&values).clone();
    Some((format!("UPDATE {of} SET {column} = ? WHERE rowid = ?"), vec![value, row]))
}

/// All rows. What the clock or the count of numbers gave is left away.
fn all(schema: &Schema, database: &Connection) -> Vec<Vec<String>> {
    let table = |table: &Table| {
        let told = |column: &&Column| column.default != Some(Default::Now) && column.identity.is_none();
        let list: Vec<String> = table.columns.iter().filter(told).map(|column| name(&column.name)).collect();
        let list = if list.is_empty() { "1".to_owned() } else { list.join(", ") };
        let mut rows = lines(database, &format!("SELECT {list} FROM {}", name(&table.name)));
        rows.sort();
        rows
    };
    schema.tables.values().map(table).collect()
}
