//! A revision tried out before anybody relies on it: on an empty database of its own, with a row in every table.

use std::collections::BTreeSet;

use super::perform::{Run, Way};
use super::piece::{pieces, steps};
use super::progress::Direction;
use super::rows::{TRIES, row};
use super::wire::in_the_way;
use super::{Runner, Wire};
use crate::dialect::Dialect;
use crate::driver::{BoxFuture, scratch};
use crate::migrate::excerpt::excerpt;
use crate::migrate::{History, Revision, Work};
use crate::schema::{Op, Schema, Table};
use crate::sql::{Aggregate, Expr, Select, Statement};
use crate::{Error, Field, Result};

/// What came of trying a revision out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proof {
    /// How many tables had a row.
    pub filled: usize,
    /// Tables that had none: their rules refused every row that was tried, or a parent had none.
    pub empty: Vec<String>,
    /// What people should know of it, a sentence each.
    pub notes: Vec<String>,
}

/// Tries `revision` on an empty database of the kind of `engine` with a row in every table: over it, back where there is a
/// way back, and over it again. After each the database must be what the history says, and the rows still be there. `None`
/// where no such database can be had. Functions of the application are not called.
///
/// The rows are made up, so those that a step refuses are exchanged for others, and left out where none will do; the
/// notes of the proof say what was in the way.
///
/// The tables are those of `before` that the revision can reach: those it names, those that point at them and what these
/// point at, and what views of them read. So a change to one of a thousand tables is tried as fast as one of ten.
///
/// # Errors
/// The statement that failed, with file and line where it is known; the table that lost its row; each difference.
///
/// ```
/// use aludel::dialect::SQLITE;
/// use aludel::migrate::{Revision, prove};
/// use aludel::schema::Schema;
///
/// # aludel::block(async {
/// let text = "-- edition: 1\n-- revision: 4f1c\n-- parents:\n-- message: add tags\n\nCREATE TABLE tags (name VARCHAR(50) NOT NULL);\n";
/// let revision = Revision::parse("4f1c_add_tags.sql", text)?;
/// let proof = prove(&SQLITE, &Schema::default(), &revision).await?;
/// assert!(proof.is_some_and(|proof| proof.filled == 0));
/// # Ok::<(), aludel::Error>(()) }).unwrap();
/// ```
pub fn prove<'r>(
    engine: &'r Dialect,
    before: &'r Schema,
    revision: &'r Revision,
) -> BoxFuture<'r, Result<Option<Proof>>> {
    Box::pin(async move {
        let before = &excerpt(before, revision);
        let Some((mut proof, rows)) = over(engine, before, revision).await? else { return Ok(None) };
        if revision.down.is_none() {
            return Ok(Some(proof));
        }
        if let Err(error) = there_and_back(engine, before, revision, rows).await {
            // A way back may not know what a column held. Without rows it has to work all the same.
            there_and_back(engine, before, revision, None).await?;
            proof.notes.push(format!("the way back does not work where there are rows: {error}"));
        }
        Ok(Some(proof))
    })
}

/// Once over the revision, with rows that do not stand in its way where such can be had; what came of it, and the try that
/// made them.
async fn over(engine: &Dialect, before: &Schema, revision: &Revision) -> Result<Option<(Proof, Option<usize>)>> {
    let mut notes: Vec<String> = Vec::new();
    for rows in (0..TRIES).map(Some).chain([None]) {
        match once(engine, before, revision, rows).await {
            Ok(proof) => return Ok(proof.map(|proof| (Proof { notes, ..proof }, rows))),
            // Rows were made up here, and nobody's need be like them.
            Err(error) => match in_the_way(&error) {
                Some(found) if rows.is_some() => {
                    let note = format!("rows may stand in its way, and then nothing is touched: {found}");
                    if !notes.contains(&note) {
                        notes.push(note);
                    }
                }
                _ => return Err(error),
            },
        }
    }
    Ok(None)
}

async fn once(engine: &Dialect, before: &Schema, revision: &Revision, rows: Option<usize>) -> Result<Option<Proof>> {
    let history = History::default();
    let Some(bench) = Bench::new(engine, &history)? else { return Ok(None) };
    let mut run = bench.made(before).await?;
    let (filled, empty) = fill(&mut run.wire, before, rows).await?;
    let after = run.try_out(way(revision, Direction::Up), before).await?;
    agree(&mut run.wire, &after, revision).await?;
    kept(&mut run.wire, revision, Direction::Up, &filled, &after).await?;
    Ok(Some(Proof { filled: filled.len(), empty, notes: Vec::new() }))
}

async fn there_and_back(engine: &Dialect, before: &Schema, revision: &Revision, rows: Option<usize>) -> Result<()> {
    let history = History::default();
    let Some(bench) = Bench::new(engine, &history)? else { return Ok(()) };
    let mut run = bench.made(before).await?;
    fill(&mut run.wire, before, rows).await?;
    let mut schema = before.clone();
    for direction in [Direction::Up, Direction::Down, Direction::Up] {
        schema = run.try_out(way(revision, direction), &schema).await?;
        agree(&mut run.wire, &schema, revision).await?;
    }
    Ok(())
}

fn way(revision: &Revision, direction: Direction) -> Way<'_> {
    Way { revision, direction, at: 1, of: 1 }
}

/// A database to try things out on.
struct Bench<'h> {
    runner: Runner<'h>,
}

impl<'h> Bench<'h> {
    fn new(engine: &Dialect, history: &'h History) -> Result<Option<Self>> {
        Ok(scratch(engine)?.map(|engine| Bench { runner: Runner::over(&engine, history).without_calls() }))
    }

    /// A run on it, with the tables of `schema`.
    async fn made(&self, schema: &Schema) -> Result<Run<'_>> {
        let mut run = Run::open(&self.runner, self.runner.history).await?;
        for text in run.wire.dialect().ddl(&schema.create_ops(), &Schema::default())? {
            run.wire.run(&text).await?;
        }
        Ok(run)
    }
}

/// Puts a row into each table, the first that the table takes from the try `rows` on, or none at all; those that have
/// one, and those that do not.
async fn fill(wire: &mut Wire, schema: &Schema, rows: Option<usize>) -> Result<(BTreeSet<String>, Vec<String>)> {
    let engine = wire.dialect();
    let (mut filled, mut empty) = (BTreeSet::new(), BTreeSet::new());
    let Some(first) = rows else { return Ok((filled, schema.tables.keys().cloned().collect())) };
    wire.run(engine.begin_write).await?;
    for text in engine.late_keys {
        wire.run(text).await?;
    }
    let made = schema.create_ops();
    let order =
        made.iter().filter_map(|op| if let Op::CreateTable(table) = op { Some(table.name.as_str()) } else { None });
    for table in order.filter_map(|name| schema.tables.get(name)) {
        if put(wire, schema, table, first, &empty).await? {
            filled.insert(table.name.clone());
        } else {
            empty.insert(table.name.clone());
        }
    }
    if wire.commit().await.is_err() {
        // Tables that point at each other in a circle, of which one takes no row.
        wire.roll_back().await;
        empty.append(&mut filled);
    }
    Ok((filled, empty.into_iter().collect()))
}

async fn put(wire: &mut Wire, schema: &Schema, table: &Table, first: usize, empty: &BTreeSet<String>) -> Result<bool> {
    // The tries before it come last: some table may take no other.
    for nth in (first..TRIES).chain(0..first) {
        let Some(insert) = row(schema, table, nth, empty) else { return Ok(false) };
        // Whatever refuses a row, the next may please it.
        if wire.send(&insert.render(wire.dialect())?).await.is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses where the database is not what the history says.
async fn agree(wire: &mut Wire, schema: &Schema, revision: &Revision) -> Result<()> {
    let stored = wire.inventory().await?;
    // What an engine's own text made is no part of the history.
    let opaque = pieces(&revision.up, wire.dialect()).iter().any(|piece| piece.is_opaque());
    let differences = wire.dialect().compare(&stored, schema);
    let told: Vec<String> = differences
        .iter()
        .filter(|difference| !(opaque && difference.is_extra()))
        .map(|difference| format!("  {difference}"))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    Err(Error::revision(format!(
        "revision `{}` does not make what its history says:\n{}",
        revision.id,
        told.join("\n")
    )))
}

/// Refuses where a table that goes on has lost its row. Statements that change rows by themselves may have meant it.
async fn kept(
    wire: &mut Wire,
    revision: &Revision,
    direction: Direction,
    filled: &BTreeSet<String>,
    after: &Schema,
) -> Result<()> {
    let engine = wire.dialect();
    let steps = steps(revision, direction);
    if steps.iter().any(|step| !matches!(step.work, Work::Change(_)) || !step.instead.is_empty()) {
        return Ok(());
    }
    let ops: Vec<Op> = pieces(steps, engine).iter().flat_map(|piece| piece.ops()).collect();
    let mut names = filled.clone();
    for op in &ops {
        match op {
            Op::RenameTable { table, to } if names.remove(table) => {
                names.insert(to.clone());
            }
            Op::DropTable { table } => {
                names.remove(table);
            }
            _ => {}
        }
    }
    for now in names.into_iter().filter(|now| after.tables.contains_key(now)) {
        let mut count = Select::from(now.clone());
        count.columns = vec![Expr::Aggregate { function: Aggregate::Count, of: None, distinct: false, filter: None }];
        let count: Statement = count.render(engine)?;
        let rows = wire.rows(&count, i64::read).await?;
        if rows != [1] {
            return Err(Error::revision(format!("revision `{}` loses the rows of table `{now}`", revision.id)));
        }
    }
    Ok(())
}
