//! Of a schema only what a revision can reach, so that trying it out costs no more in a large schema than in a small one.

use std::collections::BTreeSet;

use super::{Revision, Step, Work};
use crate::Type;
use crate::schema::{Commented, Schema, Table};
use crate::syntax::text::all_names;

/// The tables and views of `schema` that `revision` can have to do with on its way up or down.
///
/// These are, whole: every table it names, or of which it names a rule, an index or an enum; the tables that point at one
/// of those; and the views that read one. What these point at or read is there too, but for its own foreign keys: it is
/// only pointed at. Words decide, so a table may be taken for a column of the same name; none is missed that way.
pub(super) fn excerpt(schema: &Schema, revision: &Revision) -> Schema {
    let named: BTreeSet<String> = steps(revision).flat_map(words).collect();
    let touched: BTreeSet<&str> =
        schema.tables.values().filter(|table| is_touched(table, &named)).map(|table| table.name.as_str()).collect();
    let points = |table: &Table| table.foreign_keys.iter().any(|key| touched.contains(key.table.as_str()));
    let near: BTreeSet<&str> = schema
        .tables
        .values()
        .filter(|table| touched.contains(table.name.as_str()) || points(table))
        .map(|table| table.name.as_str())
        .collect();
    let (views, read) = views(schema, &named, &touched);
    let mut far: BTreeSet<&str> =
        near.iter().flat_map(|name| &schema.tables[*name].foreign_keys).map(|key| key.table.as_str()).collect();
    far.extend(schema.tables.keys().map(String::as_str).filter(|name| read.contains(&last(name))));

    let kept = schema.tables.iter().filter(|(name, _)| near.contains(name.as_str()) || far.contains(name.as_str()));
    let kept = kept.map(|(name, table)| {
        let mut table = table.clone();
        if !near.contains(name.as_str()) {
            table.foreign_keys.clear();
        }
        (name.clone(), table)
    });
    let mut part = Schema::default();
    part.enums.clone_from(&schema.enums);
    part.schemas.clone_from(&schema.schemas);
    let mut part = part.with(kept.collect());
    part.views = schema
        .views
        .iter()
        .filter(|(name, _)| views.contains(name.as_str()))
        .map(|(name, view)| (name.clone(), view.clone()))
        .collect();
    let is_kept = |on: &Commented| match on {
        Commented::Table(table) | Commented::Column(table, _) => part.tables.contains_key(table),
        Commented::Constraint(table, name) => {
            part.tables.get(table).is_some_and(|table| table.constraints().any(|rule| rule.name() == name))
        }
        Commented::Index(name) => part.index_table(name).is_some(),
        Commented::View(name) => part.views.contains_key(name),
        Commented::Enum(_) | Commented::Schema(_) => true,
    };
    let comments =
        schema.comments.iter().filter(|(on, _)| is_kept(on)).map(|(on, text)| (on.clone(), text.clone())).collect();
    part.comments = comments;
    part
}

fn steps(revision: &Revision) -> impl Iterator<Item = &Step> {
    revision.up.iter().chain(revision.down.iter().flatten())
}

/// Every name in the texts of a step, in lower case.
fn words(step: &Step) -> Vec<String> {
    let mut words = match &step.work {
        Work::Change(op) => all_names(&op.print()),
        Work::Data(text) | Work::Raw(text) => all_names(text),
        Work::Run { .. } => Vec::new(),
    };
    words.extend(step.instead.iter().flat_map(|instead| all_names(&instead.text)));
    words.iter().map(|word| word.to_lowercase()).collect()
}

/// Whether one of `names` is the table's or that of a thing of it.
fn is_touched(table: &Table, names: &BTreeSet<String>) -> bool {
    let of_types = table.columns.iter().filter_map(|column| match &column.ty {
        Type::Enum(name) => Some(last(name)),
        _ => None,
    });
    let rules = table.constraints().map(|rule| rule.name().to_lowercase());
    let indexes = table.indexes.iter().map(|index| index.name.to_lowercase());
    names.contains(&last(&table.name)) || of_types.chain(rules).chain(indexes).any(|name| names.contains(&name))
}

/// The views that are named or read a table that is `touched`, those that read such a view or that it reads, and every
/// name in what they say.
fn views<'s>(
    schema: &'s Schema,
    named: &BTreeSet<String>,
    touched: &BTreeSet<&str>,
) -> (BTreeSet<&'s str>, BTreeSet<String>) {
    let all: Vec<(&str, BTreeSet<String>)> = schema
        .views
        .values()
        .map(|view| (view.name.as_str(), all_names(&view.query).iter().map(|name| name.to_lowercase()).collect()))
        .collect();
    let mut sources: BTreeSet<String> = touched.iter().map(|table| last(table)).collect();
    let (mut kept, mut read) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let reached = |(name, of): &&(&'s str, BTreeSet<String>)| {
            let own = last(name);
            !kept.contains(name) && (named.contains(&own) || read.contains(&own) || !of.is_disjoint(&sources))
        };
        let found: Vec<_> = all.iter().filter(reached).collect();
        if found.is_empty() {
            return (kept, read);
        }
        for (name, of) in found {
            kept.insert(*name);
            sources.insert(last(name));
            read.extend(of.iter().cloned());
        }
    }
}

/// A name without its schema, in lower case.
fn last(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::Fold;

    const HEAD: &str = "-- edition: 1\n-- revision: a1\n-- parents:\n-- message: x\n\n";

    /// A chain of tables, things of them, and one that has nothing to do with the others.
    const TABLES: &str = "
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE roots (id BIGINT CONSTRAINT pk_roots PRIMARY KEY);
        CREATE TABLE trunks (id BIGINT CONSTRAINT pk_trunks PRIMARY KEY, root_id BIGINT CONSTRAINT fk_trunk REFERENCES roots (id));
        CREATE TABLE twigs (id BIGINT CONSTRAINT pk_twigs PRIMARY KEY, trunk_id BIGINT CONSTRAINT fk_twig REFERENCES trunks (id));
        CREATE TABLE leaves (id BIGINT CONSTRAINT pk_leaves PRIMARY KEY, twig_id BIGINT CONSTRAINT fk_leaf REFERENCES twigs (id));
        CREATE TABLE alone (id BIGINT CONSTRAINT pk_alone PRIMARY KEY, mood mood);
        CREATE INDEX ix_leaves_twig ON leaves (twig_id);
        COMMENT ON INDEX ix_leaves_twig IS 'often';
        CREATE VIEW green AS SELECT id FROM leaves;
        CREATE VIEW greener AS SELECT green.id FROM green, alone;
        ";

    fn parsed(statements: &str) -> Revision {
        Revision::parse("a1.sql", &format!("{HEAD}{statements}")).unwrap()
    }

    fn schema() -> Schema {
        let mut fold = Fold::new(&crate::dialect::POSTGRES);
        fold.apply(&parsed(TABLES)).unwrap();
        fold.into_schema()
    }

    #[test]
    fn what_is_named_is_there_with_what_points_at_it_and_what_it_points_at() {
        for (statements, expected) in [
            ("ALTER TABLE twigs ADD COLUMN note TEXT;", "leaves* trunks twigs* |  #1"),
            ("ALTER TABLE roots ADD COLUMN note TEXT;", "roots trunks* | "),
            ("ALTER TABLE \"leaves\" ADD COLUMN note TEXT;", "alone leaves* twigs | green greener #1"),
            ("DROP INDEX ix_leaves_twig;", "alone leaves* twigs | green greener #1"),
            ("ALTER TYPE mood ADD VALUE 'fair';", "alone leaves | green greener #1"),
            ("ALTER TABLE trunks RENAME CONSTRAINT fk_trunk TO fk_t;", "roots trunks* twigs* | "),
            ("DROP VIEW greener;", "alone leaves | green greener #1"),
            ("UPDATE Trunks SET root_id = NULL;", "roots trunks* twigs* | "),
            (
                "CREATE TABLE other (id BIGINT);\n-- downgrade\nDROP TABLE other;\nDELETE FROM roots;",
                "roots trunks* | ",
            ),
            ("-- only: sqlite\nPRAGMA optimize;", " | "),
        ] {
            let part = excerpt(&schema(), &parsed(statements));
            let star = |table: &Table| if table.foreign_keys.is_empty() { "" } else { "*" };
            let tables: Vec<String> =
                part.tables.values().map(|table| format!("{}{}", table.name, star(table))).collect();
            let views: Vec<&str> = part.views.keys().map(String::as_str).collect();
            let comments = if part.comments.is_empty() { String::new() } else { format!(" #{}", part.comments.len()) };
            assert_eq!(format!("{} | {}{comments}", tables.join(" "), views.join(" ")), expected, "{statements}");
        }
    }
}
