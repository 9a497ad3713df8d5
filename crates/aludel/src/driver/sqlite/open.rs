//! Opens connections and settles what every one of them must have.

use rusqlite::OpenFlags;

use super::classify::classify;
use crate::Result;
use crate::driver::settings::{Settings, Synchronous};
use crate::driver::url::Target;

/// The connection that writes, or the only one of a database in memory.
pub(super) fn writer(target: &Target, settings: &Settings) -> Result<rusqlite::Connection> {
    let sqlite = match target {
        Target::Memory => rusqlite::Connection::open_in_memory().map_err(classify)?,
        Target::File(path) => {
            let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            if settings.create {
                flags |= OpenFlags::SQLITE_OPEN_CREATE;
            }
            rusqlite::Connection::open_with_flags(path, flags).map_err(classify)?
        }
    };
    settle(&sqlite, settings)?;
    if matches!(target, Target::File(_)) {
        sqlite.pragma_update(None, "journal_mode", "WAL").map_err(classify)?;
    }
    Ok(sqlite)
}

/// A connection that cannot write.
pub(super) fn reader(target: &Target, settings: &Settings) -> Result<rusqlite::Connection> {
    let sqlite = match target {
        Target::Memory => rusqlite::Connection::open_in_memory().map_err(classify)?,
        Target::File(path) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            rusqlite::Connection::open_with_flags(path, flags).map_err(classify)?
        }
    };
    settle(&sqlite, settings)?;
    sqlite.pragma_update(None, "query_only", true).map_err(classify)?;
    Ok(sqlite)
}

fn settle(sqlite: &rusqlite::Connection, settings: &Settings) -> Result<()> {
    sqlite.set_prepared_statement_cache_capacity(settings.statement_cache);
    sqlite.busy_timeout(settings.busy_timeout).map_err(classify)?;
    let synchronous = match settings.synchronous {
        Synchronous::Off => "OFF",
        Synchronous::Normal => "NORMAL",
        Synchronous::Full => "FULL",
    };
    sqlite.pragma_update(None, "foreign_keys", true).map_err(classify)?;
    sqlite.pragma_update(None, "synchronous", synchronous).map_err(classify)?;
    Ok(())
}
