//! SQL as plain data: statements are built as values, rendered once for an engine, and only then run.
//!
//! Nothing here knows a model. Names are text, columns carry their type, and a [`Path`] of to-one hops says where a
//! column stands; the renderer turns paths into joins and aliases, the same ones for the same paths.

mod expr;
mod infer;
mod pattern;
mod render;
mod statement;
mod write;

pub use expr::{Aggregate, Binary, Expr, Fragment, Function, Hop, List, Match, Path, Pending, Sort, Unary};
pub use render::{insert_params, insert_rows, list_params, raw};
pub use statement::{Join, Lock, Select, Statement, Table};
pub use write::{Conflict, Delete, Insert, Resolution, Update};

use std::borrow::Cow;

/// A name of a table, column or constraint, unquoted.
pub type Name = Cow<'static, str>;
