//! Which answers commit.

use std::collections::BTreeSet;

use http::StatusCode;

use crate::{Error, Result};

/// Which answers commit the session of their request. All others roll it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommitMode {
    /// None: handlers call [`commit`](crate::Session::commit).
    Manual,
    /// Those of success, 200 to 299.
    #[default]
    Autocommit,
    /// Those of success and redirects, 200 to 399: for forms that answer by sending the browser elsewhere.
    AutocommitIncludeRedirect,
}

/// A mode with its exceptions.
#[derive(Clone, Debug, Default)]
pub(super) struct Rule {
    pub(super) mode: CommitMode,
    commits: BTreeSet<u16>,
    rolls_back: BTreeSet<u16>,
}

impl Rule {
    pub(super) fn commits(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        let by_mode = match self.mode {
            CommitMode::Manual => false,
            CommitMode::Autocommit => (200..300).contains(&status),
            CommitMode::AutocommitIncludeRedirect => (200..400).contains(&status),
        };
        self.commits.contains(&status) || by_mode && !self.rolls_back.contains(&status)
    }

    pub(super) fn commit_on(&mut self, statuses: impl IntoIterator<Item = u16>) -> Result<()> {
        extend(&mut self.commits, &self.rolls_back, statuses)
    }

    pub(super) fn roll_back_on(&mut self, statuses: impl IntoIterator<Item = u16>) -> Result<()> {
        extend(&mut self.rolls_back, &self.commits, statuses)
    }
}

fn extend(to: &mut BTreeSet<u16>, other: &BTreeSet<u16>, statuses: impl IntoIterator<Item = u16>) -> Result<()> {
    for status in statuses {
        if !(200..600).contains(&status) {
            return Err(Error::config(format!("{status} is no status of a response: give one of 200 to 599")));
        }
        if other.contains(&status) {
            return Err(Error::config(format!(
                "status {status} is to commit and to roll back: name it on one side only"
            )));
        }
        to.insert(status);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mode: CommitMode, commit: &[u16], roll_back: &[u16], expected: &[(u16, u16)]) {
        let mut rule = Rule { mode, ..Rule::default() };
        rule.commit_on(commit.iter().copied()).unwrap();
        rule.roll_back_on(roll_back.iter().copied()).unwrap();
        for status in 100..1000 {
            let expected = expected.iter().any(|&(first, last)| (first..=last).contains(&status));
            assert_eq!(rule.commits(StatusCode::from_u16(status).unwrap()), expected, "{mode:?} {status}");
        }
    }

    #[test]
    fn statuses_that_commit() {
        check(CommitMode::Manual, &[], &[], &[]);
        check(CommitMode::Autocommit, &[], &[], &[(200, 299)]);
        check(CommitMode::AutocommitIncludeRedirect, &[], &[], &[(200, 399)]);
        check(CommitMode::Manual, &[201, 409], &[200], &[(201, 201), (409, 409)]);
        check(CommitMode::Autocommit, &[404], &[202, 500], &[(200, 201), (203, 299), (404, 404)]);
        check(CommitMode::AutocommitIncludeRedirect, &[], &[303], &[(200, 302), (304, 399)]);
    }

    #[test]
    fn exceptions_are_checked() {
        let mut rule = Rule::default();
        rule.commit_on([409]).unwrap();
        let error = rule.roll_back_on([201, 409]).unwrap_err();
        assert_eq!(error.to_string(), "status 409 is to commit and to roll back: name it on one side only");
        for status in [0, 100, 199, 600] {
            assert!(rule.commit_on([status]).unwrap_err().is_config());
        }
    }
}
