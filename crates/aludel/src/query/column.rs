//! Columns of a model, as its constants.

use std::fmt;
use std::marker::PhantomData;

use super::Expr;
use super::expr::{Marks, Nodes};
use crate::Model;
use crate::model::LayoutColumn;
use crate::sql::{self, Path};

/// The column (or columns) of a field of type `T` of the model `M`: a constant such as `Post::TITLE`.
///
/// What it can be asked stands on [`Expr`] too. Values are converted as in `new!`: `"text"` for a `String`, `5` for any
/// number, a handle or a key for an `Fk`.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
/// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
/// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
/// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
/// let hot = Post::LIKES.gt(10) & Post::TITLE.starts_with("How") | Post::AUTHOR_ID.in_([1, 2]);
/// let liked = Post::LIKES + 1;
/// let page = Post::filter(hot).order_by(liked.desc()).limit(20);
/// ```
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

impl<M: Model, T> Column<M, T> {
    /// The column as an expression; only needed where one type must hold either.
    pub fn expr(self) -> Expr<M, T> {
        let nodes = self.columns().iter().map(|column| node(column, Path::root())).collect();
        Expr::new(Nodes::from_vec(nodes), Marks::default())
    }

    pub(crate) fn columns(self) -> &'static [LayoutColumn] {
        let layout = M::__layout();
        &layout.columns[layout.fields[self.field].clone()]
    }
}

/// A column of a model that stands at `path`.
pub(crate) fn node(column: &LayoutColumn, path: Path) -> sql::Expr {
    sql::Expr::Column { path, name: column.name.into(), ty: column.ty.clone() }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}

impl<M: Model, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", M::META.table, M::META.fields[self.field].column)
    }
}
