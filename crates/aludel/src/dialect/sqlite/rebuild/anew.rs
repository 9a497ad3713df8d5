//! Writing a table anew: under another name first, the rows over, then in the place of the old one.

use super::change::{Change, Sides, named};
use super::source::Pending;
use super::{Planner, SPELLING, Stop, proof, unreadable};
use crate::dialect::sqlite::stored::{ColumnText, Definition, IndexText, TriggerText, What, quoted};
use crate::dialect::{Act, Asks, Kind, Object, Probe};
use crate::schema::{Problem, Table, literal_text};

/// The indexes of a table that change.
pub(super) struct Indexes {
    /// Names of those that go, also where they come back under another name.
    pub(super) gone: Vec<String>,
    /// Those that stay as they are, in order: name and text.
    pub(super) kept: Vec<(String, String)>,
    /// Those that come: name and text.
    pub(super) new: Vec<(String, String)>,
}

impl Sides {
    /// The stored text with all changes made in it.
    ///
    /// # Errors
    /// What of a change has no place in the text.
    pub(super) fn edited(&self, stored: &Definition) -> Result<Definition, String> {
        let goes = |column: &ColumnText| {
            self.changes.iter().any(|change| matches!(change, Change::DropColumn(name) if column.name.is(name)))
        };
        let mut changes: Vec<&Change> = self.changes.iter().collect();
        // A table never is without columns: the new ones come first where all others go.
        if stored.columns.iter().all(goes) {
            changes.sort_by_key(|change| match change {
                Change::AddColumn { .. } => 1,
                Change::DropColumn(_) => 2,
                other => 3 * other.order(),
            });
        }
        let mut text = stored.clone();
        for change in changes {
            text = self.edit(text, change)?;
        }
        Ok(text)
    }

    fn edit(&self, text: Definition, change: &Change) -> Result<Definition, String> {
        let missing = |name: &str| format!("it has no rule `{name}`");
        let column = |name: &str| text.column(name).ok_or_else(|| format!("it has no column `{name}`"));
        match change {
            Change::DropRule { name, meaning } => {
                let rule = text.rule(name, Some((&self.base, meaning))).ok_or_else(|| missing(name))?;
                text.with_clause(rule, None)
            }
            Change::ReplaceRule { from, meaning, text: new, .. } => {
                match text.rule(from, Some((&self.base, meaning))) {
                    Some(rule) => text.with_clause(rule, Some(new)),
                    None => text.with_rule(new),
                }
            }
            Change::RenameRule { from, to, meaning } => {
                let rule = text.rule(from, Some((&self.base, meaning))).ok_or_else(|| missing(from))?;
                text.with_rule_named(rule, &(SPELLING.name)(to))
            }
            Change::AddRule { name, text: new, .. } => match named(&self.target, name).map(|rule| &rule.what) {
                // Behind a unique rule over it, SQLite can no longer rename a column that is the rowid.
                Some(What::PrimaryKey { .. }) => text.with_column(new),
                _ => text.with_rule(new),
            },
            Change::DropColumn(name) => text.without_column(name),
            Change::AddColumn { name, text: new } => {
                let of = self.target.column(name).ok_or_else(|| missing(name))?;
                // The name may hold the word of the type.
                let (name, rest) = new.split_at(of.name.span.end - of.name.span.start);
                let ty = of.ty(&self.target);
                text.with_column(&format!("{name}{}", rest.replacen(ty, &declared(&text, ty), 1)))
            }
            Change::Retype { column: name, ty } => text.with_type(column(name)?, &declared(&text, ty)),
            Change::Clause { column: name, kind, text: new } => {
                let of = column(name)?;
                let there: Vec<_> = of.clauses.iter().filter(|clause| clause.what.same_kind(kind)).collect();
                match (there.as_slice(), new) {
                    ([], None) => Ok(text),
                    ([], Some(new)) => text.with_column_clause(of, kind, new),
                    ([only], new) => text.with_clause(only, new.as_deref()),
                    ([first, ..], _) => {
                        let fewer = text.with_clause(first, None)?;
                        self.edit(fewer, change)
                    }
                }
            }
        }
    }
}

/// A declared type as the table takes it: strict tables know five.
fn declared(table: &Definition, ty: &str) -> String {
    if !table.strict {
        return ty.to_owned();
    }
    let upper = ty.to_ascii_uppercase();
    let holds = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    let class = if holds(&["INT", "BOOL"]) {
        "INTEGER"
    } else if holds(&["CHAR", "CLOB", "TEXT"]) {
        "TEXT"
    } else if holds(&["BLOB"]) {
        "BLOB"
    } else if holds(&["REAL", "FLOA", "DOUB"]) {
        "REAL"
    } else {
        "ANY"
    };
    class.into()
}

impl Planner<'_> {
    /// Writes a table anew.
    pub(super) fn anew(
        &mut self,
        pending: &Pending,
        goal: &Table,
        old: &Definition,
        new: &Definition,
    ) -> Result<(), Stop> {
        let table = pending.table.as_str();
        let triggers = self.triggers(table)?;
        self.loose = true;
        if !self.stored.live {
            self.notes.push(format!(
                "table `{table}` is written anew as the history knows it: a trigger on it that no revision made, or a clause \
                 that was written by hand, would be lost"
            ));
        }
        let indexes = self.indexes(pending, goal);
        let name = self.free_name(table);
        let made = new.named(&quoted(&name)).map_err(|why| unreadable(table, &new.text, &why))?;
        self.broken(table);
        self.run(made.text.clone());
        self.copy(pending, goal, old, &made);
        self.sequence(pending, goal, old, new, &name);
        self.swap(table, &quoted(&name));
        self.take_out(table);
        let place = made.with_name(&quoted(table)).map_err(|why| unreadable(table, &new.text, &why))?;
        self.store(Kind::Table, table, table, place.text);
        for (name, text) in indexes.kept.into_iter().chain(indexes.new) {
            self.create_index(text, &name, table);
        }
        self.put_back(triggers);
        self.keep_statistics(table);
        self.prove(table);
        Ok(())
    }

    /// The triggers of a table or view, which go with it, each with the statement that makes it again.
    pub(super) fn triggers(&self, table: &str) -> Result<Vec<(Object, String)>, Stop> {
        let on = |object: &&Object| object.kind == Kind::Trigger && object.table.eq_ignore_ascii_case(table);
        let mut triggers = Vec::new();
        for object in self.stored.objects.iter().filter(on) {
            if self.unsure.contains(&object.name) {
                return Err(Stop::Unsure);
            }
            let mut sql = object.sql.clone().unwrap_or_default();
            // What is stored of it does not say that it is temporary.
            if object.temporary {
                let text = TriggerText::read(&sql).map_err(|why| {
                    let what = format!("temporary trigger `{}` on `{table}` cannot be made again: {why}", object.name);
                    Problem::plain(what, format!("drop it first; it is stored as: {sql}"))
                })?;
                sql = text.temporary(&sql);
            }
            triggers.push((object.clone(), sql));
        }
        Ok(triggers)
    }

    /// Makes triggers again.
    pub(super) fn put_back(&mut self, triggers: Vec<(Object, String)>) {
        for (trigger, sql) in triggers {
            self.run(sql);
            self.stored.objects.push(trigger);
        }
    }

    /// What becomes of the indexes of a table.
    pub(super) fn indexes(&self, pending: &Pending, goal: &Table) -> Indexes {
        let mut indexes = Indexes { gone: Vec::new(), kept: Vec::new(), new: Vec::new() };
        let on = |object: &&Object| {
            object.kind == Kind::Index && object.table.eq_ignore_ascii_case(&pending.table) && !object.temporary
        };
        let stored: Vec<_> = self.stored.objects.iter().filter(on).collect();
        for object in &stored {
            let Some(sql) = &object.sql else { continue };
            if self.drops_index(pending, &object.name) {
                indexes.gone.extend(Some(object.name.clone()).filter(|name| !self.cleared.contains(name)));
            } else {
                indexes.kept.push((object.name.clone(), sql.clone()));
            }
        }
        for index in &goal.indexes {
            let old = pending.indexes.get(&index.name);
            if old.is_some_and(|old| *old == index.name) {
                continue;
            }
            let text = old.and_then(|old| stored.iter().find(|object| object.name.eq_ignore_ascii_case(old)));
            let text = text.and_then(|object| IndexText::read(object.sql.as_ref()?).ok());
            let text = match text {
                Some(text) => text.named(&(SPELLING.name)(&index.name)),
                None => SPELLING.create_index(goal, index, false),
            };
            indexes.new.push((index.name.clone(), text));
        }
        indexes
    }

    /// A name that nothing has.
    pub(super) fn free_name(&self, table: &str) -> String {
        let plain = format!("aludel_new_{table}");
        let mut name = plain.clone();
        let mut number = 1;
        while self.stored.objects.iter().any(|object| object.name.eq_ignore_ascii_case(&name)) {
            number += 1;
            name = format!("{plain}_{number}");
        }
        name
    }

    /// Copies the rows with their rowids.
    fn copy(&mut self, pending: &Pending, goal: &Table, old: &Definition, made: &Definition) {
        let name = SPELLING.name;
        let (mut into, mut from) = (Vec::new(), Vec::new());
        for column in made.columns.iter().filter(|column| !column.is_generated()) {
            let source = pending.columns.iter().find(|(name, _)| column.name.is(name)).map(|(_, source)| source);
            let start = goal.column(&column.name.text).and_then(|column| column.identity?.start);
            let value = match source {
                // Rows that get a number now are numbered as new ones would be.
                Some(source) if source.text() == "NULL" && start.is_some() => {
                    let order = old.rowid().map(|rowid| format!("ORDER BY {rowid}")).unwrap_or_default();
                    format!("row_number() OVER ({order}) + {}", start.unwrap_or(1) - 1)
                }
                Some(source) => source.text(),
                None => name(&column.name.text),
            };
            into.push(name(&column.name.text));
            from.push(value);
        }
        let rowid = made.rowid().filter(|_| made.rowid_column().is_none()).zip(old.rowid());
        if let Some((new, old)) = rowid {
            into.insert(0, new.into());
            from.insert(0, old.into());
        }
        let same = |column: &ColumnText| {
            let source = pending.columns.iter().find(|(name, _)| column.name.is(name)).map(|(_, source)| source.text());
            source.is_none_or(|source| old.rowid_column().is_some_and(|old| source == name(&old.name.text)))
        };
        if rowid.is_none() && !made.rowid_column().is_some_and(same) {
            self.acts.push(Act::Follow(proof::forget_rows(&old.name.text)));
        }
        let order = old.rowid().map(|rowid| format!(" ORDER BY {rowid}")).unwrap_or_default();
        let (made, table) = (name(&made.name.text), name(&old.name.text));
        // A row that the new table does not take must stop the whole, whatever its rules say about conflicts.
        self.run(format!(
            "INSERT OR ABORT INTO {made} ({}) SELECT {} FROM {table}{order}",
            into.join(", "),
            from.join(", ")
        ));
        let query = format!(
            "SELECT abs(old - new), '' FROM (SELECT (SELECT count(*) FROM {table}) AS old, \
             (SELECT count(*) FROM {made}) AS new) WHERE old <> new"
        );
        let what = format!("{{rows}} of table `{}` were lost while it was written anew", old.name.text);
        let help = "nothing was changed; this is a fault of Aludel".into();
        self.acts.push(Act::Ask(Probe { query, what, help, asks: Asks::Rows }));
    }

    /// Keeps numbers of deleted rows from coming back.
    fn sequence(&mut self, pending: &Pending, goal: &Table, old: &Definition, new: &Definition, name: &str) {
        if !new.autoincrement() {
            return;
        }
        let (from, to) = (literal_text(&old.name.text), literal_text(name));
        let highest = "SELECT name, seq FROM sqlite_sequence";
        if old.autoincrement() {
            self.run(format!(
                "DELETE FROM sqlite_sequence WHERE name = {to} AND EXISTS ({highest} WHERE name = {from})"
            ));
            self.run(format!(
                "INSERT INTO sqlite_sequence (name, seq) SELECT {to}, seq FROM sqlite_sequence WHERE name = {from}"
            ));
        }
        let start = |table: &Table| table.columns.iter().find_map(|column| column.identity.and_then(|of| of.start));
        let before = self.now.tables.get(&pending.table).and_then(start);
        if let Some(start) = start(goal).filter(|start| before != Some(*start)) {
            let least = start - 1;
            self.run(format!("UPDATE sqlite_sequence SET seq = max(seq, {least}) WHERE name = {to}"));
            self.run(format!(
                "INSERT INTO sqlite_sequence (name, seq) SELECT {to}, {least} \
                 WHERE NOT EXISTS ({highest} WHERE name = {to})"
            ));
        }
    }

    /// Puts the new table in the place of the old one. What names the table keeps its text: it means the new one now.
    fn swap(&mut self, table: &str, made: &str) {
        let table_name = (SPELLING.name)(table);
        self.save_statistics(table);
        self.run("PRAGMA legacy_alter_table = ON".into());
        self.run(format!("DROP TABLE {table_name}"));
        self.run(format!("ALTER TABLE {made} RENAME TO {table_name}"));
        self.run("PRAGMA legacy_alter_table = OFF".into());
    }

    fn take_out(&mut self, table: &str) {
        self.stored.objects.retain(|object| !object.table.eq_ignore_ascii_case(table) || object.kind == Kind::View);
    }

    /// Remembers the planner's statistics, which go with the table.
    fn save_statistics(&mut self, table: &str) {
        let name = literal_text(table);
        for statistics in self.statistics() {
            self.run(format!(
                "CREATE TEMP TABLE aludel_{statistics} AS SELECT * FROM main.{statistics} WHERE tbl = {name}"
            ));
        }
    }

    /// Brings back the statistics of the indexes that are still there.
    fn keep_statistics(&mut self, table: &str) {
        let name = literal_text(table);
        for statistics in self.statistics() {
            self.run(format!(
                "INSERT INTO main.{statistics} SELECT * FROM temp.aludel_{statistics} \
                 WHERE idx IS NULL OR idx IN (SELECT name FROM pragma_index_list({name})) OR idx = {name}"
            ));
            self.run(format!("DROP TABLE temp.aludel_{statistics}"));
        }
    }

    fn statistics(&self) -> Vec<&'static str> {
        let there = |name: &&str| self.stored.objects.iter().any(|object| object.name == *name);
        ["sqlite_stat1", "sqlite_stat4"].into_iter().filter(there).collect()
    }
}
