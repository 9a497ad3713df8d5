//! Random schemas and operations with hostile names, for tests.

mod wild;

use super::{
    Action, Check, Column, ColumnChange, Commented, Constraint, Default, ForeignKey, Generated, Identity, Index, Key,
    KeyOf, Op, Place, PrimaryKey, Schema, Table, Unique, View,
};
use crate::value::random::Random;
use crate::{Date, Decimal, Time, Timestamp, Type, Value};

const NAMES: [&str; 24] = [
    "users",
    "a",
    "order",
    "Select",
    "a b",
    "a\"b",
    "a'b",
    "a`b",
    "a]b",
    "a;b--",
    "a/*b",
    "größe",
    "日本",
    "\\",
    "1st",
    "a.b",
    "a,b)",
    "a%",
    "$a",
    "_",
    "concurrently",
    "A",
    "to",
    "set x",
];
const TEXTS: [&str; 12] =
    ["", "x", "it's", "\"", "\\", "\\'; --", "a\nb", "%_", "ünï", "''", "C:\\temp\\new", "; DROP TABLE users"];

impl Random {
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.between(0, i64::try_from(most).unwrap() - 1)).unwrap()
    }

    pub(crate) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn text(&mut self) -> String {
        (0..self.below(3)).map(|_| *self.pick(&TEXTS)).collect()
    }

    /// A name that is no other: case does not tell names apart everywhere.
    pub(crate) fn name(&mut self) -> String {
        let number = self.bits() % 100_000;
        if self.chance(2) {
            format!("{}{number}", self.pick(&NAMES))
        } else {
            format!("t{number}{}", self.pick(&NAMES))
        }
    }

    /// A name of a table, enum or view in no schema but the default one.
    pub(crate) fn path(&mut self) -> String {
        self.name().replace('.', ",")
    }

    pub(crate) fn ty(&mut self) -> Type {
        let digits = u8::try_from(self.between(1, 30)).unwrap();
        let scale = u8::try_from(self.between(0, i64::from(digits))).unwrap();
        let types = [
            Type::Bool,
            Type::SmallInt,
            Type::Integer,
            Type::BigInt,
            Type::Real,
            Type::Double,
            Type::Numeric(digits, scale),
            Type::Char(36),
            Type::Varchar(200),
            Type::Text,
            Type::Bytes,
            Type::Date,
            Type::Time,
            Type::Timestamp,
            Type::TimestampTz,
            Type::Uuid,
            Type::Json,
        ];
        self.pick(&types).clone()
    }

    /// A value of `ty`.
    pub(crate) fn value(&mut self, ty: &Type, variants: &[String]) -> Value {
        let integer = |of: &mut Self, most: i64| {
            let edge = *of.pick(&[0, 1, -1, most, -most - 1]);
            if of.chance(2) { edge } else { of.between(-most - 1, most) }
        };
        match ty {
            Type::Bool => Value::Bool(self.chance(2)),
            Type::SmallInt => Value::Int(integer(self, i16::MAX.into())),
            Type::Integer => Value::Int(integer(self, i32::MAX.into())),
            Type::BigInt => Value::Int(integer(self, i64::MAX)),
            Type::Real => Value::Real(f64::from(*self.pick(&[0.0_f32, -1.5, 3.25e10, 1e-20]))),
            Type::Double => Value::Real(*self.pick(&[0.0, -1.5, 1e300, 0.1, 123_456_789.123_456_79])),
            Type::Numeric(digits, scale) => {
                let most = 10_i128.pow(u32::from(*digits)) - 1;
                let mantissa = i128::from(self.between(i64::MIN, i64::MAX)) * 1_000_003 % (most + 1);
                Value::Decimal(Decimal::new(mantissa, *scale))
            }
            Type::Char(_) | Type::Varchar(_) | Type::Text => Value::Text(self.text()),
            Type::Bytes => Value::Bytes((0..self.below(5)).map(|_| u8::try_from(self.below(256)).unwrap()).collect()),
            Type::Date => Value::Date(Date(i32::try_from(self.between(-300_000, 800_000)).unwrap())),
            Type::Time => Value::Time(Time(self.between(0, 86_399_999_999))),
            Type::Timestamp | Type::TimestampTz => {
                Value::Timestamp(Timestamp(self.between(-10_000_000_000_000_000, 200_000_000_000_000_000)))
            }
            Type::Uuid => Value::Uuid(uuid(self.bits(), self.bits())),
            Type::Json => Value::Text(format!("{{\"a\": [1.0, {}]}}", self.bits())),
            Type::Enum(_) => Value::Text(self.pick(variants).clone()),
            Type::Other(_) => Value::Null,
        }
    }

    pub(crate) fn column(&mut self, schema: &Schema) -> Column {
        let enums: Vec<&String> = schema.enums.keys().collect();
        let ty = match self.chance(6) && !enums.is_empty() {
            true => Type::Enum((*self.pick(&enums)).clone().into()),
            false => self.ty(),
        };
        let mut column = Column::new(self.name(), ty);
        column.nullable = self.chance(2);
        if self.chance(3) {
            column.default = Some(match self.below(4) {
                0 if matches!(column.ty, Type::Timestamp | Type::TimestampTz) => Default::Now,
                1 if column.ty == Type::Text => Default::Expression("lower('A''B')".into()),
                _ => Default::Value(self.value(&column.ty, schema.variants(&column.ty))),
            });
        }
        column
    }

    /// A table for `schema`; foreign keys are for later.
    fn table(&mut self, schema: &Schema) -> Table {
        let mut table = Table { name: self.path(), ..Table::default() };
        table.columns = (0..1 + self.below(6)).map(|_| self.column(schema)).collect();
        table.columns.dedup_by_key(|column| column.name.to_lowercase());
        if self.chance(3) {
            let mut id = Column::new("id", Type::BigInt);
            (id.nullable, id.identity) = (false, Some(Identity::default()));
            table.columns.insert(0, id);
        }
        table.columns[0].nullable = false;
        table.primary_key = Some(PrimaryKey {
            name: self.name(),
            columns: vec![table.columns[0].name.clone()],
            ..PrimaryKey::default()
        });
        for _ in 0..self.below(4) {
            match self.constraint(&table) {
                Constraint::Unique(unique) => table.uniques.push(unique),
                Constraint::Check(check) => table.checks.push(check),
                _ => {}
            }
        }
        table.indexes = (0..self.below(3)).map(|_| self.index(&table)).collect();
        if self.chance(3) {
            let of = quoted(&table.columns[table.columns.len() - 1].name);
            let mut made = Column::new(self.name(), Type::Text);
            made.generated = Some(Generated {
                expression: format!("CASE WHEN {of} IS NULL THEN 'a' ELSE '' END"),
                stored: self.chance(2),
            });
            table.columns.push(made);
        }
        for column in &mut table.columns {
            column.comment = self.chance(4).then(|| self.text());
        }
        table.comment = self.chance(4).then(|| self.text());
        table
    }

    fn constraint(&mut self, table: &Table) -> Constraint {
        let column = self.pick(&table.columns).name.clone();
        if self.chance(2) {
            return Constraint::Unique(Unique { name: self.name(), columns: vec![column], ..Unique::default() });
        }
        let expression = format!("{} IS NOT NULL OR 'a''\"(' <> ''", quoted(&column));
        Constraint::Check(Check { name: self.name(), expression, ..Check::default() })
    }

    fn index(&mut self, table: &Table) -> Index {
        let column = self.pick(&table.columns).name.clone();
        let of = match self.chance(3) {
            true => KeyOf::Expression(format!("coalesce({0}, {0})", quoted(&column))),
            false => KeyOf::Column(column.clone()),
        };
        Index {
            name: self.name(),
            keys: vec![Key { descending: self.chance(3), ..Key::of(of) }],
            unique: self.chance(3),
            filter: self.chance(3).then(|| format!("{} IS NOT NULL", quoted(&column))),
            ..Index::default()
        }
    }

    /// A foreign key from a new column of `table`, for which the target's key gives the type.
    fn foreign_key(&mut self, table: &mut Table, target: &Table) {
        let Some(key) = target.primary_key.as_ref().and_then(|key| target.column(&key.columns[0])) else { return };
        let column = Column::new(self.name(), key.ty.clone());
        let mut actions = vec![Action::NoAction, Action::Restrict, Action::Cascade, Action::SetNull];
        if self.chance(20) {
            actions.push(Action::SetDefault);
        }
        table.foreign_keys.push(ForeignKey {
            name: self.name(),
            columns: vec![column.name.clone()],
            table: target.name.clone(),
            references: vec![key.name.clone()],
            on_delete: *self.pick(&actions),
            on_update: *self.pick(&actions),
            ..ForeignKey::default()
        });
        table.columns.push(column);
    }

    /// A schema of a few tables; foreign keys may go round in circles.
    pub(crate) fn schema(&mut self) -> Schema {
        let mut schema = Schema::default();
        for _ in 0..self.below(3) {
            let variants = ["a", "it's", "B", "\\"].map(str::to_owned).to_vec();
            schema.enums.insert(self.path(), variants);
        }
        let mut tables: Vec<Table> = (0..self.below(5)).map(|_| self.table(&schema)).collect();
        for _ in 0..self.below(2 * tables.len() + 1) {
            let target = self.pick(&tables).clone();
            let at = self.below(tables.len());
            self.foreign_key(&mut tables[at], &target);
        }
        schema.with(tables.into_iter().map(|table| (table.name.clone(), table)).collect())
    }

    /// An operation that mostly fits `schema`.
    pub(crate) fn op(&mut self, schema: &Schema) -> Op {
        let tables: Vec<&Table> = schema.tables.values().collect();
        if tables.is_empty() || self.chance(8) {
            return self.op_without_table(schema);
        }
        let known = *self.pick(&tables);
        let table = known.name.clone();
        let column = self.pick(&known.columns).name.clone();
        let rules: Vec<_> = known.constraints().collect();
        let indexes: Vec<_> = schema.tables.values().flat_map(|table| &table.indexes).collect();
        let rule = |of: &mut Self| of.pick(&rules).name().to_owned();
        match self.below(17) {
            0 => Op::DropTable { table },
            1 => Op::RenameTable { table, to: self.path() },
            2 => Op::AddColumn { table, column: self.column(schema) },
            3 => Op::DropColumn { table, column },
            4 => Op::RenameColumn { table, column, to: self.name() },
            5..7 => Op::AlterColumn { table, change: self.change(schema, known.column(&column).unwrap()), column },
            7 => Op::AddConstraint { table, constraint: self.constraint(known), not_valid: false },
            8 if !rules.is_empty() => Op::DropConstraint { table, name: rule(self) },
            9 if !rules.is_empty() => Op::RenameConstraint { table, name: rule(self), to: self.name() },
            10 => Op::CreateIndex { table, index: self.index(known), concurrently: self.chance(4) },
            11 if !indexes.is_empty() => Op::DropIndex { name: self.pick(&indexes).name.clone(), concurrently: false },
            12 if !indexes.is_empty() => Op::RenameIndex { name: self.pick(&indexes).name.clone(), to: self.name() },
            13 if !rules.is_empty() => {
                let on = Commented::Constraint(table, rule(self));
                Op::Comment { on, text: self.chance(4).then(|| self.text()) }
            }
            14 if !indexes.is_empty() => {
                let on = Commented::Index(self.pick(&indexes).name.clone());
                Op::Comment { on, text: Some(self.text()) }
            }
            15 => Op::Comment { on: Commented::Table(table), text: self.chance(2).then(|| self.text()) },
            _ => Op::Comment { on: Commented::Column(table, column), text: self.chance(2).then(|| self.text()) },
        }
    }

    fn op_without_table(&mut self, schema: &Schema) -> Op {
        let enums: Vec<&String> = schema.enums.keys().collect();
        let name = if enums.is_empty() { self.path() } else { (*self.pick(&enums)).clone() };
        let variants = schema.enums.get(&name).map_or_else(|| vec!["a".to_owned()], Clone::clone);
        let value = self.pick(&variants).clone();
        match self.below(11) {
            6 => Op::CreateSchema { name: self.path() },
            7 if !schema.schemas.is_empty() => {
                let schemas: Vec<_> = schema.schemas.iter().collect();
                let name = (*self.pick(&schemas)).clone();
                if self.chance(3) {
                    Op::DropSchema { name }
                } else {
                    Op::CreateEnum { name: format!("{name}.{}", self.path()), variants: vec![self.name()] }
                }
            }
            8 => {
                let view = View { name: self.path(), columns: Vec::new(), query: "SELECT 1".into() };
                Op::CreateView { view, replace: self.chance(3) }
            }
            9 if !schema.views.is_empty() => {
                let views: Vec<_> = schema.views.keys().collect();
                let view = (*self.pick(&views)).clone();
                match self.below(3) {
                    0 => Op::DropView { view },
                    1 => {
                        let view = View { name: view, columns: vec![self.name()], query: "SELECT 2".into() };
                        Op::CreateView { view, replace: true }
                    }
                    _ => Op::Comment { on: Commented::View(view), text: Some(self.text()) },
                }
            }
            10 => Op::Comment { on: Commented::Enum(name), text: Some(self.text()) },
            0 => super::order::create_table(&self.table(schema)).remove(0),
            1 => Op::CreateEnum { name: self.path(), variants: vec![self.name(), self.name()] },
            2 => Op::DropEnum { name },
            3 => Op::RenameEnum { name, to: self.path() },
            4 => {
                let places = [Place::Last, Place::Before(value.clone()), Place::After(value)];
                Op::AddValue { name, value: self.name(), place: self.pick(&places).clone() }
            }
            _ => Op::RenameValue { name, value, to: self.name() },
        }
    }

    fn change(&mut self, schema: &Schema, column: &Column) -> ColumnChange {
        match self.below(6) {
            0 => ColumnChange::Type {
                ty: self.ty(),
                using: self.chance(2).then(|| quoted(&column.name)),
                collation: None,
            },
            1 => ColumnChange::Nullable(self.chance(2)),
            2 => ColumnChange::Default(Some(Default::Value(self.value(&column.ty, schema.variants(&column.ty))))),
            3 => ColumnChange::Default(None),
            4 => {
                let counts = matches!(column.ty, Type::SmallInt | Type::Integer | Type::BigInt);
                ColumnChange::Identity((self.chance(2) && counts).then(Identity::default))
            }
            _ => ColumnChange::Expression(self.chance(2).then(|| "'a'".into())),
        }
    }
}

/// A column as an expression names it.
fn quoted(name: &str) -> String {
    (super::PORTABLE.name)(name)
}

/// A UUID of version 4: there are servers that take no others but the known versions.
fn uuid(high: u64, low: u64) -> [u8; 16] {
    let mut bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    bytes[6] = 0x40 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    bytes
}
