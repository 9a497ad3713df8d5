//! All problems of models and of a schema, not the first one only.

mod column;

use std::collections::BTreeMap;

use super::build::{field_origin, origin};
use super::{ForeignKey, Index, KeyOf, Origin, Problem, Schema, Table, name, text};
use crate::Type;
use crate::model::{Action, FieldMeta, Meta};

/// What can only be told from the models themselves. They come sorted by table.
pub(super) fn models(models: &[&'static Meta]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for pair in models.windows(2).filter(|pair| pair[0].table == pair[1].table) {
        problems.push(Problem::new(
            &origin(pair[1]),
            format!("table `{}` is declared by {} already", pair[1].table, origin(pair[0])),
            "give one of the two models another #[model(table = \"..\")]",
        ));
    }
    for meta in models {
        model(meta, models, &mut problems);
    }
    problems
}

fn model(meta: &Meta, models: &[&'static Meta], problems: &mut Vec<Problem>) {
    let origin = origin(meta);
    if meta.renamed_from == Some(meta.table) {
        let what = format!("`renamed_from` is the table's present name `{}`", meta.table);
        problems.push(Problem::new(&origin, what, "write the former name, or leave renamed_from out"));
    }
    let fields = || meta.fields.iter().map(|field| field.name);
    for key in meta.indexes.iter().flat_map(|index| index.keys).filter(|key| !key.expression) {
        if fields().any(|field| field == key.of) {
            continue;
        }
        let near = name::nearest(key.of, fields());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a field of the model, or write the key as an expression".to_owned(),
        };
        problems.push(Problem::new(
            &origin,
            format!("an index names the field `{}`, which is not there", key.of),
            help,
        ));
    }
    for index in meta.indexes.iter().filter(|index| index.keys.is_empty()) {
        let what = format!("the index `{}` has no keys", index.name.unwrap_or_default());
        problems.push(Problem::new(&origin, what, "name the fields it is over"));
    }
    let layout = (meta.layout)();
    for (field, range) in meta.fields.iter().zip(&layout.fields) {
        let columns = &layout.columns[range.clone()];
        let types: Vec<&Type> = columns.iter().map(|column| &column.ty).collect();
        self::field(meta, field, &types, problems);
        for (target, _) in columns.iter().filter_map(|column| column.references) {
            let target = target();
            if !models.iter().any(|other| other.table == target.table) {
                problems.push(Problem::new(
                    &field_origin(meta, field),
                    format!("it points at {}, which is not in this schema", self::origin(target)),
                    missing_model(meta, target),
                ));
                break;
            }
        }
    }
}

fn missing_model(meta: &Meta, target: &Meta) -> String {
    if meta.bind != target.bind {
        let (here, there) = (meta.bind, target.bind);
        return format!(
            "it is in the database `{there}`, this one in `{here}`, and keys do not cross: keep the key in a plain column"
        );
    }
    let module = target.module.split("::").next().unwrap_or_default();
    format!(
        "add `{}` to `schema![..]`; without a list, a crate that nothing names is not linked: write `use {module} as _;`",
        target.model
    )
}

fn field(meta: &Meta, field: &FieldMeta, types: &[&Type], problems: &mut Vec<Problem>) {
    let mut tell = |what: String, help: &str| problems.push(Problem::new(&field_origin(meta, field), what, help));
    if field.renamed_from == Some(field.column) {
        let what = format!("`renamed_from` is the column's present name `{}`", field.column);
        tell(what, "write the former name, or leave renamed_from out");
    }
    let text = |ty: &&&Type| matches!(ty, Type::Varchar(_) | Type::Char(_));
    let decimal = |ty: &&&Type| matches!(ty, Type::Numeric(..));
    if field.length.is_some() && !types.iter().any(|ty| text(&ty)) {
        tell("`length` is for text".into(), "leave it out");
    }
    if field.precision.is_some() && !types.iter().any(|ty| decimal(&ty)) {
        tell("`precision` is for decimals".into(), "leave it out");
    }
    if field.generated.is_some() && field.default.is_some() {
        tell("a generated column has no default".into(), "leave one of the two out");
    }
    if field.generated.is_some() && types.len() > 1 {
        tell("one expression cannot make several columns".into(), "put `generated` on a field of one column");
    }
}

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
            self.tell(&table.origin, format!("the table's name `{}` {fault}", table.name), RENAME_TABLE);
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
        if table.primary_key.is_none() {
            let help = "name a field `id`, or mark fields with #[column(key)]";
            self.tell(&table.origin, format!("table `{}` has no primary key", table.name), help);
        }
        for key in &table.foreign_keys {
            self.foreign_key(key);
        }
        for rule in &table.checks {
            self.expression(&format!("check `{}`", rule.name), &rule.expression, &table.origin);
        }
        for index in &table.indexes {
            self.index(index);
        }
    }

    /// A rule's name, and the columns it lists.
    fn rule(&mut self, of: &str, columns: &[String]) {
        let table = self.table;
        if let Some(fault) = name::fault(of) {
            self.tell(
                &table.origin,
                format!("the name `{of}` of a rule or index {fault}"),
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

    /// An expression that has to be whole and to name at least one column.
    fn expression(&mut self, what: &str, expression: &str, origin: &Origin) {
        if let Some(fault) = text::fault(expression) {
            self.tell(origin, format!("{what} is no expression: {fault}, in `{expression}`"), "correct the text");
        } else if !self.table.columns.iter().any(|column| text::names(expression, &column.name)) {
            let help = format!("name one of: {}", self.column_list());
            self.tell(origin, format!("{what} names no column of `{}`: `{expression}`", self.table.name), help);
        }
    }

    fn column_list(&self) -> String {
        self.table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
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
