//! Plans performed on filled tables.

mod dependents;
mod kept;
mod native;
mod orphans;
mod random;
mod refused;
mod spoken;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::dialect::{Act, Frame, Inventory, Plan, Probe, Refusal, SQLITE};
use crate::schema::{Op, Schema};

/// A database as applications have it: foreign keys are enforced.
pub(super) fn database(sql: &str) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    run(&database, "PRAGMA foreign_keys = ON");
    run(&database, sql);
    database
}

pub(super) fn run(database: &Connection, sql: &str) {
    database.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// What a query gives: cells with `|` between.
pub(super) fn rows(database: &Connection, sql: &str) -> Vec<String> {
    let mut statement = database.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..width).map(|at| {
            Ok(match row.get_ref(at)? {
                ValueRef::Null => "NULL".to_owned(),
                ValueRef::Integer(value) => value.to_string(),
                ValueRef::Real(value) => format!("{value:?}"),
                ValueRef::Text(value) => String::from_utf8_lossy(value).into_owned(),
                ValueRef::Blob(value) => format!("{value:?}"),
            })
        });
        Ok(cells.collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
    });
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap_or_else(|error| panic!("{error}: {sql}"))
}

pub(super) fn inventory(database: &Connection) -> Inventory {
    let mut statement = database.prepare(SQLITE.inventory().unwrap()).unwrap();
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])).unwrap();
    Inventory::read(rows.map(Result::unwrap))
}

/// Makes the changes in one transaction, or none of them.
///
/// # Errors
/// What is wrong, as users would read it.
pub(super) fn perform(database: &Connection, ops: &[Op], before: &Schema) -> Result<Plan, String> {
    perform_after(database, "", ops, before)
}

/// Makes the changes in one transaction behind `statements`, or none of it.
///
/// # Errors
/// What is wrong, as users would read it.
pub(super) fn perform_after(
    database: &Connection,
    statements: &str,
    ops: &[Op],
    before: &Schema,
) -> Result<Plan, String> {
    let first = SQLITE.plan(ops, before, &inventory(database)).map_err(told)?;
    let was: Vec<_> = first.frame.settings.iter().map(|setting| rows(database, &setting.read).concat()).collect();
    for setting in &first.frame.settings {
        run(database, &format!("{}{}", setting.write, setting.during));
        assert_eq!(rows(database, &setting.read).concat(), setting.during);
    }
    run(database, "BEGIN IMMEDIATE");
    let done = staged(database, statements, ops, before, first.clone());
    run(database, if done.is_ok() { "COMMIT" } else { "ROLLBACK" });
    for (setting, was) in first.frame.settings.iter().zip(was) {
        run(database, &format!("{}{was}", setting.write));
    }
    done
}

fn told(refusals: Vec<Refusal>) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn staged(database: &Connection, statements: &str, ops: &[Op], before: &Schema, first: Plan) -> Result<Plan, String> {
    let mut plan = first.clone();
    let mut whole = first;
    let mut at = 0;
    let mut schema = before.clone();
    whole.frame.begin.iter().for_each(|statement| run(database, statement));
    run(database, statements);
    loop {
        for act in &plan.acts {
            act_on(database, act, &whole.frame)?;
        }
        for op in &ops[at..at + plan.done] {
            op.apply(&mut schema).unwrap();
        }
        at += plan.done;
        if at == ops.len() {
            break;
        }
        assert!(plan.done > 0, "no progress at {}", ops[at].print());
        plan = SQLITE.plan(&ops[at..], &schema, &inventory(database)).map_err(told)?;
        assert!(plan.frame.settings.is_empty() || plan.frame == whole.frame, "settings asked for too late");
        whole.join(plan.clone());
    }
    for probe in &whole.frame.verify {
        ask(database, probe)?;
    }
    whole.frame.end.iter().for_each(|statement| run(database, statement));
    Ok(whole)
}

fn act_on(database: &Connection, act: &Act, frame: &Frame) -> Result<(), String> {
    match act {
        Act::Run(statement) => {
            database.execute_batch(statement).map_err(|error| format!("unforeseen: {error}: {statement}"))
        }
        Act::Ask(probe) => ask(database, probe),
        Act::Follow(statement) => {
            if !frame.begin.is_empty() {
                run(database, statement);
            }
            Ok(())
        }
    }
}

fn ask(database: &Connection, probe: &Probe) -> Result<(), String> {
    let refused = |error: rusqlite::Error| probe.refused(&error.to_string());
    let mut statement = database.prepare(&probe.query).map_err(refused)?;
    let mut rows = statement.query([]).map_err(refused)?;
    match rows.next().map_err(refused)? {
        None => Ok(()),
        Some(row) => {
            let samples: Option<String> = row.get(1).unwrap();
            Err(probe.told(row.get(0).unwrap(), &samples.unwrap_or_default()))
        }
    }
}

/// The schema that operations make out of nothing.
pub(super) fn schema(ops: &[Op]) -> Schema {
    let mut schema = Schema::default();
    for op in ops {
        op.apply(&mut schema).unwrap_or_else(|problem| panic!("{problem}"));
    }
    schema
}
