//! What an engine's error means.

use crate::Error;
use crate::error::Kind;

/// The typed error for what the engine answered.
pub(super) fn classify(error: rusqlite::Error) -> Error {
    Error::new(Kind::Database { message: error.to_string(), code: None }).with_source(error)
}
