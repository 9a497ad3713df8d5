//! One field of a model: which columns it takes and how it is read and written.

use super::{FieldMeta, Layout, Meta};
use crate::{Cells, Result, Type, Value};

/// The columns that a field takes, as a tree that is flattened once per model.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// One column.
    Column(Leaf),
    /// The same columns, allowing NULL.
    Nullable(&'static Part),
    /// An embedded struct: each part's column is named `<field>_<part>`.
    Struct(&'static [(&'static str, &'static Part)]),
    /// A composite key; only found inside keys, never a field of its own.
    Tuple(&'static [&'static Part]),
    /// The key columns of another model.
    Reference(fn() -> &'static Meta),
}

impl Part {
    /// How many columns it takes.
    #[inline]
    pub fn width(&self) -> usize {
        match self {
            Part::Column(_) => 1,
            Part::Nullable(inner) => inner.width(),
            Part::Struct(parts) => parts.iter().map(|(_, part)| part.width()).sum(),
            Part::Tuple(parts) => parts.iter().map(|part| part.width()).sum(),
            Part::Reference(target) => {
                target().fields.iter().filter(|field| field.key).map(|field| field.part.width()).sum()
            }
        }
    }
}

/// One column of a [`Part`].
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// The type it has unless an attribute says otherwise.
    pub ty: &'static Type,
    /// The variants of an enum, in order; empty for every other type.
    pub variants: &'static [&'static str],
    /// Those variants of it that were called otherwise, for the next generated revision.
    pub renamed: &'static [Renamed],
}

impl Leaf {
    /// A column of type `ty`.
    pub const fn new(ty: &'static Type) -> Self {
        Leaf { ty, variants: &[], renamed: &[] }
    }
}

/// A variant of an enum that was called otherwise, and where that is written.
#[derive(Clone, Copy, Debug)]
pub struct Renamed {
    /// The text that the database keeps for it.
    pub variant: &'static str,
    /// The text that it kept before.
    pub from: &'static str,
    /// The variant in Rust: `Role::Chief`.
    pub path: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line in it.
    pub line: u32,
}

/// A Rust type that can be a field of a model.
///
/// Implement it for a type of your own by delegating to a type that has it already, or use `derive(Field)` on a
/// newtype, `derive(Enum)` and `derive(Embed)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column",
    note = "use a column type (integers, f32, f64, bool, String, Vec<u8>, Option of one, Fk<Model>, or a type of an \
            enabled feature), derive `aludel::Enum`, `aludel::Embed` or `aludel::Field`, or implement `aludel::Field`"
)]
pub trait Field: Sized + Send + Sync + 'static {
    /// The columns it takes.
    const PART: &'static Part;
    /// Whether an UPDATE may compare the old value in its WHERE: false for floats, bytes, JSON and decimals.
    const COMPARED: bool = true;

    /// Reads the field from the next cells of a row.
    ///
    /// # Errors
    /// A decode error where the cells do not fit.
    fn read(cells: &mut Cells<'_>) -> Result<Self>;
    /// Pushes one value per column, in the precision that every engine keeps (times in microseconds).
    fn write(&self, out: &mut Vec<Value>);
    /// What the field holds before the database has answered.
    fn blank() -> Self;
    /// Whether writing the field would give exactly `kept`; overridden where that can be told without writing.
    fn same(&self, kept: &[Value]) -> bool {
        let mut now = Vec::with_capacity(kept.len());
        self.write(&mut now);
        now == kept
    }
    /// The entity this field points at while that has no key yet.
    #[doc(hidden)]
    fn pending(&self) -> Option<Pending> {
        None
    }
    /// Takes the key of the entity it pointed at.
    ///
    /// # Errors
    /// A decode error where `key` is not a key of the target.
    #[doc(hidden)]
    fn resolve(&mut self, key: &[Value]) -> Result<()> {
        let _ = key;
        Ok(())
    }
    /// Points at an entity without a key again: how a rollback undoes [`Field::resolve`].
    #[doc(hidden)]
    fn unresolve(&mut self, pending: Pending) {
        let _ = pending;
    }
    /// A new value of a type whose keys are made by the client (UUIDv7), else `None`.
    fn fresh() -> Option<Self> {
        None
    }

    // What derives name stands here rather than in functions of its own: a type that is no field is then one error.
    #[doc(hidden)]
    const META: FieldMeta = FieldMeta::new("", Self::PART, Self::COMPARED, 0);
    #[doc(hidden)]
    fn __slot(&self) -> &dyn Slot {
        self
    }
    #[doc(hidden)]
    fn __slot_mut(&mut self) -> &mut dyn Slot {
        self
    }
}

/// An entity of some model in a session, not yet inserted.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// The model.
    pub layout: &'static Layout,
    /// The session's number.
    pub session: u32,
    /// The entity's place in the session's store of that model.
    pub index: u32,
}

/// A struct whose fields become columns of the model that has it as a field; written by `#[derive(Embed)]`.
#[doc(hidden)]
pub trait Embed: Field {}

/// The half of [`Field`] that works without knowing the type, so that flush is written once for all models.
#[doc(hidden)]
pub trait Slot: Send + Sync {
    /// [`Field::write`]
    fn slot_write(&self, out: &mut Vec<Value>);
    /// [`Field::same`]
    fn slot_same(&self, kept: &[Value]) -> bool;
    /// [`Field::read`] into the place itself.
    ///
    /// # Errors
    /// A decode error where the cells do not fit; the field keeps what it had.
    fn slot_read(&mut self, cells: &mut Cells<'_>) -> Result<()>;
    /// [`Field::pending`]
    fn slot_pending(&self) -> Option<Pending>;
    /// [`Field::resolve`]
    ///
    /// # Errors
    /// A decode error where `key` is not a key of the target.
    fn slot_resolve(&mut self, key: &[Value]) -> Result<()>;
    /// [`Field::unresolve`]
    fn slot_unresolve(&mut self, pending: Pending);
    /// Takes the place by [`Field::fresh`]; false where the type has none.
    fn slot_fresh(&mut self) -> bool;
}

impl<T: Field> Slot for T {
    fn slot_write(&self, out: &mut Vec<Value>) {
        self.write(out);
    }
    fn slot_same(&self, kept: &[Value]) -> bool {
        self.same(kept)
    }
    fn slot_read(&mut self, cells: &mut Cells<'_>) -> Result<()> {
        *self = T::read(cells)?;
        Ok(())
    }
    fn slot_pending(&self) -> Option<Pending> {
        self.pending()
    }
    fn slot_resolve(&mut self, key: &[Value]) -> Result<()> {
        self.resolve(key)
    }
    fn slot_unresolve(&mut self, pending: Pending) {
        self.unresolve(pending);
    }
    fn slot_fresh(&mut self) -> bool {
        match T::fresh() {
            Some(value) => {
                *self = value;
                true
            }
            None => false,
        }
    }
}

impl Cells<'_> {
    /// Reads the next value of type `T`, which may take several cells.
    ///
    /// # Errors
    /// A decode error where the cells do not fit `T`.
    #[inline]
    pub fn read<T: Field>(&mut self) -> Result<T> {
        T::read(self)
    }
}
