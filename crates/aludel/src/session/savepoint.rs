//! Savepoints, as a closure and as a guard. Memory and rows are undone together.

use std::ops::{Deref, DerefMut};

use super::Session;
use crate::model::{Bind, Main};
use crate::{Error, Result};

/// An open savepoint: a session whose work since is undone unless it is [released](Savepoint::release).
///
/// Dropping it undoes memory at once and the rows before the next statement.
#[must_use = "a savepoint that is dropped undoes its work"]
pub struct Savepoint<'a, B: Bind = Main> {
    session: &'a mut Session<B>,
    open: bool,
}

impl<B: Bind> Session<B> {
    /// Opens a savepoint as a guard. SAVEPOINT travels with the next statement; where there is none, it is never sent.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, #[column(unique)] pub name: String }
    /// # async fn tag(db: &mut Session) -> Result<()> {
    /// let mut part = db.begin_savepoint();
    /// part.add(new!(Tag { name: "rust" }));
    /// part.release().await?;
    /// # Ok(()) }
    /// ```
    pub fn begin_savepoint(&mut self) -> Savepoint<'_, B> {
        let guts = self.guts_mut();
        guts.link.open_savepoint();
        guts.unit.mark();
        Savepoint { session: self, open: true }
    }

    /// Runs `work` in a savepoint: `Ok` keeps it, `Err` undoes memory and rows and lets the transaction go on.
    ///
    /// # Errors
    /// What `work` returns, and what the flush at its end can fail with.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, #[column(unique)] pub name: String }
    /// # async fn tag(db: &mut Session) -> Result<()> {
    /// let taken: Result<()> = db.savepoint(async |db| {
    ///     db.add(new!(Tag { name: "rust" }));
    ///     db.flush().await
    /// }).await;
    /// # Ok(()) }
    /// ```
    pub async fn savepoint<R, E: From<Error>>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session<B>) -> Result<R, E>,
    ) -> Result<R, E> {
        let part = self.begin_savepoint();
        let done = work(&mut *part.session).await?;
        part.release().await?;
        Ok(done)
    }
}

impl<B: Bind> Savepoint<'_, B> {
    /// Flushes and keeps the work as part of what is around it.
    ///
    /// # Errors
    /// What [`Session::flush`] can fail with; the work is then undone.
    pub async fn release(mut self) -> Result<()> {
        self.session.flush().await?;
        let guts = self.session.guts_mut();
        guts.link.ready()?;
        guts.link.release_savepoint();
        guts.unit.release();
        self.open = false;
        Ok(())
    }

    /// Undoes the work, as dropping does.
    pub fn rollback(self) {}
}

impl<B: Bind> Drop for Savepoint<'_, B> {
    fn drop(&mut self) {
        if self.open {
            let guts = self.session.guts_mut();
            guts.link.undo_savepoint();
            guts.unit.undo();
        }
    }
}

impl<B: Bind> Deref for Savepoint<'_, B> {
    type Target = Session<B>;

    fn deref(&self) -> &Session<B> {
        self.session
    }
}

impl<B: Bind> DerefMut for Savepoint<'_, B> {
    fn deref_mut(&mut self) -> &mut Session<B> {
        self.session
    }
}
