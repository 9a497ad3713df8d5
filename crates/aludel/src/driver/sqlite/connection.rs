//! A connection as it is lent: statements run where they are asked for.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::engine::Shared;
use super::execute::execute;
use super::slot::Slot;
use crate::driver::{Access, Connection, Reply, Request};
use crate::{Error, Result};

/// The right to use one connection until dropped or revoked.
pub(super) struct Lease {
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    access: Access,
    number: u64,
}

impl Lease {
    pub(super) fn new(shared: Arc<Shared>, slot: Arc<Slot>, access: Access) -> Self {
        let number = slot.lock().lend();
        Lease { shared, slot, access, number }
    }

    /// Runs from `at` on; `None` where the task has to let others run first.
    fn go(&mut self, batch: &mut [Request<'_>], at: &mut usize) -> Option<Result<()>> {
        let inner = self.slot.lock();
        if inner.lease != self.number {
            return Some(Err(Error::unavailable("this connection was taken back")));
        }
        while let Some(request) = batch.get_mut(*at) {
            if !may_go_on() {
                return None;
            }
            if let Err(error) = execute(&inner.sqlite, request) {
                return Some(Err(error));
            }
            *at += 1;
        }
        Some(Ok(()))
    }
}

/// Takes one unit of the task's budget, so that a loop of statements that never wait still lets other tasks run.
/// Outside a runtime there is no budget and the answer is yes.
fn may_go_on() -> bool {
    if !tokio::task::coop::has_budget_remaining() {
        return false;
    }
    let taken = std::pin::pin!(tokio::task::coop::consume_budget());
    taken.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
}

impl Connection for Lease {
    fn run<'a>(&'a mut self, batch: &'a mut [Request<'_>]) -> Reply<'a> {
        let mut at = 0;
        if let Some(result) = self.go(batch, &mut at) {
            return Reply::Ready(Some(result));
        }
        Reply::Wait(Box::pin(async move {
            loop {
                tokio::task::coop::consume_budget().await;
                if let Some(result) = self.go(batch, &mut at) {
                    return result;
                }
            }
        }))
    }

    fn in_transaction(&self) -> bool {
        let inner = self.slot.lock();
        inner.lease == self.number && inner.in_transaction()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let lane = self.shared.lane(self.access);
        let mut inner = self.slot.lock();
        if inner.lease != self.number {
            return;
        }
        inner.lend();
        let clean = inner.clean();
        drop(inner);
        if clean {
            lane.release(Arc::clone(&self.slot));
        } else {
            lane.forfeit();
        }
    }
}
