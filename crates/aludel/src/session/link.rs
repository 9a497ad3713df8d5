//! A session's end of the wire: one connection, one transaction, and what is queued before the next statement.

use std::sync::Arc;
use std::time::Instant;

use crate::database::Shared;
use crate::dialect::Dialect;
use crate::driver::{Access, Connection, Discard, Request};
use crate::error::Kind;
use crate::sql::Statement;
use crate::{Error, Result};

/// The connection of a session with the state of its transaction.
pub(crate) struct Link {
    pub(crate) shared: Arc<Shared>,
    pub(super) access: Access,
    connection: Option<Box<dyn Connection>>,
    open: bool,
    /// Whether anything was sent that may have written.
    pub(super) wrote: bool,
    /// The failure after which no statement runs, and how many savepoints were open then.
    failed: Option<(String, usize)>,
    /// A batch was sent and its answer not awaited to the end.
    in_flight: bool,
    /// Open savepoints, innermost last; true once SAVEPOINT has been sent.
    savepoints: Vec<bool>,
    /// Sent before the next statement.
    queue: Vec<Statement>,
    statements: u64,
    /// The connection and its transaction are somebody else's, who ends them.
    guest: bool,
}

impl Link {
    pub(crate) fn new(shared: Arc<Shared>, access: Access) -> Self {
        Link {
            shared,
            access,
            connection: None,
            open: false,
            wrote: false,
            failed: None,
            in_flight: false,
            savepoints: Vec::new(),
            queue: Vec::new(),
            statements: 0,
            guest: false,
        }
    }

    /// Works in the transaction that is open on `connection`, whose end is not the session's to say.
    pub(crate) fn guest(shared: Arc<Shared>, connection: Box<dyn Connection>) -> Self {
        let open = connection.in_transaction();
        Link { connection: Some(connection), open, wrote: true, guest: true, ..Link::new(shared, Access::Write) }
    }

    /// Sends what is queued and hands the connection back, its transaction still open.
    pub(crate) async fn leave(&mut self) -> Result<Box<dyn Connection>> {
        self.ready()?;
        let queue = std::mem::take(&mut self.queue);
        if let (Some(connection), false) = (&mut self.connection, queue.is_empty()) {
            self.in_flight = true;
            run_after(&mut **connection, &queue, &mut []).await?;
            self.in_flight = false;
        }
        match self.connection.take() {
            Some(connection) if self.guest && self.depth() == 0 => Ok(connection),
            _ => Err(Error::usage(
                "the session that was lent has been exchanged for another, or left with a savepoint open",
            )),
        }
    }

    /// Refuses what would end a transaction that is somebody else's.
    pub(crate) fn own(&self) -> Result<()> {
        if !self.guest {
            return Ok(());
        }
        Err(Error::usage(
            "this session works in the transaction of its revision, which commits when all of the revision is done: return \
             `Ok` to keep the work, an error to undo the revision, or open a savepoint to undo a part",
        ))
    }

    /// How many savepoints are open.
    pub(crate) fn depth(&self) -> usize {
        self.savepoints.len()
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed.is_some() || self.in_flight
    }

    pub(crate) fn statements(&self) -> u64 {
        self.statements
    }

    /// Refuses where an earlier failure ended the transaction.
    pub(crate) fn ready(&mut self) -> Result<()> {
        if self.in_flight {
            self.in_flight = false;
            self.lose("a statement was dropped before its answer came");
        }
        match &self.failed {
            Some((first, _)) => Err(Error::new(Kind::TransactionFailed { first: first.clone() })),
            None => Ok(()),
        }
    }

    /// Runs a batch within the transaction, beginning it where needed: in one flight where the engine can.
    pub(crate) async fn run(&mut self, requests: &mut [Request<'_>]) -> Result<()> {
        self.ready()?;
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => self.connection.insert(self.shared.engine.acquire(self.access).await?),
        };
        self.statements += requests.len() as u64;
        let started = self.shared.watches().then(Instant::now);
        if !self.open
            && self.savepoints.is_empty()
            && self.queue.is_empty()
            && let [request] = &mut *requests
        {
            self.in_flight = true;
            let result = run_first(&mut **connection, &self.shared.begin(self.access), request).await;
            self.in_flight = false;
            self.open = connection.in_transaction();
            self.shared.record(requests, started, &result);
            return result.map_err(|error| self.shared.explain(error));
        }
        let mut first = Vec::new();
        if !self.open {
            first.push(self.shared.begin(self.access));
        }
        for (depth, sent) in self.savepoints.iter_mut().enumerate() {
            if !std::mem::replace(sent, true) {
                first.push(Statement::plain(self.shared.engine.dialect().savepoint(level(depth))));
            }
        }
        if !self.queue.is_empty() {
            let at = usize::from(!self.open);
            first.splice(at..at, self.queue.drain(..));
        }
        self.in_flight = true;
        let result = if first.is_empty() {
            connection.run(requests).await
        } else {
            run_after(&mut **connection, &first, requests).await
        };
        self.in_flight = false;
        let was_open = std::mem::replace(&mut self.open, connection.in_transaction());
        self.shared.record(requests, started, &result);
        let result = result.map_err(|error| self.shared.explain(error));
        if !self.open {
            self.savepoints.fill(false);
        }
        // Whatever it ended with: a transaction that is gone must not be taken for one that had nothing to commit.
        match &result {
            Err(error) if was_open && !self.open => self.lose(&error.to_string()),
            Ok(()) if !self.open => {
                let error =
                    Error::usage("a statement ended the transaction: call `commit()` or `rollback()` of the session");
                self.lose(&error.to_string());
                return Err(error);
            }
            _ => {}
        }
        result
    }

    /// Runs a batch that writes.
    pub(crate) async fn write(&mut self, requests: &mut [Request<'_>]) -> Result<()> {
        self.writable()?;
        self.wrote = true;
        self.run(requests).await
    }

    /// Notes that what comes may write, where the session may.
    pub(crate) fn may_write(&mut self) {
        self.wrote |= self.access != Access::Read;
    }

    /// Refuses where the session only reads.
    pub(crate) fn writable(&self) -> Result<()> {
        match self.access {
            Access::Write | Access::Alter => Ok(()),
            Access::Read => Err(Error::usage(
                "this session only reads: take `Database::session()` instead of `Database::read()`, or `WriteDb` in a \
                 handler of a GET request",
            )),
        }
    }

    /// A statement failed: the transaction is over, or the innermost savepoint is.
    pub(crate) fn fail(&mut self, error: &Error) {
        if self.failed.is_some() || !error.ends_transaction() {
            return;
        }
        let depth = if self.open { self.savepoints.iter().rposition(|&sent| sent).map_or(0, |at| at + 1) } else { 0 };
        self.failed = Some((error.to_string(), depth));
        if depth == 0 {
            // Nothing can be saved: the connection goes back at once, and a waiting writer may begin.
            self.drop_connection();
        }
    }

    /// The transaction is over, whatever savepoints are open.
    fn lose(&mut self, why: &str) {
        let first = self.failed.take().map_or_else(|| why.to_owned(), |(first, _)| first);
        self.failed = Some((first, 0));
        self.drop_connection();
    }

    pub(super) fn drop_connection(&mut self) {
        self.connection = None;
        self.open = false;
        self.queue.clear();
    }

    /// Ends the transaction by COMMIT and gives the connection back.
    pub(crate) async fn commit(&mut self) -> Result<()> {
        self.ready()?;
        let result = match &mut self.connection {
            Some(connection) if self.open => {
                let mut commit = std::mem::take(&mut self.queue);
                commit.push(Statement::plain(Dialect::COMMIT));
                self.in_flight = true;
                let result = run_after(&mut **connection, &commit, &mut []).await;
                self.in_flight = false;
                result.map_err(|error| self.shared.explain(error))
            }
            _ => Ok(()),
        };
        self.reset();
        result
    }

    /// Ends the transaction without keeping anything, whatever state it is in.
    pub(crate) async fn rollback(&mut self) -> Result<()> {
        let result = match &mut self.connection {
            Some(connection) if self.open && !self.in_flight => {
                let rollback = [Statement::plain(Dialect::ROLLBACK)];
                self.in_flight = true;
                run_after(&mut **connection, &rollback, &mut []).await
            }
            // A connection that is dropped rolls back by itself.
            _ => Ok(()),
        };
        self.reset();
        result
    }

    /// Gives the connection back, clean, and forgets the transaction.
    pub(crate) fn reset(&mut self) {
        self.drop_connection();
        self.wrote = false;
        self.failed = None;
        self.in_flight = false;
        self.savepoints.clear();
    }

    /// Opens a savepoint: sent before the next statement, or never.
    pub(crate) fn open_savepoint(&mut self) {
        self.savepoints.push(false);
    }

    /// Closes the innermost savepoint, keeping its work.
    pub(crate) fn release_savepoint(&mut self) {
        if self.savepoints.pop() == Some(true) && self.open {
            let text = self.shared.engine.dialect().release(level(self.savepoints.len()));
            self.queue.push(Statement::plain(text));
        }
    }

    /// Closes the innermost savepoint, undoing its work: queued, since a guard's drop cannot wait.
    pub(crate) fn undo_savepoint(&mut self) {
        if self.in_flight {
            self.in_flight = false;
            self.lose("a statement was dropped before its answer came");
        }
        let sent = self.savepoints.pop();
        let depth = self.savepoints.len();
        if sent == Some(true) && self.open {
            let dialect = self.shared.engine.dialect();
            self.queue.push(Statement::plain(dialect.rollback_to(level(depth))));
            self.queue.push(Statement::plain(dialect.release(level(depth))));
        }
        if self.failed.as_ref().is_some_and(|(_, at)| *at > depth) {
            self.failed = None;
        }
    }
}

/// Savepoints are numbered by how many are around them.
fn level(depth: usize) -> u32 {
    u32::try_from(depth).unwrap_or(u32::MAX)
}

/// Begins with one statement, as most sessions do: without an allocation.
async fn run_first(connection: &mut dyn Connection, begin: &Statement, request: &mut Request<'_>) -> Result<()> {
    let mut discard = Discard;
    let mut batch = [Request::new(begin, &mut discard), Request::new(request.statement, &mut *request.sink)];
    let result = connection.run(&mut batch).await;
    let [_, Request { affected, .. }] = batch;
    request.affected = affected;
    result
}

/// Runs `first` and then `requests` as one batch.
async fn run_after(connection: &mut dyn Connection, first: &[Statement], requests: &mut [Request<'_>]) -> Result<()> {
    let mut discards: Vec<Discard> = first.iter().map(|_| Discard).collect();
    let mut batch: Vec<Request<'_>> = Vec::with_capacity(first.len() + requests.len());
    batch.extend(first.iter().zip(&mut discards).map(|(statement, sink)| Request::new(statement, sink)));
    batch.extend(requests.iter_mut().map(|request| Request::new(request.statement, &mut *request.sink)));
    let result = connection.run(&mut batch).await;
    let affected: Vec<u64> = batch[first.len()..].iter().map(|request| request.affected).collect();
    drop(batch);
    for (request, affected) in requests.iter_mut().zip(affected) {
        request.affected = affected;
    }
    result
}
