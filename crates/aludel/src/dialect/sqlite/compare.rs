//! Stored texts compared by what they say.

use std::collections::BTreeMap;

use super::stored::{Clause, Definition, IndexText, What, plain};
use crate::dialect::{Discrepancy, Inventory, Kind, Object};

/// What is said of one table, view or trigger: by what each thing is, how it is told, and what it says.
type Facts = BTreeMap<String, String>;

/// Everything in which `stored` and `expected` differ.
pub(super) fn compare(stored: &Inventory, expected: &Inventory) -> Vec<Discrepancy> {
    let (found, expected) = (all(stored), all(expected));
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

fn all(inventory: &Inventory) -> BTreeMap<(u8, String), Facts> {
    let mut all: BTreeMap<(u8, String), Facts> = BTreeMap::new();
    let ours = |object: &&Object| !object.temporary && !object.name.to_ascii_lowercase().starts_with("sqlite_");
    for object in inventory.objects.iter().filter(ours) {
        let Some(sql) = &object.sql else { continue };
        let name = object.name.to_ascii_lowercase();
        let (place, facts) = match object.kind {
            Kind::Table => ((0, name), table(sql)),
            Kind::Index => {
                let table = object.table.to_ascii_lowercase();
                ((0, table), Facts::from([(format!("index `{name}`"), index(sql))]))
            }
            Kind::View => ((1, name), Facts::from([(String::new(), plain(sql))])),
            Kind::Trigger => ((2, name), Facts::from([(String::new(), plain(sql))])),
        };
        all.entry(place).or_default().extend(facts);
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
