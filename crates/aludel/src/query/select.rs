//! Queries.

use std::marker::PhantomData;

use super::{Cond, View};
use crate::{KeyOf, Model};

/// Rows of the model `M` in the shape `T`: a model, a view, or what `select` asks for.
pub struct Query<M, T = M> {
    marker: PhantomData<fn() -> (M, T)>,
}

impl<V: View> Query<V::Model, V> {
    pub(crate) fn of_view() -> Self {
        Query { marker: PhantomData }
    }
}

impl<M: Model, T> Query<M, T> {
    /// Narrows the rows to those that meet `condition` too.
    #[must_use]
    pub fn filter(self, condition: impl Into<Cond<M>>) -> Self {
        let _ = condition.into();
        self
    }

    pub(crate) fn at(self, key: impl KeyOf<M::Key, M>) -> Self {
        let _ = key.key_of();
        self
    }
}
