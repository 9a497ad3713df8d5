//! A run as text: what would be sent, for whoever pipes it into the engine's own shell.

use std::fmt::Write as _;

use super::perform::Way;
use super::piece::{Piece, said};
use super::progress::Direction;
use super::record::{entry, record};
use crate::dialect::{Act, Asks, Dialect, Frame, Inventory, Plan, Probe};
use crate::migrate::book::{self, Clock, Done, State};
use crate::migrate::{Fault, Revision};
use crate::schema::{Op, Schema, literal_text};
use crate::sql::Statement;
use crate::{Error, Result, Value};

/// Where a script begins.
pub(super) struct Start {
    pub(super) schema: Schema,
    pub(super) stored: Inventory,
    /// Whether the tables that remember revisions have to be made.
    pub(super) fresh: bool,
    /// The place of the last revision.
    pub(super) place: i64,
}

/// The table whose rule no row meets: a question that is answered stops the script, by inserting into it.
const GUARD: &str = "aludel_stop";

/// A script in the making.
struct Script {
    engine: &'static Dialect,
    start: Start,
    /// Whether the tables may have rows by now: they do where revisions were applied before, or a statement put some in.
    rows: bool,
    text: String,
}

/// The text that takes a database from `start` over `wanted`.
///
/// # Errors
/// Every fault of planning, and functions of the application, which no shell can call; where the script itself makes the
/// tables they have nothing to do, and are left out.
pub(super) fn script(
    engine: &'static Dialect,
    start: Start,
    wanted: &[&Revision],
    direction: Direction,
) -> Result<String> {
    let mut script = Script { engine, start, rows: false, text: String::new() };
    script.rows = script.start.place > 0;
    // Nobody knows which version of its shell will read this, so nothing is asked that only new ones know.
    script.start.stored.version = Inventory::default().version;
    script.head()?;
    for (at, revision) in wanted.iter().enumerate() {
        script.revision(Way { revision, direction, at: at + 1, of: wanted.len() })?;
    }
    Ok(script.text)
}

impl Script {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn note(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("-- {line}"));
        }
    }

    fn statement(&mut self, text: &str) {
        self.line(&format!("{text};"));
    }

    fn head(&mut self) -> Result<()> {
        self.note("This text stops at the first error, and then leaves the database as it was before that revision.");
        if !self.engine.script.is_empty() {
            self.line(self.engine.script);
        }
        if !self.start.stored.live {
            self.note(
                "It was written without a database: views, triggers and tables that no revision made are not in it.",
            );
        }
        self.statement(&format!("CREATE TEMPORARY TABLE {GUARD} (what TEXT, is_right INTEGER CHECK (is_right = 1))"));
        if self.start.fresh {
            self.statement(self.engine.begin_write);
            for text in self.engine.ddl(&book::make(), &Schema::default())? {
                self.statement(&text);
            }
            self.statement(Dialect::COMMIT);
        }
        Ok(())
    }

    fn revision(&mut self, way: Way<'_>) -> Result<()> {
        let Way { revision, direction, .. } = way;
        let word = if direction == Direction::Up { "Revision" } else { "Back over revision" };
        self.line("");
        self.note(&format!("{word} {}: {} ({})", revision.id, revision.message, revision.file));
        let pieces = said(revision, direction, self.engine, &self.start.schema);
        let pieces = pieces.map_err(|faults| super::refused(&faults))?;
        let (plans, whole) = self.plans(revision, &pieces)?;
        self.note(&whole.notes.join("\n"));
        for setting in &whole.frame.settings {
            self.statement(&format!("{}{}", setting.write, setting.during));
        }
        self.statement(self.engine.begin_write);
        whole.frame.begin.iter().for_each(|text| self.statement(text));
        let mut done = Vec::new();
        for (piece, plan) in pieces.iter().zip(plans) {
            done.push(self.piece(piece, plan, &whole.frame));
        }
        whole.frame.verify.iter().for_each(|probe| self.ask(probe));
        whole.frame.end.iter().for_each(|text| self.statement(text));
        self.write_down(way, &done)?;
        self.statement(Dialect::COMMIT);
        for setting in whole.frame.settings.iter().rev() {
            self.statement(&format!("{}{}", setting.write, setting.usual));
        }
        Ok(())
    }

    /// The plan of each piece, and all of them as one.
    fn plans(&mut self, revision: &Revision, pieces: &[Piece<'_>]) -> Result<(Vec<Option<Plan>>, Plan)> {
        let mut plans = Vec::new();
        let mut whole = Plan::default();
        for piece in pieces {
            let blame = |what: String, help: &str| {
                Error::revision(
                    Fault {
                        file: revision.file.clone(),
                        text: revision.text.clone(),
                        span: piece.step().map(|step| step.span),
                        what,
                        help: help.into(),
                    }
                    .to_string(),
                )
            };
            self.rows |= piece.adds_rows();
            if let Piece::Call { name, .. } = piece {
                if !self.rows {
                    whole.notes.push(format!("`{name}` is left out: the tables it works on have no rows yet"));
                    plans.push(None);
                    continue;
                }
                let what = format!("`{name}` is a function of the application, which no script can call");
                return Err(blame(
                    what,
                    "write the script up to here, run the revision itself by `db upgrade`, and go on behind it",
                ));
            }
            let ops = piece.ops();
            let plan = match piece {
                Piece::Change(_) => {
                    let plan = self.plan(&ops).map_err(|what| blame(what, ""))?;
                    whole.join(plan.clone());
                    Some(plan)
                }
                _ => {
                    self.fold(&ops).map_err(|what| blame(what, ""))?;
                    None
                }
            };
            if piece.is_opaque() {
                whole.notes.push(
                    "what comes behind a statement of the engine's own is planned without knowing what it stored"
                        .into(),
                );
            }
            plans.push(plan);
        }
        Ok((plans, whole))
    }

    /// The plan of operations. What the first plan leaves is planned on what that is said to leave behind.
    fn plan(&mut self, ops: &[Op]) -> Result<Plan, String> {
        let (mut rest, mut whole) = (ops, Plan::default());
        while !rest.is_empty() {
            let plan = self
                .engine
                .plan(rest, &self.start.schema, &self.start.stored)
                .map_err(|refusals| refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
            let (done, more) = rest.split_at(plan.done.clamp(1, rest.len()));
            self.fold(done)?;
            if !(more.is_empty() && plan.after.exact) && self.start.stored.live {
                whole.notes.push(
                    "the engine rewrites a text on the way, and the rest is planned without having seen it".into(),
                );
            }
            self.start.stored = plan.after.clone();
            whole.join(plan);
            rest = more;
        }
        Ok(whole)
    }

    fn fold(&mut self, ops: &[Op]) -> Result<(), String> {
        ops.iter().try_for_each(|op| op.apply(&mut self.start.schema)).map_err(|problem| problem.to_string())
    }

    fn piece(&mut self, piece: &Piece<'_>, plan: Option<Plan>, frame: &Frame) -> Done {
        let mut hash = String::new();
        if let Some(plan) = plan {
            for act in &plan.acts {
                match act {
                    Act::Run(text) => self.statement(text),
                    Act::Ask(probe) => self.ask(probe),
                    Act::Follow(_) if frame.begin.is_empty() => {}
                    Act::Follow(text) => self.statement(text),
                }
            }
            hash = book::hash(plan.statements());
        }
        if let Piece::Text { text, .. } = piece {
            self.statement(text);
            hash = book::hash([&**text]);
        }
        Done { what: piece.what(), hash, rows: 0, cursor: None }
    }

    /// A question: answered, it inserts what is refused, with what is wrong.
    fn ask(&mut self, probe: &Probe) {
        match probe.asks {
            Asks::Rows => self.statement(&format!(
                "INSERT INTO {GUARD} (what, is_right) SELECT {}, 0 FROM ({}) AS answered",
                literal_text(&probe.general()),
                probe.query
            )),
            // Running it compiles it.
            Asks::Compiles => self.statement(&probe.query),
        }
    }

    fn write_down(&mut self, way: Way<'_>, done: &[Done]) -> Result<()> {
        if way.direction == Direction::Up {
            self.start.place += 1;
        }
        let entry = entry(way.revision, self.start.place, State::Applied, "a script");
        for statement in record(self.engine, way, &entry, done, Clock::Database)? {
            let text = written(&statement);
            self.statement(&text);
        }
        Ok(())
    }
}

/// A statement of ours with its values in it: numbers and texts.
fn written(statement: &Statement) -> String {
    let mut values = statement.params.iter();
    let mut text = String::new();
    let mut letters = statement.text.chars().peekable();
    let mut quoted = None;
    while let Some(letter) = letters.next() {
        match (letter, quoted) {
            ('?' | '$', None) => {
                while letter == '$' && letters.next_if(char::is_ascii_digit).is_some() {}
                text.push_str(&match values.next() {
                    Some(Value::Int(value)) => value.to_string(),
                    Some(Value::Text(value)) => literal_text(value),
                    _ => "NULL".into(),
                });
                continue;
            }
            ('"' | '`' | '\'', None) => quoted = Some(letter),
            (other, Some(open)) if other == open => quoted = None,
            _ => {}
        }
        let _ = text.write_char(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};
    use crate::migrate::book::Applied;

    #[test]
    fn values_stand_where_their_placeholders_stood() {
        for (engine, expected) in [
            (
                &SQLITE,
                r#"UPDATE "aludel_revisions" SET "checksum" = 'it''s ? $1', "file" = '"', "body" = 'b' WHERE "aludel_revisions"."id" = 'x'"#,
            ),
            (
                &POSTGRES,
                r#"UPDATE "aludel_revisions" SET "checksum" = 'it''s ? $1', "file" = '"', "body" = 'b' WHERE "aludel_revisions"."id" = 'x'"#,
            ),
            (
                &MYSQL,
                "UPDATE `aludel_revisions` SET `checksum` = 'it''s ? $1', `file` = '\"', `body` = 'b' WHERE `aludel_revisions`.`id` = 'x'",
            ),
        ] {
            let revision = Revision { id: "x".into(), ..Revision::default() };
            let entry = Applied {
                checksum: "it's ? $1".into(),
                file: "\"".into(),
                text: "b".into(),
                ..entry(&revision, 1, State::Applied, "")
            };
            assert_eq!(written(&book::accept(&entry).render(engine).unwrap()), expected);
        }
    }
}
