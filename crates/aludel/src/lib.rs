//! The database layer of a Rust web application: models declared once, a session with an identity map and a unit of
//! work, and typed queries, on an embedded SQLite.
//!
//! ```
//! use aludel::prelude::*;
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct User {
//!     pub id: i64, // a field named `id` is the key; the database assigns it
//!     #[column(unique, length = 255)]
//!     pub email: String,
//! }
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct Post {
//!     pub id: i64,
//!     pub author_id: Fk<User>, // also the relations `Post::AUTHOR` and `User::POSTS`
//!     pub title: String,
//!     #[column(default = 0)]
//!     pub likes: i32,
//! }
//!
//! # aludel::block(async {
//! let database: Database = Database::open(":memory:").schema(aludel::schema![User, Post]).await?;
//! database.create_tables().await?;
//! let mut db = database.session();
//! let ann = db.add(new!(User { email: "ann@x.io" }));
//! let post = db.add(new!(Post { author_id: ann, title: "Hello" })); // `ann` has no key yet
//! db[post].likes += 1;
//! db.commit().await?; // users first, then posts
//! let liked: Vec<Post> = db.fetch(Post::filter(Post::AUTHOR.is(User::EMAIL.eq("ann@x.io")))).await?;
//! assert_eq!(liked[0].likes, 1);
//! # Ok::<(), aludel::Error>(()) }).unwrap();
//! ```
//!
//! - What to declare: [`derive(Model)`](derive@Model) with everything a model can say, and [`new!`] for rows of it.
//! - What to write with: [`Session`], which gives out a [`Handle`] for each entity and works out what to send.
//! - What to read with: [`Query`], the shapes of [`View`], and [`sql!`] for everything else.
//! - What to open: [`Database`]; in a web application its sessions come as arguments (feature `axum-0_8`).

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
pub mod migrate;
pub mod model;
pub mod prelude;
#[cfg(feature = "command")]
pub mod project;
pub mod query;
pub mod schema;
mod session;
// Not hidden, or the compiler takes its `Expr` for a second version of the queries' one in messages.
pub mod sql;
mod syntax;
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
    View, count, set, set_null, whole,
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
/// # Ok::<(), aludel::Error>(()) }).unwrap();
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
