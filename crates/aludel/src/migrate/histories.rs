//! Random histories: from any schema to any other on a database with rows, views and triggers, and back again.

mod back;
mod beside;
mod convert;
mod edit;
mod fill;
mod live;
mod named;
mod oracle;
mod pair;
mod perform;
mod probe;
mod shape;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;

use crate::dialect::SQLITE;
use crate::schema::{Op, Schema, name_all};
use crate::value::random::Random;

use edit::Edited;
use pair::{Pair, Seen};
use shape::Maker;

/// Whether a schema is one that models can declare and SQLite takes.
fn is_sound(schema: &Schema) -> bool {
    let Ok(statements) = SQLITE.ddl(&schema.create_ops(), &Schema::default()) else { return false };
    let mut keys = Vec::new();
    for table in schema.tables.values() {
        let lists =
            table.primary_key.iter().map(|key| &key.columns).chain(table.uniques.iter().map(|rule| &rule.columns));
        keys.extend(lists.map(|columns| (&table.name, columns)));
    }
    // SQLite keeps one rule where two say the same, so nothing could tell that the other is there.
    let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
    let database = Connection::open_in_memory().unwrap();
    !twice && schema.check().is_empty() && statements.iter().all(|statement| database.execute_batch(statement).is_ok())
}

/// A schema whose rules and indexes have the names that models give them.
fn conventional(schema: Schema) -> Schema {
    let mut tables = schema.tables.clone();
    for table in tables.values_mut() {
        table.primary_key.iter_mut().for_each(|key| key.name.clear());
        table.uniques.iter_mut().for_each(|unique| unique.name.clear());
        table.foreign_keys.iter_mut().for_each(|key| key.name.clear());
        table.checks.iter_mut().for_each(|check| check.name.clear());
        table.indexes.iter_mut().for_each(|index| index.name.clear());
    }
    assert_eq!(name_all(&mut tables), []);
    schema.with(tables)
}

fn sound(maker: &mut Maker) -> Schema {
    loop {
        let schema = maker.schema();
        if is_sound(&schema) {
            return schema;
        }
    }
}

/// A schema, and what people made of it.
fn edited(maker: &mut Maker) -> (Schema, Edited) {
    let mut from = sound(maker);
    let mut edited = Edited::new(from.clone());
    let edits = 1 + maker.random.below(12);
    for _ in 0..3 * edits {
        if edited.done.len() < edits {
            edited.edit(maker);
        }
    }
    if maker.random.chance(2) {
        (from, edited.schema) = (conventional(from), conventional(edited.schema));
    }
    (from, edited)
}

/// Two schemas that have nothing in common but names.
fn unrelated(maker: &mut Maker) -> (Schema, Edited) {
    let (from, mut to) = (sound(maker), sound(maker));
    let tables: Vec<String> = to.tables.keys().cloned().collect();
    for (new, old) in tables.iter().zip(from.tables.values()) {
        if maker.random.chance(2) {
            continue;
        }
        Op::RenameTable { table: new.clone(), to: old.name.clone() }.apply(&mut to).unwrap();
        let columns: Vec<String> = to.tables[&old.name].columns.iter().map(|column| column.name.clone()).collect();
        for (column, known) in columns.iter().zip(&old.columns) {
            let op = Op::RenameColumn { table: old.name.clone(), column: column.clone(), to: known.name.clone() };
            if maker.random.chance(2) {
                op.apply(&mut to).unwrap();
            }
        }
    }
    let mut made = to.tables.clone();
    for (name, table) in &mut made {
        let Some(old) = from.tables.get(name) else { continue };
        table.origin.line = old.origin.line;
        for column in &mut table.columns {
            if let Some(known) = old.column(&column.name) {
                column.origin.line = known.origin.line;
            }
        }
    }
    let mut edited = Edited::new(to.with(made));
    edited.enums.values_mut().for_each(|of| of.name.clear());
    edited.done.push("something else".into());
    (conventional(from), Edited { schema: conventional(edited.schema.clone()), ..edited })
}

fn check(seed: u64, make: fn(&mut Maker) -> (Schema, Edited)) -> Seen {
    let mut maker = Maker::new(seed);
    let (from, edited) = make(&mut maker);
    let mut pair = Pair::new(maker, from, edited);
    pair.go();
    pair.seen
}

/// Goes over `cases` pairs, and tells of all that fail.
fn run(cases: usize, first: u64, make: fn(&mut Maker) -> (Schema, Edited)) -> Seen {
    let one = std::env::var("ALUDEL_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let seeds = one.map_or(first..first + cases as u64, |seed| seed..seed + 1);
    let mut seen = Seen::default();
    let mut failed = Vec::new();
    for seed in seeds {
        match catch_unwind(AssertUnwindSafe(|| check(seed, make))) {
            Ok(more) => seen.add(&more),
            Err(_) => failed.push(seed),
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {cases} failed: ALUDEL_SEED={} repeats one of {failed:?}",
        failed.len(),
        failed[0]
    );
    seen
}

/// Holds that there was something to see.
fn assert_seen(seen: &Seen) {
    assert!(seen.rows > 50 * seen.pairs && seen.cells > 3 * seen.rows, "{seen:?}");
    assert!(seen.refused > 0 && seen.probes_refused > 0 && seen.probes > 2 * seen.probes_refused, "{seen:?}");
    assert!(2 * seen.back_refused < seen.pairs, "{seen:?}");
}

#[test]
fn what_people_make_of_their_models() {
    assert_seen(&run(Random::cases(120), 0, edited));
}

#[test]
fn schemas_that_have_nothing_in_common_but_names() {
    run(Random::cases(30), 10_000_000, unrelated);
}
