//! Handles: small copyable keys into a session, which owns the entities.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// An entity of a session: `session[handle]` reads it, `session[handle].field = ..` changes it.
///
/// A handle belongs to the session that gave it out and is never reused for another entity. Used with a foreign session
/// it panics, as an index out of range does; `Session::try_get` answers instead.
pub struct Handle<T> {
    pub(crate) session: u32,
    pub(crate) index: u32,
    marker: PhantomData<fn() -> T>,
}

impl<T> Handle<T> {
    pub(crate) fn new(session: u32, index: u32) -> Self {
        Handle { session, index, marker: PhantomData }
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.session, self.index) == (other.session, other.index)
    }
}

impl<T> Eq for Handle<T> {}

impl<T> Hash for Handle<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.session, self.index).hash(state);
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({}:{})", self.session, self.index)
    }
}
