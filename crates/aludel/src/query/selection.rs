//! What a query reads, where that is not a whole model or view.

use crate::{Cells, Result, sql};

/// Something to select from rows of `M`: a column, an expression, or a tuple of up to twelve.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from `{M}`",
    note = "select a column or expression of `{M}` (`Post::TITLE`, `count()`, `Post::AUTHOR.then(User::NAME)`), or a \
            tuple of up to twelve"
)]
pub trait Selection<M> {
    /// What one row gives.
    type Out: Send + 'static;

    /// Adds the columns to a SELECT.
    #[doc(hidden)]
    fn __columns(self, into: &mut Vec<sql::Expr>);

    /// Reads them back.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[doc(hidden)]
    fn __read(cells: &mut Cells<'_>) -> Result<Self::Out>;
}
