//! Rows as drivers hand them out: borrowed cells, read in order.

use super::{Date, Decimal, Time, Timestamp, Value};
use crate::{Error, Result};

/// One borrowed cell of a row, in whatever form the engine keeps it.
///
/// A [`Field`](crate::model::Field) accepts each form its type has on any engine: a boolean may arrive as `Bool` or `Int`, a moment as
/// `Timestamp` or as `Text` in the portable spelling.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cell<'r> {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Real(f64),
    /// Text, checked to be UTF-8.
    Text(&'r str),
    /// Bytes.
    Bytes(&'r [u8]),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A moment or a wall clock.
    Timestamp(Timestamp),
    /// A UUID.
    Uuid([u8; 16]),
    /// An exact decimal number.
    Decimal(Decimal),
}

impl Cell<'_> {
    /// What it holds, in words.
    fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "NULL",
            Cell::Bool(_) => "a boolean",
            Cell::Int(_) => "an integer",
            Cell::Real(_) => "a floating point number",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
            Cell::Date(_) => "a day",
            Cell::Time(_) => "a time of day",
            Cell::Timestamp(_) => "a time",
            Cell::Uuid(_) => "a UUID",
            Cell::Decimal(_) => "a decimal number",
        }
    }
}

/// The cell, owned.
impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::Bool(value) => Value::Bool(value),
            Cell::Int(value) => Value::Int(value),
            Cell::Real(value) => Value::Real(value),
            Cell::Text(value) => Value::Text(value.to_owned()),
            Cell::Bytes(value) => Value::Bytes(value.to_owned()),
            Cell::Date(value) => Value::Date(value),
            Cell::Time(value) => Value::Time(value),
            Cell::Timestamp(value) => Value::Timestamp(value),
            Cell::Uuid(value) => Value::Uuid(value),
            Cell::Decimal(value) => Value::Decimal(value),
        }
    }
}

/// A row, as long as the driver stands on it.
#[doc(hidden)]
pub trait Row {
    /// How many cells the row has.
    fn width(&self) -> usize;
    /// The cell at `index`, counted from 0.
    ///
    /// # Errors
    /// A decode error where the cell cannot be had: no such index, or text that is not UTF-8.
    fn cell(&self, index: usize) -> Result<Cell<'_>>;
}

/// A cursor over the cells of one row: nested readers just read on.
pub struct Cells<'r> {
    row: &'r dyn Row,
    at: usize,
    /// The next cell, where it has been looked at already: an engine's cell is not read twice.
    held: Option<Cell<'r>>,
}

impl<'r> Cells<'r> {
    /// A cursor at the first cell of `row`.
    pub fn new(row: &'r dyn Row) -> Self {
        Cells { row, at: 0, held: None }
    }

    /// The index of the next cell.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Takes the next cell.
    ///
    /// # Errors
    /// A decode error where the row has no further cell or the cell cannot be read.
    #[inline]
    pub fn take(&mut self) -> Result<Cell<'r>> {
        let at = self.at;
        self.at += 1;
        match self.held.take() {
            Some(cell) => Ok(cell),
            None => self.row.cell(at),
        }
    }

    /// Passes over the next cell if it is NULL, and tells whether it was.
    ///
    /// # Errors
    /// A decode error where the row has no further cell or the cell cannot be read.
    #[inline]
    pub fn take_null(&mut self) -> Result<bool> {
        let cell = self.take()?;
        if matches!(cell, Cell::Null) {
            return Ok(true);
        }
        self.at -= 1;
        self.held = Some(cell);
        Ok(false)
    }

    /// Whether the next `width` cells are all NULL; the cursor stays.
    ///
    /// # Errors
    /// A decode error where a cell cannot be read.
    pub fn all_null(&self, width: usize) -> Result<bool> {
        for index in self.at..self.at + width {
            if self.row.cell(index)? != Cell::Null {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Passes over `width` cells.
    pub fn skip(&mut self, width: usize) {
        self.held = None;
        self.at += width;
    }

    /// A decode error for the cell just taken: what was `expected` and what kind of value is there, though not the value.
    #[cold]
    pub fn mismatch(&self, expected: &str, found: Cell<'_>) -> Error {
        Error::decode(format!("column {} holds {}, where {expected} was expected", self.at, found.kind()))
    }
}

/// Kept values read back as a row: how flush restores a snapshot.
impl Row for &[Value] {
    fn width(&self) -> usize {
        self.len()
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>> {
        let value = self.get(index).ok_or_else(|| Error::decode(format!("the row has no column {}", index + 1)))?;
        Ok(match value {
            Value::Null => Cell::Null,
            Value::Bool(value) => Cell::Bool(*value),
            Value::Int(value) => Cell::Int(*value),
            Value::Real(value) => Cell::Real(*value),
            Value::Text(value) => Cell::Text(value),
            Value::Bytes(value) => Cell::Bytes(value),
            Value::Date(value) => Cell::Date(*value),
            Value::Time(value) => Cell::Time(*value),
            Value::Timestamp(value) => Cell::Timestamp(*value),
            Value::Uuid(value) => Cell::Uuid(*value),
            Value::Decimal(value) => Cell::Decimal(*value),
            Value::Array(_) => return Err(Error::decode(format!("column {} is a list of values", index + 1))),
        })
    }
}
