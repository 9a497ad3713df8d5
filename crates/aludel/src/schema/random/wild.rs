//! Operations with everything that the portable text can say, whether an engine can do it or not.

use crate::Type;
use crate::schema::{
    Action, Column, ColumnChange, Commented, Constraint, Deferral, Exclusion, ForeignKey, Identity, Index, Key, Op,
    PrimaryKey, Schema, Table, Unique, View,
};
use crate::value::random::Random;

impl Random {
    /// An operation as [`Random::op`] makes it, with words here and there that only some engines have, or one that only
    /// some engines run.
    pub(crate) fn wild_op(&mut self, schema: &Schema) -> Op {
        if self.chance(6) {
            return self.wild_one();
        }
        let mut op = self.op(schema);
        match &mut op {
            Op::CreateTable(table) => self.wild_table(table),
            Op::AddColumn { column, .. } => self.wild_column(column),
            Op::AddConstraint { constraint, not_valid, .. } => {
                self.wild_constraint(constraint);
                *not_valid = self.chance(2);
            }
            Op::CreateIndex { index, .. } => self.wild_index(index),
            Op::DropIndex { concurrently, .. } => *concurrently = self.chance(2),
            Op::AlterColumn { change, .. } => match change {
                ColumnChange::Type { ty, collation, using } => {
                    *ty = self.wild_type();
                    *collation = self.maybe_name();
                    *using = self.chance(2).then(|| "CAST('it''s, (' AS TEXT)".into());
                }
                ColumnChange::Identity(Some(identity)) => *identity = self.identity(),
                _ => {}
            },
            _ => {}
        }
        op
    }

    /// An operation that only some engines run.
    fn wild_one(&mut self) -> Op {
        let table = if self.chance(3) { format!("{}.{}", self.word(), self.word()) } else { self.word() };
        match self.below(18) {
            0 => Op::ValidateConstraint { table, name: self.word() },
            1 => Op::DropSchema { name: self.word() },
            2 => Op::Comment { on: Commented::Schema(self.word()), text: self.chance(2).then(|| self.text()) },
            3 => {
                let columns = (0..self.below(3)).map(|_| self.word()).collect();
                let query = "WITH a AS (SELECT 'x;)' AS b) SELECT b, \"c d\" FROM a".into();
                Op::CreateView { view: View { name: table, columns, query }, replace: self.chance(2) }
            }
            4 => {
                let mut constraint = Constraint::ForeignKey(ForeignKey {
                    name: self.word(),
                    columns: vec![self.word(), self.word()],
                    table: self.word(),
                    references: if self.chance(2) { vec![self.word(), self.word()] } else { Vec::new() },
                    ..ForeignKey::default()
                });
                self.wild_constraint(&mut constraint);
                Op::AddConstraint { table, constraint, not_valid: self.chance(2) }
            }
            5 => {
                let rule = Exclusion {
                    name: self.word(),
                    method: self.maybe_name(),
                    elements: "room WITH =, tsrange(\"from\", \"to\") WITH &&".into(),
                    filter: self.chance(2).then(|| "NOT cancelled".into()),
                    deferral: self.deferral(),
                };
                Op::AddConstraint { table, constraint: Constraint::Exclusion(rule), not_valid: false }
            }
            6 => Op::RenameTable { to: renamed(&table, self.word()), table },
            7 => {
                let key = PrimaryKey { name: self.word(), columns: vec![self.word()], ..PrimaryKey::default() };
                let mut constraint = Constraint::PrimaryKey(key);
                self.wild_constraint(&mut constraint);
                Op::AddConstraint { table, constraint, not_valid: false }
            }
            8 => Op::DropTable { table },
            9 => Op::RenameColumn { table, column: self.word(), to: self.word() },
            10 => Op::DropColumn { table, column: self.word() },
            11 => Op::RenameConstraint { table, name: self.word(), to: self.word() },
            12 => Op::DropIndex { name: self.word(), concurrently: self.chance(2) },
            13 => Op::RenameIndex { name: self.word(), to: self.word() },
            14 => Op::AlterColumn { table, column: self.word(), change: ColumnChange::Nullable(self.chance(2)) },
            15 => Op::Comment { on: Commented::Column(table, self.word()), text: None },
            16 => {
                let keys = vec![Key::column(self.word()), Key::column(self.word())];
                let mut index = Index { name: self.word(), keys, ..Index::default() };
                self.wild_index(&mut index);
                Op::CreateIndex { table, index, concurrently: self.chance(2) }
            }
            _ => {
                let columns = (0..3).map(|_| Column::new(self.word(), self.wild_type())).collect();
                Op::CreateTable(Table { name: table, columns, ..Table::default() })
            }
        }
    }

    /// A name, as likely as not one that the grammar looks for somewhere.
    fn word(&mut self) -> String {
        if self.chance(2) { self.path() } else { (*self.pick(&WORDS)).to_owned() }
    }

    fn wild_table(&mut self, table: &mut Table) {
        let in_key = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect::<Vec<_>>();
        for column in table.columns.iter_mut().filter(|column| !in_key.contains(&column.name)) {
            self.wild_column(column);
        }
        for unique in &mut table.uniques {
            self.wild_unique(unique);
        }
        for check in &mut table.checks {
            check.no_inherit = self.chance(4);
        }
    }

    fn wild_column(&mut self, column: &mut Column) {
        if self.chance(4) {
            column.collation = self.maybe_name();
        }
        if column.default.is_none() && column.generated.is_none() && column.identity.is_none() && self.chance(2) {
            column.ty = self.wild_type();
            if self.chance(4) {
                (column.identity, column.nullable) = (Some(self.identity()), false);
            }
        }
    }

    fn wild_type(&mut self) -> Type {
        let others = ["INTERVAL", "TEXT[]", "NUMERIC", "TIMESTAMP(3)", "BIT VARYING(5)", "VECTOR(1536)", "\"A b\".x[]"];
        match self.below(4) {
            0 => Type::Other((*self.pick(&others)).into()),
            1 => Type::Enum((*self.pick(&["text", "date", "order", "a b", "s.state", "int4", "money"])).into()),
            _ => self.ty(),
        }
    }

    fn identity(&mut self) -> Identity {
        let mut number = |least: i64| self.chance(2).then(|| self.between(least, 1_000));
        let (start, increment, least, greatest) = (number(2), number(2), number(-5), number(0));
        Identity { always: self.chance(2), start, increment, least, greatest, cycle: self.chance(2) }
    }

    fn deferral(&mut self) -> Deferral {
        *self.pick(&[Deferral::Never, Deferral::Immediate, Deferral::Deferred])
    }

    fn maybe_name(&mut self) -> Option<String> {
        self.chance(2).then(|| self.word())
    }

    fn some_names(&mut self) -> Vec<String> {
        if self.chance(2) { vec![self.word(), self.word()] } else { Vec::new() }
    }

    fn wild_unique(&mut self, unique: &mut Unique) {
        unique.include = self.some_names();
        unique.nulls_not_distinct = self.chance(2);
        unique.deferral = self.deferral();
    }

    fn wild_constraint(&mut self, constraint: &mut Constraint) {
        match constraint {
            Constraint::PrimaryKey(key) => (key.include, key.deferral) = (self.some_names(), self.deferral()),
            Constraint::Unique(unique) => self.wild_unique(unique),
            Constraint::Check(check) => check.no_inherit = self.chance(2),
            Constraint::ForeignKey(key) => {
                key.match_full = self.chance(2);
                key.on_delete = *self.pick(&[Action::NoAction, Action::SetNull, Action::SetDefault]);
                key.set_columns = if key.on_delete == Action::NoAction { Vec::new() } else { self.some_names() };
                key.deferral = self.deferral();
            }
            Constraint::Exclusion(_) => {}
        }
    }

    fn wild_index(&mut self, index: &mut Index) {
        index.method = self.maybe_name();
        index.include = self.some_names();
        index.nulls_not_distinct = self.chance(2);
        if self.chance(2) {
            index.options = (0..3).map(|_| (self.word(), self.text())).collect();
        }
        for key in &mut index.keys {
            self.wild_key(key);
        }
    }

    fn wild_key(&mut self, key: &mut Key) {
        key.collation = self.maybe_name();
        let class = *self.pick(&["gin_trgm_ops", "public.\"A b\"", "tsvector_ops(siglen = 100)"]);
        key.class = self.chance(2).then(|| class.to_owned());
        key.nulls_first = self.chance(2).then_some(!key.descending);
    }
}

/// Words of the grammar.
#[rustfmt::skip]
const WORDS: [&str; 83] = [
    "add", "after", "all", "alter", "always", "as", "asc", "before", "by", "cache", "cascade", "check", "collate",
    "column", "comment", "concurrently", "constraint", "create", "cycle", "data", "default", "deferrable", "deferred",
    "delete", "desc", "distinct", "drop", "enum", "exclude", "exists", "expression", "first", "foreign", "full",
    "generated", "identity", "if", "immediate", "include", "increment", "index", "inherit", "initially", "is", "key",
    "last", "like", "match", "maxvalue", "minvalue", "no", "not", "null", "nulls", "on", "only", "or", "primary",
    "references", "rename", "replace", "restrict", "schema", "set", "start", "stored", "table", "to", "type",
    "unique", "update", "using", "valid", "validate", "value", "values", "varying", "view", "virtual", "where",
    "with", "zone", "precision",
];

/// `to` in the schema that `path` is in.
fn renamed(path: &str, to: String) -> String {
    path.split_once('.').map_or_else(|| to.clone(), |(schema, _)| format!("{schema}.{to}"))
}
