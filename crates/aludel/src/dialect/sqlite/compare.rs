//! Stored texts compared by what they say.

use std::collections::{BTreeMap, BTreeSet};

use super::stored::{Clause, Definition, IndexText, What, plain};
use crate::dialect::{Discrepancy, Inventory, Kind, Object};

/// What is said of one table, view or trigger: by what each thing is, how it is told, and what it says.
type Facts = BTreeMap<String, String>;

/// Everything in which `stored` and `expected` differ.
pub(super) fn compare(stored: &Inventory, expected: &Inventory) -> Vec<Discrepancy> {
    // Most texts are the same, and the same text says the same.
    let key =
        |object: &Object| (object.name.to_ascii_lowercase(), object.table.to_ascii_lowercase(), object.sql.clone());
    let known: BTreeSet<_> = expected.objects.iter().map(key).collect();
    let same: BTreeSet<_> = stored.objects.iter().map(key).filter(|key| known.contains(key)).collect();
    let says = |object: &Object| !same.contains(&key(object));
    let (found, expected) = (all(stored, says), all(expected, says));
    let mut names: Vec<&(u8, String)> = expected.keys().chain(found.keys()).collect();
    names.sort();
    names.dedup();
    let mut differences = Vec::new();
    for name in names {
        let (place, of) = name;
        let whole = format!("{} `{of}`", ["table", "view", "trigger"][usize::from(*place)]);
        let differ = |object: String, expected: Option<&String>, found: Option<&String>| Discrepancy {
            object,
            of: of.clone(),
            expected: expected.cloned(),
            found: found.cloned(),
        };
        match (expected.get(name), found.get(name)) {
            (Some(expected), Some(found)) => {
                let mut keys: Vec<_> = expected.keys().chain(found.keys()).collect();
                keys.sort();
                keys.dedup();
                for key in keys.into_iter().filter(|key| expected.get(*key) != found.get(*key)) {
                    let object = if key.is_empty() { whole.clone() } else { format!("{key} of {whole}") };
                    differences.push(differ(object, expected.get(key), found.get(key)));
                }
            }
            (expected, found) => {
                let text = |facts: &Facts| facts.values().cloned().collect::<Vec<_>>().join("; ");
                let (expected, found) = (expected.map(text), found.map(text));
                differences.push(differ(whole.clone(), expected.as_ref(), found.as_ref()));
            }
        }
    }
    differences
}

/// The facts of all objects; none for those whose text need not be read.
fn all(inventory: &Inventory, read: impl Fn(&Object) -> bool) -> BTreeMap<(u8, String), Facts> {
    let mut all: BTreeMap<(u8, String), Facts> = BTreeMap::new();
    let ours = |object: &&Object| !object.temporary && !object.name.to_ascii_lowercase().starts_with("sqlite_");
    for object in inventory.objects.iter().filter(ours) {
        let Some(sql) = &object.sql else { continue };
        let name = object.name.to_ascii_lowercase();
        let place = match object.kind {
            Kind::Table => (0, name),
            Kind::Index => (0, object.table.to_ascii_lowercase()),
            Kind::View => (1, name),
            Kind::Trigger => (2, name),
        };
        let facts = || match object.kind {
            _ if !read(object) => Facts::new(),
            Kind::Table => table(sql),
            Kind::Index => Facts::from([(format!("index `{}`", object.name.to_ascii_lowercase()), index(sql))]),
            Kind::View | Kind::Trigger => Facts::from([(String::new(), plain(sql))]),
        };
        all.entry(place).or_default().extend(facts());
    }
    all
}

fn index(sql: &str) -> String {
    IndexText::read(sql).map_or_else(|_| plain(sql), |text| plain(&text.on("on_it")))
}

fn table(sql: &str) -> Facts {
    let bare = Definition::read(sql).and_then(|text| text.named("it"));
    // A text that cannot be read says what it says as a whole.
    let Ok(text) = bare else { return Facts::from([(String::new(), plain(sql))]) };
    let mut facts = Facts::new();
    for column in &text.columns {
        let mut words = vec![plain(column.ty(&text))];
        words.extend(column.clauses.iter().filter(|clause| !is_rule(clause)).map(|clause| attribute(&text, clause)));
        words.sort_by_key(|word| word.starts_with("default") || word.starts_with("as"));
        facts.insert(format!("column `{}`", column.name.text.to_ascii_lowercase()), words.join(" "));
    }
    for (_, rule) in text.all_rules().filter(|(_, rule)| is_rule(rule)) {
        let meaning = text.meaning(rule);
        let key = match &rule.name {
            Some(name) => format!("rule `{}`", name.text.to_ascii_lowercase()),
            None => format!("rule `{meaning}`"),
        };
        facts.insert(key, meaning);
    }
    for (option, is) in [("STRICT", text.strict), ("WITHOUT ROWID", text.without_rowid)] {
        if is {
            facts.insert(option.to_owned(), option.to_owned());
        }
    }
    facts
}

fn is_rule(clause: &Clause) -> bool {
    !matches!(
        clause.what,
        What::NotNull | What::Null | What::Default | What::Collate | What::Generated { .. } | What::Loose
    )
}

/// An attribute of a column in the shortest of its spellings.
fn attribute(table: &Definition, clause: &Clause) -> String {
    let text = table.meaning(clause);
    match &clause.what {
        What::Generated { .. } => {
            let text = text.strip_prefix("generated always ").unwrap_or(&text);
            text.strip_suffix(" virtual").unwrap_or(text).to_owned()
        }
        What::Default => {
            let value = text.strip_prefix("default ").unwrap_or(&text);
            let inner = value.strip_prefix("( ").and_then(|value| value.strip_suffix(" )"));
            let inner = inner.filter(|inner| !inner.contains(['(', ')']));
            format!("default {}", inner.unwrap_or(value))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::Type;
    use crate::dialect::{Inventory, SQLITE};
    use crate::schema::{
        Check, Column, Default, ForeignKey, Generated, Index, Key, Op, PrimaryKey, Schema, Table, Unique,
    };

    fn schema() -> Schema {
        let made = Some(Generated { expression: "a + 1".into(), stored: false });
        let columns = vec![
            Column { nullable: false, ..Column::new("id", Type::BigInt) },
            Column { default: Some(Default::Value(crate::Value::Int(1))), ..Column::new("a", Type::Integer) },
            Column { generated: made, ..Column::new("b", Type::Integer) },
            Column::new("state", Type::Enum("state".into())),
        ];
        let table = Table {
            name: "t".into(),
            columns,
            primary_key: Some(PrimaryKey { name: "pk_t".into(), columns: vec!["id".into()], ..PrimaryKey::default() }),
            uniques: vec![Unique { name: "uq_t_a".into(), columns: vec!["a".into()], ..Unique::default() }],
            checks: vec![Check { name: "ck_t_a".into(), expression: "a > 0".into(), ..Check::default() }],
            foreign_keys: vec![ForeignKey {
                name: "fk_t_a_t".into(),
                columns: vec!["a".into()],
                table: "t".into(),
                references: vec!["id".into()],
                ..ForeignKey::default()
            }],
            ..Table::default()
        };
        let index = Index { name: "ix".into(), keys: vec![Key::column("a")], ..Index::default() };
        let mut schema = Schema::default();
        for op in [
            Op::CreateEnum { name: "state".into(), variants: vec!["on".into(), "off".into()] },
            Op::CreateTable(table),
            Op::CreateIndex { table: "t".into(), index, concurrently: false },
        ] {
            op.apply(&mut schema).unwrap();
        }
        schema
    }

    fn told(texts: &[(&str, &str, &str)]) -> String {
        let text = |text: &str| Some(text.to_owned());
        let rows = texts.iter().map(|(kind, name, sql)| [text(kind), text(name), text("t"), text(sql)]);
        let found = SQLITE.compare(&Inventory::read(rows), &schema());
        found.iter().map(|of| format!("{}{of}\n", if of.is_extra() { "extra: " } else { "" })).collect()
    }

    #[test]
    fn neither_order_nor_quotes_nor_places_count() {
        let same = "CREATE TABLE \"T\" (b INTEGER AS (a+1), /* x */ `id` bigint not null CONSTRAINT pk_t PRIMARY KEY,
            [state] TEXT CONSTRAINT ck_t_state_values CHECK (\"state\" in ('on','off')),
            a integer DEFAULT (1) CONSTRAINT fk_t_a_t REFERENCES t(id), CONSTRAINT ck_t_a CHECK (t.a > 0) -- so
            , constraint \"uq_t_a\" unique (a))";
        expect![""].assert_eq(&told(&[("table", "t", same), ("index", "ix", "CREATE INDEX \"ix\" ON \"t\"(\"a\")")]));
    }

    #[test]
    fn what_differs_is_told_piece_by_piece() {
        let other = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, a TEXT NOT NULL DEFAULT 2 COLLATE nocase, b INTEGER, \
            CONSTRAINT ck_t_a CHECK (a > 1), CONSTRAINT ck_t_state_values CHECK (state IN ('on')), hidden) STRICT";
        let other = other.replace(", hidden)", ")").replace("b INTEGER,", "b INTEGER, hidden,");
        expect![[r#"
            extra: table `more` is in the database, and no revision makes it
            extra: STRICT of table `t` is in the database, and no revision makes it
            column `a` of table `t` is `text not null collate nocase default 2` in the database, and the history has `integer default 1`
            column `b` of table `t` is `integer` in the database, and the history has `integer as ( a + 1 )`
            extra: column `hidden` of table `t` is in the database, and no revision makes it
            column `state` of table `t` is missing in the database
            extra: index `by_hand` of table `t` is in the database, and no revision makes it
            index `ix` of table `t` is `create unique index ix on on_it ( a desc )` in the database, and the history has `create index ix on on_it ( a )`
            rule `ck_t_a` of table `t` is `check ( a > 1 )` in the database, and the history has `check ( a > 0 )`
            rule `ck_t_state_values` of table `t` is `check ( state in ( 'on' ) )` in the database, and the history has `check ( state in ( 'on' , 'off' ) )`
            rule `fk_t_a_t` of table `t` is missing in the database
            rule `pk_t` of table `t` is missing in the database
            extra: rule `primary key ( id )` of table `t` is in the database, and no revision makes it
            rule `uq_t_a` of table `t` is missing in the database
            extra: view `v` is in the database, and no revision makes it
            extra: trigger `r` is in the database, and no revision makes it
        "#]].assert_eq(&told(&[
            ("table", "t", &other),
            ("table", "more", "CREATE TABLE more (a)"),
            ("table", "sqlite_sequence", "CREATE TABLE sqlite_sequence (name, seq)"),
            ("index", "ix", "CREATE UNIQUE INDEX ix ON t (a DESC)"),
            ("index", "by_hand", "CREATE INDEX by_hand ON t (b)"),
            ("view", "v", "CREATE VIEW v AS SELECT 1"),
            ("trigger", "r", "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END"),
        ]));
        expect![[r#"
            table `t` is missing in the database
        "#]]
        .assert_eq(&told(&[]));
    }
}
