//! How a command ends: with an answer, or with what keeps it from one.

use serde::Serialize;

use super::json;
use crate::Error;

/// An answer.
pub(super) struct Told {
    /// For people.
    pub(super) text: String,
    /// For programs.
    pub(super) json: String,
    /// 0, or 1 where the answer is that something differs.
    pub(super) code: u8,
}

impl Told {
    pub(super) fn new(text: impl Into<String>, data: &impl Serialize) -> Self {
        Told { text: text.into(), json: json::of(data), code: 0 }
    }
}

/// What keeps a command from its answer.
pub(super) enum Stop {
    /// It was not understood: 2.
    Misused(String),
    /// It failed: 1; or 4 where another process holds the database.
    Failed(Error),
    /// Somebody has to answer first: 3. For people, and for programs.
    Asks(String, String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Failed(error)
    }
}

impl Stop {
    pub(super) fn code(&self) -> u8 {
        match self {
            Stop::Misused(_) => 2,
            Stop::Failed(error) if error.is_usage() => 2,
            Stop::Failed(error) if error.code() == "contention" => 4,
            Stop::Failed(_) => 1,
            Stop::Asks(..) => 3,
        }
    }
}
