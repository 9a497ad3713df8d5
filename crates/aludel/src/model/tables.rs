//! From the metadata of models to the tables of a schema.

mod check;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{FieldMeta, IndexMeta, Layout, LayoutColumn, Meta, Supply};
use crate::schema::{
    Action, Check, Column, Default, ForeignKey, Generated, Identity, Index, Key, KeyOf, Origin, PrimaryKey, Problem,
    Schema, Table, Unique, check_name, name_all,
};
use crate::{Decimal, Type, Value};

impl Schema {
    /// The schema that `models` declare, with conventional names where a model gives none.
    ///
    /// Each foreign key gets an index unless a key, a unique rule or another index begins with its columns. The order of
    /// `models` does not count.
    ///
    /// # Errors
    /// Every problem there is, each with the model's file and line and what to write; as an [`crate::Error`] they are one
    /// line each. Nothing is sent to a database.
    ///
    /// ```
    /// use aludel::prelude::*;
    /// use aludel::schema::Schema;
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     id: i64,
    ///     #[column(unique, length = 255)]
    ///     email: String,
    /// }
    ///
    /// let schema = Schema::from_models(&[User::META])?;
    /// let (table, columns) = schema.constraint("uq_users_email").unwrap();
    /// assert_eq!((table.name.as_str(), columns), ("users", vec!["email"]));
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn from_models(models: &[&'static Meta]) -> Result<Schema, Vec<Problem>> {
        let mut models = models.to_vec();
        models.sort_by_key(|meta| (meta.table, meta.module, meta.model));
        models.dedup_by_key(|meta| (meta.table, meta.module, meta.model, meta.line));
        let mut build = Build { problems: check::check(&models), schema: Schema::default(), enums: BTreeMap::new() };
        let mut tables = BTreeMap::new();
        for meta in models {
            let table = build.table((meta.layout)());
            tables.entry(table.name.clone()).or_insert(table);
        }
        build.problems.extend(name_all(&mut tables));
        let schema = build.schema.with(tables);
        build.problems.extend(schema.check());
        if build.problems.is_empty() { Ok(schema) } else { Err(build.problems) }
    }
}

/// The model of `meta`.
fn origin(meta: &Meta) -> Origin {
    Origin { model: Cow::Borrowed(meta.model), file: Cow::Borrowed(meta.file), line: meta.line }
}

/// The field of a model.
fn field_origin(meta: &Meta, field: &FieldMeta) -> Origin {
    let model = Cow::Owned(format!("{}::{}", meta.model, field.name));
    Origin { model, file: Cow::Borrowed(meta.file), line: if field.line == 0 { meta.line } else { field.line } }
}

struct Build {
    problems: Vec<Problem>,
    schema: Schema,
    /// Which field declared an enum first.
    enums: BTreeMap<&'static str, Origin>,
}

impl Build {
    /// One table; rules without a name of their own have an empty one until all are known.
    fn table(&mut self, layout: &'static Layout) -> Table {
        let meta = layout.meta;
        let mut table = Table {
            name: meta.table.to_owned(),
            comment: meta.comment.map(str::to_owned),
            origin: origin(meta),
            ..Table::default()
        };
        for (field, range) in meta.fields.iter().zip(&layout.fields) {
            let columns = &layout.columns[range.clone()];
            self.field(&mut table, meta, field, columns);
        }
        if !layout.key.is_empty() {
            let columns = layout.key.iter().map(|at| layout.columns[*at].name.to_owned()).collect();
            table.primary_key = Some(PrimaryKey { columns, ..PrimaryKey::default() });
        }
        for index in meta.indexes {
            self.index(&mut table, layout, index);
        }
        for rule in meta.checks {
            let name = rule.name.unwrap_or_default().to_owned();
            table.checks.push(Check { name, expression: rule.sql.trim().to_owned(), ..Check::default() });
        }
        for key in table.foreign_keys.clone() {
            if !begins_with(&table, &key.columns) {
                let keys = key.columns.into_iter().map(Key::column).collect();
                table.indexes.push(Index { keys, ..Index::default() });
            }
        }
        table.foreign_keys.retain(|key| !key.table.is_empty());
        table
    }

    fn field(
        &mut self,
        table: &mut Table,
        meta: &'static Meta,
        field: &'static FieldMeta,
        columns: &'static [LayoutColumn],
    ) {
        let origin = field_origin(meta, field);
        let defaults = self.defaults(field, columns, &origin);
        for (column, default) in columns.iter().zip(defaults) {
            if let Type::Enum(Cow::Borrowed(name)) = &column.ty {
                self.register(name, column.variants, &origin);
            }
            table.columns.push(Column {
                nullable: column.nullable,
                default,
                generated: field
                    .generated
                    .map(|made| Generated { expression: made.sql.trim().to_owned(), stored: made.stored }),
                identity: (column.supply == Supply::Identity).then(Identity::default),
                comment: field.comment.map(str::to_owned),
                origin: origin.clone(),
                ..Column::new(column.name, column.ty.clone())
            });
        }
        let names = || columns.iter().map(|column| column.name.to_owned()).collect::<Vec<_>>();
        if field.unique {
            table.uniques.push(Unique { columns: names(), ..Unique::default() });
        }
        if field.index {
            let keys = names().into_iter().map(Key::column).collect();
            table.indexes.push(Index { keys, ..Index::default() });
        }
        if let Some(rule) = field.check {
            let name = check_name(&table.name, field.column);
            table.checks.push(Check { name, expression: rule.trim().to_owned(), ..Check::default() });
        }
        table.foreign_keys.extend(references(columns).into_iter().map(|(target, pairs)| ForeignKey {
            name: String::new(),
            columns: pairs.iter().map(|(column, _)| (*column).to_owned()).collect(),
            // Without a table it only asks for its index.
            table: if field.no_constraint { String::new() } else { target.table.to_owned() },
            references: pairs.iter().map(|(_, column)| (*column).to_owned()).collect(),
            on_delete: field.on_delete.unwrap_or(Action::NoAction),
            on_update: field.on_update.unwrap_or(Action::NoAction),
            ..ForeignKey::default()
        }));
    }

    /// One default for each of `columns`.
    fn defaults(&mut self, field: &FieldMeta, columns: &[LayoutColumn], origin: &Origin) -> Vec<Option<Default>> {
        let all = |default: Option<Default>| columns.iter().map(|_| default.clone()).collect();
        match field.default {
            None if field.updated => all(Some(Default::Now)),
            None => all(None),
            Some(super::Default::Now) => all(Some(Default::Now)),
            Some(super::Default::Sql(text)) => all(Some(Default::Expression(text.trim().to_owned()))),
            Some(super::Default::Literal(values)) => {
                let values = values();
                if values.len() != columns.len() {
                    let what = format!("the default gives {} values for {} columns", values.len(), columns.len());
                    self.problems.push(Problem::new(origin, what, "write a default of the field's own type"));
                    return all(None);
                }
                let fit = |(value, column): (Value, &LayoutColumn)| match fitted(value, &column.ty) {
                    Value::Null => None,
                    value => Some(Default::Value(value)),
                };
                values.into_iter().zip(columns).map(fit).collect()
            }
        }
    }

    fn register(&mut self, name: &'static str, variants: &[&str], origin: &Origin) {
        match self.schema.enums.entry(name.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(variants.iter().map(|variant| (*variant).to_owned()).collect());
                self.enums.insert(name, origin.clone());
            }
            Entry::Occupied(known) if known.get() != variants => {
                let first = self.enums.get(name).map(ToString::to_string).unwrap_or_default();
                let what = format!("enum `{name}` has other variants here than at {first}");
                self.problems.push(Problem::new(origin, what, "give one of the two enums another name"));
            }
            Entry::Occupied(_) => {}
        }
    }

    /// An index of the model, or a unique rule where it can be one.
    fn index(&mut self, table: &mut Table, layout: &Layout, index: &IndexMeta) {
        let mut keys = Vec::new();
        for key in index.keys {
            if key.expression {
                keys.push(Key { descending: key.descending, ..Key::of(KeyOf::Expression(key.of.trim().to_owned())) });
                continue;
            }
            let Some(at) = layout.meta.fields.iter().position(|field| field.name == key.of) else {
                // `check` has told.
                return;
            };
            keys.extend(
                layout.columns[layout.fields[at].clone()]
                    .iter()
                    .map(|column| Key { descending: key.descending, ..Key::column(column.name) }),
            );
        }
        let name = index.name.unwrap_or_default().to_owned();
        let plain = |key: &Key| matches!(key.of, KeyOf::Column(_)) && !key.descending;
        if index.unique && index.filter.is_none() && keys.iter().all(plain) {
            let index = Index { name, keys, unique: true, ..Index::default() };
            let columns = index.columns().map(str::to_owned).collect();
            table.uniques.push(Unique { name: index.name, columns, ..Unique::default() });
        } else {
            let filter = index.filter.map(|filter| filter.trim().to_owned());
            table.indexes.push(Index { name, keys, unique: index.unique, filter, ..Index::default() });
        }
    }
}

/// The references among the columns of one field: each target with pairs of columns, here and there.
type References<'a> = Vec<(&'static Meta, Vec<(&'a str, &'a str)>)>;

fn references(columns: &[LayoutColumn]) -> References<'_> {
    let mut found: References<'_> = Vec::new();
    for column in columns {
        let Some((target, there)) = column.references else { continue };
        let target = target();
        match found.last_mut() {
            // An embedded struct may point at one table twice: a column met again begins the next reference.
            Some((last, pairs)) if last.table == target.table && pairs.iter().all(|(_, other)| *other != there) => {
                pairs.push((column.name, there));
            }
            _ => found.push((target, vec![(column.name, there)])),
        }
    }
    found
}

/// `value` as a column of type `ty` keeps it, so that a default is equal to what a session would send.
fn fitted(value: Value, ty: &Type) -> Value {
    match (&value, ty) {
        (Value::Int(number), Type::Numeric(_, scale)) => {
            Decimal::from(*number).rescale(*scale).map_or(value, Value::Decimal)
        }
        (Value::Decimal(number), Type::Numeric(_, scale)) => {
            let scaled = number.rescale(*scale).filter(|scaled| scaled == number);
            scaled.map_or(value, Value::Decimal)
        }
        _ => value,
    }
}

/// Whether rows are found by `columns` already: a key, a unique rule or an index begins with them.
fn begins_with(table: &Table, columns: &[String]) -> bool {
    let begins = |names: &[&str]| {
        names.len() >= columns.len() && columns.iter().all(|column| names[..columns.len()].contains(&column.as_str()))
    };
    let keys = table.primary_key.iter().map(|key| &key.columns);
    let mut rules = keys.chain(table.uniques.iter().map(|unique| &unique.columns));
    rules.any(|columns| begins(&columns.iter().map(String::as_str).collect::<Vec<_>>()))
        || table.indexes.iter().filter(|index| index.filter.is_none()).any(|index| {
            let leading = index.keys.iter().map_while(|key| match &key.of {
                KeyOf::Column(name) => Some(name.as_str()),
                KeyOf::Expression(_) => None,
            });
            begins(&leading.collect::<Vec<_>>())
        })
}

#[cfg(test)]
mod tests;
