//! Runs one statement on one connection.

use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::CachedStatement;
use rusqlite::types::ValueRef;

use super::classify::classify;
use crate::dialect::sqlite::{Spelling, Stored, store};
use crate::driver::Request;
use crate::{Cell, Error, Result, Row, Type, Value};

/// Runs `request` to its end: a writing statement is stepped until it is done even when the sink wants no more of its
/// rows, since one left half way keeps the log from being checkpointed.
///
/// With `reads_only`, a statement that would change rows is refused before it runs.
pub(super) fn execute<'c>(
    sqlite: &'c rusqlite::Connection,
    kept: &mut Kept<'c>,
    request: &mut Request<'_>,
    reads_only: bool,
) -> Result<()> {
    run(sqlite, kept, request, reads_only).map_err(|error| error.with_statement(&request.statement.text))
}

/// The statement that ran last: a batch repeats one text many times, and looking it up costs a third of running it.
#[derive(Default)]
pub(super) struct Kept<'c>(Option<(Arc<str>, CachedStatement<'c>)>);

impl<'c> Kept<'c> {
    #[inline]
    fn prepare(&mut self, sqlite: &'c rusqlite::Connection, text: &Arc<str>) -> Result<&mut CachedStatement<'c>> {
        if !self.0.as_ref().is_some_and(|(kept, _)| Arc::ptr_eq(kept, text)) {
            // The old one goes back to the cache first.
            self.0 = None;
            self.0 = Some((Arc::clone(text), sqlite.prepare_cached(text).map_err(classify)?));
        }
        let (_, prepared) = self.0.as_mut().expect("it was just put there");
        Ok(prepared)
    }
}

fn run<'c>(
    sqlite: &'c rusqlite::Connection,
    kept: &mut Kept<'c>,
    request: &mut Request<'_>,
    reads_only: bool,
) -> Result<()> {
    let statement = request.statement;
    let prepared = kept.prepare(sqlite, &statement.text)?;
    let expected = prepared.parameter_count();
    if expected != statement.params.len() {
        let given = statement.params.len();
        return Err(Error::usage(format!("the statement has {expected} placeholders and was given {given} values")));
    }
    let mut spelling = Spelling::default();
    for (index, value) in statement.params.iter().enumerate() {
        bind(prepared, index, value, statement.types.get(index), &mut spelling)?;
    }
    let reads = prepared.readonly();
    if reads_only && !reads {
        return Err(Error::usage(
            "this session only reads; take one that writes (`session()`, `WriteDb`) to change rows",
        ));
    }
    let before = if reads { 0 } else { sqlite.total_changes() };
    let mut outcome = Ok(ControlFlow::Continue(()));
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next().map_err(classify)? {
        if matches!(outcome, Ok(ControlFlow::Continue(()))) {
            outcome = request.sink.row(&Current(row));
        }
        if reads && !matches!(outcome, Ok(ControlFlow::Continue(()))) {
            break;
        }
    }
    drop(rows);
    // The count of changes is that of the last statement that made any.
    request.affected = if !reads && sqlite.total_changes() != before { sqlite.changes() } else { 0 };
    outcome.map(|_| ())
}

fn bind(
    prepared: &mut rusqlite::Statement<'_>,
    index: usize,
    value: &Value,
    declared: Option<&Type>,
    spelling: &mut Spelling,
) -> Result<()> {
    let at = index + 1;
    match store(value, declared, spelling)? {
        Stored::Null => prepared.raw_bind_parameter(at, rusqlite::types::Null),
        Stored::Int(value) => prepared.raw_bind_parameter(at, value),
        Stored::Real(value) => prepared.raw_bind_parameter(at, value),
        Stored::Text(value) => prepared.raw_bind_parameter(at, value),
        Stored::Bytes(value) => prepared.raw_bind_parameter(at, value),
    }
    .map_err(classify)
}

/// The row a statement stands on.
struct Current<'r, 's>(&'r rusqlite::Row<'s>);

impl Row for Current<'_, '_> {
    fn width(&self) -> usize {
        self.0.as_ref().column_count()
    }

    #[inline]
    fn cell(&self, index: usize) -> Result<Cell<'_>> {
        match self.0.get_ref(index) {
            Ok(ValueRef::Null) => Ok(Cell::Null),
            Ok(ValueRef::Integer(value)) => Ok(Cell::Int(value)),
            Ok(ValueRef::Real(value)) => Ok(Cell::Real(value)),
            Ok(ValueRef::Text(bytes)) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Cell::Text(text)),
                Err(_) => Err(self.broken(index, "text that is not UTF-8")),
            },
            Ok(ValueRef::Blob(bytes)) => Ok(Cell::Bytes(bytes)),
            Err(_) => Err(Error::decode(format!("the row has no column {}", index + 1))),
        }
    }
}

impl Current<'_, '_> {
    #[cold]
    fn broken(&self, index: usize, what: &str) -> Error {
        let name = self.0.as_ref().column_name(index).unwrap_or("?");
        Error::decode(format!("column {} ({name}) holds {what}", index + 1))
    }
}
