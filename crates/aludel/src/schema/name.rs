//! Conventional names of constraints and indexes.

use super::{Table, fnv};

/// The longest name that every engine takes, in bytes.
pub(crate) const MAX: usize = 63;

/// `pk_users`
pub(crate) fn primary_key(table: &str) -> String {
    fit(format!("pk_{table}"))
}

/// `uq_users_email`
pub(crate) fn unique(table: &str, columns: &[String]) -> String {
    fit(format!("uq_{table}_{}", columns.join("_")))
}

/// `ix_posts_author_id`
pub(crate) fn index(table: &str, keys: &[&str]) -> String {
    fit(format!("ix_{table}_{}", keys.join("_")))
}

/// `fk_posts_author_id_users`
pub(crate) fn foreign_key(table: &str, columns: &[String], target: &str) -> String {
    fit(format!("fk_{table}_{}_{target}", columns.join("_")))
}

/// `ck_users_points`, or `ck_users_1` for the first rule over the whole row.
pub(crate) fn check(table: &str, of: &str) -> String {
    fit(format!("ck_{table}_{of}"))
}

/// `ck_posts_state_values`: the rule that stands for an enum where an engine has none.
pub(crate) fn enum_check(table: &str, column: &str) -> String {
    check(table, &format!("{column}_values"))
}

/// `name` as it is where it fits, else its head and a hash of the whole.
fn fit(name: String) -> String {
    if name.len() <= MAX { name } else { hashed(&name, &name) }
}

/// `name`, cut where needed, with a hash of `whole` behind it.
pub(crate) fn hashed(name: &str, whole: &str) -> String {
    let hash = fnv(whole.as_bytes());
    let mut end = name.len().min(MAX - 9);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{:08x}", name[..end].trim_end_matches('_'), hash & 0xffff_ffff)
}

/// All names of constraints and indexes of a table, in order.
pub(crate) fn names(table: &Table) -> Vec<String> {
    let indexes = table.indexes.iter().map(|index| index.name.clone());
    table.constraints().map(|constraint| constraint.name().to_owned()).chain(indexes).collect()
}

/// What is wrong with a name, as the end of a sentence.
pub(crate) fn fault(name: &str) -> Option<String> {
    if name.trim().is_empty() {
        Some("is empty".into())
    } else if name.len() > MAX {
        Some(format!("has {} bytes, and every engine takes {MAX}", name.len()))
    } else if name.trim() != name {
        Some("begins or ends with a blank".into())
    } else {
        let bad = name.chars().find(|c| matches!(c, '"' | '\'' | '`' | '\\') || c.is_control())?;
        Some(format!("holds {bad:?}"))
    }
}

/// The one of `known` that `name` was probably meant to be, whatever the case of its letters.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    // Of two that are as near, slips keep the first letter: DSC is DESC and not ASC.
    let rank = |other: &'a str| {
        let lower = other.to_lowercase();
        (distance(&folded, &lower), folded.chars().next() != lower.chars().next(), other)
    };
    let near = known.map(rank).min()?;
    let long = name.chars().count();
    // Names of one letter have nothing in common that could have been meant.
    (near.0 <= 1 + long / 4 && near.0 < long.max(near.2.chars().count())).then_some(near.2)
}

/// How many characters must be put in, taken out, exchanged or swapped with their neighbour to make `one` the `other`.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: [Vec<usize>; 3] = [vec![], vec![], (0..=other.len()).collect()];
    for at in 0..one.len() {
        rows.rotate_left(1);
        rows[2] = vec![at + 1];
        for to in 0..other.len() {
            let exchanged = rows[1][to] + usize::from(one[at] != other[to]);
            let mut least = exchanged.min(rows[2][to] + 1).min(rows[1][to + 1] + 1);
            if at > 0 && to > 0 && one[at] == other[to - 1] && one[at - 1] == other[to] {
                least = least.min(rows[0][to - 1] + 1);
            }
            rows[2].push(least);
        }
    }
    rows[2][other.len()]
}
