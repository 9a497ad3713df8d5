//! INSERT, UPDATE and DELETE.

use std::sync::Arc;

use super::list::columns;
use super::{Source, Writer, placeholder};
use crate::dialect::{Dialect, Rows, Upsert};
use crate::sql::{Conflict, Delete, Expr, Insert, Name, Path, Resolution, Select, Statement, Update};
use crate::{Error, Result, Type, Value};

/// An INSERT of `rows` rows into `columns` (name and type), rendered without values: bind those of
/// [`insert_params`]. Each name in `returning` is given back.
///
/// Where rows travel as arrays, all numbers of rows above one have the same text.
///
/// # Errors
/// A usage error where there are no rows, where several rows have no column at all, where the engine gives nothing back
/// from an INSERT, or where there are more parameters than it takes.
pub fn insert_rows(
    dialect: &Dialect,
    table: &str,
    columns: &[(&str, &Type)],
    rows: usize,
    returning: &[&str],
) -> Result<Statement> {
    let arrays = dialect.rows == Rows::Arrays && rows > 1;
    let per_row = columns.len();
    let params = if arrays { per_row } else { per_row.saturating_mul(rows) };
    check_rows(dialect, per_row, rows, params)?;
    let mut text = String::with_capacity(64 + 4 * params);
    insert_head(dialect, table, columns.iter().map(|(name, _)| *name), &mut text);
    if arrays {
        unnest(dialect, columns.iter().map(|(_, ty)| *ty), &mut text);
    } else if per_row > 0 {
        text.push_str(" VALUES ");
        for at in 0..params {
            text.push_str(match at % per_row {
                0 if at > 0 => "), (",
                0 => "(",
                _ => ", ",
            });
            placeholder(dialect, at + 1, &mut text);
        }
        text.push(')');
    }
    if !returning.is_empty() {
        check_returning(dialect, dialect.returning.insert, "INSERT")?;
        text.push_str(" RETURNING ");
        join_names(dialect, returning.iter().copied(), &mut text);
    }
    let types = columns.iter().map(|(_, ty)| (*ty).clone()).cycle().take(params).collect::<Vec<_>>();
    Ok(Statement { text: Arc::from(text), params: Vec::new(), types: Arc::from(types) })
}

/// The parameters of an INSERT made by [`insert_rows`], for rows of `width` values each.
pub fn insert_params(dialect: &Dialect, rows: Vec<Vec<Value>>, width: usize) -> Vec<Value> {
    if dialect.rows == Rows::Arrays && rows.len() > 1 {
        return columns(rows, width).into_iter().map(Value::Array).collect();
    }
    rows.into_iter().flatten().collect()
}

fn check_rows(dialect: &Dialect, columns: usize, rows: usize, params: usize) -> Result<()> {
    if rows == 0 {
        return Err(Error::usage("an INSERT needs at least one row"));
    }
    if columns == 0 && rows > 1 {
        return Err(Error::usage("rows of defaults only are inserted one by one"));
    }
    if params > dialect.max_params {
        return Err(Error::usage(format!(
            "{rows} rows of {columns} columns are {params} parameters, and {} takes at most {}: insert them in parts",
            dialect.name, dialect.max_params
        )));
    }
    Ok(())
}

fn check_returning(dialect: &Dialect, can: bool, statement: &str) -> Result<()> {
    if can {
        return Ok(());
    }
    Err(Error::usage(format!(
        "{} gives no columns back from {statement}: leave out the returning part and read the rows by key",
        dialect.name
    )))
}

fn join_names<'n>(dialect: &Dialect, names: impl Iterator<Item = &'n str>, out: &mut String) {
    for (at, name) in names.enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        dialect.quote(name, out);
    }
}

/// Everything before the rows; all of it where there are no columns.
fn insert_head<'n>(dialect: &Dialect, table: &str, columns: impl ExactSizeIterator<Item = &'n str>, out: &mut String) {
    out.push_str("INSERT INTO ");
    dialect.quote(table, out);
    out.push(' ');
    if columns.len() == 0 {
        out.push_str(dialect.default_row);
        return;
    }
    out.push('(');
    join_names(dialect, columns, out);
    out.push(')');
}

/// Rows from one array per column, in the order of the arrays, so that identities ascend with them.
fn unnest<'t>(dialect: &Dialect, types: impl ExactSizeIterator<Item = &'t Type>, out: &mut String) {
    let width = types.len();
    let list = |out: &mut String| {
        for at in 0..width {
            out.push_str(if at > 0 { ", " } else { "" });
            out.push_str(&format!("c{at}"));
        }
    };
    out.push_str(" SELECT ");
    list(out);
    out.push_str(" FROM unnest(");
    for (at, ty) in types.enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        placeholder(dialect, at + 1, out);
        out.push_str(&(dialect.array)(ty));
    }
    out.push_str(") WITH ORDINALITY AS r (");
    list(out);
    out.push_str(", n) ORDER BY n");
}

/// The columns of values where every row has a value and the same type in the same place.
fn arrays(rows: &[Vec<Expr>]) -> Option<Vec<(Vec<Value>, Type)>> {
    let mut columns: Vec<(Vec<Value>, Type)> = Vec::new();
    for row in rows {
        for (at, expr) in row.iter().enumerate() {
            let Expr::Value(value, ty) = expr else { return None };
            match columns.get_mut(at) {
                Some((values, known)) if known == ty => values.push(value.clone()),
                Some(_) => return None,
                None => columns.push((vec![value.clone()], ty.clone())),
            }
        }
    }
    Some(columns)
}

impl Writer<'_> {
    pub(super) fn insert(&mut self, insert: &Insert) -> Result<()> {
        check_rows(self.dialect, insert.columns.len(), insert.rows.len(), 0)?;
        if insert.rows.iter().any(|row| row.len() != insert.columns.len()) {
            return Err(Error::usage(format!("each row to insert needs {} values", insert.columns.len())));
        }
        let root = Source::Table(insert.table.clone());
        self.enter(root, |writer| {
            insert_head(writer.dialect, &insert.table, insert.columns.iter().map(AsRef::as_ref), &mut writer.text);
            writer.insert_values(insert)?;
            if let Some(conflict) = &insert.conflict {
                writer.conflict(conflict, insert)?;
            }
            let can = writer.dialect.returning.insert;
            writer.returning(&insert.returning, can, "INSERT")
        })
    }

    fn insert_values(&mut self, insert: &Insert) -> Result<()> {
        let several = insert.rows.len() > 1 && self.dialect.rows == Rows::Arrays;
        if let Some(columns) = several.then(|| arrays(&insert.rows)).flatten() {
            unnest(self.dialect, columns.iter().map(|(_, ty)| ty), &mut self.text);
            for (values, ty) in columns {
                self.params.push(Value::Array(values));
                self.types.push(ty);
            }
            return Ok(());
        }
        if insert.columns.is_empty() {
            return Ok(());
        }
        self.push(" VALUES ");
        for (at, row) in insert.rows.iter().enumerate() {
            self.push(if at > 0 { ", (" } else { "(" });
            for (at, value) in row.iter().enumerate() {
                self.comma(at);
                self.expr(value)?;
            }
            self.push(")");
        }
        self.unjoined("an INSERT")
    }

    fn conflict(&mut self, conflict: &Conflict, insert: &Insert) -> Result<()> {
        match (self.dialect.upsert, &conflict.resolution) {
            (Upsert::OnConflict, Resolution::Nothing) => {
                self.push(" ON CONFLICT");
                self.conflict_target(&conflict.target);
                self.push(" DO NOTHING");
                Ok(())
            }
            (Upsert::OnConflict, Resolution::Update(set)) => {
                if conflict.target.is_empty() {
                    return Err(Error::usage("an upsert that updates names the unique columns that may clash"));
                }
                self.push(" ON CONFLICT");
                self.conflict_target(&conflict.target);
                self.push(" DO UPDATE SET ");
                self.set(set)
            }
            (Upsert::OnDuplicateKey, Resolution::Update(set)) => {
                self.push(" ON DUPLICATE KEY UPDATE ");
                self.set(set)
            }
            // IGNORE would swallow every other error too; setting a column to itself changes nothing.
            (Upsert::OnDuplicateKey, Resolution::Nothing) => {
                let Some(column) = conflict.target.first().or(insert.columns.first()) else {
                    return Err(Error::usage("an upsert of defaults only names the unique columns that may clash"));
                };
                self.push(" ON DUPLICATE KEY UPDATE ");
                self.name(column);
                self.push(" = ");
                self.name(column);
                Ok(())
            }
        }
    }

    fn conflict_target(&mut self, target: &[Name]) {
        if target.is_empty() {
            return;
        }
        self.push(" (");
        self.names(target);
        self.push(")");
    }

    pub(super) fn excluded(&mut self, name: &Name) {
        match self.dialect.upsert {
            Upsert::OnConflict => {
                self.push("excluded.");
                self.name(name);
            }
            Upsert::OnDuplicateKey => {
                self.push("VALUES(");
                self.name(name);
                self.push(")");
            }
        }
    }

    pub(super) fn update(&mut self, update: &Update) -> Result<()> {
        let root = Source::Table(update.table.clone());
        self.enter(root, |writer| {
            writer.push("UPDATE ");
            writer.name(&update.table);
            writer.push(" SET ");
            writer.set(&update.set)?;
            if !writer.dialect.writes_read_themselves && writer.reads.contains(&update.table) {
                return Err(Error::usage(format!(
                    "{} cannot set columns of `{}` from a subselect of the same table: read the value first",
                    writer.dialect.name, update.table
                )));
            }
            writer.restrict(&update.table, update.filter.as_ref(), &update.key)?;
            let can = writer.dialect.returning.update;
            writer.returning(&update.returning, can, "UPDATE")
        })
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Result<()> {
        let root = Source::Table(delete.table.clone());
        self.enter(root, |writer| {
            writer.push("DELETE FROM ");
            writer.name(&delete.table);
            writer.restrict(&delete.table, delete.filter.as_ref(), &delete.key)?;
            let can = writer.dialect.returning.delete;
            writer.returning(&delete.returning, can, "DELETE")
        })
    }

    fn set(&mut self, set: &[(Name, Expr)]) -> Result<()> {
        if set.is_empty() {
            return Err(Error::usage("an UPDATE needs at least one column to set"));
        }
        for (at, (name, value)) in set.iter().enumerate() {
            self.comma(at);
            self.name(name);
            self.push(" = ");
            self.expr(value)?;
        }
        self.unjoined("an UPDATE")
    }

    /// # Errors
    /// A usage error where a value came from another table.
    fn unjoined(&self, what: &str) -> Result<()> {
        match self.scopes[self.scope].joined.first() {
            None => Ok(()),
            Some((path, _)) => Err(Error::usage(format!(
                "{what} sets columns from the row's own table only, and this one reads `{}`: use a subselect of one \
                 value",
                path.hops().last().map_or("", |hop| &hop.table)
            ))),
        }
    }

    /// Writes WHERE. A condition on joined tables, or on the table itself where the engine forbids that, becomes a
    /// subselect of keys.
    fn restrict(&mut self, table: &Name, filter: Option<&Expr>, key: &[(Name, Type)]) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        let mark = self.mark();
        self.filter(" WHERE ", Some(filter))?;
        let reads_itself = self.reads[mark.reads..].contains(table);
        let joins = !self.scopes[self.scope].joined.is_empty();
        if !joins && (self.dialect.writes_read_themselves || !reads_itself) {
            return Ok(());
        }
        self.reset(&mark);
        if key.is_empty() {
            return Err(Error::usage(format!(
                "a condition on other tables needs a key of `{table}` to find its rows by"
            )));
        }
        let column =
            |(name, ty): &(Name, Type)| Expr::Column { path: Path::root(), name: name.clone(), ty: ty.clone() };
        let mut select = Select::from(table.clone());
        select.columns = key.iter().map(column).collect();
        select.filter = Some(filter.clone());
        let mut of: Vec<Expr> = key.iter().map(column).collect();
        let of = if of.len() == 1 { of.remove(0) } else { Expr::Row(of) };
        self.push(" WHERE ");
        self.operand(&of)?;
        self.push(" IN (");
        if self.dialect.writes_read_themselves {
            self.select(&select)?;
        } else {
            // DISTINCT keeps the optimiser from merging the derived table into the statement, which would be refused.
            select.distinct = true;
            let alias = self.alias();
            self.push("SELECT * FROM (");
            self.select(&select)?;
            self.push(") AS ");
            self.source(&alias);
        }
        self.push(")");
        Ok(())
    }

    fn returning(&mut self, columns: &[(Name, Type)], can: bool, statement: &str) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        check_returning(self.dialect, can, statement)?;
        self.push(" RETURNING ");
        self.names(columns.iter().map(|(name, _)| name));
        Ok(())
    }
}
