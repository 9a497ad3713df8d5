//! What view fields are filled from.

use super::many::{Many, Relation};
use super::operand::key_nodes;
use super::view::{Plan, Reading, own};
use super::{Column, Expr, HasOne, ManyToMany, Source, ToMany, ToOne, ToOption, View, link};
use crate::load::Children;
use crate::sql::Path;
use crate::{Cells, Field, Model, Result};

impl<M: Model, T: Field> Source<M, T> for Column<M, T> {
    fn __plan(self, plan: &mut Plan) {
        own(self.expr(), plan);
    }

    #[inline]
    fn __read(cells: &mut Cells<'_>, _: &mut Reading) -> Result<T> {
        T::read(cells)
    }
}

impl<M, T: Field> Source<M, T> for Expr<M, T> {
    fn __plan(self, plan: &mut Plan) {
        own(self, plan);
    }

    #[inline]
    fn __read(cells: &mut Cells<'_>, _: &mut Reading) -> Result<T> {
        T::read(cells)
    }
}

impl<M: Model, T: Model, V: View<Model = T>> Source<M, V> for ToOne<M, T> {
    fn __plan(self, plan: &mut Plan) {
        plan.hop(link::to_one::<M, T>(self.field, false), None, V::__plan);
    }

    #[inline]
    fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<V> {
        V::__view(cells, reading)
    }

    fn __fill(field: &mut V, reading: &mut Reading) -> Result<()> {
        field.__fill(reading)
    }
}

/// A relation to one row that may not be there, joined.
macro_rules! optional {
    ($kind:ident, $hop:path) => {
        impl<M: Model, T: Model, V: View<Model = T>> Source<M, Option<V>> for $kind<M, T> {
            fn __plan(self, plan: &mut Plan) {
                let presence = key_nodes::<T>(&Path::root()).into_iter().next();
                plan.hop($hop(self.field, true), presence, V::__plan);
            }

            #[inline]
            fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<Option<V>> {
                reading.optional(cells)
            }

            fn __fill(field: &mut Option<V>, reading: &mut Reading) -> Result<()> {
                reading.fill_optional(field)
            }
        }
    };
}

optional!(ToOption, link::to_one::<M, T>);
optional!(HasOne, link::to_children::<T>);

impl<M: Model, T: Model, V: View<Model = T>> Source<M, Vec<V>> for Many<M, T> {
    fn __plan(self, plan: &mut Plan) {
        plan.branch(key_nodes::<M>(&Path::root()), Children::<M, V>::new(self));
    }

    #[inline]
    fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<Vec<V>> {
        reading.next_branch::<Children<M, V>>()?.parent(M::Key::read(cells)?);
        Ok(Vec::new())
    }

    fn __fill(field: &mut Vec<V>, reading: &mut Reading) -> Result<()> {
        *field = reading.next_branch::<Children<M, V>>()?.next_rows()?;
        Ok(())
    }
}

/// A plain to-many relation is one without further wishes.
macro_rules! plain {
    ($([$($more:ident)?] $kind:ty;)*) => {$(
        impl<M: Model, T: Model, $($more: Model,)? V: View<Model = T>> Source<M, Vec<V>> for $kind {
            fn __plan(self, plan: &mut Plan) {
                Source::<M, Vec<V>>::__plan(self.rows(), plan);
            }

            #[inline]
            fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<Vec<V>> {
                <Many<M, T> as Source<M, Vec<V>>>::__read(cells, reading)
            }

            fn __fill(field: &mut Vec<V>, reading: &mut Reading) -> Result<()> {
                <Many<M, T> as Source<M, Vec<V>>>::__fill(field, reading)
            }
        }
    )*};
}

plain! {
    [] ToMany<M, T>;
    [Through] ManyToMany<M, T, Through>;
}
