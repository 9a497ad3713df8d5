//! SELECT, and the rendered statement that drivers run.

use std::sync::Arc;

use super::{Expr, Name, Path, Sort};
use crate::{Type, Value};

/// What a driver runs: text, and parameters with the type of the column each one meets.
#[derive(Clone, PartialEq)]
pub struct Statement {
    /// The text, with placeholders.
    pub text: Arc<str>,
    /// One value per placeholder.
    pub params: Vec<Value>,
    /// One type per value.
    pub types: Arc<[Type]>,
}

/// The text and how many parameters: values may be secrets.
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Statement({:?}, {} params)", self.text, self.params.len())
    }
}

impl Statement {
    /// A statement without parameters.
    pub fn plain(text: impl Into<Arc<str>>) -> Self {
        Statement { text: text.into(), params: Vec::new(), types: Arc::from([]) }
    }

    /// The same text with other values: how a statement rendered once is run again and again. Allocates nothing.
    #[must_use]
    pub fn bind(&self, params: Vec<Value>) -> Self {
        debug_assert_eq!(params.len(), self.types.len(), "one value per placeholder");
        Statement { text: Arc::clone(&self.text), params, types: Arc::clone(&self.types) }
    }
}

/// What a SELECT reads from.
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// A table.
    Named(Name),
    /// A subselect; its columns are named by [`Select::names`].
    Select(Box<Select>),
}

/// A SELECT. To-one joins come from the paths of its expressions; joins that multiply rows are said here.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// The statement's own table.
    pub from: Table,
    /// Joins that may multiply rows, each reachable by a path from then on.
    pub joins: Vec<Join>,
    /// What is read, in order.
    pub columns: Vec<Expr>,
    /// Names of the columns, where the select stands as a table; else empty.
    pub names: Vec<Name>,
    /// Equal rows once.
    pub distinct: bool,
    /// Which rows.
    pub filter: Option<Expr>,
    /// Groups.
    pub group: Vec<Expr>,
    /// Which groups.
    pub having: Option<Expr>,
    /// In what order.
    pub order: Vec<Sort>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// After so many rows.
    pub offset: Option<u64>,
    /// Rows held against other writers.
    pub lock: Option<Lock>,
}

impl Select {
    /// All rows of `table`, no columns yet.
    pub fn from(table: impl Into<Name>) -> Self {
        Select {
            from: Table::Named(table.into()),
            joins: Vec::new(),
            columns: Vec::new(),
            names: Vec::new(),
            distinct: false,
            filter: None,
            group: Vec::new(),
            having: None,
            order: Vec::new(),
            limit: None,
            offset: None,
            lock: None,
        }
    }

    /// Narrows the rows by `condition` too.
    pub fn and(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(filter) => Expr::Binary(Box::new(filter), super::Binary::And, Box::new(condition)),
            None => condition,
        });
    }
}

/// A join that may multiply rows: the last hop of `path`, before any path join behind it; an inner join unless the hop is
/// optional.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// Where it leads; expressions use the same path to name its columns.
    pub path: Path,
}

/// How rows are held. Engines with one writer need none and render nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// `FOR UPDATE`
    Update,
    /// `FOR UPDATE SKIP LOCKED`
    SkipLocked,
    /// `FOR UPDATE NOWAIT`
    NoWait,
}
