//! Answers that fit nothing: whoever gave one meant something by it.

use super::answers::Path;
use super::ask::Asking;
use super::convert::{Conversion, conversion};
use super::plan::is_retyped;
use super::table::needs_fill;
use crate::schema::{Column, Problem, Table, nearest};

impl<'a> Asking<'a> {
    /// Tells of the answers that nothing asks for. Those that name nothing are told already.
    pub(super) fn unused(&mut self) {
        let answers = self.answers;
        for (path, text) in &answers.defaults {
            if let (Some(table), Some(column)) = self.wanted(path)
                && let Some(why) = self.takes_no_value(table, column)
            {
                self.told(format!("`--default {path}={text}` is of no use: {why}"), "leave it out");
            }
        }
        for (path, text) in &answers.using {
            if let (Some(table), Some(column)) = self.wanted(path)
                && let Some(why) = self.takes_no_conversion(table, column)
            {
                self.told(format!("`--using {path}={text}` is of no use: {why}"), "leave it out");
            }
        }
        let gone: Vec<String> = self.gone_paths().iter().map(Path::to_string).collect();
        let unused: Vec<&Path> = answers.drops.iter().filter(|path| !self.goes(path)).collect();
        for path in unused {
            let near = nearest(&path.to_string(), gone.iter().map(String::as_str));
            let help = near.map_or_else(|| "leave it out".to_owned(), |near| format!("did you mean `{near}`?"));
            self.told(format!("`--drop {path}` is of no use: nothing that goes is called so"), &help);
        }
    }

    fn told(&mut self, what: String, help: &str) {
        self.open.problems.push(Problem::plain(what, help));
    }

    /// What a table and a column of it were before, as far as they were there.
    fn before(&self, table: &Table, column: &Column) -> (Option<&'a Table>, Option<&'a Column>) {
        let (from, renames) = (self.from, &self.given.renames);
        let known = renames.old_table(&table.name).and_then(|old| from.tables.get(old));
        let old = renames.old_column(&table.name, &column.name);
        (known, known.zip(old).and_then(|(known, old)| known.column(old)))
    }

    /// Why no row gets a value that is given for `column`; `None` where some do.
    fn takes_no_value(&self, table: &Table, column: &Column) -> Option<&'static str> {
        let why = match self.before(table, column) {
            (None, _) => "the table is new, so that it has no rows",
            (Some(_), None) if needs_fill(column) => return None,
            (Some(_), None) if column.nullable => "the column is new and takes NULL, which is what rows have in it",
            (Some(_), None) => "the database gives the rows that are there a value by itself",
            (Some(_), Some(known)) if known.nullable && !column.nullable => return None,
            (Some(_), Some(known)) if turns_into_nothing(known, column) && needs_fill(column) => return None,
            (Some(_), Some(_)) => "the rows keep what they have in the column",
        };
        Some(why)
    }

    /// Why an expression for the values of `column` makes none; `None` where it does.
    fn takes_no_conversion(&self, table: &Table, column: &Column) -> Option<&'static str> {
        let why = match self.before(table, column) {
            (_, None) => "the column is new; a value for the rows that are there is given by `--default`",
            (_, Some(known)) if !is_retyped(known, column) => "the column keeps its type",
            (_, Some(_)) if column.generated.is_some() => "the column is generated from now on",
            _ => return None,
        };
        Some(why)
    }

    /// Whether something goes that is called `path`, with its old or its new table.
    fn goes(&self, path: &Path) -> bool {
        self.gone_paths().contains(path)
            || matches!(self.wanted(path), (Some(table), Some(column))
                if self.before(table, column).1.is_some_and(|known| turns_into_nothing(known, column)))
    }

    /// All that goes, by every way to call it.
    fn gone_paths(&self) -> Vec<Path> {
        let (from, to, renames) = (self.from, self.to, &self.given.renames);
        let mut paths = Vec::new();
        for table in from.tables.values() {
            let name = renames.new_table(&table.name);
            let wanted = to.tables.get(name).filter(|_| renames.old_table(name) == Some(&table.name));
            if wanted.is_none() {
                paths.push(Path::whole(&table.name));
            }
            let stays = |old: &Column| {
                let mut columns = wanted.iter().flat_map(|wanted| &wanted.columns);
                columns.find(|column| renames.old_column(name, &column.name) == Some(&old.name))
            };
            for column in &table.columns {
                if stays(column).is_none_or(|new| turns_into_nothing(column, new)) {
                    paths.extend([Path::of(&table.name, &column.name), Path::of(name, &column.name)]);
                }
            }
        }
        for (old, values) in &from.enums {
            let name = renames.new_enum(old);
            let wanted = to.enums.get(name).filter(|_| renames.old_enum(name) == Some(old));
            if wanted.is_none() {
                paths.push(Path::whole(old));
            }
            for value in values {
                let stays = |new: &String| renames.old_value(name, new) == Some(value);
                if !wanted.is_some_and(|wanted| wanted.iter().any(stays)) {
                    paths.extend([Path::of(old, value), Path::of(name, value)]);
                }
            }
        }
        paths
    }
}

/// Whether no value that a column holds is one of what it becomes.
fn turns_into_nothing(old: &Column, new: &Column) -> bool {
    let becomes_generated = old.generated.is_none() && new.generated.is_some();
    becomes_generated || (is_retyped(old, new) && conversion(&new.name, &old.ty, &new.ty) == Conversion::None)
}
