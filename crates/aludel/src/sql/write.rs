//! INSERT, UPDATE and DELETE.

use super::{Expr, Name};
use crate::Type;

/// An INSERT of one or more rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// The table.
    pub table: Name,
    /// The columns given; none at all means a row of defaults.
    pub columns: Vec<Name>,
    /// One expression per column, row by row.
    pub rows: Vec<Vec<Expr>>,
    /// What to do with a row that is there already.
    pub conflict: Option<Conflict>,
    /// Columns to give back.
    pub returning: Vec<(Name, Type)>,
}

/// The upsert part of an INSERT.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The unique columns that may clash; empty means any rule.
    pub target: Vec<Name>,
    /// What to do then.
    pub resolution: Resolution,
}

/// What an upsert does with a row that is there already.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// Leave it.
    Nothing,
    /// Set these columns; [`Expr::Excluded`] names the new row's values, [`Expr::Column`] the old one's.
    Update(Vec<(Name, Expr)>),
}

/// An UPDATE.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// The table.
    pub table: Name,
    /// What is set. Expressions name columns of the table by the root path.
    pub set: Vec<(Name, Expr)>,
    /// Which rows. Paths in it become a subselect over the key.
    pub filter: Option<Expr>,
    /// The table's key, for that subselect.
    pub key: Vec<(Name, Type)>,
    /// Columns to give back.
    pub returning: Vec<(Name, Type)>,
}

/// A DELETE.
#[derive(Clone, Debug, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: Name,
    /// Which rows. Paths in it become a subselect over the key.
    pub filter: Option<Expr>,
    /// The table's key, for that subselect.
    pub key: Vec<(Name, Type)>,
    /// Columns to give back.
    pub returning: Vec<(Name, Type)>,
}
