//! Views: structs in the shape of an answer.

use super::{Cond, Query};
use crate::{Cells, KeyOf, Model, Result};

/// A struct in the shape of an answer, filled from rows of one model and of those it points at. Every model is one;
/// others are written with `#[derive(View)] #[view(Post)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no view",
    note = "write `#[derive(aludel::View)] #[view(Model)]` on `{Self}`, or use a model"
)]
pub trait View: Sized + Send + 'static {
    /// The model whose rows it shows.
    type Model: Model;

    /// Says what to select, field by field.
    #[doc(hidden)]
    fn __plan(plan: &mut Plan);

    /// Reads the fields in the same order; to-many fields stay empty.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[doc(hidden)]
    fn __view(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<Self>;

    /// Fills the to-many fields, in the same order.
    ///
    /// # Errors
    /// A usage error where the view was read by another plan than it is filled by.
    #[doc(hidden)]
    fn __fill(&mut self, reading: &mut Reading) -> Result<()>;

    /// All rows.
    fn all() -> Query<Self::Model, Self> {
        Query::of_view()
    }

    /// The rows that meet `condition`.
    fn filter(condition: impl Into<Cond<Self::Model>>) -> Query<Self::Model, Self> {
        Self::all().filter(condition)
    }

    /// The row whose key is `key`.
    fn at(key: impl KeyOf<<Self::Model as Model>::Key, Self::Model>) -> Query<Self::Model, Self> {
        Self::all().at(key)
    }
}

impl<M: Model> View for M {
    type Model = M;

    fn __plan(_plan: &mut Plan) {}

    fn __view(cells: &mut Cells<'_>, _: &mut Reading) -> Result<Self> {
        M::__read(cells)
    }

    fn __fill(&mut self, _: &mut Reading) -> Result<()> {
        Ok(())
    }
}

/// Where a field of type `F` of a view of `M` comes from: the type of the expression decides.
#[diagnostic::on_unimplemented(
    message = "this view field has type `{F}`, which `{Self}` does not give",
    label = "the field type does not fit its source",
    note = "a column gives its own type; a to-one relation gives a view or model of its target (an Option of one for a \
            nullable key); a to-many relation gives a Vec of those"
)]
#[doc(hidden)]
pub trait Source<M, F>: Sized {
    /// Says what to select.
    #[doc(hidden)]
    fn __plan(self, plan: &mut Plan);

    /// Reads the field.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[doc(hidden)]
    fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<F>;

    /// Fills what another statement has read.
    ///
    /// # Errors
    /// A usage error where the field was read by another plan than it is filled by.
    #[doc(hidden)]
    fn __fill(field: &mut F, reading: &mut Reading) -> Result<()> {
        let _ = (field, reading);
        Ok(())
    }
}

/// What a view selects, as it is put together: derives call [`Plan::field`] for each field.
#[doc(hidden)]
pub struct Plan {}

impl Plan {
    /// Selects what `source` needs for a field of type `F` of a view of `M`.
    pub fn field<M, F, S: Source<M, F>>(&mut self, source: fn() -> S) {
        source().__plan(self);
    }
}

/// What reading a view keeps aside: the keys of its to-many relations, and their rows once they are there.
#[doc(hidden)]
pub struct Reading {}

impl Reading {
    /// Reads a field of a view of `M` from `source`.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[inline]
    pub fn read<M, F, S: Source<M, F>>(&mut self, _source: fn() -> S, cells: &mut Cells<'_>) -> Result<F> {
        S::__read(cells, self)
    }

    /// Fills a field of a view of `M` from `source`.
    ///
    /// # Errors
    /// A usage error where the field was read by another plan than it is filled by.
    #[inline]
    pub fn fill<M, F, S: Source<M, F>>(&mut self, _source: fn() -> S, field: &mut F) -> Result<()> {
        S::__fill(field, self)
    }
}
