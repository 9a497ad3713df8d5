//! What can be wrong between the headers of revisions.

use std::collections::BTreeMap;

use super::meant;
use crate::migrate::{Fault, Revision};
use crate::syntax::Span;

/// Words that symbols are made of; no revision and no label is called so.
pub(in crate::migrate) const WORDS: [&str; 4] = ["head", "heads", "base", "current"];

/// For each revision the numbers of those it names.
pub(super) struct Edges {
    pub(super) parents: Vec<Vec<usize>>,
    pub(super) needs: Vec<Vec<usize>>,
}

/// Who is called what.
#[derive(Default)]
struct Names<'a> {
    /// Ids, and ids that another revision stands for.
    ids: BTreeMap<&'a str, usize>,
    labels: BTreeMap<&'a str, usize>,
}

/// The edges between `revisions`, or whatever keeps them from being found.
pub(super) fn edges(revisions: &[Revision]) -> Result<Edges, Vec<Fault>> {
    let mut faults = Vec::new();
    let names = names(revisions, &mut faults);
    let mut edges = Edges { parents: Vec::new(), needs: Vec::new() };
    for revision in revisions {
        let mut parents = Vec::new();
        for id in &revision.parents {
            match names.ids.get(id.as_str()) {
                Some(at) => parents.push(*at),
                None => faults.push(missing_parent(revision, id, &names)),
            }
        }
        let mut needs = parents.clone();
        for name in &revision.depends {
            match names.ids.get(name.as_str()).or_else(|| names.labels.get(name.as_str())) {
                Some(at) => needs.push(*at),
                None => faults.push(missing_dependency(revision, name, &names)),
            }
        }
        [&mut parents, &mut needs].into_iter().for_each(|edges| {
            edges.sort_unstable();
            edges.dedup();
        });
        edges.parents.push(parents);
        edges.needs.push(needs);
    }
    if faults.is_empty() { Ok(edges) } else { Err(faults) }
}

fn names<'a>(revisions: &'a [Revision], faults: &mut Vec<Fault>) -> Names<'a> {
    let mut names = Names::default();
    for (at, revision) in revisions.iter().enumerate() {
        if !is_name(&revision.id) {
            faults.push(no_name(revision, "revision", &revision.id, "an id"));
        }
        if let Some(first) = names.ids.insert(&revision.id, at) {
            names.ids.insert(&revision.id, first);
            let what = format!("revision `{}` is in {} too", revision.id, revisions[first].file);
            let help = "one of them is a copy: delete it, or give it another id, also in the name of the file";
            faults.push(header(revision, "revision", &revision.id, what, help));
        }
    }
    let mut stands: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, revision) in revisions.iter().enumerate() {
        for id in &revision.replaces {
            if let Some(own) = names.ids.get(id.as_str()) {
                let what = format!("revision `{}` replaces `{id}`, which has a file still", revision.id);
                let help = format!("delete {}, or take `{id}` out of the list", revisions[*own].file);
                faults.push(header(revision, "replaces", id, what, help));
            } else if let Some(other) = stands.insert(id, at) {
                let what = format!("`{id}` is replaced by revision `{}` too", revisions[other].id);
                faults.push(header(
                    revision,
                    "replaces",
                    id,
                    what,
                    "one revision stands for it: take it out of the other",
                ));
            }
        }
        for label in &revision.labels {
            if !is_name(label) {
                faults.push(no_name(revision, "label", label, "a label"));
            } else if let Some(own) = names.ids.get(label.as_str()) {
                let what = format!("label `{label}` is the id of the revision in {}", revisions[*own].file);
                faults.push(header(revision, "label", label, what, "choose another label"));
            } else if let Some(first) = names.labels.insert(label, at) {
                names.labels.insert(label, first);
                let what = format!("label `{label}` is on revision `{}` too", revisions[first].id);
                let help = format!(
                    "a label names one branch: choose another here, or take it out of {}",
                    revisions[first].file
                );
                faults.push(header(revision, "label", label, what, help));
            }
        }
    }
    names.ids.extend(stands);
    names
}

/// Whether `name` can stand in a symbol, between `@`, `+` and `-`.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_') && !WORDS.contains(&name)
}

fn no_name(revision: &Revision, key: &str, name: &str, kind: &str) -> Fault {
    let what = format!("`{name}` cannot be {kind}");
    let help = format!("{kind} is made of letters, digits and `_`, and is not `{}`", WORDS.join("`, `"));
    header(revision, key, name, what, help)
}

fn missing_parent(revision: &Revision, id: &str, names: &Names<'_>) -> Fault {
    let what = format!("revision `{}` follows `{id}`, which is not there", revision.id);
    let others = names.ids.keys().copied().filter(|other| *other != revision.id);
    let help = meant(id, others).unwrap_or_else(|| "bring its file back, or write the revision it follows now".into());
    header(revision, "parents", id, what, help)
}

fn missing_dependency(revision: &Revision, name: &str, names: &Names<'_>) -> Fault {
    let what =
        format!("revision `{}` depends on `{name}`, and there is no revision or label of that name", revision.id);
    let others = names.ids.keys().chain(names.labels.keys()).copied().filter(|other| *other != revision.id);
    let help = meant(name, others).unwrap_or_else(|| "bring its file back, or take it out of the list".into());
    header(revision, "depends", name, what, help)
}

/// One fault per circle, told in the file of its first revision.
pub(super) fn circles(revisions: &[Revision], circles: &[Vec<usize>]) -> Vec<Fault> {
    let tell = |circle: &Vec<usize>| {
        let first = &revisions[circle[0]];
        let next = &revisions[circle[circle.len().min(2) - 1]];
        let ids: Vec<String> = circle.iter().chain([&circle[0]]).map(|at| format!("`{}`", revisions[*at].id)).collect();
        let what = match circle.len() {
            1 => format!("revision `{}` follows itself", first.id),
            _ => format!("revisions go round in a circle, each needing the next: {}", ids.join(" -> ")),
        };
        let key = if first.parents.contains(&next.id) { "parents" } else { "depends" };
        header(
            first,
            key,
            &next.id,
            what,
            "none of them could ever be the first: take one of these ids out of its file",
        )
    };
    circles.iter().map(tell).collect()
}

/// A fault at `word` behind `-- key:`, or about the whole file where it does not stand there.
fn header(revision: &Revision, key: &str, word: &str, what: String, help: impl Into<String>) -> Fault {
    let span = place(&revision.text, key, word);
    Fault { file: revision.file.clone(), text: revision.text.clone(), span, what, help: help.into() }
}

/// Where `word` stands behind `-- key:` in `text`.
fn place(text: &str, key: &str, word: &str) -> Option<Span> {
    let mut line_at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start().strip_prefix("--").and_then(|rest| rest.trim_start().strip_prefix(key));
        if let Some(value) = rest.and_then(|rest| rest.trim_start().strip_prefix(':')) {
            let mut start = line_at + line.len() - value.len();
            for part in value.split_inclusive([',', ' ', '\t', '\r', '\n']) {
                if part.trim_end_matches([',', ' ', '\t', '\r', '\n']) == word {
                    return Some(Span { start, end: start + word.len() });
                }
                start += part.len();
            }
        }
        line_at += line.len();
    }
    None
}
