//! What `head`, `base+2`, `-1` or `shields@head` name.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::WORDS;
use super::{History, meant, quoted};
use crate::{Error, Result};

/// What a symbol names.
#[derive(Debug)]
pub(super) enum Target {
    /// Below everything, or below everything of a branch.
    Base(Option<BTreeSet<usize>>),
    /// These revisions, seen from a branch where one was named.
    At(BTreeSet<usize>, Option<BTreeSet<usize>>),
    /// The next ones, in order: `+2`.
    Next(Vec<usize>),
    /// The last ones, in the order they go: `-2`.
    Last(Vec<usize>),
}

/// A symbol in its branch.
struct Symbol<'a> {
    whole: &'a str,
    /// What stands before the `@`, and where that branch is.
    branch: Option<(&'a str, BTreeSet<usize>)>,
}

impl History {
    /// Whether what `symbol` names depends on what a database has: `current`, `+1`, `-1`, also of a branch.
    pub(crate) fn is_relative(symbol: &str) -> bool {
        let symbol = symbol.trim();
        let rest = symbol.split_once('@').map_or(symbol, |(_, rest)| rest);
        let stem = steps(rest).map_or(rest, |(stem, _)| stem);
        stem.is_empty() && !rest.is_empty() || stem == "current"
    }

    /// What `symbol` names, where `applied` are.
    pub(super) fn target(&self, whole: &str, applied: &BTreeSet<usize>) -> Result<Target> {
        let whole = whole.trim();
        let (branch, rest) = match whole.split_once('@') {
            Some((branch, rest)) => (Some((branch, self.graph.branch(self.one(branch)?))), rest),
            None => (None, whole),
        };
        let symbol = Symbol { whole, branch };
        match steps(rest) {
            Some(("", steps)) if steps > 0 => self.next(&symbol, steps, applied).map(Target::Next),
            Some(("", steps)) => self.last(&symbol, steps, applied).map(Target::Last),
            Some((stem, steps)) => {
                let from = self.stem(&symbol, stem, applied)?;
                self.walk(&symbol, from, steps)
            }
            None => self.stem(&symbol, rest, applied),
        }
    }

    /// What a symbol without a distance names.
    fn stem(&self, symbol: &Symbol<'_>, stem: &str, applied: &BTreeSet<usize>) -> Result<Target> {
        let scope = symbol.branch.as_ref().map(|(_, branch)| branch);
        let heads = || match scope {
            Some(branch) => self.graph.heads(branch),
            None => self.graph.heads(&self.all()),
        };
        let at = match stem {
            "base" => return Ok(Target::Base(scope.cloned())),
            "heads" => heads(),
            "head" => {
                let heads = heads();
                if heads.len() > 1 {
                    return Err(self.several_heads(symbol, &heads));
                }
                heads
            }
            "current" => self.graph.heads(&applied.iter().copied().filter(|at| within(scope, *at)).collect()),
            _ => {
                let at = self.one(stem)?;
                if let Some((name, branch)) = &symbol.branch
                    && !self.graph.below(branch.iter().copied()).contains(&at)
                {
                    let what = format!("{} is not on the branch of `{name}`", self.told([at]));
                    return Err(Error::usage(format!("{what}: write it without `{name}@`")));
                }
                BTreeSet::from([at])
            }
        };
        Ok(Target::At(at, scope.cloned()))
    }

    /// The revision of an id, of the beginning of one, or of a label.
    pub(super) fn one(&self, name: &str) -> Result<usize> {
        let exact = [&self.places, &self.labels, &self.replaced].into_iter().find_map(|names| names.get(name));
        if let Some(at) = exact {
            return Ok(*at);
        }
        let begins = |names: &BTreeMap<String, usize>| -> Vec<String> {
            let from = names.range(name.to_owned()..);
            from.map(|(id, _)| id.clone()).take_while(|id| id.starts_with(name)).collect()
        };
        match begins(&self.places)[..] {
            _ if name.is_empty() => Err(self.nothing(name)),
            [ref id] if name.len() >= 3 => Ok(self.places[id]),
            [] => Err(self.nothing(name)),
            _ if name.len() < 3 => Err(Error::usage(format!(
                "`{name}` is too short to name a revision: write at least three letters of its id, or `+1` and `-1` for the \
                 next and the last"
            ))),
            ref ids => Err(Error::usage(format!(
                "`{name}` may be {}: write more of the id",
                quoted(ids.iter().map(String::as_str))
            ))),
        }
    }

    fn nothing(&self, name: &str) -> Error {
        if name.is_empty() {
            return Error::usage("which revision? Write `head`, the id of one, or a label");
        }
        let known = self.places.keys().chain(self.labels.keys()).map(String::as_str).chain(WORDS);
        let help = match meant(name, known) {
            Some(help) => help,
            None if self.revisions.is_empty() => "there are no revisions yet".into(),
            None => "the command `history` lists them".into(),
        };
        Error::usage(format!("there is no revision or label `{name}`: {help}"))
    }

    /// The next revisions, each where it is the only one that could be.
    fn next(&self, symbol: &Symbol<'_>, steps: isize, applied: &BTreeSet<usize>) -> Result<Vec<usize>> {
        let scope = symbol.branch.as_ref().map(|(_, branch)| branch);
        let (mut applied, mut found) = (applied.clone(), Vec::new());
        while found.len() < steps.unsigned_abs() {
            let open = |at: &usize| within(scope, *at) && !applied.contains(at);
            let ready = |at: &usize| self.graph.needs[*at].iter().all(|need| !open(need));
            let next: Vec<usize> = (0..self.revisions.len()).filter(|at| open(at) && ready(at)).collect();
            match next[..] {
                [next] => {
                    applied.insert(next);
                    found.push(next);
                }
                [] => return Err(too_far(symbol, steps, found.len(), "pending")),
                _ => {
                    return Err(Error::usage(format!(
                        "`{}` is not one way: next could be {}; write `heads` for all, an id, or `{}@+1`",
                        symbol.whole,
                        self.told(next.iter().copied()),
                        self.branch_name(next[0]),
                    )));
                }
            }
        }
        Ok(found)
    }

    /// The last revisions, each where it is the only one that could go.
    fn last(&self, symbol: &Symbol<'_>, steps: isize, applied: &BTreeSet<usize>) -> Result<Vec<usize>> {
        let scope = symbol.branch.as_ref().map(|(_, branch)| branch);
        let (mut applied, mut found) = (applied.clone(), Vec::new());
        while found.len() < steps.unsigned_abs() {
            let there = |at: &usize| within(scope, *at) && applied.contains(at);
            let free = |at: &usize| !self.graph.dependants[*at].iter().any(there);
            let last: Vec<usize> = applied.iter().copied().filter(|at| there(at) && free(at)).collect();
            match last[..] {
                [last] => {
                    applied.remove(&last);
                    found.push(last);
                }
                [] => return Err(too_far(symbol, steps, found.len(), "applied")),
                _ => {
                    return Err(Error::usage(format!(
                        "`{}` is not one way: last could be {}; write the id to go down to, or `{}@-1`",
                        symbol.whole,
                        self.told(last.iter().copied()),
                        self.branch_name(last[0]),
                    )));
                }
            }
        }
        Ok(found)
    }

    /// So many steps along the edges.
    fn walk(&self, symbol: &Symbol<'_>, from: Target, steps: isize) -> Result<Target> {
        let branch = symbol.branch.as_ref().map(|(_, branch)| branch);
        let mut at = match from {
            Target::At(at, _) if at.len() == 1 => at.first().copied(),
            Target::Base(_) => None,
            Target::At(at, _) if at.is_empty() => return Err(too_far(symbol, steps, 0, "there")),
            Target::At(at, _) => return Err(self.several_heads(symbol, &at)),
            Target::Next(_) | Target::Last(_) => return Err(self.nothing(symbol.whole)),
        };
        for walked in 0..steps.unsigned_abs() {
            let next: Vec<usize> = match (at, steps > 0) {
                (Some(at), true) => self.graph.children[at].iter().copied().filter(|at| within(branch, *at)).collect(),
                (Some(at), false) if self.graph.parents[at].is_empty() && walked + 1 == steps.unsigned_abs() => {
                    return Ok(Target::Base(branch.cloned()));
                }
                (Some(at), false) => self.graph.parents[at].clone(),
                (None, true) => self.roots(branch),
                (None, false) => Vec::new(),
            };
            match next[..] {
                [next] => at = Some(next),
                [] => return Err(too_far(symbol, steps, walked, if steps > 0 { "there" } else { "below" })),
                _ => {
                    return Err(Error::usage(format!(
                        "`{}` is not one revision: the way parts at {}; write the id",
                        symbol.whole,
                        self.told(next.iter().copied()),
                    )));
                }
            }
        }
        Ok(Target::At(at.into_iter().collect(), branch.cloned()))
    }

    /// Those that follow none of the branch.
    fn roots(&self, branch: Option<&BTreeSet<usize>>) -> Vec<usize> {
        let inside = |at: &usize| within(branch, *at);
        (0..self.revisions.len()).filter(|at| inside(at) && !self.graph.parents[*at].iter().any(inside)).collect()
    }

    fn several_heads(&self, symbol: &Symbol<'_>, heads: &BTreeSet<usize>) -> Error {
        let first = heads.first().map(|at| self.branch_name(*at)).unwrap_or_default();
        Error::usage(format!(
            "`{}` is one revision, and there are {} heads: {}; write `heads` for all, `{first}@head` for one, or join them \
             with the command `merge`",
            symbol.whole,
            heads.len(),
            self.told(heads.iter().copied())
        ))
    }

    /// What the branch of a revision is called, before `@`: a label that only its branch has, else its id.
    fn branch_name(&self, at: usize) -> String {
        let own = |label: &&String| {
            self.labels.get(*label).is_some_and(|on| self.graph.heads(&self.graph.branch(*on)).len() == 1)
        };
        let mut labels =
            self.labels.iter().filter(|(_, on)| self.graph.branch(**on).contains(&at)).map(|(label, _)| label);
        labels.find(own).unwrap_or(&self.revisions[at].id).clone()
    }
}

fn within(scope: Option<&BTreeSet<usize>>, at: usize) -> bool {
    scope.is_none_or(|scope| scope.contains(&at))
}

/// `rev+2`: what stands before the sign, and the distance; `None` where there is none.
fn steps(text: &str) -> Option<(&str, isize)> {
    let at = text.rfind(['+', '-'])?;
    let digits = &text[at + 1..];
    let steps: isize = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if steps == 0 {
        return None;
    }
    Some((&text[..at], if text[at..].starts_with('-') { -steps } else { steps }))
}

fn too_far(symbol: &Symbol<'_>, steps: isize, found: usize, state: &str) -> Error {
    let count = |number: usize| if number == 1 { "1 revision".to_owned() } else { format!("{number} revisions") };
    let place = symbol.branch.as_ref().map_or(String::new(), |(name, _)| format!(" on the branch of `{name}`"));
    let verb = if found == 1 { "is" } else { "are" };
    let found = match (found, state) {
        (0, "pending") => "none are pending: all there are have been applied".to_owned(),
        (0, _) => format!("none are {state}"),
        (found, _) => format!("{found} {verb} {state}"),
    };
    Error::usage(format!("`{}` goes over {}, of which {found}{place}", symbol.whole, count(steps.unsigned_abs())))
}
