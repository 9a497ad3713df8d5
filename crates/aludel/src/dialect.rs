//! What differs between engines: facts, policies and spelling, in one place.

/// One engine: what it can do and how it spells things.
///
/// Planners and renderers ask for facts and policies, never for a name.
#[derive(Debug)]
#[non_exhaustive]
pub struct Dialect {
    /// The name in URLs, `-- only:` and settings.
    pub name: &'static str,
    /// Begins a transaction that only reads.
    pub begin_read: &'static str,
    /// Begins a transaction that may write.
    pub begin_write: &'static str,
    /// How many parameters a statement may have.
    pub max_params: usize,
    /// Whether DELETE, INSERT and UPDATE give columns back.
    pub returning: bool,
}
