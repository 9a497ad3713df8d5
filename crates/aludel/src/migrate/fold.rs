//! History as a fold: the schema that revisions make, without a database.

use std::borrow::Cow;

use super::{Fault, Revision, Step, Work};
use crate::dialect::Dialect;
use crate::schema::{Op, Problem, Schema};
use crate::syntax::Span;

/// The schema as revisions make it for one engine, one after the other.
///
/// Steps that are for other engines do not count, and data, functions and raw statements change no schema. What an engine
/// runs instead of a step does not count either: the history holds the step. Statements for rows have to be ones that the
/// engine has words for.
///
/// ```
/// use aludel::dialect::SQLITE;
/// use aludel::migrate::{Fold, Revision, Step, Work};
/// use aludel::schema::Op;
///
/// let op = Op::CreateEnum { name: "mood".into(), variants: vec!["fine".into()] };
/// let step = Step::new(Work::Change(Box::new(op)));
/// let mut fold = Fold::new(&SQLITE);
/// fold.apply(&Revision { up: vec![step], ..Revision::default() })?;
/// assert_eq!(fold.schema().enums["mood"], ["fine"]);
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fold<'d> {
    engine: &'d Dialect,
    schema: Schema,
}

impl<'d> Fold<'d> {
    /// Nothing yet, for `engine`.
    pub fn new(engine: &'d Dialect) -> Self {
        Fold { engine, schema: Schema::default() }
    }

    /// The schema so far.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The schema in the end.
    pub fn into_schema(self) -> Schema {
        self.schema
    }

    /// Goes over a revision.
    ///
    /// # Errors
    /// Every statement that does not fit the schema at its point; those are passed over.
    pub fn apply(&mut self, revision: &Revision) -> Result<(), Vec<Fault>> {
        self.steps(revision, &revision.up)
    }

    /// Goes back over a revision by its way back; without one nothing changes.
    ///
    /// # Errors
    /// As [`apply`](Fold::apply).
    pub fn undo(&mut self, revision: &Revision) -> Result<(), Vec<Fault>> {
        self.steps(revision, revision.down.as_deref().unwrap_or_default())
    }

    /// Goes over one step of a revision.
    ///
    /// # Errors
    /// What does not fit the schema, with the word it is about; the schema is then as it was.
    pub fn step(&mut self, revision: &Revision, step: &Step) -> Result<(), Fault> {
        self.faults(revision, step).into_iter().next().map_or(Ok(()), Err)
    }

    fn faults(&mut self, revision: &Revision, step: &Step) -> Vec<Fault> {
        match step.op_for(self.engine) {
            Some(op) => {
                let applied = op.apply(&mut self.schema);
                applied.map_err(|problem| pointed(revision, step, op, problem)).err().into_iter().collect()
            }
            None if step.is_for(self.engine) => {
                step.data_for(self.engine, &self.schema, revision).and_then(Result::err).unwrap_or_default()
            }
            None => Vec::new(),
        }
    }

    fn steps(&mut self, revision: &Revision, steps: &[Step]) -> Result<(), Vec<Fault>> {
        let faults: Vec<Fault> = steps.iter().flat_map(|step| self.faults(revision, step)).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl Step {
    /// Whether it is for `engine`.
    pub fn is_for(&self, engine: &Dialect) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == engine.name)
    }

    /// The operation, where the step changes the schema of `engine`.
    pub fn op_for(&self, engine: &Dialect) -> Option<&Op> {
        self.op().filter(|_| self.is_for(engine))
    }

    /// The statement for rows that `engine` runs where its schema is `schema`; `None` where the step is none, or where the
    /// engine runs a text of its own in its place. What is for one engine alone is in its own words already.
    pub(crate) fn data_for<'s>(
        &'s self,
        engine: &Dialect,
        schema: &Schema,
        revision: &Revision,
    ) -> Option<Result<Cow<'s, str>, Vec<Fault>>> {
        let own = self.instead.iter().any(|instead| instead.engines.iter().any(|name| name == engine.name));
        let Work::Data(text) = &self.work else { return None };
        match (own, self.only.len()) {
            (true, _) => return None,
            (_, 1) => return Some(Ok(Cow::Borrowed(text))),
            _ => {}
        }
        let fault = |span: Span, what, help| {
            let start = self.span.start;
            let span = Span { start: start + span.start, end: start + span.end };
            Fault { file: revision.file.clone(), text: revision.text.clone(), span: Some(span), what, help }
        };
        let said = engine.data(text, schema);
        Some(said.map_err(|misfits| misfits.into_iter().map(|one| fault(one.span, one.what, one.help)).collect()))
    }
}

impl Revision {
    /// What it changes of the schema for `engine`, in order.
    pub fn ops<'a>(&'a self, engine: &'a Dialect) -> impl Iterator<Item = &'a Op> {
        self.up.iter().filter_map(|step| step.op_for(engine))
    }
}

/// The problem of a step, at the word it is about.
fn pointed(revision: &Revision, step: &Step, op: &Op, problem: Problem) -> Fault {
    let span = word(step, op, &problem.what).unwrap_or(step.span);
    let Problem { what, help, .. } = problem;
    Fault { file: revision.file.clone(), text: revision.text.clone(), span: Some(span), what, help }
}

/// Where the name stands that `what` quotes. The table is the scene rather than the matter, and the matter is told last.
fn word(step: &Step, op: &Op, what: &str) -> Option<Span> {
    let quoted: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
    let find = |name: &str| step.names.iter().rev().find(|(other, _)| other == name).map(|(_, span)| *span);
    let matter = quoted.iter().rev().filter(|name| op.table() != Some(**name)).find_map(|name| find(name));
    matter.or_else(|| quoted.iter().find_map(|name| find(name)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::Type;
    use crate::dialect::{POSTGRES, SQLITE};
    use crate::migrate::Work;
    use crate::schema::{Column, ColumnChange, ForeignKey, Table};
    use crate::syntax::{Flavour, Kind, lex};

    /// A revision of these statements, each with what it does; `engine:` before one limits it.
    fn revision(id: &str, statements: &[(&str, Op)]) -> Revision {
        let (mut text, mut up) = (String::new(), Vec::new());
        for (statement, op) in statements {
            let (only, statement) =
                statement.split_once(": ").map_or((vec![], *statement), |(one, of)| (vec![one.into()], of));
            let start = text.len();
            text.push_str(statement);
            let named = |token: &crate::syntax::Token| matches!(token.kind, Kind::Word | Kind::Quoted);
            let names = lex(statement, Flavour::PORTABLE).into_iter().filter(named).map(|token| {
                let span = Span { start: start + token.span.start, end: start + token.span.end };
                (token.span.of(statement).trim_matches('"').to_owned(), span)
            });
            let (names, span) = (names.collect(), Span { start, end: text.len() });
            up.push(Step { only, names, span, ..Step::new(Work::Change(Box::new(op.clone()))) });
            text.push('\n');
        }
        Revision { id: id.into(), up, file: format!("{id}.sql").into(), text: text.into(), ..Revision::default() }
    }

    fn users() -> (&'static str, Op) {
        let columns = ["id", "name"].map(|name| Column::new(name, Type::Text)).to_vec();
        let table = Table { name: "users".into(), columns, ..Table::default() };
        ("CREATE TABLE users (id TEXT, name TEXT);", Op::CreateTable(table))
    }

    #[track_caller]
    fn check(statements: &[(&str, Op)], expected: &Expect) {
        let mut fold = Fold::new(&SQLITE);
        fold.apply(&revision("1", &[users()])).unwrap();
        let before = fold.schema().clone();
        let faults = fold.apply(&revision("2", statements)).unwrap_err();
        expected.assert_eq(&faults.iter().map(|fault| format!("{fault}\n")).collect::<String>());
        assert_eq!(*fold.schema(), before);
    }

    #[test]
    fn a_problem_is_told_at_its_word() {
        let drop = |table: &str, column: &str| Op::DropColumn { table: table.into(), column: column.into() };
        let add = |column| Op::AddColumn { table: "users".into(), column };
        let key = ForeignKey {
            name: "fk".into(),
            columns: vec!["id".into()],
            table: "users".into(),
            references: vec!["key".into()],
            ..ForeignKey::default()
        };
        let posts = Table {
            name: "posts".into(),
            columns: vec![Column::new("id", Type::Text)],
            foreign_keys: vec![key],
            ..Table::default()
        };
        let statements = [
            ("ALTER TABLE users DROP COLUMN nam;", drop("users", "nam")),
            ("ALTER TABLE \"user\" DROP COLUMN name;", drop("user", "name")),
            ("ALTER TABLE users ADD COLUMN name TEXT;", add(Column::new("name", Type::Text))),
            ("ALTER TABLE users ADD COLUMN mood mood;", add(Column::new("mood", Type::Enum("mood".into())))),
            (
                "CREATE TABLE posts (id TEXT, CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (key));",
                Op::CreateTable(posts),
            ),
            ("DROP INDEX ix;", Op::DropIndex { name: "ix".into(), concurrently: false }),
        ];
        check(
            &statements,
            &expect![[r#"
                table `users` has no column `nam`
                 --> 2.sql:1:31
                  |
                1 | ALTER TABLE users DROP COLUMN nam;
                  |                               ^^^
                  = help: did you mean `name`?
                there is no table `user` at this point
                 --> 2.sql:2:13
                  |
                2 | ALTER TABLE "user" DROP COLUMN name;
                  |             ^^^^^^
                  = help: did you mean `users`?
                table `users` has a column `name` already
                 --> 2.sql:3:30
                  |
                3 | ALTER TABLE users ADD COLUMN name TEXT;
                  |                              ^^^^
                  = help: choose another name, or leave the statement out
                there is no type `mood` at this point
                 --> 2.sql:4:35
                  |
                4 | ALTER TABLE users ADD COLUMN mood mood;
                  |                                   ^^^^
                  = help: write a type such as TEXT, or above: CREATE TYPE mood AS ENUM ('a', 'b')
                table `users` has no column `key`
                 --> 2.sql:5:79
                  |
                5 | CREATE TABLE posts (id TEXT, CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (key));
                  |                                                                               ^^^
                  = help: it has `id`, `name`
                there is no index `ix` at this point
                 --> 2.sql:6:12
                  |
                6 | DROP INDEX ix;
                  |            ^^
            "#]],
        );
    }

    #[test]
    fn what_is_for_another_engine_does_not_count() {
        let limited =
            ("postgres: CREATE TYPE mood;", Op::CreateEnum { name: "mood".into(), variants: vec!["a".into()] });
        let made = revision("1", &[users(), limited]);
        let fold = |engine| {
            let mut fold = Fold::new(engine);
            fold.apply(&made).unwrap();
            fold.into_schema()
        };
        assert!(fold(&SQLITE).enums.is_empty());
        assert_eq!(fold(&POSTGRES).enums["mood"], ["a"]);
        assert_eq!((made.ops(&SQLITE).count(), made.ops(&POSTGRES).count()), (1, 2));
    }

    #[test]
    fn a_way_back_is_gone_over_like_a_way_forward() {
        let mut made = revision("1", &[users()]);
        let mut fold = Fold::new(&SQLITE);
        fold.apply(&made).unwrap();
        fold.undo(&made).unwrap();
        assert!(fold.schema().tables.contains_key("users"), "no way back is written");
        made.down = Some(revision("1", &[("DROP TABLE users;", Op::DropTable { table: "users".into() })]).up);
        fold.undo(&made).unwrap();
        assert_eq!(*fold.schema(), Schema::default());
        assert_eq!(fold.undo(&made).unwrap_err().len(), 1);
    }

    #[test]
    fn the_faults_of_the_first_wrong_file_are_told() {
        let wrong = |id: &str| {
            let change = ColumnChange::Nullable(true);
            let op = Op::AlterColumn { table: id.into(), column: "c".into(), change };
            revision(id, &[("ALTER TABLE users", op.clone()), ("ALTER TABLE users", op)])
        };
        let history = crate::migrate::History::new(vec![revision("a", &[users()]), wrong("b"), wrong("c")]).unwrap();
        let faults = history.schema_at_heads(&SQLITE).unwrap_err();
        assert_eq!(faults.iter().map(|fault| &*fault.file).collect::<Vec<_>>(), ["b.sql", "b.sql"]);
        let ids = ["a".to_owned()].into();
        assert_eq!(history.schema(&SQLITE, &ids).unwrap().tables.len(), 1);
    }
}
