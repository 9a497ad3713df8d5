//! The one error type: opaque, asked by questions, so that a new kind of failure never breaks a caller.

mod display;

use std::borrow::Cow;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed, answered by questions such as [`Error::is_unique_violation`].
///
/// `Display` tells what happened and what to do next; `Debug` adds the statement's text. Neither shows a parameter of a
/// statement or a password; of rows that are missing or stale they name the key, and of a stale one the column that
/// changed with both its values. The source, where there is one, is the driver's own error.
///
/// ```
/// # fn handle(error: aludel::Error) -> String {
/// if error.is_unique_violation() {
///     return error.fields().iter().map(|field| format!("{} is taken; ", field.field)).collect();
/// }
/// format!("{} {}", error.status(), error)
/// # }
/// # assert_eq!(handle(aludel::Error::msg("no")), "500 no");
/// ```
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
#[allow(dead_code, reason = "some kinds come from drivers alone, and a build may have none")]
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
    /// Another program is changing the tables and was not done in time.
    Locked { message: String },
    /// A revision cannot be run, or the database does not fit the files.
    Revision { message: String },
    /// No connection in time, server away, or `closed` by this program: then it does not come back.
    Unavailable { message: String, closed: bool },
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
#[allow(dead_code, reason = "faults come from drivers alone, and a build may have none")]
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

    pub(crate) fn kind_mut(&mut self) -> &mut Kind {
        &mut self.0.kind
    }

    /// One field of what a client sent that cannot be taken: status 422, with `code` for programs (`range`, `length` ...) and
    /// `message` for people.
    ///
    /// ```
    /// let error = aludel::Error::field("amount", "range", "must be at least 1");
    /// assert_eq!((error.status(), error.to_string().as_str()), (422, "amount: must be at least 1"));
    /// ```
    pub fn field(
        field: impl Into<Cow<'static, str>>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self::invalid(vec![FieldError { field: field.into(), code: code.into(), message: message.into() }])
    }

    /// An error of something else than a database: status 500, the other error as message and source.
    ///
    /// ```
    /// let error: aludel::Error = "x".parse::<u8>().map_err(aludel::Error::other).unwrap_err();
    /// assert_eq!(error.to_string(), "invalid digit found in string");
    /// ```
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let error = error.into();
        Self::msg(error.to_string()).with_source(error)
    }

    pub(crate) fn invalid(fields: Vec<FieldError>) -> Self {
        Self::new(Kind::Invalid { fields })
    }

    /// Whether a statement that failed so has ended its transaction: false for what is found before anything is sent.
    pub(crate) fn ends_transaction(&self) -> bool {
        !matches!(
            self.kind(),
            Kind::Usage { .. }
                | Kind::Config { .. }
                | Kind::Invalid { .. }
                | Kind::NotFound { .. }
                | Kind::TransactionFailed { .. }
                | Kind::Unavailable { .. }
        )
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

    #[allow(dead_code, reason = "faults come from drivers alone, and a build may have none")]
    pub(crate) fn storage(fault: StorageFault, message: impl Into<String>) -> Self {
        Self::new(Kind::Storage { fault, message: message.into() })
    }

    pub(crate) fn locked(message: impl Into<String>) -> Self {
        Self::new(Kind::Locked { message: message.into() })
    }

    pub(crate) fn revision(message: impl Into<String>) -> Self {
        Self::new(Kind::Revision { message: message.into() })
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable { message: message.into(), closed: false })
    }

    #[allow(dead_code, reason = "drivers alone are closed, and a build may have none")]
    pub(crate) fn closed(message: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable { message: message.into(), closed: true })
    }

    /// Whether the program itself closed the database, so that there is no use in waiting.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.kind(), Kind::Unavailable { closed: true, .. })
    }

    /// An application's own refusal: `message` with HTTP status 500.
    pub fn msg(message: impl Into<String>) -> Self {
        Self::refuse(500, message)
    }

    /// An application's own refusal: `message` with the HTTP `status` to answer (409, 422 ...).
    pub fn refuse(status: u16, message: impl Into<String>) -> Self {
        Self::new(Kind::Application { status, message: message.into() })
    }
}

/// Questions. A new kind of failure answers no to all of them and 500 to [`Error::status`].
impl Error {
    /// Whether no row was there where one was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind(), Kind::NotFound { .. })
    }

    /// Whether a row changed or vanished between this session's read and its write.
    pub fn is_stale(&self) -> bool {
        matches!(self.kind(), Kind::Stale { .. })
    }

    /// Whether a unique rule or a primary key refused a row; [`Error::fields`] tells which columns it spans.
    pub fn is_unique_violation(&self) -> bool {
        self.violates(|rule| rule == Rule::Unique)
    }

    /// Whether a column that must have a value was given none.
    pub fn is_not_null_violation(&self) -> bool {
        self.violates(|rule| rule == Rule::NotNull)
    }

    /// Whether a foreign key refused a row: its parent is missing, or children still point at it.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.violates(|rule| matches!(rule, Rule::MissingParent | Rule::Referenced))
    }

    /// Whether a CHECK refused a row; [`Error::constraint`] tells its name.
    pub fn is_check_violation(&self) -> bool {
        self.violates(|rule| rule == Rule::Check)
    }

    /// Whether values were refused before anything was sent; [`Error::fields`] tells which and why.
    pub fn is_invalid(&self) -> bool {
        matches!(self.kind(), Kind::Invalid { .. })
    }

    /// Whether the same work may succeed when done again from its beginning: rows were stale, or others held a lock.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), Kind::Contention { .. } | Kind::Stale { .. })
    }

    /// Whether a statement ran longer than allowed, or was interrupted.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), Kind::Timeout { .. })
    }

    /// Whether no connection was to be had: none free in time, the database closed or away.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.kind(), Kind::Unavailable { .. })
    }

    /// Whether another program was changing the tables, and was not done before the time to wait was over.
    pub fn is_locked(&self) -> bool {
        matches!(self.kind(), Kind::Locked { .. })
    }

    /// Whether a revision could not be run, or the database remembers revisions that do not fit the files.
    pub fn is_revision(&self) -> bool {
        matches!(self.kind(), Kind::Revision { .. })
    }

    /// Whether the database file, or the disk under it, is at fault.
    pub fn is_storage(&self) -> bool {
        matches!(self.kind(), Kind::Storage { .. })
    }

    /// Whether the disk, or the database's allowance on it, is full.
    pub fn is_disk_full(&self) -> bool {
        self.faults(StorageFault::Full)
    }

    /// Whether the database can be read but not written.
    pub fn is_read_only(&self) -> bool {
        self.faults(StorageFault::ReadOnly)
    }

    /// Whether the database file is damaged, or no database at all.
    pub fn is_corrupt(&self) -> bool {
        self.faults(StorageFault::Corrupt) || self.faults(StorageFault::NotADatabase)
    }

    /// Whether the database file was deleted, moved or replaced while it was open.
    pub fn is_vanished(&self) -> bool {
        self.faults(StorageFault::Vanished)
    }

    /// Whether a URL, path or setting cannot be used as it is.
    pub fn is_config(&self) -> bool {
        matches!(self.kind(), Kind::Config { .. })
    }

    /// Whether the call cannot work as it is written; the message says what to write.
    pub fn is_usage(&self) -> bool {
        matches!(self.kind(), Kind::Usage { .. })
    }

    /// Whether an earlier failure ended the transaction in which this statement was tried.
    pub fn is_transaction_failed(&self) -> bool {
        matches!(self.kind(), Kind::TransactionFailed { .. })
    }

    /// Whether it cannot be known if the transaction was committed.
    pub fn is_unknown_outcome(&self) -> bool {
        matches!(self.kind(), Kind::UnknownOutcome { .. })
    }

    /// The name of the constraint that refused a row, where the database tells it.
    pub fn constraint(&self) -> Option<&str> {
        match self.kind() {
            Kind::Violation { constraint, .. } => constraint.as_deref(),
            _ => None,
        }
    }

    /// The table whose rule refused a row or whose row was stale, where it is known.
    pub fn table(&self) -> Option<&str> {
        match self.kind() {
            Kind::Violation { table, .. } => table.as_deref(),
            Kind::Stale { table, .. } => Some(table),
            _ => None,
        }
    }

    /// What is wrong with which field; empty where the failure is not one of fields.
    pub fn fields(&self) -> &[FieldError] {
        match self.kind() {
            Kind::Violation { fields, .. } | Kind::Invalid { fields } => fields,
            _ => &[],
        }
    }

    /// The text of the statement that failed, with placeholders; values are never kept.
    pub fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }

    /// The HTTP status to answer with.
    ///
    /// 404: no such row. 409: unique, stale, or a parent still pointed at. 422: null, length, check, missing parent.
    /// 503: no connection in time, a lock, a timeout, a full disk. An application's own refusal has its own status;
    /// everything else is 500.
    ///
    /// ```
    /// use aludel::Error;
    ///
    /// let refused = Error::refuse(409, "there are no seats left");
    /// assert_eq!((refused.status(), refused.code()), (409, "refused"));
    /// assert_eq!(refused.to_string(), "there are no seats left");
    /// ```
    pub fn status(&self) -> u16 {
        match self.kind() {
            Kind::NotFound { .. } => 404,
            Kind::Stale { .. } => 409,
            Kind::Violation { rule: Rule::Unique | Rule::Referenced, .. } => 409,
            Kind::Violation { .. } | Kind::Invalid { .. } => 422,
            Kind::Contention { .. } | Kind::Locked { .. } | Kind::Unavailable { .. } | Kind::Timeout { .. } => 503,
            Kind::Storage { fault: StorageFault::Full, .. } => 503,
            Kind::Application { status, .. } => *status,
            _ => 500,
        }
    }

    /// One word for programs: `not_found`, `stale`, `unique`, `unavailable` ...
    pub fn code(&self) -> &'static str {
        match self.kind() {
            Kind::NotFound { .. } => "not_found",
            Kind::TooMany { .. } => "too_many",
            Kind::Stale { .. } => "stale",
            Kind::Violation { rule, .. } => rule.code(),
            Kind::Invalid { .. } => "invalid",
            Kind::Contention { .. } => "contention",
            Kind::TransactionFailed { .. } => "transaction_failed",
            Kind::Locked { .. } => "locked",
            Kind::Revision { .. } => "revision",
            Kind::Unavailable { .. } => "unavailable",
            Kind::Timeout { .. } => "timeout",
            Kind::Storage { .. } => "storage",
            Kind::Config { .. } => "config",
            Kind::Schema { .. } => "schema",
            Kind::Decode { .. } => "decode",
            Kind::Usage { .. } => "usage",
            Kind::Database { .. } => "database",
            Kind::UnknownOutcome { .. } => "unknown_outcome",
            Kind::Application { .. } => "refused",
        }
    }

    fn violates(&self, is: impl Fn(Rule) -> bool) -> bool {
        matches!(self.kind(), Kind::Violation { rule, .. } if is(*rule))
    }

    fn faults(&self, wanted: StorageFault) -> bool {
        matches!(self.kind(), Kind::Storage { fault, .. } if *fault == wanted)
    }
}

impl Rule {
    /// The word of [`FieldError::code`] and [`Error::code`].
    pub(crate) fn code(self) -> &'static str {
        match self {
            Rule::Unique => "unique",
            Rule::NotNull => "null",
            Rule::MissingParent => "missing",
            Rule::Referenced => "referenced",
            Rule::Check => "check",
        }
    }

    /// What a person should know of a field so refused.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Rule::Unique => "is taken already",
            Rule::NotNull => "must not be empty",
            Rule::MissingParent => "points at a row that is not there",
            Rule::Referenced => "is still pointed at by other rows",
            Rule::Check => "breaks a rule of the table",
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
