//! The connection of a run: one, from the first look under the lock to the last commit.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Runner;
use super::patience::Patience;
use crate::database::Shared;
use crate::dialect::{Dialect, Inventory, Probe};
use crate::driver::{Access, Connection, Discard, Request, Sink};
use crate::error::Kind;
use crate::migrate::book;
use crate::sql::Statement;
use crate::{Cells, Error, Field, Result, Row};

/// A connection with what is told of its statements.
pub(super) struct Wire {
    shared: Arc<Shared>,
    /// Gone while a function has it, and for good where the function lost it.
    connection: Option<Box<dyn Connection>>,
}

/// Keeps the rows that a function reads.
struct Read<T> {
    rows: Vec<T>,
    read: fn(&mut Cells<'_>) -> Result<T>,
}

impl<T: Send> Sink for Read<T> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.rows.push((self.read)(&mut Cells::new(row))?);
        Ok(ControlFlow::Continue(()))
    }
}

/// Why a step was refused: rows that are there, not the step.
#[derive(Debug)]
pub(super) struct InTheWay(String);

impl fmt::Display for InTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InTheWay {}

/// The rows that were in the way, if that was all.
pub(super) fn in_the_way(error: &Error) -> Option<&InTheWay> {
    let mut at: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = at {
        if let Some(rows) = error.downcast_ref() {
            return Some(rows);
        }
        at = error.source();
    }
    None
}

impl Wire {
    /// A connection that only looks.
    pub(super) async fn reading(shared: &Arc<Shared>) -> Result<Self> {
        let connection = shared.engine.acquire(Access::Read).await?;
        Ok(Wire { shared: shared.clone(), connection: Some(connection) })
    }

    /// The connection that changes tables, once whoever has it in this process is done with it.
    ///
    /// # Errors
    /// Locked when the runner's time to wait is over.
    pub(super) async fn changing(runner: &Runner<'_>) -> Result<Self> {
        let shared = &runner.shared;
        let mut patience = Patience::new(runner);
        loop {
            let error = match shared.engine.acquire(Access::Alter).await {
                Ok(connection) => return Ok(Wire { shared: shared.clone(), connection: Some(connection) }),
                Err(error) => error,
            };
            if !error.is_unavailable() || error.is_closed() {
                return Err(error);
            }
            if patience.is_over() {
                return Err(Error::locked(error.to_string()).with_source(error));
            }
            patience.rest().await;
        }
    }

    pub(super) fn dialect(&self) -> &'static Dialect {
        self.shared.engine.dialect()
    }

    fn connection(&mut self) -> Result<&mut Box<dyn Connection>> {
        self.connection.as_mut().ok_or_else(|| Error::usage("the connection of the run is gone"))
    }

    async fn batch(&mut self, batch: &mut [Request<'_>]) -> Result<()> {
        let started = self.shared.watches().then(Instant::now);
        let result = self.connection()?.run(batch).await;
        self.shared.record(batch, started, &result);
        result
    }

    /// Runs a statement; how many rows it changed.
    pub(super) async fn send(&mut self, statement: &Statement) -> Result<u64> {
        let mut discard = Discard;
        let mut batch = [Request::new(statement, &mut discard)];
        self.batch(&mut batch).await?;
        Ok(batch[0].affected)
    }

    /// Runs a text; how many rows it changed.
    pub(super) async fn run(&mut self, text: &str) -> Result<u64> {
        self.send(&Statement::plain(text)).await
    }

    /// The rows of a query.
    pub(super) async fn rows<T: Send>(
        &mut self,
        statement: &Statement,
        read: fn(&mut Cells<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut sink = Read { rows: Vec::new(), read };
        self.batch(&mut [Request::new(statement, &mut sink)]).await?;
        Ok(sink.rows)
    }

    /// The first cell of each row, as text.
    pub(super) async fn texts(&mut self, text: &str) -> Result<Vec<String>> {
        let read = |cells: &mut Cells<'_>| match cells.take()? {
            crate::Cell::Int(value) => Ok(value.to_string()),
            crate::Cell::Text(value) => Ok(value.to_owned()),
            other => Err(cells.mismatch("a text or a number", other)),
        };
        self.rows(&Statement::plain(text), read).await
    }

    /// What is stored in the database; nothing where plans need nothing.
    pub(super) async fn inventory(&mut self) -> Result<Inventory> {
        let Some(query) = self.dialect().inventory() else { return Ok(Inventory::default()) };
        let read = |cells: &mut Cells<'_>| -> Result<[Option<String>; 4]> {
            let mut text = || Option::<String>::read(cells);
            Ok([text()?, text()?, text()?, text()?])
        };
        Ok(Inventory::read(self.rows(&Statement::plain(query), read).await?))
    }

    /// Asks what must not be answered.
    ///
    /// # Errors
    /// What is wrong, in the words of the probe.
    pub(super) async fn ask(&mut self, probe: &Probe) -> Result<()> {
        let read = |cells: &mut Cells<'_>| Ok((i64::read(cells)?, Option::<String>::read(cells)?));
        match self.rows(&Statement::plain(probe.query.as_str()), read).await {
            Ok(rows) => match rows.first() {
                None => Ok(()),
                Some((count, samples)) => {
                    let told = probe.told(*count, samples.as_deref().unwrap_or_default());
                    Err(Error::revision(told).with_source(InTheWay(probe.general())))
                }
            },
            Err(error) if is_refusal(&error) => {
                Err(Error::revision(probe.refused(&error.to_string())).with_source(error))
            }
            Err(error) => Err(error),
        }
    }

    /// Begins the transaction of a run: by this it holds the lock.
    ///
    /// # Errors
    /// Locked, with who probably has it, when the runner's time to wait is over.
    pub(super) async fn begin(&mut self, runner: &Runner<'_>) -> Result<()> {
        let mut patience = Patience::new(runner);
        loop {
            match self.run(self.dialect().begin_write).await {
                Err(error) if matches!(error.kind(), Kind::Contention { .. }) => {
                    if patience.is_over() {
                        return Err(Error::locked(self.holder(patience.waited()).await).with_source(error));
                    }
                }
                done => return done.map(drop),
            }
            patience.rest().await;
        }
    }

    /// Commits.
    pub(super) async fn commit(&mut self) -> Result<()> {
        self.run(Dialect::COMMIT).await.map(drop)
    }

    /// Ends a transaction: commits it where the work in it is done, else undoes it.
    pub(super) async fn end<T>(&mut self, done: Result<T>) -> Result<T> {
        let done = match done {
            Ok(value) => self.commit().await.map(|()| value),
            Err(error) => Err(error),
        };
        if done.is_err() {
            self.roll_back().await;
        }
        done
    }

    /// Undoes what is open; a connection that is gone has undone it already.
    pub(super) async fn roll_back(&mut self) {
        let open = self.connection.as_ref().is_some_and(|connection| connection.in_transaction());
        if open && self.run(Dialect::ROLLBACK).await.is_err() {
            // Dropped, it is undone by the driver.
            self.connection = None;
        }
    }

    /// Whether there is no connection any more.
    pub(super) fn is_lost(&self) -> bool {
        self.connection.is_none()
    }

    /// Lends the connection to a function.
    pub(super) fn lend(&mut self) -> Result<Box<dyn Connection>> {
        self.connection.take().ok_or_else(|| Error::usage("the connection of the run is gone"))
    }

    /// Takes it back.
    pub(super) fn take_back(&mut self, connection: Box<dyn Connection>) {
        self.connection = Some(connection);
    }

    /// Whether the tables that remember revisions are there.
    pub(super) async fn is_kept(&mut self) -> Result<bool> {
        Ok(book::is_kept(&self.texts(self.dialect().table_names).await?))
    }

    /// What is known of whoever holds the lock: the last who said that they began, and not that they were done.
    async fn holder(&mut self, waited: Duration) -> String {
        let begun = format!(
            "the database was locked by another program for {:.1} s, and nothing was changed",
            waited.as_secs_f64()
        );
        let cure = "wait for it or end it, then run this again; `--lock-wait` gives it longer";
        match self.last().await {
            Ok(Some(last)) if last.what != "done" && last.what != "failed" => {
                let ago = super::who::now().0.saturating_sub(last.at.0) / 1_000_000;
                format!(
                    "{begun}: {} told of `{}` {ago} s ago ({}) and not of its end; {cure}",
                    last.who, last.what, last.details
                )
            }
            _ => format!("{begun}: a session that writes, or a tool that has it open; {cure}"),
        }
    }

    async fn last(&mut self) -> Result<Option<book::Last>> {
        if !self.is_kept().await? {
            return Ok(None);
        }
        let statement = book::last(self.dialect())?;
        Ok(self.rows(&statement, book::read_last).await?.pop())
    }
}

/// Whether the engine understood a statement and would not run it, or did not understand it; else something is at fault
/// that has nothing to do with it.
pub(super) fn is_refusal(error: &Error) -> bool {
    !matches!(
        error.kind(),
        Kind::Contention { .. }
            | Kind::Locked { .. }
            | Kind::Revision { .. }
            | Kind::Unavailable { .. }
            | Kind::Storage { .. }
            | Kind::UnknownOutcome { .. }
    )
}
