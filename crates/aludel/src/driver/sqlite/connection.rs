//! A connection as it is lent: statements run where they are asked for.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::classify::classify;
use super::engine::Shared;
use super::execute::{Kept, execute};
use super::handover;
use super::pulse::{Pulse, Stop};
use super::slot::{Inner, Slot, Who};
use crate::dialect::SQLITE;
use crate::driver::settings::{Place, Synchronous};
use crate::driver::{Access, Connection, Reply, Request};
use crate::error::{Kind, StorageFault};
use crate::sql::Statement;
use crate::{Error, Result};

/// The right to use one connection until dropped or revoked.
pub(super) struct Lease {
    pub(super) shared: Arc<Shared>,
    pub(super) slot: Arc<Slot>,
    access: Access,
    number: u64,
    /// Statements run on the connection's own thread.
    elsewhere: bool,
    /// A statement was begun whose end nobody has seen: set before every await, cleared after.
    pub(super) unfinished: bool,
}

/// How long a batch runs before others get a turn, however cheap its statements are.
const TURN: Duration = Duration::from_millis(1);
/// Statements of a batch between two looks at the clock.
const LOOK: usize = 16;
/// Units of the task's budget for each slice of work of a slow statement: eight slices are a turn.
const COST: u32 = 16;

impl Lease {
    pub(super) fn new(shared: Arc<Shared>, slot: Arc<Slot>, access: Access) -> Self {
        let mut inner = slot.lock();
        let number = inner.lend();
        inner.who = Who::here();
        drop(inner);
        slot.pulse.renew();
        slot.pulse.limit(access != Access::Alter);
        let elsewhere = shared.settings.place == Place::OwnThread || !handover::may_run_in_place();
        Lease { shared, slot, access, number, elsewhere, unfinished: false }
    }

    /// Runs from `at` on; `None` where the task has to let others run first.
    fn go(&mut self, batch: &mut [Request<'_>], at: &mut usize) -> Option<Result<()>> {
        let mut inner = self.slot.lock();
        if !inner.is_lent_as(self.number) {
            return Some(self.rules().revoked(&inner, batch.iter().map(|request| request.statement)));
        }
        inner.who = Who::here();
        let rules = Rules::new(&self.shared, self.access);
        let _hooks = handover::enter(&self.slot.pulse);
        let inner = &*inner;
        let (first, mut begun, mut kept) = (*at, None, Kept::default());
        while let Some(request) = batch.get_mut(*at) {
            if !spend(1) || (*at > first && (*at - first).is_multiple_of(LOOK) && is_over(&mut begun)) {
                return None;
            }
            if let Err(error) = rules.run(inner, &self.slot.pulse, &mut kept, request) {
                return Some(Err(error));
            }
            spend(self.slot.pulse.ticks().saturating_mul(COST));
            *at += 1;
        }
        Some(Ok(()))
    }

    /// After a statement whose end nobody saw, only a rollback is taken; the statement may still be on its way out.
    fn resume<'a>(&'a mut self, batch: &[Request<'_>]) -> Reply<'a> {
        if !is_rollback(batch.iter().map(|request| request.statement)) {
            let first = "a statement was dropped before its end".to_owned();
            return Reply::Ready(Some(Err(Error::new(Kind::TransactionFailed { first }))));
        }
        let renewal = Renewal { slot: Arc::clone(&self.slot), number: self.number };
        if !self.elsewhere {
            self.unfinished = false;
            return Reply::Ready(Some(renewal.settle()));
        }
        Reply::Wait(Box::pin(async move {
            let (done, seen) = tokio::sync::oneshot::channel();
            self.slot.send(Box::new(move || drop(done.send(renewal.settle()))))?;
            let result = seen.await.unwrap_or_else(|_| Err(super::elsewhere::lost(&[])));
            self.unfinished = false;
            result
        }))
    }
}

/// A lease that goes on after a statement whose end nobody saw.
struct Renewal {
    slot: Arc<Slot>,
    number: u64,
}

impl Renewal {
    fn settle(self) -> Result<()> {
        let mut inner = self.slot.lock();
        if !inner.is_lent_as(self.number) {
            return Ok(());
        }
        inner.clean();
        self.slot.pulse.renew();
        Ok(())
    }
}

/// What holds for every statement of a lease.
pub(super) struct Rules {
    /// A reader among writers: what it may not do is a mistake of the caller, no fault of the file.
    reads: bool,
    /// Nobody writes here: a transaction that means to is one that reads, until it does write and is told so.
    protected: bool,
    /// Commits wait for the disk.
    durable: bool,
    /// How long a write transaction may rest.
    rest: Duration,
}

impl Rules {
    pub(super) fn new(shared: &Shared, access: Access) -> Self {
        Rules {
            reads: access == Access::Read && !shared.settings.read_only,
            protected: shared.settings.read_only,
            durable: shared.settings.synchronous == Synchronous::Full,
            rest: shared.settings.idle_write_timeout,
        }
    }

    /// What a lease answers that no longer holds its connection: why, and to a rollback that it is done.
    #[cold]
    pub(super) fn revoked<'s>(
        &self,
        inner: &Inner,
        batch: impl IntoIterator<Item = &'s Statement, IntoIter: ExactSizeIterator>,
    ) -> Result<()> {
        if inner.sqlite().is_err() {
            return Err(super::lane::closed());
        }
        if is_rollback(batch) {
            return Ok(());
        }
        Err(Error::new(Kind::Timeout {
            message: format!(
                "the write transaction had no statement for {:?} and was rolled back, so that others could write; do slow \
                 work before the first change, or raise `idle_write_timeout`",
                self.rest
            ),
        }))
    }

    pub(super) fn run<'c>(
        &self,
        inner: &'c Inner,
        pulse: &Pulse,
        kept: &mut Kept<'c>,
        request: &mut Request<'_>,
    ) -> Result<()> {
        pulse.begin();
        let sqlite = inner.sqlite()?;
        if self.protected && &*request.statement.text == SQLITE.begin_write {
            return sqlite.execute_batch(SQLITE.begin_read).map_err(classify);
        }
        if self.durable && !sqlite.is_autocommit() && &*request.statement.text == "COMMIT" {
            handover::hand_over();
        }
        let result = execute(sqlite, kept, request, self.reads).map_err(|error| self.explain(error, pulse, request));
        if request.affected > 0 {
            pulse.wrote();
        }
        result
    }

    #[cold]
    fn explain(&self, error: Error, pulse: &Pulse, request: &Request<'_>) -> Error {
        let better = match error.kind() {
            // A statement that was waiting for a lock when it had to stop fails for the lock.
            Kind::Timeout { .. } | Kind::Contention { .. } => pulse.interrupted(),
            Kind::Storage { fault: StorageFault::ReadOnly, .. } if self.reads => Some(Error::usage(
                "this session only reads; take one that writes (`session()`, `WriteDb`) to change rows",
            )),
            _ => None,
        };
        better.map_or(error, |better| better.with_statement(&request.statement.text))
    }
}

fn is_rollback<'s>(batch: impl IntoIterator<Item = &'s Statement, IntoIter: ExactSizeIterator>) -> bool {
    let mut batch = batch.into_iter();
    batch.len() == 1 && batch.all(|statement| statement.text.eq_ignore_ascii_case("ROLLBACK"))
}

/// Takes units of the task's budget, so that a loop of statements that never wait still lets other tasks run.
/// Outside a runtime there is no budget and the answer is yes.
fn spend(units: u32) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..units {
        // Asked first: a refused unit would wake this task's neighbours for nothing.
        if !tokio::task::coop::has_budget_remaining() {
            return false;
        }
        let unit = std::pin::pin!(tokio::task::coop::consume_budget());
        if unit.poll(&mut context) == Poll::Pending {
            return false;
        }
    }
    true
}

fn is_over(begun: &mut Option<Instant>) -> bool {
    let now = Instant::now();
    now.duration_since(*begun.get_or_insert(now)) > TURN
}

impl Connection for Lease {
    fn run<'a>(&'a mut self, batch: &'a mut [Request<'_>]) -> Reply<'a> {
        if self.unfinished {
            return self.resume(batch);
        }
        if self.elsewhere {
            return Reply::Wait(Box::pin(self.run_elsewhere(batch)));
        }
        let mut at = 0;
        if let Some(result) = self.go(batch, &mut at) {
            return Reply::Ready(Some(result));
        }
        Reply::Wait(Box::pin(async move {
            loop {
                self.unfinished = true;
                tokio::task::yield_now().await;
                self.unfinished = false;
                if let Some(result) = self.go(batch, &mut at) {
                    return result;
                }
            }
        }))
    }

    fn in_transaction(&self) -> bool {
        if self.unfinished {
            return false;
        }
        let inner = self.slot.lock();
        inner.is_lent_as(self.number) && inner.in_transaction()
    }
}

impl Lease {
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn rules(&self) -> Rules {
        Rules::new(&self.shared, self.access)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.elsewhere && self.unfinished {
            self.slot.pulse.ask_to_stop(Stop::Abandoned);
        }
        if self.elsewhere && (self.unfinished || self.shared.settings.place == Place::OwnThread) {
            let (shared, slot) = (Arc::clone(&self.shared), Arc::clone(&self.slot));
            let (access, number) = (self.access, self.number);
            if self.slot.send(Box::new(move || end(&shared, &slot, access, number))).is_ok() {
                return;
            }
        }
        end(&self.shared, &self.slot, self.access, self.number);
    }
}

/// Rolls back what is open and gives the connection to the next, unless it has been taken away already.
fn end(shared: &Arc<Shared>, slot: &Arc<Slot>, access: Access, number: u64) {
    let mut inner = slot.lock();
    if !inner.is_lent_as(number) {
        return;
    }
    inner.lend();
    let clean = inner.clean() && (access != Access::Alter || inner.restore());
    drop(inner);
    if clean {
        shared.give_back(access, slot);
    } else {
        shared.lane(access).discard(slot);
    }
}
