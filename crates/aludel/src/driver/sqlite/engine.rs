//! The engine: two queues of connections over one file.

use std::future::poll_fn;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use super::connection::Lease;
use super::file::Identity;
use super::handover;
use super::lane::{Grant, Lane};
use super::open::{reader, writer};
use super::pulse::Stop;
use super::slot::Slot;
use super::watch::Watch;
use crate::Result;
use crate::dialect::Dialect;
use crate::driver::settings::Settings;
use crate::driver::url::Target;
use crate::driver::{Access, BoxFuture, Connection, Done, Engine, PoolStats, Running, SharedEngine, Sink};
use crate::sql::Statement;

/// Opens the database at `target`: one connection at once, so that what is wrong shows here.
pub(crate) fn open(target: Target, settings: &Settings) -> Result<SharedEngine> {
    let first = Slot::new(writer(&target, settings)?, settings)?;
    let shared = Arc::new(Shared {
        writer: Lane::new(1, "that writes"),
        readers: Lane::new(settings.readers.max(1), "that reads"),
        watch: Arc::new(Watch::new()),
        settings: settings.clone(),
        identity: Identity::of(&target)?,
        log: log_of(&target),
        target,
        begun: Instant::now(),
        looked: AtomicU64::new(0),
        closing: AtomicBool::new(false),
        deadline: Mutex::new(None),
    });
    if let Some(Grant::Open) = shared.writer.try_take(Access::Write, Instant::now())? {
        shared.writer.release(&first);
    }
    Ok(Arc::new(Sqlite { shared }))
}

/// What the engine, its leases and its watch have in common.
pub(super) struct Shared {
    pub(super) writer: Lane,
    pub(super) readers: Lane,
    pub(super) watch: Arc<Watch>,
    pub(super) settings: Settings,
    target: Target,
    identity: Identity,
    /// The log's path.
    log: Option<PathBuf>,
    begun: Instant,
    /// When the file was last looked at, in milliseconds since `begun`.
    looked: AtomicU64,
    closing: AtomicBool,
    /// Until when `close` waits for what is under way.
    deadline: Mutex<Option<Instant>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.watch.end();
    }
}

/// A page of the usual size and its header, in the log.
const LOG_PAGE: u64 = 4_120;

fn log_of(target: &Target) -> Option<PathBuf> {
    let Target::File(path) = target else { return None };
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    Some(log.into())
}

/// How often the file is looked at while connections are asked for.
const LOOK: u64 = 50;

impl Shared {
    /// Readers and writers of a database in memory share its one connection, and so do all where nothing is written.
    pub(super) fn lane(&self, access: Access) -> &Lane {
        match (access, &self.target) {
            (Access::Read, Target::File(_)) => &self.readers,
            _ => &self.writer,
        }
    }

    /// Gives a clean connection to the next, by way of the watch where the log has grown: the commit that made it grow
    /// has been answered, and those who wait for the connection wait without holding a thread.
    pub(super) fn give_back(self: &Arc<Self>, access: Access, slot: &Arc<Slot>) {
        if access != Access::Read && slot.pulse.take_wrote() {
            slot.pulse.grew(self.log_pages());
        }
        let grown = access != Access::Read && slot.pulse.wants_checkpoint();
        if !(grown && self.watch.checkpoint(self, slot)) {
            self.lane(access).release(slot);
        }
    }

    /// Pages in the log. Its file has no more than that: `journal_size_limit` cuts it when it begins anew.
    fn log_pages(&self) -> u32 {
        let length = self.log.as_ref().and_then(|log| std::fs::metadata(log).ok()).map_or(0, |found| found.len());
        u32::try_from(length / LOG_PAGE).unwrap_or(u32::MAX)
    }

    fn is_in_memory(&self) -> bool {
        self.target == Target::Memory
    }

    fn connect(&self, access: Access) -> Result<Arc<Slot>> {
        let sqlite = match (access, &self.target) {
            (Access::Read, Target::File(path)) => reader(path, &self.settings)?,
            (_, target) => writer(target, &self.settings)?,
        };
        Slot::new(sqlite, &self.settings)
    }

    /// Whether the file at the path is still the one that is open; looked up at most every 50 ms.
    fn check_file(&self, now: Instant) -> Result<()> {
        let now = u64::try_from(now.duration_since(self.begun).as_millis()).unwrap_or(u64::MAX);
        let last = self.looked.load(Ordering::Relaxed);
        if now < last.saturating_add(LOOK) {
            return Ok(());
        }
        self.identity.check(&self.target)?;
        self.looked.store(now, Ordering::Relaxed);
        Ok(())
    }

    pub(super) async fn lend(self: &Arc<Self>, access: Access) -> Result<Lease> {
        let now = Instant::now();
        self.check_file(now)?;
        let lane = self.lane(access);
        let grant = match lane.try_take(access, now)? {
            Some(grant) => grant,
            None => {
                let (wait, look) = lane.wait(access, self.settings.acquire_timeout);
                self.watch.look_at(self, look);
                wait.await?
            }
        };
        let slot = match grant {
            Grant::Slot(slot) => slot,
            Grant::Open => match self.connect(access) {
                Ok(slot) => {
                    lane.adopt(&slot, access);
                    slot
                }
                Err(error) => {
                    lane.forfeit();
                    return Err(error);
                }
            },
        };
        if access != Access::Read {
            self.watch.notice(self);
        }
        Ok(Lease::new(Arc::clone(self), slot, access))
    }

    /// How long `close` goes on waiting; past it, what runs is interrupted and those who wait look again.
    pub(super) fn closing(&self, now: Instant) -> Option<Instant> {
        if !self.closing.load(Ordering::Acquire) {
            return None;
        }
        let deadline = (*self.deadline.lock().unwrap_or_else(PoisonError::into_inner))?;
        if now < deadline {
            return Some(deadline);
        }
        for lane in [&self.writer, &self.readers] {
            lane.each_lent(|lent| lent.slot.pulse.ask_to_stop(Stop::Closing));
            lane.hurry();
        }
        // A statement inside a commit cannot be interrupted; look again until it is through.
        Some(now + Duration::from_millis(20))
    }

    async fn close(self: &Arc<Self>) {
        let deadline = Instant::now() + self.settings.acquire_timeout;
        if !self.closing.swap(true, Ordering::AcqRel) {
            *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Some(deadline);
        }
        self.writer.close();
        self.readers.close();
        self.watch.look_at(self, deadline);
        poll_fn(|context| {
            let drained = self.readers.is_drained(context.waker()) & self.writer.is_drained(context.waker());
            if drained || (Instant::now() >= deadline && self.all_idle()) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        handover::hand_over();
        let readers: Vec<_> = self.readers.empty().iter().filter_map(|slot| slot.lock().take()).collect();
        drop(readers);
        for slot in self.writer.empty() {
            let Some(sqlite) = slot.lock().take() else { continue };
            if !sqlite.is_autocommit() {
                let _ = sqlite.execute_batch("ROLLBACK");
            }
            if !self.settings.read_only
                && let Err(error) = super::watch::checkpoint(&sqlite, &slot.pulse, "TRUNCATE")
            {
                tracing::warn!(%error, "the log could not be written back at the end; the next opening does it");
            }
            if let Err((_, error)) = sqlite.close() {
                tracing::warn!(%error, "a connection did not close");
            }
        }
        self.watch.end();
    }

    /// Whether no statement runs on any connection that is still lent.
    fn all_idle(&self) -> bool {
        let mut idle = true;
        for lane in [&self.writer, &self.readers] {
            lane.each_lent(|lent| idle &= lent.slot.try_lock().is_some());
        }
        idle
    }
}

/// One database.
struct Sqlite {
    shared: Arc<Shared>,
}

impl Engine for Sqlite {
    fn dialect(&self) -> &'static Dialect {
        &crate::dialect::SQLITE
    }

    fn acquire(&self, access: Access) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async move { Ok(Box::new(self.shared.lend(access).await?) as Box<dyn Connection>) })
    }

    fn stats(&self) -> PoolStats {
        let (writer, readers) = (self.shared.writer.stats(), self.shared.readers.stats());
        PoolStats {
            open: writer.open + readers.open,
            idle: writer.idle + readers.idle,
            waiting: writer.waiting + readers.waiting,
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.shared.close())
    }

    fn stream(&self, statement: Statement, sink: Box<dyn Sink>, done: Done) -> BoxFuture<'_, Result<Running>> {
        Box::pin(async move { self.shared.lend(Access::Read).await?.stream(statement, sink, done) })
    }

    /// In memory nobody else gets the connection before the last row is out, so no consumer may hold it up.
    fn stream_depth(&self) -> usize {
        if self.shared.is_in_memory() { tokio::sync::Semaphore::MAX_PERMITS } else { 4 }
    }
}
