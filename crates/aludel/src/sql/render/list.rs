//! IN: how a list travels, so that its length does not show in the text where the engine can help it.

use super::Writer;
use crate::dialect::{Dialect, Lists};
use crate::sql::{Expr, List, Select};
use crate::{Error, Result, Type, Value};

/// The parameters that `list` becomes on `dialect`, in order: what to bind to a statement rendered once.
///
/// Where lists are padded their number grows with the list: only a list of the same rounded length fits the same text.
/// A subselect has none of its own.
pub fn list_params(list: List, dialect: &Dialect) -> Vec<Value> {
    match list {
        List::Select(_) => Vec::new(),
        List::Values(values, ty) => match list_policy(dialect, std::slice::from_ref(&ty)) {
            Lists::Json | Lists::Arrays => vec![Value::Array(values)],
            Lists::Padded => padded(values),
        },
        List::Rows(rows, types) => match list_policy(dialect, &types) {
            Lists::Json => vec![Value::Array(rows.into_iter().map(Value::Array).collect())],
            Lists::Arrays => columns(rows, types.len()).into_iter().map(Value::Array).collect(),
            Lists::Padded => padded(rows).into_iter().flatten().collect(),
        },
    }
}

/// How a list of rows of `types` travels: JSON has no bytes and its numbers are not exactly ours, so such lists are
/// written out.
pub(crate) fn list_policy(dialect: &Dialect, types: &[Type]) -> Lists {
    let inexact = |ty: &Type| match ty {
        Type::Bytes | Type::Real | Type::Double => true,
        Type::Numeric(digits, _) => *digits > dialect.decimal_digits,
        _ => false,
    };
    match dialect.lists {
        Lists::Json if types.iter().any(inexact) => Lists::Padded,
        policy => policy,
    }
}

/// Fills up with the last one to a power of two: it is there already, so it finds nothing new.
fn padded<T: Clone>(mut items: Vec<T>) -> Vec<T> {
    if let Some(last) = items.last().cloned() {
        items.resize(items.len().next_power_of_two(), last);
    }
    items
}

/// Rows as columns.
pub(super) fn columns(rows: impl IntoIterator<Item = Vec<Value>>, width: usize) -> Vec<Vec<Value>> {
    let mut columns: Vec<Vec<Value>> = (0..width).map(|_| Vec::new()).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}

impl Writer<'_> {
    pub(super) fn list(&mut self, of: &Expr, list: &List, negated: bool) -> Result<()> {
        let word = if negated { " NOT IN (" } else { " IN (" };
        match list {
            List::Values(values, ty) => self.values(of, values, ty, negated),
            List::Rows(rows, types) => {
                self.operand(of)?;
                self.push(word);
                self.rows(rows, types)?;
                self.push(")");
                Ok(())
            }
            List::Select(select) => {
                self.operand(of)?;
                self.push(word);
                self.list_select(select)?;
                self.push(")");
                Ok(())
            }
        }
    }

    /// A subselect within IN; behind another one where the engine wants no LIMIT there.
    fn list_select(&mut self, select: &Select) -> Result<()> {
        let wrapped = !self.dialect.limit_in_list && (select.limit.is_some() || select.offset.is_some());
        if !wrapped {
            return self.select(select);
        }
        let alias = self.alias();
        self.push("SELECT * FROM (");
        self.select(select)?;
        self.push(") AS ");
        self.source(&alias);
        Ok(())
    }

    fn values(&mut self, of: &Expr, values: &[Value], ty: &Type, negated: bool) -> Result<()> {
        self.operand(of)?;
        match list_policy(self.dialect, std::slice::from_ref(ty)) {
            Lists::Json => {
                self.push(if negated { " NOT IN (" } else { " IN (" });
                self.push("SELECT value FROM json_each(");
                self.array(values.to_vec(), ty);
                self.push("))");
            }
            Lists::Arrays => {
                self.push(if negated { " <> ALL (" } else { " = ANY (" });
                self.array(values.to_vec(), ty);
                self.push(")");
            }
            Lists::Padded => {
                self.push(if negated { " NOT IN (" } else { " IN (" });
                for (at, value) in padded(values.to_vec()).into_iter().enumerate() {
                    self.comma(at);
                    self.param(value, ty);
                }
                self.push(")");
            }
        }
        Ok(())
    }

    fn rows(&mut self, rows: &[Vec<Value>], types: &[Type]) -> Result<()> {
        if rows.iter().any(|row| row.len() != types.len()) {
            return Err(Error::usage(format!("each row to look in needs {} values", types.len())));
        }
        match list_policy(self.dialect, types) {
            Lists::Json => {
                self.push("SELECT ");
                for at in 0..types.len() {
                    self.comma(at);
                    self.push(&format!("value ->> {at}"));
                }
                self.push(" FROM json_each(");
                let rows = rows.iter().cloned().map(Value::Array).collect();
                self.param(Value::Array(rows), &Type::Json);
                self.push(")");
            }
            Lists::Arrays => {
                self.push("SELECT * FROM unnest(");
                for (at, (column, ty)) in columns(rows.iter().cloned(), types.len()).into_iter().zip(types).enumerate()
                {
                    self.comma(at);
                    self.array(column, ty);
                }
                self.push(")");
            }
            Lists::Padded => {
                self.push(self.dialect.row_list);
                for (at, row) in padded(rows.to_vec()).into_iter().enumerate() {
                    self.push(if at > 0 { ", (" } else { "(" });
                    for (at, (value, ty)) in row.into_iter().zip(types).enumerate() {
                        self.comma(at);
                        self.param(value, ty);
                    }
                    self.push(")");
                }
            }
        }
        Ok(())
    }
}
