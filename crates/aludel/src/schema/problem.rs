//! What is wrong with a schema, where it was written, and what to write instead.

use std::borrow::Cow;
use std::fmt;

use crate::Error;
use crate::error::Kind;

/// The model a table or column came from. All origins are equal, so that schemas compare by what they mean.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The model's name; empty where there is none.
    pub model: Cow<'static, str>,
    /// The source file.
    pub file: Cow<'static, str>,
    /// The line in it.
    pub line: u32,
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

/// `User (src/models.rs:12)`
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.model, self.file, self.line)
    }
}

/// One problem of a schema or of an operation on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The model and line it is about; no model where the schema did not come from models.
    pub origin: Origin,
    /// What is wrong, and why it matters where that is not plain.
    pub what: String,
    /// What to write.
    pub help: String,
}

impl Problem {
    pub(crate) fn new(origin: &Origin, what: impl Into<String>, help: impl Into<String>) -> Self {
        Problem { origin: origin.clone(), what: what.into(), help: help.into() }
    }

    /// A problem that is about no model.
    pub(crate) fn plain(what: impl Into<String>, help: impl Into<String>) -> Self {
        Problem::new(&Origin::default(), what, help)
    }
}

/// One line: where, what is wrong, and what to write.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.origin.model.is_empty() {
            write!(f, "{}: ", self.origin)?;
        }
        f.write_str(&self.what)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Self {
        Error::new(Kind::Schema { problems: problems.iter().map(ToString::to_string).collect() })
    }
}
