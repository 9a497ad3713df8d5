//! Rows of raw SQL as Rust values.

use crate::{Cells, Model, Result};

/// A value read from the cells of a row in order: a field, a model, a tuple of these, or `#[derive(Record)]`.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    note = "use a column type, a model, a tuple of these, or write `#[derive(aludel::Record)]` on `{Self}`"
)]
pub trait Record: Sized + Send + 'static {
    /// Reads the value from the next cells.
    ///
    /// # Errors
    /// A decode error where the cells do not fit.
    #[doc(hidden)]
    fn __record(cells: &mut Cells<'_>) -> Result<Self>;
}

impl<M: Model> Record for M {
    fn __record(cells: &mut Cells<'_>) -> Result<Self> {
        M::__read(cells)
    }
}
