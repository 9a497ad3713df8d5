//! Reading as a step machine: rounds of statements with places for their rows, until everything is there. It runs nothing
//! itself, so that one loop serves every engine.
//!
//! All statements of a round are independent of each other: an engine may send them in one flight.

mod children;
mod fetch;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;

pub(crate) use children::Children;
pub use fetch::Fetch;

use std::any::Any;
use std::ops::ControlFlow;

use crate::dialect::Dialect;
use crate::driver::{Request, Sink};
use crate::query::{Query, Reading};
use crate::sql::Statement;
use crate::{Cells, Model, Result, Row};

/// A query being read.
///
/// ```text
/// let mut loading = Loading::new(query, dialect)?;
/// loop {
///     let mut round = loading.round(dialect)?;
///     if round.is_empty() { break }
///     connection.run(&mut round).await?;
/// }
/// loading.finish()
/// ```
pub struct Loading<T> {
    statement: Statement,
    rows: Rows<T>,
    fill: fn(&mut T, &mut Reading) -> Result<()>,
    begun: bool,
}

/// The rows of the query itself.
struct Rows<T> {
    rows: Vec<T>,
    read: fn(&mut Cells<'_>, &mut Reading) -> Result<T>,
    reading: Reading,
}

impl<T: Send> Sink for Rows<T> {
    #[inline]
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.reading.rewind();
        self.rows.push((self.read)(&mut Cells::new(row), &mut self.reading)?);
        Ok(ControlFlow::Continue(()))
    }
}

/// The most rows that room is made for before the first has come.
const ROOM: u64 = 256;

impl<T: Send> Loading<T> {
    /// Plans and renders `query`.
    ///
    /// # Errors
    /// As planning and rendering.
    pub(crate) fn new<M: Model>(query: Query<M, T>, dialect: &Dialect) -> Result<Self> {
        let planned = query.plan()?;
        let room = planned.select.limit.map_or(0, |limit| limit.min(ROOM));
        Ok(Loading {
            statement: planned.select.render(dialect)?,
            rows: Rows {
                rows: Vec::with_capacity(usize::try_from(room).unwrap_or_default()),
                read: planned.read,
                reading: planned.reading,
            },
            fill: planned.fill,
            begun: false,
        })
    }

    /// The next statements to run, all at once or one by one; none when everything has been read.
    ///
    /// # Errors
    /// As planning and rendering of the views behind to-many relations.
    pub(crate) fn round(&mut self, dialect: &Dialect) -> Result<Vec<Request<'_>>> {
        if !self.begun {
            self.begun = true;
            return Ok(vec![Request::new(&self.statement, &mut self.rows)]);
        }
        let mut requests = Vec::new();
        for branch in &mut self.rows.reading.branches {
            branch.round(dialect, &mut requests)?;
        }
        Ok(requests)
    }

    /// The values, with everything in its place.
    ///
    /// # Errors
    /// A usage error where a view was planned and read differently.
    pub(crate) fn finish(self) -> Result<Vec<T>> {
        let Rows { mut rows, mut reading, .. } = self.rows;
        settle(&mut reading, &mut rows, self.fill)?;
        Ok(rows)
    }
}

/// A to-many relation of a view: the parents that were read, and the rows that belong to them.
pub(crate) trait Branch: Any + Send {
    /// Adds the statements that can run now.
    fn round<'a>(&'a mut self, dialect: &Dialect, out: &mut Vec<Request<'a>>) -> Result<()>;
    /// Puts everything below in its place.
    fn settle(&mut self) -> Result<()>;
}

/// Fills `rows` from the branches of `reading`, these first.
fn settle<'r, T: 'r>(
    reading: &mut Reading,
    rows: impl IntoIterator<Item = &'r mut T>,
    fill: fn(&mut T, &mut Reading) -> Result<()>,
) -> Result<()> {
    if reading.branches.is_empty() {
        return Ok(());
    }
    for branch in &mut reading.branches {
        branch.settle()?;
    }
    for row in rows {
        reading.rewind();
        fill(row, reading)?;
    }
    Ok(())
}
