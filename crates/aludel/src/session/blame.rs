//! Which row, which parent, which child: what a refused flush says beyond the engine's own words.

use super::answer::{Answers, Returned};
use super::guts::Guts;
use super::shape::column;
use crate::driver::Request;
use crate::error::{Kind, Rule};
use crate::model::{Layout, Meta};
use crate::sql::{Expr, List, Select};
use crate::unit::EntityRef;
use crate::{Error, FieldError, Result, Value};

impl Guts {
    /// A row that changed or vanished under this session.
    pub(crate) fn stale(
        &self,
        layout: &Layout,
        row: EntityRef,
        detail: Option<(usize, Option<Value>, Value)>,
    ) -> Error {
        let (column, ours, theirs) = match detail {
            Some((at, ours, theirs)) => {
                (Some(layout.columns[at].name.to_owned()), ours.as_ref().map(text), Some(text(&theirs)))
            }
            None => (None, None, None),
        };
        Error::new(Kind::Stale {
            table: layout.meta.table.to_owned(),
            key: self.unit.key_values(row).iter().map(text).collect::<Vec<_>>().join(", "),
            column,
            ours,
            theirs,
        })
    }

    /// A row that was deleted, or changed its version, before this session's DELETE.
    pub(crate) fn stale_delete(&mut self, layout: &Layout, row: EntityRef) -> Error {
        self.stale(layout, row, None)
    }

    /// Asks which parents are missing, where a foreign key refused rows.
    pub(crate) async fn name_missing_parents(
        &mut self,
        error: Error,
        layout: &'static Layout,
        fields: &[usize],
        rows: &[EntityRef],
        answers: &Answers,
    ) -> Error {
        if !error.is_foreign_key_violation() {
            return error;
        }
        let mut problems = Vec::new();
        for &field in fields {
            let range = layout.fields[field].clone();
            let Some((target, _)) = layout.columns[range.start].references else { continue };
            let mut asked: Vec<Vec<Value>> = Vec::new();
            for &row in rows {
                let mut key = Vec::new();
                self.unit.push(row, field, &answers.now, &answers.keys, &mut key);
                if !key.iter().any(Value::is_null) && !asked.contains(&key) {
                    asked.push(key);
                }
            }
            let Ok(found) = self.existing(target(), &asked).await else { return error };
            // Engines keep some types in another form: found keys are read as the field would read them.
            let store = self.unit.store_at(rows[0].store);
            let found: Vec<_> = found.iter().filter_map(|key| store.normalised_field(field, key).ok()).collect();
            for key in asked.iter().filter(|key| !found.contains(key)) {
                let shown = key.iter().map(text).collect::<Vec<_>>().join(", ");
                problems.push(FieldError {
                    field: layout.meta.fields[field].name.into(),
                    code: "missing".into(),
                    message: format!("there is no row of `{}` with the key {shown}", target().table),
                });
            }
        }
        violation(error, Rule::MissingParent, layout, problems)
    }

    /// Which of `keys` are rows of `meta`.
    async fn existing(&mut self, meta: &'static Meta, keys: &[Vec<Value>]) -> Result<Vec<Vec<Value>>> {
        let layout = (meta.layout)();
        let key: Vec<_> = layout.key.iter().map(|&at| &layout.columns[at]).collect();
        let mut select = Select::from(meta.table);
        select.columns = key.iter().map(|this| column(this)).collect();
        if let [single] = key[..] {
            let values = keys.iter().flatten().cloned().collect();
            select.and(Expr::In(Box::new(column(single)), List::Values(values, single.ty.clone()), false));
        } else {
            let conditions = keys.iter().map(|values| {
                super::shape::all(key.iter().zip(values).map(|(this, value)| {
                    let value = Expr::Value(value.clone(), this.ty.clone());
                    Expr::Binary(Box::new(column(this)), crate::sql::Binary::Eq, Box::new(value))
                }))
            });
            let any =
                conditions.reduce(|one, other| Expr::Binary(Box::new(one), crate::sql::Binary::Or, Box::new(other)));
            select.filter = any;
        }
        let statement = select.render(self.link.shared.engine.dialect())?;
        let mut returned = Returned::new(&[], &[]);
        self.link.run(&mut [Request::new(&statement, &mut returned)]).await?;
        Ok(returned.rows)
    }

    /// Asks which children still point at rows, where a foreign key refused their deletion.
    pub(crate) async fn name_children(&mut self, error: Error, layout: &'static Layout, rows: &[EntityRef]) -> Error {
        if !error.is_foreign_key_violation() {
            return error;
        }
        let mut problems = Vec::new();
        let shared = self.link.shared.clone();
        for inbound in shared.graph.inbound(layout) {
            let columns: Vec<_> =
                inbound.child.fields[inbound.field].clone().map(|at| &inbound.child.columns[at]).collect();
            let [own] = columns[..] else { continue };
            let keys = rows.iter().flat_map(|&row| self.unit.key_values(row)).collect();
            let mut select = Select::from(inbound.child.meta.table);
            select.columns = vec![column(own)];
            select.and(Expr::In(Box::new(column(own)), List::Values(keys, own.ty.clone()), false));
            select.limit = Some(1);
            let Ok(statement) = select.render(shared.engine.dialect()) else { continue };
            let mut returned = Returned::new(&[], &[]);
            if self.link.run(&mut [Request::new(&statement, &mut returned)]).await.is_err() {
                return error;
            }
            if let Some(key) = returned.rows.first() {
                problems.push(FieldError {
                    field: layout.meta.fields[layout.key_fields[0]].name.into(),
                    code: "referenced".into(),
                    message: format!(
                        "rows of `{}` still point at {} by `{}`: delete or change them first, or write `on_delete` or \
                         `cascade` on `{}.{}`",
                        inbound.child.meta.table,
                        key.iter().map(text).collect::<Vec<_>>().join(", "),
                        own.name,
                        inbound.child.meta.model,
                        inbound.child.meta.fields[inbound.field].name,
                    ),
                });
            }
        }
        violation(error, Rule::Referenced, layout, problems)
    }
}

/// Engines that tell no more than that a foreign key refused: where rows were deleted, others still point at them.
pub(super) fn still_referenced(error: Error, layout: &Layout) -> Error {
    match error.is_foreign_key_violation() {
        true => violation(error, Rule::Referenced, layout, Vec::new()),
        false => error,
    }
}

fn violation(error: Error, rule: Rule, layout: &Layout, fields: Vec<FieldError>) -> Error {
    let constraint = error.constraint().map(str::to_owned);
    let statement = error.statement().map(str::to_owned);
    let named = Error::new(Kind::Violation { rule, constraint, table: Some(layout.meta.table.to_owned()), fields })
        .with_source(error);
    match statement {
        Some(statement) => named.with_statement(&statement),
        None => named,
    }
}

/// `0190f1c2-...`
fn hyphenated(uuid: [u8; 16]) -> String {
    let digits = format!("{:032x}", u128::from_be_bytes(uuid));
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// Letters of a text that a sentence shows.
const LONG: usize = 60;

/// A key's or a column's value in a sentence.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(value) => match value.char_indices().nth(LONG) {
            Some((end, _)) => format!("{:?}..", &value[..end]),
            None => format!("{value:?}"),
        },
        Value::Bytes(value) => format!("{} bytes", value.len()),
        Value::Date(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::Timestamp(value) => value.to_string(),
        Value::Uuid(value) => hyphenated(*value),
        Value::Decimal(value) => value.to_string(),
        Value::Array(values) => format!("{} values", values.len()),
    }
}
