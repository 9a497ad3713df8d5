//! The engine's watch: one thread that keeps time for everybody and writes the log back, so that nobody else has to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::engine::Shared;
use super::pulse::Pulse;
use super::slot::Slot;
use crate::Result;
use crate::driver::Access;

/// How often the watch looks about while something goes on.
const ROUND: Duration = Duration::from_millis(200);
/// After so long without writing, the log is written back whatever its size.
const QUIET: Duration = Duration::from_secs(1);

/// The bell and the orders of the watch.
#[derive(Default)]
pub(super) struct Watch {
    orders: Mutex<Orders>,
    bell: Condvar,
    /// Nothing goes on: the next who writes has to ring.
    asleep: AtomicBool,
}

#[derive(Default)]
struct Orders {
    begun: bool,
    ended: bool,
    /// Write connections whose log is to be written back before they are given on.
    checkpoints: Vec<Arc<Slot>>,
    /// When to look about, at the latest.
    next: Option<Instant>,
}

impl Watch {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the watch look about at `moment`, or before.
    pub(super) fn look_at(&self, shared: &Arc<Shared>, moment: Instant) {
        let mut orders = self.orders();
        self.begin(shared, &mut orders);
        if orders.next.is_none_or(|next| moment < next) {
            orders.next = Some(moment);
            drop(orders);
            self.bell.notify_one();
        }
    }

    /// A write connection was lent.
    pub(super) fn notice(&self, shared: &Arc<Shared>) {
        // One relaxed look where the watch is awake, which it stays while there is writing.
        if self.asleep.load(Ordering::Acquire) {
            self.asleep.store(false, Ordering::Release);
            self.look_at(shared, Instant::now() + ROUND);
        }
    }

    /// Hands over a write connection whose log is to be written back; `false` where there is no watch to do it.
    pub(super) fn checkpoint(&self, shared: &Arc<Shared>, slot: &Arc<Slot>) -> bool {
        let mut orders = self.orders();
        if !self.begin(shared, &mut orders) {
            return false;
        }
        orders.checkpoints.push(Arc::clone(slot));
        drop(orders);
        self.bell.notify_one();
        true
    }

    pub(super) fn new() -> Self {
        Watch { asleep: AtomicBool::new(true), ..Watch::default() }
    }

    /// Ends the thread; called when the engine goes away.
    pub(super) fn end(&self) {
        self.orders().ended = true;
        self.bell.notify_one();
    }

    fn begin(&self, shared: &Arc<Shared>, orders: &mut Orders) -> bool {
        if orders.ended {
            return false;
        }
        if !orders.begun {
            let (watch, engine) = (Arc::clone(&shared.watch), Arc::downgrade(shared));
            let thread = thread::Builder::new().name("aludel-watch".to_owned());
            match thread.spawn(move || watch.keep(&engine)) {
                Ok(_) => orders.begun = true,
                Err(error) => tracing::warn!(%error, "no thread for timeouts and checkpoints; they are late"),
            }
        }
        orders.begun
    }

    fn keep(&self, engine: &Weak<Shared>) {
        let mut written = Instant::now();
        loop {
            let checkpoints = {
                let mut orders = self.orders();
                loop {
                    if orders.ended {
                        return;
                    }
                    let now = Instant::now();
                    if !orders.checkpoints.is_empty() || orders.next.is_some_and(|next| next <= now) {
                        break;
                    }
                    orders = match orders.next {
                        Some(next) => {
                            self.bell.wait_timeout(orders, next - now).unwrap_or_else(PoisonError::into_inner).0
                        }
                        None => self.bell.wait(orders).unwrap_or_else(PoisonError::into_inner),
                    };
                }
                orders.next = None;
                std::mem::take(&mut orders.checkpoints)
            };
            // Upgraded for one round only: the engine ends when its last user does.
            let Some(shared) = engine.upgrade() else { return };
            if !checkpoints.is_empty() || shared.writer.is_in_use() {
                written = Instant::now();
            }
            for slot in checkpoints {
                shared.write_back(&slot);
            }
            let next = shared.look_about(Instant::now());
            self.plan(&shared, next, written);
        }
    }

    /// Settles when to look about again; with nothing to wait for, the watch goes to sleep.
    fn plan(&self, shared: &Arc<Shared>, next: Option<Instant>, written: Instant) {
        let now = Instant::now();
        let quiet = now.duration_since(written) >= QUIET;
        let mut orders = self.orders();
        let next = match (next, quiet) {
            (next, false) => Some(next.map_or(now + ROUND, |next| next.min(now + ROUND))),
            (next, true) => {
                drop(orders);
                shared.write_back_quietly();
                self.asleep.store(true, Ordering::Release);
                orders = self.orders();
                // Whoever took the connection before the flag was set did not ring.
                if shared.writer.is_in_use() {
                    self.asleep.store(false, Ordering::Release);
                    Some(now + ROUND)
                } else {
                    next
                }
            }
        };
        if let Some(next) = next {
            orders.next = Some(orders.next.map_or(next, |earlier| earlier.min(next)));
        }
    }
}

impl Shared {
    /// Answers those who wait too long, takes back what is held too long; tells when to look again.
    fn look_about(self: &Arc<Self>, now: Instant) -> Option<Instant> {
        let mut idle = Vec::new();
        for lane in [&self.writer, &self.readers] {
            lane.each_lent(|lent| {
                let runs = lent.slot.pulse.runs();
                if lent.seen.0 != runs {
                    lent.seen = (runs, now);
                } else if lent.access == Access::Write
                    && now.duration_since(lent.seen.1) >= self.settings.idle_write_timeout
                {
                    idle.push(Arc::clone(&lent.slot));
                }
            });
        }
        for slot in idle {
            self.revoke(&slot);
        }
        let timeout = self.settings.acquire_timeout;
        let moments = [self.writer.expire(now, timeout), self.readers.expire(now, timeout), self.closing(now)];
        moments.into_iter().flatten().min()
    }

    /// Rolls back a write transaction that nobody goes on with, and gives the connection to the next.
    fn revoke(self: &Arc<Self>, slot: &Arc<Slot>) {
        let Some(mut inner) = slot.try_lock() else { return };
        if !inner.in_transaction() {
            return;
        }
        tracing::warn!(
            holder = %inner.who, timeout = ?self.settings.idle_write_timeout,
            "a write transaction without a statement for so long was rolled back"
        );
        inner.lend();
        let clean = inner.clean();
        drop(inner);
        if clean { self.writer.release(slot) } else { self.writer.discard(slot) }
    }

    /// Writes the log back while the connection is nobody's, then gives it to the next.
    fn write_back(self: &Arc<Self>, slot: &Arc<Slot>) {
        let inner = slot.lock();
        if let Ok(sqlite) = inner.sqlite() {
            let mode = if slot.pulse.log() >= super::open::RESTART_AT { "RESTART" } else { "PASSIVE" };
            if let Err(error) = checkpoint(sqlite, &slot.pulse, mode) {
                tracing::warn!(%error, "the log could not be written back; it grows until it can");
            }
        }
        drop(inner);
        self.writer.release(slot);
    }

    /// After a while without writing: the log is written back, and emptied where it had grown.
    fn write_back_quietly(self: &Arc<Self>) {
        let Ok(Some(grant)) = self.writer.try_take(Access::Read, Instant::now()) else { return };
        let super::lane::Grant::Slot(slot) = grant else { return self.writer.forfeit() };
        let inner = slot.lock();
        if slot.pulse.log() > 0
            && let Ok(sqlite) = inner.sqlite()
        {
            let mode = if slot.pulse.log() >= super::pulse::CHECKPOINT_AT { "TRUNCATE" } else { "PASSIVE" };
            if checkpoint(sqlite, &slot.pulse, mode).is_ok() {
                slot.pulse.truncated();
            }
        }
        drop(inner);
        self.writer.release(&slot);
    }
}

/// Writes the log back into the file. No waiting for readers beyond a moment: the next attempt finds them gone.
pub(super) fn checkpoint(sqlite: &rusqlite::Connection, pulse: &Pulse, mode: &str) -> Result<()> {
    let patient = Pulse::patient(Duration::from_millis(50));
    let _hooks = super::handover::enter(&patient);
    let done = sqlite.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()));
    pulse.checkpointed();
    done.map_err(super::classify::classify)
}
