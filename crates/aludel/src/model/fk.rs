//! Foreign keys: the column itself, holding a key or an entity that will get one.

use std::fmt;

use super::{Field, Handle, KeyField, Meta, Model, Part, Pending};
use crate::{Cells, Error, Result, Value};

/// A foreign key to `T`: the column (or columns) of that name.
///
/// It holds a key, or the handle of an entity that is added but not yet inserted; flush puts the key in its place.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Model)]
/// pub struct User {
///     pub id: i64,
/// }
///
/// #[derive(Model)]
/// pub struct Post {
///     pub id: i64,
///     pub author_id: Fk<User>,
/// }
///
/// fn publish(db: &mut Session) {
///     let ann = db.add(new!(User {}));
///     let post = db.add(new!(Post { author_id: ann }));
///     assert_eq!(db[post].author_id.key(), None);
///     db[post].author_id = 7.into();
///     assert_eq!(db[post].author_id.key(), Some(&7));
/// }
/// ```
pub enum Fk<T: Model> {
    /// The key of a row.
    Key(T::Key),
    /// An entity of a session, without a key yet.
    Pending(Handle<T>),
}

impl<T: Model> Fk<T> {
    /// The key, unless the entity has none yet.
    pub fn key(&self) -> Option<&T::Key> {
        match self {
            Fk::Key(key) => Some(key),
            Fk::Pending(_) => None,
        }
    }
}

impl<T: Model> Clone for Fk<T> {
    fn clone(&self) -> Self {
        match self {
            Fk::Key(key) => Fk::Key(key.clone()),
            Fk::Pending(handle) => Fk::Pending(*handle),
        }
    }
}

impl<T: Model> Copy for Fk<T> where T::Key: Copy {}

impl<T: Model> PartialEq for Fk<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Fk::Key(one), Fk::Key(other)) => one == other,
            (Fk::Pending(one), Fk::Pending(other)) => one == other,
            _ => false,
        }
    }
}

impl<T: Model> Eq for Fk<T> {}

impl<T: Model> std::hash::Hash for Fk<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Fk::Key(key) => key.hash(state),
            Fk::Pending(handle) => handle.hash(state),
        }
    }
}

impl<T: Model> fmt::Debug for Fk<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fk::Key(key) => write!(f, "Fk({key:?})"),
            Fk::Pending(handle) => write!(f, "Fk({handle:?})"),
        }
    }
}

impl<T: Model> From<Handle<T>> for Fk<T> {
    fn from(handle: Handle<T>) -> Self {
        Fk::Pending(handle)
    }
}

fn meta_of<T: Model>() -> &'static Meta {
    T::META
}

impl<T: Model> Field for Fk<T> {
    const PART: &'static Part = &Part::Reference(meta_of::<T>);

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        T::Key::read(cells).map(Fk::Key)
    }

    fn write(&self, out: &mut Vec<Value>) {
        match self {
            Fk::Key(key) => key.write(out),
            // Flush resolves handles before it writes; one that is left points at an entity that is gone.
            Fk::Pending(_) => out.extend(T::__layout().key.iter().map(|_| Value::Null)),
        }
    }

    fn same(&self, kept: &[Value]) -> bool {
        match self {
            Fk::Key(key) => key.same(kept),
            Fk::Pending(_) => false,
        }
    }

    fn blank() -> Self {
        Fk::Key(T::Key::blank())
    }

    fn pending(&self) -> Option<Pending> {
        match self {
            Fk::Key(_) => None,
            Fk::Pending(handle) => {
                Some(Pending { layout: T::__layout(), session: handle.session, index: handle.index })
            }
        }
    }

    fn resolve(&mut self, key: &[Value]) -> Result<()> {
        *self = Fk::Key(T::Key::read(&mut Cells::new(&key))?);
        Ok(())
    }

    fn unresolve(&mut self, pending: Pending) {
        *self = Fk::Pending(Handle::new(pending.session, pending.index));
    }
}

impl<T: Model> KeyField for Fk<T> {
    type Key = T::Key;

    fn key(&self) -> Option<T::Key> {
        Fk::key(self).cloned()
    }
}

impl<T: Model> serde::Serialize for Fk<T>
where
    T::Key: serde::Serialize,
{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fk::Key(key) => key.serialize(serializer),
            Fk::Pending(_) => Err(serde::ser::Error::custom(Error::usage(format!(
                "a foreign key to `{}` has no key yet: flush the session before serialising",
                T::META.table
            )))),
        }
    }
}

impl<'de, T: Model> serde::Deserialize<'de> for Fk<T>
where
    T::Key: serde::Deserialize<'de>,
{
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::Key::deserialize(deserializer).map(Fk::Key)
    }
}
