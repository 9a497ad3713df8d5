//! Rows of a long read, on the connection's own thread.

use std::sync::Arc;

use super::connection::Lease;
use super::execute::Kept;
use super::handover;
use super::pulse::Stop;
use crate::Result;
use crate::driver::{Done, Request, Running, Sink};
use crate::sql::Statement;

impl Lease {
    /// Runs `statement` on the connection's own thread and gives the connection back at the end.
    pub(super) fn stream(self, statement: Statement, mut sink: Box<dyn Sink>, done: Done) -> Result<Running> {
        let slot = Arc::clone(&self.slot);
        let pulse = Arc::downgrade(&self.slot.pulse);
        slot.send(Box::new(move || {
            let result = self.read(&statement, &mut *sink);
            // The last rows may wait for a slow reader, which must not hold up whoever has the connection next; and the
            // connection is free before the reader hears of the end.
            drop(sink);
            drop(self);
            done(result);
        }))?;
        Ok(Running::new(move || {
            if let Some(pulse) = pulse.upgrade() {
                pulse.ask_to_stop(Stop::Abandoned);
            }
        }))
    }

    fn read(&self, statement: &Statement, sink: &mut dyn Sink) -> Result<()> {
        let rules = self.rules();
        let inner = self.slot.lock();
        if !inner.is_lent_as(self.number()) {
            return rules.revoked(&inner, &[]);
        }
        let _hooks = handover::enter(&self.slot.pulse);
        rules.run(&inner, &self.slot.pulse, &mut Kept::default(), &mut Request::new(statement, sink))
    }
}
