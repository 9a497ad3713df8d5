//! What derives may name. Not an interface: it changes with every release.

pub use std::borrow::Cow;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{Err, Ok};
pub use std::sync::OnceLock;
pub use std::vec::Vec;

pub use aludel_macros::revisions;
pub use linkme;
pub use serde::de::MapAccess;
pub use serde::{Deserialize, Deserializer};

pub use crate::model::patch;
pub use crate::model::registry::MODELS;
pub use crate::model::required::{place, require};
pub use crate::model::{
    Action, Assign, Bind, CheckMeta, Default, Draft, Embed, Field, FieldMeta, Fk, Generated, IndexKey, IndexMeta,
    Insert, Key, KeyField, Layout, Leaf, Main, Meta, Model, Part, Patch, Pending, Renamed, Slot,
};
pub use crate::query::{
    Column, HasOne, ManyToMany, Plan, Reading, Record, Source, Sql, ToMany, ToOne, ToOption, View, arg, table, text,
};
pub use crate::{Cell, Cells, Result, Type, Value};

/// `value` as a column of type `T` takes it.
pub fn assign<T, V: Assign<T>>(value: V) -> T {
    value.assign()
}

/// The columns of a literal default.
pub fn literal<T: Field>(value: &T) -> Vec<Value> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

/// The place of the next cell's text among the `variants` of an enum.
pub fn variant(cells: &mut Cells<'_>, variants: &[&str]) -> Result<usize> {
    let cell = cells.take()?;
    let found = match cell {
        Cell::Text(text) => variants.iter().position(|variant| *variant == text),
        _ => None,
    };
    found.ok_or_else(|| cells.mismatch(&format!("one of {}", variants.join(", ")), cell))
}

/// A slot was asked for that the model has not.
///
/// # Panics
/// Always: indexes come from the model's own metadata.
pub fn no_slot(index: usize) -> ! {
    panic!("the model has no field {index}")
}
