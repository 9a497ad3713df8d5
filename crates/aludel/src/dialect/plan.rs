//! What an engine does to run operations on a database that is there: read first, then decided, then performed.
//!
//! A [`Plan`] is data: SQL text in order, and questions that must be answered by nothing. Whoever performs it needs to
//! know no engine.

mod compare;
mod inventory;

pub use compare::Discrepancy;
pub use inventory::{Inventory, Kind, Object};

use super::ddl::Rebuild;
use super::{Dialect, Refusal};
use crate::schema::{Op, Schema};

/// How operations are run in one database.
///
/// It is performed on one connection, in one transaction: its acts within its [`Frame`]. Several plans may share a
/// transaction, and so may whatever else runs between them: all of it is then within one frame, as [`Frame::join`] puts it
/// together, and what this frame begins with is run before the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// What has to be around the acts.
    pub frame: Frame,
    /// What is done, in order.
    pub acts: Vec<Act>,
    /// What people should know of it, a sentence each.
    pub notes: Vec<String>,
    /// How many of the operations it covers, from the first on. Where it is not all of them, the engine itself rewrites a
    /// text on the way that the rest needs: plan the rest once these acts are performed, on an inventory read anew.
    pub done: usize,
    /// What is stored when it is done, as far as that can be told without looking; see [`Inventory::exact`].
    pub after: Inventory,
}

/// What has to be around the acts of a transaction.
///
/// [`Frame::settings`] while no transaction is open, and read back; then, in the transaction, [`Frame::begin`], the acts,
/// [`Frame::verify`] and [`Frame::end`]; then, whatever happened, the settings as they were before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// What the connection has to be set to outside of the transaction.
    pub settings: Vec<Setting>,
    /// Statements at the start of the transaction: they remember what [`Frame::verify`] compares with.
    pub begin: Vec<String>,
    /// Questions before the commit.
    pub verify: Vec<Probe>,
    /// Statements right before the commit: they take away what `begin` made.
    pub end: Vec<String>,
}

/// One piece of the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A statement, without `;`.
    Run(String),
    /// A question; the transaction is undone when it is answered.
    Ask(Probe),
    /// A statement that brings what [`Frame::begin`] remembered up to date, so it runs where the transaction began with
    /// something, for whichever plan that was.
    Follow(String),
}

/// A query that gives no row when all is well.
///
/// Where it gives one, the row holds how many rows are at fault, and up to five of them as text. Where the engine refuses
/// the query itself, that is the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// The query, without `;`.
    pub query: String,
    /// What is wrong where it is answered; `{rows}` stands for how many.
    pub what: String,
    /// What to do then; may be empty.
    pub help: String,
    /// What it finds out.
    pub asks: Asks,
}

/// What a [`Probe`] finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Which rows are at fault: the query gives them.
    Rows,
    /// Whether the engine takes a statement at all. It touches no row and gives none, and need not be a query.
    Compiles,
}

impl Probe {
    /// The message for an answer: how many, and which.
    pub fn told(&self, count: i64, samples: &str) -> String {
        let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        let samples = if samples.is_empty() { String::new() } else { format!(" ({samples})") };
        self.message(format!("{}{samples}", self.what.replace("{rows}", &rows)))
    }

    /// The message where no rows are known.
    pub fn general(&self) -> String {
        self.message(self.what.replace("{rows}", "rows"))
    }

    /// The message for a query that the engine refused with `error`.
    pub fn refused(&self, error: &str) -> String {
        self.message(format!("{}: {error}", self.what.replace("{rows}", "rows")))
    }

    fn message(&self, what: String) -> String {
        if self.help.is_empty() { what } else { format!("{what}; {}", self.help) }
    }
}

/// A setting of the connection that a plan needs to be otherwise than usual.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The query that answers the value, as one row of one text or number.
    pub read: String,
    /// The statement that sets it, but for the value, which follows.
    pub write: String,
    /// The value the plan needs. It has to be read back: engines pass over a setting at the wrong time in silence.
    pub during: String,
    /// The value connections have by themselves, for a script that cannot know what was before.
    pub usual: String,
}

impl Frame {
    /// Takes in what `other` has and this has not; whether that was anything.
    ///
    /// ```
    /// # use aludel::dialect::Frame;
    /// let (mut whole, mut other) = (Frame::default(), Frame::default());
    /// other.begin.push("CREATE TEMP TABLE before AS SELECT count(*) FROM t".into());
    /// assert!(whole.join(&other) && !whole.join(&other));
    /// assert_eq!(whole, other);
    /// ```
    pub fn join(&mut self, other: &Frame) -> bool {
        let grew = [
            add(&mut self.settings, &other.settings),
            add(&mut self.begin, &other.begin),
            add(&mut self.verify, &other.verify),
            add(&mut self.end, &other.end),
        ];
        grew.contains(&true)
    }
}

/// Adds what is not there yet; whether that was anything.
fn add<T: Clone + PartialEq>(to: &mut Vec<T>, more: &[T]) -> bool {
    let before = to.len();
    for item in more {
        if !to.contains(item) {
            to.push(item.clone());
        }
    }
    to.len() > before
}

impl Plan {
    /// This plan and then `next`, in one transaction.
    pub fn join(&mut self, next: Plan) {
        self.frame.join(&next.frame);
        add(&mut self.notes, &next.notes);
        self.acts.extend(next.acts);
        self.done += next.done;
        self.after = next.after;
    }

    /// The statements among the acts, but for those that follow what the transaction began with.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        self.acts.iter().filter_map(|act| match act {
            Act::Run(text) => Some(text.as_str()),
            Act::Ask(_) | Act::Follow(_) => None,
        })
    }
}

impl Dialect {
    /// How to make the changes `ops` in a database that holds `stored` and whose schema, as the history has it, is
    /// `before`.
    ///
    /// The plan follows from its input alone: nothing is tried out. [`Inventory::of`] stands in where there is no database.
    ///
    /// # Errors
    /// Every operation that the engine cannot run, or that does not fit the schema at its place.
    pub fn plan(&self, ops: &[Op], before: &Schema, stored: &Inventory) -> Result<Plan, Vec<Refusal>> {
        self.planned(ops, before, || stored.clone(), Rebuild::Allowed)
    }
}
