//! Sessions that several users of one request take in turn.

use std::marker::PhantomData;
use std::sync::Arc;

use super::guts::Guts;
use super::link::Link;
use super::{Home, Session};
use crate::driver::Access;
use crate::model::Bind;

impl<B: Bind> Session<B> {
    /// A session that parks at `home` when it is dropped.
    pub(crate) fn lent(guts: Box<Guts>, home: Arc<dyn Home>) -> Self {
        Session { guts: Some(guts), home: Some(home), bind: PhantomData }
    }
}

impl Guts {
    /// Between two users of a request: a transaction in which nothing was written, and nothing waits to be, ends, and its
    /// connection goes back. What waits to be written stays in the transaction in which its rows were read.
    pub(crate) fn rest(&mut self) {
        if self.unit.is_idle() && !self.link.wrote() && !self.link.has_failed() {
            self.link.reset();
            self.unit.outdate();
        }
    }

    /// Turns a session that only read into one that writes, with the same entities and handles; its read transaction ends.
    pub(crate) fn promote(&mut self) {
        if self.link.access == Access::Read {
            self.link.access = Access::Write;
            self.link.drop_connection();
            self.unit.outdate();
        }
    }
}

impl Link {
    /// Whether anything was sent that may have written.
    pub(crate) fn wrote(&self) -> bool {
        self.wrote
    }
}
