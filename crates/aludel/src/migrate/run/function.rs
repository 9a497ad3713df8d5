//! Functions of the application that revisions call by name: `-- run: backfill_slugs posts`.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::str::FromStr;
use std::sync::Arc;

use crate::database::Shared;
use crate::driver::{BoxFuture, Connection};
use crate::model::{Bind, Main};
use crate::{Error, Result, Session};

/// What a function of a revision is to do now: one batch of its work.
///
/// It is called again and again, first without a cursor and then with the one it returned, until it says that it is done.
/// So a batch should be small, and begin where its cursor says. On engines where a transaction holds all of a revision
/// the batches are in it together; on others each is committed with its cursor, and a run that was cut off goes on there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Batch {
    /// The words behind the function's name in the file.
    pub arguments: Vec<String>,
    /// What the batch before returned; `None` in the first.
    pub cursor: Option<String>,
    /// Rows done in the batches before.
    pub rows: u64,
}

impl Batch {
    pub(super) fn first(arguments: Vec<String>) -> Self {
        Batch { arguments, cursor: None, rows: 0 }
    }

    /// The cursor, read as a `T`; `None` in the first batch.
    ///
    /// # Errors
    /// A usage error where it is no `T`: the batch before returned something else.
    ///
    /// ```
    /// # use aludel::migrate::Batch;
    /// # fn f(batch: Batch) -> aludel::Result<()> {
    /// let after: i64 = batch.at()?.unwrap_or(0);
    /// # Ok(()) }
    /// ```
    pub fn at<T: FromStr>(&self) -> Result<Option<T>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        cursor.parse().map(Some).map_err(|_| {
            let wanted = std::any::type_name::<T>();
            Error::usage(format!("the cursor `{cursor}` is no `{wanted}`: return what the next batch reads"))
        })
    }
}

/// What a batch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub(super) cursor: Option<String>,
    pub(super) rows: u64,
}

impl Next {
    /// There may be more: `rows` were done, and the next batch begins behind `cursor`.
    pub fn after(cursor: impl fmt::Display, rows: impl TryInto<u64>) -> Self {
        Next { cursor: Some(cursor.to_string()), ..Next::done(rows) }
    }

    /// All is done; `rows` in this last batch.
    pub fn done(rows: impl TryInto<u64>) -> Self {
        Next { cursor: None, rows: rows.try_into().unwrap_or(u64::MAX) }
    }
}

/// A function that a revision can call.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no function that a revision can call",
    note = "write `async fn name(db: &mut Session, batch: Batch) -> Result<Next>`"
)]
pub trait Function<'s, B: Bind>: Send + Sync {
    fn __run(&self, session: &'s mut Session<B>, batch: Batch) -> BoxFuture<'s, Result<Next>>;
}

impl<'s, B: Bind, F, R> Function<'s, B> for F
where
    F: Fn(&'s mut Session<B>, Batch) -> R + Send + Sync,
    R: Future<Output = Result<Next>> + Send + 's,
{
    fn __run(&self, session: &'s mut Session<B>, batch: Batch) -> BoxFuture<'s, Result<Next>> {
        Box::pin(self(session, batch))
    }
}

type Erased<B> = Arc<dyn for<'s> Function<'s, B>>;

/// The functions that revisions can call, by name.
///
/// ```
/// use aludel::migrate::{Batch, Functions, Next};
/// use aludel::prelude::*;
/// use aludel::sql;
///
/// async fn slugs(db: &mut Session, batch: Batch) -> Result<Next> {
///     let after: i64 = batch.at()?.unwrap_or(0);
///     let query = sql!("select id, title from posts where id > {after} order by id limit 500");
///     let rows: Vec<(i64, String)> = db.fetch(query.rows()).await?;
///     for (id, title) in &rows {
///         let slug = title.to_lowercase().replace(' ', "-");
///         db.execute(sql!("update posts set slug = {slug} where id = {id}")).await?;
///     }
///     Ok(match rows.last() {
///         Some((last, _)) => Next::after(last, rows.len()),
///         None => Next::done(0),
///     })
/// }
///
/// let functions: Functions = Functions::new().add("slugs", slugs);
/// assert_eq!(functions.names().collect::<Vec<_>>(), ["slugs"]);
/// ```
pub struct Functions<B: Bind = Main>(BTreeMap<String, Erased<B>>);

impl<B: Bind> Functions<B> {
    /// None yet.
    pub fn new() -> Self {
        Functions(BTreeMap::new())
    }

    /// Adds an `async fn(&mut Session<B>, Batch) -> Result<Next>` under `name`; it takes the place of one that had the
    /// name.
    ///
    /// Its session lives in the transaction of the revision, whose end is not the function's to say: it may flush and open
    /// savepoints, and neither commit nor roll back.
    #[must_use]
    pub fn add<F>(mut self, name: impl Into<String>, function: F) -> Self
    where
        F: for<'s> Function<'s, B> + 'static,
    {
        self.0.insert(name.into(), Arc::new(function));
        self
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Functions of whatever bind, so that a run is compiled once, in this crate.
pub(super) trait Library: Send + Sync {
    fn names(&self) -> Vec<&str>;

    /// Has a function do a batch in the transaction that is open on `connection`.
    fn call<'c>(
        &'c self,
        name: &'c str,
        shared: Arc<Shared>,
        connection: Box<dyn Connection>,
        batch: Batch,
    ) -> BoxFuture<'c, Result<(Next, Box<dyn Connection>)>>;
}

impl<B: Bind> Library for Functions<B> {
    fn names(&self) -> Vec<&str> {
        Functions::names(self).collect()
    }

    fn call<'c>(
        &'c self,
        name: &'c str,
        shared: Arc<Shared>,
        connection: Box<dyn Connection>,
        batch: Batch,
    ) -> BoxFuture<'c, Result<(Next, Box<dyn Connection>)>> {
        Box::pin(async move {
            let Some(function) = self.0.get(name) else {
                return Err(Error::usage(format!("no function `{name}` is registered")));
            };
            let mut session = Session::guest(shared, connection);
            let next = function.__run(&mut session, batch).await?;
            Ok((next, session.guts_mut().leave().await?))
        })
    }
}

impl<B: Bind> Default for Functions<B> {
    fn default() -> Self {
        Functions::new()
    }
}

impl<B: Bind> Clone for Functions<B> {
    fn clone(&self) -> Self {
        Functions(self.0.clone())
    }
}

/// The names.
impl<B: Bind> fmt::Debug for Functions<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
