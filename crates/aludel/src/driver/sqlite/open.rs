//! Opens connections, settles what every one of them must have, and says what is wrong with the file.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::classify::classify;
use crate::driver::settings::{Settings, Synchronous};
use crate::driver::url::Target;
use crate::error::{Kind, StorageFault};
use crate::{Error, Result};

/// Pages in the log from which writing it back waits a moment for readers, so that it can begin anew.
pub(super) const RESTART_AT: u32 = 1_400;
/// Pages in the log from which a commit writes it back itself: 7 MB, where nobody else got to do it.
const INLINE_AT: &str = "1700";

/// The connection that writes, or the only one of a database in memory.
pub(super) fn writer(target: &Target, settings: &Settings) -> Result<rusqlite::Connection> {
    match target {
        Target::Memory => {
            let sqlite = rusqlite::Connection::open_in_memory().map_err(classify)?;
            settle(&sqlite, settings)?;
            Ok(sqlite)
        }
        Target::File(path) => file(path, settings).map_err(|error| at(error, path)),
    }
}

/// A connection to the file at `path` that cannot write.
pub(super) fn reader(path: &Path, settings: &Settings) -> Result<rusqlite::Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match settings.read_only {
        true => looking(path, flags, settings),
        false => closed_to_writing(path, flags, settings),
    };
    opened.map_err(|error| at(error, path))
}

fn closed_to_writing(path: &Path, flags: OpenFlags, settings: &Settings) -> Result<rusqlite::Connection> {
    let sqlite = rusqlite::Connection::open_with_flags(path, flags).map_err(classify)?;
    settle(&sqlite, settings)?;
    sqlite.pragma_update(None, "query_only", true).map_err(classify)?;
    Ok(sqlite)
}

/// A connection that nobody writes with. The engine wants to make its log beside the file even to read it; in a folder
/// where it may not, it takes the file as one that stays as it is. Nobody changes it then: whoever did would have the log
/// there.
fn looking(path: &Path, flags: OpenFlags, settings: &Settings) -> Result<rusqlite::Connection> {
    let look = |path: &Path, flags: OpenFlags| -> Result<rusqlite::Connection> {
        let sqlite = closed_to_writing(path, flags, settings)?;
        first_look(&sqlite)?;
        Ok(sqlite)
    };
    let error = match look(path, flags) {
        Err(error) if error.is_storage() && !error.is_corrupt() && !log_of(path).exists() => error,
        done => return done,
    };
    let Some(still) = unchanging(path) else { return Err(error) };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    look(Path::new(&still), flags).map_err(|_| error)
}

/// The log of the file at `path`.
fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// The URL by which the engine takes the file at `path` as one that nobody changes.
fn unchanging(path: &Path) -> Option<String> {
    let path = path.to_str()?;
    let mut url = String::from(if cfg!(windows) { "file:/" } else { "file:" });
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => url.push('/'),
            b'/' | b'.' | b'-' | b'_' => url.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => url.push(byte.into()),
            byte => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(url + "?immutable=1")
}

/// The first look inside: here a file shows that is something else.
fn first_look(sqlite: &rusqlite::Connection) -> Result<()> {
    sqlite.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(classify)
}

fn file(path: &Path, settings: &Settings) -> Result<rusqlite::Connection> {
    inspect(path, settings)?;
    // Also where nothing is written: a connection that may write takes its log away when it closes, one that may not
    // leaves an empty one behind. A file that is protected opens all the same.
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
    if settings.create && !settings.read_only {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    if settings.read_only {
        return looking(path, flags, settings);
    }
    let sqlite = rusqlite::Connection::open_with_flags(path, flags).map_err(classify)?;
    settle(&sqlite, settings)?;
    log_ahead(&sqlite, path)?;
    first_look(&sqlite)?;
    Ok(sqlite)
}

/// Readers and a writer at the same time need the log; the file remembers it.
fn log_ahead(sqlite: &rusqlite::Connection, path: &Path) -> Result<()> {
    let mode: String =
        sqlite.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(classify)?;
    if mode.eq_ignore_ascii_case("wal") {
        // The log's file is cut when the log begins anew, so that its length tells how much is in it.
        let settings = format!("PRAGMA journal_size_limit = 0; PRAGMA wal_autocheckpoint = {INLINE_AT}");
        return sqlite.execute_batch(&settings).map_err(classify);
    }
    Err(Error::storage(
        StorageFault::Io,
        format!(
            "{} cannot be used by readers and a writer at once (its journal mode stays `{mode}`); put it on a local disk \
             that allows shared memory",
            path.display()
        ),
    ))
}

/// What can be said of a path before the engine sees it. The file itself is not opened: closing it again would drop
/// locks that the engine holds on it in this process.
fn inspect(path: &Path, settings: &Settings) -> Result<()> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(Error::config(format!(
            "{shown} is a folder; give the path of the database file in it, such as {}",
            path.join("data.db").display()
        ))),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if settings.read_only || !settings.create {
                let cure = match settings.read_only {
                    true => "make it first (`db ensure`)",
                    false => "make it first (`db ensure`), or leave `mode` away so that it is made",
                };
                return Err(Error::config(format!("{shown} does not exist and may not be made; {cure}")));
            }
            let Some(parent) = path.parent() else { return Ok(()) };
            fs::create_dir_all(parent).map_err(|error| {
                let message = format!("the folder {} of the database cannot be made: {error}", parent.display());
                Error::storage(StorageFault::Io, message).with_source(error)
            })
        }
        Err(error) => {
            let message = format!("{shown} cannot be reached: {error}");
            Err(Error::storage(StorageFault::Io, message).with_source(error))
        }
    }
}

/// Names the file in what is wrong with it.
fn at(error: Error, path: &Path) -> Error {
    let (fault, message) = match error.kind() {
        Kind::Storage { fault, message } => (*fault, message.clone()),
        _ => return error,
    };
    let shown = path.display().to_string();
    if message.contains(&shown) {
        return error;
    }
    Error::storage(fault, format!("{shown}: {message}")).with_source(error)
}

fn settle(sqlite: &rusqlite::Connection, settings: &Settings) -> Result<()> {
    sqlite.set_prepared_statement_cache_capacity(settings.statement_cache);
    sqlite.busy_timeout(settings.busy_timeout).map_err(classify)?;
    let synchronous = match settings.synchronous {
        Synchronous::Off => "OFF",
        Synchronous::Normal => "NORMAL",
        Synchronous::Full => "FULL",
    };
    let pragmas = [("synchronous", synchronous), ("temp_store", "MEMORY"), ("cache_size", "-8192"), ("mmap_size", "0")];
    for (name, value) in pragmas {
        sqlite.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(classify)?;
    }
    restore(sqlite)?;
    // A misspelt column in double quotes is an error, not a text.
    for config in [DbConfig::SQLITE_DBCONFIG_DQS_DML, DbConfig::SQLITE_DBCONFIG_DQS_DDL] {
        sqlite.set_db_config(config, false).map_err(classify)?;
    }
    Ok(())
}

/// What a change of tables may have to switch, and how it stands otherwise.
const RULES: [(&str, bool); 5] = [
    ("foreign_keys", true),
    ("legacy_alter_table", false),
    ("ignore_check_constraints", false),
    ("recursive_triggers", false),
    ("writable_schema", false),
];

/// Has the connection enforce what every connection enforces. There must be no transaction: within one, foreign keys stay
/// as they are.
pub(super) fn restore(sqlite: &rusqlite::Connection) -> Result<()> {
    for (name, on) in RULES {
        sqlite.pragma_update(None, name, on).map_err(classify)?;
        let is: bool = sqlite.pragma_query_value(None, name, |row| row.get(0)).map_err(classify)?;
        if is != on {
            return Err(Error::storage(StorageFault::Io, format!("the engine does not set `PRAGMA {name}` to {on}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_path_is_a_url_letter_by_letter() {
        for (path, url) in [
            ("/a/b.db", "file:/a/b.db?immutable=1"),
            ("my blog?#%.db", "file:my%20blog%3F%23%25.db?immutable=1"),
            ("bücher.db", "file:b%C3%BCcher.db?immutable=1"),
        ] {
            assert_eq!(unchanging(Path::new(path)).unwrap(), url);
        }
    }
}
