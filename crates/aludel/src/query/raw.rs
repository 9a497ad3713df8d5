//! Raw SQL with bound values: the way to anything that queries do not say.

use std::marker::PhantomData;

use super::expr::{Marks, Nodes};
use super::operand::{bind, declared_types};
use super::plan::resolve_one;
use super::{Column, Expr, Query, Record, walk};
use crate::dialect::Dialect;
use crate::sql::{self, Fragment, Statement};
use crate::{Error, Field, Model, Result, Type, Value, model};

/// SQL text with values bound and names quoted, made by `sql!("select {Post::ID} from {Post} where likes > {n}")`.
///
/// A value becomes a parameter, never text. A model in braces is its table, a column is its name (unqualified, so write
/// `{Post}.{Post::ID}` or an alias of your own where names clash), an expression or query is its SQL.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
/// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
/// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
/// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
/// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
/// # use aludel::sql;
/// # async fn hot(db: &mut Session, above: i32) -> Result<Vec<(i64, String)>> {
/// let hot = sql!("select {Post::ID}, {Post::TITLE} from {Post} where {Post::LIKES} > {above} order by random()");
/// db.fetch(hot.rows::<(i64, String)>()).await
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "SQL does nothing until a session runs it"]
pub struct Sql {
    fragments: Vec<Fragment>,
    marks: Marks,
}

/// Raw SQL whose rows are read as `T`.
#[derive(Debug)]
#[must_use = "SQL does nothing until a session runs it: `db.fetch(rows).await?`"]
pub struct SqlRows<T> {
    pub(crate) sql: Sql,
    marker: PhantomData<fn() -> T>,
}

impl<T> Clone for SqlRows<T> {
    fn clone(&self) -> Self {
        SqlRows { sql: self.sql.clone(), marker: PhantomData }
    }
}

/// A piece of `sql!`.
#[doc(hidden)]
#[derive(Debug)]
pub struct SqlPart(Vec<Fragment>, Marks);

/// What may stand in the braces of `sql!`. `Kind` only tells the implementations apart and is always inferred.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the braces of `sql!`",
    note = "bind a value of a column type, or name a model, a column, an expression or a query"
)]
pub trait SqlArg<Kind> {
    /// The SQL that stands for it.
    fn __part(&self) -> SqlPart;
}

/// Kinds of [`SqlArg`].
#[doc(hidden)]
#[derive(Debug)]
pub enum AsValue {}
#[doc(hidden)]
#[derive(Debug)]
pub enum AsBorrowed {}
#[doc(hidden)]
#[derive(Debug)]
pub enum AsSql {}

impl<T: Field> SqlArg<AsValue> for T {
    fn __part(&self) -> SqlPart {
        let nodes = bind(self, &declared_types(T::PART));
        let marks = Marks::of_values(&nodes);
        SqlPart(commas(nodes), marks)
    }
}

impl<T: Field> SqlArg<AsBorrowed> for &T {
    fn __part(&self) -> SqlPart {
        (**self).__part()
    }
}

impl SqlArg<AsBorrowed> for &str {
    fn __part(&self) -> SqlPart {
        let text = Value::Text((*self).to_owned());
        SqlPart(vec![Fragment::Expr(sql::Expr::Value(text, Type::Text))], Marks::default())
    }
}

impl<M: Model, T> SqlArg<AsSql> for Column<M, T> {
    fn __part(&self) -> SqlPart {
        self.expr().__part()
    }
}

impl<M, T> SqlArg<AsSql> for Expr<M, T> {
    fn __part(&self) -> SqlPart {
        SqlPart(commas(self.nodes.clone().into_vec()), self.marks.clone())
    }
}

impl<M: Model, T> SqlArg<AsSql> for Query<M, T> {
    fn __part(&self) -> SqlPart {
        match self.clone().into_select() {
            Ok(select) => SqlPart(vec![Fragment::Expr(sql::Expr::Scalar(Box::new(select)))], self.marks.clone()),
            Err(error) => SqlPart(Vec::new(), Marks::fault(error.to_string())),
        }
    }
}

impl SqlArg<AsSql> for Sql {
    fn __part(&self) -> SqlPart {
        SqlPart(self.fragments.clone(), self.marks.clone())
    }
}

/// Several expressions with commas between.
fn commas(nodes: Vec<sql::Expr>) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    for node in nodes {
        if !fragments.is_empty() {
            fragments.push(Fragment::Text(", ".into()));
        }
        fragments.push(Fragment::Expr(node));
    }
    fragments
}

/// SQL text, as it stands in `sql!`.
#[doc(hidden)]
pub fn text(text: &'static str) -> SqlPart {
    SqlPart(vec![Fragment::Text(text.into())], Marks::default())
}

/// What stands in braces of `sql!`.
#[doc(hidden)]
pub fn arg<K, A: SqlArg<K>>(arg: &A) -> SqlPart {
    arg.__part()
}

/// A model's table.
#[doc(hidden)]
pub fn table<M: Model>() -> SqlPart {
    SqlPart(vec![Fragment::Name(M::META.table.into())], Marks::default())
}

impl Sql {
    /// What `sql!` makes.
    #[doc(hidden)]
    pub fn new(parts: Vec<SqlPart>) -> Self {
        let mut sql = Sql { fragments: Vec::with_capacity(parts.len()), marks: Marks::default() };
        for SqlPart(fragments, marks) in parts {
            sql.fragments.extend(fragments);
            sql.marks.add(marks);
        }
        sql
    }

    /// The rows as values of type `T`: a column type, a model, a tuple, or `#[derive(Record)]`; cells in order.
    pub fn rows<T: Record>(self) -> SqlRows<T> {
        SqlRows { sql: self, marker: PhantomData }
    }

    /// The text as an expression of type `T` in queries of `M`, where columns in braces are those of the query.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))]
    /// # pub struct Post { pub id: i64, pub author_id: Fk<User>, pub title: String, pub likes: i32 }
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] pub struct PostTag { #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
    /// # #[derive(Model, Clone)] pub struct Comment { pub id: i64, pub post_id: Fk<Post>, pub user_id: Option<Fk<User>>, pub body: String }
    /// # use aludel::sql;
    /// let odd = Post::filter(sql!("{Post::ID} % 2 = 1").expr::<Post, bool>());
    /// ```
    pub fn expr<M: Model, T: Field>(self) -> Expr<M, T> {
        Expr::new(Nodes::One(sql::Expr::Raw(self.fragments)), self.marks)
    }

    /// The statement.
    ///
    /// # Errors
    /// A usage error for columns behind a relation, and what rendering refuses.
    pub(crate) fn statement(&self, dialect: &Dialect) -> Result<Statement> {
        if let Some(fault) = self.marks.first_fault() {
            return Err(Error::usage(fault));
        }
        let mut fragments = self.fragments.clone();
        let mut behind = None;
        for fragment in &mut fragments {
            let Fragment::Expr(node) = fragment else { continue };
            bare(node, &mut behind);
            // A name alone goes without the parentheses of an expression: it may stand in `set` or a list of columns.
            if let sql::Expr::Raw(inner) = node
                && let [Fragment::Name(name)] = &mut inner[..]
            {
                *fragment = Fragment::Name(std::mem::take(name));
            }
        }
        if let Some(name) = behind {
            return Err(Error::usage(format!(
                "column `{name}` stands behind a relation, which raw SQL does not join: write the join yourself"
            )));
        }
        sql::raw(fragments, dialect)
    }

    /// Puts the keys of entities in the place of their handles; `key` answers with the key's columns.
    ///
    /// # Errors
    /// What `key` answers.
    pub(crate) fn resolve(&mut self, key: &mut dyn FnMut(model::Pending) -> Result<Vec<Value>>) -> Result<()> {
        let mut outcome = Ok(());
        if self.marks.pending() {
            for fragment in &mut self.fragments {
                if let Fragment::Expr(node) = fragment {
                    walk::every(node, &mut |node| resolve_one(node, key, &mut outcome));
                }
            }
        }
        outcome
    }
}

/// Columns outside of subselects as their bare names, since the text has its own FROM.
fn bare(node: &mut sql::Expr, behind: &mut Option<sql::Name>) {
    if let sql::Expr::Column { path, name, .. } = node {
        if !path.hops().is_empty() {
            *behind = Some(name.clone());
        }
        let name = std::mem::take(name);
        *node = sql::Expr::Raw(vec![Fragment::Name(name)]);
        return;
    }
    walk::children(node, &mut |child, within| {
        if !within {
            bare(child, behind);
        }
    });
}
