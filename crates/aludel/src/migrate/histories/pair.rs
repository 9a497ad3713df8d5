//! One pair of schemas: the way from one to the other and back on rows, with everything that has to hold on it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::beside::Beside;
use super::edit::Edited;
use super::fill::{fill, fitting};
use super::live::{assert_is, dump, lines, name, numbers, orphans};
use super::oracle::{Between, Fill, Wanted, before, column_before, comparable, is_rowid};
use super::perform::{Place, first, read};
use super::shape::Maker;
use crate::dialect::SQLITE;
use crate::migrate::{Answers, Asked, Changes, Fold, Revision, Step, Work, diff};
use crate::schema::{Column, Schema, Table, literal};
use crate::{Type, Value};

/// What was seen on the way, to know that there was something to see.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) pairs: usize,
    pub(super) rows: usize,
    pub(super) steps: usize,
    /// Changes that rows did not fit.
    pub(super) refused: usize,
    /// Ways back that rows did not fit.
    pub(super) back_refused: usize,
    pub(super) cells: usize,
    pub(super) probes: usize,
    pub(super) probes_refused: usize,
}

impl Seen {
    pub(super) fn add(&mut self, more: &Seen) {
        self.pairs += 1;
        self.rows += more.rows;
        self.steps += more.steps;
        self.refused += more.refused;
        self.back_refused += more.back_refused;
        self.cells += more.cells;
        self.probes += more.probes;
        self.probes_refused += more.probes_refused;
    }
}

pub(super) struct Pair {
    maker: Maker,
    from: Schema,
    to: Schema,
    between: Between,
    told: Told,
    pub(super) seen: Seen,
}

/// What happened so far: printed where something goes wrong.
struct Told(String);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.0);
        }
    }
}

impl Pair {
    pub(super) fn new(maker: Maker, from: Schema, edited: Edited) -> Self {
        let made: Vec<String> = from.create_ops().iter().map(|op| format!("{};", op.print())).collect();
        let wanted: Vec<String> = edited.schema.create_ops().iter().map(|op| format!("{};", op.print())).collect();
        let (made, wanted, done) = (made.join("\n"), wanted.join("\n"), edited.done.join("; "));
        let told = Told(format!("{made}\n-- wanted:\n{wanted}\n-- edits: {done}\n"));
        let between = Between { enums: edited.enums, ..Between::default() };
        Pair { maker, from, to: edited.schema, between, told, seen: Seen::default() }
    }

    pub(super) fn go(&mut self) {
        let changes = self.changes();
        let revision = self.revision(&changes);
        self.assert_empty_next(&revision);
        self.seen.steps += revision.up.len();
        let place = Place::new(first(&self.from), revision);
        let live = &place.live;
        live.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").unwrap();
        fill(&mut self.maker.random, &self.from, live);
        live.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        let mut beside = Beside::make(&mut self.maker, live, &self.from, &self.to, &self.between);
        let wanted = self.up(&place, &mut beside);
        self.assert_up(live, &wanted, &beside);
        self.back(&place, &beside);
    }

    /// The steps there and back, with every question answered as it is.
    fn changes(&mut self) -> Changes {
        let mut answers = Answers::new();
        for rename in self.renames() {
            self.told.0 += &format!("-- rename {rename}\n");
            answers.rename(&rename).unwrap();
        }
        for _ in 0..5 {
            let open = match diff(&self.from, &self.to, &answers) {
                Ok(changes) => return changes,
                Err(open) => open,
            };
            assert_eq!(open.problems, []);
            for question in open.questions {
                match question.kind {
                    Asked::Default => self.default(&question.object, &mut answers),
                    kind => {
                        if kind == Asked::Using {
                            let place = self.place(&question.object);
                            self.between.remade.insert(place);
                        }
                        answers.drop(&question.object).unwrap();
                    }
                }
            }
        }
        panic!("questions without end");
    }

    /// The column that a question is about, by its names afterwards.
    fn place(&self, object: &str) -> (String, String) {
        let is = |table: &Table, column: &Column| path(&[&table.name, &column.name]) == object;
        let mut all = self.to.tables.values().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        let (table, column) = all.find(|(table, column)| is(table, column)).unwrap_or_else(|| panic!("{object}"));
        (table.name.clone(), column.name.clone())
    }

    fn default(&mut self, object: &str, answers: &mut Answers) {
        let (table, column) = self.place(object);
        let ty = self.to.tables[&table].column(&column).unwrap().ty.clone();
        let value = fitting(&mut self.maker.random, &ty, self.to.variants(&ty));
        let text = match &value {
            Value::Bytes(_) => literal(&value, &ty).trim_matches('\'').to_owned(),
            Value::Text(text) => text.clone(),
            value => literal(value, &ty).trim_matches('\'').trim_end_matches("+00").to_lowercase(),
        };
        self.told.0 += &format!("-- default {object}={text}\n");
        answers.default_value(&format!("{object}={text}")).unwrap();
        self.between.fills.insert((table, column), Fill::Value(value));
    }

    fn renames(&self) -> Vec<String> {
        let mut renames = Vec::new();
        for table in self.to.tables.values() {
            let Some(old) = before(&self.from, table) else { continue };
            if old.name != table.name {
                renames.push(format!("{}={}", path(&[&old.name]), path(&[&table.name])));
            }
            for column in &table.columns {
                let Some(known) = column_before(old, column) else { continue };
                if known.name != column.name {
                    renames.push(format!("{}={}", path(&[&old.name, &known.name]), path(&[&column.name])));
                }
            }
        }
        for (name, known) in &self.between.enums {
            if !known.name.is_empty() && known.name != *name {
                renames.push(format!("{}={}", path(&[&known.name]), path(&[name])));
            }
            for (now, first) in &known.values {
                if now != first {
                    renames.push(format!("{}={}", path(&[&known.name, first]), path(&[now])));
                }
            }
        }
        renames
    }

    /// The file of the change, written and read again.
    fn revision(&mut self, changes: &Changes) -> Revision {
        let revision = Revision {
            id: "b2".into(),
            parents: vec!["a1".into()],
            message: "a change".into(),
            edition: 1,
            up: changes.up.clone(),
            down: Some(changes.down.clone()),
            ..Revision::default()
        };
        let text = revision.print();
        self.told.0 += &text;
        let read = read("b2.sql", &text);
        assert_eq!(without_notes(&read.print()), without_notes(&text));
        read
    }

    /// Behind the revision nothing is left to do, and before it again nothing is left of it.
    fn assert_empty_next(&self, revision: &Revision) {
        let mut fold = Fold::new(&SQLITE);
        for op in self.from.create_ops() {
            fold.step(revision, &Step::new(Work::Change(Box::new(op)))).unwrap();
        }
        fold.apply(revision).unwrap();
        assert_eq!(*fold.schema(), self.to);
        let again = diff(fold.schema(), &self.to, &Answers::new()).unwrap();
        assert!(again.is_empty(), "{:?}", again.up);
        fold.undo(revision).unwrap();
        assert_eq!(*fold.schema(), self.from);
    }

    /// Goes there. Where rows do not fit, it has to be refused, with nothing touched; then they go.
    fn up(&mut self, place: &Place, beside: &mut Beside) -> Wanted {
        let live = &place.live;
        for attempt in 0..30 {
            let numbers = numbers(live);
            let wanted = Wanted::new(live, &self.from, &self.to, &self.between);
            let unfit: Vec<String> =
                wanted.unfit.iter().map(|(table, row, why)| format!("{table} {row}: {why}")).collect();
            if attempt == 0 || unfit.is_empty() {
                let there = dump(live);
                match place.up() {
                    Ok(()) => {
                        assert!(unfit.is_empty(), "rows that do not fit were let through: {}", unfit.join("\n"));
                        self.seen.rows += wanted.rows(&self.to);
                        self.assert_numbers(live, &numbers);
                        return wanted;
                    }
                    Err(error) => {
                        assert!(!unfit.is_empty(), "refused although all rows fit: {error}");
                        assert_eq!(dump(live), there, "touched although refused: {error}");
                        self.seen.refused += 1;
                    }
                }
            }
            make_fit(live, &wanted.unfit);
            beside.ask(live);
        }
        panic!("rows that never fit");
    }

    /// No table that still gives numbers gives one again.
    fn assert_numbers(&self, live: &Connection, was: &BTreeMap<String, i64>) {
        let now = numbers(live);
        for table in self.to.tables.values() {
            let Some(old) = before(&self.from, table) else { continue };
            let gives = |table: &Table| table.columns.iter().any(|column| column.identity.is_some());
            if gives(old) && gives(table) && numbered(old) == numbered(table) {
                assert!(now.get(&table.name) >= was.get(&old.name), "{}: {now:?} {was:?}", table.name);
            }
        }
    }

    fn assert_up(&mut self, live: &Connection, wanted: &Wanted, beside: &Beside) {
        assert_is(live, &self.to, &wanted.database);
        self.seen.cells += self.assert_rows(live, wanted, [&self.from, &self.to], &self.between);
        assert_whole(live);
        beside.assert_works(live, &self.to);
        let (probes, refused) = super::probe::assert_like(&mut self.maker.random, &self.to, live, &wanted.database);
        self.seen.probes += probes;
        self.seen.probes_refused += refused;
    }

    /// Holds that every table has the rows that are wanted; how many cells that was.
    fn assert_rows(&self, live: &Connection, wanted: &Wanted, way: [&Schema; 2], between: &Between) -> usize {
        let mut count = 0;
        for table in way[1].tables.values() {
            let columns = comparable(way[0], table, between);
            let cells = cells(table, &columns);
            let found = lines(live, &cells);
            count += found.len() * columns.len();
            assert_eq!(found, lines(&wanted.database, &cells), "rows of {}", table.name);
        }
        count
    }

    /// Goes back and there again.
    fn back(&mut self, place: &Place, beside: &Beside) {
        let live = &place.live;
        let kept = self.kept(live);
        let there = dump(live);
        let between = super::back::between(&self.from, &self.to, &self.between);
        let wanted = Wanted::new(live, &self.to, &self.from, &between);
        if let Err(error) = place.down() {
            assert!(!wanted.unfit.is_empty(), "not undone although all rows fit: {error}");
            assert_eq!(dump(live), there, "touched although refused: {error}");
            self.seen.back_refused += 1;
            return;
        }
        assert_eq!(wanted.unfit, [], "undone with rows that do not fit");
        assert_is(live, &self.from, &wanted.database);
        self.assert_rows(live, &wanted, [&self.to, &self.from], &between);
        assert_whole(live);
        beside.assert_works(live, &self.from);
        let wanted = Wanted::new(live, &self.from, &self.to, &self.between);
        self.told.0 += &format!("-- undone: {}\n", dump(live).join("\n"));
        if let Err(error) = place.up() {
            assert!(!wanted.unfit.is_empty(), "not applied again although all rows fit: {error}");
            return;
        }
        assert_eq!(wanted.unfit, [], "applied again with rows that do not fit");
        assert_is(live, &self.to, &wanted.database);
        assert_eq!(self.kept(live), kept);
    }

    /// The cells that both schemas have alike.
    fn kept(&self, live: &Connection) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        for table in self.to.tables.values() {
            let Some(old) = before(&self.from, table) else { continue };
            let alike = |column: &&Column| {
                let remade = self.between.remade.contains(&(table.name.clone(), column.name.clone()));
                let same = |old: &Column| old.ty == column.ty && old.generated.is_none() && column.generated.is_none();
                !remade && !matches!(column.ty, Type::Enum(_)) && column_before(old, column).is_some_and(same)
            };
            let columns: Vec<&Column> = table.columns.iter().filter(alike).collect();
            let mut rows = lines(live, &cells(table, &columns));
            // A key that is numbered names the row; where another takes its place, rows have new numbers.
            if numbered(table) != numbered(old) {
                rows.iter_mut().for_each(|row| *row = row.split_once('|').unwrap_or_default().1.to_owned());
                rows.sort();
            }
            out.push(rows);
        }
        out
    }
}

/// The number of the column that is the rowid.
fn numbered(table: &Table) -> Option<u32> {
    let key = table.primary_key.as_ref().filter(|_| is_rowid(table))?;
    table.column(&key.columns[0]).map(|column| column.origin.line)
}

/// A file without what only people read.
fn without_notes(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("-- ") && !line.is_empty()).collect()
}

/// The query for some columns of a table, with the rowid.
fn cells(table: &Table, columns: &[&Column]) -> String {
    let mut list = vec!["rowid".to_owned()];
    list.extend(columns.iter().map(|column| name(&column.name)));
    format!("SELECT {} FROM {} ORDER BY rowid", list.join(", "), name(&table.name))
}

fn assert_whole(live: &Connection) {
    assert_eq!(lines(live, "PRAGMA integrity_check"), ["\"ok\""]);
    assert_eq!(orphans(live), "");
}

/// Deletes rows, and those that point at them.
fn make_fit(live: &Connection, unfit: &[(String, i64, String)]) {
    live.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let delete = |table: &str, rowid: i64| {
        live.execute(&format!("DELETE FROM {} WHERE rowid = ?1", name(table)), [rowid]).unwrap();
    };
    for (table, rowid, _) in unfit {
        delete(table, *rowid);
    }
    loop {
        let mut statement = live.prepare_cached("SELECT \"table\", rowid FROM pragma_foreign_key_check").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let orphans: BTreeSet<(String, i64)> = rows.map(Result::unwrap).collect();
        if orphans.is_empty() {
            break;
        }
        orphans.iter().for_each(|(table, rowid)| delete(table, *rowid));
    }
    live.execute_batch("PRAGMA foreign_keys = ON").unwrap();
}

/// A path as the command line takes it.
fn path(parts: &[&str]) -> String {
    let part = |part: &&str| match part.contains(['.', '=', '"']) {
        true => format!("\"{}\"", part.replace('"', "\"\"")),
        false => (*part).to_owned(),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(".")
}
