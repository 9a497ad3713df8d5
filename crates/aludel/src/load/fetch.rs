//! What a session can fetch: queries, and raw SQL with typed rows.

use super::{Loading, Rows};
use crate::dialect::Dialect;
use crate::model::{Bind, Pending};
use crate::query::{Query, Reading, Record, SqlRows};
use crate::{Model, Result, Value};

/// Something that gives rows when a session of the bind `B` fetches it: a [`Query`], or [`SqlRows`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be fetched from a session of `{B}`",
    note = "fetch a query of a model of that database (`Post::filter(..)`), or raw SQL with typed rows \
            (`sql!(\"..\").rows::<(i64, String)>()`)"
)]
pub trait Fetch<B: Bind>: Send + Sized {
    /// What one row gives.
    type Row: Send + 'static;

    /// Whether the statement may do anything, writing included.
    #[doc(hidden)]
    const FREE: bool = false;

    /// Puts the keys of entities in the place of their handles.
    ///
    /// # Errors
    /// What `key` answers.
    #[doc(hidden)]
    fn __resolve(&mut self, key: &mut dyn FnMut(Pending) -> Result<Vec<Value>>) -> Result<()>;

    /// At most so many rows, whichever they are.
    #[doc(hidden)]
    fn __cap(self, rows: u64) -> Self;

    /// Begins to read.
    ///
    /// # Errors
    /// As planning and rendering.
    #[doc(hidden)]
    fn __loading(self, dialect: &Dialect) -> Result<Loading<Self::Row>>;

    /// What the rows are of, for messages.
    #[doc(hidden)]
    fn __what(&self) -> &'static str;
}

impl<B: Bind, M: Model<Bind = B>, T: Send + 'static> Fetch<B> for Query<M, T> {
    type Row = T;

    fn __resolve(&mut self, key: &mut dyn FnMut(Pending) -> Result<Vec<Value>>) -> Result<()> {
        self.resolve(key)
    }

    fn __cap(self, rows: u64) -> Self {
        self.cap(rows)
    }

    fn __loading(self, dialect: &Dialect) -> Result<Loading<T>> {
        Loading::new(self, dialect)
    }

    fn __what(&self) -> &'static str {
        M::META.model
    }
}

impl<B: Bind, T: Record> Fetch<B> for SqlRows<T> {
    type Row = T;

    const FREE: bool = true;

    fn __resolve(&mut self, key: &mut dyn FnMut(Pending) -> Result<Vec<Value>>) -> Result<()> {
        self.sql.resolve(key)
    }

    /// The text says how many rows it has.
    fn __cap(self, _: u64) -> Self {
        self
    }

    fn __loading(self, dialect: &Dialect) -> Result<Loading<T>> {
        Ok(Loading {
            statement: self.sql.statement(dialect)?,
            rows: Rows { rows: Vec::new(), read: |cells, _| T::__record(cells), reading: Reading::default() },
            fill: |_, _| Ok(()),
            begun: false,
        })
    }

    fn __what(&self) -> &'static str {
        "row"
    }
}
