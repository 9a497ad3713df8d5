//! The inside of a session: its unit of work and its end of the wire, in one box that parks as one move.

use std::sync::Arc;

use super::link::Link;
use crate::database::Shared;
use crate::driver::{Access, BoxFuture, Connection};
use crate::unit::Unit;
use crate::{Error, Result};

pub(crate) struct Guts {
    pub(crate) unit: Unit,
    pub(crate) link: Link,
}

impl Guts {
    pub(crate) fn new(shared: Arc<Shared>, access: Access) -> Self {
        Guts { unit: Unit::new(shared.next_session()), link: Link::new(shared, access) }
    }

    /// Works in the transaction that is open on `connection`.
    pub(crate) fn guest(shared: Arc<Shared>, connection: Box<dyn Connection>) -> Self {
        Guts { unit: Unit::new(shared.next_session()), link: Link::guest(shared, connection) }
    }

    /// Flushes and hands back the connection of whoever lent it, its transaction still open.
    pub(crate) async fn leave(&mut self) -> Result<Box<dyn Connection>> {
        self.flush().await?;
        self.link.leave().await
    }

    /// Boxed, as [`rollback`](Guts::rollback) is, so that it is compiled in this crate and not by every application.
    pub(crate) fn commit(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write_and_commit())
    }

    async fn write_and_commit(&mut self) -> Result<()> {
        self.link.own()?;
        if self.link.depth() > 0 {
            return Err(Error::usage(
                "a savepoint is open: release it (or let its closure return) and commit outside of it",
            ));
        }
        if let Err(error) = self.flush().await {
            self.abandon().await;
            return Err(error);
        }
        match self.link.commit().await {
            Ok(()) => {
                self.unit.commit();
                Ok(())
            }
            Err(error) => {
                self.link.reset();
                self.unit.rollback();
                Err(error)
            }
        }
    }

    pub(crate) fn rollback(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.undo_everything())
    }

    async fn undo_everything(&mut self) -> Result<()> {
        self.link.own()?;
        let depth = self.link.depth();
        let result = self.link.rollback().await;
        self.unit.rollback();
        // What comes in a savepoint that is still open belongs to it, and is undone with it.
        for _ in 0..depth {
            self.link.open_savepoint();
            self.unit.mark();
        }
        result
    }

    /// Rolls back where the reason is already on its way to the caller.
    pub(crate) async fn abandon(&mut self) {
        if let Err(error) = self.rollback().await {
            tracing::debug!(target: "aludel", %error, "a rollback failed; the connection is thrown away");
        }
    }

    /// Notes a failure of a statement outside a flush, and passes it on.
    pub(crate) fn failing<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.link.fail(error);
        }
        result
    }

    /// Whether memory holds what no flush has written.
    pub(crate) fn has_unwritten(&mut self) -> bool {
        !self.unit.is_idle() && self.unit.changes().map_or(true, |changes| !changes.is_empty())
    }

    pub(crate) fn not_found(what: String) -> Error {
        Error::new(crate::error::Kind::NotFound { what })
    }
}
