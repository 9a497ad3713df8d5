//! By key: memory first, else one statement.

use std::future::{Future, IntoFuture};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Session;
use super::guts::Guts;
use crate::driver::{BoxFuture, Request, Sink};
use crate::model::{Bind, Main};
use crate::sql::{Lock, Select};
use crate::unit::{EntityRef, State, Unit};
use crate::{Cells, Error, Handle, KeyOf, Model, Result, Row};

/// A read by key, to be awaited; made by [`Session::get`].
#[must_use = "nothing is read until this is awaited"]
pub struct Get<'a, M: Model, B: Bind = Main> {
    session: &'a mut Session<B>,
    key: Result<M::Key, Handle<M>>,
    lock: Option<Lock>,
}

/// The future of a [`Get`]: ready at once where memory answers, without an allocation.
pub enum Getting<'a, M> {
    /// Memory has answered.
    Ready(Option<Result<Handle<M>>>),
    /// The database is asked.
    Wait(BoxFuture<'a, Result<Handle<M>>>),
}

impl<M> Future for Getting<'_, M> {
    type Output = Result<Handle<M>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Getting::Ready(answer) => Poll::Ready(
                answer.take().unwrap_or_else(|| Err(Error::usage("a read by key was polled after it had answered"))),
            ),
            Getting::Wait(future) => future.as_mut().poll(context),
        }
    }
}

impl<B: Bind> Session<B> {
    /// The entity with a key: from memory where its row was read in this transaction, else by one SELECT of fixed text.
    ///
    /// The key is the key itself, a tuple for a composite one, or an [`Fk`](crate::Fk). Pending changes are not flushed
    /// before it. `.lock()` holds the row against other writers until the transaction ends.
    ///
    /// # Errors
    /// Not found (404), also where the entity is marked for deletion; whatever the driver reports.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct User { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub author_id: Fk<User> }
    /// # async fn show(db: &mut Session) -> Result<String> {
    /// let post = db.get::<Post>(7).await?;
    /// let author = db.get(db[post].author_id).await?;
    /// Ok(db[author].name.clone())
    /// # }
    /// ```
    pub fn get<M: Model<Bind = B>>(&mut self, key: impl KeyOf<M::Key, M>) -> Get<'_, M, B> {
        Get { key: key.key_of(), session: self, lock: None }
    }

    /// The entity with a key, or `None`; otherwise as [`get`](Session::get).
    ///
    /// # Errors
    /// Whatever the driver reports.
    pub async fn find<M: Model<Bind = B>>(&mut self, key: impl KeyOf<M::Key, M>) -> Result<Option<Handle<M>>> {
        match self.get(key).await {
            Ok(handle) => Ok(Some(handle)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads the entity's row again, one SELECT; what memory changed in it is given up.
    ///
    /// # Errors
    /// Not found where the row is gone; a usage error for a foreign handle or one not yet inserted.
    pub async fn refresh<M: Model<Bind = B>>(&mut self, entity: Handle<M>) -> Result<()> {
        let guts = self.guts_mut();
        let Some(found) = guts.unit.resolve(entity) else { return Err(Self::foreign::<M>("refresh")) };
        if guts.unit.track(found).state == State::New {
            return Err(not_inserted::<M>("refresh"));
        }
        let key = guts.unit.store::<M>().and_then(|store| store.get(found.index)).and_then(M::__key);
        let Some(key) = key else { return Err(Self::foreign::<M>("refresh")) };
        guts.read_key::<M>(key, None, Some(found)).await.map(|_| ())
    }
}

impl<'a, M: Model<Bind = B>, B: Bind> Get<'a, M, B> {
    /// Holds the row until the transaction ends: always one statement, and the freshest values.
    pub fn lock(mut self) -> Self {
        self.lock = Some(Lock::Update);
        self
    }
}

impl<'a, M: Model<Bind = B>, B: Bind> IntoFuture for Get<'a, M, B> {
    type Output = Result<Handle<M>>;
    type IntoFuture = Getting<'a, M>;

    fn into_future(self) -> Getting<'a, M> {
        let Get { session, key, lock } = self;
        let key = match key.or_else(|handle| session.key(handle).ok_or(handle)) {
            Ok(key) => key,
            Err(handle) => {
                let answer = match (session.try_get(handle), lock) {
                    (None, _) => Err(Session::<B>::foreign::<M>("get")),
                    (Some(_), None) => Ok(handle),
                    (Some(_), Some(_)) => Err(not_inserted::<M>("lock")),
                };
                return Getting::Ready(Some(answer));
            }
        };
        let guts = session.guts_mut();
        if lock.is_none() && !guts.link.has_failed() {
            match guts.unit.recall::<M>(&key) {
                Some(Some(handle)) => return Getting::Ready(Some(Ok(handle))),
                Some(None) => return Getting::Ready(Some(Err(missing::<M>(&key)))),
                None => {}
            }
        }
        Getting::Wait(Box::pin(guts.read_key(key, lock, None)))
    }
}

impl Guts {
    /// Reads the row with `key`; its values take the place of whatever memory has of `renewed`.
    async fn read_key<M: Model>(
        &mut self,
        key: M::Key,
        lock: Option<Lock>,
        renewed: Option<EntityRef>,
    ) -> Result<Handle<M>> {
        let mut params = Vec::with_capacity(1);
        crate::Field::write(&key, &mut params);
        let layout = M::__layout();
        let statement = match lock {
            None => self.link.shared.texts(layout).by_key(params)?,
            Some(lock) => {
                self.link.writable()?;
                let mut select = Select::from(layout.meta.table);
                select.columns = layout.columns.iter().map(super::shape::column).collect();
                select.lock = Some(lock);
                select.filter = Some(super::shape::all(layout.key.iter().zip(params).map(|(&at, value)| {
                    let this = &layout.columns[at];
                    let value = crate::sql::Expr::Value(value, this.ty.clone());
                    crate::sql::Expr::Binary(
                        Box::new(super::shape::column(this)),
                        crate::sql::Binary::Eq,
                        Box::new(value),
                    )
                })));
                select.render(self.link.shared.engine.dialect())?
            }
        };
        let mut sink = AdoptOne::<M> { unit: &mut self.unit, handle: None, renewed };
        let result = self.link.run(&mut [Request::new(&statement, &mut sink)]).await;
        let found = sink.handle;
        self.failing(result)?;
        found.ok_or_else(|| missing::<M>(&key))
    }
}

fn not_inserted<M: Model>(what: &str) -> Error {
    Error::usage(format!("this `{}` is not inserted yet: flush before `{what}`", M::META.model))
}

fn missing<M: Model>(key: &M::Key) -> Error {
    Guts::not_found(format!("the `{}` with the key {key:?}", M::META.model))
}

/// Takes rows of a model into the unit of work.
pub(crate) struct Adopt<'a, M> {
    unit: &'a mut Unit,
    pub(crate) handles: Vec<Handle<M>>,
}

impl<'a, M> Adopt<'a, M> {
    pub(crate) fn new(unit: &'a mut Unit) -> Self {
        Adopt { unit, handles: Vec::new() }
    }
}

impl<M: Model> Sink for Adopt<'_, M> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let entity = M::__read(&mut Cells::new(row))?;
        self.handles.extend(self.unit.adopt(entity));
        Ok(ControlFlow::Continue(()))
    }
}

/// Takes one row: a key has no second, and an engine need not look for it.
struct AdoptOne<'a, M> {
    unit: &'a mut Unit,
    handle: Option<Handle<M>>,
    /// An entity whose changes the row replaces.
    renewed: Option<EntityRef>,
}

impl<M: Model> Sink for AdoptOne<'_, M> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let entity = M::__read(&mut Cells::new(row))?;
        if let Some(renewed) = self.renewed {
            self.unit.give_up_changes(renewed);
        }
        self.handle = self.unit.adopt(entity);
        Ok(ControlFlow::Break(()))
    }
}
