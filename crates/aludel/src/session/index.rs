//! `session[handle]`.

use std::ops::{Index, IndexMut};

use super::Session;
use crate::model::Bind;
use crate::{Handle, Model};

impl<M: Model<Bind = B>, B: Bind> Index<Handle<M>> for Session<B> {
    type Output = M;

    #[inline]
    fn index(&self, handle: Handle<M>) -> &M {
        match self.try_get(handle) {
            Some(entity) => entity,
            None => refuse::<M>(self.guts().unit.session(), handle.session),
        }
    }
}

/// Reads the entity to change it: what it was is kept, and the next flush writes what differs.
impl<M: Model<Bind = B>, B: Bind> IndexMut<Handle<M>> for Session<B> {
    #[inline]
    fn index_mut(&mut self, handle: Handle<M>) -> &mut M {
        let unit = &mut self.guts_mut().unit;
        let Some(found) = unit.resolve(handle) else { refuse::<M>(unit.session(), handle.session) };
        unit.touch(found);
        match unit.store_mut::<M>().1.get_mut(found.index) {
            Some(entity) => entity,
            None => refuse::<M>(handle.session, handle.session),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn refuse<M: Model>(own: u32, foreign: u32) -> ! {
    let model = M::META.model;
    if own == foreign {
        panic!("this `{model}` was deleted or rolled back: ask `try_get` where that may be")
    }
    panic!("this handle of a `{model}` belongs to another session: pass its key instead")
}
