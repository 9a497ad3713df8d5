//! Questions about the rows that are there: which of them a change would lose, or would not take.

use super::SPELLING;
use super::source::Pending;
use crate::dialect::{Asks, Probe};
use crate::schema::{ForeignKey, Table};

/// Asks about the rows of one table as they are.
pub(super) struct Asker<'a> {
    pub(super) table: &'a str,
    /// What a row is named by, as its caption and as SQL text; `None` where nothing names it.
    pub(super) key: Option<(String, String)>,
}

impl<'a> Asker<'a> {
    /// Rows are named by their primary key, else by their rowid.
    pub(super) fn new(table: &'a Table, rowid: Option<&str>) -> Self {
        let name = SPELLING.name;
        let key = match table.primary_key.as_ref().map(|key| key.columns.as_slice()) {
            Some([column]) => Some((column.clone(), format!("quote({})", name(column)))),
            Some(columns) if !columns.is_empty() => {
                let parts: Vec<_> = columns.iter().map(|column| format!("quote({})", name(column))).collect();
                Some((format!("({})", columns.join(", ")), format!("'(' || {} || ')'", parts.join(" || ', ' || "))))
            }
            _ => rowid.map(|rowid| (rowid.to_owned(), rowid.to_owned())),
        };
        Asker { table: &table.name, key }
    }

    /// How many rows `condition` holds for, and some of them.
    pub(super) fn rows(&self, condition: &str, what: String, help: impl Into<String>) -> Probe {
        let table = (SPELLING.name)(self.table);
        let from = format!("FROM {table} WHERE {condition}");
        self.asked(&format!("SELECT count(*) AS n {from}"), &from, what, help.into())
    }

    fn asked(&self, count: &str, from: &str, what: String, help: String) -> Probe {
        let samples = match &self.key {
            Some((caption, key)) => {
                let caption = crate::schema::literal_text(&format!("{caption} = "));
                format!("(SELECT {caption} || group_concat(k, ', ') FROM (SELECT {key} AS k {from} LIMIT 5))")
            }
            None => "''".into(),
        };
        Probe { query: format!("SELECT n, {samples} FROM ({count}) WHERE n > 0"), what, help, asks: Asks::Rows }
    }

    /// Rows that agree in `columns` with another one; `only` limits which of them count.
    pub(super) fn duplicates(&self, columns: &[String], only: Option<&str>, shown: &str, name: &str) -> Probe {
        let table = (SPELLING.name)(self.table);
        let mut conditions: Vec<_> = columns.iter().map(|column| format!("({column}) IS NOT NULL")).collect();
        conditions.extend(only.map(|only| format!("({only})")));
        let conditions = conditions.join(" AND ");
        let list = columns.join(", ");
        let places = (1..=columns.len()).map(|place| place.to_string()).collect::<Vec<_>>().join(", ");
        let twice = format!("SELECT {list} FROM {table} WHERE {conditions} GROUP BY {places} HAVING count(*) > 1");
        self.rows(
            &format!("{conditions} AND ({list}) IN ({twice})"),
            format!(
                "{{rows}} of table `{}` would agree in {shown} with another one, which `{name}` forbids",
                self.table
            ),
            "make them differ, or take those away that are too many",
        )
    }

    /// Rows that point at nothing.
    pub(super) fn orphans(&self, key: &ForeignKey, pending: &Pending) -> Probe {
        let name = SPELLING.name;
        let (mut values, mut there, mut same) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (column, parent)) in key.columns.iter().zip(&key.references).enumerate() {
            values.push(format!("{} AS v{at}", pending.over(&name(column))));
            there.push(format!("c.v{at} IS NOT NULL"));
            same.push(format!("p.{} = c.v{at}", name(parent)));
        }
        let row = self.key.as_ref().map_or_else(|| "''".into(), |(_, key)| key.clone());
        let from = format!(
            "FROM (SELECT {}, {row} AS k FROM {}) AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
            values.join(", "),
            name(self.table),
            there.join(" AND "),
            name(&key.table),
            same.join(" AND ")
        );
        let what = format!(
            "{{rows}} of table `{}` would point at nothing by `{}`: table `{}` has no such row",
            self.table, key.name, key.table
        );
        let inner =
            Asker { table: self.table, key: self.key.as_ref().map(|(caption, _)| (caption.clone(), "k".into())) };
        let help = "set them to a row that is there or to NULL, or take them away";
        inner.asked(&format!("SELECT count(*) AS n {from}"), &from, what, help.into())
    }
}
