//! The fold: what an operation makes of a schema, and every reason why it cannot.

use super::find::{
    Result, column_mut, free_column, free_name, helped, index_table, known_column, known_constraint, known_default,
    known_identity, known_names, known_table, known_type, table_mut, taken, twice,
};
use super::settle::followed;
use super::{ColumnChange, Commented, Constraint, Op, comments, enums, spaces};
use crate::schema::{Column, ForeignKey, Index, KeyOf, PORTABLE, Problem, Schema, Table, View, name, order, text};
use crate::syntax::spell;

impl Op {
    /// Makes the change in `schema`.
    ///
    /// # Errors
    /// A problem where a name is missing or taken, or where something else stands on what would go; `schema` is then
    /// as it was.
    pub fn apply(&self, schema: &mut Schema) -> Result {
        match self.settled(schema)?.as_ref() {
            Op::CreateTable(table) => create_table(schema, table),
            Op::DropTable { table } => drop_table(schema, table),
            Op::RenameTable { table, to } => rename_table(schema, table, to),
            Op::AddColumn { table, column } => add_column(schema, table, column),
            Op::DropColumn { table, column } => drop_column(schema, table, column),
            Op::RenameColumn { table, column, to } => rename_column(schema, table, column, to),
            Op::AlterColumn { table, column, change } => alter_column(schema, table, column, change),
            Op::AddConstraint { table, constraint, .. } => add_constraint(schema, table, constraint),
            Op::DropConstraint { table, name } => drop_constraint(schema, table, name),
            Op::RenameConstraint { table, name, to } => rename_constraint(schema, table, name, to),
            Op::CreateIndex { table, index, .. } => create_index(schema, table, index),
            Op::ValidateConstraint { table, name } => known_constraint(known_table(schema, table)?, name),
            Op::DropIndex { name, .. } => {
                index_table(schema, name)?.indexes.retain(|index| index.name != *name);
                schema.names.0.remove(name);
                schema.comments.remove(&Commented::Index(name.clone()));
                Ok(())
            }
            Op::RenameIndex { name, to } => {
                index_table(schema, name)?;
                free_name(schema, to)?;
                let indexes = &mut index_table(schema, name)?.indexes;
                indexes.iter_mut().filter(|index| index.name == *name).for_each(|index| index.name.clone_from(to));
                renamed(schema, name, to);
                comments::moved(schema, &Commented::Index(name.clone()), Commented::Index(to.clone()));
                Ok(())
            }
            Op::CreateView { view, replace } => spaces::create_view(schema, view, *replace),
            Op::DropView { view } => spaces::drop_view(schema, view),
            Op::CreateSchema { name } => spaces::create_schema(schema, name),
            Op::DropSchema { name } => spaces::drop_schema(schema, name),
            Op::CreateEnum { name, variants } => enums::create(schema, name, variants),
            Op::DropEnum { name } => enums::drop(schema, name),
            Op::RenameEnum { name, to } => enums::rename(schema, name, to),
            Op::AddValue { name, value, place } => enums::add_value(schema, name, value, place),
            Op::RenameValue { name, value, to } => enums::rename_value(schema, name, value, to),
            Op::Comment { on, text } => comments::set(schema, on, text.as_deref()),
        }
    }
}

fn create_table(schema: &mut Schema, table: &Table) -> Result {
    free_name(schema, &table.name)?;
    spaces::known_for(schema, &table.name)?;
    if let Some(twice) = twice(table.columns.iter().map(|column| column.name.as_str())) {
        return Err(taken(format!("table `{}` has two columns `{twice}`", table.name)));
    }
    let commented = table.comment.is_some() || table.columns.iter().any(|column| column.comment.is_some());
    if commented || !table.indexes.is_empty() {
        return Err(apart(format!("table `{}` is created with indexes or comments", table.name)));
    }
    let names = name::names(table);
    if let Some(twice) = twice(names.iter().map(String::as_str)) {
        return Err(taken(format!("table `{}` has two rules or indexes `{twice}`", table.name)));
    }
    for name in &names {
        free_name(schema, name)?;
    }
    for column in &table.columns {
        known_type(schema, &column.ty)?;
        known_default(schema, column)?;
        known_identity(column)?;
        made_of_known(schema, table, column)?;
    }
    for constraint in table.constraints() {
        check_constraint(schema, table, &constraint)?;
    }
    schema.names.0.extend(names.into_iter().map(|name| (name, table.name.clone())));
    schema.tables.insert(table.name.clone(), table.clone());
    Ok(())
}

/// One statement does not say it, so one operation must not.
fn apart(what: String) -> Problem {
    Problem::plain(what, "make indexes and comments by operations of their own")
}

fn drop_table(schema: &mut Schema, name: &str) -> Result {
    known_table(schema, name)?;
    let points = |other: &&Table| other.name != name && other.foreign_keys.iter().any(|key| key.table == name);
    if let Some(other) = schema.tables.values().find(points) {
        return Err(Problem::new(
            &other.origin,
            format!("table `{name}` cannot go: table `{}` points at it", other.name),
            format!("drop that key first: {}", drop_key(other, name)),
        ));
    }
    if let Some(table) = schema.tables.remove(name) {
        name::names(&table).iter().for_each(|name| drop(schema.names.0.remove(name)));
        schema.comments.retain(|on, _| !order::is_of(on, Some(&table)));
    }
    Ok(())
}

/// The statement that drops the foreign key of `of` that points at `table`.
fn drop_key(of: &Table, table: &str) -> String {
    let key = of.foreign_keys.iter().find(|key| key.table == table);
    drop_statement(&of.name, "CONSTRAINT", key.map_or("", |key| &key.name))
}

fn drop_statement(table: &str, what: &str, name: &str) -> String {
    format!("ALTER TABLE {} DROP {what} {}", PORTABLE.path(table), spell(name))
}

fn rename_table(schema: &mut Schema, from: &str, to: &str) -> Result {
    known_table(schema, from)?;
    free_name(schema, to)?;
    spaces::known_for(schema, to)?;
    unread(schema, from, None)?;
    comments::moved_with_table(schema, from, to);
    if let Some(mut table) = schema.tables.remove(from) {
        to.clone_into(&mut table.name);
        schema.names.0.extend(name::names(&table).into_iter().map(|name| (name, to.to_owned())));
        schema.tables.insert(to.to_owned(), table);
    }
    for key in schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        if key.table == from {
            to.clone_into(&mut key.table);
        }
    }
    Ok(())
}

/// Whether no view reads the table, or a column of it, that is to be called otherwise: engines differ in whether the text of
/// a view, and the names of its columns, go along.
fn unread(schema: &Schema, table: &str, column: Option<&str>) -> Result {
    let own = table.rsplit('.').next().unwrap_or(table);
    let reads = |view: &&View| {
        let names = text::all_names(&view.query);
        let names = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
        names(own) && column.is_none_or(names)
    };
    let Some(view) = schema.views.values().find(reads) else { return Ok(()) };
    let read = match column {
        Some(column) => format!("column `{column}` of table `{table}`"),
        None => format!("table `{table}`"),
    };
    let what =
        format!("view `{}` reads {read}, and engines differ in whether it goes along with a new name", view.name);
    Err(Problem::plain(what, "drop the view before, and make it again behind with the new name"))
}

fn add_column(schema: &mut Schema, table: &str, column: &Column) -> Result {
    if column.comment.is_some() {
        return Err(apart(format!("column `{}` is added with a comment", column.name)));
    }
    known_type(schema, &column.ty)?;
    known_default(schema, column)?;
    known_identity(column)?;
    let known = known_table(schema, table)?;
    free_column(known, &column.name)?;
    made_of_known(schema, known, column)?;
    let table = table_mut(schema, table)?;
    table.columns.push(column.clone());
    Ok(())
}

/// Whether the columns that make `column` are there.
fn made_of_known(schema: &Schema, table: &Table, column: &Column) -> Result {
    column.generated.as_ref().map_or(Ok(()), |made| known_names(schema, table, &made.expression))
}

fn drop_column(schema: &mut Schema, table: &str, column: &str) -> Result {
    known_column(known_table(schema, table)?, column)?;
    let points = |key: &&ForeignKey| key.table == table && key.references.iter().any(|name| name == column);
    for other in schema.tables.values() {
        if let Some(key) = other.foreign_keys.iter().find(points) {
            let user = format!("foreign key `{}` of table `{}`", key.name, other.name);
            return Err(stands_on(table, column, &user, &drop_statement(&other.name, "CONSTRAINT", &key.name)));
        }
    }
    let table = table_mut(schema, table)?;
    if let Some((user, drop)) = user_of(table, column) {
        return Err(stands_on(&table.name, column, &user, &drop));
    }
    table.columns.retain(|other| other.name != column);
    Ok(())
}

/// What of `table` stands on `column`, and the statement that drops it.
fn user_of(table: &Table, column: &str) -> Option<(String, String)> {
    for constraint in table.constraints() {
        let uses = match &constraint {
            Constraint::Check(check) => text::names(&check.expression, column),
            Constraint::Exclusion(rule) => text::names(&rule.elements, column),
            rule => rule.columns().iter().any(|name| name == column),
        };
        if uses {
            let drop = drop_statement(&table.name, "CONSTRAINT", constraint.name());
            return Some((format!("constraint `{}`", constraint.name()), drop));
        }
    }
    for index in &table.indexes {
        let mut lists = index.columns().chain(index.include.iter().map(String::as_str));
        if lists.any(|name| name == column) || index.texts().any(|text| text::names(text, column)) {
            return Some((format!("index `{}`", index.name), format!("DROP INDEX {}", spell(&index.name))));
        }
    }
    let makes = |other: &&Column| other.generated.as_ref().is_some_and(|made| text::names(&made.expression, column));
    let other = table.columns.iter().filter(|other| other.name != column).find(makes)?;
    Some((format!("generated column `{}`", other.name), drop_statement(&table.name, "COLUMN", &other.name)))
}

fn stands_on(table: &str, column: &str, user: &str, drop: &str) -> Problem {
    let what = format!("column `{column}` of table `{table}` cannot go: {user} stands on it");
    Problem::plain(what, format!("drop that first: {drop}"))
}

fn rename_column(schema: &mut Schema, table: &str, from: &str, to: &str) -> Result {
    known_column(known_table(schema, table)?, from)?;
    free_column(known_table(schema, table)?, to)?;
    unread(schema, table, Some(from))?;
    let swap = |names: &mut Vec<String>| {
        names.iter_mut().filter(|name| *name == from).for_each(|name| to.clone_into(name));
    };
    let reword = |text: &mut String| *text = text::rename(text, from, to);
    for key in schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        if key.table == table {
            swap(&mut key.references);
        }
    }
    let table = table_mut(schema, table)?;
    for column in &mut table.columns {
        if column.name == from {
            to.clone_into(&mut column.name);
        }
        column.generated.iter_mut().for_each(|made| reword(&mut made.expression));
    }
    table.primary_key.iter_mut().for_each(|key| swap(&mut key.columns));
    table.primary_key.iter_mut().for_each(|key| swap(&mut key.include));
    for unique in &mut table.uniques {
        swap(&mut unique.columns);
        swap(&mut unique.include);
    }
    for key in &mut table.foreign_keys {
        swap(&mut key.columns);
        swap(&mut key.set_columns);
    }
    table.checks.iter_mut().for_each(|check| reword(&mut check.expression));
    for rule in &mut table.exclusions {
        reword(&mut rule.elements);
        rule.filter.iter_mut().for_each(reword);
    }
    for index in &mut table.indexes {
        index.filter.iter_mut().for_each(reword);
        swap(&mut index.include);
        for key in &mut index.keys {
            match &mut key.of {
                KeyOf::Column(name) if name == from => to.clone_into(name),
                KeyOf::Column(_) => {}
                KeyOf::Expression(text) => reword(text),
            }
        }
    }
    Ok(())
}

fn alter_column(schema: &mut Schema, table: &str, column: &str, change: &ColumnChange) -> Result {
    if let ColumnChange::Type { ty, .. } = change {
        known_type(schema, ty)?;
    }
    if let ColumnChange::Type { using: Some(text), .. } | ColumnChange::Expression(Some(text)) = change {
        known_names(schema, known_table(schema, table)?, text)?;
    }
    if let ColumnChange::Type { ty, .. } = change {
        let before = known_column(known_table(schema, table)?, column)?;
        let help = "drop it before: ALTER COLUMN .. DROP IDENTITY";
        known_identity(&Column { ty: ty.clone(), ..before.clone() }).map_err(|problem| helped(problem, help))?;
    }
    if let ColumnChange::Identity(identity) = change {
        let before = known_column(known_table(schema, table)?, column)?;
        known_identity(&Column { identity: *identity, ..before.clone() })?;
    }
    if let ColumnChange::Default(default) = change {
        let before = known_column(known_table(schema, table)?, column)?;
        known_default(schema, &Column { default: default.clone(), ..before.clone() })?;
    }
    if let ColumnChange::Nullable(true) = change {
        let known = known_table(schema, table)?;
        let identity = known_column(known, column)?.identity.is_some();
        if let Some(key) = known.primary_key.as_ref().filter(|key| key.columns.iter().any(|name| name == column)) {
            let what = format!(
                "column `{column}` of table `{table}` is part of the primary key `{}`, which takes no NULL",
                key.name
            );
            return Err(Problem::plain(
                what,
                format!("drop the key first: {}", drop_statement(table, "CONSTRAINT", &key.name)),
            ));
        }
        if identity {
            let what = format!("column `{column}` of table `{table}` is numbered by the database, which gives no NULL");
            return Err(Problem::plain(what, "drop that first: ALTER COLUMN .. DROP IDENTITY"));
        }
    }
    let column = column_mut(table_mut(schema, table)?, column)?;
    match change {
        ColumnChange::Type { ty, collation, .. } => {
            column.default = followed(column, ty)?;
            column.ty = ty.clone();
            column.collation.clone_from(collation);
        }
        ColumnChange::Nullable(nullable) => column.nullable = *nullable,
        ColumnChange::Default(default) => column.default.clone_from(default),
        ColumnChange::Identity(identity) => column.identity = *identity,
        ColumnChange::Expression(expression) => match (&mut column.generated, expression) {
            (Some(made), Some(expression)) => made.expression.clone_from(expression),
            (made @ Some(_), None) => *made = None,
            (None, _) => {
                let what = format!("column `{}` is not generated", column.name);
                return Err(Problem::plain(what, "drop the column and add it again"));
            }
        },
    }
    Ok(())
}

fn add_constraint(schema: &mut Schema, table: &str, constraint: &Constraint) -> Result {
    let known = known_table(schema, table)?;
    if let (Constraint::PrimaryKey(_), Some(key)) = (constraint, &known.primary_key) {
        let what = format!("table `{table}` has the primary key `{}` already", key.name);
        return Err(Problem::plain(
            what,
            format!("drop that first: {}", drop_statement(table, "CONSTRAINT", &key.name)),
        ));
    }
    check_constraint(schema, known, constraint)?;
    if let Constraint::PrimaryKey(key) = constraint
        && let Some(column) = known.columns.iter().find(|column| column.nullable && key.columns.contains(&column.name))
    {
        let what = format!("column `{}` of table `{table}` may be NULL, and a primary key takes none", column.name);
        let name = spell(&column.name);
        return Err(Problem::plain(
            what,
            format!("write before: ALTER TABLE {} ALTER COLUMN {name} SET NOT NULL", PORTABLE.path(table)),
        ));
    }
    free_name(schema, constraint.name())?;
    schema.names.0.insert(constraint.name().to_owned(), table.to_owned());
    let table = table_mut(schema, table)?;
    match constraint.clone() {
        Constraint::PrimaryKey(key) => table.primary_key = Some(key),
        Constraint::Unique(unique) => table.uniques.push(unique),
        Constraint::ForeignKey(key) => table.foreign_keys.push(key),
        Constraint::Check(check) => table.checks.push(check),
        Constraint::Exclusion(rule) => table.exclusions.push(rule),
    }
    Ok(())
}

/// Whether what a constraint names is there.
fn check_constraint(schema: &Schema, table: &Table, constraint: &Constraint) -> Result {
    for column in constraint.columns() {
        known_column(table, column)?;
    }
    if let Constraint::Check(check) = constraint {
        known_names(schema, table, &check.expression)?;
    }
    if let Constraint::ForeignKey(key) = constraint {
        let target = if key.table == table.name { table } else { known_table(schema, &key.table)? };
        for column in &key.references {
            known_column(target, column)?;
        }
    }
    Ok(())
}

fn drop_constraint(schema: &mut Schema, table: &str, name: &str) -> Result {
    known_constraint(known_table(schema, table)?, name)?;
    let table = table_mut(schema, table)?;
    table.primary_key.take_if(|key| key.name == name);
    table.uniques.retain(|unique| unique.name != name);
    table.foreign_keys.retain(|key| key.name != name);
    table.checks.retain(|check| check.name != name);
    table.exclusions.retain(|rule| rule.name != name);
    let comment = Commented::Constraint(table.name.clone(), name.to_owned());
    schema.comments.remove(&comment);
    schema.names.0.remove(name);
    Ok(())
}

/// Keeps the place of a name that changes.
fn renamed(schema: &mut Schema, from: &str, to: &str) {
    if let Some(table) = schema.names.0.remove(from) {
        schema.names.0.insert(to.to_owned(), table);
    }
}

fn rename_constraint(schema: &mut Schema, table: &str, from: &str, to: &str) -> Result {
    known_constraint(known_table(schema, table)?, from)?;
    free_name(schema, to)?;
    let table = table_mut(schema, table)?;
    let names = (table.primary_key.iter_mut().map(|key| &mut key.name))
        .chain(table.uniques.iter_mut().map(|unique| &mut unique.name))
        .chain(table.foreign_keys.iter_mut().map(|key| &mut key.name))
        .chain(table.checks.iter_mut().map(|check| &mut check.name))
        .chain(table.exclusions.iter_mut().map(|rule| &mut rule.name));
    names.filter(|name| *name == from).for_each(|name| to.clone_into(name));
    let of = |name: &str| Commented::Constraint(table.name.clone(), name.to_owned());
    let (old, new) = (of(from), of(to));
    comments::moved(schema, &old, new);
    renamed(schema, from, to);
    Ok(())
}

fn create_index(schema: &mut Schema, table: &str, index: &Index) -> Result {
    let known = known_table(schema, table)?;
    for column in index.columns() {
        known_column(known, column)?;
    }
    for text in index.texts() {
        known_names(schema, known, text)?;
    }
    free_name(schema, &index.name)?;
    table_mut(schema, table)?.indexes.push(index.clone());
    schema.names.0.insert(index.name.clone(), table.to_owned());
    Ok(())
}
