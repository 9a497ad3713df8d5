//! The engine: two queues of connections over one file.

use std::sync::Arc;

use super::connection::Lease;
use super::lane::{Grant, Lane};
use super::open::{reader, writer};
use super::slot::Slot;
use crate::Result;
use crate::dialect::Dialect;
use crate::driver::settings::Settings;
use crate::driver::url::Target;
use crate::driver::{Access, BoxFuture, Connection, Engine, PoolStats, SharedEngine};

/// Opens the database at `target`: one connection at once, so that what is wrong shows here.
pub(crate) fn open(target: Target, settings: &Settings) -> Result<SharedEngine> {
    let first = Slot::new(writer(&target, settings)?);
    let shared = Shared {
        writer: Lane::new(1),
        readers: Lane::new(settings.readers.max(1)),
        settings: settings.clone(),
        target,
    };
    match shared.writer.try_take()? {
        Some(Grant::Open) => shared.writer.release(first),
        Some(Grant::Slot(_)) | None => {}
    }
    Ok(Arc::new(Sqlite { shared: Arc::new(shared) }))
}

/// What the engine and its leases have in common.
pub(super) struct Shared {
    pub(super) writer: Lane,
    pub(super) readers: Lane,
    pub(super) settings: Settings,
    pub(super) target: Target,
}

impl Shared {
    /// Readers and writers of a database in memory share its one connection.
    pub(super) fn lane(&self, access: Access) -> &Lane {
        match (access, &self.target) {
            (Access::Read, Target::File(_)) => &self.readers,
            _ => &self.writer,
        }
    }

    fn connect(&self, access: Access) -> Result<Arc<Slot>> {
        let sqlite = match access {
            Access::Read => reader(&self.target, &self.settings)?,
            Access::Write => writer(&self.target, &self.settings)?,
        };
        Ok(Slot::new(sqlite))
    }
}

/// One database.
struct Sqlite {
    shared: Arc<Shared>,
}

impl Sqlite {
    async fn lend(&self, access: Access) -> Result<Box<dyn Connection>> {
        let lane = self.shared.lane(access);
        let grant = match lane.try_take()? {
            Some(grant) => grant,
            None => lane.wait().await?,
        };
        let slot = match grant {
            Grant::Slot(slot) => slot,
            Grant::Open => match self.shared.connect(access) {
                Ok(slot) => slot,
                Err(error) => {
                    lane.forfeit();
                    return Err(error);
                }
            },
        };
        Ok(Box::new(Lease::new(Arc::clone(&self.shared), slot, access)))
    }
}

impl Engine for Sqlite {
    fn dialect(&self) -> &'static Dialect {
        &crate::dialect::SQLITE
    }

    fn acquire(&self, access: Access) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(self.lend(access))
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
        Box::pin(async {
            drop(self.shared.readers.close());
            drop(self.shared.writer.close());
        })
    }
}
