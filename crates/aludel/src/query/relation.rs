//! Relations of a model, as its constants.

use std::marker::PhantomData;

use super::expr::{Marks, binary, joined};
use super::link::{self, Link};
use super::many::{Many, Relation};
use super::operand::key_nodes;
use super::{Cond, Expr, IntoExpr};
use crate::sql::{self, Binary, Hop, Path};
use crate::{Field, Model, Result};

/// From a row to the one that its foreign key names: a constant such as `Post::AUTHOR`.
///
/// [`then`](ToOne::then) gives columns and expressions of the target, [`is`](ToOne::is) asks about it; each costs a
/// join, and the same relation is joined once. In a view it gives a view or model of the target.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
/// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
/// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
/// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
/// let of_ann = Post::filter(Post::AUTHOR.is(User::NAME.eq("Ann")));
/// let by_author = Post::all().order_by(Post::AUTHOR.then(User::NAME).asc());
/// let names = Comment::all().select((Comment::BODY, Comment::POST.then(Post::AUTHOR.then(User::NAME))));
/// ```
pub struct ToOne<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to the one that its nullable foreign key names, if any.
pub struct ToOption<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to all those whose foreign key names it: a constant such as `User::POSTS`.
///
/// Asked with [`any`](ToMany::any) and its relatives it is a subselect, which never multiplies rows. In a view it gives
/// a `Vec` of views or models by one statement more, narrowed by [`filter`](ToMany::filter) and the like.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
/// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
/// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
/// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
/// #[derive(View)]
/// #[view(Post)]
/// struct PostPage {
///     title: String,
///     author: User,
///     tags: Vec<Tag>,
///     #[view(Post::COMMENTS.order_by(Comment::ID.desc()).limit(3))]
///     newest: Vec<Comment>,
///     #[view(Post::COMMENTS.filter(Comment::USER_ID.is_null()).count())]
///     anonymous: i64,
/// }
/// let pages = PostPage::filter(Post::TAGS.any(Tag::NAME.eq("rust")) & Post::COMMENTS.exists());
/// ```
pub struct ToMany<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to the one whose unique foreign key names it, if any.
pub struct HasOne<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to those that rows of `Through` connect it with: a constant such as `Post::TAGS`.
pub struct ManyToMany<M, T, Through> {
    pub(crate) near: Option<&'static str>,
    pub(crate) far: Option<&'static str>,
    marker: PhantomData<fn() -> (M, T, Through)>,
}

macro_rules! by_field {
    ($($name:ident: $doc:literal;)*) => {$(
        impl<M, T> $name<M, T> {
            #[doc = $doc]
            #[doc(hidden)]
            pub const fn new(field: usize) -> Self {
                $name { field, marker: PhantomData }
            }
        }

        impl<M, T> Clone for $name<M, T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<M, T> Copy for $name<M, T> {}
    )*};
}

by_field! {
    ToOne: "By the `Fk<T>` at `field` of `M::META.fields`.";
    ToOption: "By the `Option<Fk<T>>` at `field` of `M::META.fields`.";
    ToMany: "By the foreign key to `M` at `field` of `T::META.fields`.";
    HasOne: "By the unique foreign key to `M` at `field` of `T::META.fields`.";
}

impl<M, T, Through> ManyToMany<M, T, Through> {
    /// By the only foreign keys of `Through` to `M` and to `T`.
    #[doc(hidden)]
    pub const fn new() -> Self {
        ManyToMany { near: None, far: None, marker: PhantomData }
    }

    /// By the fields of `Through` so named: `near` points at `M`, `far` at `T`.
    #[doc(hidden)]
    pub const fn by(near: &'static str, far: &'static str) -> Self {
        ManyToMany { near: Some(near), far: Some(far), marker: PhantomData }
    }
}

impl<M, T, Through> Clone for ManyToMany<M, T, Through> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, Through> Copy for ManyToMany<M, T, Through> {}

impl<M: Model, T: Model> ToOne<M, T> {
    /// A column, expression or condition of the target, as one of `M`: `Post::AUTHOR.then(User::NAME)`.
    pub fn then<U>(self, what: impl IntoExpr<T, U>) -> Expr<M, U> {
        behind(link::to_one::<M, T>(self.field, false), what.__expr())
    }

    /// Whether the target meets `condition`.
    pub fn is(self, condition: impl IntoExpr<T, bool>) -> Cond<M> {
        self.then(condition)
    }

    /// The relation seen from the other side: a row of `T` has many of `M`.
    pub const fn many(self) -> ToMany<T, M> {
        ToMany::new(self.field)
    }
}

macro_rules! maybe {
    ($($kind:ident, $hop:path;)*) => {$(
        impl<M: Model, T: Model> $kind<M, T> {
            /// A column or expression of the target, NULL where there is none: `Comment::USER.then(User::NAME)`.
            pub fn then<U: Field>(self, what: impl IntoExpr<T, U>) -> Expr<M, Option<U>>
            where
                Option<U>: Field,
            {
                behind($hop(self.field, true), what.__expr()).retype()
            }

            /// The same for what may be NULL in the target itself.
            pub fn and_then<U>(self, what: impl IntoExpr<T, Option<U>>) -> Expr<M, Option<U>> {
                behind($hop(self.field, true), what.__expr())
            }

            /// Whether there is a target that meets `condition`.
            pub fn is(self, condition: impl IntoExpr<T, bool>) -> Cond<M> {
                // A condition that NULL meets is not met by a target that is not there.
                let key = key_nodes::<T>(&Path::root()).into_iter().take(1);
                let there = joined(key.map(|key| sql::Expr::IsNull(Box::new(key), true)), Binary::And);
                let condition = condition.__expr();
                let condition = match there {
                    Some(there) => condition.wrap("is", |met| binary(met, Binary::And, there)),
                    None => condition,
                };
                behind($hop(self.field, true), condition)
            }
        }
    )*};
}

maybe! {
    ToOption, link::to_one::<M, T>;
    HasOne, link::to_children::<T>;
}

impl<M: Model, T: Model> ToOption<M, T> {
    /// The relation seen from the other side: a row of `T` has many of `M`.
    pub const fn many(self) -> ToMany<T, M> {
        ToMany::new(self.field)
    }
}

impl<M: Model, T: Model> HasOne<M, T> {
    /// Whether there is a row.
    pub fn exists(self) -> Cond<M> {
        ToMany::<M, T>::new(self.field).exists()
    }
}

fn behind<M, T, U>(hop: Result<Hop>, what: Expr<T, U>) -> Expr<M, U> {
    match hop {
        Ok(hop) => what.behind(&Path::root().then(hop)),
        Err(error) => Expr::new(what.nodes, Marks::fault(error.to_string())),
    }
}

/// The relation as it is told of a query by `join`.
#[doc(hidden)]
pub trait Joinable<M> {
    /// The paths that may multiply rows.
    fn __join(self) -> Result<Vec<Path>>;
}

macro_rules! multiplying {
    ($([$($more:ident)?] $kind:ty;)*) => {$(
        impl<M: Model, T: Model $(, $more: Model)?> Relation<M, T> for $kind {
            fn rows(self) -> Many<M, T> {
                Many::new(self.link())
            }
        }

        impl<M: Model, T: Model $(, $more: Model)?> Joinable<M> for $kind {
            fn __join(self) -> Result<Vec<Path>> {
                let path = self.link()?.path();
                Ok((1..=path.hops().len()).map(|hops| head(&path, hops)).collect())
            }
        }

        impl<M: Model, T: Model $(, $more: Model)?> $kind {
            /// A column, expression or condition of each related row, in a query that says `.join(..)` of the relation.
            pub fn then<U>(self, what: impl IntoExpr<T, U>) -> Expr<M, U> {
                match self.link() {
                    Ok(link) => {
                        let path = link.path();
                        let mut expr = what.__expr().behind(&path);
                        expr.marks.add(Marks::join(path));
                        expr
                    }
                    Err(error) => Expr::new(what.__expr().nodes, Marks::fault(error.to_string())),
                }
            }
        }
    )*};
}

multiplying! {
    [] ToMany<M, T>;
    [Through] ManyToMany<M, T, Through>;
}

/// The first `hops` hops of `path`.
fn head(path: &Path, hops: usize) -> Path {
    path.hops()[..hops].iter().fold(Path::root(), |path, hop| path.then(hop.clone()))
}

impl<M: Model, T: Model> ToMany<M, T> {
    fn link(self) -> Result<Link> {
        Link::children::<M, T>(self.field)
    }
}

impl<M: Model, T: Model, Through: Model> ManyToMany<M, T, Through> {
    /// The fields of `Through` that point at `M` and at `T`.
    pub(crate) fn ends(self) -> Result<(usize, usize)> {
        Link::ends::<M, T, Through>(self.near, self.far)
    }

    pub(crate) fn link(self) -> Result<Link> {
        Link::through::<M, T, Through>(self.near, self.far)
    }
}
