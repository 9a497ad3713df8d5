//! A queue in front of connections of one kind: first come, first served, and no place is ever lost.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::slot::{Slot, Who};
use crate::driver::{Access, PoolStats};
use crate::{Error, Result};

/// Connections of one kind, at most `limit` of them.
pub(super) struct Lane {
    state: Mutex<State>,
    limit: usize,
    /// What its connections are for, in words.
    purpose: &'static str,
}

#[derive(Default)]
struct State {
    idle: Vec<Arc<Slot>>,
    lent: Vec<Lent>,
    /// Connections that exist or are being opened.
    open: usize,
    waiting: VecDeque<Arc<Waiter>>,
    closed: bool,
    /// Who waits for the last connection to come back.
    closers: Vec<Waker>,
}

/// A connection in use.
pub(super) struct Lent {
    pub(super) slot: Arc<Slot>,
    pub(super) access: Access,
    since: Instant,
    /// Statements begun and the moment, when the watch last saw a change.
    pub(super) seen: (u64, Instant),
}

/// What somebody who asked for a connection gets.
pub(super) enum Grant {
    /// A connection.
    Slot(Arc<Slot>),
    /// The right to open one; it must be settled by [`Lane::adopt`] or [`Lane::forfeit`].
    Open,
}

pub(super) struct Waiter {
    who: Who,
    since: Instant,
    deadline: Instant,
    access: Access,
    answer: Mutex<Answer>,
}

#[derive(Default)]
struct Answer {
    grant: Option<Result<Grant>>,
    waker: Option<Waker>,
    /// Nobody will take a grant any more.
    gone: bool,
}

/// How long a holder may do nothing before a waiter of the same task is told that it waits for itself. Within that time a
/// sibling future of the task, polled between, would have gone on.
const SELF_WAIT: Duration = Duration::from_millis(150);

impl Waiter {
    fn answer(&self) -> MutexGuard<'_, Answer> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers whoever waits; a grant comes back where nobody waits any more, so that it goes to the next.
    #[must_use = "a grant that comes back has to be given on"]
    fn settle(&self, grant: Result<Grant>) -> Option<Grant> {
        let mut answer = self.answer();
        if answer.gone {
            return grant.ok();
        }
        answer.grant = Some(grant);
        let waker = answer.waker.take();
        drop(answer);
        if let Some(waker) = waker {
            waker.wake();
        }
        None
    }
}

impl State {
    fn lend(&mut self, slot: &Arc<Slot>, access: Access, now: Instant) {
        self.lent.push(Lent { slot: Arc::clone(slot), access, since: now, seen: (slot.pulse.runs(), now) });
    }

    /// A connection less; after the lane was emptied there is none to count.
    fn give_up_place(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    fn take_back(&mut self, slot: &Arc<Slot>) {
        if let Some(at) = self.lent.iter().position(|lent| Arc::ptr_eq(&lent.slot, slot)) {
            self.lent.swap_remove(at);
        }
        if self.closed {
            self.closers.drain(..).for_each(Waker::wake);
        }
    }
}

impl Lane {
    pub(super) fn new(limit: usize, purpose: &'static str) -> Self {
        Lane { state: Mutex::default(), limit, purpose }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection at once, where nobody waits before us.
    pub(super) fn try_take(&self, access: Access, now: Instant) -> Result<Option<Grant>> {
        let mut state = self.state();
        if state.closed {
            return Err(closed());
        }
        if !state.waiting.is_empty() {
            return Ok(None);
        }
        if let Some(slot) = state.idle.pop() {
            state.lend(&slot, access, now);
            return Ok(Some(Grant::Slot(slot)));
        }
        if state.open < self.limit {
            state.open += 1;
            return Ok(Some(Grant::Open));
        }
        Ok(None)
    }

    /// A place in the queue; the watch must look at it at the returned moment.
    pub(super) fn wait(&self, access: Access, timeout: Duration) -> (Wait<'_>, Instant) {
        let since = Instant::now();
        let deadline = since + timeout;
        let waiter = Arc::new(Waiter { who: Who::here(), since, deadline, access, answer: Mutex::default() });
        self.state().waiting.push_back(Arc::clone(&waiter));
        // Something may have come back since the queue was looked at.
        self.pump();
        (Wait { lane: self, waiter }, deadline.min(since + SELF_WAIT))
    }

    /// A connection that was opened on a grant is lent to the opener.
    pub(super) fn adopt(&self, slot: &Arc<Slot>, access: Access) {
        self.state().lend(slot, access, Instant::now());
    }

    /// Gives a connection back, clean, to the next who waits.
    pub(super) fn release(&self, slot: &Arc<Slot>) {
        let mut state = self.state();
        state.take_back(slot);
        state.idle.push(Arc::clone(slot));
        if !state.waiting.is_empty() {
            drop(state);
            self.pump();
        }
    }

    /// Throws a connection away that cannot be used again.
    pub(super) fn discard(&self, slot: &Arc<Slot>) {
        self.state().take_back(slot);
        self.forfeit();
    }

    /// Gives up the right to open a connection.
    pub(super) fn forfeit(&self) {
        self.state().give_up_place();
        self.pump();
    }

    fn pump(&self) {
        loop {
            let mut state = self.state();
            let Some(next) = state.waiting.front().cloned() else { return };
            let grant = if state.closed {
                Err(closed())
            } else if let Some(slot) = state.idle.pop() {
                state.lend(&slot, next.access, Instant::now());
                Ok(Grant::Slot(slot))
            } else if state.open < self.limit {
                state.open += 1;
                Ok(Grant::Open)
            } else {
                return;
            };
            state.waiting.pop_front();
            drop(state);
            // Whoever waited may have left between the queue and its answer.
            match next.settle(grant) {
                Some(Grant::Slot(slot)) => {
                    let mut state = self.state();
                    state.take_back(&slot);
                    state.idle.push(slot);
                }
                Some(Grant::Open) => self.state().give_up_place(),
                None => {}
            }
        }
    }

    pub(super) fn stats(&self) -> PoolStats {
        let state = self.state();
        PoolStats { open: state.open, idle: state.idle.len(), waiting: state.waiting.len() }
    }

    pub(super) fn is_in_use(&self) -> bool {
        !self.state().lent.is_empty()
    }

    /// Looks at everything lent.
    pub(super) fn each_lent(&self, look: impl FnMut(&mut Lent)) {
        self.state().lent.iter_mut().for_each(look);
    }

    /// Answers those who have waited too long, or wait for themselves; tells when to look again.
    pub(super) fn expire(&self, now: Instant, timeout: Duration) -> Option<Instant> {
        let mut state = self.state();
        let mut settled = Vec::new();
        let mut next: Option<Instant> = None;
        let waiting = std::mem::take(&mut state.waiting);
        for waiter in waiting {
            let error =
                if now >= waiter.deadline { Some(self.late(&state, timeout)) } else { self.own(&state, &waiter, now) };
            match error {
                Some(error) => settled.push((waiter, error)),
                None => {
                    let look = if now < waiter.since + SELF_WAIT {
                        waiter.since + SELF_WAIT
                    } else {
                        waiter.deadline.min(now + SELF_WAIT)
                    };
                    next = Some(next.map_or(look, |next| next.min(look)));
                    state.waiting.push_back(waiter);
                }
            }
        }
        drop(state);
        for (waiter, error) in settled {
            // An error is nobody's to give on.
            let _ = waiter.settle(Err(error));
        }
        next
    }

    #[cold]
    fn late(&self, state: &State, timeout: Duration) -> Error {
        let (open, idle, waiting) = (state.open, state.idle.len(), state.waiting.len() + 1);
        let longest = state.lent.iter().min_by_key(|lent| lent.since).map_or_else(String::new, |lent| {
            let who =
                lent.slot.try_lock().map_or_else(|| "a running statement".to_owned(), |inner| inner.who.to_string());
            format!("; the one held longest is with {who} for {:.1} s", lent.since.elapsed().as_secs_f64())
        });
        Error::unavailable(format!(
            "no connection {} was free within {timeout:?}: {open} open, {idle} idle, {waiting} waiting{longest}. End sessions \
             before slow work, or raise `acquire_timeout`",
            self.purpose
        ))
    }

    /// Whether every connection is held by the very task that waits, and none of them does anything.
    fn own(&self, state: &State, waiter: &Waiter, now: Instant) -> Option<Error> {
        let own = !state.lent.is_empty()
            && state.open == state.lent.len()
            && state.lent.iter().all(|lent| {
                let (runs, since) = lent.seen;
                let quiet = lent.slot.pulse.runs() == runs && now >= since.max(waiter.since) + SELF_WAIT;
                quiet && lent.slot.try_lock().is_some_and(|inner| inner.who == waiter.who)
            });
        own.then(|| {
            Error::usage(format!(
                "this task ({}) already holds the connection {} that it waits for; end the first session (commit, roll back \
                 or drop it) before asking for another, or do both pieces of work in one session",
                waiter.who, self.purpose
            ))
        })
    }

    /// Refuses new work and everybody who waits.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.pump();
    }

    /// Whether all connections are back, so that they can be closed; else `waker` is woken when one comes back.
    pub(super) fn is_drained(&self, waker: &Waker) -> bool {
        let mut state = self.state();
        let drained = state.lent.is_empty();
        if !drained && !state.closers.iter().any(|closer| closer.will_wake(waker)) {
            state.closers.push(waker.clone());
        }
        drained
    }

    /// Wakes those who wait for the connections to come back.
    pub(super) fn hurry(&self) {
        self.state().closers.drain(..).for_each(Waker::wake);
    }

    /// Takes all connections out, lent or not.
    pub(super) fn empty(&self) -> Vec<Arc<Slot>> {
        let mut state = self.state();
        state.open = 0;
        let lent: Vec<Arc<Slot>> = state.lent.drain(..).map(|lent| lent.slot).collect();
        let mut slots = std::mem::take(&mut state.idle);
        slots.extend(lent);
        slots
    }
}

pub(super) fn closed() -> Error {
    Error::closed("the database has been closed; nothing may be asked of it after `close`")
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
        let mut answer = self.waiter.answer();
        answer.gone = true;
        let grant = answer.grant.take();
        drop(answer);
        match grant {
            Some(Ok(Grant::Slot(slot))) => self.lane.release(&slot),
            Some(Ok(Grant::Open)) => self.lane.forfeit(),
            Some(Err(_)) | None => {}
        }
    }
}
