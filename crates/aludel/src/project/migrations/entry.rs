//! One revision in a list.

use std::collections::BTreeSet;

use crate::migrate::{History, Revision};

/// One revision in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// What it does, in a few words.
    pub message: String,
    /// Its file.
    pub file: String,
    /// The revisions it follows.
    pub parents: Vec<String>,
    /// The revisions of other branches that have to be applied before.
    pub depends: Vec<String>,
    /// The revisions that follow it.
    pub children: Vec<String>,
    /// The names of the branch that begins here.
    pub labels: Vec<String>,
    /// Whether none follows it.
    pub head: bool,
    /// Whether the database has it.
    pub applied: bool,
    /// Whether the database has it, and none that follows it.
    pub current: bool,
    /// Whether there is a way back.
    pub reversible: bool,
}

impl Entry {
    fn of(revision: &Revision, history: &History, applied: &BTreeSet<String>) -> Self {
        let children: Vec<String> = history.children(&revision.id).iter().map(|child| child.id.clone()).collect();
        let is_applied = applied.contains(&revision.id);
        Entry {
            id: revision.id.clone(),
            message: revision.message.clone(),
            file: revision.file.to_string(),
            parents: revision.parents.clone(),
            depends: revision.depends.clone(),
            labels: revision.labels.clone(),
            head: children.is_empty(),
            applied: is_applied,
            current: is_applied && !children.iter().any(|child| applied.contains(child)),
            reversible: revision.down.is_some(),
            children,
        }
    }

    /// One for each of `revisions`, on a database that has `applied`. A revision that stands for others is there where all of
    /// those are.
    pub(super) fn all(revisions: &[&Revision], history: &History, applied: &BTreeSet<String>) -> Vec<Self> {
        let known = history.known(applied);
        revisions.iter().map(|revision| Entry::of(revision, history, &known)).collect()
    }
}
