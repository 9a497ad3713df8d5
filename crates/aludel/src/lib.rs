//! The database layer of a Rust web application: models declared once, a session with an identity map and a unit of
//! work, typed queries and migrations, on an embedded SQLite by default.

extern crate self as aludel;

#[cfg(feature = "axum-0_8")]
pub mod axum;
mod block;
#[cfg(feature = "command")]
mod command;
mod database;
mod derive;
pub mod dialect;
#[doc(hidden)] // Not an interface yet: it settles when the other engines have been written against it.
pub mod driver;
mod error;
mod load;
pub mod model;
pub mod prelude;
#[cfg(feature = "command")]
mod project;
pub mod query;
pub mod schema;
mod session;
pub mod sql;
mod unit;
mod value;

pub use block::block;
pub use database::{Database, Health, Opening, Rows, Target};
pub use derive::{Embed, Enum, Field, Model, New, Patch, Record, View, sql};
pub use driver::{Place, PoolStats, Settings, Synchronous};
pub use error::{Error, FieldError, Result};
#[doc(hidden)]
pub use load::Fetch;
pub use model::{Assign, Draft, Embed, Field, Fk, Handle, Insert, Key, KeyOf, Meta, Model, Patch};
#[cfg(feature = "command")]
pub use project::Project;
pub use query::{
    Changes, Column, Cond, Expr, HasOne, ManyToMany, Query, Record, Selection, Source, Sql, ToMany, ToOne, ToOption,
    View, count, set, set_null,
};
pub use session::{Delete, Deleting, Get, Getting, Inserting, Savepoint, Session, Streaming, Updating};
#[cfg(feature = "json")]
pub use value::Json;
pub use value::{Cell, Cells, Date, Decimal, Row, Time, Timestamp, Type, Value};

#[doc(hidden)]
pub mod __private;

/// The models of a database as an explicit list, in place of all that are linked into the program.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model)] pub struct User { pub id: i64 }
/// # #[derive(Model)] pub struct Post { pub id: i64, pub author_id: Fk<User> }
/// # aludel::block(async {
/// let db: Database = Database::open(":memory:").schema(aludel::schema![User, Post]).await?;
/// db.create_tables().await?;
/// # aludel::Result::Ok(()) }).unwrap();
/// ```
#[macro_export]
macro_rules! schema {
    ($($model:ty),* $(,)?) => {
        ::std::vec![$(<$model as $crate::Model>::META),*]
    };
}

#[cfg(all(doctest, feature = "axum-0_8"))]
#[doc = include_str!("../../../README.md")]
mod readme {}
