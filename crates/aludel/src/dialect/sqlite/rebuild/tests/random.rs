//! Random tables, random rows, random operations.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{database, inventory, perform, rows, run};
use crate::dialect::SQLITE;
use crate::dialect::sqlite::stored::plain;
use crate::dialect::sqlite::{Spelling, Stored, store};
use crate::schema::{ColumnChange, Op, Schema, literal_text};
use crate::syntax::{Flavour, Kind, lex};
use crate::value::random::Random;
use crate::{Type, Value};

fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn one_in(random: &mut Random, chances: i64) -> bool {
    random.between(1, chances) == 1
}

/// A statement with comments where there were blanks.
fn commented(random: &mut Random, text: &str) -> String {
    let piece = |random: &mut Random, kind, piece: &str| match kind {
        Kind::Blank if one_in(random, 8) => " /* ü, ( */ ".to_owned(),
        Kind::Blank if one_in(random, 12) => " -- it's a \"note\"\n  ".to_owned(),
        _ => piece.to_owned(),
    };
    lex(text, Flavour::PORTABLE).iter().map(|token| piece(random, token.kind, token.span.of(text))).collect()
}

/// Makes the tables of a schema, what only this engine knows of them, and rows in each.
fn fill(random: &mut Random, schema: &Schema) -> Connection {
    let database = database("CREATE TABLE seen (line TEXT)");
    for statement in SQLITE.ddl(&schema.create_ops(), &Schema::default()).unwrap() {
        let statement = if statement.starts_with("CREATE TABLE") { commented(random, &statement) } else { statement };
        run(&database, &statement);
    }
    for (at, table) in schema.tables.values().enumerate() {
        let quoted = name(&table.name);
        run(&database, &format!("CREATE VIEW \"view {at}\" AS SELECT count(*) AS n FROM {quoted}"));
        run(
            &database,
            &format!(
                "CREATE TRIGGER \"trigger {at}\" AFTER INSERT ON {quoted} BEGIN INSERT INTO seen VALUES ('{at}'); END"
            ),
        );
        let key = table.primary_key.as_ref().map(|key| name(&key.columns[0])).unwrap_or_default();
        let points = format!("REFERENCES {quoted} ({key}) ON DELETE CASCADE");
        run(&database, &format!("CREATE TABLE \"child {at}\" (of {points})"));
    }
    for _ in 0..3 {
        for table in schema.tables.values() {
            insert(random, &database, schema, &table.name);
        }
    }
    for (at, table) in schema.tables.values().enumerate() {
        let key = table.primary_key.as_ref().map(|key| name(&key.columns[0])).unwrap_or_default();
        run(&database, &format!("INSERT INTO \"child {at}\" SELECT {key} FROM {}", name(&table.name)));
    }
    database
}

/// One more row, where the rules take it.
fn insert(random: &mut Random, database: &Connection, schema: &Schema, table: &str) {
    let table = &schema.tables[table];
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for column in &table.columns {
        if column.generated.is_some() || column.identity.is_some() || (column.nullable && one_in(random, 3)) {
            continue;
        }
        let key = table.foreign_keys.iter().find(|key| key.columns[0] == column.name);
        let value = match key {
            Some(key) => format!("(SELECT {} FROM {} LIMIT 1)", name(&key.references[0]), name(&key.table)),
            None => spelled(&random.value(&column.ty, schema.variants(&column.ty)), &column.ty),
        };
        columns.push(name(&column.name));
        values.push(value);
    }
    let into = format!("INSERT OR IGNORE INTO {}", name(&table.name));
    let statement = match columns.is_empty() {
        true => format!("{into} DEFAULT VALUES"),
        false => format!("{into} ({}) VALUES ({})", columns.join(", "), values.join(", ")),
    };
    run(database, &statement);
}

fn spelled(value: &Value, ty: &Type) -> String {
    match store(value, Some(ty), &mut Spelling::default()).unwrap() {
        Stored::Null => "NULL".into(),
        Stored::Int(i64::MIN) => "(-9223372036854775807 - 1)".into(),
        Stored::Int(value) => value.to_string(),
        Stored::Real(value) => format!("{value:?}"),
        Stored::Text(value) => literal_text(value),
        Stored::Bytes(value) => format!("x'{}'", crate::schema::hex(value)),
    }
}

/// Every cell, by table and column, rows in order.
fn cells(database: &Connection, schema: &Schema) -> BTreeMap<(String, String), Vec<String>> {
    let mut all = BTreeMap::new();
    for table in schema.tables.values() {
        for column in &table.columns {
            let sql = format!("SELECT rowid, quote({}) FROM {} ORDER BY 1", name(&column.name), name(&table.name));
            all.insert((table.name.clone(), column.name.clone()), rows(database, &sql));
        }
    }
    all
}

fn stored(database: &Connection) -> Vec<String> {
    let all = rows(database, "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema");
    let mut all: Vec<_> = all.iter().map(|row| plain(row)).collect();
    all.sort();
    all
}

/// What a cell is called afterwards; `None` where its values may be others.
fn moved(op: &Op, schema: &Schema, (table, column): &(String, String)) -> Option<(String, String)> {
    let same = Some((table.clone(), column.clone()));
    match op {
        Op::DropTable { table: of } if of == table => None,
        Op::RenameTable { table: of, to } if of == table => Some((to.clone(), column.clone())),
        Op::RenameColumn { table: of, column: from, to } if of == table && from == column => {
            Some((table.clone(), to.clone()))
        }
        Op::DropColumn { table: of, column: gone } if of == table && gone == column => None,
        Op::AlterColumn { table: of, column: changed, change } if of == table => match change {
            // The number becomes the rowid, by which cells are told apart here.
            ColumnChange::Expression(_) | ColumnChange::Identity(_) => None,
            ColumnChange::Type { .. } if changed == column => None,
            // What is made of the column may change with it.
            ColumnChange::Type { .. } => {
                let made = schema.tables[table].column(column).is_some_and(|column| column.generated.is_some());
                if made { None } else { same }
            }
            _ => same,
        },
        Op::RenameValue { name, .. } => {
            let ty = schema.tables[table].column(column).map(|column| &column.ty);
            if matches!(ty, Some(Type::Enum(of)) if of == name) { None } else { same }
        }
        _ => same,
    }
}

/// Up to `most` operations that fit one after the other, and the schemas before each and behind the last.
fn group(random: &mut Random, schema: &Schema, most: i64) -> (Vec<Op>, Vec<Schema>) {
    let (mut ops, mut schemas) = (Vec::new(), vec![schema.clone()]);
    for _ in 0..random.between(1, most) {
        let mut after = schemas[schemas.len() - 1].clone();
        let op = random.op(&after);
        if op.settled(&after.clone()).and_then(|op| op.apply(&mut after)).is_ok() {
            ops.push(op);
            schemas.push(after);
        }
    }
    (ops, schemas)
}

/// The operations back, and whether there is a way at all.
fn reversed(ops: &[Op], schemas: &[Schema]) -> Option<Vec<Op>> {
    let back = ops.iter().zip(schemas).rev().map(|(op, before)| op.reverse(before));
    Some(back.collect::<Option<Vec<_>>>()?.concat())
}

#[test]
fn random_changes_of_random_tables_lose_nothing() {
    let mut random = Random::new(71);
    let (mut ran, mut anew, mut refused) = (0, 0, 0);
    for case in 0..Random::cases(30) {
        let mut schema = random.schema();
        let database = fill(&mut random, &schema);
        for round in 0..12 {
            let (ops, schemas) = group(&mut random, &schema, if round % 2 == 0 { 1 } else { 6 });
            let after = schemas[schemas.len() - 1].clone();
            let shown = ops.iter().map(Op::print).collect::<Vec<_>>().join("\n");
            let shown = format!("case {case}:\n{shown}");
            let (before, texts) = (cells(&database, &schema), stored(&database));
            match perform(&database, &ops, &schema) {
                Err(error) => {
                    assert!(!error.contains("unforeseen"), "{shown}\n{error}");
                    assert_eq!((cells(&database, &schema), stored(&database)), (before, texts), "{shown}");
                    refused += 1;
                    continue;
                }
                Ok(plan) => {
                    ran += ops.len();
                    anew += plan.statements().filter(|sql| sql.starts_with("INSERT OR ABORT")).count();
                }
            }
            let now = cells(&database, &after);
            for (cell, values) in &before {
                let mut steps = ops.iter().zip(&schemas);
                let cell = steps.try_fold(cell.clone(), |cell, (op, schema)| moved(op, schema, &cell));
                if let Some(cell) = cell {
                    assert_eq!(now.get(&cell), Some(values), "{shown}");
                }
            }
            check(&database, &after, &shown);
            if !ops.iter().any(|op| matches!(op, Op::DropTable { .. })) {
                let triggers = |texts: &[String]| texts.iter().filter(|text| text.starts_with("trigger")).count();
                assert_eq!(triggers(&stored(&database)), triggers(&texts), "{shown}");
            }
            back_and_forth(&database, &ops, &schemas, &shown);
            schema = after;
        }
    }
    assert!(ran > 200 && anew > 40 && refused > 5, "{ran} ran, {anew} anew, {refused} refused");
}

/// The database is sound, and what the history says.
fn check(database: &Connection, schema: &Schema, shown: &str) {
    let found: Vec<_> = SQLITE.compare(&inventory(database), schema);
    let wrong: Vec<_> = found.iter().filter(|difference| !difference.is_extra()).map(ToString::to_string).collect();
    let sql = || rows(database, "SELECT sql FROM sqlite_schema").join("\n");
    assert!(wrong.is_empty(), "{shown}\n{wrong:#?}\n{}", sql());
    assert_eq!(rows(database, "PRAGMA integrity_check"), ["ok"], "{shown}");
    assert_eq!(rows(database, "PRAGMA foreign_key_check"), [""; 0], "{shown}");
    assert_eq!(rows(database, "PRAGMA foreign_keys"), ["1"], "{shown}");
    assert_eq!(rows(database, "SELECT name FROM sqlite_temp_schema"), [""; 0], "{shown}");
    assert_eq!(rows(database, "SELECT name FROM sqlite_schema WHERE name LIKE 'aludel%'"), [""; 0], "{shown}");
}

/// Down and up again gives the same texts, wherever there is a way back that the rows allow.
fn back_and_forth(database: &Connection, ops: &[Op], schemas: &[Schema], shown: &str) {
    let Some(down) = reversed(ops, schemas) else { return };
    let (before, after) = (&schemas[0], &schemas[schemas.len() - 1]);
    let up = stored(database);
    match perform(database, &down, after) {
        Err(error) => assert!(!error.contains("unforeseen"), "down {shown}\n{error}"),
        Ok(_) => {
            check(database, before, &format!("down {shown}"));
            perform(database, ops, before).unwrap_or_else(|error| panic!("again {shown}\n{error}"));
            // A table that is dropped takes along what no history brings back.
            if !ops.iter().any(|op| matches!(op, Op::DropTable { .. } | Op::CreateTable(_))) {
                assert_eq!(order_free(&stored(database)), order_free(&up), "again {shown}");
            }
        }
    }
}

/// Texts whose columns and rules may stand in another order.
fn order_free(texts: &[String]) -> Vec<Vec<&str>> {
    texts
        .iter()
        .map(|text| {
            let mut words: Vec<&str> = text.split(' ').filter(|word| *word != ",").collect();
            words.sort_unstable();
            words
        })
        .collect()
}
