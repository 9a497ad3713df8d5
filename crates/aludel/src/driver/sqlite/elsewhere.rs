//! Statements on the connection's own thread: for runtimes that have no second thread to hand their tasks to.
//!
//! Statements cross as clones, rows come back in owned chunks. Whether the sink wants more is answered between
//! statements, so that a batch stops at exactly the statement that fails, as it does in place.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::connection::{Lease, Rules};
use super::execute::Kept;
use super::handover;
use super::pulse::Stop;
use super::slot::Slot;
use crate::driver::{Request, Sink};
use crate::error::Kind;
use crate::sql::Statement;
use crate::{Error, Result, Row, Value};

/// Cells in one chunk, at least.
const CHUNK: usize = 1_024;

/// What comes back from the thread.
enum Event {
    /// Rows of the statement at hand.
    Rows { width: usize, cells: Vec<Value> },
    /// It is done and changed so many rows; where it gave rows, the thread waits for a verdict on them.
    Done { affected: u64, rows: bool },
    /// The batch has ended.
    End(Result<()>),
}

impl Lease {
    pub(super) async fn run_elsewhere(&mut self, batch: &mut [Request<'_>]) -> Result<()> {
        let statements: Vec<Statement> = batch.iter().map(|request| request.statement.clone()).collect();
        let (events, mut received) = mpsc::channel(8);
        let (verdicts, answers) = std::sync::mpsc::channel();
        let enough = Arc::new(AtomicBool::new(false));
        let errand = Errand {
            slot: Arc::clone(&self.slot),
            number: self.number(),
            rules: self.rules(),
            who: super::slot::Who::here(),
            events,
            answers,
            enough: Arc::clone(&enough),
        };
        self.unfinished = true;
        self.slot.send(Box::new(move || errand.run(statements)))?;
        let mut waiting = Waiting(&self.slot, true);
        let mut at = 0;
        let mut failed = None;
        while let Some(event) = received.recv().await {
            match event {
                Event::Rows { width, cells } => {
                    if let Some(request) = batch.get_mut(at)
                        && !enough.load(Ordering::Relaxed)
                    {
                        match feed(request.sink, width, &cells) {
                            Ok(ControlFlow::Continue(())) => {}
                            Ok(ControlFlow::Break(())) => enough.store(true, Ordering::Relaxed),
                            Err(error) => {
                                enough.store(true, Ordering::Relaxed);
                                failed = Some(error.with_statement(&request.statement.text));
                            }
                        }
                    }
                }
                Event::Done { affected, rows } => {
                    if let Some(request) = batch.get_mut(at) {
                        request.affected = affected;
                    }
                    at += 1;
                    enough.store(false, Ordering::Relaxed);
                    if rows {
                        let _ = verdicts.send(failed.is_none());
                    }
                }
                Event::End(result) => {
                    waiting.1 = false;
                    self.unfinished = false;
                    return match failed {
                        Some(error) => Err(error),
                        None if at < batch.len() && result.is_ok() => Err(lost(batch)),
                        None => result,
                    };
                }
            }
        }
        Err(lost(batch))
    }
}

/// The thread ended without an answer; a COMMIT may have been done or not.
#[cold]
pub(super) fn lost(batch: &[Request<'_>]) -> Error {
    let message = "the thread of the connection ended in the middle of a statement";
    if batch.iter().any(|request| request.statement.text.eq_ignore_ascii_case("COMMIT")) {
        return Error::new(Kind::UnknownOutcome { message: message.to_owned() });
    }
    Error::unavailable(message)
}

/// Stops the statement on the thread when nobody waits for it any more.
struct Waiting<'l>(&'l Slot, bool);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.1 {
            self.0.pulse.ask_to_stop(Stop::Abandoned);
        }
    }
}

fn feed(sink: &mut dyn Sink, width: usize, cells: &[Value]) -> Result<ControlFlow<()>> {
    for row in cells.chunks(width.max(1)) {
        if sink.row(&row)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// A batch on its way to the thread.
struct Errand {
    slot: Arc<Slot>,
    number: u64,
    rules: Rules,
    who: super::slot::Who,
    events: mpsc::Sender<Event>,
    answers: std::sync::mpsc::Receiver<bool>,
    enough: Arc<AtomicBool>,
}

impl Errand {
    fn run(self, statements: Vec<Statement>) {
        let result = self.each(&statements);
        // Nobody may be waiting any more; then the lease's end is the next job.
        let _ = self.events.blocking_send(Event::End(result));
    }

    fn each(&self, statements: &[Statement]) -> Result<()> {
        let mut inner = self.slot.lock();
        if !inner.is_lent_as(self.number) {
            return self.rules.revoked(&inner, statements);
        }
        inner.who = self.who;
        let _hooks = handover::enter(&self.slot.pulse);
        for (index, statement) in statements.iter().enumerate() {
            let mut forward =
                Forward { events: &self.events, enough: &self.enough, width: 0, cells: Vec::new(), sent: false };
            let mut request = Request::new(statement, &mut forward);
            let result = self.rules.run(&inner, &self.slot.pulse, &mut Kept::default(), &mut request);
            let affected = request.affected;
            let rows = forward.flush();
            result?;
            if self.events.blocking_send(Event::Done { affected, rows }).is_err() {
                return Ok(());
            }
            // Rows may have been refused on the other side: then the next statement must not run.
            if rows && index + 1 < statements.len() && !self.answers.recv().unwrap_or(false) {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Sends rows to the other side, in chunks.
struct Forward<'e> {
    events: &'e mpsc::Sender<Event>,
    enough: &'e AtomicBool,
    width: usize,
    cells: Vec<Value>,
    sent: bool,
}

impl Forward<'_> {
    /// Sends what is left; tells whether there were rows at all.
    fn flush(&mut self) -> bool {
        if !self.cells.is_empty() {
            self.sent = true;
            let cells = std::mem::take(&mut self.cells);
            let _ = self.events.blocking_send(Event::Rows { width: self.width, cells });
        }
        self.sent
    }
}

impl Sink for Forward<'_> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.width = row.width();
        for index in 0..self.width {
            self.cells.push(Value::from(row.cell(index)?));
        }
        if self.cells.len() >= CHUNK {
            self.flush();
            if self.enough.load(Ordering::Relaxed) || self.events.is_closed() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
