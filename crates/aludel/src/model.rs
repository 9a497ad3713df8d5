//! What a model is: constant metadata, a reader, and slots that let one flush serve every model.
//!
//! `derive(Model)` writes the constants and the conversions; every decision is in this crate.

mod assign;
mod draft;
mod field;
#[cfg(test)]
pub(crate) mod fixture;
mod fk;
mod handle;
mod key;
mod layout;
mod meta;
mod new;
#[doc(hidden)]
pub mod patch;
pub(crate) mod registry;
pub(crate) mod required;
mod tables;

pub use crate::schema::Action;
pub use assign::Assign;
pub use draft::{Draft, Insert, Patch};
pub use field::{Embed, Field, Leaf, Part, Renamed, Slot};
pub use fk::Fk;
pub use handle::Handle;
pub use key::{Key, KeyField, KeyOf};
pub(crate) use key::{foreign, keys};
pub use meta::{Bind, CheckMeta, Default, FieldMeta, Generated, IndexKey, IndexMeta, Main, Meta};
pub use registry::registered;

// What the layers of this crate and code of derives tell each other.
#[doc(hidden)]
pub use {
    draft::Given,
    field::Pending,
    layout::{Layout, LayoutColumn, Supply},
};

use crate::{Cells, Result};

/// A struct whose values are rows of one table; written by `#[derive(Model)]`.
///
/// The hidden methods are the derive's; an entity's own methods never collide with them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    note = "write `#[derive(aludel::Model)]` on `{Self}`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The key: the key field's own type (the target's key for an [`Fk`]), or a tuple in order of declaration.
    type Key: Key;
    /// The database this model lives in.
    type Bind: Bind;
    /// Table, fields and rules, with file and line.
    const META: &'static Meta;

    /// The flattened columns, made once.
    #[doc(hidden)]
    fn __layout() -> &'static Layout;
    /// Reads all columns in order of declaration; skipped fields take their `Default`.
    #[doc(hidden)]
    fn __read(cells: &mut Cells<'_>) -> Result<Self>;
    /// A value with blank fields and literal defaults.
    #[doc(hidden)]
    fn __blank() -> Self;
    /// The field at `index` of `META.fields`.
    #[doc(hidden)]
    fn __slot(&self, index: usize) -> &dyn Slot;
    /// The same, to write to.
    #[doc(hidden)]
    fn __slot_mut(&mut self, index: usize) -> &mut dyn Slot;
    /// The key as the struct has it; `None` while it holds a handle to an entity not yet inserted.
    #[doc(hidden)]
    fn __key(&self) -> Option<Self::Key>;
}
