//! How operations on a schema become statements, on every engine.

mod reach;

use std::fmt;

pub(crate) use reach::Reach;
pub(super) use reach::elsewhere;

use super::{Act, Dialect, Inventory, Plan};
use crate::Error;
use crate::schema::{Column, Op, Problem, Schema, Spelling, Table, settle};

/// Why an engine cannot run an operation as statements.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The engine makes this change only by writing the table anew.
    Rebuild {
        /// The table.
        table: String,
        /// The operation, in the portable text.
        operation: String,
    },
    /// The engine has no way to say it, or the operation does not fit the schema it meets.
    Problem(Problem),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Rebuild { table, operation } => {
                write!(f, "`{operation}` cannot be run without a rebuild of table `{table}`")
            }
            Refusal::Problem(problem) => problem.fmt(f),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Refusal::Problem(problem)
    }
}

impl From<Vec<Refusal>> for Error {
    fn from(refusals: Vec<Refusal>) -> Self {
        let refusals: String = refusals.iter().map(|refusal| format!("\n  {refusal}")).collect();
        Error::usage(format!("this engine cannot run what was asked of it:{refusals}"))
    }
}

/// One operation among those it runs with, and the schema on both sides of it.
pub(crate) struct Step<'a> {
    pub(super) ops: &'a [Op],
    pub(super) at: usize,
    pub(super) before: &'a Schema,
    pub(super) after: &'a Schema,
}

impl<'a> Step<'a> {
    pub(super) fn op(&self) -> &'a Op {
        &self.ops[self.at]
    }
}

/// How an engine makes and changes tables.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tables {
    /// Each operation becomes statements by itself.
    Each(fn(&Step<'_>, out: &mut Vec<String>) -> Result<(), Refusal>),
    /// Operations are planned together, on what is stored.
    Planned(fn(&[Op], &Schema, &Inventory, Rebuild) -> Result<Plan, Vec<Refusal>>),
}

/// Whether tables may be written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rebuild {
    /// Where there is no other way.
    Allowed,
    /// A change that needs it is refused.
    Refused,
}

impl Dialect {
    /// The statements, without `;`, that make the changes `ops` in a database whose schema is `before`.
    ///
    /// The text is the same whenever the input is. No row is read or written beyond what the operations say.
    ///
    /// # Errors
    /// Every operation that the engine refuses: one that needs a table rebuild, one it has no words for, or one that does
    /// not fit the schema at its place.
    ///
    /// ```
    /// use aludel::dialect::{POSTGRES, SQLITE};
    /// use aludel::prelude::*;
    /// use aludel::schema::Schema;
    ///
    /// #[derive(Model)]
    /// struct Tag {
    ///     #[column(key, length = 50)]
    ///     name: String,
    /// }
    ///
    /// let schema = Schema::from_models(&[Tag::META])?;
    /// let ops = schema.create_ops();
    /// let nothing = Schema::default();
    /// assert!(SQLITE.ddl(&ops, &nothing)?[0].contains("name VARCHAR(50) NOT NULL"));
    /// assert!(POSTGRES.ddl(&schema.drop_ops(), &schema)? == ["DROP TABLE tags"]);
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn ddl(&self, ops: &[Op], before: &Schema) -> Result<Vec<String>, Vec<Refusal>> {
        let plan = self.planned(ops, before, || Inventory::of(self, before), Rebuild::Refused)?;
        Ok(plan.statements().map(str::to_owned).collect())
    }

    /// How to make the changes `ops`, as [`Dialect::plan`] and [`Dialect::ddl`] promise it.
    pub(super) fn planned(
        &self,
        ops: &[Op],
        before: &Schema,
        stored: impl FnOnce() -> Inventory,
        rebuild: Rebuild,
    ) -> Result<Plan, Vec<Refusal>> {
        let ops = &*settle(ops, before);
        let mut refusals: Vec<_> =
            ops.iter().filter_map(|op| self.reach.refuse(self, op).err()).map(Refusal::Problem).collect();
        let plan = match self.tables {
            Tables::Planned(plan) => plan(ops, before, &stored(), rebuild),
            Tables::Each(render) => each(render, ops, before),
        };
        match plan {
            Ok(plan) if refusals.is_empty() => Ok(plan),
            Ok(_) => Err(refusals),
            Err(more) => {
                refusals.extend(more);
                Err(refusals)
            }
        }
    }
}

/// The statements of each operation after the other.
fn each(
    render: fn(&Step<'_>, &mut Vec<String>) -> Result<(), Refusal>,
    ops: &[Op],
    before: &Schema,
) -> Result<Plan, Vec<Refusal>> {
    // Two folds, one operation apart: cheaper than a copy of the schema for each.
    let (mut before, mut after) = (before.clone(), before.clone());
    let mut statements = Vec::new();
    let mut refusals = Vec::new();
    for (at, op) in ops.iter().enumerate() {
        if let Err(problem) = op.apply(&mut after) {
            refusals.push(problem.into());
            continue;
        }
        let step = Step { ops, at, before: &before, after: &after };
        refusals.extend(render(&step, &mut statements).err());
        refusals.extend(op.apply(&mut before).err().map(Refusal::Problem));
    }
    let acts = statements.into_iter().map(Act::Run).collect();
    if refusals.is_empty() { Ok(Plan { acts, done: ops.len(), ..Plan::default() }) } else { Err(refusals) }
}

/// The columns of a table as name and the rest, as a [`Spelling`] writes them.
pub(super) fn columns(to: &Spelling, schema: &Schema, table: &Table) -> Vec<(String, String)> {
    let rest = |column: &Column| to.column(Some(table), column, schema.variants(&column.ty));
    table.columns.iter().map(|column| ((to.name)(&column.name), rest(column))).collect()
}

/// The words for an operation that an engine has no way to say.
pub(super) fn unsupported(table: &Table, engine: &str, what: &str, help: &str) -> Refusal {
    Problem::new(&table.origin, format!("{engine} cannot {what} (table `{}`)", table.name), help).into()
}

#[cfg(all(test, feature = "sqlite"))]
mod tests;
