//! One connection to the file, and who may use it just now.

use std::fmt;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{self, ThreadId};

use super::handover;
use super::pulse::Pulse;
use crate::driver::settings::Settings;
use crate::{Error, Result};

/// A connection that is lent, given back, and sometimes taken away.
pub(super) struct Slot {
    inner: Mutex<Inner>,
    pub(super) pulse: Arc<Pulse>,
    thread: Mutex<Option<Sender<Job>>>,
}

/// Work for the connection's own thread.
pub(super) type Job = Box<dyn FnOnce() + Send>;

/// What may only be touched under the slot's lock.
pub(super) struct Inner {
    /// Gone once the engine has been closed.
    sqlite: Option<rusqlite::Connection>,
    /// The number of the lease that may use it; a lease with another number has been revoked.
    lease: u64,
    /// Who used it last.
    pub(super) who: Who,
}

/// Who uses a connection: a task, or a thread outside any task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Task(tokio::task::Id),
    Thread(ThreadId),
}

impl Who {
    pub(super) fn here() -> Self {
        match tokio::task::try_id() {
            Some(id) => Who::Task(id),
            None => Who::Thread(thread::current().id()),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Task(id) => write!(f, "task {id}"),
            Who::Thread(_) => f.write_str("a thread outside any task"),
        }
    }
}

impl Slot {
    pub(super) fn new(mut sqlite: rusqlite::Connection, settings: &Settings) -> Result<Arc<Self>> {
        let pulse = Pulse::new(settings);
        handover::install(&mut sqlite, &pulse)?;
        let inner = Inner { sqlite: Some(sqlite), lease: 0, who: Who::here() };
        Ok(Arc::new(Slot { inner: Mutex::new(inner), pulse, thread: Mutex::default() }))
    }

    /// A panic inside a sink poisons the lock, not the connection: its statement was reset while unwinding.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` while a statement runs.
    pub(super) fn try_lock(&self) -> Option<MutexGuard<'_, Inner>> {
        match self.inner.try_lock() {
            Ok(inner) => Some(inner),
            Err(TryLockError::Poisoned(inner)) => Some(inner.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Does `job` on the connection's own thread, after the jobs before it. The thread ends with the slot.
    ///
    /// # Errors
    /// Unavailable, with the job undone, where the system gives no more threads.
    pub(super) fn send(&self, job: Job) -> Result<()> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match &mut *thread {
            Some(sender) => sender,
            empty => {
                let (sender, jobs) = channel::<Job>();
                thread::Builder::new()
                    .name("aludel-sqlite".to_owned())
                    .spawn(move || {
                        for job in jobs {
                            // A panic of a job is seen by whoever waits for its answer; the next job is another's.
                            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
                        }
                    })
                    .map_err(|error| {
                        Error::unavailable("the system gives this process no thread for a connection")
                            .with_source(error)
                    })?;
                empty.insert(sender)
            }
        };
        sender.send(job).map_err(|_| Error::unavailable("the thread of the connection has ended"))
    }
}

impl Inner {
    /// The connection.
    ///
    /// # Errors
    /// Unavailable once the engine has been closed.
    pub(super) fn sqlite(&self) -> Result<&rusqlite::Connection> {
        self.sqlite.as_ref().ok_or_else(super::lane::closed)
    }

    /// Begins a new lease and ends every earlier one.
    pub(super) fn lend(&mut self) -> u64 {
        self.lease += 1;
        self.lease
    }

    pub(super) fn is_lent_as(&self, number: u64) -> bool {
        self.lease == number
    }

    pub(super) fn in_transaction(&self) -> bool {
        self.sqlite.as_ref().is_some_and(|sqlite| !sqlite.is_autocommit())
    }

    /// Ends what is open; `false` where the connection must be thrown away.
    pub(super) fn clean(&mut self) -> bool {
        if self.in_transaction()
            && let Some(sqlite) = &self.sqlite
        {
            // A failing ROLLBACK after an automatic one is harmless: what counts is the state afterwards.
            // Every session that only reads ends here, so the text is kept prepared.
            let _ = sqlite.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute(()));
        }
        self.sqlite.is_some() && !self.in_transaction()
    }

    /// Puts back settings that a lease may have changed; `false` where the connection must be thrown away.
    pub(super) fn restore(&self) -> bool {
        self.sqlite.as_ref().is_some_and(|sqlite| match super::open::restore(sqlite) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "the settings of a connection could not be put back; it is thrown away");
                false
            }
        })
    }

    /// Takes the connection out, to be closed.
    pub(super) fn take(&mut self) -> Option<rusqlite::Connection> {
        self.lease += 1;
        self.sqlite.take()
    }
}
