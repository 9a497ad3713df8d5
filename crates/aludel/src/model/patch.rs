//! Reading patches: absent, null and a value are three things.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What `derive(Patch)` says of its struct.
#[doc(hidden)]
pub trait Fields: Sized {
    /// The struct's name.
    const NAME: &'static str;
    /// The names a client may use, each with the place of its field; aliases share a place.
    const KEYS: &'static [(&'static str, usize)];
    /// Whether other names are refused.
    const DENY: bool;

    /// All fields absent.
    fn absent() -> Self;
    /// Reads the value of the field at `at`.
    ///
    /// # Errors
    /// What the format or the field's type says.
    fn read<'de, A: MapAccess<'de>>(&mut self, at: usize, map: &mut A) -> Result<(), A::Error>;
}

/// Reads a patch from a map.
///
/// # Errors
/// A field that is not known (where that is refused), given twice, null without being nullable, or of the wrong type.
pub fn deserialize<'de, P: Fields, D: Deserializer<'de>>(from: D) -> Result<P, D::Error> {
    from.deserialize_map(PatchVisitor(PhantomData))
}

/// Reads a field whose column is never NULL; the message of a null names the field.
///
/// # Errors
/// A null, a second value for the field, or one of the wrong type.
pub fn present<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    let value = map.next_value::<Option<T>>()?;
    match value {
        Some(value) => once(field, name, value),
        None => Err(A::Error::custom(format_args!("`{name}` cannot be null"))),
    }
}

/// Reads a field whose column may be NULL.
///
/// # Errors
/// A second value for the field, or one of the wrong type.
pub fn nullable<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    let value = map.next_value::<T>()?;
    once(field, name, value)
}

fn once<T, E: serde::de::Error>(field: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

struct PatchVisitor<P>(PhantomData<fn() -> P>);

impl<'de, P: Fields> Visitor<'de> for PatchVisitor<P> {
    type Value = P;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of {}", P::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<P, A::Error> {
        let mut patch = P::absent();
        while let Some(Key(key, _)) = map.next_key::<Key<P>>()? {
            match key {
                Some(at) => patch.read(at, &mut map)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(patch)
    }
}

/// The place of the field that a client names, if there is one.
struct Key<P>(Option<usize>, PhantomData<fn() -> P>);

impl<'de, P: Fields> Deserialize<'de> for Key<P> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_identifier(KeyVisitor(PhantomData))
    }
}

struct KeyVisitor<P>(PhantomData<fn() -> P>);

impl<P: Fields> Visitor<'_> for KeyVisitor<P> {
    type Value = Key<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a field of {}", P::NAME)
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key<P>, E> {
        let found = P::KEYS.iter().find(|(name, _)| *name == key);
        if found.is_none() && P::DENY {
            let known: Vec<String> = P::KEYS.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(E::custom(format_args!("unknown field `{key}`, expected one of {}", known.join(", "))));
        }
        Ok(Key(found.map(|(_, at)| *at), PhantomData))
    }
}
