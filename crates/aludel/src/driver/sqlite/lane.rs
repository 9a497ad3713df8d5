//! A queue in front of connections of one kind: first come, first served, and no place is ever lost.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::slot::Slot;
use crate::driver::PoolStats;
use crate::{Error, Result};

/// Connections of one kind, at most `limit` of them.
pub(super) struct Lane {
    state: Mutex<State>,
    limit: usize,
}

#[derive(Default)]
struct State {
    idle: Vec<Arc<Slot>>,
    /// Connections that exist or are being opened.
    open: usize,
    waiting: VecDeque<Arc<Waiter>>,
    closed: bool,
}

/// What somebody who asked for a connection gets.
pub(super) enum Grant {
    /// A connection.
    Slot(Arc<Slot>),
    /// The right to open one; it must be settled by [`Lane::release`] or [`Lane::forfeit`].
    Open,
}

#[derive(Default)]
struct Waiter {
    answer: Mutex<Answer>,
}

#[derive(Default)]
struct Answer {
    grant: Option<Result<Grant>>,
    waker: Option<Waker>,
}

impl Waiter {
    fn answer(&self) -> MutexGuard<'_, Answer> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, grant: Result<Grant>) {
        let mut answer = self.answer();
        answer.grant = Some(grant);
        let waker = answer.waker.take();
        drop(answer);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Lane {
    pub(super) fn new(limit: usize) -> Self {
        Lane { state: Mutex::default(), limit }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection at once, where nobody waits before us.
    pub(super) fn try_take(&self) -> Result<Option<Grant>> {
        let mut state = self.state();
        if state.closed {
            return Err(closed());
        }
        if !state.waiting.is_empty() {
            return Ok(None);
        }
        if let Some(slot) = state.idle.pop() {
            return Ok(Some(Grant::Slot(slot)));
        }
        if state.open < self.limit {
            state.open += 1;
            return Ok(Some(Grant::Open));
        }
        Ok(None)
    }

    /// A place in the queue.
    pub(super) fn wait(&self) -> Wait<'_> {
        let waiter = Arc::new(Waiter::default());
        self.state().waiting.push_back(Arc::clone(&waiter));
        // Something may have come back since the queue was looked at.
        self.pump();
        Wait { lane: self, waiter }
    }

    /// Gives a connection back, clean, to the next who waits.
    pub(super) fn release(&self, slot: Arc<Slot>) {
        self.state().idle.push(slot);
        self.pump();
    }

    /// Gives up a connection that cannot be used again, or could not be opened.
    pub(super) fn forfeit(&self) {
        self.state().open -= 1;
        self.pump();
    }

    fn pump(&self) {
        loop {
            let mut state = self.state();
            if state.waiting.is_empty() {
                return;
            }
            let grant = if state.closed {
                Err(closed())
            } else if let Some(slot) = state.idle.pop() {
                Ok(Grant::Slot(slot))
            } else if state.open < self.limit {
                state.open += 1;
                Ok(Grant::Open)
            } else {
                return;
            };
            let next = state.waiting.pop_front();
            drop(state);
            if let Some(next) = next {
                next.settle(grant);
            }
        }
    }

    pub(super) fn stats(&self) -> PoolStats {
        let state = self.state();
        PoolStats { open: state.open, idle: state.idle.len(), waiting: state.waiting.len() }
    }

    /// Refuses new work and hands out what is idle, to be closed.
    pub(super) fn close(&self) -> Vec<Arc<Slot>> {
        let mut state = self.state();
        state.closed = true;
        let idle = std::mem::take(&mut state.idle);
        state.open -= idle.len();
        drop(state);
        self.pump();
        idle
    }
}

fn closed() -> Error {
    Error::unavailable("the database has been closed; nothing may be asked of it after `close`")
}

/// Waits in the queue; dropped at any time, its place or its connection goes to the next.
pub(super) struct Wait<'l> {
    lane: &'l Lane,
    waiter: Arc<Waiter>,
}

impl Future for Wait<'_> {
    type Output = Result<Grant>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Grant>> {
        let mut answer = self.waiter.answer();
        match answer.grant.take() {
            Some(grant) => Poll::Ready(grant),
            None => {
                answer.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.lane.state().waiting.retain(|waiter| !Arc::ptr_eq(waiter, &self.waiter));
        let grant = self.waiter.answer().grant.take();
        match grant {
            Some(Ok(Grant::Slot(slot))) => self.lane.release(slot),
            Some(Ok(Grant::Open)) => self.lane.forfeit(),
            Some(Err(_)) | None => {}
        }
    }
}
