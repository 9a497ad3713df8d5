//! PostgreSQL's tables: the portable text as it stands, but for what older servers lack.

use crate::dialect::ddl::{Refusal, Step, columns};
use crate::schema::{Column, ColumnChange, Constraint, Default, Op, PORTABLE, Spelling, literal, print};

/// Generated columns are stored: servers before 18 have no others.
const SPELLING: Spelling = Spelling { stored: |_| "STORED", ..PORTABLE };

pub(super) fn render(step: &Step<'_>, out: &mut Vec<String>) -> Result<(), Refusal> {
    match step.op() {
        Op::CreateTable(table) => {
            let rules: Vec<_> = table.constraints().map(|rule: Constraint| SPELLING.constraint(&rule)).collect();
            out.push(SPELLING.create_table(&table.name, &columns(&SPELLING, step.after, table), &rules));
        }
        Op::AlterColumn { table, column, change } => {
            let Some(old) = step.before.tables.get(table).and_then(|table| table.column(column)) else { return Ok(()) };
            let alter = format!("{}ALTER COLUMN {} ", SPELLING.alter(table), (SPELLING.name)(column));
            match (change, old) {
                (ColumnChange::Default(Some(Default::Value(value))), _) => {
                    out.push(format!("{alter}SET DEFAULT {}", literal(value, &old.ty)));
                }
                (ColumnChange::Identity(Some(identity)), Column { identity: Some(_), .. }) => {
                    let how = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
                    let start = identity.start.map(|start| format!(" SET START WITH {start}")).unwrap_or_default();
                    out.push(format!("{alter}SET GENERATED {how}{start}"));
                }
                _ => out.push(print(&SPELLING, step.op())),
            }
        }
        op => out.push(print(&SPELLING, op)),
    }
    Ok(())
}
