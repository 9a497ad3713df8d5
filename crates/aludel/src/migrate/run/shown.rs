//! What an engine runs for one revision, to be read.

use super::piece::{Piece, said};
use super::progress::Direction;
use crate::dialect::{Dialect, Inventory};
use crate::migrate::Revision;
use crate::schema::{Op, Problem, Schema};
use crate::{Error, Result};

/// The statements that bring a database of `engine` whose schema is `schema` over a revision, each with its `;`. Functions of
/// the application are comments.
///
/// # Errors
/// What the engine cannot run, or has no words for.
pub(crate) fn statements(engine: &Dialect, revision: &Revision, mut schema: Schema) -> Result<String> {
    let pieces = said(revision, Direction::Up, engine, &schema)?;
    let mut stored = Inventory::of(engine, &schema);
    let mut text = String::new();
    for piece in &pieces {
        let ops = piece.ops();
        match piece {
            Piece::Change(_) => {
                let mut rest = ops.as_slice();
                while !rest.is_empty() {
                    let plan = engine.plan(rest, &schema, &stored)?;
                    plan.statements().for_each(|statement| text.push_str(&format!("{statement};\n")));
                    let (done, more) = rest.split_at(plan.done.clamp(1, rest.len()));
                    fold(done, &mut schema)?;
                    (stored, rest) = (plan.after, more);
                }
                continue;
            }
            Piece::Text { text: statement, .. } => text.push_str(&format!("{statement};\n")),
            Piece::Call { name, arguments, .. } => {
                text.push_str(format!("-- run: {name} {}", arguments.join(" ")).trim_end());
                text.push('\n');
            }
        }
        if !ops.is_empty() {
            fold(&ops, &mut schema)?;
            stored = Inventory::of(engine, &schema);
        }
    }
    Ok(text)
}

fn fold(ops: &[Op], schema: &mut Schema) -> Result<()> {
    let folded: Result<(), Problem> = ops.iter().try_for_each(|op| op.apply(schema));
    folded.map_err(|problem| Error::from(vec![problem]))
}
