//! Sessions: an identity map and a unit of work over one transaction.

mod answer;
mod blame;
mod collect;
mod delete;
mod flush;
mod get;
pub(crate) mod guts;
mod index;
mod link;
#[cfg(feature = "axum-0_8")]
mod parking;
mod read;
mod relink;
mod savepoint;
pub(crate) mod shape;
mod stream;
mod write;

pub use delete::Delete;
pub use get::{Get, Getting};
pub use savepoint::Savepoint;
pub use stream::Streaming;
pub use write::{Deleting, Inserting, Updating};

use std::marker::PhantomData;
use std::sync::Arc;

use crate::database::Shared;
use crate::driver::{Access, Connection};
use crate::model::{Bind, Insert, Main, Patch};
use crate::{Error, Handle, Model, Result};
use guts::Guts;

/// Where a session goes when it is dropped, instead of ending: a web request keeps one for all its extractors.
pub(crate) trait Home: Send + Sync {
    fn park(&self, guts: Box<Guts>);
}

/// A unit of work on one database: entities by handle, statements in one transaction.
///
/// The transaction begins with the first statement and ends with [`commit`](Session::commit) or
/// [`rollback`](Session::rollback); the session lives on. Dropping a session rolls back what is not committed.
///
/// ```standalone_crate
/// # use aludel::prelude::*;
/// # #[derive(Model, Clone, Debug)]
/// # pub struct User { pub id: i64, pub email: String, pub name: String }
/// # aludel::block(async {
/// let db = Database::open(":memory:").await?;
/// db.create_tables().await?;
/// let mut db = db.session();
/// let ann = db.add(new!(User { email: "ann@x.io", name: "Ann" }));
/// db.flush().await?;
/// db[ann].name.push_str(" Lee");
/// db.commit().await?;
/// assert_eq!(db[ann].id, 1);
/// # Ok::<(), aludel::Error>(()) }).unwrap();
/// ```
pub struct Session<B: Bind = Main> {
    guts: Option<Box<Guts>>,
    home: Option<Arc<dyn Home>>,
    bind: PhantomData<fn() -> B>,
}

impl<B: Bind> Session<B> {
    pub(crate) fn new(shared: Arc<Shared>, access: Access) -> Self {
        Session { guts: Some(Box::new(Guts::new(shared, access))), home: None, bind: PhantomData }
    }

    /// A session in the transaction that is open on `connection`, as a guest.
    pub(crate) fn guest(shared: Arc<Shared>, connection: Box<dyn Connection>) -> Self {
        Session { guts: Some(Box::new(Guts::guest(shared, connection))), home: None, bind: PhantomData }
    }

    pub(crate) fn guts(&self) -> &Guts {
        match &self.guts {
            Some(guts) => guts,
            None => unreachable!("a session keeps its inside until it is dropped"),
        }
    }

    pub(crate) fn guts_mut(&mut self) -> &mut Guts {
        match &mut self.guts {
            Some(guts) => guts,
            None => unreachable!("a session keeps its inside until it is dropped"),
        }
    }

    /// Adds a row to be: a model, a [`new!`](crate::new) draft or a type with `derive(New)`.
    ///
    /// Sends nothing; the next flush inserts it and fills in what the database assigns. Entities may point at each other
    /// by handle before any of them has a key.
    pub fn add<M: Model<Bind = B>>(&mut self, row: impl Insert<Model = M>) -> Handle<M> {
        self.guts_mut().unit.add(row.into_draft())
    }

    /// Adds many rows to be; the flush sends those of one shape together.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model)] pub struct Tag { pub id: i64, pub name: String }
    /// # fn import(db: &mut Session, names: Vec<String>) -> Vec<Handle<Tag>> {
    /// db.add_all(names.into_iter().map(|name| new!(Tag { name })))
    /// # }
    /// ```
    pub fn add_all<M: Model<Bind = B>, R: Insert<Model = M>>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
    ) -> Vec<Handle<M>> {
        let rows = rows.into_iter();
        let unit = &mut self.guts_mut().unit;
        unit.store_mut::<M>().1.reserve(rows.size_hint().0);
        rows.map(|row| unit.add(row.into_draft())).collect()
    }

    /// Applies a patch to an entity: fields that are absent keep what they have. Sends nothing.
    ///
    /// # Panics
    /// Where the handle is of another session or its entity is gone, as indexing does.
    pub fn patch<M: Model<Bind = B>>(&mut self, entity: Handle<M>, patch: impl Patch<Model = M>) {
        patch.apply(&mut self[entity]);
    }

    /// The entity behind a handle, unless it is of another session, was deleted, or was rolled back.
    pub fn try_get<M: Model<Bind = B>>(&self, entity: Handle<M>) -> Option<&M> {
        let unit = &self.guts().unit;
        let found = unit.resolve(entity)?;
        unit.store::<M>()?.get(found.index)
    }

    /// The key of an entity; `None` until the database has assigned one, and where the handle answers nothing.
    pub fn key<M: Model<Bind = B>>(&self, entity: Handle<M>) -> Option<M::Key> {
        let unit = &self.guts().unit;
        let found = unit.resolve(entity)?;
        if !unit.track(found).listed {
            return None;
        }
        unit.store::<M>()?.get(found.index)?.__key()
    }

    /// Writes what differs from the database: one statement per model and shape, in the order that foreign keys ask for.
    ///
    /// Rows that nothing can point at are deleted first; then come new rows (parents before children), changed ones, and
    /// the other deletions. Two rows cannot trade unique values in one flush: flush once in between, with a value of
    /// neither.
    ///
    /// Keys, defaults and generated columns come back into the entities. An UPDATE checks the old value of each column it
    /// changes. Costs nothing where nothing changed.
    ///
    /// # Errors
    /// Invalid values (lengths, ranges), before anything is sent and without ending the transaction. A violation of a
    /// rule of the schema, with the fields. Stale: a row changed or vanished since it was read. A usage error in a
    /// session that only reads, or where a stored key was changed. After an error the transaction is over (unless in a
    /// savepoint), and memory is what it was before the flush.
    pub async fn flush(&mut self) -> Result<()> {
        self.guts_mut().flush().await
    }

    /// Flushes and commits; the session lives on, and its entities keep their values.
    ///
    /// # Errors
    /// What [`flush`](Session::flush) and COMMIT can fail with. Memory is then what it was when the transaction began,
    /// and nothing is stored, except after an error of an unknown outcome.
    pub async fn commit(&mut self) -> Result<()> {
        self.guts_mut().commit().await
    }

    /// Rolls the transaction back, memory with it: entities added since it began are gone, and their handles answer
    /// `None`.
    ///
    /// # Errors
    /// What the driver reports; memory is rolled back all the same, and the connection is thrown away.
    pub async fn rollback(&mut self) -> Result<()> {
        self.guts_mut().rollback().await
    }

    /// How many statements this session has sent, besides those that begin, end and nest transactions.
    pub fn statements(&self) -> u64 {
        self.guts().link.statements()
    }

    /// How many entities are added, changed or marked for deletion and not yet flushed.
    ///
    /// # Errors
    /// As [`flush`](Session::flush) does before it sends anything.
    pub fn unwritten(&mut self) -> Result<usize> {
        let changes = self.guts_mut().unit.changes()?;
        Ok(changes.inserts.len() + changes.updates.len() + changes.deletes.len())
    }

    /// Commits after work that is `Ok`, and gives up everything else.
    pub(crate) async fn end<R, E: From<Error>>(mut self, done: Result<R, E>) -> Result<R, E> {
        match done {
            Ok(done) => {
                self.commit().await?;
                Ok(done)
            }
            Err(error) => {
                self.guts_mut().abandon().await;
                Err(error)
            }
        }
    }

    pub(crate) fn foreign<M: Model>(what: &str) -> Error {
        Error::usage(format!(
            "the handle of a `{}` given to {what} is of another session, deleted or rolled back",
            M::META.model
        ))
    }
}

impl<B: Bind> Drop for Session<B> {
    fn drop(&mut self) {
        let Some(mut guts) = self.guts.take() else { return };
        match &self.home {
            Some(home) => home.park(guts),
            None if !std::thread::panicking() && guts.has_unwritten() => {
                tracing::warn!(
                    target: "aludel",
                    "a session was dropped with unwritten changes: call `commit().await` before it goes, or `rollback().await` \
                     to give them up"
                );
            }
            None => {}
        }
    }
}
