//! What can be said of a database, and done to it, without opening it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::SharedEngine;
use super::settings::Settings;
use super::url::{self, Target};
use crate::dialect::{Dialect, SQLITE};
use crate::error::StorageFault;
use crate::{Error, Result};

/// The engine of the database that `target` names.
///
/// # Errors
/// A configuration error where `target` cannot be understood, or names an engine that there is no driver for.
pub fn engine_of(target: &str) -> Result<&'static Dialect> {
    url::parse(target, &mut Settings::default()).map(|_| &SQLITE)
}

/// An empty database of this engine in memory, to try things out on; `None` where the engine has nothing of the kind.
///
/// # Errors
/// As [`open`](super::open).
pub fn scratch(engine: &Dialect) -> Result<Option<SharedEngine>> {
    if engine.name != SQLITE.name {
        return Ok(None);
    }
    super::sqlite::open(Target::Memory, &Settings::default()).map(Some)
}

/// Whether there is anything to open at `target`. A database in memory is not there before it is opened.
///
/// # Errors
/// A configuration error where `target` cannot be understood; a storage error where the place cannot be looked at.
pub fn exists(target: &str) -> Result<bool> {
    match url::parse(target, &mut Settings::default())? {
        Target::Memory => Ok(false),
        Target::File(path) => path.try_exists().map_err(|error| failed(&path, "cannot be reached", error)),
    }
}

/// Removes the database at `target` with everything that belongs to it; false where there is none. Nobody may use it.
///
/// # Errors
/// A configuration error where `target` cannot be understood or is a folder; a storage error where a file stays.
pub fn remove(target: &str) -> Result<bool> {
    let Target::File(path) = url::parse(target, &mut Settings::default())? else { return Ok(false) };
    if path.is_dir() {
        return Err(Error::config(format!("{} is a folder and no database", path.display())));
    }
    // The file itself goes last: a log that outlived it would be taken for that of the next file of its name.
    for end in ["-wal", "-shm", "-journal"] {
        delete(&beside(&path, end))?;
    }
    delete(&path)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn delete(path: &Path) -> Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(path, "cannot be removed", error)),
    }
}

fn failed(path: &Path, what: &str, error: std::io::Error) -> Error {
    Error::storage(StorageFault::Io, format!("{} {what}: {error}", path.display())).with_source(error)
}
