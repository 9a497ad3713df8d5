//! Where two schemas differ, one line for each place: what `check` says.

use std::fmt;

use crate::schema::{Column, Constraint, Index, Op, Origin, PORTABLE, Schema, Table, literal_text};

/// One place in which the models and the history differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What it is about: `table`, `column`, `constraint`, `index`, `enum`, `view`, `schema` or `comment`.
    pub kind: &'static str,
    /// Its name, that of a column with its table's before it.
    pub object: String,
    /// The model or field; no model where the models do not have it.
    pub origin: Origin,
    /// What the models say, in SQL; `None` where they do not have it.
    pub models: Option<String>,
    /// What the history says, in SQL; `None` where it does not have it.
    pub history: Option<String>,
}

/// One line: what differs, with the model's file and line and what either side says.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.object)?;
        let place = match &self.origin {
            origin if origin.file.is_empty() => String::new(),
            origin => format!(" ({}:{})", origin.file, origin.line),
        };
        match (&self.models, &self.history) {
            (Some(models), Some(history)) => write!(f, ": {models} in the models{place}, {history} in the history"),
            (Some(models), None) if self.says() => write!(f, ": {models} in the models{place}, not in the history"),
            (Some(_), None) => write!(f, " is in the models{place}, not in the history"),
            (_, Some(history)) if self.says() => write!(f, ": {history} in the history, not in the models{place}"),
            (_, _) => write!(f, " is in the history, not in the models{place}"),
        }
    }
}

impl Difference {
    /// Whether a line has room for what the one side says that has it.
    fn says(&self) -> bool {
        !matches!(self.kind, "table" | "view" | "schema")
    }
}

/// Every place in which `models` differ from `history`, by name; empty where they agree.
///
/// Expressions are compared by what they mean. What models have no words for is no difference. Renames are not looked for:
/// what is called something else is told as missing on the one side and on the other.
pub fn differences(history: &Schema, models: &Schema) -> Vec<Difference> {
    if history == models {
        return Vec::new();
    }
    let mut models = models.clone();
    super::diff::carry(history, &mut models);
    for (on, text) in &history.comments {
        models.comments.entry(on.clone()).or_insert_with(|| text.clone());
    }
    places(history, &models)
}

/// Every place in which two schemas differ, options that models do not have among them.
pub(crate) fn places(history: &Schema, models: &Schema) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    let schemas = |schema: &Schema| schema.schemas.iter().map(|name| (name.clone(), String::new())).collect::<Vec<_>>();
    found.pairs("schema", schemas(models), schemas(history), |_| Origin::default());
    let enums =
        |schema: &Schema| schema.enums.iter().map(|(name, values)| (name.clone(), list(values))).collect::<Vec<_>>();
    found.pairs("enum", enums(models), enums(history), |name| enum_origin(models, name));
    for (name, table) in &models.tables {
        match history.tables.get(name) {
            Some(known) if known == table => {}
            Some(known) => found.table(known, table),
            None => found.push("table", name.clone(), &table.origin, Some(table_text(table)), None),
        }
    }
    for (name, table) in history.tables.iter().filter(|(name, _)| !models.tables.contains_key(*name)) {
        found.push("table", name.clone(), &Origin::default(), None, Some(table_text(table)));
    }
    let views = |schema: &Schema| {
        schema.views.iter().map(|(name, view)| (name.clone(), view.query.clone())).collect::<Vec<_>>()
    };
    found.pairs("view", views(models), views(history), |_| Origin::default());
    let comments =
        |schema: &Schema| schema.comments.iter().map(|(on, text)| (about(on), literal_text(text))).collect::<Vec<_>>();
    found.pairs("comment", comments(models), comments(history), |_| Origin::default());
    found.0
}

struct Found(Vec<Difference>);

impl Found {
    fn push(
        &mut self,
        kind: &'static str,
        object: String,
        origin: &Origin,
        models: Option<String>,
        history: Option<String>,
    ) {
        self.0.push(Difference { kind, object, origin: origin.clone(), models, history });
    }

    /// Compares what has a name and a text on both sides.
    fn pairs(
        &mut self,
        kind: &'static str,
        models: Vec<(String, String)>,
        history: Vec<(String, String)>,
        origin: impl Fn(&str) -> Origin,
    ) {
        let find = |side: &[(String, String)], name: &str| {
            side.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
        };
        for (name, text) in &models {
            let known = find(&history, name);
            if known.as_ref() != Some(text) {
                self.push(kind, name.clone(), &origin(name), Some(text.clone()), known);
            }
        }
        for (name, text) in history {
            if find(&models, &name).is_none() {
                self.push(kind, name.clone(), &origin(&name), None, Some(text));
            }
        }
    }

    fn table(&mut self, history: &Table, models: &Table) {
        let mut models = models.clone();
        super::diff::adopt(history, &mut models);
        let origin = |name: &str| match name.rsplit_once('.').and_then(|(_, column)| models.column(column)) {
            Some(column) => column.origin.clone(),
            None => models.origin.clone(),
        };
        self.pairs("column", columns(&models), columns(history), origin);
        self.pairs("constraint", constraints(&models), constraints(history), |_| models.origin.clone());
        self.pairs("index", indexes(&models), indexes(history), |_| models.origin.clone());
        self.pairs("comment", comments(&models), comments(history), origin);
    }
}

fn columns(table: &Table) -> Vec<(String, String)> {
    let text = |column: &Column| PORTABLE.column(None, column, &[]);
    table.columns.iter().map(|column| (format!("{}.{}", table.name, column.name), text(column))).collect()
}

fn constraints(table: &Table) -> Vec<(String, String)> {
    let text = |rule: &Constraint| {
        let text = PORTABLE.constraint(rule);
        let name = format!("CONSTRAINT {} ", (PORTABLE.name)(rule.name()));
        text.strip_prefix(&name).unwrap_or(&text).to_owned()
    };
    table.constraints().map(|rule| (rule.name().to_owned(), text(&rule))).collect()
}

fn indexes(table: &Table) -> Vec<(String, String)> {
    let text = |index: &Index| {
        Op::CreateIndex { table: table.name.clone(), index: index.clone(), concurrently: false }.print()
    };
    table.indexes.iter().map(|index| (index.name.clone(), text(index))).collect()
}

fn comments(table: &Table) -> Vec<(String, String)> {
    let own = table.comment.iter().map(|text| (table.name.clone(), literal_text(text)));
    let of = |column: &Column| {
        column.comment.as_ref().map(|text| (format!("{}.{}", table.name, column.name), literal_text(text)))
    };
    own.chain(table.columns.iter().filter_map(of)).collect()
}

/// What stands behind the first `word`.
fn behind(text: &str, word: &str) -> String {
    text.split_once(word).map_or(text, |(_, rest)| rest).to_owned()
}

fn table_text(table: &Table) -> String {
    Op::CreateTable(table.clone()).print()
}

fn list(values: &[String]) -> String {
    values.iter().map(|value| literal_text(value)).collect::<Vec<_>>().join(", ")
}

/// The first field of an enum.
fn enum_origin(models: &Schema, name: &str) -> Origin {
    let mut columns = models.tables.values().flat_map(|table| &table.columns);
    let of = |column: &&Column| matches!(&column.ty, crate::Type::Enum(of) if of == name);
    columns.find(of).map(|column| column.origin.clone()).unwrap_or_default()
}

fn about(on: &crate::schema::Commented) -> String {
    let op = Op::Comment { on: on.clone(), text: None };
    behind(&op.print(), "COMMENT ON ").trim_end_matches(" IS NULL").to_owned()
}
