//! What a database must hold after a change, found without the change: a new database made from the schema wanted, and
//! every row put into it again, one by one. What it does not take, a change has to refuse.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use super::convert::convert;
use super::edit::Enum;
use super::live::{all, name, shown};
use crate::dialect::SQLITE;
use crate::schema::{Column, Default, Schema, Table};
use crate::{Type, Value};

/// What stands between two schemas beside themselves.
#[derive(Default)]
pub(super) struct Between {
    pub(super) enums: BTreeMap<String, Enum>,
    /// Columns, by table and name afterwards, whose values no conversion makes.
    pub(super) remade: BTreeSet<(String, String)>,
    /// What rows get that are there, by table and column.
    pub(super) fills: BTreeMap<(String, String), Fill>,
}

/// What rows get in a column that is new to them.
pub(super) enum Fill {
    Value(Value),
    /// What they have in another column.
    Column(String),
}

/// The database wanted, and the rows that do not fit into it.
pub(super) struct Wanted {
    pub(super) database: Connection,
    /// Table and rowid as they were, and why not.
    pub(super) unfit: Vec<(String, i64, String)>,
}

/// A new database with the tables of `schema`, foreign keys off.
pub(super) fn fresh(schema: &Schema) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for statement in SQLITE.ddl(&schema.create_ops(), &Schema::default()).unwrap() {
        database.execute_batch(&statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    database
}

/// What was the table or column of that number.
pub(super) fn before<'s>(schema: &'s Schema, now: &Table) -> Option<&'s Table> {
    schema.tables.values().find(|table| table.origin.line == now.origin.line)
}

/// The column of `table` that `now` was.
pub(super) fn column_before<'t>(table: &'t Table, now: &Column) -> Option<&'t Column> {
    table.columns.iter().find(|column| column.origin.line == now.origin.line)
}

/// Whether the key of the table is its rowid.
pub(super) fn is_rowid(table: &Table) -> bool {
    let Some(key) = &table.primary_key else { return false };
    let [column] = key.columns.as_slice() else { return false };
    table.column(column).is_some_and(|column| column.ty == Type::Integer || column.identity.is_some())
}

impl Wanted {
    pub(super) fn new(live: &Connection, from: &Schema, to: &Schema, between: &Between) -> Self {
        let mut wanted = Wanted { database: fresh(to), unfit: Vec::new() };
        wanted.database.execute_batch("BEGIN").unwrap();
        let mut places: BTreeMap<(String, i64), (String, i64)> = BTreeMap::new();
        for table in to.tables.values() {
            let Some(old) = before(from, table) else { continue };
            let list: Vec<String> = old.columns.iter().map(|column| name(&column.name)).collect();
            let sql = format!("SELECT rowid, {} FROM {} ORDER BY rowid", list.join(", "), name(&old.name));
            for mut row in all(live, &sql) {
                let Stored::Integer(rowid) = row.remove(0) else { continue };
                match wanted.insert(table, old, rowid, &row, between) {
                    Ok(new) => drop(places.insert((table.name.clone(), new), (old.name.clone(), rowid))),
                    Err(why) => wanted.unfit.push((old.name.clone(), rowid, why)),
                }
            }
        }
        wanted.database.execute_batch("COMMIT").unwrap();
        if wanted.unfit.is_empty() {
            for orphan in all(&wanted.database, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check") {
                let [Stored::Text(table), Stored::Integer(rowid), parent] = &orphan[..] else { continue };
                let (table, rowid) = places[&(table.clone(), *rowid)].clone();
                wanted.unfit.push((table, rowid, format!("points at no row of {}", shown(parent))));
            }
        }
        wanted
    }

    /// How many rows there are.
    pub(super) fn rows(&self, schema: &Schema) -> usize {
        schema.tables.keys().map(|table| all(&self.database, &format!("SELECT 1 FROM {}", name(table))).len()).sum()
    }

    fn insert(&self, table: &Table, old: &Table, rowid: i64, row: &[Stored], between: &Between) -> Result<i64, String> {
        let (mut names, mut values, mut copies) = (Vec::new(), Vec::new(), Vec::new());
        if !is_rowid(table) {
            names.push("rowid".to_owned());
            values.push(Stored::Integer(rowid));
        }
        for column in table.columns.iter().filter(|column| column.generated.is_none()) {
            let place = (table.name.clone(), column.name.clone());
            let known = column_before(old, column).filter(|_| !between.remade.contains(&place));
            let value = match known {
                Some(known) => {
                    let at = old.columns.iter().position(|column| column.name == known.name).unwrap();
                    let value = renamed(between, &column.ty, &known.ty, row[at].clone());
                    convert(&self.database, &known.ty, &column.ty, value)?
                }
                None => match between.fills.get(&place) {
                    Some(Fill::Value(value)) => super::fill::kept(value, &column.ty),
                    Some(Fill::Column(of)) => {
                        copies.push((column, of));
                        continue;
                    }
                    None => continue,
                },
            };
            names.push(name(&column.name));
            values.push(value);
        }
        for (column, of) in copies {
            let at = names.iter().position(|known| *known == name(of));
            let value = at.map_or(Stored::Null, |at| values[at].clone());
            let ty = &table.column(of).unwrap().ty;
            names.push(name(&column.name));
            values.push(convert(&self.database, ty, &column.ty, value)?);
        }
        let places = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({places})", name(&table.name), names.join(", "));
        let sql = if names.is_empty() { format!("INSERT INTO {} DEFAULT VALUES", name(&table.name)) } else { sql };
        let done = self.database.prepare_cached(&sql).unwrap().execute(params_from_iter(values));
        done.map_err(|error| error.to_string())?;
        Ok(self.database.last_insert_rowid())
    }
}

/// A value of an enum by the name that it has now.
fn renamed(between: &Between, now: &Type, was: &Type, value: Stored) -> Stored {
    let (Type::Enum(was), Stored::Text(text)) = (was, &value) else { return value };
    let of = between.enums.iter().find(|(name, known)| match now {
        Type::Enum(now) => now.as_ref() == name.as_str() && known.name == was.as_ref(),
        _ => known.name == was.as_ref(),
    });
    let new = of.and_then(|(_, known)| known.values.iter().find(|(_, first)| *first == text));
    new.map_or(value.clone(), |(new, _)| Stored::Text(new.clone()))
}

/// The columns whose values two databases must agree in: all but those that got the time of the change.
pub(super) fn comparable<'t>(from: &Schema, table: &'t Table, between: &Between) -> Vec<&'t Column> {
    let is_new = |column: &Column| {
        let known = before(from, table).and_then(|old| column_before(old, column));
        known.is_none() || between.remade.contains(&(table.name.clone(), column.name.clone()))
    };
    table.columns.iter().filter(|column| column.default != Some(Default::Now) || !is_new(column)).collect()
}
