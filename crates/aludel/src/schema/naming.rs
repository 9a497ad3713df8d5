//! Gives every rule and index of a new schema its name.

use std::collections::BTreeMap;

use super::name::{check, enum_check, foreign_key, hashed, index, primary_key, unique};
use super::{Index, KeyOf, Origin, Problem, Table};
use crate::Type;

/// Fills in the empty names of `tables`.
///
/// Names that models give come first; where conventional ones collide (`a_b` + `c`, `a` + `b_c`), all but the first in
/// order of table, kind and declaration get a hash of what they stand for. Two models that give one name are told.
pub(crate) fn name_all(tables: &mut BTreeMap<String, Table>) -> Vec<Problem> {
    let mut taken = Taken::default();
    for table in tables.values() {
        taken.names.insert(table.name.clone(), table.origin.clone());
    }
    for table in tables.values() {
        taken.given(table);
    }
    for table in tables.values_mut() {
        name_rules(table, &mut taken);
    }
    taken.problems
}

#[derive(Default)]
struct Taken {
    names: BTreeMap<String, Origin>,
    problems: Vec<Problem>,
}

impl Taken {
    /// Takes the names that the model of `table` gives.
    fn given(&mut self, table: &Table) {
        for name in super::name::names(table).into_iter().filter(|name| !name.is_empty()) {
            if let Some(first) = self.names.get(&name) {
                let what = format!(
                    "the name `{name}` of a rule or index is taken by {first}, and rules, indexes and tables share one space of names"
                );
                self.problems.push(Problem::new(&table.origin, what, "give one of them another name = \"..\""));
                continue;
            }
            self.names.insert(name, table.origin.clone());
        }
        for column in table.columns.iter().filter(|column| matches!(column.ty, Type::Enum(_))) {
            self.names.insert(enum_check(&table.name, &column.name), column.origin.clone());
        }
    }

    /// `name`, or a variation of it that tells `whole` from all others.
    fn take(&mut self, origin: &Origin, name: String, whole: &str) -> String {
        let name = if self.names.contains_key(&name) { hashed(&name, whole) } else { name };
        self.names.insert(name.clone(), origin.clone());
        name
    }
}

fn name_rules(table: &mut Table, taken: &mut Taken) {
    let (of, origin) = (table.name.clone(), table.origin.clone());
    let mut set = |name: &mut String, conventional: String, whole: String| {
        if name.is_empty() {
            *name = taken.take(&origin, conventional, &format!("{of}\0{whole}"));
        }
    };
    if let Some(key) = &mut table.primary_key {
        set(&mut key.name, primary_key(&of), "key".into());
    }
    for rule in &mut table.uniques {
        set(&mut rule.name, unique(&of, &rule.columns), format!("unique\0{}", rule.columns.join("\0")));
    }
    for key in &mut table.foreign_keys {
        let conventional = foreign_key(&of, &key.columns, &key.table);
        set(&mut key.name, conventional, format!("foreign\0{}\0{}", key.columns.join("\0"), key.table));
    }
    let mut number = 0;
    for rule in &mut table.checks {
        if rule.name.is_empty() {
            number += 1;
            set(&mut rule.name, check(&of, &number.to_string()), format!("check\0{}", rule.expression));
        }
    }
    for at in 0..table.indexes.len() {
        let keys = words(&table.indexes[at]);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let entry = &mut table.indexes[at];
        let conventional = if entry.unique {
            unique(&of, &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>())
        } else {
            index(&of, &keys)
        };
        let whole = format!("index\0{:?}\0{}\0{:?}", entry.keys, entry.unique, entry.filter);
        set(&mut entry.name, conventional, whole);
    }
}

/// The words that an index is named by: its columns, and the words of its expressions.
fn words(index: &Index) -> Vec<String> {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
    };
    let of = |key: &super::Key| match &key.of {
        KeyOf::Column(name) => name.clone(),
        KeyOf::Expression(text) => words(text),
    };
    index.keys.iter().map(of).collect()
}
