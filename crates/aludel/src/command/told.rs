//! How a command ends: with an answer, or with what keeps it from one.

use serde::Serialize;

use super::json;
use crate::Error;
use crate::error::Kind;

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
    /// The same, where it is the file that is at fault with its name.
    pub(super) fn about(self, database: &str) -> Self {
        match self {
            Stop::Failed(error) if !error.to_string().contains(database) => match error.kind() {
                Kind::Storage { fault, message } => {
                    let named = Error::storage(*fault, format!("{database}: {message}"));
                    Stop::Failed(named.with_source(error))
                }
                _ => Stop::Failed(error),
            },
            other => other,
        }
    }

    pub(super) fn code(&self) -> u8 {
        match self {
            Stop::Misused(_) => 2,
            Stop::Failed(error) if error.is_usage() => 2,
            Stop::Failed(error) if error.is_locked() || error.code() == "contention" => 4,
            Stop::Failed(_) => 1,
            Stop::Asks(..) => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_code() {
        let contention = || Error::new(Kind::Contention { message: "the database is locked".into() });
        for (stop, code) in [
            (Stop::Misused(String::new()), 2),
            (Stop::Asks(String::new(), String::new()), 3),
            (Stop::Failed(Error::usage("there is no such revision")), 2),
            (Stop::Failed(Error::locked("another program was not done in time")), 4),
            (Stop::Failed(contention()), 4),
            (Stop::Failed(Error::config("the folder cannot be read")), 1),
            (Stop::Failed(Error::revision("a function is missing")), 1),
        ] {
            let told = match &stop {
                Stop::Failed(error) => error.to_string(),
                _ => String::new(),
            };
            assert_eq!(stop.code(), code, "{told}");
        }
    }
}
