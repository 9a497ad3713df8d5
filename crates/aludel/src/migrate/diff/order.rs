//! Renames in an order in which no name is taken twice.

use std::collections::BTreeSet;

/// The renames that bring `pairs` (old, new) about, one after the other.
///
/// A rename waits until its new name has been given up. Where they go round in a circle, one steps aside under a name that
/// `taken` does not know; so does what is called by a new name now, as `held` says, and is to go.
pub(super) fn renames(
    pairs: Vec<(String, String)>,
    held: impl Fn(&str) -> bool,
    taken: impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    let mut left: Vec<(String, String)> = pairs.into_iter().filter(|(old, new)| old != new).collect();
    let stays = |name: &str| held(name) && left.iter().all(|(old, _)| old != name);
    let going: Vec<String> = left.iter().map(|(_, new)| new.clone()).filter(|new| stays(new)).collect();
    for name in going {
        let aside = fresh(&name, |name| taken(name) || left.iter().any(|(_, new)| new == name));
        left.insert(0, (name, aside));
    }
    let mut held: BTreeSet<String> = left.iter().map(|(old, _)| old.clone()).collect();
    let mut out = Vec::new();
    while !left.is_empty() {
        let mut waiting = Vec::new();
        let before = left.len();
        for (old, new) in left {
            if held.contains(&new) {
                waiting.push((old, new));
            } else {
                held.remove(&old);
                out.push((old, new));
            }
        }
        if waiting.len() == before {
            let (old, new) = waiting.remove(0);
            let known = |name: &str| taken(name) || held.contains(name) || waiting.iter().any(|(_, to)| to == name);
            let aside = fresh(&old, known);
            held.remove(&old);
            held.insert(aside.clone());
            out.push((old, aside.clone()));
            waiting.push((aside, new));
        }
        left = waiting;
    }
    out
}

/// A name like `name` that is not `taken`.
pub(super) fn fresh(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let place = name.rfind('.').map_or(0, |at| at + 1);
    // Short enough to stay within what every engine takes.
    let head: String = name[..place].chars().chain(name[place..].chars().take(12)).collect();
    let first = format!("{head}_old");
    let numbered = (2..).map(|number| format!("{head}_old{number}"));
    std::iter::once(first).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// The items of `nodes`, each behind those of `nodes` that it needs, else in the order given.
pub(super) fn by_need<'a>(nodes: &[&'a str], needs: impl Fn(&str, &str) -> bool) -> Vec<&'a str> {
    let mut order: Vec<&str> = Vec::with_capacity(nodes.len());
    let mut placed = BTreeSet::new();
    while order.len() < nodes.len() {
        let waits =
            |node: &str| nodes.iter().any(|other| *other != node && !placed.contains(other) && needs(node, other));
        // What needs itself in a circle is no schema that any engine takes; then the order given is as good as any.
        let rest = || nodes.iter().copied().filter(|node| !placed.contains(node));
        let Some(next) = rest().find(|node| !waits(node)).or_else(|| rest().next()) else { break };
        placed.insert(next);
        order.push(next);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)]) -> String {
        let pairs = pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
        let done = renames(pairs, |name| "abc".contains(name), |name| name == "a_old");
        done.iter().map(|(old, new)| format!("{old}>{new}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn chains_and_circles() {
        assert_eq!(check(&[("a", "y"), ("c", "d")]), "a>y c>d");
        assert_eq!(check(&[("a", "x"), ("b", "a")]), "a>x b>a");
        assert_eq!(check(&[("a", "b"), ("b", "a")]), "a>a_old2 b>a a_old2>b");
        assert_eq!(check(&[("a", "b"), ("b", "c"), ("c", "a"), ("x", "x")]), "a>a_old2 c>a b>c a_old2>b");
    }

    /// What is called by a new name and is renamed by nobody is to go.
    #[test]
    fn what_goes_steps_aside() {
        assert_eq!(check(&[("x", "b")]), "b>b_old x>b");
        assert_eq!(check(&[("b", "a"), ("x", "b")]), "a>a_old2 b>a x>b");
    }

    #[test]
    fn what_is_needed_stands_before() {
        let order = by_need(&["c", "b", "a"], |node, other| matches!((node, other), ("c", "b") | ("b", "a")));
        assert_eq!(order, ["a", "b", "c"]);
    }
}
