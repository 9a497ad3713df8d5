//! Reading by query: plain values with `fetch`, handles with `track`.

use super::Session;
use super::get::Adopt;
use super::guts::Guts;
use crate::driver::Request;
use crate::error::Kind;
use crate::load::Fetch;
use crate::model::{Bind, Pending};
use crate::unit::{EntityRef, State, Unit};
use crate::{Error, Handle, Model, Query, Result, Value};

impl<B: Bind> Session<B> {
    /// All rows of a query, as plain values in its shape: models, views, tuples.
    ///
    /// Flushes first. One statement, and one more for each to-many relation of a view, whatever the number of rows.
    ///
    /// # Errors
    /// What the flush can fail with; a usage error where the query cannot work as written; whatever the driver reports.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub title: String }
    /// # async fn recent(db: &mut Session, q: &str) -> Result<Vec<Post>> {
    /// db.fetch(Post::filter(Post::TITLE.contains(q)).order_by(Post::ID.desc()).limit(20)).await
    /// # }
    /// ```
    pub async fn fetch<Q: Fetch<B>>(&mut self, query: Q) -> Result<Vec<Q::Row>> {
        self.guts_mut().fetch(query).await
    }

    /// The only row of a query.
    ///
    /// # Errors
    /// Not found (404) where there is none, an error where there are several; otherwise as [`fetch`](Session::fetch).
    pub async fn fetch_one<Q: Fetch<B>>(&mut self, query: Q) -> Result<Q::Row> {
        let what = query.__what();
        self.fetch_opt(query).await?.ok_or_else(|| nothing(what))
    }

    /// The only row of a query, or `None`.
    ///
    /// # Errors
    /// Where there are several; otherwise as [`fetch`](Session::fetch).
    pub async fn fetch_opt<Q: Fetch<B>>(&mut self, query: Q) -> Result<Option<Q::Row>> {
        let what = query.__what();
        single(what, self.guts_mut().fetch(query.__cap(2)).await?)
    }

    /// The first row of a query in its order (without one, in key order), or `None`.
    ///
    /// # Errors
    /// As [`fetch`](Session::fetch).
    pub async fn fetch_first<M: Model<Bind = B>, T: Send + 'static>(
        &mut self,
        query: Query<M, T>,
    ) -> Result<Option<T>> {
        Ok(self.guts_mut().fetch::<B, _>(query.limit_first()).await?.pop())
    }

    /// How many rows a query has; one statement.
    ///
    /// # Errors
    /// As [`fetch`](Session::fetch).
    pub async fn count<M: Model<Bind = B>, T: Send + 'static>(&mut self, query: Query<M, T>) -> Result<i64> {
        self.fetch_one(query.into_count()).await
    }

    /// Whether a query has any row; one statement, which stops at the first.
    ///
    /// # Errors
    /// As [`fetch`](Session::fetch).
    pub async fn exists<M: Model<Bind = B>, T: Send + 'static>(&mut self, query: Query<M, T>) -> Result<bool> {
        Ok(!self.guts_mut().fetch::<B, _>(query.into_exists()).await?.is_empty())
    }

    /// All rows of a query as entities: a row that the session holds already is the same entity, with the row's values.
    ///
    /// Flushes first; one statement.
    ///
    /// # Errors
    /// As [`fetch`](Session::fetch).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub likes: i32 }
    /// # async fn decay(db: &mut Session) -> Result<()> {
    /// for post in db.track(Post::filter(Post::LIKES.gt(100))).await? {
    ///     db[post].likes /= 2;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn track<M: Model<Bind = B>>(&mut self, query: Query<M, M>) -> Result<Vec<Handle<M>>> {
        self.guts_mut().track(query).await
    }

    /// The only row of a query, as an entity.
    ///
    /// # Errors
    /// As [`fetch_one`](Session::fetch_one).
    pub async fn track_one<M: Model<Bind = B>>(&mut self, query: Query<M, M>) -> Result<Handle<M>> {
        self.track_opt(query).await?.ok_or_else(|| nothing(M::META.model))
    }

    /// The only row of a query, as an entity, or `None`.
    ///
    /// # Errors
    /// As [`fetch_opt`](Session::fetch_opt).
    pub async fn track_opt<M: Model<Bind = B>>(&mut self, query: Query<M, M>) -> Result<Option<Handle<M>>> {
        single(M::META.model, self.guts_mut().track(query.cap(2)).await?)
    }
}

impl Guts {
    /// The first column of the rows of a statement without parameters, as text.
    pub(crate) async fn texts_of(&mut self, text: &'static str) -> Result<Vec<String>> {
        let statement = crate::sql::Statement::plain(text);
        let mut returned = super::answer::Returned::new(&[], &[]);
        let result = self.link.run(&mut [Request::new(&statement, &mut returned)]).await;
        self.failing(result)?;
        let first = |row: Vec<Value>| match row.into_iter().next() {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Error::decode(format!("`{text}` answers with something else than text"))),
        };
        returned.rows.into_iter().map(first).collect()
    }

    pub(crate) async fn fetch<B: Bind, Q: Fetch<B>>(&mut self, mut query: Q) -> Result<Vec<Q::Row>> {
        self.flush().await?;
        query.__resolve(&mut |pending| key_of(&self.unit, pending))?;
        if Q::FREE {
            self.free();
        }
        let dialect = self.link.shared.engine.dialect();
        let mut loading = query.__loading(dialect)?;
        loop {
            let mut round = loading.round(dialect)?;
            if round.is_empty() {
                break;
            }
            let result = self.link.run(&mut round).await;
            if let Err(error) = &result {
                self.link.fail(error);
            }
            result?;
        }
        loading.finish()
    }

    /// What comes may read and write anything.
    pub(super) fn free(&mut self) {
        self.link.may_write();
        self.unit.outdate();
    }

    async fn track<M: Model>(&mut self, mut query: Query<M, M>) -> Result<Vec<Handle<M>>> {
        self.flush().await?;
        query.resolve(&mut |pending| key_of(&self.unit, pending))?;
        let statement = query.into_select()?.render(self.link.shared.engine.dialect())?;
        let mut sink = Adopt::new(&mut self.unit);
        let result = self.link.run(&mut [Request::new(&statement, &mut sink)]).await;
        let handles = sink.handles;
        self.failing(result)?;
        Ok(handles)
    }
}

/// The key of an entity that a query names by its handle.
pub(crate) fn key_of(unit: &Unit, pending: Pending) -> Result<Vec<Value>> {
    let model = pending.layout.meta.model;
    let entity = unit.place(pending.layout).map(|store| EntityRef { store, index: pending.index });
    match entity.filter(|_| pending.session == unit.session()) {
        Some(entity) if unit.track(entity).state == State::Clean => Ok(unit.key_values(entity)),
        Some(_) => Err(Error::usage(format!("a query names a `{model}` that is deleted or rolled back"))),
        None => Err(Error::usage(format!("a query names a `{model}` of another session: name its key instead"))),
    }
}

fn single<T>(what: &str, mut rows: Vec<T>) -> Result<Option<T>> {
    let row = rows.pop();
    match rows.is_empty() {
        true => Ok(row),
        false => Err(Error::new(Kind::TooMany { what: format!("`{what}`") })),
    }
}

fn nothing(what: &str) -> Error {
    Guts::not_found(format!("a `{what}` that meets the condition"))
}
