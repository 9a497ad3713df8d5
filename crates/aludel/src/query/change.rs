//! Changing and deleting the rows of a query by one statement.

use std::marker::PhantomData;

use super::expr::{Marks, binary};
use super::operand::{Operand, key_nodes, types_of};
use super::plan::resolve_one;
use super::{Column, Query, Selection, walk};
use crate::model::{Layout, LayoutColumn, Supply};
use crate::sql::{self, Binary, Delete, Expr, Function, List, Path, Sort, Update};
use crate::{Error, Field, Model, Result, Type, Value, model};

/// Columns of `M` with what they are set to: `set(Post::LIKES, Post::LIKES + 1).set(Post::TITLE, "Hello")`.
#[derive(Debug)]
#[must_use = "changes do nothing until a session makes them: `db.update(Post::at(id), set(..)).await?`"]
pub struct Changes<M> {
    /// By place among the layout's columns.
    columns: Vec<(usize, Expr)>,
    marks: Marks,
    marker: PhantomData<fn() -> M>,
}

impl<M> Clone for Changes<M> {
    fn clone(&self) -> Self {
        Changes { columns: self.columns.clone(), marks: self.marks.clone(), marker: PhantomData }
    }
}

/// `column` set to a value, column or expression; all values are those from before the statement.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
/// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
/// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
/// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
/// # async fn like(db: &mut Session, id: i64) -> Result<()> {
/// db.update(Post::at(id), set(Post::LIKES, Post::LIKES + 1).set(Post::TITLE, "Liked")).await?;
/// # Ok(()) }
/// ```
pub fn set<M: Model, T: Field, K>(column: Column<M, T>, to: impl Operand<M, T, K>) -> Changes<M> {
    Changes { columns: Vec::new(), marks: Marks::default(), marker: PhantomData }.set(column, to)
}

/// `column` set to NULL, where a bare `None` would not say of what.
///
/// ```
/// # use aludel::prelude::*;
/// # use aludel::set_null;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub bio: Option<String> }
/// # async fn clear(db: &mut Session, id: i64) -> Result<()> {
/// db.update(User::at(id), set_null(User::BIO)).await?;
/// # Ok(()) }
/// ```
pub fn set_null<M: Model, T: Field>(column: Column<M, Option<T>>) -> Changes<M> {
    set(column, None::<T>)
}

impl<M: Model> Changes<M> {
    /// Sets one column more to NULL.
    pub fn null<T: Field>(self, column: Column<M, Option<T>>) -> Self {
        self.set(column, None::<T>)
    }

    /// Sets one column more.
    pub fn set<T: Field, K>(mut self, column: Column<M, T>, to: impl Operand<M, T, K>) -> Self {
        let to = to.__operand(&types_of::<T>(&column.expr().nodes));
        let places = M::__layout().fields[column.field].clone();
        self.columns.extend(places.zip(to.nodes.into_vec()));
        self.marks.add(to.marks);
        self
    }

    /// What is set, with what the model keeps by itself at each UPDATE.
    ///
    /// # Errors
    /// Usage errors for a key, a generated column or the version, for a column set twice, and for columns of other
    /// tables, which SET cannot name; all values that no engine could keep, as one error with a line per field.
    fn settle(self) -> Result<Vec<(sql::Name, Expr)>> {
        let layout = M::__layout();
        if let Some(fault) = self.marks.first_fault() {
            return Err(Error::usage(fault));
        }
        let mut set: Vec<(usize, Expr)> = Vec::with_capacity(self.columns.len() + 2);
        let mut problems = Vec::new();
        for (place, mut to) in self.columns {
            check(layout, place, set.iter().any(|(other, _)| *other == place))?;
            if let Expr::Value(value, ty) = &mut to {
                value.fit(ty);
                problems.extend(value.check(ty, layout.meta.fields[layout.columns[place].field].name).err());
            }
            if let Some(name) = foreign(&mut to) {
                return Err(Error::usage(format!(
                    "`{}` cannot be set to column `{name}` of another table: select the value first, or write `sql!`",
                    layout.columns[place].name
                )));
            }
            set.push((place, to));
        }
        if !problems.is_empty() {
            return Err(Error::invalid(problems));
        }
        kept(layout, &mut set);
        Ok(set.into_iter().map(|(place, to)| (layout.columns[place].name.into(), to)).collect())
    }
}

/// Refuses what may not be set.
fn check(layout: &Layout, place: usize, again: bool) -> Result<()> {
    let column = &layout.columns[place];
    let what = if again {
        "is set twice: keep one"
    } else if layout.key.contains(&place) {
        "is part of the key, which never changes: add a new row and delete the old one"
    } else if column.supply == Supply::Generated {
        "is made by the database from other columns: set those"
    } else if layout.version == Some(column.field) {
        "counts the changes of its row and is set by itself: leave it out"
    } else {
        return Ok(());
    };
    Err(Error::usage(format!("`{}.{}` {what}", layout.meta.model, layout.meta.fields[column.field].name)))
}

/// Adds the version and the time of the change.
fn kept(layout: &Layout, set: &mut Vec<(usize, Expr)>) {
    let own = |column: &LayoutColumn| super::column::node(column, Path::root());
    if let Some(field) = layout.version {
        let place = layout.fields[field].start;
        let column = &layout.columns[place];
        let one = Expr::Value(Value::Int(1), column.ty.clone());
        set.push((place, binary(own(column), Binary::Add, one)));
    }
    if let Some(field) = layout.updated {
        let place = layout.fields[field].start;
        if set.iter().all(|(other, _)| *other != place) {
            set.push((place, Expr::Call(Function::Now, Vec::new())));
        }
    }
}

/// A column behind a path, outside of subselects.
fn foreign(node: &mut Expr) -> Option<sql::Name> {
    if let Expr::Column { path, name, .. } = node
        && !path.hops().is_empty()
    {
        return Some(name.clone());
    }
    let mut found = None;
    walk::children(node, &mut |child, within| {
        if !within && found.is_none() {
            found = foreign(child);
        }
    });
    found
}

/// What `update` takes: [`Changes`], or several as a tuple, array or Vec.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no change of `{M}`",
    note = "write `set(Post::LIKES, Post::LIKES + 1)`, `.set(..)` for further columns, or a tuple of several"
)]
pub trait IntoChanges<M> {
    /// All of them as one.
    fn __changes(self) -> Changes<M>;
}

impl<M> IntoChanges<M> for Changes<M> {
    fn __changes(self) -> Changes<M> {
        self
    }
}

impl<M, C: IntoChanges<M>> IntoChanges<M> for Vec<C> {
    fn __changes(self) -> Changes<M> {
        together(self.into_iter().map(IntoChanges::__changes))
    }
}

impl<M, C: IntoChanges<M>, const N: usize> IntoChanges<M> for [C; N] {
    fn __changes(self) -> Changes<M> {
        together(self.into_iter().map(IntoChanges::__changes))
    }
}

fn together<M>(all: impl IntoIterator<Item = Changes<M>>) -> Changes<M> {
    let mut changes = Changes { columns: Vec::new(), marks: Marks::default(), marker: PhantomData };
    for one in all {
        changes.columns.extend(one.columns);
        changes.marks.add(one.marks);
    }
    changes
}

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        impl<Of, $($name: IntoChanges<Of>),*> IntoChanges<Of> for ($($name,)*) {
            fn __changes(self) -> Changes<Of> {
                together([$(self.$at.__changes()),*])
            }
        }
    };
}

each_tuple!(tuples);

/// Columns that a writing statement gives back.
pub(crate) type Returning = Vec<(sql::Name, Type)>;

/// The columns of `selection`, which must be the table's own.
///
/// # Errors
/// A usage error for anything but columns of the table.
pub(crate) fn returning<M: Model, S: Selection<M>>(selection: S) -> Result<Returning> {
    own_columns(selection, "a writing statement gives back columns of its own table")
}

pub(super) fn own_columns<M: Model, S: Selection<M>>(selection: S, rule: &str) -> Result<Returning> {
    let (mut nodes, mut marks) = (Vec::new(), Marks::default());
    selection.__columns(&mut nodes, &mut marks);
    let column = |node: Expr| match node {
        Expr::Column { path, name, ty } if path.hops().is_empty() => Ok((name, ty)),
        _ => Err(Error::usage(format!(
            "{rule}, not expressions or columns of other tables: name columns of `{}`",
            M::META.model
        ))),
    };
    nodes.into_iter().map(column).collect()
}

fn typed_key<M: Model>() -> Returning {
    let layout = M::__layout();
    layout.key.iter().map(|&key| (layout.columns[key].name.into(), layout.columns[key].ty.clone())).collect()
}

impl<M: Model, T> Query<M, T> {
    /// The UPDATE of the rows of the query.
    ///
    /// # Errors
    /// Usage errors for queries that are not about rows of the table, and for what cannot be set.
    pub(crate) fn into_update(self, changes: Changes<M>, returning: Returning) -> Result<Update> {
        let filter = self.written("update")?;
        Ok(Update { table: M::META.table.into(), set: changes.settle()?, filter, key: typed_key::<M>(), returning })
    }

    /// The DELETE of the rows of the query.
    ///
    /// # Errors
    /// Usage errors for queries that are not about rows of the table.
    pub(crate) fn into_delete(self, returning: Returning) -> Result<Delete> {
        let filter = self.written("delete")?;
        Ok(Delete { table: M::META.table.into(), filter, key: typed_key::<M>(), returning })
    }

    /// Which rows of the table are meant.
    fn written(mut self, verb: &str) -> Result<Option<Expr>> {
        if let Some(fault) = self.marks.first_fault() {
            return Err(Error::usage(fault));
        }
        let select = &mut self.select;
        if !select.group.is_empty() || select.having.is_some() || select.distinct || !select.joins.is_empty() {
            return Err(Error::usage(format!(
                "`{verb}` is about rows of `{}`, which grouped, joined or distinct rows are not: say with `.filter(..)` which \
                 rows are meant",
                M::META.table
            )));
        }
        if select.filter.as_mut().is_some_and(walk::aggregates) {
            return Err(Error::usage(format!("the filter of `{verb}` cannot hold an aggregate")));
        }
        if select.limit.is_none() && select.offset.is_none() {
            return Ok(select.filter.take());
        }
        let keys = key_nodes::<M>(&Path::root());
        if select.order.is_empty() {
            select.order = keys.iter().cloned().map(Sort::upwards).collect();
        }
        select.columns.clone_from(&keys);
        select.lock = None;
        let of = if keys.len() == 1 { keys.into_iter().next() } else { None };
        let of = of.unwrap_or_else(|| Expr::Row(key_nodes::<M>(&Path::root())));
        Ok(Some(Expr::In(Box::new(of), List::Select(Box::new(self.select)), false)))
    }
}

impl<M: Model> Changes<M> {
    /// Puts the keys of entities in the place of their handles; `key` answers with the key's columns.
    ///
    /// # Errors
    /// What `key` answers.
    pub(crate) fn resolve(&mut self, key: &mut dyn FnMut(model::Pending) -> Result<Vec<Value>>) -> Result<()> {
        let mut outcome = Ok(());
        if self.marks.pending() {
            for (_, to) in &mut self.columns {
                walk::every(to, &mut |node| resolve_one(node, key, &mut outcome));
            }
        }
        outcome
    }

    /// What an upsert sets.
    ///
    /// # Errors
    /// As for an UPDATE.
    pub(super) fn into_set(self) -> Result<Vec<(sql::Name, Expr)>> {
        self.settle()
    }
}
