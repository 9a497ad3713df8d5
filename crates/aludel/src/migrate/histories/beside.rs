//! What stands beside the tables that a history knows: views and triggers that people made, on what a change keeps.

use rusqlite::Connection;

use super::live::{all, lines, name, shown};
use super::oracle::{Between, before};
use super::shape::Maker;
use crate::Type;
use crate::schema::{Column, Schema, Table};

/// Views and triggers over the columns that a change keeps as they are.
pub(super) struct Beside {
    /// Each table with its number, and the number of the column that is used.
    used: Vec<(u32, u32)>,
    /// What each view answers.
    views: Vec<(String, Vec<String>)>,
}

const TABLES: &str = "CREATE TABLE audit (what, of); CREATE TABLE elsewhere (a)";

impl Beside {
    /// Makes them, and asks the views.
    pub(super) fn make(maker: &mut Maker, live: &Connection, from: &Schema, to: &Schema, between: &Between) -> Self {
        let mut beside = Beside { used: Vec::new(), views: Vec::new() };
        live.execute_batch(TABLES).unwrap();
        let mut seen: Vec<(&Table, &Column)> = Vec::new();
        for table in to.tables.values() {
            let Some(old) = before(from, table) else { continue };
            let kept: Vec<&Column> = old.columns.iter().filter(|column| is_kept(column, table, between)).collect();
            if kept.is_empty() || maker.random.chance(4) {
                continue;
            }
            let column = *maker.random.pick(&kept);
            beside.used.push((table.origin.line, column.origin.line));
            beside.over(live, old, column);
            seen.push((old, column));
        }
        if let [(one, first), .., (two, second)] = seen[..] {
            let (first, second) = (name(&first.name), name(&second.name));
            let join = format!(
                "CREATE VIEW joined AS SELECT one.{first}, two.{second} /* both */ FROM {} AS one LEFT JOIN {} two \
                 ON one.{first} = two.{second}",
                name(&one.name),
                name(&two.name)
            );
            live.execute_batch(&join).unwrap_or_else(|error| panic!("{error}: {join}"));
            beside.views.push(("joined".into(), Vec::new()));
        }
        for at in 0..beside.views.len() {
            beside.views[at].1 = answer(live, &beside.views[at].0);
        }
        beside
    }

    /// A view and triggers over a column.
    fn over(&mut self, live: &Connection, table: &Table, column: &Column) {
        let number = table.origin.line;
        let (table, column) = (name(&table.name), name(&column.name));
        let texts = [
            format!("CREATE VIEW v{number} AS SELECT {column} FROM {table} -- as it is"),
            format!(
                "CREATE TRIGGER u{number} AFTER UPDATE OF {column} ON {table} BEGIN \
                 INSERT INTO audit VALUES ('u{number}', NEW.{column}); END"
            ),
            format!(
                "CREATE TRIGGER d{number} BEFORE DELETE ON {table} WHEN OLD.{column} IS NOT NULL BEGIN \
                 INSERT INTO audit SELECT 'd{number}', count({column}) FROM {table}; END"
            ),
            format!(
                "CREATE TRIGGER e{number} AFTER INSERT ON elsewhere BEGIN \
                 INSERT INTO audit SELECT 'e{number}', count({column}) FROM {table}; END"
            ),
            format!(
                "CREATE TRIGGER i{number} INSTEAD OF INSERT ON v{number} BEGIN \
                 INSERT INTO audit SELECT 'i{number}', max({column}) FROM {table}; END"
            ),
        ];
        for text in texts {
            live.execute_batch(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        }
        self.views.push((format!("v{number}"), Vec::new()));
    }

    /// Asks the views again: rows that had to go are forgotten.
    pub(super) fn ask(&mut self, live: &Connection) {
        for (view, rows) in &mut self.views {
            *rows = answer(live, view);
        }
    }

    /// Holds that views still answer the same and each trigger still fires, once each.
    pub(super) fn assert_works(&self, live: &Connection, schema: &Schema) {
        for (view, expected) in &self.views {
            assert_eq!(answer(live, view), *expected, "view {view}");
        }
        live.execute_batch("BEGIN").unwrap();
        for (number, used) in &self.used {
            let table = schema.tables.values().find(|table| table.origin.line == *number).unwrap();
            let column = table.columns.iter().find(|column| column.origin.line == *used).unwrap();
            let (table, column) = (name(&table.name), name(&column.name));
            let count = shown(&all(live, &format!("SELECT count({column}) FROM {table}"))[0][0]);
            live.execute_batch("DELETE FROM audit; INSERT INTO elsewhere VALUES (1)").unwrap();
            let counted = format!("SELECT of FROM audit WHERE what = 'e{number}'");
            assert_eq!(lines(live, &counted), [count], "trigger e{number}");
            live.execute_batch(&format!("INSERT INTO v{number} DEFAULT VALUES")).unwrap();
            assert_eq!(lines(live, &format!("SELECT count(*) FROM audit WHERE what = 'i{number}'")), ["1"]);
            let first = format!("SELECT {column} FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})");
            let first = lines(live, &first);
            let touch =
                format!("UPDATE {table} SET {column} = {column} WHERE rowid = (SELECT min(rowid) FROM {table})");
            live.execute_batch(&touch).unwrap();
            assert_eq!(
                lines(live, &format!("SELECT of FROM audit WHERE what = 'u{number}'")),
                first,
                "trigger u{number}"
            );
        }
        live.execute_batch("ROLLBACK").unwrap();
    }
}

/// Whether a column means the same afterwards, under whatever name.
fn is_kept(column: &Column, table: &Table, between: &Between) -> bool {
    let Some(now) = table.columns.iter().find(|now| now.origin.line == column.origin.line) else { return false };
    let remade = between.remade.contains(&(table.name.clone(), now.name.clone()));
    now.ty == column.ty
        && !matches!(now.ty, Type::Enum(_))
        && now.generated.is_none()
        && column.generated.is_none()
        && !remade
}

fn answer(live: &Connection, view: &str) -> Vec<String> {
    let mut rows = lines(live, &format!("SELECT * FROM {}", name(view)));
    rows.sort();
    rows
}
