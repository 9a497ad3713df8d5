//! What has to be asked before anything is lost or made up.

use std::collections::BTreeSet;

use super::answers::{Answers, Path};
use super::assign::assign;
use super::build::Given;
use super::convert::{Conversion, conversion};
use super::fill::typed;
use super::plan::is_retyped;
use super::question::{Asked, Candidate, Question, Unanswered, flag};
use super::rename::is_enum;
use super::score::{self, Score};
use super::table::needs_fill;
use crate::migrate::parse::expression_fault;
use crate::schema::{Column, Problem, Schema, Table, type_name};

/// Collects questions while it goes over both schemas.
pub(super) struct Asking<'a> {
    pub(super) from: &'a Schema,
    pub(super) to: &'a Schema,
    pub(super) answers: &'a Answers,
    pub(super) given: Given,
    pub(super) open: Unanswered,
}

impl<'a> Asking<'a> {
    /// Asks for consent to whatever goes, and for the values of what has none.
    pub(super) fn ask(&mut self) {
        let (from, to) = (self.from, self.to);
        self.tables();
        self.variants();
        for table in to.tables.values() {
            let old = self.given.renames.old_table(&table.name);
            if let Some(known) = old.and_then(|old| from.tables.get(old)).filter(|known| *known != table) {
                self.columns(known, table);
            }
        }
    }

    /// Reads the values and expressions that were given.
    pub(super) fn values(&mut self) {
        let answers = self.answers;
        for (path, text) in &answers.defaults {
            let Some((table, column)) = self.place("--default", path) else { continue };
            match typed(column, self.to.variants(&column.ty), text) {
                Ok(fill) => drop(self.given.fills.insert((table, column.name.clone()), fill)),
                Err((told, help)) => {
                    let what = format!("`--default {path}={text}`: {told}");
                    let help = format!("{help}; an expression in SQL stands in brackets");
                    self.open.problems.push(Problem::plain(what, help));
                }
            }
        }
        for (path, text) in &answers.using {
            let Some((table, column)) = self.place("--using", path) else { continue };
            if let Some(fault) = expression_fault(text) {
                let what = format!("`--using {path}={text}` is no expression: {fault}");
                self.open.problems.push(Problem::plain(what, "write one alone, such as upper(name)"));
            }
            self.given.using.insert((table, column.name.clone()), text.clone());
        }
    }

    /// The table and the column that `path` names in the schema wanted, as far as they are there.
    pub(super) fn wanted(&self, path: &Path) -> (Option<&'a Table>, Option<&'a Column>) {
        let to = self.to;
        let Some((outer, name)) = path.inner() else { return (None, None) };
        let table = to.tables.get(self.given.renames.new_table(&outer));
        (table, table.and_then(|table| table.column(name)))
    }

    /// The column that an answer is about, with its table's name.
    fn place(&mut self, said: &str, path: &Path) -> Option<(String, &'a Column)> {
        let (table, column) = self.wanted(path);
        if let (Some(table), Some(column)) = (table, column) {
            return Some((table.name.clone(), column));
        }
        let what = format!("`{said} {path}=..` names nothing: the models have no such column");
        let columns = table.map(|table| table.columns.iter().map(|column| column.name.as_str()));
        let near = columns.and_then(|mut columns| crate::schema::nearest(path.last(), &mut columns));
        let help = near.map_or_else(|| "write table.column".into(), |near| format!("did you mean `{near}`?"));
        self.open.problems.push(Problem::plain(what, help));
        None
    }

    fn may_drop(&self, paths: &[Path]) -> bool {
        self.answers.drop_all || paths.iter().any(|path| self.answers.drops.contains(path))
    }

    /// Asks whether what is gone is something that is new, and of the rest whether it may go.
    fn gone(&mut self, scope: &Scope<'_>, gone: &[Gone], new: &[&str], score: impl Fn(&str, &str) -> Score) -> bool {
        let said = |gone: &&Gone| !gone.paths.iter().any(|path| self.answers.drops.contains(path));
        let open: Vec<&Gone> = gone.iter().filter(said).collect();
        let scores: Vec<Vec<Score>> =
            open.iter().map(|gone| new.iter().map(|new| score(&gone.name, new)).collect()).collect();
        let worth: Vec<Vec<f64>> = scores.iter().map(|row| row.iter().map(|score| score.worth).collect()).collect();
        let mut asked = false;
        for ((gone, row), pair) in open.into_iter().zip(scores).zip(assign(&worth, LEAST)) {
            let candidates = candidates(new, row, pair);
            if !candidates.is_empty() {
                asked = true;
                let question = rename(scope, gone, candidates);
                self.open.questions.push(question);
            } else if !self.answers.drop_all && !gone.loses.is_empty() {
                let path = &gone.paths[0];
                let text = format!("{} `{}`{} {}", scope.what, gone.name, scope.within, gone.loses);
                self.open.questions.push(Question::new(Asked::Drop, path, text, vec![flag("drop", &path.to_string())]));
            }
        }
        asked
    }

    fn tables(&mut self) {
        let (from, to) = (self.from, self.to);
        let renames = &self.given.renames;
        let survivors: BTreeSet<&str> = to
            .tables
            .keys()
            .filter_map(|name| renames.old_table(name))
            .filter(|old| from.tables.contains_key(*old))
            .collect();
        let new: Vec<&str> = to.tables.keys().map(String::as_str).collect();
        let new: Vec<&str> = new
            .into_iter()
            .filter(|name| renames.old_table(name).is_none_or(|old| !from.tables.contains_key(old)))
            .collect();
        let gone = from.tables.keys().filter(|name| !survivors.contains(name.as_str()));
        let gone: Vec<Gone> = gone
            .map(|name| Gone {
                name: name.clone(),
                paths: vec![Path::whole(name)],
                loses: "is in no model any more; its rows would be lost",
            })
            .collect();
        if gone.is_empty() {
            return;
        }
        let scores = score::Tables::new(from, to);
        let scope = Scope { what: "table", within: String::new() };
        self.gone(&scope, &gone, &new, |old, new| scores.score(&from.tables[old], &to.tables[new]));
    }

    /// The values of the enums that both have. Where no column is of an enum, none of its values is anywhere.
    fn variants(&mut self) {
        let (from, to) = (self.from, self.to);
        for (name, variants) in &to.enums {
            let renames = &self.given.renames;
            let Some(old) = renames.old_enum(name).filter(|old| from.enums.contains_key(*old)) else { continue };
            let (old, known) = (old.to_owned(), &from.enums[old]);
            if known == variants || !holds(from, &old) {
                continue;
            }
            let survivors: BTreeSet<&str> = variants.iter().filter_map(|new| renames.old_value(name, new)).collect();
            let gone = known.iter().filter(|value| !survivors.contains(value.as_str()));
            let gone: Vec<Gone> = gone
                .map(|value| Gone {
                    name: value.clone(),
                    paths: vec![Path::of(name, value), Path::of(&old, value)],
                    loses: "is in no model any more; rows that hold it would stand in the way",
                })
                .collect();
            let is_new =
                |new: &&str| renames.old_value(name, new).is_none_or(|old| !known.iter().any(|value| value == old));
            let new: Vec<&str> = variants.iter().map(String::as_str).filter(is_new).collect();
            let scope = Scope { what: "value", within: format!(" of enum `{name}`") };
            self.gone(&scope, &gone, &new, |old, new| score::values(known, variants, old, new));
        }
    }

    /// The columns of a table that both have.
    fn columns(&mut self, from: &Table, to: &Table) {
        let renames = self.given.renames.clone();
        let old = |new: &Column| renames.old_column(&to.name, &new.name).and_then(|old| from.column(old));
        let mut gone: Vec<&Column> = from.columns.iter().collect();
        let mut new = Vec::new();
        for column in &to.columns {
            match old(column) {
                Some(known) => {
                    gone.retain(|other| other.name != known.name);
                    self.change(from, to, known, column);
                }
                None => new.push(column),
            }
        }
        let lost: Vec<Gone> = gone
            .iter()
            .map(|column| Gone {
                name: column.name.clone(),
                paths: vec![Path::of(&to.name, &column.name), Path::of(&from.name, &column.name)],
                loses: match column.generated {
                    Some(_) => "",
                    None => "is in no model any more; its values would be lost",
                },
            })
            .collect();
        let names: Vec<&str> = new.iter().map(|column| column.name.as_str()).collect();
        let scope = Scope { what: "column", within: format!(" of table `{}`", to.name) };
        let asked = self.gone(&scope, &lost, &names, |old, new| match (from.column(old), to.column(new)) {
            (Some(old), Some(new)) => score::columns(from, to, &renames, old, new),
            _ => Score::default(),
        });
        // Who is asked whether a column is an old one is not asked what is in it as well.
        let candidates: Vec<String> = match asked {
            true => {
                self.open.questions.iter().flat_map(|question| &question.candidates).map(|it| it.name.clone()).collect()
            }
            false => Vec::new(),
        };
        for column in new.into_iter().filter(|column| !candidates.contains(&column.name)) {
            self.fill(to, column);
        }
    }

    /// A column that is there and changes.
    fn change(&mut self, from: &Table, to: &Table, old: &Column, new: &Column) {
        if old.generated.is_some() {
            return;
        }
        let path = Path::of(&to.name, &new.name);
        let paths = [path.clone(), Path::of(&from.name, &old.name)];
        if new.generated.is_some() {
            if !self.may_drop(&paths) {
                let text = format!("column `{path}` is generated from now on; the values it has would be lost");
                let flags = vec![flag("drop", &path.to_string())];
                self.open.questions.push(Question::new(Asked::Drop, &path, text, flags));
            }
            return;
        }
        let given = self.given.using.contains_key(&(to.name.clone(), new.name.clone()));
        if !is_retyped(old, new) || given || conversion(&new.name, &old.ty, &new.ty) != Conversion::None {
            return;
        }
        if self.may_drop(&paths) {
            return self.fill(to, new);
        }
        let text = format!(
            "column `{path}` becomes {} and was {}: no value of the one means a value of the other",
            type_name(&new.ty),
            type_name(&old.ty)
        );
        let flags = vec![format!("--using '{path}=<expression>'"), flag("drop", &path.to_string())];
        self.open.questions.push(Question::new(Asked::Using, &path, text, flags));
    }

    /// A column that is new in a table that may have rows.
    fn fill(&mut self, table: &Table, column: &Column) {
        if !needs_fill(column) || self.given.fills.contains_key(&(table.name.clone(), column.name.clone())) {
            return;
        }
        let path = Path::of(&table.name, &column.name);
        let place = if column.origin.file.is_empty() { String::new() } else { format!(", {}", column.origin) };
        let text = format!(
            "column `{path}` is new, takes no NULL and has no default: rows that are there need a value{place}"
        );
        let flags = vec![format!("--default '{path}=<value>'")];
        self.open.questions.push(Question::new(Asked::Default, &path, text, flags));
    }
}

/// What the names of one question are names of.
struct Scope<'a> {
    what: &'a str,
    /// What they are in, as the end of a phrase.
    within: String,
}

/// Something that is not wanted any more.
struct Gone {
    name: String,
    /// How it may be called in answers; the first is shown.
    paths: Vec<Path>,
    /// What goes with it, as the end of a sentence; empty where nothing does.
    loses: &'static str,
}

/// Below this, two things have nothing to do with each other.
const LEAST: f64 = 0.45;
/// From here on, and with this much before the next, one stands out.
const LIKELY: f64 = 0.80;
const AHEAD: f64 = 0.15;
/// So many candidates are shown.
const SHOWN: usize = 5;

/// The candidates worth a thought: the one that is best for all first, then by score.
fn candidates(new: &[&str], scores: Vec<Score>, pair: Option<usize>) -> Vec<Candidate> {
    let mut found: Vec<(bool, Candidate)> = scores
        .into_iter()
        .enumerate()
        .filter(|(_, score)| score.worth >= LEAST)
        .map(|(at, Score { worth, reasons })| {
            (Some(at) != pair, Candidate { name: new[at].to_owned(), score: worth, reasons })
        })
        .collect();
    found.sort_by(|(one, a), (other, b)| one.cmp(other).then(b.score.total_cmp(&a.score)));
    found.truncate(SHOWN);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

fn rename(scope: &Scope<'_>, gone: &Gone, candidates: Vec<Candidate>) -> Question {
    let path = &gone.paths[0];
    let Scope { what, within } = scope;
    let text = match candidates.as_slice() {
        [one] => format!("is {what} `{}`{within} called `{}` now, or is it gone?", gone.name, one.name),
        _ => format!("which {what}{within} is `{}` now, or is it gone?", gone.name),
    };
    let new = |candidate: &Candidate| flag("rename", &format!("{path}={}", Path(vec![candidate.name.clone()])));
    let mut flags: Vec<String> = candidates.iter().map(new).collect();
    flags.push(flag("drop", &path.to_string()));
    let next = candidates.get(1).map_or(0.0, |next| next.score);
    let suggested = candidates.first().filter(|first| first.score >= LIKELY && first.score - next >= AHEAD);
    let suggested = suggested.map(|first| first.name.clone());
    Question { suggested, candidates, ..Question::new(Asked::Rename, path, text, flags) }
}

/// Whether a column is of the enum `name`, so that rows may hold its values.
fn holds(schema: &Schema, name: &str) -> bool {
    let mut columns = schema.tables.values().flat_map(|table| &table.columns);
    columns.any(|column| is_enum(&column.ty, name))
}
