//! What two branches both touch, so that it matters which of them runs first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{History, Revision, Step, Work};
use crate::schema::{
    Column, ColumnChange, Commented, Constraint, Default, ForeignKey, Index, Op, Table, View, names_column,
};
use crate::syntax::text::all_names;
use crate::{Type, Value};

/// A thing that revisions of two branches both touch.
#[derive(Clone, Debug)]
pub struct Conflict<'h> {
    /// What it is: ``column `name` of `users` ``.
    pub object: String,
    /// The first revision of the one branch that touches it.
    pub one: &'h Revision,
    /// The first revision of the other branch that touches it.
    pub other: &'h Revision,
}

/// ``column `name` of `users`: `4f1c2a9b7d03` (split names) and `9a0b1c2d3e4f` (longer names)``
impl fmt::Display for Conflict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Conflict { object, one, other } = self;
        write!(f, "{object}: `{}` ({}) and `{}` ({})", one.id, one.message, other.id, other.message)
    }
}

/// Something that a step stands on or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Object<'a> {
    Table(&'a str),
    Column(&'a str, &'a str),
    /// Those columns of a table that this text names.
    Text(&'a str, &'a str),
    Rows(&'a str),
    /// A constraint or index.
    Rule(&'a str),
    PrimaryKey(&'a str),
    Enum(&'a str),
    /// Those of an enum that only the column's type tells.
    Variants,
    View(&'a str),
    Schema(&'a str),
    Comment(&'a Commented),
}

/// What a step does with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Touch {
    Uses,
    Changes,
}

type Touched<'a> = Vec<(Object<'a>, Touch)>;

impl History {
    /// What the revisions that only `one` needs and those that only `other` needs both touch, where at least one of them
    /// changes it: tables, columns, rules, indexes, enums, views, and rows by statements. Both are ids.
    ///
    /// Where there is nothing, the branches give the same schema in either order. What functions of `-- run:` do to rows
    /// is not known here. An id that is not known needs nothing.
    pub fn conflicts(&self, one: &str, other: &str) -> Vec<Conflict<'_>> {
        let (ours, theirs) = self.apart(one, other);
        let names = Names::of(self.revisions());
        let (ours, theirs) = (all_touched(&ours, &names), all_touched(&theirs, &names));
        let mut found = BTreeMap::new();
        for (one, (ours, how)) in &ours {
            for (other, (theirs, why)) in &theirs {
                if let Some(object) = overlap((*ours, *how), (*theirs, *why)) {
                    found.entry(object).or_insert((*one, *other));
                }
            }
        }
        let conflict = |(object, (one, other)): (Object<'_>, _)| Conflict { object: object.to_string(), one, other };
        found.into_iter().map(conflict).collect()
    }
}

/// What both are about, where it matters which comes first.
fn overlap<'a>((one, how): (Object<'a>, Touch), (other, why): (Object<'a>, Touch)) -> Option<Object<'a>> {
    if how == Touch::Uses && why == Touch::Uses {
        return None;
    }
    // Tables, rules and views share their names.
    let name = |object| match object {
        Object::Table(name) | Object::Rule(name) | Object::View(name) => Some(name),
        _ => None,
    };
    if one == other || name(one).is_some_and(|one| name(other) == Some(one)) {
        return Some(if how == Touch::Changes { one } else { other });
    }
    let part = |whole, how, part| (how == Touch::Changes && stands_on(part, whole)).then_some(whole);
    part(one, how, other).or_else(|| part(other, why, one))
}

/// Whether a change of `object`, being more than `part`, is a change for it.
fn stands_on(part: Object<'_>, object: Object<'_>) -> bool {
    match (object, part) {
        (Object::Table(table), Object::Column(of, _) | Object::Text(of, _) | Object::Rows(of)) => table == of,
        (Object::Column(table, column), Object::Text(of, text)) => table == of && names_column(text, column),
        (Object::Enum(_), Object::Variants) => true,
        _ => false,
    }
}

/// The names of a whole history, for statements that do not say what they are about.
#[derive(Default)]
struct Names<'a> {
    /// Every name that a table or view has or had.
    tables: BTreeSet<&'a str>,
    /// Every name of the table that an index of this name is or was on.
    indexes: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Names<'a> {
    fn of(revisions: &'a [Revision]) -> Self {
        let mut names = Names::default();
        for op in revisions.iter().flat_map(|revision| &revision.up).filter_map(Step::op) {
            match op {
                Op::CreateTable(Table { name, .. }) | Op::CreateView { view: View { name, .. }, .. } => {
                    names.tables.insert(name);
                }
                Op::RenameTable { table, to } => {
                    names.tables.insert(to);
                    for tables in names.indexes.values_mut().filter(|tables| tables.contains(table.as_str())) {
                        tables.insert(to);
                    }
                }
                Op::CreateIndex { table, index, .. } => {
                    names.indexes.entry(&index.name).or_default().insert(table);
                }
                Op::RenameIndex { name, to } => {
                    let tables = names.indexes.get(name.as_str()).cloned().unwrap_or_default();
                    names.indexes.entry(to).or_default().extend(tables);
                }
                _ => {}
            }
        }
        names
    }

    /// The tables and views that `text` names.
    fn in_text(&self, text: &str) -> BTreeSet<&'a str> {
        let of = |name: String| {
            self.tables.get(name.as_str()).or_else(|| self.tables.get(name.to_lowercase().as_str())).copied()
        };
        all_names(text).into_iter().filter_map(of).collect()
    }
}

fn all_touched<'a>(revisions: &[&'a Revision], names: &Names<'a>) -> Vec<(&'a Revision, (Object<'a>, Touch))> {
    let steps = revisions.iter().flat_map(|revision| revision.up.iter().map(move |step| (*revision, step)));
    steps.flat_map(|(revision, step)| touched(step, names).into_iter().map(move |touch| (revision, touch))).collect()
}

fn touched<'a>(step: &'a Step, names: &Names<'a>) -> Touched<'a> {
    let mut all = Vec::new();
    match &step.work {
        Work::Change(op) => by_op(op, names, &mut all),
        Work::Data(text) | Work::Raw(text) => {
            for table in names.in_text(text) {
                all.extend([(Object::Rows(table), Touch::Changes), (Object::Text(table, text), Touch::Uses)]);
            }
        }
        Work::Run { .. } => {}
    }
    all
}

fn by_op<'a>(op: &'a Op, names: &Names<'a>, all: &mut Touched<'a>) {
    use Object::{Column, Comment, Enum, Rule, Schema, Table};
    let whole = matches!(op, Op::CreateTable(_) | Op::DropTable { .. } | Op::RenameTable { .. });
    all.extend(op.table().map(|table| (Table(table), if whole { Touch::Changes } else { Touch::Uses })));
    if let Op::DropIndex { name, .. } | Op::RenameIndex { name, .. } | Op::Comment { on: Commented::Index(name), .. } =
        op
    {
        let tables = names.indexes.get(name.as_str()).into_iter().flatten();
        all.extend(tables.map(|table| (Table(table), Touch::Uses)));
    }
    match op {
        Op::CreateTable(table) => by_table(table, all),
        Op::DropTable { .. } => {}
        Op::RenameTable { to, .. } => {
            all.push((Table(to), Touch::Changes));
            in_schema(to, all);
        }
        Op::AddColumn { table, column } => {
            all.push((Column(table, &column.name), Touch::Changes));
            by_column(table, column, all);
        }
        Op::DropColumn { table, column } => all.push((Column(table, column), Touch::Changes)),
        Op::RenameColumn { table, column, to } => {
            all.extend([column, to].map(|name| (Column(table, name), Touch::Changes)));
        }
        Op::AlterColumn { table, column, change } => {
            all.push((Column(table, column), Touch::Changes));
            by_change(table, change, all);
        }
        Op::AddConstraint { table, constraint, .. } => by_constraint(table, constraint, all),
        Op::DropConstraint { name, .. } | Op::DropIndex { name, .. } => all.push((Rule(name), Touch::Changes)),
        Op::ValidateConstraint { name, .. } => all.push((Rule(name), Touch::Uses)),
        Op::RenameConstraint { name, to, .. } | Op::RenameIndex { name, to } => {
            all.extend([name, to].map(|name| (Rule(name), Touch::Changes)));
        }
        Op::CreateIndex { table, index, .. } => by_index(table, index, all),
        Op::CreateEnum { name, .. }
        | Op::DropEnum { name }
        | Op::AddValue { name, .. }
        | Op::RenameValue { name, .. } => all.push((Enum(name), Touch::Changes)),
        Op::RenameEnum { name, to } => all.extend([name, to].map(|name| (Enum(name), Touch::Changes))),
        Op::CreateView { view, .. } => {
            all.push((Object::View(&view.name), Touch::Changes));
            in_schema(&view.name, all);
            for table in names.in_text(&view.query) {
                all.extend([Table(table), Object::Text(table, &view.query)].map(|object| (object, Touch::Uses)));
            }
        }
        Op::DropView { view } => all.push((Object::View(view), Touch::Changes)),
        Op::CreateSchema { name } | Op::DropSchema { name } => all.push((Schema(name), Touch::Changes)),
        Op::Comment { on, .. } => {
            all.push((Comment(on), Touch::Changes));
            let on = match on {
                Commented::Table(table) => Table(table),
                Commented::Column(table, column) => Column(table, column),
                Commented::Index(name) | Commented::Constraint(_, name) => Rule(name),
                Commented::Enum(name) => Enum(name),
                Commented::View(name) => Object::View(name),
                Commented::Schema(name) => Schema(name),
            };
            all.push((on, Touch::Uses));
        }
    }
}

fn by_table<'a>(table: &'a Table, all: &mut Touched<'a>) {
    in_schema(&table.name, all);
    table.columns.iter().for_each(|column| by_column(&table.name, column, all));
    table.foreign_keys.iter().for_each(|key| by_foreign_key(key, all));
    let keys = table.primary_key.iter().map(|rule| &rule.name);
    let rules = keys
        .chain(table.uniques.iter().map(|rule| &rule.name))
        .chain(table.foreign_keys.iter().map(|rule| &rule.name))
        .chain(table.checks.iter().map(|rule| &rule.name))
        .chain(table.exclusions.iter().map(|rule| &rule.name));
    all.extend(rules.map(|name| (Object::Rule(name), Touch::Changes)));
}

fn by_column<'a>(table: &'a str, column: &'a Column, all: &mut Touched<'a>) {
    if let Type::Enum(name) = &column.ty {
        all.push((Object::Enum(name), Touch::Uses));
    }
    all.extend(column.generated.iter().map(|made| (Object::Text(table, &made.expression), Touch::Uses)));
}

fn by_change<'a>(table: &'a str, change: &'a ColumnChange, all: &mut Touched<'a>) {
    match change {
        ColumnChange::Type { ty, using, .. } => {
            all.push((Object::Variants, Touch::Uses));
            if let Type::Enum(name) = ty {
                all.push((Object::Enum(name), Touch::Uses));
            }
            all.extend(using.iter().map(|text| (Object::Text(table, text), Touch::Uses)));
        }
        ColumnChange::Expression(Some(text)) => all.push((Object::Text(table, text), Touch::Uses)),
        ColumnChange::Default(Some(Default::Value(Value::Text(_)))) => all.push((Object::Variants, Touch::Uses)),
        ColumnChange::Nullable(_)
        | ColumnChange::Default(_)
        | ColumnChange::Identity(_)
        | ColumnChange::Expression(None) => {}
    }
}

fn by_constraint<'a>(table: &'a str, constraint: &'a Constraint, all: &mut Touched<'a>) {
    all.push((Object::Rule(constraint.name()), Touch::Changes));
    all.extend(constraint.columns().iter().map(|column| (Object::Column(table, column), Touch::Uses)));
    match constraint {
        Constraint::PrimaryKey(key) => {
            all.push((Object::PrimaryKey(table), Touch::Changes));
            all.extend(key.include.iter().map(|column| (Object::Column(table, column), Touch::Uses)));
        }
        Constraint::Unique(unique) => {
            all.extend(unique.include.iter().map(|column| (Object::Column(table, column), Touch::Uses)));
        }
        Constraint::ForeignKey(key) => by_foreign_key(key, all),
        Constraint::Check(check) => all.push((Object::Text(table, &check.expression), Touch::Uses)),
        Constraint::Exclusion(rule) => {
            let texts = [&rule.elements].into_iter().chain(&rule.filter);
            all.extend(texts.map(|text| (Object::Text(table, text), Touch::Uses)));
        }
    }
}

fn by_foreign_key<'a>(key: &'a ForeignKey, all: &mut Touched<'a>) {
    all.push((Object::Table(&key.table), Touch::Uses));
    all.extend(key.references.iter().map(|column| (Object::Column(&key.table, column), Touch::Uses)));
}

fn by_index<'a>(table: &'a str, index: &'a Index, all: &mut Touched<'a>) {
    all.push((Object::Rule(&index.name), Touch::Changes));
    let columns = index.columns().chain(index.include.iter().map(String::as_str));
    all.extend(columns.map(|column| (Object::Column(table, column), Touch::Uses)));
    all.extend(index.texts().map(|text| (Object::Text(table, text), Touch::Uses)));
}

/// What `schema.name` stands in.
fn in_schema<'a>(name: &'a str, all: &mut Touched<'a>) {
    all.extend(name.split_once('.').map(|(schema, _)| (Object::Schema(schema), Touch::Uses)));
}

impl fmt::Display for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Object::Table(table) => write!(f, "table `{table}`"),
            Object::Column(table, column) => write!(f, "column `{column}` of `{table}`"),
            Object::Text(table, _) => write!(f, "columns of `{table}`"),
            Object::Rows(table) => write!(f, "rows of `{table}`"),
            Object::Rule(name) => write!(f, "constraint or index `{name}`"),
            Object::PrimaryKey(table) => write!(f, "primary key of `{table}`"),
            Object::Enum(name) => write!(f, "enum `{name}`"),
            Object::Variants => f.write_str("variants of enums"),
            Object::View(name) => write!(f, "view `{name}`"),
            Object::Schema(name) => write!(f, "schema `{name}`"),
            Object::Comment(on) => {
                f.write_str("comment on ")?;
                match on {
                    Commented::Table(name) => write!(f, "table `{name}`"),
                    Commented::Column(table, column) => write!(f, "column `{column}` of `{table}`"),
                    Commented::Index(name) => write!(f, "index `{name}`"),
                    Commented::Constraint(table, name) => write!(f, "constraint `{name}` of `{table}`"),
                    Commented::Enum(name) => write!(f, "enum `{name}`"),
                    Commented::View(name) => write!(f, "view `{name}`"),
                    Commented::Schema(name) => write!(f, "schema `{name}`"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::dialect::SQLITE;
    use crate::migrate::Fold;
    use crate::value::random::Random;

    fn revision(id: &str, parents: &[&str], works: Vec<Work>) -> Revision {
        Revision {
            id: id.into(),
            parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
            message: format!("the {id} one"),
            up: works.into_iter().map(Step::new).collect(),
            ..Revision::default()
        }
    }

    fn change(op: Op) -> Work {
        Work::Change(Box::new(op))
    }

    fn users() -> Work {
        let columns = ["id", "name", "email"].map(|name| Column::new(name, Type::Text)).to_vec();
        change(Op::CreateTable(Table { name: "users".into(), columns, ..Table::default() }))
    }

    /// What the works of two branches behind `users` both touch.
    fn check(one: Vec<Work>, other: Vec<Work>) -> String {
        let branches = [revision("one", &["first"], one), revision("two", &["first"], other)];
        let revisions = [revision("first", &[], vec![users()])].into_iter().chain(branches);
        let history = History::new(revisions.collect()).unwrap();
        history.conflicts("one", "two").iter().map(|conflict| format!("{conflict}\n")).collect()
    }

    #[test]
    fn what_both_touch_is_named() {
        let add = |name: &str| change(Op::AddColumn { table: "users".into(), column: Column::new(name, Type::Text) });
        let rename =
            |to: &str| change(Op::RenameColumn { table: "users".into(), column: "name".into(), to: to.into() });
        let drop = || change(Op::DropTable { table: "users".into() });
        let index = || {
            let keys = vec![crate::schema::Key::column("name")];
            let index = Index { name: "ix".into(), keys, ..Index::default() };
            change(Op::CreateIndex { table: "users".into(), index, concurrently: false })
        };
        let update = || Work::Data("UPDATE users SET email = lower(name)".into());
        assert_eq!(check(vec![add("a")], vec![add("b"), index()]), "");
        assert_eq!(check(vec![Work::Data("DELETE FROM posts WHERE name = 'users'".into())], vec![add("posts")]), "");
        let found = [
            check(vec![add("a")], vec![add("b"), add("a")]),
            check(vec![rename("full")], vec![index(), update()]),
            check(vec![drop()], vec![update(), add("a")]),
            check(vec![update()], vec![update()]),
            check(vec![index()], vec![change(Op::RenameTable { table: "users".into(), to: "ix".into() })]),
        ];
        expect![[r#"
            column `a` of `users`: `one` (the one one) and `two` (the two one)

            column `name` of `users`: `one` (the one one) and `two` (the two one)

            table `users`: `one` (the one one) and `two` (the two one)

            rows of `users`: `one` (the one one) and `two` (the two one)

            table `users`: `one` (the one one) and `two` (the two one)
            constraint or index `ix`: `one` (the one one) and `two` (the two one)
        "#]]
        .assert_eq(&found.join("\n"));
    }

    #[test]
    fn branches_without_a_conflict_make_one_schema_in_either_order() {
        let (mut free, mut bound) = (0, 0);
        for seed in 0..Random::cases(3_000) {
            let of = &mut Random::new(u64::try_from(seed).unwrap());
            let base = revision("a1", &[], of.schema().create_ops().into_iter().map(change).collect());
            let mut branch = |id: &str| {
                let mut fold = Fold::new(&SQLITE);
                if fold.apply(&base).is_err() {
                    return None; // Two of its names are alike by chance.
                }
                let mut works = Vec::new();
                for _ in 0..of.between(1, 4) {
                    let op = of.op(fold.schema());
                    let step = Step::new(change(op));
                    if fold.step(&base, &step).is_ok() {
                        works.push(step.work);
                    }
                }
                Some(revision(id, &["a1"], works))
            };
            let Some((one, two)) = branch("b1").zip(branch("c1")) else { continue };
            let folded = |order: [&Revision; 2]| {
                let mut fold = Fold::new(&SQLITE);
                fold.apply(&base).unwrap();
                order.into_iter().try_for_each(|revision| fold.apply(revision)).map(|()| fold.into_schema())
            };
            let both = (folded([&one, &two]), folded([&two, &one]));
            let history = History::new(vec![base.clone(), one.clone(), two.clone()]).unwrap();
            let conflicts = history.conflicts("b1", "c1");
            if conflicts.is_empty() {
                free += 1;
                let told = [&one, &two].map(|one| one.ops(&SQLITE).map(Op::print).collect::<Vec<_>>().join("\n"));
                assert!(both.0.is_ok() && both.0 == both.1, "seed {seed}: {}", told.join("\n--\n"));
            } else {
                bound += 1;
            }
        }
        assert!(free > 500 && bound > 50, "{free} free, {bound} bound");
    }
}
