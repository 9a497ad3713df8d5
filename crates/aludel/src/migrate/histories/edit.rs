//! What people do to models between two revisions, done to a schema. Numbers tell what is still the same thing.

use std::collections::BTreeMap;

use super::shape::Maker;
use crate::Type;
use crate::schema::{
    Action, Check, Column, ForeignKey, Identity, Index, Key, KeyOf, Op, Place, PrimaryKey, Schema, Table, names_column,
};

/// A schema that was edited, and what became of its enums: tables and columns have their numbers.
pub(super) struct Edited {
    pub(super) schema: Schema,
    /// What each enum and each of its values was called at first.
    pub(super) enums: BTreeMap<String, Enum>,
    /// What was done, for whoever has to find out why something went wrong.
    pub(super) done: Vec<String>,
}

/// What an enum was called at first.
#[derive(Clone)]
pub(super) struct Enum {
    pub(super) name: String,
    /// What each value was called at first; new ones are missing.
    pub(super) values: BTreeMap<String, String>,
}

impl Edited {
    pub(super) fn new(schema: Schema) -> Self {
        let same = |values: &Vec<String>| values.iter().map(|value| (value.clone(), value.clone())).collect();
        let enums = schema.enums.iter();
        let enums =
            enums.map(|(name, values)| (name.clone(), Enum { name: name.clone(), values: same(values) })).collect();
        Edited { schema, enums, done: Vec::new() }
    }

    /// Makes one edit, unless it would leave no sound schema.
    pub(super) fn edit(&mut self, maker: &mut Maker) {
        let mut next = Edited { schema: self.schema.clone(), enums: self.enums.clone(), done: self.done.clone() };
        if let Some(what) = next.once(maker)
            && super::is_sound(&next.schema)
        {
            next.done.push(what);
            *self = next;
        }
    }

    fn once(&mut self, maker: &mut Maker) -> Option<String> {
        if maker.random.chance(6) {
            return self.enums(maker);
        }
        let names: Vec<String> = self.schema.tables.keys().cloned().collect();
        if names.is_empty() || maker.random.chance(10) {
            return self.tables(maker);
        }
        let table = maker.random.pick(&names).clone();
        let columns: Vec<String> =
            self.schema.tables[&table].columns.iter().map(|column| column.name.clone()).collect();
        let column = maker.random.pick(&columns).clone();
        match maker.random.below(22) {
            0..4 => self.add_column(maker, &table),
            4 | 5 => self.drop_column(&table, &column),
            6 | 7 => self.apply(Op::RenameColumn { table, column, to: maker.name() }),
            8 => self.swap_columns(maker, &table, &column),
            9..12 => self.retype(maker, &table, &column),
            12 | 13 => {
                self.with_column(&table, &column, |column| column.nullable = !column.nullable);
                Some(format!("nullability of {table}.{column}"))
            }
            14 => {
                let ty = self.schema.tables[&table].column(&column)?.ty.clone();
                let default = maker.random.chance(2).then(|| maker.default(&self.schema, &ty));
                self.with_column(&table, &column, |column| column.default = default);
                Some(format!("default of {table}.{column}"))
            }
            15 => self.generated(maker, &table, &column),
            16 => self.identity(&table),
            17 => self.key(maker, &table),
            18 => self.comments(maker, &table, &column),
            19 => self.foreign_keys(maker, &table),
            _ => self.rules(maker, &table),
        }
    }

    fn apply(&mut self, op: Op) -> Option<String> {
        op.apply(&mut self.schema).ok()?;
        Some(op.print())
    }

    /// Changes one table.
    fn with_table(&mut self, name: &str, change: impl FnOnce(&mut Table)) {
        let mut tables = self.schema.tables.clone();
        tables.get_mut(name).map(change);
        self.schema = std::mem::take(&mut self.schema).with(tables);
    }

    /// Changes one column.
    fn with_column(&mut self, table: &str, column: &str, change: impl FnOnce(&mut Column)) {
        self.with_table(table, |table| {
            table.columns.iter_mut().find(|other| other.name == column).map(change);
        });
    }

    fn tables(&mut self, maker: &mut Maker) -> Option<String> {
        let names: Vec<String> = self.schema.tables.keys().cloned().collect();
        match maker.random.below(4) {
            0 => {
                let made = maker.table(&self.schema);
                let what = format!("new table {}", made.name);
                let mut tables = self.schema.tables.clone();
                tables.insert(made.name.clone(), made);
                self.schema = std::mem::take(&mut self.schema).with(tables);
                Some(what)
            }
            1 if names.len() > 1 => {
                let gone = maker.random.pick(&names).clone();
                let mut tables = self.schema.tables.clone();
                tables.remove(&gone);
                for table in tables.values_mut() {
                    table.foreign_keys.retain(|key| key.table != gone);
                }
                self.schema = std::mem::take(&mut self.schema).with(tables);
                Some(format!("drop of table {gone}"))
            }
            _ if names.is_empty() => None,
            _ => {
                let table = maker.random.pick(&names).clone();
                self.apply(Op::RenameTable { table, to: maker.name() })
            }
        }
    }

    fn add_column(&mut self, maker: &mut Maker, table: &str) -> Option<String> {
        let column = maker.column(&self.schema);
        let what = format!("new column {table}.{} {:?} {:?}", column.name, column.ty, column.default);
        self.with_table(table, |table| table.columns.push(column));
        Some(what)
    }

    /// Drops a column with all that stands on it.
    fn drop_column(&mut self, table: &str, column: &str) -> Option<String> {
        let key = self.schema.tables[table].primary_key.as_ref();
        if key.is_some_and(|key| key.columns == [column]) {
            return None;
        }
        let mut tables = self.schema.tables.clone();
        for other in tables.values_mut() {
            other.foreign_keys.retain(|key| key.table != table || !key.references.iter().any(|name| name == column));
        }
        let changed = tables.get_mut(table)?;
        changed.primary_key.iter_mut().for_each(|key| key.columns.retain(|name| name != column));
        let none = |names: &[String]| names.iter().all(|name| name != column);
        changed.uniques.retain(|unique| none(&unique.columns));
        changed.foreign_keys.retain(|key| none(&key.columns));
        changed.checks.retain(|check| !names_column(&check.expression, column));
        changed.indexes.retain(|index| {
            index.columns().all(|name| name != column) && !index.texts().any(|text| names_column(text, column))
        });
        let made = |of: &Column| of.generated.as_ref().is_some_and(|made| names_column(&made.expression, column));
        let gone: Vec<String> = changed.columns.iter().filter(|of| made(of)).map(|of| of.name.clone()).collect();
        changed.columns.retain(|of| of.name != column);
        self.schema = std::mem::take(&mut self.schema).with(tables);
        for made in gone {
            self.drop_column(table, &made);
        }
        Some(format!("drop of column {table}.{column}"))
    }

    /// Two columns take each other's name.
    fn swap_columns(&mut self, maker: &mut Maker, table: &str, column: &str) -> Option<String> {
        let others: Vec<String> = self.schema.tables[table].columns.iter().map(|column| column.name.clone()).collect();
        let other = maker.random.pick(&others).clone();
        if other == column {
            return None;
        }
        let aside = maker.name();
        for (from, to) in [(column, aside.as_str()), (&other, column), (&aside, &other)] {
            self.apply(Op::RenameColumn { table: table.into(), column: from.into(), to: to.into() })?;
        }
        Some(format!("swap of columns {table}.{column} and {other}"))
    }

    /// Gives a column another type, and all that point at it.
    fn retype(&mut self, maker: &mut Maker, table: &str, column: &str) -> Option<String> {
        let known = self.schema.tables[table].column(column)?;
        if known.generated.is_some() {
            return None;
        }
        let (from, ty) = (known.ty.clone(), another(maker, &known.ty, &self.schema)?);
        let default = known.default.is_some().then(|| maker.default(&self.schema, &ty));
        let what = format!("type of {table}.{column} from {from:?} to {ty:?}");
        self.with_column(table, column, |column| column.default = default);
        let mut todo = vec![(table.to_owned(), column.to_owned())];
        let mut done = Vec::new();
        while let Some(place) = todo.pop() {
            if done.contains(&place) {
                continue;
            }
            for other in self.schema.tables.values() {
                for key in &other.foreign_keys {
                    for (here, there) in key.columns.iter().zip(&key.references) {
                        let (here, there) = ((other.name.clone(), here.clone()), (key.table.clone(), there.clone()));
                        if place == there {
                            todo.push(here);
                        } else if place == here {
                            todo.push(there);
                        }
                    }
                }
            }
            self.with_column(&place.0, &place.1, |column| column.ty = ty.clone());
            done.push(place);
        }
        Some(what)
    }

    fn generated(&mut self, maker: &mut Maker, table: &str, column: &str) -> Option<String> {
        let known = &self.schema.tables[table];
        let what = format!("generated {table}.{column}");
        let (ty, expression) = maker.made_from(known);
        if known.column(column)?.generated.is_none() {
            let made = maker.generated(known);
            let what = format!("new generated column {table}.{}", made.name);
            self.with_table(table, |table| table.columns.push(made));
            return Some(what);
        }
        let how = maker.random.below(4);
        self.with_column(table, column, |column| match (how, &mut column.generated) {
            (0, made) => *made = None,
            (1, Some(made)) => made.stored = !made.stored,
            (_, Some(made)) => (made.expression, column.ty) = (expression, ty),
            (_, None) => {}
        });
        Some(format!("{what} {how}"))
    }

    /// The key is numbered by the database from now on, or no more.
    fn identity(&mut self, table: &str) -> Option<String> {
        let key = self.schema.tables[table].primary_key.clone()?;
        let [column] = key.columns.as_slice() else { return None };
        self.with_column(table, column, |column| {
            column.identity = if column.identity.is_some() { None } else { Some(Identity::default()) };
            column.default = None;
        });
        Some(format!("identity of {table}"))
    }

    /// Another key, of the columns there are.
    fn key(&mut self, maker: &mut Maker, table: &str) -> Option<String> {
        let known = &self.schema.tables[table];
        let held = |column: &&Column| !column.nullable && column.generated.is_none();
        let able: Vec<String> = known.columns.iter().filter(held).map(|column| column.name.clone()).collect();
        let mut columns = vec![maker.random.pick(&able).clone()];
        let more = maker.random.pick(&able).clone();
        if !columns.contains(&more) {
            columns.push(more);
        }
        let name = maker.name();
        self.with_table(table, |table| {
            table.columns.iter_mut().for_each(|column| column.identity = None);
            table.primary_key = Some(PrimaryKey { name, columns, ..PrimaryKey::default() });
        });
        Some(format!("another key of {table}"))
    }

    fn comments(&mut self, maker: &mut Maker, table: &str, column: &str) -> Option<String> {
        let text = maker.random.chance(3).then(|| maker.random.text());
        let on_table = maker.random.chance(2);
        self.with_table(table, |table| match table.columns.iter_mut().find(|of| of.name == column) {
            Some(column) if !on_table => column.comment = text,
            _ => table.comment = text,
        });
        Some(format!("comment on {table}"))
    }

    fn foreign_keys(&mut self, maker: &mut Maker, table: &str) -> Option<String> {
        let count = self.schema.tables[table].foreign_keys.len();
        let how = maker.random.below(3);
        if count == 0 || how == 0 {
            let tables: Vec<Table> = self.schema.tables.values().cloned().collect();
            let target = maker.random.pick(&tables).clone();
            let mut known = self.schema.tables[table].clone();
            if maker.random.chance(3) {
                point(maker, &mut known, &target)?;
            } else {
                maker.foreign_key(&mut known, &target, true);
            }
            self.with_table(table, |table| *table = known);
            return Some(format!("new foreign key of {table} to {}", target.name));
        }
        let at = maker.random.below(count);
        let action = *maker.random.pick(&[Action::NoAction, Action::Cascade, Action::Restrict, Action::SetNull]);
        self.with_table(table, |table| match how {
            1 => drop(table.foreign_keys.remove(at)),
            _ => table.foreign_keys[at].on_delete = action,
        });
        Some(format!("foreign key of {table}: {how} {action:?}"))
    }

    fn rules(&mut self, maker: &mut Maker, table: &str) -> Option<String> {
        let mut known = self.schema.tables[table].clone();
        let how = maker.random.below(8);
        match how {
            0 => known.uniques.push(maker.unique(&known)),
            1 => drop(known.uniques.pop()?),
            2 => known.checks.push(maker.check(&known)),
            3 => drop(known.checks.pop()?),
            4 => {
                let (name, check) = (known.checks.first()?.name.clone(), maker.check(&known));
                known.checks[0] = Check { name, ..check };
            }
            5 => known.indexes.push(maker.index(&known)),
            6 => drop(known.indexes.pop()?),
            _ => {
                let index = known.indexes.first_mut()?;
                let first = index.keys.first_mut()?;
                first.descending = !first.descending;
                if maker.random.chance(2) {
                    index.unique = false;
                    index.filter = match &first.of {
                        KeyOf::Column(name) => Some(format!("{} IS NOT NULL", super::shape::quoted(name))),
                        KeyOf::Expression(_) => None,
                    };
                }
            }
        }
        self.with_table(table, |table| *table = known);
        Some(format!("rules of {table}: {how}"))
    }

    fn enums(&mut self, maker: &mut Maker) -> Option<String> {
        let names: Vec<String> = self.schema.enums.keys().cloned().collect();
        if names.is_empty() {
            let name = maker.name();
            let variants = maker.variants();
            self.enums.insert(name.clone(), Enum { name: String::new(), values: BTreeMap::new() });
            return self.apply(Op::CreateEnum { name, variants });
        }
        let name = maker.random.pick(&names).clone();
        let values = self.schema.enums[&name].clone();
        let value = maker.random.pick(&values).clone();
        match maker.random.below(5) {
            0 | 1 => {
                let places = [Place::Last, Place::Before(value.clone()), Place::After(value)];
                let place = maker.random.pick(&places).clone();
                self.apply(Op::AddValue { name, value: maker.name(), place })
            }
            2 => {
                let to = maker.name();
                let known = self.enums.get_mut(&name)?;
                if let Some(first) = known.values.remove(&value) {
                    known.values.insert(to.clone(), first);
                }
                self.apply(Op::RenameValue { name, value, to })
            }
            3 => {
                let to = maker.name();
                let known = self.enums.remove(&name)?;
                self.enums.insert(to.clone(), known);
                self.apply(Op::RenameEnum { name, to })
            }
            _ => {
                self.schema.enums.get_mut(&name)?.retain(|other| *other != value);
                self.enums.get_mut(&name)?.values.remove(&value);
                Some(format!("drop of value {value} of {name}"))
            }
        }
    }
}

/// A type that a column of type `ty` may be given.
fn another(maker: &mut Maker, ty: &Type, schema: &Schema) -> Option<Type> {
    let near: &[Type] = match ty {
        Type::Bool => &[Type::Integer, Type::Text, Type::SmallInt],
        Type::SmallInt => &[Type::Integer, Type::BigInt, Type::Double, Type::Text, Type::Bool, Type::Numeric(8, 2)],
        Type::Integer => &[Type::BigInt, Type::SmallInt, Type::Double, Type::Numeric(20, 4), Type::Varchar(60)],
        Type::BigInt => &[Type::Integer, Type::Text, Type::Double, Type::Numeric(30, 2), Type::Numeric(15, 0)],
        Type::Real => &[Type::Double, Type::Text, Type::Integer, Type::Numeric(12, 3)],
        Type::Double => &[Type::Real, Type::Text, Type::BigInt, Type::Numeric(30, 6)],
        Type::Numeric(..) => &[Type::Numeric(38, 8), Type::Numeric(15, 4), Type::Double, Type::Text, Type::BigInt],
        Type::Char(_) | Type::Varchar(_) => &[Type::Text, Type::Varchar(255), Type::Varchar(12), Type::Integer],
        Type::Text => &[Type::Varchar(255), Type::Varchar(8), Type::Uuid, Type::BigInt, Type::Bool, Type::Date],
        Type::Bytes => &[Type::Text, Type::Integer],
        Type::Date => &[Type::Timestamp, Type::TimestampTz, Type::Text, Type::Integer],
        Type::Time => &[Type::Text, Type::Timestamp],
        Type::Timestamp => &[Type::TimestampTz, Type::Date, Type::Time, Type::Text],
        Type::TimestampTz => &[Type::Timestamp, Type::Date, Type::Varchar(200)],
        Type::Uuid => &[Type::Text, Type::Varchar(36), Type::Varchar(60), Type::Bytes],
        Type::Json => &[Type::Text, Type::Varchar(255)],
        Type::Enum(_) => &[Type::Text, Type::Varchar(60), Type::Integer],
        Type::Other(_) => return None,
    };
    let enums: Vec<&String> = schema.enums.keys().collect();
    if !enums.is_empty() && maker.random.chance(8) {
        return Some(Type::Enum((*maker.random.pick(&enums)).clone().into())).filter(|other| other != ty);
    }
    Some(maker.random.pick(near).clone()).filter(|other| other != ty)
}

/// A foreign key from columns that are there already.
fn point(maker: &mut Maker, table: &mut Table, target: &Table) -> Option<()> {
    let key = target.primary_key.as_ref()?;
    let mut columns = Vec::new();
    for name in &key.columns {
        let ty = &target.column(name)?.ty;
        let fits = |column: &&Column| column.ty == *ty && column.generated.is_none() && !columns.contains(&column.name);
        let able: Vec<String> = table.columns.iter().filter(fits).map(|column| column.name.clone()).collect();
        if able.is_empty() {
            return None;
        }
        columns.push(maker.random.pick(&able).clone());
    }
    let references = key.columns.clone();
    let keys = columns.iter().map(|name| Key::column(name.clone())).collect();
    let index = Index { name: maker.name(), keys, ..Index::default() };
    table.indexes.push(index);
    table.foreign_keys.push(ForeignKey {
        name: maker.name(),
        columns,
        table: target.name.clone(),
        references,
        ..ForeignKey::default()
    });
    Some(())
}
