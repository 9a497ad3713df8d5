//! Inserting by statement, with a rule for rows that are there already.

use super::change::{IntoChanges, Returning, own_columns};
use super::{Changes, Column, Expr, Selection};
use crate::dialect::Dialect;
use crate::model::{Draft, Insert, Supply};
use crate::sql::{self, Conflict, Name, Resolution};
use crate::{Error, Field, Model, Result, Value, model};

/// Rows to be inserted by statement, past the session's entities: for imports and upserts.
///
/// Made by a session's `insert`; rows of one shape travel in one statement.
#[must_use = "an insertion does nothing until it is awaited"]
pub(crate) struct Insertion<M> {
    rows: Vec<Draft<M>>,
    target: Vec<Name>,
    resolution: Option<OnConflict<M>>,
    fault: Option<Error>,
}

enum OnConflict<M> {
    Nothing,
    Update(Changes<M>),
}

impl<M: Model> Insertion<M> {
    /// Rows to be inserted.
    pub(crate) fn new<I: Insert<Model = M>>(rows: impl IntoIterator<Item = I>) -> Self {
        let rows = rows.into_iter().map(Insert::into_draft).collect();
        Insertion { rows, target: Vec::new(), resolution: None, fault: None }
    }

    /// Says what happens to a row that is there already: one whose `columns` (of a unique rule or the key) are the same.
    pub(crate) fn on_conflict<S: Selection<M>>(mut self, columns: S) -> Self {
        match own_columns(columns, "a conflict is about the columns of a unique rule") {
            Ok(columns) => self.target = columns.into_iter().map(|(name, _)| name).collect(),
            Err(error) => self.fault = self.fault.or(Some(error)),
        }
        self
    }

    /// Leaves it as it is.
    pub(crate) fn do_nothing(mut self) -> Self {
        self.resolution = Some(OnConflict::Nothing);
        self
    }

    /// Changes it; [`Column::excluded`] names the values that could not be inserted.
    pub(crate) fn do_update(mut self, changes: impl IntoChanges<M>) -> Self {
        self.resolution = Some(OnConflict::Update(changes.__changes()));
        self
    }

    /// The rows, for keys that are made on this side.
    pub(crate) fn rows_mut(&mut self) -> &mut [Draft<M>] {
        &mut self.rows
    }

    /// Puts the keys of entities in the place of their handles; `key` answers with the key's columns.
    ///
    /// # Errors
    /// What `key` answers.
    pub(crate) fn resolve(&mut self, key: &mut dyn FnMut(model::Pending) -> Result<Vec<Value>>) -> Result<()> {
        for row in &mut self.rows {
            for index in 0..M::META.fields.len() {
                if let Some(pending) = row.model.__slot(index).slot_pending() {
                    let key = key(pending)?;
                    row.model.__slot_mut(index).slot_resolve(&key)?;
                }
            }
        }
        match &mut self.resolution {
            Some(OnConflict::Update(changes)) => changes.resolve(key),
            _ => Ok(()),
        }
    }

    /// The statements: rows that give the same columns together, in parts that the engine takes.
    ///
    /// # Errors
    /// Usage errors for what an upsert may not set, and where a conflict is named without saying what to do.
    pub(crate) fn into_statements(self, dialect: &Dialect, returning: &Returning) -> Result<Vec<sql::Insert>> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let conflict = match self.resolution {
            None if self.target.is_empty() => None,
            None => {
                return Err(Error::usage(
                    "`on_conflict` does not say what to do: add `.do_nothing()` or `.do_update(set(..))`",
                ));
            }
            Some(OnConflict::Nothing) => Some(Conflict { target: self.target, resolution: Resolution::Nothing }),
            Some(OnConflict::Update(changes)) => {
                Some(Conflict { target: self.target, resolution: Resolution::Update(changes.into_set()?) })
            }
        };
        let layout = M::__layout();
        let mut statements: Vec<sql::Insert> = Vec::new();
        for row in &self.rows {
            let given = row.given.iter().filter(|field| *field < layout.fields.len());
            let columns: Vec<usize> = given
                .flat_map(|field| layout.fields[field].clone())
                .filter(|place| layout.columns[*place].supply != Supply::Generated)
                .collect();
            let values = values(row, &columns);
            let names = columns.iter().map(|place| Name::from(layout.columns[*place].name));
            let room = dialect.max_params.checked_div(columns.len()).unwrap_or(1).min(MOST_ROWS);
            match statements.last_mut() {
                Some(last) if last.rows.len() < room && last.columns.iter().cloned().eq(names.clone()) => {
                    last.rows.push(values);
                }
                _ => statements.push(sql::Insert {
                    table: M::META.table.into(),
                    columns: names.collect(),
                    rows: vec![values],
                    conflict: conflict.clone(),
                    returning: returning.clone(),
                }),
            }
        }
        Ok(statements)
    }
}

/// The most rows of one statement: more make no difference in speed, and long texts do.
const MOST_ROWS: usize = 500;

fn values<M: Model>(row: &Draft<M>, columns: &[usize]) -> Vec<sql::Expr> {
    let layout = M::__layout();
    let mut out = Vec::with_capacity(columns.len());
    let mut written = Vec::new();
    let mut field = None;
    for &place in columns {
        let column = &layout.columns[place];
        if field != Some(column.field) {
            field = Some(column.field);
            written.clear();
            row.model.__slot(column.field).slot_write(&mut written);
        }
        let mut value = written.get_mut(column.part).map_or(Value::Null, |value| std::mem::replace(value, Value::Null));
        value.fit(&column.ty);
        out.push(sql::Expr::Value(value, column.ty.clone()));
    }
    out
}

impl<M: Model, T: Field> Column<M, T> {
    /// In an upsert, the value that could not be inserted.
    pub fn excluded(self) -> Expr<M, T> {
        let nodes = self.columns().iter().map(|column| sql::Expr::Excluded(column.name.into(), column.ty.clone()));
        Expr::new(super::expr::Nodes::from_vec(nodes.collect()), super::Marks::default())
    }
}
