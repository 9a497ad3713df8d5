//! What a database is to everything above: something that takes statements and hands out rows.
//!
//! A driver knows statements and cells. It knows no model, no session and no migration.

mod place;
mod settings;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(not(feature = "sqlite"))]
#[path = "driver/absent.rs"]
mod sqlite;
mod stream;
mod url;

pub use place::{engine_of, exists, remove, scratch};
pub use settings::{Place, Settings, Synchronous};
pub use stream::{Done, Rows, Running, rows};
pub use url::redact;

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::dialect::Dialect;
use crate::sql::Statement;
use crate::{Result, Row};

/// A boxed future that may cross threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes the rows of one statement as they arrive.
pub trait Sink: Send {
    /// Takes one row; `Break` asks for no more of them (the driver still finishes the statement).
    ///
    /// # Errors
    /// Whatever it cannot read; the driver passes the error on as the statement's own.
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>>;
}

/// A sink for statements without rows.
#[derive(Debug)]
pub struct Discard;

impl Sink for Discard {
    fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

/// One statement of a batch, with the place for what comes of it.
pub struct Request<'a> {
    /// What to run.
    pub statement: &'a Statement,
    /// Where its rows go.
    pub sink: &'a mut dyn Sink,
    /// How many rows it changed; set by the driver.
    pub affected: u64,
}

impl<'a> Request<'a> {
    /// A request whose rows go to `sink`.
    pub fn new(statement: &'a Statement, sink: &'a mut dyn Sink) -> Self {
        Request { statement, sink, affected: 0 }
    }
}

/// The outcome of a batch: at once where the driver works in place, else a future.
///
/// It is itself a future, so that callers just `.await` it; the first kind costs no allocation.
pub enum Reply<'a> {
    /// The batch has been run.
    Ready(Option<Result<()>>),
    /// The batch is on its way.
    Wait(BoxFuture<'a, Result<()>>),
}

impl Future for Reply<'_> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match self.get_mut() {
            Reply::Ready(result) => match result.take() {
                Some(result) => Poll::Ready(result),
                None => Poll::Ready(Err(crate::Error::usage("a reply was polled after it had answered"))),
            },
            Reply::Wait(future) => future.as_mut().poll(context),
        }
    }
}

/// What a session means to do with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Only read.
    Read,
    /// Read and write.
    Write,
    /// Read, write and change what tables there are: may rest as long as it likes, and no statement of it is cut short.
    /// Settings of the connection that it changed are put back when it is given back.
    Alter,
}

/// A connection lent by an [`Engine`]. Dropping it gives it back clean: what was open is rolled back, or the connection
/// is thrown away.
pub trait Connection: Send + Sync {
    /// Runs the statements in order, in one flight where the engine can, and stops at the first that fails.
    ///
    /// The future may be dropped at any await: the connection then rolls back before anyone else gets it.
    fn run<'a>(&'a mut self, batch: &'a mut [Request<'_>]) -> Reply<'a>;

    /// Whether a transaction is open: false too after the engine ended it by itself.
    fn in_transaction(&self) -> bool;
}

/// One database with its connections.
pub trait Engine: Send + Sync {
    /// How this database spells things and what it can do.
    fn dialect(&self) -> &'static Dialect;

    /// Lends a connection, waiting for one up to the acquire timeout.
    ///
    /// # Errors
    /// Unavailable: none was free in time (with the numbers of the pool), or the pool is closed. A usage error where the
    /// asking task already holds the only connection that could be lent.
    fn acquire(&self, access: Access) -> BoxFuture<'_, Result<Box<dyn Connection>>>;

    /// Connections open, idle and waited for.
    fn stats(&self) -> PoolStats;

    /// Refuses new work, waits for what is under way, and closes all connections.
    fn close(&self) -> BoxFuture<'_, ()>;

    /// Runs a statement that only reads on a connection and a thread of its own, and tells `done` how it ended, after the
    /// sink was dropped. The sink may block its thread.
    ///
    /// # Errors
    /// Unavailable, as [`Engine::acquire`].
    fn stream(&self, statement: Statement, sink: Box<dyn Sink>, done: Done) -> BoxFuture<'_, Result<Running>>;

    /// How many chunks of rows may wait for whoever reads a stream.
    fn stream_depth(&self) -> usize;
}

/// The numbers of a pool at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PoolStats {
    /// Connections open.
    pub open: usize,
    /// Of these, not lent.
    pub idle: usize,
    /// Tasks waiting for one.
    pub waiting: usize,
}

/// A shared engine.
pub type SharedEngine = Arc<dyn Engine>;

/// Opens the database that `target` names: a URL (`sqlite:blog.db`, `sqlite:///srv/blog.db`, `sqlite::memory:`) or a path.
///
/// `sqlite:rel` and `sqlite://rel` are relative to the working directory, `sqlite:///abs` is absolute. Missing folders and,
/// unless `mode` says otherwise, a missing file are made. A query string overrides `settings`:
/// `?mode=ro&busy_timeout=2s`.
///
/// # Errors
/// A configuration error where `target` cannot be understood, names a folder, or an engine that is not built in; a
/// storage error where the file cannot be read, is no database, or is damaged.
///
/// ```
/// use aludel::driver::{Access, Settings, open};
///
/// # aludel::block(async {
/// let engine = open("sqlite::memory:", &Settings::default())?;
/// let connection = engine.acquire(Access::Write).await?;
/// assert_eq!(engine.stats().open, 1);
/// # drop(connection);
/// # Ok::<(), aludel::Error>(())
/// # }).unwrap();
/// ```
pub fn open(target: &str, settings: &Settings) -> Result<SharedEngine> {
    let mut settings = settings.clone();
    let target = url::parse(target, &mut settings)?;
    sqlite::open(target, &settings)
}
