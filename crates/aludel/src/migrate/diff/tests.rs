mod corpus;
mod edits;

use super::{Answers, Asked, Changes, diff};
use crate::migrate::difference::places;
use crate::migrate::{Revision, Step, Work};
use crate::schema::Schema;
use crate::value::random::Random;

/// The schema that statements of the portable text make.
fn schema(sql: &str) -> Schema {
    let text = format!("-- edition: 1\n-- revision: a\n-- parents:\n\n{sql}");
    let revision = Revision::parse("a.sql", &text).unwrap_or_else(|faults| panic!("{}", faults[0]));
    replay(&Schema::default(), &revision.up)
}

/// What `steps` make of `from`.
fn replay(from: &Schema, steps: &[Step]) -> Schema {
    let mut schema = from.clone();
    for step in steps {
        if let Some(op) = step.op() {
            op.apply(&mut schema).unwrap_or_else(|problem| panic!("{problem}: {}", op.print()));
        }
    }
    schema
}

fn text(steps: &[Step]) -> String {
    let line = |step: &Step| {
        let notes: String = step.notes.iter().map(|note| format!("-- {note}\n")).collect();
        let text = match &step.work {
            Work::Change(op) => op.print(),
            Work::Data(text) | Work::Raw(text) => text.clone(),
            Work::Run { name, .. } => format!("-- run: {name}"),
        };
        format!("{notes}{text};\n")
    };
    steps.iter().map(line).collect()
}

/// What [`diff`] finds once every question has an answer: what goes may go, and is nothing that comes.
fn answered(from: &Schema, to: &Schema) -> Changes {
    let mut answers = Answers::new();
    answers.drop_all();
    for _ in 0..5 {
        let open = match diff(from, to, &answers) {
            Ok(changes) => return changes,
            Err(open) => open,
        };
        assert_eq!(open.problems, [], "{open:?}");
        for question in open.questions {
            match question.kind {
                Asked::Default => answers.default_value(&format!("{}=(a_value)", question.object)).unwrap(),
                _ => answers.drop(&question.object).unwrap(),
            }
        }
    }
    panic!("questions come again");
}

/// From `from` to `to` and back again.
fn there_and_back(from: &Schema, to: &Schema) {
    let changes = answered(from, to);
    assert_eq!(replay(from, &changes.up), *to, "{}", text(&changes.up));
    assert_eq!(replay(to, &changes.down), *from, "{}", text(&changes.down));
    assert_eq!(answered(from, to), changes);
    assert_eq!(changes.is_empty(), from == to);
    assert_eq!(places(from, to).is_empty(), from == to, "{}", text(&changes.up));
}

#[test]
fn any_schema_becomes_any_other_and_itself_again() {
    let mut random = Random::new(21);
    for _ in 0..Random::cases(300) {
        let (from, to) = (random.schema(), random.schema());
        there_and_back(&from, &to);
        there_and_back(&from, &from);
    }
}

/// A default that the new type has not goes before, even between types of one kind.
#[test]
fn defaults_that_do_not_fit_the_new_type_go_before() {
    let table = |of: &str| schema(&format!("CREATE TABLE t (id BIGINT PRIMARY KEY, a {of});"));
    for (one, other) in [
        ("BIGINT DEFAULT 100000", "SMALLINT DEFAULT 1"),
        ("VARCHAR(80) DEFAULT 'hello'", "VARCHAR(3) DEFAULT 'abc'"),
        ("NUMERIC(10, 4) DEFAULT 1.2345", "NUMERIC(10, 2) DEFAULT 1.23"),
        ("TEXT DEFAULT 'x'", "VARCHAR(8) DEFAULT 'x'"),
        ("INTEGER DEFAULT 1", "NUMERIC(10, 2) DEFAULT 1"),
        ("DOUBLE PRECISION DEFAULT 1.5", "INTEGER DEFAULT 1"),
    ] {
        there_and_back(&table(one), &table(other));
        there_and_back(&table(other), &table(one));
    }
}

#[test]
fn a_schema_becomes_what_some_operations_make_of_it() {
    let mut random = Random::new(22);
    for _ in 0..Random::cases(300) {
        let from = random.schema();
        let mut to = from.clone();
        for _ in 0..random.between(1, 8) {
            let mut next = to.clone();
            let fits = random.op(&to).apply(&mut next).is_ok();
            if fits && next.tables.values().all(|table| !table.columns.is_empty()) {
                to = next;
            }
        }
        there_and_back(&from, &to);
    }
}

/// What takes the name of something that goes waits for nothing, there and back.
#[test]
fn names_pass_on_from_what_goes() {
    for (from, to, rename, gone) in [
        (
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT, b INTEGER);",
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER);",
            "t.b=a",
            "t.a",
        ),
        (
            "CREATE TABLE t (id BIGINT PRIMARY KEY); CREATE TABLE u (id BIGINT PRIMARY KEY, name TEXT);",
            "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT);",
            "u=t",
            "t",
        ),
        (
            "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id BIGINT PRIMARY KEY, e e);",
            "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id BIGINT PRIMARY KEY, e e);",
            "e.b=a",
            "e.a",
        ),
    ] {
        let (from, to) = (schema(from), schema(to));
        let mut answers = Answers::new();
        answers.rename(rename).unwrap();
        let open = diff(&from, &to, &answers).unwrap_err();
        assert_eq!(open.problems, []);
        assert_eq!(open.questions.iter().map(|question| question.object.as_str()).collect::<Vec<_>>(), [gone]);
        answers.drop(gone).unwrap();
        let changes = diff(&from, &to, &answers).unwrap();
        assert_eq!(replay(&from, &changes.up), to, "{}", text(&changes.up));
        assert_eq!(replay(&to, &changes.down), from, "{}", text(&changes.down));
    }
}

/// A default that has no spelling in the other type goes before the type changes, and the new one comes behind it.
#[test]
fn defaults_do_not_stand_in_the_way_of_types() {
    let schemas = ["NUMERIC(30, 2) DEFAULT 1.25", "BIGINT DEFAULT 7", "SMALLINT", "VARCHAR(9) DEFAULT 'x'"]
        .map(|column| schema(&format!("CREATE TABLE t (id BIGINT PRIMARY KEY, a {column});")));
    for from in &schemas {
        for to in &schemas {
            there_and_back(from, to);
        }
    }
}

/// What was generated and is not any more keeps its values, whatever becomes of the column it was made from.
#[test]
fn generated_columns_become_ordinary_before_their_source_goes() {
    let from = "CREATE TABLE t (id BIGINT PRIMARY KEY, a UUID, b TEXT GENERATED ALWAYS AS (upper(c)) STORED, c TEXT,
        d TEXT GENERATED ALWAYS AS (CASE WHEN a IS NULL THEN 'x' END) STORED);";
    let to = "CREATE TABLE t (id BIGINT PRIMARY KEY, a BOOLEAN, b NUMERIC(4, 4), d TEXT);";
    there_and_back(&schema(from), &schema(to));
    let up = text(&answered(&schema(from), &schema(to)).up);
    assert!(!up.contains("DROP COLUMN b") && !up.contains("DROP COLUMN d"), "{up}");
}
