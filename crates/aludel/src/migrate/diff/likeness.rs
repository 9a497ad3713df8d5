//! How alike two names are.

use std::collections::BTreeSet;

/// How alike two names are, from 0 to 1: the best of their letters, their words, and the one being short for the other.
pub(super) fn names(one: &str, other: &str) -> f64 {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    if one == other {
        return 1.0;
    }
    let words = words_alike(&words(&one), &words(&other));
    // The letters of any two names have something in common, so half of it counts for nothing.
    let letters = (jaro_winkler(&one, &other) - 0.5).max(0.0) * 2.0;
    letters.max(words).min(0.99)
}

/// The words of a name.
fn words(name: &str) -> Vec<&str> {
    name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

/// The share of words that have a partner on the other side. A word that is short for another is nearly it.
fn words_alike(one: &[&str], other: &[&str]) -> f64 {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut free: BTreeSet<usize> = (0..many.len()).collect();
    let mut sum = 0.0;
    for word in few {
        let best = free.iter().map(|at| (word_alike(word, many[*at]), *at)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((score, at)) = best.filter(|(score, _)| *score > 0.0) {
            free.remove(&at);
            sum += score;
        }
    }
    // What one side has on top counts half: `name` is much of `first_name`.
    let all = count(few.len()) + (count(many.len()) - count(few.len())) / 2.0;
    if all == 0.0 { 0.0 } else { sum / all }
}

fn word_alike(one: &str, other: &str) -> f64 {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short == long {
        1.0
    } else if stem(short) == stem(long) {
        0.97
    } else if short.chars().count() >= 2 && (long.starts_with(short) || (short.len() > 3 && long.ends_with(short))) {
        0.9
    } else if is_short_for(short, long) {
        0.8
    } else {
        // Only words that are nearly the same: a letter more or less.
        let letters = jaro_winkler(short, long);
        if letters > 0.9 { letters * 0.9 } else { 0.0 }
    }
}

/// A word without the end that makes it more than one.
fn stem(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(head) => format!("{head}y"),
        None => {
            word.strip_suffix("es").or_else(|| word.strip_suffix('s')).unwrap_or(word).trim_end_matches('e').to_owned()
        }
    }
}

/// Whether `short` begins as `long` does and all its letters come in `long` in that order: `qty` for `quantity`.
fn is_short_for(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().count() >= 2
        && short.chars().next() == long.chars().next()
        && short.chars().all(|letter| rest.any(|other| other == letter))
}

/// The similarity of Jaro, with a bonus for a common beginning of up to four letters.
fn jaro_winkler(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let jaro = jaro(&one, &other);
    let common = one.iter().zip(&other).take(4).take_while(|(a, b)| a == b).count();
    jaro + count(common) * 0.1 * (1.0 - jaro)
}

fn jaro(one: &[char], other: &[char]) -> f64 {
    let reach = (one.len().max(other.len()) / 2).saturating_sub(1);
    let mut used = vec![false; other.len()];
    let mut mine = Vec::new();
    for (at, letter) in one.iter().enumerate() {
        let near = at.saturating_sub(reach)..(at + reach + 1).min(other.len());
        if let Some(found) = near.into_iter().find(|to| !used[*to] && other[*to] == *letter) {
            used[found] = true;
            mine.push(*letter);
        }
    }
    if mine.is_empty() {
        return 0.0;
    }
    let theirs = other.iter().zip(&used).filter(|(_, used)| **used).map(|(letter, _)| letter);
    let moved = mine.iter().zip(theirs).filter(|(a, b)| a != b).count();
    let same = count(mine.len());
    (same / count(one.len()) + same / count(other.len()) + (same - count(moved) / 2.0) / same) / 3.0
}

/// A small number of things, to calculate with.
pub(super) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_one_thing_are_more_alike_than_others() {
        for (old, right, wrong) in [
            ("mail", "email", "name"),
            ("qty", "quantity", "quality_id"),
            ("desc", "description", "price"),
            ("author", "author_id", "published"),
            ("created", "created_at", "updated_at"),
            ("user_name", "username", "user_id"),
            ("fname", "first_name", "last_seen"),
            ("categories", "category", "tags"),
            ("a", "b", ""),
        ] {
            let (right_score, wrong_score) = (names(old, right), names(old, wrong));
            assert!(right_score >= wrong_score, "{old}: {right} {right_score}, {wrong} {wrong_score}");
        }
        assert!(names("Users", "users") > 0.99 && names("größe", "groesse") > 0.3);
        assert!(names("bio", "age") < 0.3 && names("", "") > 0.99);
    }
}
