//! Which file is open: a path may come to mean another one.

use std::fs::Metadata;
use std::path::Path;

use crate::driver::url::Target;
use crate::error::StorageFault;
use crate::{Error, Result};

#[cfg(unix)]
#[path = "file/unix.rs"]
mod number;
#[cfg(not(unix))]
#[path = "file/other.rs"]
mod number;

/// The file behind a path when the database was opened; nothing for a database in memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity(Option<(u64, u64)>);

impl Identity {
    pub(super) fn of(target: &Target) -> Result<Self> {
        match target {
            Target::Memory => Ok(Identity(None)),
            Target::File(path) => Ok(Identity(Some(number::of(&look(path)?)))),
        }
    }

    /// Whether the path still means the file that is open. Only the folder is asked: opening and closing the file here
    /// would drop the engine's locks on it.
    ///
    /// # Errors
    /// Vanished, where the file is gone or another lies in its place.
    pub(super) fn check(&self, target: &Target) -> Result<()> {
        let Target::File(path) = target else { return Ok(()) };
        if self.0 == Some(number::of(&look(path)?)) {
            return Ok(());
        }
        Err(Error::storage(
            StorageFault::Vanished,
            format!(
                "{} was replaced by another file while it was open; open the database again to use the new one",
                path.display()
            ),
        ))
    }
}

fn look(path: &Path) -> Result<Metadata> {
    std::fs::metadata(path).map_err(|error| {
        let message = format!("{} vanished while it was open; put it back, or open the database again", path.display());
        Error::storage(StorageFault::Vanished, message).with_source(error)
    })
}
