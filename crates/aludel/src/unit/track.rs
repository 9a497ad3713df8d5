//! What a session knows of one entity besides its values.

use std::sync::Arc;

use crate::Value;
use crate::model::Given;

/// An entity: the store of its model and its place there. Places are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntityRef {
    pub(crate) store: u32,
    pub(crate) index: u32,
}

/// Where an entity stands between memory and database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Added, not inserted.
    New,
    /// A row, as read or written.
    Clean,
    /// A row that the next flush deletes.
    Doomed,
    /// A row that has been deleted.
    Gone,
    /// Added and undone before or with its INSERT.
    Undone,
}

impl State {
    /// Whether a handle to it answers.
    pub(crate) fn is_present(self) -> bool {
        matches!(self, State::New | State::Clean | State::Doomed)
    }
}

/// What a session knows of one entity besides its values.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) state: State,
    /// Whether the identity map holds it.
    pub(crate) listed: bool,
    /// The epoch in which it was last written to the undo log.
    pub(crate) logged: u32,
    /// The session's clock when its row was read or written; it is trusted while nothing has outdated it since.
    pub(crate) read_in: u32,
    /// The columns as the database (of a new one: the draft) has them; present from the first mutable access on.
    pub(crate) kept: Option<Arc<[Value]>>,
    /// Of a new one, the fields that were given.
    pub(crate) given: Given,
}

impl Track {
    pub(crate) fn new(state: State) -> Self {
        Track { state, listed: false, logged: 0, read_in: 0, kept: None, given: Given::default() }
    }
}
