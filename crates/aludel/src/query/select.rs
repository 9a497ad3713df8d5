//! Queries.

use std::marker::PhantomData;

use super::compare::Order;
use super::expr::{Marks, binary, joined};
use super::many::{counted, one};
use super::operand::key_nodes;
use super::view::{Plan, Reading};
use super::{Expr, IntoExpr, Selection, View};
use crate::sql::{self, Binary, Lock, Path};
use crate::{Cells, KeyOf, Model, Result};

/// Rows of the model `M` in the shape `T`: a model, a view, or what [`Query::select`] asks for.
///
/// It is a value and does nothing by itself: clone it, pass it around, build it in steps. A session's `fetch` and its
/// relatives run it, `count` and `exists` ask about it, `update` and `delete` change its rows.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
/// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
/// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
/// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
/// # struct Search { q: Option<String>, author: Option<i64>, page: u64 }
/// # async fn search(db: &mut Session, s: Search) -> Result<(i64, Vec<Post>)> {
/// let found = Post::all()
///     .filter_some(s.q.map(|q| Post::TITLE.contains(q)))
///     .filter_some(s.author.map(|id| Post::AUTHOR_ID.eq(id)));
/// let total = db.count(found.clone()).await?;
/// Ok((total, db.fetch(found.order_by((Post::LIKES.desc(), Post::ID.desc())).page(s.page, 20)).await?))
/// # }
/// ```
#[must_use = "a query does nothing until a session runs it: `db.fetch(query).await?`"]
pub struct Query<M, T = M> {
    pub(crate) select: sql::Select,
    pub(crate) shape: Shape<T>,
    pub(crate) marks: Marks,
    /// Whether a limit is not meant to be stable.
    pub(crate) any_order: bool,
    marker: PhantomData<fn() -> M>,
}

/// What a query selects, and how its rows become values.
pub(crate) struct Shape<T> {
    pub(crate) columns: Columns,
    pub(crate) read: fn(&mut Cells<'_>, &mut Reading) -> Result<T>,
    pub(crate) fill: fn(&mut T, &mut Reading) -> Result<()>,
}

/// Where the columns of a query come from.
#[derive(Clone)]
pub(crate) enum Columns {
    /// A view says them when the query is planned.
    View(fn(&mut Plan)),
    /// They were given.
    Given(Vec<sql::Expr>),
}

impl<T> Clone for Shape<T> {
    fn clone(&self) -> Self {
        Shape { columns: self.columns.clone(), read: self.read, fill: self.fill }
    }
}

impl<M, T> Clone for Query<M, T> {
    fn clone(&self) -> Self {
        Query {
            select: self.select.clone(),
            shape: self.shape.clone(),
            marks: self.marks.clone(),
            any_order: self.any_order,
            marker: PhantomData,
        }
    }
}

impl<V: View> Query<V::Model, V> {
    pub(crate) fn of_view() -> Self {
        Query {
            select: sql::Select::from(V::Model::META.table),
            shape: Shape { columns: Columns::View(V::__plan), read: V::__view, fill: V::__fill },
            marks: Marks::default(),
            any_order: false,
            marker: PhantomData,
        }
    }
}

impl<M: Model, T> Query<M, T> {
    /// Narrows the rows to those that meet `condition` too.
    pub fn filter(mut self, condition: impl IntoExpr<M, bool>) -> Self {
        let (node, marks) = condition.__expr().single("filter");
        self.select.and(node);
        self.marks.add(marks);
        self
    }

    /// Narrows the rows where there is a condition: `query.filter_some(author.map(|id| Post::AUTHOR_ID.eq(id)))`.
    pub fn filter_some<C: IntoExpr<M, bool>>(self, condition: Option<C>) -> Self {
        match condition {
            Some(condition) => self.filter(condition),
            None => self,
        }
    }

    /// The row whose key is `key`.
    pub fn at(mut self, key: impl KeyOf<M::Key, M>) -> Self {
        let values = match key.key_of() {
            Ok(key) => {
                let layout = M::__layout();
                let types: Vec<_> = layout.key.iter().map(|&key| layout.columns[key].ty.clone()).collect();
                super::operand::bind(&key, &types)
            }
            Err(handle) => super::operand::bind(&crate::Fk::Pending(handle), &[]),
        };
        self.marks.add(Marks::of_values(&values));
        let pairs = key_nodes::<M>(&Path::root()).into_iter().zip(values);
        if let Some(node) = joined(pairs.map(|(left, right)| binary(left, Binary::Eq, right)), Binary::And) {
            self.select.and(node);
        }
        self
    }

    /// Orders the rows: by one key (`Post::ID.desc()`) or a tuple, array or Vec of several. Called again, it adds further keys.
    pub fn order_by(mut self, order: impl Orders<M>) -> Self {
        order.__orders(&mut |order| {
            self.select.order.extend(order.keys);
            self.marks.add(order.marks);
        });
        self
    }

    /// At most `rows` rows. Without an order they come in the order of the key, so that pages do not overlap.
    pub fn limit(mut self, rows: u64) -> Self {
        self.select.limit = Some(rows);
        self
    }

    /// Leaves out the first `rows` rows. Without an order they come in the order of the key.
    pub fn offset(mut self, rows: u64) -> Self {
        self.select.offset = Some(rows);
        self
    }

    /// The rows of one page: `per_page` of them, pages counted from 1.
    ///
    /// A page 0 is refused when the query runs; check what a client sends before.
    pub fn page(mut self, page: u64, per_page: u64) -> Self {
        if page == 0 {
            self.marks.add(Marks::fault("pages are counted from 1, and page 0 was asked for"));
        }
        self.select.limit = Some(per_page);
        self.select.offset = Some(page.saturating_sub(1).saturating_mul(per_page));
        self
    }

    /// Equal rows only once.
    pub fn distinct(mut self) -> Self {
        self.select.distinct = true;
        self
    }

    /// Holds the rows against other writers until the transaction ends. Engines with a single writer need nothing for it.
    pub fn lock(mut self) -> Self {
        self.select.lock = Some(Lock::Update);
        self
    }

    /// Joins a to-many relation, so that `select` may name columns behind it and each row comes once per match.
    ///
    /// Only tuples and expressions can be read from such rows; views and models load to-many relations by themselves.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
    /// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
    /// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
    /// let rows = Post::all().join(Post::TAGS).select((Post::TITLE, Post::TAGS.then(Tag::NAME)));
    /// # let _: aludel::Query<Post, (String, String)> = rows;
    /// ```
    pub fn join(mut self, relation: impl super::relation::Joinable<M>) -> Self {
        match relation.__join() {
            Ok(paths) => {
                for path in paths {
                    let join = sql::Join { path };
                    if !self.select.joins.contains(&join) {
                        self.select.joins.push(join);
                    }
                }
            }
            Err(error) => self.marks.add(Marks::fault(error.to_string())),
        }
        self
    }

    /// Puts the rows into groups of equal `keys` (a column, an expression or a tuple); select the keys and aggregates.
    pub fn group_by<S: Selection<M>>(mut self, keys: S) -> Self {
        keys.__columns(&mut self.select.group, &mut self.marks);
        self
    }

    /// Narrows the groups to those that meet `condition`.
    pub fn having(mut self, condition: impl IntoExpr<M, bool>) -> Self {
        let (node, marks) = condition.__expr().single("having");
        self.select.having = Some(match self.select.having.take() {
            Some(having) => binary(having, Binary::And, node),
            None => node,
        });
        self.marks.add(marks);
        self
    }

    /// Reads these instead: a column, an expression, or a tuple of up to twelve.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
    /// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
    /// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
    /// # use aludel::count;
    /// // How many posts, and how many likes in all, each author has who wrote more than two.
    /// let authors = Post::all()
    ///     .group_by(Post::AUTHOR.then(User::NAME))
    ///     .having(count().gt(2))
    ///     .select((Post::AUTHOR.then(User::NAME), count(), Post::LIKES.sum()));
    /// # let _: aludel::Query<Post, (String, i64, Option<i64>)> = authors;
    /// ```
    pub fn select<S: Selection<M>>(self, selection: S) -> Query<M, S::Out> {
        let mut marks = self.marks;
        let mut columns = Vec::new();
        selection.__columns(&mut columns, &mut marks);
        Query {
            select: self.select,
            shape: Shape { columns: Columns::Given(columns), read: |cells, _| S::__read(cells), fill: |_, _| Ok(()) },
            marks,
            any_order: self.any_order,
            marker: PhantomData,
        }
    }

    /// The number of rows, limit and offset observed.
    pub(crate) fn into_count(mut self) -> Query<M, i64> {
        self.select.order.clear();
        self.any_order = true;
        let count = counted();
        let counted = &self.select;
        let plain = counted.limit.is_none()
            && counted.offset.is_none()
            && counted.group.is_empty()
            && counted.having.is_none()
            && !counted.distinct
            && counted.joins.is_empty();
        if plain {
            return self.select(Expr::from_node(count));
        }
        let mut marks = self.marks.clone();
        let mut outer = sql::Select::from("");
        if !self.select.distinct {
            self.shape.columns = Columns::Given(vec![one()]);
        }
        match self.plan() {
            Ok(planned) => {
                let mut inner = planned.select;
                inner.names = (0..inner.columns.len()).map(|at| format!("c{at}").into()).collect();
                outer.from = sql::Table::Select(Box::new(inner));
            }
            Err(error) => marks.add(Marks::fault(error.to_string())),
        }
        let query: Query<M, ()> = Query {
            select: outer,
            shape: Shape { columns: Columns::Given(Vec::new()), read: |_, _| Ok(()), fill: |(), _| Ok(()) },
            marks,
            any_order: true,
            marker: PhantomData,
        };
        query.select(Expr::from_node(count))
    }

    /// A query that gives one row where this one gives any.
    pub(crate) fn into_exists(mut self) -> Query<M, i64> {
        self.select.order.clear();
        self.cap(1).select(Expr::from_node(one()))
    }

    /// The first row in the query's order, else in key order.
    pub(crate) fn limit_first(mut self) -> Self {
        self.select.limit = Some(self.select.limit.map_or(1, |limit| limit.min(1)));
        self
    }

    /// No more than `rows` rows, whichever they are: unlike [`Query::limit`] this asks for no order.
    pub(crate) fn cap(mut self, rows: u64) -> Self {
        self.any_order |= self.select.limit.is_none() && self.select.offset.is_none();
        self.select.limit = Some(self.select.limit.map_or(rows, |limit| limit.min(rows)));
        self
    }
}

/// What `order_by` takes: one key, or several as a tuple, array or Vec.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no order of `{M}`",
    note = "say a direction: `Post::LIKES.desc()`, `Post::ID.asc()`, or a tuple of several"
)]
pub trait Orders<M> {
    /// Hands each key on.
    fn __orders(self, take: &mut dyn FnMut(Order<M>));
}

impl<M> Orders<M> for Order<M> {
    fn __orders(self, take: &mut dyn FnMut(Order<M>)) {
        take(self);
    }
}

impl<M, O: Orders<M>> Orders<M> for Vec<O> {
    fn __orders(self, take: &mut dyn FnMut(Order<M>)) {
        self.into_iter().for_each(|order| order.__orders(take));
    }
}

impl<M, O: Orders<M>, const N: usize> Orders<M> for [O; N] {
    fn __orders(self, take: &mut dyn FnMut(Order<M>)) {
        self.into_iter().for_each(|order| order.__orders(take));
    }
}

impl<M, O: Orders<M>> Orders<M> for Option<O> {
    fn __orders(self, take: &mut dyn FnMut(Order<M>)) {
        if let Some(order) = self {
            order.__orders(take);
        }
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        impl<Of, $($name: Orders<Of>),*> Orders<Of> for ($($name,)*) {
            fn __orders(self, take: &mut dyn FnMut(Order<Of>)) {
                $(self.$at.__orders(take);)*
            }
        }
    };
}

each_tuple!(tuples);

impl<M: Model, T> std::fmt::Debug for Query<M, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Query({} as {})", M::META.table, std::any::type_name::<T>())
    }
}
