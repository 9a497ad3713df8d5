//! Stands where an engine was not built in.

use super::url::Target;
use super::{Settings, SharedEngine};
use crate::{Error, Result};

/// Says what to write to have the engine.
pub(crate) fn open(_: Target, _: &Settings) -> Result<SharedEngine> {
    Err(Error::config("this program was built without SQLite; add the feature `sqlite` to `aludel` in Cargo.toml"))
}
