//! A schema on its way, and the steps taken so far.

use crate::migrate::{Step, Work};
use crate::schema::{Op, Problem, Schema};

/// A schema on its way, and the steps taken so far: nothing is written down that does not apply.
pub(super) struct Way {
    pub(super) now: Schema,
    pub(super) steps: Vec<Step>,
}

impl Way {
    /// Takes one step.
    pub(super) fn push(&mut self, op: Op) -> Result<(), Problem> {
        op.apply(&mut self.now).map_err(|problem| Problem {
            what: format!("`{}` cannot be done: {}", op.print(), problem.what),
            ..problem
        })?;
        self.steps.push(Step::new(Work::Change(Box::new(op))));
        Ok(())
    }

    /// Takes several steps, with notes above the first.
    pub(super) fn push_all(&mut self, ops: Vec<Op>, notes: Vec<String>) -> Result<(), Problem> {
        let at = self.steps.len();
        ops.into_iter().try_for_each(|op| self.push(op))?;
        if let Some(step) = self.steps.get_mut(at) {
            step.notes.extend(notes);
        }
        Ok(())
    }

    /// Changes rows.
    pub(super) fn data(&mut self, text: String) {
        self.steps.push(Step::new(Work::Data(text)));
    }
}
