//! Rows for a database: valid values of every type, with parents where they point, distinct where they must be.

use std::collections::BTreeMap;

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use super::live::{name, rows};
use crate::dialect::sqlite::{Spelling, Stored as Spelled, store};
use crate::schema::{Column, Schema, Table};
use crate::value::random::Random;
use crate::{Type, Value};

/// A value that a column of type `ty` can hold.
pub(super) fn fitting(random: &mut Random, ty: &Type, variants: &[String]) -> Value {
    let value = random.value(ty, variants);
    match (value, ty) {
        (Value::Text(text), Type::Text | Type::Varchar(_) | Type::Char(_)) => {
            let number = random.below(1000);
            let most = if let Type::Varchar(most) | Type::Char(most) = ty { *most } else { 60 };
            let text = if random.chance(3) { text } else { format!("{text}{number}") };
            Value::Text(text.chars().take(usize::try_from(most).unwrap()).collect())
        }
        (value, _) => value,
    }
}

/// `value` as a column of type `ty` keeps it.
pub(super) fn kept(value: &Value, ty: &Type) -> Stored {
    let mut spelling = Spelling::default();
    match store(value, Some(ty), &mut spelling).unwrap() {
        Spelled::Null => Stored::Null,
        Spelled::Int(value) => Stored::Integer(value),
        Spelled::Real(value) => Stored::Real(value),
        Spelled::Text(value) => Stored::Text(value.to_owned()),
        Spelled::Bytes(value) => Stored::Blob(value.to_vec()),
    }
}

/// Fills all tables; foreign keys have to be off, and hold afterwards.
pub(super) fn fill(random: &mut Random, schema: &Schema, to: &Connection) {
    to.execute_batch("BEGIN").unwrap();
    let wanted = 50 + random.below(200);
    let mut order: Vec<&Table> = Vec::new();
    for op in schema.create_ops() {
        if let crate::schema::Op::CreateTable(table) = op {
            order.push(&schema.tables[&table.name]);
        }
    }
    for table in &order {
        let share = if random.chance(12) { 0 } else { 1 + random.below(2 * wanted / order.len()) };
        let mut made = 0;
        for _ in 0..3 * share {
            if made < share && insert(random, schema, table, to) {
                made += 1;
            }
        }
        if random.chance(3) && table.columns.iter().any(|column| column.identity.is_some()) {
            let sql = "UPDATE sqlite_sequence SET seq = seq + 1000 WHERE name = ?1";
            to.execute(sql, [&table.name]).unwrap();
        }
    }
    for table in &order {
        close_circles(random, table, to);
    }
    to.execute_batch("COMMIT").unwrap();
    assert_eq!(super::live::orphans(to), "", "the rows that were made have parents");
}

/// Tries to insert one row; what a rule does not take is left away.
fn insert(random: &mut Random, schema: &Schema, table: &Table, to: &Connection) -> bool {
    let mut values: BTreeMap<&str, Stored> = BTreeMap::new();
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        if column.default.is_some() && random.chance(4) {
            continue;
        }
        values.insert(&column.name, value(random, schema, column));
    }
    for key in &table.foreign_keys {
        let parents = rows(to, &key.table, &key.references);
        let fits = |parent: &&Vec<Stored>| {
            let mut shared = key.columns.iter().zip(*parent).filter(|(name, _)| is_shared(table, name));
            shared.all(|(name, value)| values.get(name.as_str()).is_none_or(|known| known == value))
        };
        let parents: Vec<&Vec<Stored>> = parents.iter().filter(fits).collect();
        let nullable = |name: &String| table.column(name).is_some_and(|column| column.nullable);
        let free = key.columns.iter().find(|name| nullable(name));
        match free {
            Some(free) if parents.is_empty() || random.chance(3) => drop(values.insert(free, Stored::Null)),
            _ if parents.is_empty() => return false,
            _ => values.extend(key.columns.iter().map(String::as_str).zip(random.pick(&parents).iter().cloned())),
        }
    }
    let names: Vec<String> = values.keys().map(|column| name(column)).collect();
    let places = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT INTO {} ({}) VALUES ({places})", name(&table.name), names.join(", "));
    to.prepare_cached(&sql).unwrap().execute(params_from_iter(values.into_values())).is_ok()
}

/// Whether more than one foreign key, or the key, has a say in the column.
fn is_shared(table: &Table, column: &str) -> bool {
    table.foreign_keys.iter().filter(|key| key.columns.iter().any(|name| name == column)).count() > 1
}

fn value(random: &mut Random, schema: &Schema, column: &Column) -> Stored {
    if column.identity.is_some() {
        return Stored::Integer(random.between(1, 5000));
    }
    if column.nullable && random.chance(4) {
        return Stored::Null;
    }
    kept(&fitting(random, &column.ty, schema.variants(&column.ty)), &column.ty)
}

/// Lets some rows that point at nothing point at a row that was made after them.
fn close_circles(random: &mut Random, table: &Table, to: &Connection) {
    for key in &table.foreign_keys {
        let parents = rows(to, &key.table, &key.references);
        let own = |name: &String| table.column(name).is_some_and(|column| column.nullable) && !is_shared(table, name);
        if parents.is_empty() || !key.columns.iter().all(own) {
            continue;
        }
        for row in rows(to, &table.name, &["rowid".to_owned()]) {
            if random.chance(2) {
                continue;
            }
            let set: Vec<String> = key.columns.iter().map(|column| format!("{} = ?", name(column))).collect();
            let sql = format!("UPDATE OR IGNORE {} SET {} WHERE rowid = ?", name(&table.name), set.join(", "));
            let values = random.pick(&parents).iter().chain(&row);
            to.prepare_cached(&sql).unwrap().execute(params_from_iter(values)).ok();
        }
    }
}
