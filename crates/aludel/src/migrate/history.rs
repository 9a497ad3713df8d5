//! All revisions of a project as one graph: their order, what symbols mean in it, and the way from here to there.

mod faults;
mod path;
mod symbol;

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, order};
use super::{Fault, Fold, Revision};
use crate::dialect::Dialect;
use crate::schema::{Schema, nearest};
use crate::{Error, Result};
use faults::Edges;
pub(super) use faults::WORDS;

/// The revisions of a project, parents before children.
///
/// `applied` among the arguments of its methods is always the full set of the ids that a database has.
///
/// ```
/// # use std::collections::BTreeSet;
/// use aludel::migrate::{History, Revision};
///
/// let revision = |id: &str, parents: &[&str]| Revision {
///     id: id.into(),
///     parents: parents.iter().map(|id| id.to_string()).collect(),
///     file: format!("{id}.sql").into(),
///     ..Revision::default()
/// };
/// let history = History::new(vec![revision("b2", &["a1"]), revision("a1", &[]), revision("c3", &["b2"])])?;
/// let applied = BTreeSet::from(["a1".to_owned()]);
/// let pending: Vec<&str> = history.upgrade(&applied, "head")?.iter().map(|revision| revision.id.as_str()).collect();
/// assert_eq!(pending, ["b2", "c3"]);
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Ordered: whatever one needs stands before it.
    revisions: Vec<Revision>,
    /// The place of each id.
    places: BTreeMap<String, usize>,
    /// The place of the revision that carries each label.
    labels: BTreeMap<String, usize>,
    /// The place of the revision that stands for each id without a file.
    replaced: BTreeMap<String, usize>,
    graph: Graph,
}

impl History {
    /// Puts revisions in order: each behind its parents and what it depends on, else by file name.
    ///
    /// # Errors
    /// Every fault at once: ids and labels that are there twice or cannot be told from symbols, parents and dependencies
    /// that are missing, circles. Each names its file, and the nearest id where one was probably meant.
    pub fn new(mut revisions: Vec<Revision>) -> Result<History, Vec<Fault>> {
        revisions.sort_by(|one, other| (&one.file, &one.id).cmp(&(&other.file, &other.id)));
        let Edges { parents, needs } = faults::edges(&revisions)?;
        let order = order(&needs).map_err(|circles| faults::circles(&revisions, &circles))?;
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(to, from)| place[*from] = to);
        let moved = |edges: &[Vec<usize>]| -> Vec<Vec<usize>> {
            order.iter().map(|from| edges[*from].iter().map(|at| place[*at]).collect()).collect()
        };
        let graph = Graph::new(moved(&parents), moved(&needs));
        let mut old: Vec<Option<Revision>> = revisions.into_iter().map(Some).collect();
        let revisions: Vec<Revision> = order.iter().filter_map(|from| old[*from].take()).collect();
        let named = |names: fn(&Revision) -> &[String]| {
            let all = revisions.iter().enumerate();
            all.flat_map(|(at, revision)| names(revision).iter().map(move |name| (name.clone(), at))).collect()
        };
        Ok(History {
            places: named(|revision| std::slice::from_ref(&revision.id)),
            labels: named(|revision| &revision.labels),
            replaced: named(|revision| &revision.replaces),
            revisions,
            graph,
        })
    }

    /// All of them, in an order in which they can be applied; the same whatever order the files came in.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The revision of exactly this id.
    pub fn get(&self, id: &str) -> Option<&Revision> {
        self.places.get(id).map(|at| &self.revisions[*at])
    }

    /// Those that none follows: one, unless branches are open or there is nothing yet.
    pub fn heads(&self) -> Vec<&Revision> {
        self.at(&self.graph.heads(&self.all()))
    }

    /// Those that follow the revision of this id.
    pub fn children(&self, id: &str) -> Vec<&Revision> {
        let children = self.places.get(id).map(|at| self.graph.children[*at].iter().copied().collect());
        self.at(&children.unwrap_or_default())
    }

    /// Those that have to be applied before the revision of this id: its parents and what it depends on, by label too.
    pub fn needs(&self, id: &str) -> Vec<&Revision> {
        let needs = self.places.get(id).map(|at| self.graph.needs[*at].iter().copied().collect());
        self.at(&needs.unwrap_or_default())
    }

    /// The labels of the branches that the revision of this id stands on.
    pub fn branches(&self, id: &str) -> Vec<&str> {
        let Some(place) = self.places.get(id) else { return Vec::new() };
        let labels = self.labels.iter().filter(|(_, at)| self.graph.branch(**at).contains(place));
        labels.map(|(label, _)| label.as_str()).collect()
    }

    /// Those among `applied` that no other applied one follows. Ids without a file are left out.
    pub fn current(&self, applied: &BTreeSet<String>) -> Vec<&Revision> {
        let places = self.counted(applied).iter().filter_map(|id| self.places.get(id)).copied().collect();
        self.at(&self.graph.heads(&places))
    }

    /// The ids among `applied` that no file has, and none stands for: a newer program has been here, or a file is gone.
    pub fn unknown<'a>(&self, applied: &'a BTreeSet<String>) -> Vec<&'a str> {
        let known = |id: &&String| self.places.contains_key(*id) || self.replaced.contains_key(*id);
        applied.iter().filter(|id| !known(id)).map(String::as_str).collect()
    }

    /// `applied`, and the revisions that stand for others of which it has all.
    pub fn counted(&self, applied: &BTreeSet<String>) -> BTreeSet<String> {
        let whole = |revision: &&Revision| {
            !revision.replaces.is_empty() && revision.replaces.iter().all(|id| applied.contains(id))
        };
        applied.iter().chain(self.revisions.iter().filter(whole).map(|revision| &revision.id)).cloned().collect()
    }

    /// What of `applied` counts here: the ids that a file has or stands for, and the revisions that stand for others of which
    /// it has all. What no file knows is left out.
    pub fn known(&self, applied: &BTreeSet<String>) -> BTreeSet<String> {
        let unknown = self.unknown(applied);
        let mut known = self.counted(applied);
        known.retain(|id| !unknown.contains(&id.as_str()));
        known
    }

    /// The schema that the revisions of these ids make for `engine`, without a database.
    ///
    /// # Errors
    /// All faults of the first file that has any, each pointing at the word. An id that is not known is left out.
    pub fn schema(&self, engine: &Dialect, ids: &BTreeSet<String>) -> Result<Schema, Vec<Fault>> {
        let ids = self.counted(ids);
        self.fold(engine, |revision| ids.contains(&revision.id))
    }

    /// The schema that all revisions together make for `engine`.
    ///
    /// # Errors
    /// As [`schema`](History::schema).
    pub fn schema_at_heads(&self, engine: &Dialect) -> Result<Schema, Vec<Fault>> {
        self.fold(engine, |_| true)
    }

    fn fold(&self, engine: &Dialect, chosen: impl Fn(&Revision) -> bool) -> Result<Schema, Vec<Fault>> {
        let mut fold = Fold::new(engine);
        self.revisions.iter().filter(|revision| chosen(revision)).try_for_each(|revision| fold.apply(revision))?;
        Ok(fold.into_schema())
    }

    /// What only `one` needs, and what only `other` needs.
    pub(super) fn apart(&self, one: &str, other: &str) -> (Vec<&Revision>, Vec<&Revision>) {
        let below = |id| self.graph.below(self.places.get(id).copied());
        let (one, other) = (below(one), below(other));
        (self.at(&(&one - &other)), self.at(&(&other - &one)))
    }

    fn all(&self) -> BTreeSet<usize> {
        (0..self.revisions.len()).collect()
    }

    fn at(&self, places: &BTreeSet<usize>) -> Vec<&Revision> {
        places.iter().map(|at| &self.revisions[*at]).collect()
    }

    fn ids(&self, places: &BTreeSet<usize>) -> BTreeSet<String> {
        places.iter().map(|at| self.revisions[*at].id.clone()).collect()
    }

    /// `4f1c2a9b7d03 (add shields)`
    fn told(&self, places: impl IntoIterator<Item = usize>) -> String {
        let tell = |at: usize| match &self.revisions[at] {
            Revision { id, message, .. } if message.is_empty() => format!("`{id}`"),
            Revision { id, message, .. } => format!("`{id}` ({message})"),
        };
        some(places.into_iter().map(tell))
    }

    /// Where the applied revisions stand; one that stands for others is there where all of those are.
    fn places(&self, applied: &BTreeSet<String>) -> Result<BTreeSet<usize>> {
        let unknown = self.unknown(applied);
        if !unknown.is_empty() {
            return Err(Error::config(format!(
                "the database has revisions that are not known here: {}. A newer version of the program was at work, or \
                 files are missing: run that version, or bring the files back",
                quoted(unknown.iter().copied())
            )));
        }
        let counted = self.counted(applied);
        for revision in self.revisions.iter().filter(|revision| !counted.contains(&revision.id)) {
            let (there, missing): (Vec<_>, Vec<_>) = revision.replaces.iter().partition(|id| applied.contains(*id));
            if !there.is_empty() {
                return Err(Error::config(format!(
                    "revision `{}` stands for several, of which the database lacks {}: upgrade it first with a version of the \
                     program that still has those",
                    revision.id,
                    quoted(missing.into_iter().map(String::as_str))
                )));
            }
        }
        Ok(counted.iter().filter_map(|id| self.places.get(id)).copied().collect())
    }
}

/// Up to three of them, and how many more.
fn some(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let shown = names[..names.len().min(3)].join(", ");
    match names.len().saturating_sub(3) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    some(names.map(|name| format!("`{name}`")))
}

/// The known name that was probably meant, as a question.
fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests;
