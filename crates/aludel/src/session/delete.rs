//! Deleting: an entity by handle at the next flush, rows by query at once.

use super::Session;
use crate::model::Bind;
use crate::{Handle, Model};

/// What [`Session::delete`] takes: a handle, or a query.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be deleted", note = "give a handle, or a query of a model")]
pub trait Delete<B: Bind> {
    /// Nothing for a handle; for a query something to be awaited.
    type Out<'a>
    where
        B: 'a;

    #[doc(hidden)]
    fn __delete(self, session: &mut Session<B>) -> Self::Out<'_>;
}

impl<M: Model<Bind = B>, B: Bind> Delete<B> for Handle<M> {
    type Out<'a>
        = ()
    where
        B: 'a;

    fn __delete(self, session: &mut Session<B>) {
        let unit = &mut session.guts_mut().unit;
        if let Some(found) = unit.resolve(self) {
            unit.doom(found);
        }
    }
}

impl<B: Bind> Session<B> {
    /// Deletes an entity, or the rows of a query.
    ///
    /// A handle marks the entity: nothing is sent, and the next flush deletes its row, checking that it was there. A
    /// query (`db.delete(Post::at(7)).await`) is one statement, at once. What hangs on the rows follows by the foreign
    /// keys' `on_delete`, and by `cascade` for entities.
    pub fn delete<D: Delete<B>>(&mut self, what: D) -> D::Out<'_> {
        what.__delete(self)
    }
}
