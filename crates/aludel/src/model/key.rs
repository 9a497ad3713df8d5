//! Keys: what names one row of a table.

use std::fmt::Debug;
use std::hash::Hash;

use super::{Field, Fk, Handle, Model};

/// The key of a model: a field's type, or a tuple of several.
pub trait Key: Field + Clone + Eq + Hash + Debug {}

/// A field that can be (part of) a key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    note = "a key is an integer, a String, a Uuid, an Fk of another model, or a newtype of one by `derive(aludel::Field)`"
)]
#[doc(hidden)]
pub trait KeyField: Field {
    /// The key's own type.
    type Key: Key;
    /// The key, unless it still stands for an entity not yet inserted.
    fn key(&self) -> Option<Self::Key>;
}

/// What names a row of `M`, whose key is a `K`: the key itself, an [`Fk`], or a [`Handle`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of `{M}`",
    note = "give the key itself ({K}), a tuple for a composite key, an `Fk<{M}>` or a `Handle<{M}>`"
)]
pub trait KeyOf<K, M> {
    /// The key, or the handle of an entity that has none yet.
    fn key_of(self) -> Result<K, Handle<M>>;
}

impl<K: Key, M: Model<Key = K>> KeyOf<K, M> for K {
    fn key_of(self) -> Result<K, Handle<M>> {
        Ok(self)
    }
}

impl<M: Model<Key = String>> KeyOf<String, M> for &str {
    fn key_of(self) -> Result<String, Handle<M>> {
        Ok(self.to_owned())
    }
}

impl<M: Model> KeyOf<M::Key, M> for Fk<M> {
    fn key_of(self) -> Result<M::Key, Handle<M>> {
        match self {
            Fk::Key(key) => Ok(key),
            Fk::Pending(handle) => Err(handle),
        }
    }
}

impl<M: Model> KeyOf<M::Key, M> for Handle<M> {
    fn key_of(self) -> Result<M::Key, Handle<M>> {
        Err(self)
    }
}

impl<M: Model> KeyOf<M::Key, M> for &Fk<M> {
    fn key_of(self) -> Result<M::Key, Handle<M>> {
        self.clone().key_of()
    }
}

/// What a foreign key takes: one impl per type of key, since one for all would shadow every better message.
macro_rules! foreign {
    ($key:ty $(, $part:ident)*) => {
        impl<M: $crate::model::Model<Key = $key> $(, $part: $crate::model::Key)*> From<$key> for $crate::model::Fk<M> {
            fn from(key: $key) -> Self {
                $crate::model::Fk::Key(key)
            }
        }

        impl<M: $crate::model::Model<Key = $key> $(, $part: $crate::model::Key)*> $crate::model::Assign<$crate::model::Fk<M>> for $key {
            fn assign(self) -> $crate::model::Fk<M> {
                $crate::model::Fk::Key(self)
            }
        }

        impl<M: $crate::model::Model<Key = $key> $(, $part: $crate::model::Key)*> $crate::model::Assign<Option<$crate::model::Fk<M>>> for $key {
            fn assign(self) -> Option<$crate::model::Fk<M>> {
                Some($crate::model::Fk::Key(self))
            }
        }

        impl<M: $crate::model::Model<Key = $key> $(, $part: $crate::model::Key)*> $crate::model::Assign<Option<$crate::model::Fk<M>>> for Option<$key> {
            fn assign(self) -> Option<$crate::model::Fk<M>> {
                self.map($crate::model::Fk::Key)
            }
        }
    };
}

/// Makes types keys as they are.
macro_rules! keys {
    ($($key:ty),*) => {$(
        impl $crate::model::Key for $key {}

        impl $crate::model::KeyField for $key {
            type Key = $key;

            fn key(&self) -> Option<$key> {
                Some(self.clone())
            }
        }

        $crate::model::foreign!($key);
    )*};
}

pub(crate) use {foreign, keys};

keys!(i8, i16, i32, i64, u8, u16, u32, u64, String);

/// Keys of several fields.
macro_rules! composite {
    ($(($($part:ident),+);)*) => {$(
        impl<$($part: Key),+> Key for ($($part,)+) {}

        foreign!(($($part,)+), $($part),+);
    )*};
}

composite! {
    (A, B);
    (A, B, C);
    (A, B, C, D);
}
