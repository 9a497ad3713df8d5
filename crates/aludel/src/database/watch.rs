//! What is told of statements: `tracing` events with the text and never a value, counts, and errors in the words of the
//! models.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Shared;
use crate::driver::Request;
use crate::error::{Kind, Rule};
use crate::{Error, FieldError, Result};

impl Shared {
    /// Whether anybody wants to know how long statements take.
    pub(crate) fn watches(&self) -> bool {
        self.echo || tracing::enabled!(target: "aludel::sql", tracing::Level::DEBUG)
    }

    /// Tells of a batch that has been run. Parameters are counted, never shown.
    pub(crate) fn record(&self, requests: &[Request<'_>], started: Option<Instant>, result: &Result<()>) {
        self.statements.fetch_add(requests.len() as u64, Ordering::Relaxed);
        let Some(started) = started else { return };
        let micros = started.elapsed().as_micros();
        let failed = result.is_err();
        for request in requests {
            let text = &*request.statement.text;
            let params = request.statement.params.len();
            tracing::debug!(target: "aludel::sql", text, params, affected = request.affected, batch_us = %micros, failed);
            if self.echo {
                eprintln!(
                    "aludel: {text}  -- {params} parameters, {micros} us{}",
                    if failed { ", failed" } else { "" }
                );
            }
        }
    }

    /// An error in the words of the models: columns become fields, constraints are found in the schema.
    pub(crate) fn explain(&self, mut error: Error) -> Error {
        if let Kind::Violation { rule, constraint, table, fields } = error.kind_mut() {
            if let Some((owner, columns)) = constraint.as_deref().and_then(|name| self.schema.constraint(name)) {
                table.get_or_insert_with(|| owner.name.clone());
                if fields.is_empty() {
                    fields.extend(columns.iter().map(|column| FieldError {
                        field: column.to_string().into(),
                        code: rule.code().into(),
                        message: rule.sentence().into(),
                    }));
                }
            }
            // Engines that tell columns and not the rule: the schema knows which rule is over them.
            if let (None, Rule::Unique, Some(table)) = (&constraint, *rule, table.as_deref()) {
                let columns: Vec<&str> = fields.iter().map(|field| &*field.field).collect();
                *constraint = self.schema.unique_over(table, &columns).map(str::to_owned);
            }
            if let Some(layout) =
                table.as_deref().and_then(|table| self.graph.layouts().find(|layout| layout.meta.table == table))
            {
                for field in fields.iter_mut() {
                    if let Some(column) = layout.columns.iter().find(|column| column.name == field.field) {
                        field.field = layout.meta.fields[column.field].name.into();
                    }
                }
            }
        }
        error
    }
}
