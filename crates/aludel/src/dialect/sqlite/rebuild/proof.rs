//! What has to hold around and behind the work: settings, foreign keys, and that everything still compiles.

use super::{Planner, SPELLING};
use crate::dialect::sqlite::stored::{ColumnText, Definition, TriggerText};
use crate::dialect::{Act, Asks, Frame, Kind, Object, Probe, Setting};
use crate::schema::literal_text;

/// The foreign keys that point at columns which no key or unique index holds together. While there is one, the engine
/// checks no foreign key of its table.
const UNHELD: &str = "SELECT child, parent FROM (\
     SELECT t.name AS child, k.\"table\" AS parent, count(*) AS n, count(k.\"to\") AS named, \
     group_concat(quote(lower(k.\"to\"))) AS names \
     FROM main.sqlite_schema AS t CROSS JOIN pragma_foreign_key_list(t.name, 'main') AS k \
     WHERE t.type = 'table' AND t.sql LIKE '%references%' GROUP BY t.name, k.id\
 ) AS held WHERE NOT EXISTS (SELECT 1 FROM (\
     SELECT count(*) AS there, total(pk > 0) AS size, \
     total(pk > 0 AND (held.named = 0 OR instr(held.names, quote(lower(name))))) AS same \
     FROM pragma_table_info(held.parent, 'main')\
 ) WHERE there = 0 OR (size = held.n AND same = held.n)) \
 AND NOT EXISTS (SELECT 1 FROM pragma_index_list(held.parent, 'main') AS i \
     WHERE held.named > 0 AND i.\"unique\" AND NOT i.partial AND (\
         SELECT count(*) = held.n AND total(instr(held.names, quote(lower(x.name))) > 0) = held.n \
         FROM pragma_index_info(i.name, 'main') AS x\
     )\
 )";

/// The rows that point at nothing, by both tables and the row, of the tables that are not among the children `unheld`.
fn orphans(unheld: &str) -> String {
    format!(
        "SELECT f.\"table\" AS child, f.parent AS parent, f.rowid AS at, count(*) AS n \
         FROM main.sqlite_schema AS t CROSS JOIN pragma_foreign_key_check(t.name, 'main') AS f \
         WHERE t.type = 'table' AND t.sql LIKE '%references%' AND t.name NOT IN (SELECT child FROM {unheld}) \
         GROUP BY f.\"table\", f.parent COLLATE NOCASE, f.rowid"
    )
}

/// Has foreign keys not enforced while the plan runs, or dropping a table would delete the rows that point at it. Rows
/// that pointed at nothing before are not held against it.
pub(super) fn loosen(frame: &mut Frame) {
    let setting = |name: &str, during: &str, usual: &str| Setting {
        read: format!("PRAGMA {name}"),
        write: format!("PRAGMA {name} = "),
        during: during.into(),
        usual: usual.into(),
    };
    frame.settings = vec![
        setting("foreign_keys", "0", "1"),
        setting("legacy_alter_table", "0", "0"),
        setting("ignore_check_constraints", "0", "0"),
    ];
    frame.begin = vec![
        "CREATE TEMP TABLE aludel_orphans (child TEXT COLLATE NOCASE, parent TEXT COLLATE NOCASE, at INTEGER, n INTEGER)"
            .into(),
        "CREATE INDEX temp.aludel_orphans_at ON aludel_orphans (child, parent, at)".into(),
        format!("INSERT INTO temp.aludel_orphans SELECT child, parent, NULL, 0 FROM ({UNHELD})"),
        format!("INSERT INTO temp.aludel_orphans {}", orphans("temp.aludel_orphans")),
    ];
    let was = "FROM temp.aludel_orphans AS was WHERE was.child = now.child AND was.parent = now.parent";
    frame.verify = vec![
        Probe {
            query: format!(
                "SELECT count(*), group_concat(child || ' -> ' || parent, ', ') FROM (\
                 SELECT now.child, now.parent FROM ({UNHELD}) AS now WHERE NOT EXISTS (SELECT 1 {was} AND was.n = 0)\
                 ) GROUP BY NULL"
            ),
            what: "foreign keys would point at columns that no key or unique rule holds together".into(),
            help: "drop the foreign key first, or keep a rule over those columns".into(),
            asks: Asks::Rows,
        },
        // Rows that cannot be told apart by a number, or have got another one, are counted.
        Probe {
            query: format!(
                "SELECT sum(more), group_concat(pair, ', ') FROM (\
                 SELECT now.child || ' -> ' || now.parent AS pair, \
                 CASE WHEN count(*) > count(now.at) OR EXISTS (SELECT 1 {was} AND was.at IS NULL) \
                 THEN sum(now.n) - coalesce((SELECT sum(was.n) {was}), 0) \
                 ELSE sum(now.n > coalesce((SELECT sum(was.n) {was} AND was.at = now.at), 0)) END AS more \
                 FROM ({}) AS now GROUP BY now.child, now.parent COLLATE NOCASE) WHERE more > 0 GROUP BY NULL",
                orphans(&format!("({UNHELD})"))
            ),
            what: "{rows} would point at rows that are not there".into(),
            help: "the revision writes a table anew, so foreign keys are not enforced until its end, and ON DELETE and ON \
                   UPDATE do nothing: put the statements that delete or change rows into a revision of their own before \
                   this one, or take away there what points at them, too"
                .into(),
            asks: Asks::Rows,
        },
    ];
    frame.end = vec!["DROP TABLE temp.aludel_orphans".into()];
}

/// What is remembered of a table's rows and keys, under the name it has from here on.
pub(super) fn follow_name(from: &str, to: &str) -> String {
    let (from, to) = (literal_text(from), literal_text(to));
    format!(
        "UPDATE temp.aludel_orphans SET child = iif(child = {from}, {to}, child), \
         parent = iif(parent = {from}, {to}, parent) WHERE child = {from} OR parent = {from}"
    )
}

/// What is remembered of a table's rows, where these have other numbers from here on.
pub(super) fn forget_rows(table: &str) -> String {
    format!("UPDATE temp.aludel_orphans SET at = NULL WHERE child = {}", literal_text(table))
}

impl Planner<'_> {
    /// Views and triggers that do not compile before the work would be blamed on it.
    pub(super) fn broken(&mut self, table: &str) {
        if self.touched.contains(table) {
            return;
        }
        // A view that is made anew before may mend those that read it.
        let made = |name: &&String| self.stored.objects.iter().any(|object| super::is(object, Kind::View, name));
        let made: Vec<String> = self.touched.iter().filter(made).cloned().collect();
        for (object, query) in self.dependents(table) {
            let probe = probe(&object, query, "is broken as it is", "mend it or drop it first");
            let changed = self.touched.contains(&object.table) || made.iter().any(|view| self.names(&object, view));
            if !changed && !self.front.contains(&probe) {
                self.front.push(probe);
            }
        }
    }

    /// Asks whether a table is sound, and later whether everything is that names it.
    pub(super) fn prove(&mut self, table: &str) {
        let name = literal_text(table);
        self.acts.push(Act::Ask(Probe {
            query: format!(
                "SELECT n, faults FROM (SELECT count(*) AS n, group_concat(quick_check, '; ') AS faults \
                 FROM pragma_quick_check({name}) WHERE quick_check <> 'ok') WHERE n > 0"
            ),
            what: format!("table `{table}` is not sound after it was written anew"),
            help: "see what `PRAGMA integrity_check` says of the database".into(),
            asks: Asks::Rows,
        }));
        self.unproven.push(table.to_owned());
    }

    /// Asks whether everything still compiles that names a table or view which was changed so far. Before the engine
    /// renames something this has to be known: it would tell in words of its own.
    pub(super) fn prove_dependents(&mut self) {
        let mut asked = Vec::new();
        for name in std::mem::take(&mut self.unproven) {
            for (object, query) in self.dependents(&name) {
                let help = "drop it before, and make it again behind the change";
                let probe = probe(&object, query, "would no longer work", help);
                if !asked.contains(&probe) {
                    asked.push(probe);
                }
            }
        }
        self.acts.extend(asked.into_iter().map(Act::Ask));
    }

    /// Asks whether a view that was just made does anything: the engine takes any text.
    pub(super) fn prove_view(&mut self, view: &str) {
        let object = self.stored.objects.iter().find(|object| super::is(object, Kind::View, view)).cloned();
        let probe = object.map(|object| probe(&object, compiles(view), "does not work", ""));
        self.acts.extend(probe.map(Act::Ask));
    }

    /// The views and triggers that name a table or view, also through other views, each with what compiles it.
    fn dependents(&self, table: &str) -> Vec<(Object, String)> {
        let views = self.standing_on(table);
        let of = |object: &&Object| match object.kind {
            Kind::View => views.contains(&object.name),
            Kind::Trigger => self.names(object, table) || views.iter().any(|view| self.names(object, view)),
            _ => false,
        };
        let mut objects: Vec<&Object> = self.stored.objects.iter().filter(of).collect();
        // A trigger on a view that is broken is no news.
        objects.sort_by_key(|object| views.iter().position(|view| *view == object.name).unwrap_or(views.len()));
        let query = |object: &Object| match object.kind {
            Kind::View => Some(compiles(&object.name)),
            _ => self.fires(object),
        };
        objects.into_iter().filter_map(|object| Some((object.clone(), query(object)?))).collect()
    }

    /// The views that read a table, also through others.
    fn standing_on(&self, table: &str) -> Vec<String> {
        let mut names = vec![table.to_owned()];
        let mut at = 0;
        while at < names.len() {
            for object in self.stored.objects.iter().filter(|object| object.kind == Kind::View) {
                if self.names(object, &names[at]) && !names.contains(&object.name) {
                    names.push(object.name.clone());
                }
            }
            at += 1;
        }
        names.split_off(1)
    }

    /// A statement that touches no row and compiles a trigger; `None` where the columns of its table cannot be read.
    fn fires(&self, trigger: &Object) -> Option<String> {
        let text = TriggerText::read(trigger.sql.as_deref()?).ok()?;
        let name = SPELLING.name;
        let on = name(&trigger.table);
        let table = self.table_text(&trigger.table).map(Definition::read);
        let definition = table.as_ref().and_then(|table| table.as_ref().ok());
        let is_made =
            |name: &String| definition.and_then(|table| table.column(name)).is_some_and(ColumnText::is_generated);
        let columns: Option<Vec<String>> = table.as_ref().map(|_| {
            let columns = definition.iter().flat_map(|table| &table.columns).map(|column| column.name.text.clone());
            columns.filter(|name| !is_made(name)).collect()
        });
        let of: Vec<String> = text.columns.iter().filter(|name| !is_made(name)).cloned().collect();
        let set = |columns: &[String]| {
            let list: Vec<_> = columns.iter().map(|column| format!("{0} = {0}", name(column))).collect();
            format!("UPDATE {on} SET {} WHERE 0", list.join(", "))
        };
        match (text.event.as_str(), columns) {
            ("DELETE", _) => Some(format!("DELETE FROM {on} WHERE 0")),
            ("UPDATE", _) if !text.columns.is_empty() => Some(set(&of)).filter(|_| !of.is_empty()),
            // What a view's columns are is not known, but every view takes this one, and makes nothing of it.
            ("UPDATE", None) => Some(format!("UPDATE {on} SET rowid = 1 WHERE 0")),
            ("INSERT", None) => Some(format!("INSERT INTO {on} SELECT * FROM {on} WHERE 0")),
            (_, Some(columns)) if columns.is_empty() => None,
            ("UPDATE", Some(columns)) => Some(set(&columns)),
            ("INSERT", Some(columns)) => {
                let list = columns.iter().map(|column| name(column)).collect::<Vec<_>>().join(", ");
                Some(format!("INSERT INTO {on} ({list}) SELECT {list} FROM {on} WHERE 0"))
            }
            _ => None,
        }
    }
}

fn compiles(view: &str) -> String {
    format!("SELECT 0, '' FROM {} LIMIT 0", (SPELLING.name)(view))
}

fn probe(object: &Object, query: String, what: &str, help: &str) -> Probe {
    let what = match object.kind {
        Kind::Trigger => format!("trigger `{}` on `{}` {what}", object.name, object.table),
        _ => format!("view `{}` {what}", object.name),
    };
    Probe { query, what, help: help.into(), asks: Asks::Compiles }
}
