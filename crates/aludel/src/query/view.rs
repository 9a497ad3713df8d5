//! Views: structs in the shape of an answer.

use std::any::Any;

use super::column::node;
use super::expr::{Marks, Nodes};
use super::{Expr, IntoExpr, Query, walk};
use crate::load::Branch;
use crate::sql::{self, Hop, Path};
use crate::{Cell, Cells, Error, KeyOf, Model, Result};

/// A struct in the shape of an answer, filled from rows of one model and of those it points at. Every model is one;
/// others are written with `#[derive(View)] #[view(Post)]`.
///
/// Each field is loaded when the view is: columns and to-one relations by one statement, each to-many relation by one
/// more, whatever the number of rows. A to-one relation whose key may be NULL is an `Option`.
///
/// A field takes the constant of its name in capitals, or the expression of its `#[view(..)]`.
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
/// struct PostLine {
///     id: i64,
///     title: String,
///     author: AuthorName,                            // one join
///     tags: Vec<Tag>,                                // one statement for all posts
///     #[view(Post::COMMENTS.count())]
///     comment_count: i64,
/// }
///
/// #[derive(View)]
/// #[view(User)]
/// struct AuthorName {
///     name: String,
/// }
///
/// # async fn front(db: &mut Session) -> Result<Vec<PostLine>> {
/// db.fetch(PostLine::filter(Post::LIKES.gt(10)).order_by(Post::ID.desc()).limit(20)).await
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no view",
    note = "write `#[derive(aludel::View)] #[view(Model)]` on `{Self}`, or use a model"
)]
pub trait View: Sized + Send + 'static {
    /// The model whose rows it shows.
    type Model: Model;

    /// Says what to select, field by field.
    #[doc(hidden)]
    fn __plan(plan: &mut Plan);

    /// Reads the fields in the same order; to-many fields stay empty.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[doc(hidden)]
    fn __view(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<Self>;

    /// Fills the to-many fields, in the same order.
    ///
    /// # Errors
    /// A usage error where the view was read by another plan than it is filled by.
    #[doc(hidden)]
    fn __fill(&mut self, reading: &mut Reading) -> Result<()>;

    /// All rows.
    fn all() -> Query<Self::Model, Self> {
        Query::of_view()
    }

    /// The rows that meet `condition`.
    fn filter(condition: impl IntoExpr<Self::Model, bool>) -> Query<Self::Model, Self> {
        Self::all().filter(condition)
    }

    /// The row whose key is `key`.
    fn at(key: impl KeyOf<<Self::Model as Model>::Key, Self::Model>) -> Query<Self::Model, Self> {
        Self::all().at(key)
    }
}

impl<M: Model> View for M {
    type Model = M;

    fn __plan(plan: &mut Plan) {
        let columns = M::__layout().columns.iter().map(|column| node(column, plan.path.clone()));
        plan.columns.extend(columns);
    }

    fn __view(cells: &mut Cells<'_>, _: &mut Reading) -> Result<Self> {
        M::__read(cells)
    }

    fn __fill(&mut self, _: &mut Reading) -> Result<()> {
        Ok(())
    }
}

/// Where a field of type `F` of a view of `M` comes from: the type of the expression decides.
#[diagnostic::on_unimplemented(
    message = "this view field has type `{F}`, which `{Self}` does not give",
    label = "the field type does not fit its source",
    note = "a column gives its own type; a to-one relation gives a view or model of its target (an Option of one for a \
            nullable key); a to-many relation gives a Vec of those"
)]
#[doc(hidden)]
pub trait Source<M, F>: Sized {
    /// Says what to select.
    #[doc(hidden)]
    fn __plan(self, plan: &mut Plan);

    /// Reads the field.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[doc(hidden)]
    fn __read(cells: &mut Cells<'_>, reading: &mut Reading) -> Result<F>;

    /// Fills what another statement has read.
    ///
    /// # Errors
    /// A usage error where the field was read by another plan than it is filled by.
    #[doc(hidden)]
    fn __fill(field: &mut F, reading: &mut Reading) -> Result<()> {
        let _ = (field, reading);
        Ok(())
    }
}

/// What a view selects, as it is put together: derives call [`Plan::field`] for each field.
#[doc(hidden)]
#[derive(Default)]
pub struct Plan {
    /// Where the model stands whose view is being planned.
    path: Path,
    pub(crate) columns: Vec<sql::Expr>,
    pub(crate) marks: Marks,
    pub(crate) reading: Reading,
}

impl Plan {
    /// A plan whose columns stand at `path`.
    pub(crate) fn at(path: Path) -> Self {
        Plan { path, ..Plan::default() }
    }

    /// Selects what `source` needs for a field of type `F` of a view of `M`.
    pub fn field<M, F, S: Source<M, F>>(&mut self, source: fn() -> S) {
        source().__plan(self);
    }

    /// Selects `expr`, which is over the model being planned.
    pub(crate) fn select(&mut self, nodes: Nodes, marks: Marks) {
        for mut node in nodes.into_vec() {
            walk::prefix(&mut node, &self.path);
            self.columns.push(node);
        }
        self.marks.add(marks.behind(&self.path));
    }

    /// Plans `inside` behind `hop`. Behind an optional one, a first hidden column tells whether a row is there.
    pub(crate) fn hop(&mut self, hop: Result<Hop>, presence: Option<sql::Expr>, inside: impl FnOnce(&mut Self)) {
        let hop = match hop {
            Ok(hop) => hop,
            Err(error) => return self.marks.add(Marks::fault(error.to_string())),
        };
        let behind = self.path.then(hop);
        let here = std::mem::replace(&mut self.path, behind);
        match presence {
            None => inside(self),
            Some(presence) => {
                let span = self.reading.open();
                self.select(Nodes::One(presence), Marks::default());
                let from = self.columns.len();
                inside(self);
                self.reading.close(span, self.columns.len() - from);
            }
        }
        self.path = here;
    }

    /// Selects the parent's key, hidden, and keeps `branch` for the rows that belong to it.
    pub(crate) fn branch(&mut self, key: Vec<sql::Expr>, branch: impl Branch) {
        self.select(Nodes::from_vec(key), Marks::default());
        self.reading.branches.push(Box::new(branch));
    }
}

/// What reading a view keeps aside: the keys of its to-many relations, and their rows once they are there.
///
/// Plan, read and fill pass the fields in one order, so that a count is enough to find what belongs to each.
#[doc(hidden)]
#[derive(Default)]
pub struct Reading {
    pub(crate) branches: Vec<Box<dyn Branch>>,
    branch: usize,
    spans: Vec<Span>,
    span: usize,
}

/// What lies behind one optional to-one relation, to be passed over where no row is there.
#[derive(Clone, Copy, Default)]
struct Span {
    cells: usize,
    branches: usize,
    spans: usize,
}

impl Reading {
    /// Reads a field of a view of `M` from `source`.
    ///
    /// # Errors
    /// A decode error where a cell does not fit.
    #[inline]
    pub fn read<M, F, S: Source<M, F>>(&mut self, _source: fn() -> S, cells: &mut Cells<'_>) -> Result<F> {
        S::__read(cells, self)
    }

    /// Fills a field of a view of `M` from `source`.
    ///
    /// # Errors
    /// A usage error where the field was read by another plan than it is filled by.
    #[inline]
    pub fn fill<M, F, S: Source<M, F>>(&mut self, _source: fn() -> S, field: &mut F) -> Result<()> {
        S::__fill(field, self)
    }

    /// Begins with the next value.
    #[inline]
    pub(crate) fn rewind(&mut self) {
        self.branch = 0;
        self.span = 0;
    }

    /// Takes the plan of a statement that reads on where another stopped: what was read stays.
    pub(crate) fn adopt(&mut self, plan: Reading) {
        if self.branches.is_empty() {
            *self = plan;
        }
    }

    fn open(&mut self) -> usize {
        // Counts so far, until the end is known.
        self.spans.push(Span { cells: 0, branches: self.branches.len(), spans: self.spans.len() + 1 });
        self.spans.len() - 1
    }

    fn close(&mut self, at: usize, cells: usize) {
        let open = self.spans[at];
        self.spans[at] =
            Span { cells, branches: self.branches.len() - open.branches, spans: self.spans.len() - open.spans };
    }

    fn enter(&mut self) -> Result<Span> {
        let span = self.spans.get(self.span).copied().ok_or_else(out_of_step)?;
        self.span += 1;
        Ok(span)
    }

    fn pass(&mut self, span: Span) {
        self.branch += span.branches;
        self.span += span.spans;
    }

    /// Reads a view behind an optional relation.
    pub(crate) fn optional<V: View>(&mut self, cells: &mut Cells<'_>) -> Result<Option<V>> {
        let span = self.enter()?;
        if cells.take()? == Cell::Null {
            cells.skip(span.cells);
            self.pass(span);
            return Ok(None);
        }
        V::__view(cells, self).map(Some)
    }

    /// Fills a view behind an optional relation.
    pub(crate) fn fill_optional<V: View>(&mut self, view: &mut Option<V>) -> Result<()> {
        let span = self.enter()?;
        match view {
            Some(view) => view.__fill(self),
            None => {
                self.pass(span);
                Ok(())
            }
        }
    }

    /// The next to-many relation, which is known to be a `B`.
    #[inline]
    pub(crate) fn next_branch<B: Branch>(&mut self) -> Result<&mut B> {
        let at = self.branch;
        self.branch += 1;
        let branch: &mut dyn Any = &mut **self.branches.get_mut(at).ok_or_else(out_of_step)?;
        branch.downcast_mut().ok_or_else(out_of_step)
    }
}

fn out_of_step() -> Error {
    Error::usage("a view was planned and read differently: its `View` impl must pass the fields in one order")
}

/// An expression of the view's own model.
pub(crate) fn own<M, T>(expr: Expr<M, T>, plan: &mut Plan) {
    plan.select(expr.nodes, expr.marks);
}
