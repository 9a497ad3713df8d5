//! Queries as values: which rows, in what order, in which shape. Nothing here runs.
//!
//! A [`Column`] or a relation is a constant of its model; conditions and expressions grow from them, and a [`Query`]
//! takes them in. Planning turns a query into the [`crate::sql`] tree of one statement.

mod column;
mod expr;
mod record;
mod relation;
mod select;
mod selection;
mod view;

pub use column::Column;
pub use expr::{Cond, Expr};
pub use record::Record;
pub use relation::{HasOne, ManyToMany, ToMany, ToOne, ToOption};
pub use select::Query;
pub use selection::Selection;
pub use view::{Plan, Reading, Source, View};
