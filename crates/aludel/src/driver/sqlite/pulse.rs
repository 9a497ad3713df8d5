//! What a running statement and the rest of the engine tell each other without a lock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::Error;
use crate::driver::settings::Settings;
use crate::error::Kind;

/// Why a statement is to stop, or was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Stop {
    /// The engine is closing.
    Closing = 1,
    /// Whoever asked is gone.
    Abandoned = 2,
    /// It ran for longer than allowed.
    Timeout = 3,
}

/// One connection's state, as its hooks and the watch see it.
#[derive(Debug)]
pub(super) struct Pulse {
    pub(super) number: u64,
    runs: AtomicU64,
    ticks: AtomicU32,
    stop: AtomicU8,
    stopped: AtomicU8,
    wrote: AtomicBool,
    log: AtomicU32,
    checkpoint_at: AtomicU32,
    pub(super) busy_timeout: Duration,
    statement_timeout: Option<Duration>,
    /// Whether `statement_timeout` holds for whoever has the connection now.
    limited: AtomicBool,
}

static NUMBERED: Mutex<BTreeMap<u64, Weak<Pulse>>> = Mutex::new(BTreeMap::new());

fn numbered() -> MutexGuard<'static, BTreeMap<u64, Weak<Pulse>>> {
    NUMBERED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Pulse {
    fn drop(&mut self) {
        numbered().remove(&self.number);
    }
}

/// Pages in the log at which it is first written back: 3 MB of the usual pages.
pub(super) const CHECKPOINT_AT: u32 = 800;
/// Pages of growth before the next attempt, where readers kept the last one from finishing.
const CHECKPOINT_STEP: u32 = 200;

impl Pulse {
    pub(super) fn new(settings: &Settings) -> Arc<Self> {
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let pulse = Arc::new(Pulse {
            number,
            runs: AtomicU64::new(0),
            ticks: AtomicU32::new(0),
            stop: AtomicU8::new(0),
            stopped: AtomicU8::new(0),
            wrote: AtomicBool::new(false),
            log: AtomicU32::new(0),
            checkpoint_at: AtomicU32::new(CHECKPOINT_AT),
            busy_timeout: settings.busy_timeout,
            statement_timeout: settings.statement_timeout,
            limited: AtomicBool::new(true),
        });
        numbered().insert(number, Arc::downgrade(&pulse));
        pulse
    }

    /// The pulse with this number, while it lives.
    pub(super) fn numbered(number: u64) -> Option<Arc<Self>> {
        numbered().get(&number).and_then(Weak::upgrade)
    }

    /// For work of the engine itself, that waits for locks no longer than `limit`.
    pub(super) fn patient(limit: Duration) -> Arc<Self> {
        let settings = Settings { busy_timeout: limit, ..Settings::default() };
        Pulse::new(&settings)
    }

    /// A statement begins. Only the holder of the connection counts, so no atomic addition is needed.
    pub(super) fn begin(&self) {
        self.runs.store(self.runs.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        self.ticks.store(0, Ordering::Relaxed);
        self.stopped.store(0, Ordering::Relaxed);
    }

    /// How many statements have begun.
    pub(super) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The running statement has done another slice of work.
    pub(super) fn tick(&self) {
        self.ticks.store(self.ticks.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
    }

    /// Slices of work that the last statement took.
    pub(super) fn ticks(&self) -> u32 {
        self.ticks.load(Ordering::Relaxed)
    }

    pub(super) fn ask_to_stop(&self, why: Stop) {
        self.stop.store(why as u8, Ordering::Release);
    }

    /// A new lease, or the end of a broken transaction: nothing is asked of it yet.
    pub(super) fn renew(&self) {
        self.stop.store(0, Ordering::Release);
        self.stopped.store(0, Ordering::Relaxed);
    }

    /// Whether statements of the lease that begins may run for `statement_timeout` only.
    pub(super) fn limit(&self, limited: bool) {
        self.limited.store(limited, Ordering::Relaxed);
    }

    /// How long a statement may run or wait for a lock.
    pub(super) fn longest(&self) -> Option<Duration> {
        self.statement_timeout.filter(|_| self.limited.load(Ordering::Relaxed))
    }

    /// Whether the running statement is to stop; remembers why.
    pub(super) fn must_stop(&self) -> bool {
        let why = self.stop.load(Ordering::Acquire);
        if why != 0 {
            self.stopped.store(why, Ordering::Relaxed);
        }
        why != 0
    }

    pub(super) fn timed_out(&self) {
        self.stopped.store(Stop::Timeout as u8, Ordering::Relaxed);
    }

    /// What to say of a statement that was interrupted.
    pub(super) fn interrupted(&self) -> Option<Error> {
        let message = match self.stopped.swap(0, Ordering::Relaxed) {
            1 => "the statement was interrupted because the database is being closed".to_owned(),
            2 => "the statement was interrupted because nobody waits for it any more".to_owned(),
            3 => {
                let limit = self.statement_timeout.unwrap_or_default();
                format!(
                    "the statement ran for longer than `statement_timeout` ({limit:?}) and was interrupted; give it an index, \
                     ask for less, or raise the limit"
                )
            }
            _ => return None,
        };
        Some(Error::new(Kind::Timeout { message }))
    }

    /// A statement changed rows.
    pub(super) fn wrote(&self) {
        self.wrote.store(true, Ordering::Relaxed);
    }

    /// Whether rows were changed since this was last asked.
    pub(super) fn take_wrote(&self) -> bool {
        self.wrote.load(Ordering::Relaxed) && self.wrote.swap(false, Ordering::Relaxed)
    }

    /// Commits left the log with so many pages.
    pub(super) fn grew(&self, pages: u32) {
        if pages < self.log.swap(pages, Ordering::Relaxed) {
            self.checkpoint_at.store(CHECKPOINT_AT, Ordering::Relaxed);
        }
    }

    /// Pages in the log when it was last looked at.
    pub(super) fn log(&self) -> u32 {
        self.log.load(Ordering::Relaxed)
    }

    pub(super) fn wants_checkpoint(&self) -> bool {
        self.log() >= self.checkpoint_at.load(Ordering::Relaxed)
    }

    /// A checkpoint was tried; the next one waits until the log has grown, unless it begins anew before.
    pub(super) fn checkpointed(&self) {
        self.checkpoint_at.store(CHECKPOINT_AT.max(self.log() + CHECKPOINT_STEP), Ordering::Relaxed);
    }

    /// The log was written back and emptied.
    pub(super) fn truncated(&self) {
        self.log.store(0, Ordering::Relaxed);
        self.checkpoint_at.store(CHECKPOINT_AT, Ordering::Relaxed);
    }
}
