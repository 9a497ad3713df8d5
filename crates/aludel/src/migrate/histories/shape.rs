//! Random schemas as models declare them, in which every table and column has a number that no rename changes.

use crate::Type;
use crate::schema::{
    Action, Check, Column, Default, ForeignKey, Generated, Identity, Index, Key, KeyOf, Origin, PORTABLE, PrimaryKey,
    Schema, Table, Unique,
};
use crate::value::random::Random;

const PLAIN: [&str; 14] = [
    "title", "body", "author", "state", "price", "code", "note", "kind", "rank", "place", "total", "seen", "email",
    "ref",
];
const HOSTILE: [&str; 14] =
    ["order", "Select", "a b", "a]b", "a;b--", "a/*b", "größe", "日本", "1st", "a,b)", "a%", "$a", "to", "set x ?1 :y"];

/// Makes schemas; all names and numbers it gives are different.
pub(super) struct Maker {
    pub(super) random: Random,
    next: u32,
    hostile: bool,
}

impl Maker {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let hostile = random.chance(3);
        Maker { random, next: 0, hostile }
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// What tells a table or column from all others, whatever it is called.
    fn origin(&mut self) -> Origin {
        Origin { line: self.number(), ..Origin::default() }
    }

    pub(super) fn name(&mut self) -> String {
        let number = self.number();
        let word = *self.random.pick(if self.hostile { &HOSTILE } else { &PLAIN });
        format!("{word}{number}")
    }

    fn ty(&mut self) -> Type {
        match self.random.ty() {
            Type::Char(_) => Type::Char(60),
            Type::Varchar(_) => Type::Varchar(*self.random.pick(&[60, 80, 200])),
            ty => ty,
        }
    }

    pub(super) fn schema(&mut self) -> Schema {
        let mut schema = Schema::default();
        for _ in 0..self.random.below(3) {
            let variants = self.variants();
            schema.enums.insert(self.name(), variants);
        }
        let mut tables: Vec<Table> = Vec::new();
        for _ in 0..2 + self.random.below(4) {
            let made = self.table(&schema);
            tables.push(made);
            for _ in 0..self.random.below(3) {
                let target = self.random.pick(&tables).clone();
                let at = tables.len() - 1;
                self.foreign_key(&mut tables[at], &target, false);
            }
        }
        // Circles: a table points at one that is made behind it.
        if self.random.chance(3) {
            let target = tables[tables.len() - 1].clone();
            self.foreign_key(&mut tables[0], &target, true);
        }
        schema.with(tables.into_iter().map(|table| (table.name.clone(), table)).collect())
    }

    pub(super) fn variants(&mut self) -> Vec<String> {
        let mut variants = ["a", "it's", "B", "\\"].map(str::to_owned).to_vec();
        variants.truncate(2 + self.random.below(3));
        variants
    }

    pub(super) fn column(&mut self, schema: &Schema) -> Column {
        let enums: Vec<&String> = schema.enums.keys().collect();
        let ty = match self.random.chance(5) && !enums.is_empty() {
            true => Type::Enum((*self.random.pick(&enums)).clone().into()),
            false => self.ty(),
        };
        let mut column = Column { origin: self.origin(), ..Column::new(self.name(), ty) };
        column.nullable = self.random.chance(2);
        if self.random.chance(3) {
            column.default = Some(self.default(schema, &column.ty));
        }
        column.comment = self.random.chance(6).then(|| self.random.text());
        column
    }

    pub(super) fn default(&mut self, schema: &Schema, ty: &Type) -> Default {
        match self.random.below(4) {
            0 if matches!(ty, Type::Timestamp | Type::TimestampTz) => Default::Now,
            1 if *ty == Type::Text => Default::Expression("lower('A''B')".into()),
            _ => Default::Value(super::fill::fitting(&mut self.random, ty, schema.variants(ty))),
        }
    }

    /// A table with its key, columns and rules; it points at nothing.
    pub(super) fn table(&mut self, schema: &Schema) -> Table {
        let mut table = Table { name: self.name(), origin: self.origin(), ..Table::default() };
        let key = self.key();
        table.primary_key = Some(PrimaryKey {
            name: self.name(),
            columns: key.iter().map(|column| column.name.clone()).collect(),
            ..PrimaryKey::default()
        });
        table.columns = key;
        for _ in 0..1 + self.random.below(6) {
            let column = self.column(schema);
            table.columns.push(column);
        }
        if self.random.chance(3) {
            let made = self.generated(&table);
            table.columns.push(made);
        }
        for _ in 0..self.random.below(3) {
            let check = self.check(&table);
            table.checks.push(check);
        }
        if self.random.chance(3) {
            let unique = self.unique(&table);
            table.uniques.push(unique);
        }
        for _ in 0..self.random.below(3) {
            let index = self.index(&table);
            table.indexes.push(index);
        }
        table.comment = self.random.chance(5).then(|| self.random.text());
        table
    }

    fn key(&mut self) -> Vec<Column> {
        let mut of = |ty: Type| Column { nullable: false, origin: self.origin(), ..Column::new(self.name(), ty) };
        let (one, two) = (of(Type::BigInt), of(Type::Varchar(60)));
        match self.random.below(10) {
            0..4 => vec![Column { identity: Some(Identity::default()), ..one }],
            4 => vec![Column { identity: Some(Identity { start: Some(100), ..Identity::default() }), ..one }],
            5 => vec![Column { ty: Type::Integer, ..one }],
            6 => vec![one],
            7 => vec![two],
            8 => vec![Column { ty: Type::Uuid, ..one }],
            _ => vec![one, two],
        }
    }

    /// A column of `table` that holds values of its own.
    fn own<'t>(&mut self, table: &'t Table) -> &'t Column {
        let own: Vec<&Column> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
        own[self.random.below(own.len())]
    }

    pub(super) fn generated(&mut self, table: &Table) -> Column {
        let (ty, expression) = self.made_from(table);
        let generated = Some(Generated { expression, stored: self.random.chance(2) });
        Column { generated, origin: self.origin(), ..Column::new(self.name(), ty) }
    }

    /// An expression over `table` and its type.
    pub(super) fn made_from(&mut self, table: &Table) -> (Type, String) {
        let of = self.own(table);
        let name = quoted(&of.name);
        match (&of.ty, self.random.below(3)) {
            (Type::Text | Type::Varchar(_), 0) => (Type::Text, format!("upper({name})")),
            (Type::Text | Type::Varchar(_), 1) => (Type::Integer, format!("length({name})")),
            (Type::SmallInt | Type::Integer, 0) => (Type::Integer, format!("{name} / 2")),
            _ => (Type::Text, format!("CASE WHEN {name} IS NULL THEN 'it''s' ELSE '' END")),
        }
    }

    pub(super) fn check(&mut self, table: &Table) -> Check {
        let of = self.own(table);
        let name = quoted(&of.name);
        let some = if of.nullable { format!("{name} IS NULL OR ") } else { String::new() };
        let expression = match &of.ty {
            Type::SmallInt | Type::Integer | Type::BigInt if self.random.chance(2) => format!("{some}{name} >= -1000"),
            Type::Real | Type::Double | Type::Numeric(..) if self.random.chance(2) => format!("{some}{name} <> 7"),
            Type::Text | Type::Varchar(_) if self.random.chance(2) => format!("length({name}) < 50"),
            Type::Text | Type::Varchar(_) => format!("{some}{name} <> 'it''s (\"a\"'"),
            _ => {
                let other = quoted(&self.own(table).name);
                format!("{name} IS NOT NULL OR {other} IS NOT NULL OR {name} IS NULL")
            }
        };
        Check { name: self.name(), expression, ..Check::default() }
    }

    pub(super) fn unique(&mut self, table: &Table) -> Unique {
        let mut columns = vec![self.own(table).name.clone()];
        let other = self.own(table).name.clone();
        if !columns.contains(&other) && self.random.chance(2) {
            columns.push(other);
        }
        Unique { name: self.name(), columns, ..Unique::default() }
    }

    pub(super) fn index(&mut self, table: &Table) -> Index {
        let column = self.own(table).name.clone();
        let of = match self.random.chance(3) {
            true => KeyOf::Expression(format!("coalesce({0}, {0})", quoted(&column))),
            false => KeyOf::Column(column.clone()),
        };
        let mut keys = vec![Key { descending: self.random.chance(3), ..Key::of(of) }];
        let other = self.own(table).name.clone();
        if other != column && self.random.chance(3) {
            keys.push(Key::column(other));
        }
        Index {
            name: self.name(),
            keys,
            unique: self.random.chance(4),
            filter: self.random.chance(3).then(|| format!("{} IS NOT NULL", quoted(&column))),
            ..Index::default()
        }
    }

    /// A foreign key from new columns of `table` to the key of `target`; `open` where the rows there have no parent.
    pub(super) fn foreign_key(&mut self, table: &mut Table, target: &Table, open: bool) {
        let Some(key) = &target.primary_key else { return };
        let far = !open && target.name != table.name && self.random.chance(3);
        let of = |name: &String| target.column(name).map(|column| column.ty.clone()).unwrap_or(Type::Text);
        let mut columns = Vec::new();
        for name in &key.columns {
            let column = Column { nullable: !far, origin: self.origin(), ..Column::new(self.name(), of(name)) };
            columns.push(column);
        }
        let mut actions = vec![Action::NoAction, Action::Restrict, Action::Cascade, Action::Cascade];
        if !far {
            actions.extend([Action::SetNull, Action::SetNull]);
        }
        table.foreign_keys.push(ForeignKey {
            name: self.name(),
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            table: target.name.clone(),
            references: key.columns.clone(),
            on_delete: *self.random.pick(&actions),
            on_update: *self.random.pick(&actions),
            ..ForeignKey::default()
        });
        if self.random.chance(2) {
            let keys = columns.iter().map(|column| Key::column(column.name.clone())).collect();
            table.indexes.push(Index { name: self.name(), keys, ..Index::default() });
        }
        table.columns.extend(columns);
    }
}

/// A column as an expression names it.
pub(super) fn quoted(name: &str) -> String {
    (PORTABLE.name)(name)
}
