//! What a database remembers of the revisions it went through: three tables, and the statements on them.
//!
//! Their names and columns are frozen: every version of the library reads what another wrote.

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::schema::{Column, Identity, Op, PrimaryKey, Schema, Table, WideFnv};
use crate::sql::{Aggregate, Binary, Delete, Expr, Function, Insert, Name, Path, Select, Sort, Statement, Update};
use crate::{Cells, Error, Field, Result, Timestamp, Type, Value};

/// The tables in which a database remembers its revisions. No model may have them, and nothing that compares schemas sees
/// them.
pub const TABLES: [&str; 3] = [REVISIONS, STEPS, EVENTS];

const REVISIONS: &str = "aludel_revisions";
const STEPS: &str = "aludel_steps";
const EVENTS: &str = "aludel_events";

/// One revision that a database has, as it remembers it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Applied {
    /// Its place in the order in which revisions came to this database, from 1.
    pub place: i64,
    /// Its id.
    pub id: String,
    /// The revisions it followed.
    pub parents: Vec<String>,
    /// What it does, in a few words.
    pub message: String,
    /// The checksum of what was run.
    pub checksum: String,
    /// The name of its file.
    pub file: String,
    /// What stood in its file: the way back is known even when the file is gone.
    pub text: String,
    /// How it came here.
    pub state: State,
    /// The version of the library that wrote this.
    pub tool: String,
    /// Who ran it: user, machine and process.
    pub who: String,
    /// When it began, in UTC.
    #[serde(serialize_with = "moment")]
    pub started: Timestamp,
    /// When it was done, in UTC.
    #[serde(serialize_with = "moment")]
    pub finished: Timestamp,
}

/// How a revision came to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum State {
    /// It was run.
    Applied,
    /// It was stamped: the database was said to have it, and nothing was run.
    Stamped,
}

fn moment<S: serde::Serializer>(moment: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(moment)
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Applied => "applied",
            State::Stamped => "stamped",
        }
    }
}

impl Applied {
    /// How long it took, in microseconds.
    pub fn duration_us(&self) -> i64 {
        self.finished.0 - self.started.0
    }
}

/// One step of a revision that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Done {
    /// What was done, in a word.
    pub(super) what: String,
    /// The hash of the text that was run.
    pub(super) hash: String,
    /// Rows that it changed.
    pub(super) rows: u64,
    /// What a function that works in batches came to.
    pub(super) cursor: Option<String>,
}

/// Something that happened to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event<'a> {
    /// What, in a word.
    pub(super) what: &'a str,
    /// The revision it is about.
    pub(super) revision: Option<&'a str>,
    pub(super) who: &'a str,
    pub(super) at: Timestamp,
    pub(super) details: &'a str,
}

/// The last thing that happened to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) number: i64,
    pub(super) what: String,
    pub(super) who: String,
    pub(super) at: Timestamp,
    pub(super) details: String,
}

/// A column's name and type, in the order of its table.
type Columns = &'static [(&'static str, Type)];

const ID: Type = Type::Varchar(100);
const WORD: Type = Type::Varchar(100);

const REVISION: Columns = &[
    ("id", ID),
    ("place", Type::BigInt),
    ("parents", Type::Text),
    ("message", Type::Text),
    ("checksum", WORD),
    ("file", Type::Text),
    ("body", Type::Text),
    ("state", WORD),
    ("tool", WORD),
    ("who", Type::Text),
    ("started", Type::TimestampTz),
    ("finished", Type::TimestampTz),
    ("duration_us", Type::BigInt),
];

const STEP: Columns = &[
    ("revision", ID),
    ("place", Type::Integer),
    ("what", Type::Text),
    ("hash", WORD),
    ("state", WORD),
    ("rows_done", Type::BigInt),
    ("resume_at", Type::Text),
    ("error", Type::Text),
    ("finished", Type::TimestampTz),
];

const EVENT: Columns = &[
    ("number", Type::BigInt),
    ("what", WORD),
    ("revision", ID),
    ("who", Type::Text),
    ("happened", Type::TimestampTz),
    ("details", Type::Text),
];

/// Columns that may be NULL.
const OPTIONAL: [&str; 3] = ["resume_at", "error", "revision"];

/// The operations that make the tables.
pub(super) fn make() -> Vec<Op> {
    let revisions = table(REVISIONS, REVISION, &["id"]);
    let steps = table(STEPS, STEP, &["revision", "place"]);
    let mut events = table(EVENTS, EVENT, &["number"]);
    events.columns[0].identity = Some(Identity::default());
    let tables = [revisions, steps, events].map(|table| (table.name.clone(), table));
    Schema::default().with(BTreeMap::from(tables)).create_ops()
}

fn table(name: &str, columns: Columns, key: &[&str]) -> Table {
    let column = |(name, ty): &(&str, Type)| Column {
        nullable: OPTIONAL.contains(name) && !key.contains(name),
        ..Column::new(*name, ty.clone())
    };
    let columns = columns.iter().map(column).collect();
    let columns_of_key = key.iter().map(ToString::to_string).collect();
    let key = PrimaryKey { name: format!("pk_{name}"), columns: columns_of_key, ..PrimaryKey::default() };
    Table { name: name.into(), columns, primary_key: Some(key), ..Table::default() }
}

/// Whether the tables are among those that a database has.
pub(super) fn is_kept(tables: &[String]) -> bool {
    tables.iter().any(|table| table == REVISIONS)
}

/// What has no value of its own in a script: the clock of whoever runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// The values as they are.
    Given,
    /// The database's own.
    Database,
}

fn insert(table: &'static str, columns: Columns, values: Vec<Value>, clock: Clock) -> Insert {
    let value = |((_, ty), value): (&(&str, Type), Value)| match (ty, clock) {
        (Type::TimestampTz, Clock::Database) => Expr::Call(Function::Now, Vec::new()),
        _ => Expr::Value(value, ty.clone()),
    };
    let row = columns.iter().zip(values).map(value).collect();
    let columns = columns.iter().map(|(name, _)| Name::from(*name)).collect();
    Insert { table: table.into(), columns, rows: vec![row], conflict: None, returning: Vec::new() }
}

fn column(columns: Columns, name: &'static str) -> Expr {
    let ty = columns.iter().find(|(other, _)| *other == name).map_or(Type::Text, |(_, ty)| ty.clone());
    Expr::Column { path: Path::root(), name: name.into(), ty }
}

fn is(columns: Columns, name: &'static str, value: &str) -> Expr {
    let value = Expr::Value(Value::Text(value.to_owned()), WORD);
    Expr::Binary(Box::new(column(columns, name)), Binary::Eq, Box::new(value))
}

/// Remembers a revision.
pub(super) fn remember(entry: &Applied, clock: Clock) -> Insert {
    let text = |text: &str| Value::Text(text.to_owned());
    let values = vec![
        text(&entry.id),
        Value::Int(entry.place),
        text(&entry.parents.join(" ")),
        text(&entry.message),
        text(&entry.checksum),
        text(&entry.file),
        text(&entry.text),
        text(entry.state.word()),
        text(&entry.tool),
        text(&entry.who),
        Value::Timestamp(entry.started),
        Value::Timestamp(entry.finished),
        Value::Int(entry.duration_us()),
    ];
    insert(REVISIONS, REVISION, values, clock)
}

/// Remembers the step at `place` of a revision.
pub(super) fn remember_step(revision: &str, place: usize, done: &Done, at: Timestamp, clock: Clock) -> Insert {
    let values = vec![
        Value::Text(revision.to_owned()),
        Value::Int(i64::try_from(place).unwrap_or(i64::MAX)),
        Value::Text(done.what.clone()),
        Value::Text(done.hash.clone()),
        Value::Text("done".to_owned()),
        Value::Int(i64::try_from(done.rows).unwrap_or(i64::MAX)),
        done.cursor.clone().map_or(Value::Null, Value::Text),
        Value::Null,
        Value::Timestamp(at),
    ];
    insert(STEPS, STEP, values, clock)
}

/// Tells of something that happened.
pub(super) fn tell(event: &Event<'_>, clock: Clock) -> Insert {
    let values = vec![
        Value::Text(event.what.to_owned()),
        event.revision.map_or(Value::Null, |id| Value::Text(id.to_owned())),
        Value::Text(event.who.to_owned()),
        Value::Timestamp(event.at),
        Value::Text(event.details.to_owned()),
    ];
    insert(EVENTS, &EVENT[1..], values, clock)
}

/// Forgets a revision and its steps.
pub(super) fn forget(id: &str) -> [Delete; 2] {
    let delete = |table: &'static str, columns: Columns, name, key: &[usize]| Delete {
        table: table.into(),
        filter: Some(is(columns, name, id)),
        key: key.iter().map(|at| (Name::from(columns[*at].0), columns[*at].1.clone())).collect(),
        returning: Vec::new(),
    };
    [delete(STEPS, STEP, "revision", &[0, 1]), delete(REVISIONS, REVISION, "id", &[0])]
}

/// Takes the text and checksum of `entry` for those of its revision.
pub(super) fn accept(entry: &Applied) -> Update {
    let set = [("checksum", &entry.checksum), ("file", &entry.file), ("body", &entry.text)];
    let set = set.map(|(name, text)| (Name::from(name), Expr::Value(Value::Text(text.clone()), Type::Text)));
    Update {
        table: REVISIONS.into(),
        set: set.into(),
        filter: Some(is(REVISION, "id", &entry.id)),
        key: vec![("id".into(), ID)],
        returning: Vec::new(),
    }
}

/// Asks for all revisions in the order in which they came; [`read`] takes the rows.
pub(super) fn list(engine: &Dialect) -> Result<Statement> {
    let mut select = Select::from(REVISIONS);
    select.columns = REVISION.iter().map(|(name, _)| column(REVISION, name)).collect();
    select.order = vec![Sort::upwards(column(REVISION, "place")), Sort::upwards(column(REVISION, "id"))];
    select.render(engine)
}

/// Reads one row of [`list`].
pub(super) fn read(cells: &mut Cells<'_>) -> Result<Applied> {
    let id = String::read(cells)?;
    let place = i64::read(cells)?;
    let parents = String::read(cells)?.split_whitespace().map(str::to_owned).collect();
    let mut text = || String::read(cells);
    let (message, checksum, file, body, state, tool, who) =
        (text()?, text()?, text()?, text()?, text()?, text()?, text()?);
    let (started, finished) = (Timestamp::read(cells)?, Timestamp::read(cells)?);
    cells.skip(1);
    let state = match state.as_str() {
        "applied" => State::Applied,
        "stamped" => State::Stamped,
        other => {
            let what = format!("revision `{id}` is `{other}` in {REVISIONS}, which this version does not know");
            return Err(Error::config(format!("{what}; run the version that wrote it")));
        }
    };
    Ok(Applied { place, id, parents, message, checksum, file, text: body, state, tool, who, started, finished })
}

/// Asks for the number of the last event: it is another one whenever anything was changed.
pub(super) fn mark(engine: &Dialect) -> Result<Statement> {
    let of = Some(Box::new(column(EVENT, "number")));
    let mut select = Select::from(EVENTS);
    select.columns = vec![Expr::Aggregate { function: Aggregate::Max, of, distinct: false, filter: None }];
    select.render(engine)
}

/// Asks for the last event; [`read_last`] takes the row.
pub(super) fn last(engine: &Dialect) -> Result<Statement> {
    let mut select = Select::from(EVENTS);
    select.columns = ["number", "what", "who", "happened", "details"].map(|name| column(EVENT, name)).into();
    select.order = vec![Sort { descending: true, ..Sort::upwards(column(EVENT, "number")) }];
    select.limit = Some(1);
    select.render(engine)
}

/// Reads the row of [`last`].
pub(super) fn read_last(cells: &mut Cells<'_>) -> Result<Last> {
    Ok(Last {
        number: i64::read(cells)?,
        what: String::read(cells)?,
        who: String::read(cells)?,
        at: Timestamp::read(cells)?,
        details: String::read(cells)?,
    })
}

/// The hash of texts, as 32 hex digits.
pub(super) fn hash<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = WideFnv::new();
    texts.into_iter().for_each(|text| hash.add(text.bytes().chain([0])));
    hash.hex()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::dialect::{POSTGRES, SQLITE};

    /// What databases have is never changed: a difference here is a break.
    #[test]
    fn the_tables_are_frozen() {
        let made = SQLITE.ddl(&make(), &Schema::default()).unwrap().join("\n");
        expect![[r#"
            CREATE TABLE aludel_events (
                number   INTEGER NOT NULL CONSTRAINT pk_aludel_events PRIMARY KEY AUTOINCREMENT,
                what     VARCHAR(100) NOT NULL,
                revision VARCHAR(100),
                who      TEXT NOT NULL,
                happened TIMESTAMPTZ_TEXT NOT NULL,
                details  TEXT NOT NULL
            )
            CREATE TABLE aludel_revisions (
                id          VARCHAR(100) NOT NULL,
                place       BIGINT NOT NULL,
                parents     TEXT NOT NULL,
                message     TEXT NOT NULL,
                checksum    VARCHAR(100) NOT NULL,
                file        TEXT NOT NULL,
                body        TEXT NOT NULL,
                state       VARCHAR(100) NOT NULL,
                tool        VARCHAR(100) NOT NULL,
                who         TEXT NOT NULL,
                started     TIMESTAMPTZ_TEXT NOT NULL,
                finished    TIMESTAMPTZ_TEXT NOT NULL,
                duration_us BIGINT NOT NULL,
                CONSTRAINT pk_aludel_revisions PRIMARY KEY (id)
            )
            CREATE TABLE aludel_steps (
                revision  VARCHAR(100) NOT NULL,
                place     INTEGER NOT NULL,
                what      TEXT NOT NULL,
                hash      VARCHAR(100) NOT NULL,
                state     VARCHAR(100) NOT NULL,
                rows_done BIGINT NOT NULL,
                resume_at TEXT,
                error     TEXT,
                finished  TIMESTAMPTZ_TEXT NOT NULL,
                CONSTRAINT pk_aludel_steps PRIMARY KEY (revision, place)
            )"#]]
        .assert_eq(&made);
        assert_eq!(POSTGRES.ddl(&make(), &Schema::default()).unwrap().len(), 3);
        let tables: Vec<_> = make().iter().filter_map(|op| op.table().map(str::to_owned)).collect();
        assert!(TABLES.iter().all(|name| tables.iter().any(|table| table == name)));
    }

    #[test]
    fn a_revision_is_remembered_and_read_back() {
        let entry = Applied {
            place: 3,
            id: "b2".into(),
            parents: vec!["a1".into(), "a9".into()],
            message: "it's new".into(),
            checksum: "00ff".into(),
            file: "b2.sql".into(),
            text: "-- revision: b2\n".into(),
            state: State::Stamped,
            tool: "aludel 1".into(),
            who: "ann".into(),
            started: Timestamp(5),
            finished: Timestamp(12),
        };
        let statement = remember(&entry, Clock::Given).render(&SQLITE).unwrap();
        assert_eq!(read(&mut Cells::new(&statement_values(&statement).as_slice())).unwrap(), entry);
        let mut broken = statement_values(&statement);
        broken[7] = Value::Text("running".into());
        let error = read(&mut Cells::new(&broken.as_slice())).unwrap_err();
        assert!(error.is_config() && error.to_string().contains("`running`"), "{error}");
    }

    fn statement_values(statement: &Statement) -> Vec<Value> {
        statement.params.clone()
    }

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash([]), "6c62272e07bb014262b821756295c58d");
        assert_eq!(hash(["ab", "c"]), "3275330bec83d94f708144878a7ef76d");
        assert_ne!(hash(["ab", "c"]), hash(["a", "bc"]));
    }
}
