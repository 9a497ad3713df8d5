//! The whole row beside other things.

use std::marker::PhantomData;

use super::column::node;
use super::expr::Marks;
use super::view::{Plan, Reading};
use super::{Selection, Source, View};
use crate::sql::{self, Path};
use crate::{Cells, Model, Result};

/// All columns of `M`, read as the model or as a view of it; made by [`whole`].
#[derive(Debug)]
pub struct Whole<M>(PhantomData<fn() -> M>);

/// The whole row of `M`: to be selected beside other things, given back by a writing statement, or a field of a view.
///
/// ```
/// # use aludel::prelude::*;
/// # use aludel::query::whole;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub author_id: Fk<User>, pub likes: i32 }
/// # async fn like(db: &mut Session, id: i64) -> Result<Vec<Post>> {
/// let named = Post::all().select((whole(), Post::AUTHOR.then(User::NAME)));
/// # let _: aludel::Query<Post, (Post, String)> = named;
/// db.update(Post::at(id), set(Post::LIKES, Post::LIKES + 1)).returning(whole()).await
/// # }
/// ```
pub const fn whole<M: Model>() -> Whole<M> {
    Whole(PhantomData)
}

impl<M> Clone for Whole<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Whole<M> {}

impl<M: Model> Selection<M> for Whole<M> {
    type Out = M;

    fn __columns(self, into: &mut Vec<sql::Expr>, _: &mut Marks) {
        into.extend(M::__layout().columns.iter().map(|column| node(column, Path::root())));
    }

    fn __read(cells: &mut Cells<'_>) -> Result<M> {
        M::__read(cells)
    }
}

impl<M: Model, V: View<Model = M>> Source<M, V> for Whole<M> {
    fn __plan(self, plan: &mut Plan) {
        V::__plan(plan);
    }

    #[inline]
    fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<V> {
        V::__view(cells, reading)
    }

    fn __fill(field: &mut V, reading: &mut Reading) -> Result<()> {
        field.__fill(reading)
    }
}
