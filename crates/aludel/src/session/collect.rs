//! Rows that a writing statement gives back.

use std::ops::ControlFlow;

use crate::driver::Sink;
use crate::{Cells, Result, Row};

/// Rows read by a function.
pub(super) struct Collect<T> {
    pub(super) rows: Vec<T>,
    read: fn(&mut Cells<'_>) -> Result<T>,
}

impl<T> Collect<T> {
    pub(super) fn new(read: fn(&mut Cells<'_>) -> Result<T>) -> Self {
        Collect { rows: Vec::new(), read }
    }
}

impl<T: Send> Sink for Collect<T> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut cells = Cells::new(row);
        self.rows.push((self.read)(&mut cells)?);
        match cells.position() == row.width() {
            true => Ok(ControlFlow::Continue(())),
            false => Err(crate::Error::decode(format!(
                "the row has {} columns and {} were read: select as many as the type has",
                row.width(),
                cells.position()
            ))),
        }
    }
}
