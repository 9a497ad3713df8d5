//! Databases: where sessions come from.

mod open;
mod stream;
mod tables;
mod watch;

pub use open::{Opening, Target};
pub use stream::Rows;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::driver::{Access, PoolStats, SharedEngine};
use crate::migrate::Program;
use crate::model::{Bind, Layout, Main};
use crate::schema::Schema;
use crate::session::shape::{Library, Texts};
use crate::sql::Statement;
use crate::unit::Graph;
use crate::{Error, Result, Session};

/// A database with its connections and its models: cheap to clone, shared by everything that asks it for sessions.
pub struct Database<B: Bind = Main> {
    pub(crate) shared: Arc<Shared>,
    pub(crate) program: Arc<Program<B>>,
}

impl<B: Bind> Clone for Database<B> {
    fn clone(&self) -> Self {
        Database { shared: self.shared.clone(), program: self.program.clone() }
    }
}

impl<B: Bind> std::fmt::Debug for Database<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({}, {})", B::NAME, self.shared.engine.dialect().name)
    }
}

/// What all sessions of one database share.
pub(crate) struct Shared {
    pub(crate) engine: SharedEngine,
    pub(crate) schema: Schema,
    pub(crate) graph: Graph,
    library: Library,
    begin: [Statement; 2],
    echo: bool,
    sessions: AtomicU32,
    statements: AtomicU64,
}

impl Shared {
    pub(crate) fn next_session(&self) -> u32 {
        self.sessions.fetch_add(1, Ordering::Relaxed)
    }

    /// What begins a transaction.
    pub(crate) fn begin(&self, access: Access) -> Statement {
        let [read, write] = &self.begin;
        match access {
            Access::Read => read.clone(),
            Access::Write | Access::Alter => write.clone(),
        }
    }

    pub(crate) fn texts(&self, layout: &'static Layout) -> Arc<Texts> {
        self.library.texts(layout, self.engine.dialect())
    }
}

/// Health of a database at one moment.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Health {
    /// The engine.
    pub dialect: &'static str,
    /// Its version.
    pub version: String,
    /// How long a statement took, in microseconds, a connection included.
    pub latency_us: u64,
    /// The connections.
    pub pool: PoolStats,
}

impl<B: Bind> Database<B> {
    /// A session that may write. Costs nothing until its first statement.
    pub fn session(&self) -> Session<B> {
        Session::new(self.shared.clone(), Access::Write)
    }

    /// A session that only reads, beside any writer. Costs nothing until its first statement.
    pub fn read(&self) -> Session<B> {
        Session::new(self.shared.clone(), Access::Read)
    }

    /// Runs `work` in a session: `Ok` commits, `Err` rolls back, and so does dropping the future.
    ///
    /// # Errors
    /// What `work` returns, or what the commit fails with.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Account { pub id: i64, pub balance: i64 }
    /// # async fn transfer(db: &Database) -> Result<()> {
    /// db.transaction(async |db| {
    ///     let (from, to) = (db.get::<Account>(1).await?, db.get::<Account>(2).await?);
    ///     db[from].balance -= 10;
    ///     db[to].balance += 10;
    ///     Ok(())
    /// }).await
    /// # }
    /// ```
    pub async fn transaction<R, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&mut Session<B>) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut session = self.session();
        let done = work(&mut session).await;
        session.end(done).await
    }

    /// Runs `work` in a transaction, up to `tries` times: again where it was stale or another try may succeed.
    ///
    /// Each try has a session of its own, so `work` reads everything afresh.
    ///
    /// In a handler or a spawned task write `async move |db| ..` where the closure uses variables: a closure that borrows
    /// and is called again keeps the future from being `Send`.
    ///
    /// # Errors
    /// The last try's error, or the first that trying again cannot mend.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub title: String }
    /// # async fn rename(db: &Database) -> Result<()> {
    /// db.retry(5, async |db| {
    ///     let post = db.get::<Post>(1).await?;
    ///     db[post].title.push('!');
    ///     Ok(())
    /// }).await
    /// # }
    /// ```
    pub async fn retry<R>(&self, tries: usize, mut work: impl AsyncFnMut(&mut Session<B>) -> Result<R>) -> Result<R> {
        let mut tried = 1;
        loop {
            let mut session = self.session();
            let done = work(&mut session).await;
            match session.end(done).await {
                Err(error) if tried < tries && (error.is_stale() || error.is_retryable()) => tried += 1,
                done => return done,
            }
        }
    }

    /// Makes the tables of all models, in one transaction: for tests, examples and files that are new.
    ///
    /// # Errors
    /// Where a table is already there, or whatever the database reports; nothing is made then.
    pub async fn create_tables(&self) -> Result<()> {
        self.shared.create_tables().await
    }

    /// Makes the tables of all models where none of them is there: true where it did, false where all are there.
    ///
    /// One statement to look; where nothing is there one more, which holds off other processes, and the statements of
    /// [`create_tables`](Database::create_tables). Many may call it at once: one makes the tables, the others find them.
    ///
    /// # Errors
    /// A configuration error that names what is missing where some of the tables are there and others are not; whatever
    /// the database reports.
    pub async fn ensure_tables(&self) -> Result<bool> {
        self.shared.ensure_tables().await
    }

    /// Asks the database for its version by one statement, and the pool for its numbers.
    ///
    /// # Errors
    /// Where no connection is to be had or the statement fails.
    pub async fn health(&self) -> Result<Health> {
        self.shared.health().await
    }

    /// The numbers of the pool.
    pub fn stats(&self) -> PoolStats {
        self.shared.engine.stats()
    }

    /// The schema that the models make.
    pub fn schema(&self) -> &Schema {
        &self.shared.schema
    }

    /// How many statements all sessions have sent so far, besides those that begin, end and nest transactions.
    ///
    /// Tests assert on the difference: a page that costs three statements for one row costs three for a thousand.
    pub fn statements(&self) -> u64 {
        self.shared.statements.load(Ordering::Relaxed)
    }

    /// Refuses new work, waits for what is under way, and closes all connections. Call it when the server has shut down.
    pub async fn close(&self) {
        self.shared.engine.close().await;
    }
}
