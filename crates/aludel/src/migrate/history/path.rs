//! The way from what is applied to what a symbol names, in the order of execution.

use std::collections::BTreeSet;

use super::History;
use super::symbol::Target;
use crate::migrate::Revision;
use crate::{Error, Result};

impl History {
    /// The ids that `symbol` names; none for `base`.
    ///
    /// | symbol | what |
    /// |---|---|
    /// | an id, or at least three letters that only one begins with | that revision |
    /// | a label | the revision that carries it |
    /// | `head`, `heads` | what none follows: one, or all |
    /// | `base` | before the first |
    /// | `current` | the applied ones that no applied one follows |
    /// | `+2`, `-1` | the second of the pending ones; what is left below the last one applied |
    /// | `4f1c2+2`, `head-1`, `base+1` | so many steps from there |
    /// | `shields@head`, `shields@+1` | the same within a branch: that of a label or of an id |
    ///
    /// # Errors
    /// A usage error where nothing is called so (with the nearest name), where it may be several (with up to three), or
    /// where it goes too far. A configuration error where `applied` holds ids that are not known.
    ///
    /// ```
    /// # use std::collections::BTreeSet;
    /// # use aludel::migrate::{History, Revision};
    /// # let revision = |id: &str, parents: &[&str]| Revision {
    /// #     id: id.into(), parents: parents.iter().map(|id| id.to_string()).collect(), ..Revision::default()
    /// # };
    /// let history = History::new(vec![revision("4f1c2a", &[]), revision("9a0b1c", &["4f1c2a"])])?;
    /// let applied = BTreeSet::from(["4f1c2a".to_owned()]);
    /// assert_eq!(history.resolve("head", &applied)?, BTreeSet::from(["9a0b1c".to_owned()]));
    /// assert_eq!(history.resolve("head-1", &applied)?, history.resolve("4f1", &applied)?);
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn resolve(&self, symbol: &str, applied: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        Ok(match self.target(symbol, &self.places(applied)?)? {
            Target::Base(_) => BTreeSet::new(),
            Target::At(at, _) => self.ids(&at),
            Target::Next(next) => self.ids(&next.last().copied().into_iter().collect()),
            Target::Last(last) => {
                self.ids(&last.last().into_iter().flat_map(|at| &self.graph.parents[*at]).copied().collect())
            }
        })
    }

    /// What has to run to bring a database that has `applied` up to `target`, in this order: all that the target needs and
    /// that is not applied. Nothing where it is applied already.
    ///
    /// # Errors
    /// As [`resolve`](History::resolve); a usage error for a target that lies behind, such as `-1`.
    pub fn upgrade(&self, applied: &BTreeSet<String>, target: &str) -> Result<Vec<&Revision>> {
        let applied = self.places(applied)?;
        let wanted = match self.target(target, &applied)? {
            Target::At(at, _) => self.graph.below(at),
            Target::Next(next) => self.graph.below(next),
            Target::Base(_) | Target::Last(_) => {
                return Err(Error::usage(format!("`{target}` goes back: write `downgrade {target}`")));
            }
        };
        Ok(self.at(&wanted.difference(&applied).copied().collect()))
    }

    /// What has to be undone to bring a database that has `applied` down to `target`, in this order.
    ///
    /// The target stays. What follows it goes, and what needs one that goes goes too, on other branches also. `-1` undoes
    /// the last one, `base` all, `shields@base` all of a branch.
    ///
    /// # Errors
    /// As [`resolve`](History::resolve); a usage error for a target that is not applied, or ahead. A configuration error
    /// that names every revision on the way for which there is no way back.
    pub fn downgrade(&self, applied: &BTreeSet<String>, target: &str) -> Result<Vec<&Revision>> {
        let gone = self.undone(&self.places(applied)?, target)?;
        let mut undone = self.at(&gone);
        undone.reverse();
        let stuck: Vec<&&Revision> = undone.iter().filter(|revision| revision.down.is_none()).collect();
        if stuck.is_empty() {
            return Ok(undone);
        }
        let tell = |revision: &&Revision| match &revision.irreversible {
            Some(why) => format!("  `{}` in {}: {why}", revision.id, revision.file),
            None => format!("  `{}` in {}: it has no `-- downgrade`", revision.id, revision.file),
        };
        let stuck: Vec<String> = stuck.into_iter().map(tell).collect();
        Err(Error::config(format!(
            "there is no way back over\n{}\nNothing was undone: write their way back below a line `-- downgrade`, or go back \
             to a backup",
            stuck.join("\n")
        )))
    }

    /// The full set of ids that are applied once `target` has been stamped on a database that has `applied`: what follows
    /// an applied target is taken away, what another target needs is added, other branches stay.
    ///
    /// # Errors
    /// As [`resolve`](History::resolve).
    pub fn stamp(&self, applied: &BTreeSet<String>, target: &str) -> Result<BTreeSet<String>> {
        let places = self.places(applied)?;
        let all = match self.target(target, &places)? {
            Target::At(at, _) if !at.is_subset(&places) => &places | &self.graph.below(at),
            Target::Next(next) => &places | &self.graph.below(next),
            _ => &places - &self.undone(&places, target)?,
        };
        Ok(self.ids(&all))
    }

    /// The revisions from one symbol to another, both included: `a:b`, `a:` to the heads, `:b` from the first.
    ///
    /// # Errors
    /// As [`resolve`](History::resolve); a usage error where there is no colon.
    pub fn range(&self, range: &str, applied: &BTreeSet<String>) -> Result<Vec<&Revision>> {
        let Some((from, to)) = range.split_once(':') else {
            return Err(Error::usage(format!(
                "`{range}` is no range: write `{range}:` for all from there, `:{range}` up to it"
            )));
        };
        let places = |symbol: &str| -> Result<BTreeSet<usize>> {
            Ok(self.resolve(symbol, applied)?.iter().filter_map(|id| self.places.get(id)).copied().collect())
        };
        let upper = match to.trim() {
            "" => self.all(),
            to => self.graph.below(places(to)?),
        };
        let lower = match from.trim() {
            "" => self.all(),
            from => match places(from)? {
                from if from.is_empty() => self.all(),
                from => self.graph.above(from),
            },
        };
        Ok(self.at(&(&upper & &lower)))
    }

    /// Those of `applied` that go on the way down to `target`.
    fn undone(&self, applied: &BTreeSet<usize>, target: &str) -> Result<BTreeSet<usize>> {
        let first: BTreeSet<usize> = match self.target(target, applied)? {
            Target::Base(None) => return Ok(applied.clone()),
            Target::Base(Some(branch)) => branch,
            Target::Last(last) => last.into_iter().collect(),
            Target::At(at, branch) => {
                let missing: Vec<usize> = at.difference(applied).copied().collect();
                if applied.is_empty() {
                    return Err(Error::usage(format!(
                        "`{target}` is not applied, and nothing else is: there is nothing to undo; `upgrade {target}` applies it"
                    )));
                }
                if !missing.is_empty() {
                    return Err(Error::usage(format!(
                        "`{target}` is not applied, so nothing can be undone down to it: write `upgrade {target}`, or one of \
                         {} to go down to",
                        self.told(applied.iter().rev().copied())
                    )));
                }
                let children = at.iter().flat_map(|at| &self.graph.children[*at]).copied();
                children.filter(|child| branch.as_ref().is_none_or(|branch| branch.contains(child))).collect()
            }
            Target::Next(_) => {
                return Err(Error::usage(format!("`{target}` goes forward: write `upgrade {target}`")));
            }
        };
        Ok(&self.graph.above(first) & applied)
    }
}
