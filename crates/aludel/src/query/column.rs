//! Columns of a model, as its constants.

use std::marker::PhantomData;

/// The column (or columns) of a field of type `T` of the model `M`: a constant such as `Post::TITLE`.
pub struct Column<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Column<M, T> {
    /// The field at `field` of `M::META.fields`.
    #[doc(hidden)]
    pub const fn new(field: usize) -> Self {
        Column { field, marker: PhantomData }
    }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}
