//! Random graphs against what can be worked out by trying.

use std::collections::BTreeSet;

use super::{ids, revision};
use crate::migrate::{History, Revision};
use crate::value::random::Random;

/// A random graph, with hexadecimal ids and labels on some.
fn random(of: &mut Random) -> Vec<Revision> {
    let count = usize::try_from(of.between(1, 14)).unwrap();
    let mut made: Vec<Revision> = Vec::new();
    for at in 0..count {
        let id = format!("{:012x}", of.bits() >> 16);
        let mut line = id;
        let pick = |of: &mut Random| usize::try_from(of.between(0, i64::try_from(at).unwrap() - 1)).unwrap();
        for _ in 0..if at == 0 { 0 } else { [0, 1, 1, 1, 1, 2, 2][usize::try_from(of.between(0, 6)).unwrap()] } {
            let parent = &made[pick(of)].id;
            line += &if line.contains(parent.as_str()) { String::new() } else { format!(" <{parent}") };
        }
        if at > 0 && of.between(0, 5) == 0 {
            line += &format!(" +{}", made[pick(of)].id);
        }
        if of.between(0, 4) == 0 {
            line += &format!(" #label{at}");
        }
        made.push(revision(&line));
    }
    for at in (1..made.len()).rev() {
        let other = usize::try_from(of.between(0, i64::try_from(at).unwrap())).unwrap();
        made.swap(at, other);
    }
    made
}

/// Who needs whom, over any number of steps, worked out by trying; a revision counts as needing itself.
fn reach(revisions: &[Revision], edges: fn(&Revision) -> Vec<&String>) -> BTreeSet<(String, String)> {
    let mut reach: BTreeSet<(String, String)> =
        revisions.iter().map(|revision| (revision.id.clone(), revision.id.clone())).collect();
    loop {
        let mut more = reach.clone();
        for revision in revisions {
            for below in edges(revision) {
                more.extend(
                    reach.iter().filter(|(from, _)| from == below).map(|(_, to)| (revision.id.clone(), to.clone())),
                );
            }
        }
        if more == reach {
            return reach;
        }
        reach = more;
    }
}

fn needs(revision: &Revision) -> Vec<&String> {
    revision.parents.iter().chain(&revision.depends).collect()
}

#[test]
fn random_graphs_are_ordered_and_walked_both_ways() {
    for seed in 0..Random::cases(1_000) {
        let of = &mut Random::new(u64::try_from(seed).unwrap());
        let files = random(of);
        let history = History::new(files.clone()).unwrap();
        let order: Vec<&str> = history.revisions().iter().map(|revision| revision.id.as_str()).collect();
        assert_eq!(order.len(), files.len());
        for (at, revision) in history.revisions().iter().enumerate() {
            assert!(
                needs(revision).iter().all(|id| order[..at].contains(&id.as_str())),
                "seed {seed}: {}",
                revision.id
            );
        }
        check_stable(&history, &files);
        let reach = reach(&files, needs);
        let below = |id: &str| -> BTreeSet<String> {
            reach.iter().filter(|(from, _)| from == id).map(|(_, to)| to.clone()).collect()
        };
        let pick =
            |of: &mut Random| order[usize::try_from(of.between(0, i64::try_from(order.len()).unwrap() - 1)).unwrap()];
        let (start, target) = (pick(of), pick(of));
        let applied = below(start);
        let way: Vec<&str> =
            history.upgrade(&applied, target).unwrap().iter().map(|revision| revision.id.as_str()).collect();
        let wanted: Vec<&str> =
            order.iter().copied().filter(|id| below(target).contains(*id) && !applied.contains(*id)).collect();
        assert_eq!(way, wanted, "seed {seed}: from {start} up to {target}");
        let all: BTreeSet<String> = order.iter().map(|id| (*id).to_owned()).collect();
        let down: Vec<&str> =
            history.downgrade(&all, target).unwrap().iter().map(|revision| revision.id.as_str()).collect();
        let goes = |id: &&&str| {
            files.iter().any(|file| file.parents.contains(&target.to_owned()) && below(id).contains(&file.id))
        };
        let wanted: Vec<&str> = order.iter().rev().filter(goes).copied().collect();
        assert_eq!(down, wanted, "seed {seed}: down to {target}");
        let kept: BTreeSet<String> = all.iter().filter(|id| !down.contains(&id.as_str())).cloned().collect();
        let again: Vec<&str> =
            history.upgrade(&kept, "heads").unwrap().iter().map(|revision| revision.id.as_str()).collect();
        assert!(again.iter().rev().eq(down.iter()), "seed {seed}: up again from {target}");
    }
}

/// The order is the same for shuffled files, and without one that nobody needs.
fn check_stable(history: &History, files: &[Revision]) {
    let mut turned = files.to_vec();
    turned.reverse();
    assert_eq!(ids(History::new(turned).unwrap().revisions()), ids(history.revisions()));
    let last =
        history.revisions().iter().find(|one| !files.iter().any(|other| needs(other).contains(&&one.id))).unwrap();
    let rest: Vec<Revision> = files.iter().filter(|file| file.id != last.id).cloned().collect();
    let left = history.revisions().iter().filter(|revision| revision.id != last.id);
    assert_eq!(ids(History::new(rest).unwrap().revisions()), ids(left));
}

#[test]
fn random_symbols_resolve_to_what_can_be_counted() {
    for seed in 0..Random::cases(1_000) {
        let of = &mut Random::new(u64::try_from(seed).unwrap() << 20);
        let files = random(of);
        let history = History::new(files.clone()).unwrap();
        let resolve = |symbol: &str| history.resolve(symbol, &BTreeSet::new()).ok();
        let children = |id: &str| -> BTreeSet<String> {
            files
                .iter()
                .filter(|file| file.parents.iter().any(|parent| parent == id))
                .map(|file| file.id.clone())
                .collect()
        };
        let heads: BTreeSet<String> =
            files.iter().map(|file| &file.id).filter(|id| children(id).is_empty()).cloned().collect();
        assert_eq!(resolve("heads"), Some(heads.clone()));
        assert_eq!(resolve("head"), (heads.len() == 1).then_some(heads));
        let roots: BTreeSet<String> =
            files.iter().filter(|file| file.parents.is_empty()).map(|file| file.id.clone()).collect();
        assert_eq!(resolve("base+1"), (roots.len() == 1).then_some(roots));
        for file in &files {
            let own = Some(BTreeSet::from([file.id.clone()]));
            let short =
                (3..=12).find(|end| files.iter().filter(|other| other.id.starts_with(&file.id[..*end])).count() == 1);
            assert_eq!(resolve(&file.id[..short.unwrap()]), own);
            assert!(file.labels.iter().all(|label| resolve(label) == own));
            let up = children(&file.id);
            assert_eq!(resolve(&format!("{}+1", file.id)), (up.len() == 1).then_some(up));
            let down: BTreeSet<String> = file.parents.iter().cloned().collect();
            assert_eq!(resolve(&format!("{}-1", file.id)), (down.len() < 2).then_some(down));
            let above = reach(&files, |file| file.parents.iter().collect());
            let tops = files
                .iter()
                .filter(|top| children(&top.id).is_empty() && above.contains(&(top.id.clone(), file.id.clone())));
            assert_eq!(
                resolve(&format!("{}@heads", file.id)),
                Some(tops.map(|top| top.id.clone()).collect()),
                "seed {seed}"
            );
        }
    }
}
