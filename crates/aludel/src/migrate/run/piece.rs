//! What is run of a revision on one engine: steps beside each other that change the schema are planned as one.

use std::borrow::Cow;

use super::Direction;
use crate::dialect::Dialect;
use crate::migrate::{Fault, Revision, Step, Work};
use crate::schema::{Op, Schema};

/// A part of a revision that is planned or run as one.
#[derive(Debug)]
pub(super) enum Piece<'r> {
    /// Changes of the schema, one behind the other.
    Change(Vec<(&'r Step, &'r Op)>),
    /// Text that runs as it is: written for the engine, or said in its words.
    Text {
        step: &'r Step,
        text: Cow<'r, str>,
        /// What the history holds in its place.
        op: Option<&'r Op>,
    },
    /// A function of the application.
    Call { step: &'r Step, name: &'r str, arguments: &'r [String] },
}

impl Piece<'_> {
    /// The step to point at.
    pub(super) fn step(&self) -> Option<&Step> {
        match self {
            Piece::Change(steps) if steps.len() == 1 => steps.first().map(|(step, _)| *step),
            Piece::Change(_) => None,
            Piece::Text { step, .. } | Piece::Call { step, .. } => Some(step),
        }
    }

    /// In a word.
    pub(super) fn what(&self) -> String {
        match self {
            Piece::Change(_) => "change".into(),
            Piece::Text { step, op, .. } => match (&step.work, op) {
                (_, Some(_)) => "instead".into(),
                (Work::Data(_), _) => "data".into(),
                _ => "raw".into(),
            },
            Piece::Call { name, .. } => format!("run {name}"),
        }
    }

    /// Whether nothing is known afterwards of what is stored.
    pub(super) fn is_opaque(&self) -> bool {
        match self {
            Piece::Change(_) => false,
            Piece::Text { step, .. } => !matches!(step.work, Work::Data(_)),
            Piece::Call { .. } => true,
        }
    }

    /// Whether tables without rows may have some afterwards: an UPDATE and a DELETE leave them empty.
    pub(super) fn adds_rows(&self) -> bool {
        let first = |text: &str| text.split_whitespace().next().map(str::to_ascii_lowercase).unwrap_or_default();
        match self {
            Piece::Text { step, text, .. } => {
                !matches!(step.work, Work::Data(_)) || !["update", "delete", "truncate"].contains(&&*first(text))
            }
            Piece::Change(_) | Piece::Call { .. } => false,
        }
    }

    /// The changes of the schema in it, in order.
    pub(super) fn ops(&self) -> Vec<Op> {
        match self {
            Piece::Change(steps) => steps.iter().map(|(_, op)| (*op).clone()).collect(),
            Piece::Text { op, .. } => op.iter().map(|op| (*op).clone()).collect(),
            Piece::Call { .. } => Vec::new(),
        }
    }
}

/// The pieces of a revision that way for `engine`, statements for rows in its words: `schema` is what is there before.
///
/// # Errors
/// What the engine has no words for. Operations that do not fit the schema are left to whoever runs them.
pub(super) fn said<'r>(
    revision: &'r Revision,
    direction: Direction,
    engine: &Dialect,
    schema: &Schema,
) -> Result<Vec<Piece<'r>>, Vec<Fault>> {
    let mut pieces = pieces(steps(revision, direction), engine);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Text { step, .. } if matches!(step.work, Work::Data(_)))) {
        return Ok(pieces);
    }
    let (mut schema, mut faults) = (schema.clone(), Vec::new());
    for piece in &mut pieces {
        if let Piece::Text { step, text, .. } = piece {
            match step.data_for(engine, &schema, revision) {
                Some(Ok(said)) => *text = said,
                Some(Err(found)) => faults.extend(found),
                None => {}
            }
        }
        for op in piece.ops() {
            let _ = op.apply(&mut schema);
        }
    }
    if faults.is_empty() { Ok(pieces) } else { Err(faults) }
}

/// The pieces of `steps` for `engine`, as they are written.
pub(super) fn pieces<'r>(steps: &'r [Step], engine: &Dialect) -> Vec<Piece<'r>> {
    let mut pieces = Vec::new();
    for step in steps.iter().filter(|step| step.is_for(engine)) {
        let own = step.instead.iter().filter(|instead| instead.engines.iter().any(|name| name == engine.name));
        let own: Vec<Cow<'r, str>> = own.map(|instead| Cow::Borrowed(instead.text.as_str())).collect();
        if let Some((last, before)) = own.split_last() {
            pieces.extend(before.iter().map(|text| Piece::Text { step, text: text.clone(), op: None }));
            // History holds the operation once, when all of it is done.
            pieces.push(Piece::Text { step, text: last.clone(), op: step.op() });
            continue;
        }
        match &step.work {
            Work::Change(op) => match pieces.last_mut() {
                Some(Piece::Change(steps)) => steps.push((step, op)),
                _ => pieces.push(Piece::Change(vec![(step, op)])),
            },
            Work::Data(text) | Work::Raw(text) => {
                pieces.push(Piece::Text { step, text: Cow::Borrowed(text), op: None });
            }
            Work::Run { name, arguments } => pieces.push(Piece::Call { step, name, arguments }),
        }
    }
    pieces
}

/// The functions that the steps of a revision call on `engine`.
pub(super) fn calls<'r>(steps: &'r [Step], engine: &'r Dialect) -> impl Iterator<Item = (&'r Step, &'r str)> {
    pieces(steps, engine).into_iter().filter_map(|piece| match piece {
        Piece::Call { step, name, .. } => Some((step, name)),
        _ => None,
    })
}

/// The steps of a revision that way; none where there is no way back.
pub(super) fn steps(revision: &Revision, direction: Direction) -> &[Step] {
    match direction {
        Direction::Up => &revision.up,
        Direction::Down => revision.down.as_deref().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, SQLITE};

    #[test]
    fn an_engine_may_have_several_statements_in_place_of_one() {
        let text = "-- edition: 1\n-- revision: a1\n-- parents:\n-- message: x\n\nDROP INDEX a;\nDROP INDEX b;\n\
            -- instead: mysql\nSET x = 1;\n-- instead: mysql, mariadb\nDROP INDEX b ON t;\nDROP INDEX c;\n";
        let revision = Revision::parse("a1.sql", text).unwrap();
        let shown = |engine| {
            let shown = |piece: &Piece<'_>| match piece {
                Piece::Change(steps) => format!("{} changes", steps.len()),
                Piece::Text { text, op, .. } => format!("{text} ({})", op.map(Op::print).unwrap_or_default()),
                Piece::Call { name, .. } => (*name).to_owned(),
            };
            pieces(&revision.up, engine).iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(shown(&SQLITE), ["3 changes"]);
        assert_eq!(shown(&MYSQL), ["1 changes", "SET x = 1 ()", "DROP INDEX b ON t (DROP INDEX b)", "1 changes"]);
    }
}
