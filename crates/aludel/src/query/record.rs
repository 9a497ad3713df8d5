//! Rows of raw SQL as Rust values.

use crate::{Cells, Field, Result};

/// A value read from the cells of a row in order: a column type, a tuple of up to twelve, a model, or a
/// struct with `#[derive(Record)]`.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    note = "use a column type, a tuple of these, a model, or write `#[derive(aludel::Record)]` on `{Self}`"
)]
pub trait Record: Sized + Send + 'static {
    /// Reads the value from the next cells.
    ///
    /// # Errors
    /// A decode error where the cells do not fit.
    #[doc(hidden)]
    fn __record(cells: &mut Cells<'_>) -> Result<Self>;
}

impl<T: Field> Record for T {
    fn __record(cells: &mut Cells<'_>) -> Result<Self> {
        T::read(cells)
    }
}

/// Shorter tuples of fields are fields themselves.
macro_rules! tuples {
    ($($name:ident),*) => {
        impl<$($name: Field),*> Record for ($($name,)*) {
            fn __record(cells: &mut Cells<'_>) -> Result<Self> {
                Ok(($($name::read(cells)?,)*))
            }
        }
    };
}

tuples!(A, B, C, D, E);
tuples!(A, B, C, D, E, F);
tuples!(A, B, C, D, E, F, G);
tuples!(A, B, C, D, E, F, G, H);
tuples!(A, B, C, D, E, F, G, H, I);
tuples!(A, B, C, D, E, F, G, H, I, J);
tuples!(A, B, C, D, E, F, G, H, I, J, K);
tuples!(A, B, C, D, E, F, G, H, I, J, K, L);
