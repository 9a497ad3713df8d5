//! SQL as plain data: statements are built as values, rendered once for an engine, and only then run.
//!
//! Nothing here knows a model. Names are text, columns carry their type, and a [`Path`] of to-one hops says where a
//! column stands; the renderer turns paths into joins and aliases, the same ones for the same paths.
//!
//! Values never stand in the text: statements of one shape have one text, whatever is asked.
//!
//! ```
//! use aludel::dialect::{POSTGRES, SQLITE};
//! use aludel::sql::{Binary, Expr, Path, Select};
//! use aludel::{Type, Value};
//!
//! let column = |name| Expr::Column { path: Path::root(), name, ty: Type::BigInt };
//! let mut select = Select::from("users");
//! select.columns = vec![column("id".into())];
//! let seven = Expr::Value(Value::Int(7), Type::BigInt);
//! select.and(Expr::Binary(Box::new(column("team_id".into())), Binary::Eq, Box::new(seven)));
//! assert_eq!(&*select.render(&SQLITE)?.text, r#"SELECT t0."id" FROM "users" AS t0 WHERE t0."team_id" = ?"#);
//! assert_eq!(&*select.render(&POSTGRES)?.text, r#"SELECT t0."id" FROM "users" AS t0 WHERE t0."team_id" = $1"#);
//! # Ok::<(), aludel::Error>(())
//! ```

mod expr;
mod infer;
mod pattern;
mod render;
mod statement;
mod write;

pub use expr::{Aggregate, Binary, Expr, Fragment, Function, Hop, List, Match, Path, Pending, Sort, Unary};
pub(crate) use render::list_policy;
pub use render::{insert_params, insert_rows, list_params, raw};
pub use statement::{Join, Lock, Select, Statement, Table};
pub use write::{Conflict, Delete, Insert, Resolution, Update};

use std::borrow::Cow;

/// A name of a table, column or constraint, unquoted.
pub type Name = Cow<'static, str>;
