//! What has to be asked before anything is lost or made up.

use super::answers::{Answers, Path};
use super::build::Given;
use super::convert::{Conversion, conversion};
use super::fill::value;
use super::plan::is_retyped;
use super::question::{Asked, Question, Unanswered, flag};
use super::table::needs_fill;
use crate::Type;
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
        self.values();
        let (from, to) = (self.from, self.to);
        self.tables();
        self.enums();
        for table in to.tables.values() {
            let old = self.given.renames.old_table(&table.name);
            if let Some(known) = old.and_then(|old| from.tables.get(old)).filter(|known| *known != table) {
                self.columns(known, table);
            }
        }
    }

    /// Reads the values and expressions that were given.
    fn values(&mut self) {
        let answers = self.answers;
        for (path, text) in &answers.defaults {
            let Some((table, column)) = self.place("--default", path) else { continue };
            match value(column, self.to.variants(&column.ty), text) {
                Ok(sql) => drop(self.given.fills.insert((table, column.name.clone()), sql)),
                Err(told) => {
                    let what = format!("`--default {path}={text}` is no value of the column: {told}");
                    self.open.problems.push(Problem::plain(what, "an expression in SQL stands in brackets"));
                }
            }
        }
        for (path, text) in &answers.using {
            let Some((table, column)) = self.place("--using", path) else { continue };
            self.given.using.insert((table, column.name.clone()), text.clone());
        }
    }

    /// The column that an answer is about, with its table's name.
    fn place(&mut self, said: &str, path: &Path) -> Option<(String, &'a Column)> {
        let to = self.to;
        let inner = path.inner();
        let table = inner.as_ref().and_then(|(outer, _)| to.tables.get(self.given.renames.new_table(outer)));
        let column = table.zip(inner.as_ref()).and_then(|(table, (_, name))| table.column(name));
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

    fn ask_drop(&mut self, path: &Path, text: String) {
        let flags = vec![flag("drop", &path.to_string())];
        self.open.questions.push(Question::new(Asked::Drop, path, text, flags));
    }

    fn tables(&mut self) {
        let (from, to) = (self.from, self.to);
        for table in from.tables.values() {
            let new = self.given.renames.new_table(&table.name);
            let survives = new != table.name || self.given.renames.old_table(new).is_some();
            if to.tables.contains_key(new) && survives {
                continue;
            }
            let path = Path::whole(&table.name);
            if !self.may_drop(std::slice::from_ref(&path)) {
                self.ask_drop(&path, format!("table `{}` is in no model any more; its rows would be lost", table.name));
            }
        }
    }

    fn enums(&mut self) {
        let (from, to) = (self.from, self.to);
        for (name, variants) in &to.enums {
            let Some(old) = self.given.renames.old_enum(name).filter(|old| from.enums.contains_key(*old)) else {
                continue;
            };
            let old = old.to_owned();
            for value in &from.enums[&old] {
                let renames = &self.given.renames;
                let survives = variants.iter().any(|new| renames.old_value(name, new) == Some(value));
                let path = Path::of(&old, value);
                if survives || self.may_drop(&[path.clone(), Path::of(name, value)]) || !holds(from, &old) {
                    continue;
                }
                let text =
                    format!("enum `{name}` has no value `{value}` any more; rows that hold it would stand in the way");
                self.ask_drop(&path, text);
            }
        }
    }

    /// The columns of a table that both have.
    fn columns(&mut self, from: &Table, to: &Table) {
        for column in &from.columns {
            let renames = &self.given.renames;
            let new = to.columns.iter().find(|new| renames.old_column(&to.name, &new.name) == Some(&column.name));
            match new {
                Some(new) => self.change(from, to, column, new),
                None if column.generated.is_some() => {}
                None => {
                    let paths = [Path::of(&from.name, &column.name), Path::of(&to.name, &column.name)];
                    if !self.may_drop(&paths) {
                        let text = format!(
                            "column `{}` of table `{}` is in no model any more; its values would be lost",
                            column.name, to.name
                        );
                        self.ask_drop(&paths[1], text);
                    }
                }
            }
        }
        for column in &to.columns {
            let old = self.given.renames.old_column(&to.name, &column.name);
            if old.is_none_or(|old| from.column(old).is_none()) {
                self.fill(to, column);
            }
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
                self.ask_drop(&path, text);
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

/// Whether a column is of the enum `name`, so that rows may hold its values.
fn holds(schema: &Schema, name: &str) -> bool {
    let mut columns = schema.tables.values().flat_map(|table| &table.columns);
    columns.any(|column| matches!(&column.ty, Type::Enum(of) if of == name))
}
