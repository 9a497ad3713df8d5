//! One connection to the file, and who may use it just now.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A connection that is lent, given back, and sometimes taken away.
pub(super) struct Slot {
    inner: Mutex<Inner>,
}

/// What may only be touched under the slot's lock.
pub(super) struct Inner {
    pub(super) sqlite: rusqlite::Connection,
    /// The number of the lease that may use it; a lease with another number has been revoked.
    pub(super) lease: u64,
}

impl Slot {
    pub(super) fn new(sqlite: rusqlite::Connection) -> Arc<Self> {
        Arc::new(Slot { inner: Mutex::new(Inner { sqlite, lease: 0 }) })
    }

    /// A panic inside a sink poisons the lock, not the connection: its statement was reset while unwinding.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Begins a new lease and ends every earlier one.
    pub(super) fn lend(&mut self) -> u64 {
        self.lease += 1;
        self.lease
    }

    pub(super) fn in_transaction(&self) -> bool {
        !self.sqlite.is_autocommit()
    }

    /// Ends what is open; `false` where the connection must be thrown away.
    pub(super) fn clean(&mut self) -> bool {
        if self.in_transaction() {
            // A failing ROLLBACK after an automatic one is harmless: what counts is the state afterwards.
            let _ = self.sqlite.execute_batch("ROLLBACK");
        }
        !self.in_transaction()
    }
}
