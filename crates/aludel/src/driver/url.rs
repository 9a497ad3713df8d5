//! What a database is called: URLs and paths.

use std::path::PathBuf;

use crate::Result;

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nowhere: it lives as long as its one connection.
    Memory,
    /// In a file.
    File(PathBuf),
}

/// Reads `target` as a URL or a bare path.
pub(crate) fn parse(target: &str) -> Result<Target> {
    let path = target.strip_prefix("sqlite:").unwrap_or(target);
    if path == ":memory:" {
        return Ok(Target::Memory);
    }
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.strip_prefix("/./").unwrap_or(path);
    Ok(Target::File(std::path::absolute(path).map_err(|error| crate::Error::config(error.to_string()))?))
}
