//! All problems of a schema, not the first one only.

mod column;
mod expression;

use std::collections::BTreeMap;

use super::{Action, ForeignKey, Index, KeyOf, Origin, Problem, Schema, Table, name};

impl Schema {
    /// Every problem of this schema by itself: names, types, defaults, and rules that do not hold together.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check_cases(&mut problems);
        for table in self.tables.values() {
            let check = Checker { schema: self, table, problems: &mut problems };
            check.run();
        }
        for (of, variants) in &self.enums {
            if variants.is_empty() {
                problems.push(Problem::plain(format!("enum `{of}` has no variants"), "give it one"));
            }
            if let Some(fault) = name::fault(of) {
                problems.push(Problem::plain(format!("the enum's name `{of}` {fault}"), "choose another name"));
            }
        }
        problems
    }

    /// Tables whose names differ in case only are one table on some engines.
    fn check_cases(&self, problems: &mut Vec<Problem>) {
        let mut seen: BTreeMap<String, &Table> = BTreeMap::new();
        for table in self.tables.values() {
            if let Some(other) = seen.insert(table.name.to_lowercase(), table) {
                let what =
                    format!("the tables `{}` and `{}` differ in case only ({})", table.name, other.name, other.origin);
                problems.push(Problem::new(&table.origin, what, "rename one: #[model(table = \"..\")]"));
            }
        }
    }
}

/// The problems of one table.
struct Checker<'a> {
    schema: &'a Schema,
    table: &'a Table,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn tell(&mut self, origin: &Origin, what: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(origin, what, help));
    }

    fn run(mut self) {
        let table = self.table;
        if let Some(fault) = name::fault(&table.name) {
            self.tell(&table.origin, format!("the table's name `{}` {fault}", table.name.escape_debug()), RENAME_TABLE);
        }
        if let Some((of, _)) = table.name.split_once('.')
            && !self.schema.schemas.contains(of)
        {
            let what = format!("table `{}` is in a schema `{of}` that is not there: a dot parts the two", table.name);
            self.tell(&table.origin, what, RENAME_TABLE);
        }
        if table.name.starts_with("aludel_") {
            let what = format!("table names that begin with `aludel_` are reserved, and this is `{}`", table.name);
            self.tell(&table.origin, what, RENAME_TABLE);
        }
        if table.columns.is_empty() {
            self.tell(&table.origin, format!("table `{}` has no columns", table.name), "add a field");
        }
        self.columns();
        for constraint in table.constraints() {
            self.rule(constraint.name(), constraint.columns());
        }
        for key in &table.foreign_keys {
            self.foreign_key(key);
        }
        for rule in &table.checks {
            // A rule that a field gave is named by its column.
            let field = table.columns.iter().find(|column| name::check(&table.name, &column.name) == rule.name);
            let origin = field.map_or(&table.origin, |column| &column.origin);
            self.expression(&format!("check `{}`", rule.name), &rule.expression, origin);
        }
        for index in &table.indexes {
            self.index(index);
        }
        let Some(key) = &table.primary_key else {
            let help = "name a field `id`, or mark fields with #[column(key)]";
            self.tell(&table.origin, format!("table `{}` has no primary key", table.name), help);
            return;
        };
        for column in table.columns.iter().filter(|column| column.nullable && key.columns.contains(&column.name)) {
            self.tell(&column.origin, format!("the key column `{}` may be NULL", column.name), "take the Option away");
        }
    }

    /// A rule's name, and the columns it lists.
    fn rule(&mut self, of: &str, columns: &[String]) {
        let table = self.table;
        if let Some(fault) = name::fault(of) {
            self.tell(
                &table.origin,
                format!("the name `{}` of a rule or index {fault}", of.escape_debug()),
                "choose another name = \"..\"",
            );
        }
        for column in columns {
            if table.column(column).is_none() {
                let near = name::nearest(column, table.columns.iter().map(|column| column.name.as_str()));
                let help = near.map_or_else(|| "name a column of it".into(), |near| format!("did you mean `{near}`?"));
                self.tell(
                    &table.origin,
                    format!("`{of}` names the column `{column}`, which `{}` has not", table.name),
                    help,
                );
            }
        }
    }

    fn index(&mut self, index: &Index) {
        let columns: Vec<String> = index.columns().map(str::to_owned).collect();
        self.rule(&index.name, &columns);
        for key in &index.keys {
            if let KeyOf::Expression(expression) = &key.of {
                self.expression(&format!("a key of index `{}`", index.name), expression, &self.table.origin);
            }
        }
        if let Some(filter) = &index.filter {
            self.expression(&format!("the filter of index `{}`", index.name), filter, &self.table.origin);
        }
    }

    fn foreign_key(&mut self, key: &ForeignKey) {
        let origin = &self
            .table
            .column(key.columns.first().map_or("", String::as_str))
            .map_or_else(|| self.table.origin.clone(), |column| column.origin.clone());
        let Some(target) = self.schema.tables.get(&key.table) else {
            // Models have told already, with the name of the model.
            if origin.model.is_empty() {
                self.tell(origin, format!("`{}` points at a table `{}` that is not there", key.name, key.table), "");
            }
            return;
        };
        if key.columns.len() != key.references.len() {
            let what = format!("`{}` pairs {} columns with {}", key.name, key.columns.len(), key.references.len());
            self.tell(origin, what, format!("list all key columns of `{}`", key.table));
            return;
        }
        for (here, there) in key.columns.iter().zip(&key.references) {
            let (Some(here), found) = (self.table.column(here), target.column(there)) else { continue };
            match found {
                None => {
                    let what = format!("`{}` points at `{}.{there}`, which is not there", key.name, key.table);
                    self.tell(origin, what, "name a column of its key");
                }
                Some(there) if here.ty != there.ty => {
                    let (ours, theirs) = (super::print::type_name(&here.ty), super::print::type_name(&there.ty));
                    let what =
                        format!("column `{}` is {ours} but `{}.{}` is {theirs}", here.name, key.table, there.name);
                    self.tell(origin, what, format!("make both {theirs}"));
                }
                Some(_) => {}
            }
            for action in [key.on_delete, key.on_update] {
                if action == Action::SetNull && !here.nullable {
                    let what = format!("`set_null` on column `{}`, which may not be NULL", here.name);
                    self.tell(origin, what, "make the field an Option, or choose cascade or restrict");
                } else if action == Action::SetDefault && here.default.is_none() && !here.nullable {
                    let what = format!("`set_default` on column `{}`, which has no default", here.name);
                    self.tell(origin, what, "give the field a default, or choose cascade or restrict");
                }
            }
        }
        let names: Vec<&str> = key.references.iter().map(String::as_str).collect();
        if self.schema.unique_over(&key.table, &names).is_none()
            && names.iter().all(|name| target.column(name).is_some())
        {
            let what =
                format!("`{}` points at columns of `{}` that no key or unique rule is over", key.name, key.table);
            self.tell(origin, what, "point at its key");
        }
    }
}

const RENAME_TABLE: &str = "choose another #[model(table = \"..\")]";
