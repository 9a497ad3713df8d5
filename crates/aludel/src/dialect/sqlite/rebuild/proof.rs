//! What has to hold around and behind the work: settings, foreign keys, and that everything still compiles.

use super::{Planner, SPELLING};
use crate::dialect::sqlite::stored::{Definition, TriggerText};
use crate::dialect::{Act, Frame, Kind, Object, Probe, Setting};
use crate::schema::literal_text;

/// The rows that point at nothing, counted by both tables.
const ORPHANS: &str = "SELECT \"table\" AS child, parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2";

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
    frame.begin = vec![format!("CREATE TEMP TABLE aludel_orphans AS {ORPHANS}")];
    frame.verify = vec![Probe {
        query: format!(
            "SELECT sum(n), group_concat(child || ' -> ' || parent, ', ') FROM ({ORPHANS}) AS now \
             WHERE n > coalesce((SELECT max(was.n) FROM temp.aludel_orphans AS was \
             WHERE was.child = now.child COLLATE NOCASE AND was.parent = now.parent COLLATE NOCASE), 0) \
             GROUP BY NULL"
        ),
        what: "{rows} would point at rows that are not there".into(),
        help: "the revision writes a table anew, so foreign keys are not enforced until its end, and ON DELETE and ON UPDATE \
               do nothing: put the statements that delete or change rows into a revision of their own before this one, or \
               take away there what points at them, too"
            .into(),
    }];
    frame.end = vec!["DROP TABLE temp.aludel_orphans".into()];
}

impl Planner<'_> {
    /// Views and triggers that do not compile before the work would be blamed on it.
    pub(super) fn broken_views(&mut self, table: &str) {
        let views: Vec<String> = self.standing_on(table);
        for view in views {
            if !self.touched.contains(&view) && !self.touched.contains(table) {
                let probe = compiles_view(&view, "is broken as it is", "mend it or drop it first");
                self.front.push(probe);
            }
        }
    }

    /// Asks whether a table is sound, and everything that names it.
    pub(super) fn prove(&mut self, table: &str) {
        let name = literal_text(table);
        self.acts.push(Act::Ask(Probe {
            query: format!(
                "SELECT n, faults FROM (SELECT count(*) AS n, group_concat(quick_check, '; ') AS faults \
                 FROM pragma_quick_check({name}) WHERE quick_check <> 'ok') WHERE n > 0"
            ),
            what: format!("table `{table}` is not sound after it was written anew"),
            help: "see what `PRAGMA integrity_check` says of the database".into(),
        }));
        self.prove_others(table);
    }

    /// Asks whether every view and trigger that names a table still compiles.
    pub(super) fn prove_others(&mut self, table: &str) {
        let views = self.standing_on(table);
        for view in &views {
            let help = "drop it before, and make it again behind the change";
            let probe = compiles_view(view, "would no longer work", help);
            self.acts.push(Act::Ask(probe));
        }
        let triggers: Vec<Object> = (self.stored.objects.iter())
            .filter(|object| object.kind == Kind::Trigger)
            .filter(|object| self.names(object, table) || views.iter().any(|view| self.names(object, view)))
            .cloned()
            .collect();
        for trigger in triggers {
            if let Some(query) = self.fires(&trigger) {
                self.acts.push(Act::Ask(Probe {
                    query,
                    what: format!("trigger `{}` on `{}` would no longer work", trigger.name, trigger.table),
                    help: "drop it before, and make it again behind the change".into(),
                }));
            }
        }
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

    /// A statement that touches no row and compiles a trigger; `None` where the columns of its view are not known.
    fn fires(&self, trigger: &Object) -> Option<String> {
        let text = TriggerText::read(trigger.sql.as_deref()?).ok()?;
        let name = SPELLING.name;
        let on = name(&trigger.table);
        let set = |columns: &[String]| {
            let list: Vec<_> = columns.iter().map(|column| format!("{0} = {0}", name(column))).collect();
            format!("UPDATE {on} SET {} WHERE 0", list.join(", "))
        };
        if text.event == "DELETE" {
            return Some(format!("DELETE FROM {on} WHERE 0"));
        }
        if text.event == "UPDATE" && !text.columns.is_empty() {
            return Some(set(&text.columns));
        }
        let definition = self.table_text(&trigger.table).and_then(|sql| Definition::read(sql).ok());
        let columns: Option<Vec<String>> = definition.map(|definition| {
            let plain = definition.columns.iter().filter(|column| !column.is_generated());
            plain.map(|column| column.name.text.clone()).collect()
        });
        match (text.event.as_str(), columns) {
            ("UPDATE", Some(columns)) => Some(set(&columns)),
            ("INSERT", Some(columns)) => {
                let list = columns.iter().map(|column| name(column)).collect::<Vec<_>>().join(", ");
                Some(format!("INSERT INTO {on} ({list}) SELECT {list} FROM {on} WHERE 0"))
            }
            ("INSERT", None) => Some(format!("INSERT INTO {on} SELECT * FROM {on} WHERE 0")),
            _ => None,
        }
    }
}

fn compiles_view(view: &str, what: &str, help: &str) -> Probe {
    Probe {
        query: format!("SELECT 0, '' FROM {} LIMIT 0", (SPELLING.name)(view)),
        what: format!("view `{view}` {what}"),
        help: help.into(),
    }
}
