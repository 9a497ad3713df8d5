//! What a query reads, where that is not a whole model or view.

use super::expr::Marks;
use super::{Column, Expr};
use crate::{Cells, Field, Model, Result, sql};

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
    fn __columns(self, into: &mut Vec<sql::Expr>, marks: &mut Marks);

    /// Reads them back.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[doc(hidden)]
    fn __read(cells: &mut Cells<'_>) -> Result<Self::Out>;
}

impl<M, T: Field> Selection<M> for Expr<M, T> {
    type Out = T;

    fn __columns(self, into: &mut Vec<sql::Expr>, marks: &mut Marks) {
        into.extend(self.nodes.into_vec());
        marks.add(self.marks);
    }

    fn __read(cells: &mut Cells<'_>) -> Result<T> {
        cells.read()
    }
}

impl<M: Model, T: Field> Selection<M> for Column<M, T> {
    type Out = T;

    fn __columns(self, into: &mut Vec<sql::Expr>, marks: &mut Marks) {
        self.expr().__columns(into, marks);
    }

    fn __read(cells: &mut Cells<'_>) -> Result<T> {
        cells.read()
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        impl<Of, $($name: Selection<Of>),*> Selection<Of> for ($($name,)*) {
            type Out = ($($name::Out,)*);

            fn __columns(self, into: &mut Vec<sql::Expr>, marks: &mut Marks) {
                $(self.$at.__columns(into, marks);)*
            }

            fn __read(cells: &mut Cells<'_>) -> Result<Self::Out> {
                Ok(($($name::__read(cells)?,)*))
            }
        }
    };
}

each_tuple!(tuples);
