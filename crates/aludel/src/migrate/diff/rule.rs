//! Constraints and indexes alike: what has a name of its own and stands on columns.

use crate::schema::{
    Check, Constraint, Default, Deferral, ForeignKey, Index, Key, KeyOf, Op, PrimaryKey, Table, Unique, names_column,
    same,
};

/// A constraint or an index.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rule {
    /// A constraint.
    Constraint(Constraint),
    /// An index.
    Index(Index),
}

impl Rule {
    /// All rules of a table, in the order they are made.
    pub(super) fn all(table: &Table) -> Vec<Rule> {
        let constraints = table.constraints().map(Rule::Constraint);
        constraints.chain(table.indexes.iter().cloned().map(Rule::Index)).collect()
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Rule::Constraint(constraint) => constraint.name(),
            Rule::Index(index) => &index.name,
        }
    }

    /// The same rule under another name.
    pub(super) fn named(&self, name: &str) -> Rule {
        let mut rule = self.clone();
        let own = match &mut rule {
            Rule::Constraint(Constraint::PrimaryKey(key)) => &mut key.name,
            Rule::Constraint(Constraint::Unique(unique)) => &mut unique.name,
            Rule::Constraint(Constraint::ForeignKey(key)) => &mut key.name,
            Rule::Constraint(Constraint::Check(check)) => &mut check.name,
            Rule::Constraint(Constraint::Exclusion(rule)) => &mut rule.name,
            Rule::Index(index) => &mut index.name,
        };
        name.clone_into(own);
        rule
    }

    /// The same rule with nothing but what models can say.
    pub(super) fn plain(&self) -> Rule {
        match self.clone() {
            Rule::Constraint(Constraint::PrimaryKey(PrimaryKey { name, columns, .. })) => {
                Rule::Constraint(Constraint::PrimaryKey(PrimaryKey { name, columns, ..PrimaryKey::default() }))
            }
            Rule::Constraint(Constraint::Unique(Unique { name, columns, .. })) => {
                Rule::Constraint(Constraint::Unique(Unique { name, columns, ..Unique::default() }))
            }
            Rule::Constraint(Constraint::ForeignKey(key)) => Rule::foreign_key(ForeignKey {
                match_full: false,
                set_columns: Vec::new(),
                deferral: Deferral::Never,
                ..key
            }),
            Rule::Constraint(Constraint::Check(check)) => {
                Rule::Constraint(Constraint::Check(Check { no_inherit: false, ..check }))
            }
            Rule::Index(Index { name, mut keys, unique, filter, .. }) => {
                for key in &mut keys {
                    *key = Key { descending: key.descending, ..Key::of(key.of.clone()) };
                }
                Rule::Index(Index { name, keys, unique, filter, ..Index::default() })
            }
            rule @ Rule::Constraint(Constraint::Exclusion(_)) => rule,
        }
    }

    /// Whether the two differ in nothing but their names.
    pub(super) fn is_like(&self, other: &Rule) -> bool {
        self.named(other.name()) == *other
    }

    pub(super) fn foreign_key(key: ForeignKey) -> Rule {
        Rule::Constraint(Constraint::ForeignKey(key))
    }

    pub(super) fn is_foreign_key(&self) -> bool {
        matches!(self, Rule::Constraint(Constraint::ForeignKey(_)))
    }

    /// The columns that no two rows may agree in, where it says so of all rows: what foreign keys can point at.
    pub(super) fn unique_columns(&self) -> Option<Vec<&str>> {
        match self {
            Rule::Constraint(constraint @ (Constraint::PrimaryKey(_) | Constraint::Unique(_))) => {
                Some(constraint.columns().iter().map(String::as_str).collect())
            }
            Rule::Index(index) if index.unique => Some(index.columns().collect()),
            _ => None,
        }
    }

    /// Whether it lists `column`.
    pub(super) fn lists(&self, column: &str) -> bool {
        let beside: &[String] = match self {
            Rule::Constraint(Constraint::PrimaryKey(key)) => &key.include,
            Rule::Constraint(Constraint::Unique(unique)) => &unique.include,
            Rule::Constraint(_) => &[],
            Rule::Index(index) => &index.include,
        };
        beside.iter().any(|name| name == column)
            || match self {
                Rule::Constraint(constraint) => constraint.columns().iter().any(|name| name == column),
                Rule::Index(index) => index.columns().any(|name| name == column),
            }
    }

    /// Whether an expression in it names `column`.
    pub(super) fn names(&self, column: &str) -> bool {
        match self {
            Rule::Constraint(Constraint::Check(check)) => names_column(&check.expression, column),
            Rule::Constraint(Constraint::Exclusion(rule)) => names_column(&rule.elements, column),
            Rule::Constraint(_) => false,
            Rule::Index(index) => index.texts().any(|text| names_column(text, column)),
        }
    }

    pub(super) fn add(self, table: &str) -> Op {
        let table = table.to_owned();
        match self {
            Rule::Constraint(constraint) => Op::AddConstraint { table, constraint, not_valid: false },
            Rule::Index(index) => Op::CreateIndex { table, index, concurrently: false },
        }
    }

    pub(super) fn drop(&self, table: &str) -> Op {
        let name = self.name().to_owned();
        match self {
            Rule::Constraint(_) => Op::DropConstraint { table: table.to_owned(), name },
            Rule::Index(_) => Op::DropIndex { name, concurrently: false },
        }
    }

    pub(super) fn rename(&self, table: &str, name: String, to: String) -> Op {
        match self {
            Rule::Constraint(_) => Op::RenameConstraint { table: table.to_owned(), name, to },
            Rule::Index(_) => Op::RenameIndex { name, to },
        }
    }
}

/// Writes the expressions of `to` as `from` does wherever the two mean the same.
pub(in crate::migrate) fn adopt(from: &Table, to: &mut Table) {
    for column in &mut to.columns {
        let Some(known) = from.column(&column.name) else { continue };
        if let (Some(made), Some(known)) = (&mut column.generated, &known.generated) {
            take(&mut made.expression, &known.expression);
        }
        if let (Some(Default::Expression(text)), Some(Default::Expression(known))) =
            (&mut column.default, &known.default)
        {
            take(text, known);
        }
    }
    for check in &mut to.checks {
        let mut known = own_first(&from.checks, |known| known.name == check.name);
        known.find(|known| take(&mut check.expression, &known.expression));
    }
    for index in &mut to.indexes {
        let adopted = |known: &&Index| {
            let mut adopted = Index { name: known.name.clone(), ..index.clone() };
            adopt_index(known, &mut adopted);
            adopted == **known
        };
        let known = own_first(&from.indexes, |known| known.name == index.name).find(adopted).cloned();
        if let Some(known) = known {
            *index = Index { name: index.name.clone(), ..known };
        }
    }
}

/// Writes `text` as `known` where they mean the same, and tells whether they do.
fn take(text: &mut String, known: &str) -> bool {
    let same = same(text, known);
    if same {
        known.clone_into(text);
    }
    same
}

/// The item that is meant by name, then all others: two rules may mean the same.
fn own_first<T>(items: &[T], own: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
    let (own, others): (Vec<_>, Vec<_>) = items.iter().partition(|item| own(item));
    own.into_iter().chain(others)
}

fn adopt_index(known: &Index, index: &mut Index) {
    for (key, known) in index.keys.iter_mut().zip(&known.keys) {
        if let (KeyOf::Expression(text), KeyOf::Expression(known)) = (&mut key.of, &known.of) {
            take(text, known);
        }
    }
    if let (Some(text), Some(known)) = (&mut index.filter, &known.filter) {
        take(text, known);
    }
}
