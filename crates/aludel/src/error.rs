//! The one error type: opaque, asked by questions, so that a new kind of failure never breaks a caller.

use std::borrow::Cow;
use std::fmt;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed, answered by questions such as [`Error::is_unique_violation`].
///
/// `Display` tells one sentence with what to do next; the source, where there is one, is the driver's own error.
pub struct Error(Box<Inner>);

pub(crate) struct Inner {
    pub(crate) kind: Kind,
    pub(crate) source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// The statement that failed, as text with placeholders: parameters are never kept.
    pub(crate) statement: Option<Box<str>>,
}

/// One problem of one field of what a client sent or a session would write.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field, by its Rust name.
    pub field: Cow<'static, str>,
    /// A word for programs: `unique`, `null`, `missing`, `length`, `check`, `range`, `type`, `unknown` ...
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub message: String,
}

/// How a database refused rows, on every engine alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Unique,
    NotNull,
    /// A row points at a parent that is not there.
    MissingParent,
    /// A parent cannot go or change while children point at it.
    Referenced,
    Check,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// No row with that key, or no row at all where one was asked for.
    NotFound { what: String },
    /// More than one row where at most one was asked for.
    TooMany { what: String },
    /// A row changed or vanished under an UPDATE or DELETE of this session.
    Stale { table: String, key: String, column: Option<String>, ours: Option<String>, theirs: Option<String> },
    /// The database refused rows by a rule of the schema.
    Violation { rule: Rule, constraint: Option<String>, table: Option<String>, fields: Vec<FieldError> },
    /// Values that cannot be stored, found before anything was sent.
    Invalid { fields: Vec<FieldError> },
    /// A lock, a deadlock or a serialisation failure: the same work may succeed when tried again.
    Contention { message: String },
    /// The transaction ended at an earlier failure; `first` tells which.
    TransactionFailed { first: String },
    /// No connection in time, pool closed, server away.
    Unavailable { message: String },
    /// A statement ran longer than allowed, or was interrupted.
    Timeout { message: String },
    /// The file is full, read-only, corrupt, not a database, gone ...
    Storage { fault: StorageFault, message: String },
    /// A URL, path or setting that cannot be used.
    Config { message: String },
    /// The models do not make a schema; every problem is a line.
    Schema { problems: Vec<String> },
    /// A cell does not fit the Rust type that reads it.
    Decode { message: String },
    /// The call cannot work as written; the message says what to write.
    Usage { message: String },
    /// What the database said, unclassified.
    Database { message: String, code: Option<String> },
    /// COMMIT was sent and no answer came back.
    UnknownOutcome { message: String },
    /// An application's own refusal, with the HTTP status it wants.
    Application { status: u16, message: String },
}

/// Faults of the database file and of what it lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorageFault {
    Full,
    ReadOnly,
    Corrupt,
    NotADatabase,
    Vanished,
    Io,
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Error(Box::new(Inner { kind, source: None, statement: None }))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_statement(mut self, text: &str) -> Self {
        if self.0.statement.is_none() {
            self.0.statement = Some(text.into());
        }
        self
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage { message: message.into() })
    }

    pub(crate) fn decode(message: impl Into<String>) -> Self {
        Self::new(Kind::Decode { message: message.into() })
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(Kind::Config { message: message.into() })
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable { message: message.into() })
    }

    /// An application's own refusal: `message` with HTTP status 500.
    pub fn msg(message: impl Into<String>) -> Self {
        Self::refuse(500, message)
    }

    /// An application's own refusal: `message` with the HTTP `status` to answer (409, 422 ...).
    pub fn refuse(status: u16, message: impl Into<String>) -> Self {
        Self::new(Kind::Application { status, message: message.into() })
    }

    /// Whether a unique rule or a primary key refused a row.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self.kind(), Kind::Violation { rule: Rule::Unique, .. })
    }

    /// Whether no row was there where one was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind(), Kind::NotFound { .. })
    }

    /// Whether a row changed or vanished between this session's read and its write.
    pub fn is_stale(&self) -> bool {
        matches!(self.kind(), Kind::Stale { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
