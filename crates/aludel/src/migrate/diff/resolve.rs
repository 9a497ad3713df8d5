//! Answers and hints, held against both schemas: which names are called something else.

use super::answers::{Answers, Hint, Named, Path};
use super::rename::Renames;
use crate::schema::{Problem, Schema};

/// What is known of renames, and what is wrong with what was said.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub(super) renames: Renames,
    pub(super) notes: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// A pair of old and new names that a rename takes from.
struct Scope<'a> {
    what: &'static str,
    /// What the names are in, as the end of a phrase.
    within: String,
    old: Vec<&'a str>,
    new: Vec<&'a str>,
}

impl Scope<'_> {
    fn knows(&self, old: &str, new: &str) -> bool {
        self.old.contains(&old) && self.new.contains(&new)
    }
}

/// Finds the renames that `answers` say. Answers count before hints.
pub(super) fn resolve(from: &Schema, to: &Schema, answers: &Answers) -> Resolved {
    let mut found = Resolved::default();
    let tables = Scope {
        what: "table",
        within: String::new(),
        old: from.tables.keys().map(String::as_str).collect(),
        new: to.tables.keys().map(String::as_str).collect(),
    };
    let enums = Scope {
        what: "enum",
        within: String::new(),
        old: from.enums.keys().map(String::as_str).collect(),
        new: to.enums.keys().map(String::as_str).collect(),
    };
    let (mut of_tables, mut of_enums, mut inner) = (Vec::new(), Vec::new(), Vec::new());
    for (path, new) in &answers.renames {
        let pair = (path.name(), new.name());
        if tables.knows(&pair.0, &pair.1) {
            of_tables.push(pair);
        } else if enums.knows(&pair.0, &pair.1) {
            of_enums.push(pair);
        } else {
            inner.push((path, new));
        }
    }
    found.renames.tables = found.accept(&tables, of_tables);
    found.renames.enums = found.accept(&enums, of_enums);
    for hint in &answers.hints {
        let Named::Table(table) = &hint.new else { continue };
        let pairs = std::mem::take(&mut found.renames.tables);
        found.renames.tables = found.hint(&tables, pairs, hint, table);
    }
    let rest = found.columns(from, to, inner);
    for hint in &answers.hints {
        let Named::Column(table, column) = &hint.new else { continue };
        let Some(scope) = columns(&found.renames, from, to, table) else { continue };
        let pairs = found.renames.columns.remove(table).unwrap_or_default();
        let pairs = found.hint(&scope, pairs, hint, column);
        found.renames.columns.insert(table.clone(), pairs);
    }
    found.renames.columns.retain(|_, pairs| !pairs.is_empty());
    // The values of an enum are looked for in the enum that it was.
    found.renames.follow_columns(from, to);
    found.values(from, to, rest);
    for hint in &answers.hints {
        let Named::Value(name, value) = &hint.new else { continue };
        let Some(scope) = values(&found.renames, from, to, name) else { continue };
        let pairs = found.renames.values.remove(name).unwrap_or_default();
        let pairs = found.hint(&scope, pairs, hint, value);
        found.renames.values.insert(name.clone(), pairs);
    }
    found.renames.values.retain(|_, pairs| !pairs.is_empty());
    found
}

/// The columns of a table that both schemas have, by its new name.
fn columns<'a>(renames: &Renames, from: &'a Schema, to: &'a Schema, table: &str) -> Option<Scope<'a>> {
    let (old, new) = (from.tables.get(renames.old_table(table)?)?, to.tables.get(table)?);
    Some(Scope {
        what: "column",
        within: format!(" of table `{table}`"),
        old: old.columns.iter().map(|column| column.name.as_str()).collect(),
        new: new.columns.iter().map(|column| column.name.as_str()).collect(),
    })
}

/// The values of an enum that both schemas have, by its new name.
fn values<'a>(renames: &Renames, from: &'a Schema, to: &'a Schema, name: &str) -> Option<Scope<'a>> {
    let (old, new) = (from.enums.get(renames.old_enum(name)?)?, to.enums.get(name)?);
    Some(Scope {
        what: "value",
        within: format!(" of enum `{name}`"),
        old: old.iter().map(String::as_str).collect(),
        new: new.iter().map(String::as_str).collect(),
    })
}

impl Resolved {
    /// The pairs that do not fall over each other.
    fn accept(&mut self, scope: &Scope<'_>, pairs: Vec<(String, String)>) -> Vec<(String, String)> {
        let mut taken: Vec<(String, String)> = Vec::new();
        for (old, new) in &pairs {
            let Scope { what, within, .. } = scope;
            let told = if taken.iter().any(|(other, _)| other == old) {
                format!("{what} `{old}`{within} is renamed twice")
            } else if taken.iter().any(|(_, other)| other == new) {
                format!("two {what}s{within} are renamed to `{new}`")
            } else if old == new {
                format!("{what} `{old}`{within} is renamed to itself")
            } else {
                taken.push((old.clone(), new.clone()));
                continue;
            };
            self.problems.push(Problem::plain(told, "take the answer back, or name another"));
        }
        taken
    }

    /// Adds what a model says to `pairs`, or notes that it is of no use any more.
    fn hint(
        &mut self,
        scope: &Scope<'_>,
        mut pairs: Vec<(String, String)>,
        hint: &Hint,
        new: &str,
    ) -> Vec<(String, String)> {
        let (old, what) = (hint.old.as_str(), scope.what);
        let stale = if scope.old.contains(&new) {
            format!("the history has the {what} `{new}` already")
        } else if !scope.old.contains(&old) {
            format!("the history has no {what} `{old}`")
        } else {
            if pairs.iter().all(|(one, other)| one != old && other != new) {
                pairs.push((old.to_owned(), new.to_owned()));
            }
            return pairs;
        };
        self.notes.push(format!("{}: `renamed_from = \"{old}\"` can be taken away: {stale}", hint.origin));
        pairs
    }

    /// The answers about columns; gives those that are about none.
    fn columns<'a>(
        &mut self,
        from: &Schema,
        to: &Schema,
        answers: Vec<(&'a Path, &'a Path)>,
    ) -> Vec<(&'a Path, &'a Path)> {
        let mut rest = Vec::new();
        for (path, new) in answers {
            let table = path.inner().map(|(outer, old)| (self.renames.new_table(&outer).to_owned(), old));
            let scope = table.as_ref().and_then(|(table, _)| columns(&self.renames, from, to, table));
            match table.zip(scope) {
                Some(((table, old), scope)) if scope.knows(old, new.last()) => {
                    let pairs = self.renames.columns.entry(table).or_default();
                    pairs.push((old.to_owned(), new.last().to_owned()));
                }
                _ => rest.push((path, new)),
            }
        }
        for (table, pairs) in std::mem::take(&mut self.renames.columns) {
            let Some(scope) = columns(&self.renames, from, to, &table) else { continue };
            let pairs = self.accept(&scope, pairs);
            self.renames.columns.insert(table, pairs);
        }
        rest
    }

    /// The answers about values, which are all that is left.
    fn values(&mut self, from: &Schema, to: &Schema, answers: Vec<(&Path, &Path)>) {
        for (path, new) in answers {
            let Some((outer, old)) = path.inner() else {
                let (old, new) = (path.name(), new.name());
                let what = format!(
                    "`--rename {path}={new}` names nothing: there is no table or enum `{old}` in the history and `{new}` in the models"
                );
                self.problems.push(Problem::plain(what, "a column is renamed by --rename table.old=new"));
                continue;
            };
            let name = self.renames.new_enum(&outer).to_owned();
            let of_columns = columns(&self.renames, from, to, self.renames.new_table(&outer));
            let of_values = values(&self.renames, from, to, &name);
            let new = new.last();
            match (of_columns, of_values) {
                (_, Some(scope)) if scope.knows(old, new) => {
                    self.renames.values.entry(name).or_default().push((old.to_owned(), new.to_owned()));
                }
                (Some(scope), _) | (None, Some(scope)) => self.unknown(&scope, path, old, new),
                (None, None) => {
                    let what = format!(
                        "`--rename {path}={new}` names nothing: no table or enum `{outer}` is in both the history and the models"
                    );
                    self.problems.push(Problem::plain(what, "name it as the models do"));
                }
            }
        }
        for (name, pairs) in std::mem::take(&mut self.renames.values) {
            let Some(scope) = values(&self.renames, from, to, &name) else { continue };
            let pairs = self.accept(&scope, pairs);
            self.renames.values.insert(name, pairs);
        }
    }

    fn unknown(&mut self, scope: &Scope<'_>, path: &Path, old: &str, new: &str) {
        let Scope { what, within, .. } = scope;
        let (side, name, known) =
            if scope.old.contains(&old) { ("models have", new, &scope.new) } else { ("history has", old, &scope.old) };
        let told = format!("`--rename {path}={new}` names nothing: the {side} no {what} `{name}`{within}");
        let near = crate::schema::nearest(name, known.iter().copied());
        self.problems
            .push(Problem::plain(told, near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default()));
    }
}
