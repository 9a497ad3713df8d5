//! Statements that write without entities: UPDATE and DELETE of a query, INSERT with a rule for conflicts, raw SQL.

use std::future::{Future, IntoFuture};

use super::Session;
use super::blame::still_referenced;
use super::collect::Collect;
use super::delete::Delete;
use super::flush::now;
use super::guts::Guts;
use super::read::key_of;
use crate::driver::{BoxFuture, Request};
use crate::model::{Bind, Draft, Insert, Main, Supply};
use crate::query::{Changes, Insertion, IntoChanges, Returning, returning};
use crate::sql::Statement;
use crate::{Cells, Error, Model, Query, Result, Selection, Sql, Value};

/// An UPDATE of the rows of a query, to be awaited for the number of rows; made by [`Session::update`].
#[must_use = "nothing is sent until this is awaited"]
pub struct Updating<'a, M, T = M, B: Bind = Main> {
    session: &'a mut Session<B>,
    query: Query<M, T>,
    changes: Changes<M>,
}

/// A DELETE of the rows of a query, to be awaited for the number of rows; made by [`Session::delete`].
#[must_use = "nothing is sent until this is awaited"]
pub struct Deleting<'a, M, T = M, B: Bind = Main> {
    session: &'a mut Session<B>,
    query: Query<M, T>,
}

/// An INSERT past the session's entities, to be awaited for the number of rows; made by [`Session::insert`].
#[must_use = "nothing is sent until this is awaited"]
pub struct Inserting<'a, M, B: Bind = Main> {
    session: &'a mut Session<B>,
    insertion: Insertion<M>,
}

impl<B: Bind> Session<B> {
    /// Changes the rows of a query by one statement, at once: counters, bulk changes, compare-and-set.
    ///
    /// Flushes first. `version` and `updated` columns are kept. Entities of that table that the session holds keep the
    /// values they have, and `get` reads them again. Awaited, it answers with the number of rows;
    /// [`returning`](Updating::returning) with columns of them.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # use aludel::set;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub likes: i32 }
    /// # async fn like(db: &mut Session, id: i64) -> Result<Option<i32>> {
    /// let likes = db.update(Post::at(id), set(Post::LIKES, Post::LIKES + 1)).returning(Post::LIKES).await?;
    /// # Ok(likes.first().copied()) }
    /// ```
    pub fn update<M: Model<Bind = B>, T>(
        &mut self,
        query: Query<M, T>,
        changes: impl IntoChanges<M>,
    ) -> Updating<'_, M, T, B> {
        Updating { session: self, query, changes: changes.__changes() }
    }

    /// Inserts rows by statement, past the session's entities: imports and upserts. Flushes first.
    ///
    /// Rows of one shape travel together, up to 500 in a statement. Awaited, it answers with the number of rows written.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, #[column(unique)] pub name: String }
    /// # async fn tags(db: &mut Session, names: Vec<String>) -> Result<u64> {
    /// db.insert(names.into_iter().map(|name| new!(Tag { name }))).on_conflict(Tag::NAME).do_nothing().await
    /// # }
    /// ```
    pub fn insert<M: Model<Bind = B>, R: Insert<Model = M>>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
    ) -> Inserting<'_, M, B> {
        Inserting { session: self, insertion: Insertion::new(rows) }
    }

    /// Runs raw SQL that answers with no rows, and tells how many it changed. Flushes first; `get` reads everything again
    /// afterwards, since it is not known which tables were written.
    ///
    /// # Errors
    /// What the flush can fail with; a usage error in a session that only reads; whatever the driver reports.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # use aludel::sql;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub likes: i32 }
    /// # async fn decay(db: &mut Session, above: i32) -> Result<u64> {
    /// db.execute(sql!("update {Post} set likes = likes / 2 where likes > {above}")).await
    /// # }
    /// ```
    pub async fn execute(&mut self, mut sql: Sql) -> Result<u64> {
        let guts = self.guts_mut();
        guts.link.writable()?;
        guts.flush().await?;
        sql.resolve(&mut |pending| key_of(&guts.unit, pending))?;
        guts.free();
        let statement = sql.statement(guts.link.shared.engine.dialect())?;
        guts.send(&statement).await
    }
}

impl Guts {
    async fn update_rows<M: Model, T>(
        &mut self,
        mut query: Query<M, T>,
        mut changes: Changes<M>,
        returning: Returning,
    ) -> Result<Statement> {
        self.flush().await?;
        query.resolve(&mut |pending| key_of(&self.unit, pending))?;
        changes.resolve(&mut |pending| key_of(&self.unit, pending))?;
        self.unit.forget_reads(M::__layout());
        query.into_update(changes, returning)?.render(self.link.shared.engine.dialect())
    }

    async fn delete_rows<M: Model, T>(&mut self, mut query: Query<M, T>, returning: Returning) -> Result<Statement> {
        self.flush().await?;
        query.resolve(&mut |pending| key_of(&self.unit, pending))?;
        let layout = M::__layout();
        self.unit.forget_reads(layout);
        let shared = self.link.shared.clone();
        super::answer::forget_followers(&mut self.unit, &shared.graph, layout, &mut Vec::new());
        query.into_delete(returning)?.render(shared.engine.dialect())
    }

    async fn insert_rows<M: Model>(
        &mut self,
        mut insertion: Insertion<M>,
        returning: Returning,
    ) -> Result<Vec<Statement>> {
        self.flush().await?;
        let now = now();
        let mut problems = Vec::new();
        for row in insertion.rows_mut() {
            complete(row, &now)?;
            check(row, &mut problems);
        }
        if !problems.is_empty() {
            return Err(Error::invalid(problems));
        }
        insertion.resolve(&mut |pending| key_of(&self.unit, pending))?;
        self.unit.forget_reads(M::__layout());
        let dialect = self.link.shared.engine.dialect();
        insertion.into_statements(dialect, &returning)?.iter().map(|insert| insert.render(dialect)).collect()
    }

    /// Runs statements that give columns back.
    async fn collect<T: Send>(
        &mut self,
        statements: &[Statement],
        read: fn(&mut Cells<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut sink = Collect::new(read);
        for statement in statements {
            let result = self.link.write(&mut [Request::new(statement, &mut sink)]).await;
            if let Err(error) = &result {
                self.link.fail(error);
            }
            result?;
        }
        Ok(sink.rows)
    }
}

/// What an entity gets at `add` and at flush: a key made by the client, the first version, the time of writing.
fn complete<M: Model>(row: &mut Draft<M>, now: &Value) -> Result<()> {
    let layout = M::__layout();
    for &field in &layout.key_fields {
        let made = layout.columns[layout.fields[field].start].supply == Supply::Uuid;
        if made && !row.given.contains(field) && row.model.__slot_mut(field).slot_fresh() {
            row.given.insert(field);
        }
    }
    let own = [(layout.version, Value::Int(1)), (layout.updated, now.clone())];
    for (field, value) in own {
        if let Some(field) = field.filter(|field| !row.given.contains(*field)) {
            row.model.__slot_mut(field).slot_read(&mut Cells::new(&std::slice::from_ref(&value)))?;
            row.given.insert(field);
        }
    }
    for (field, range) in layout.fields.iter().enumerate() {
        if layout.columns[range.start].supply == Supply::Literal {
            row.given.insert(field);
        }
    }
    Ok(())
}

fn check<M: Model>(row: &Draft<M>, problems: &mut Vec<crate::FieldError>) {
    let layout = M::__layout();
    let mut values = Vec::new();
    for field in row.given.iter() {
        values.clear();
        row.model.__slot(field).slot_write(&mut values);
        for (value, column) in values.iter().zip(&layout.columns[layout.fields[field].clone()]) {
            problems.extend(value.check(&column.ty, layout.meta.fields[field].name).err());
        }
    }
}

impl<'a, M: Model<Bind = B>, T: Send + 'static, B: Bind> Updating<'a, M, T, B> {
    /// Answers with columns of the changed rows, as they are now, instead of their number.
    ///
    /// Awaiting it fails as awaiting the update does, and on engines that give nothing back from an UPDATE.
    pub fn returning<S: Selection<M>>(
        self,
        selection: S,
    ) -> impl Future<Output = Result<Vec<S::Out>>> + Send + use<'a, M, T, B, S> {
        let Updating { session, query, changes } = self;
        let columns = returning(selection);
        async move {
            let guts = session.guts_mut();
            let statement = guts.update_rows(query, changes, columns?).await?;
            guts.collect(&[statement], S::__read).await
        }
    }
}

impl<'a, M: Model<Bind = B>, T: Send + 'static, B: Bind> IntoFuture for Updating<'a, M, T, B> {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'a, Result<u64>>;

    fn into_future(self) -> Self::IntoFuture {
        let Updating { session, query, changes } = self;
        Box::pin(async move {
            let guts = session.guts_mut();
            let statement = guts.update_rows(query, changes, Returning::new()).await?;
            guts.send(&statement).await
        })
    }
}

impl<M: Model<Bind = B>, T: Send + 'static, B: Bind> Delete<B> for Query<M, T> {
    type Out<'a>
        = Deleting<'a, M, T, B>
    where
        B: 'a;

    fn __delete(self, session: &mut Session<B>) -> Deleting<'_, M, T, B> {
        Deleting { session, query: self }
    }
}

impl<'a, M: Model<Bind = B>, T: Send + 'static, B: Bind> Deleting<'a, M, T, B> {
    /// Answers with columns of the deleted rows instead of their number.
    ///
    /// Awaiting it fails as awaiting the deletion does, and on engines that give nothing back from a DELETE.
    pub fn returning<S: Selection<M>>(
        self,
        selection: S,
    ) -> impl Future<Output = Result<Vec<S::Out>>> + Send + use<'a, M, T, B, S> {
        let Deleting { session, query } = self;
        let columns = returning(selection);
        async move {
            let guts = session.guts_mut();
            let statement = guts.delete_rows(query, columns?).await?;
            let result = guts.collect(&[statement], S::__read).await;
            result.map_err(|error| still_referenced(error, M::__layout()))
        }
    }
}

impl<'a, M: Model<Bind = B>, T: Send + 'static, B: Bind> IntoFuture for Deleting<'a, M, T, B> {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'a, Result<u64>>;

    fn into_future(self) -> Self::IntoFuture {
        let Deleting { session, query } = self;
        Box::pin(async move {
            let guts = session.guts_mut();
            let statement = guts.delete_rows(query, Returning::new()).await?;
            guts.send(&statement).await.map_err(|error| still_referenced(error, M::__layout()))
        })
    }
}

impl<'a, M: Model<Bind = B>, B: Bind> Inserting<'a, M, B> {
    /// Names the unique columns that may clash; say what then with [`do_nothing`](Self::do_nothing) or
    /// [`do_update`](Self::do_update).
    pub fn on_conflict<S: Selection<M>>(mut self, columns: S) -> Self {
        self.insertion = self.insertion.on_conflict(columns);
        self
    }

    /// Leaves rows that are there already as they are.
    pub fn do_nothing(mut self) -> Self {
        self.insertion = self.insertion.do_nothing();
        self
    }

    /// Changes rows that are there already: `set(Tag::USES, Tag::USES + 1)`, `set(Tag::NOTE, Tag::NOTE.excluded())`.
    pub fn do_update(mut self, changes: impl IntoChanges<M>) -> Self {
        self.insertion = self.insertion.do_update(changes);
        self
    }

    /// Answers with columns of the rows written instead of their number; rows left alone are not among them.
    ///
    /// Awaiting it fails as awaiting the insertion does.
    pub fn returning<S: Selection<M>>(
        self,
        selection: S,
    ) -> impl Future<Output = Result<Vec<S::Out>>> + Send + use<'a, M, B, S> {
        let Inserting { session, insertion } = self;
        let columns = returning(selection);
        async move {
            let guts = session.guts_mut();
            let statements = guts.insert_rows(insertion, columns?).await?;
            guts.collect(&statements, S::__read).await
        }
    }
}

impl<'a, M: Model<Bind = B>, B: Bind> IntoFuture for Inserting<'a, M, B> {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'a, Result<u64>>;

    fn into_future(self) -> Self::IntoFuture {
        let Inserting { session, insertion } = self;
        Box::pin(async move {
            let guts = session.guts_mut();
            let mut rows = 0;
            for statement in guts.insert_rows(insertion, Returning::new()).await? {
                rows += guts.send(&statement).await?;
            }
            Ok(rows)
        })
    }
}
