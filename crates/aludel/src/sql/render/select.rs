//! SELECT.

use super::Writer;
use crate::sql::{Select, Sort, Table};
use crate::{Error, Result, Type, Value};

impl Writer<'_> {
    pub(super) fn select(&mut self, select: &Select) -> Result<()> {
        let root = self.alias();
        self.enter(root, |writer| writer.select_body(select))
    }

    fn select_body(&mut self, select: &Select) -> Result<()> {
        self.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        for (at, column) in select.columns.iter().enumerate() {
            self.comma(at);
            self.expr(column)?;
            if let Some(name) = select.names.get(at) {
                self.push(" AS ");
                self.name(name);
            }
        }
        if select.columns.is_empty() {
            self.push("1");
        }
        self.from(&select.from)?;
        let behind_from = self.text.len();
        for join in &select.joins {
            self.resolve(&join.path);
        }
        self.filter(" WHERE ", select.filter.as_ref())?;
        for (at, key) in select.group.iter().enumerate() {
            self.push(if at == 0 { " GROUP BY " } else { ", " });
            self.expr(key)?;
        }
        self.filter(" HAVING ", select.having.as_ref())?;
        self.order(" ORDER BY ", &select.order)?;
        self.window(select.limit, select.offset);
        if let Some(lock) = select.lock {
            let mut parts = (self.dialect.lock)(lock).split("{0}");
            self.push(parts.next().unwrap_or_default());
            for part in parts {
                self.root();
                self.push(part);
            }
        }
        let joins = std::mem::take(&mut self.scopes[self.scope].joins);
        self.text.insert_str(behind_from, &joins);
        Ok(())
    }

    fn from(&mut self, table: &Table) -> Result<()> {
        self.push(" FROM ");
        match table {
            Table::Named(name) => {
                self.name(name);
                self.reads.push(name.clone());
            }
            Table::Select(inner) => {
                if inner.names.len() != inner.columns.len() {
                    return Err(Error::usage("a subselect that stands as a table needs a name for each column"));
                }
                self.push("(");
                self.select(inner)?;
                self.push(")");
            }
        }
        self.push(" AS ");
        self.root();
        Ok(())
    }

    pub(super) fn order(&mut self, keyword: &str, order: &[Sort]) -> Result<()> {
        for (at, sort) in order.iter().enumerate() {
            self.push(if at == 0 { keyword } else { ", " });
            self.sort(sort)?;
        }
        Ok(())
    }

    fn sort(&mut self, sort: &Sort) -> Result<()> {
        self.comparable(&sort.by, "ordering by")?;
        let nulls = self.dialect.nulls;
        let natural = nulls.smallest != sort.descending;
        let wanted = match sort.nulls_first {
            Some(first) => first,
            None if sort.nullable => !sort.descending,
            None => natural,
        };
        if wanted != natural && !nulls.clause {
            self.operand(&sort.by)?;
            self.push(if wanted { " IS NULL DESC, " } else { " IS NULL, " });
        }
        self.expr(&sort.by)?;
        if sort.descending {
            self.push(" DESC");
        }
        if wanted != natural && nulls.clause {
            self.push(if wanted { " NULLS FIRST" } else { " NULLS LAST" });
        }
        Ok(())
    }

    /// LIMIT and OFFSET are parameters, so that every page has the same text.
    fn window(&mut self, limit: Option<u64>, offset: Option<u64>) {
        let count = |rows: u64| Value::Int(i64::try_from(rows).unwrap_or(i64::MAX));
        match (limit, offset, self.dialect.no_limit) {
            (Some(limit), _, _) => {
                self.push(" LIMIT ");
                self.param(count(limit), &Type::BigInt);
            }
            (None, Some(_), Some(all)) => {
                self.push(" LIMIT ");
                self.push(all);
            }
            (None, _, _) => {}
        }
        if let Some(offset) = offset {
            self.push(" OFFSET ");
            self.param(count(offset), &Type::BigInt);
        }
    }
}
