//! What people say beforehand: renames, drops, values.

use std::collections::{BTreeMap, BTreeSet};

use super::question::{Candidate, Question};
use crate::model::{LayoutColumn, Meta};
use crate::schema::Origin;
use crate::{Error, Type};

/// What people say beforehand of a change: renames, drops, values.
///
/// Nothing of it is guessed: what [`diff`](super::diff) needs and does not find here is asked.
///
/// ```
/// use aludel::migrate::Answers;
///
/// let mut answers = Answers::new();
/// answers.rename("users.mail=email")?;
/// answers.drop("posts")?;
/// answers.default_value("users.name=unknown")?;
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub(super) renames: Vec<(Path, Path)>,
    pub(super) drops: BTreeSet<Path>,
    pub(super) drop_all: bool,
    pub(super) defaults: Vec<(Path, String)>,
    pub(super) using: Vec<(Path, String)>,
    pub(super) hints: Vec<Hint>,
    /// The path of the model of each table; with it the schema wanted is what models say.
    pub(super) models: Option<BTreeMap<String, String>>,
}

/// A name with what it is in before it: `users.mail`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub(super) Vec<String>);

/// `renamed_from` of a model, a field or a variant.
#[derive(Clone, Debug)]
pub(super) struct Hint {
    pub(super) new: Named,
    pub(super) old: String,
    pub(super) origin: Origin,
}

/// What has a new name, by this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Table(String),
    /// Behind its table.
    Column(String, String),
    /// Behind its enum.
    Value(String, String),
}

impl Answers {
    /// Nothing said.
    pub fn new() -> Self {
        Answers::default()
    }

    /// Takes what models say beside their schema: `renamed_from` of models, fields and variants, and where they are written.
    ///
    /// A former name counts only while the history has it and not the new one; after that [`diff`](super::diff) notes that
    /// it can be taken away. What models have no words for, such as views and collations, then stays as the history has
    /// it.
    pub fn hints(&mut self, models: &[&'static Meta]) {
        let paths = self.models.get_or_insert_default();
        for meta in models {
            paths.insert(meta.table.to_owned(), format!("{}::{}", meta.module, meta.model));
            let hint = |new: Named, old: &str, line: u32| Hint {
                new,
                old: old.to_owned(),
                origin: Origin { model: meta.model.into(), file: meta.file.into(), line },
            };
            self.hints.extend(meta.renamed_from.map(|old| hint(Named::Table(meta.table.to_owned()), old, meta.line)));
            let layout = (meta.layout)();
            for (field, range) in meta.fields.iter().zip(&layout.fields) {
                for column in &layout.columns[range.clone()] {
                    variants(column, &mut self.hints);
                    let Some(old) = field.renamed_from else { continue };
                    // A field of several columns names them by a prefix, and its former name is the former prefix.
                    let rest = column.name.strip_prefix(field.column).unwrap_or_default();
                    let new = Named::Column(meta.table.to_owned(), column.name.to_owned());
                    self.hints.push(hint(new, &format!("{old}{rest}"), field.line));
                }
            }
        }
    }

    /// `--rename`: `old=new` for a table or enum, `table.old=new` for a column, `enum.old=new` for a value.
    ///
    /// # Errors
    /// A usage error where `text` has no `=`, or an empty name.
    pub fn rename(&mut self, text: &str) -> Result<(), Error> {
        let (path, new) = pair("--rename", "table.old=new", text)?;
        if new.is_empty() {
            return Err(Error::usage(format!("`--rename {text}` names nothing behind the `=`; write table.old=new")));
        }
        let new = Path::parse(&new);
        new.check("--rename", "table.old=new", text)?;
        self.renames.push((path, new));
        Ok(())
    }

    /// The same for a candidate of a question, whatever letters are in its name.
    pub(crate) fn choose(&mut self, question: &Question, candidate: &Candidate) {
        self.renames.push((Path::parse(&question.object), Path(vec![candidate.name.clone()])));
    }

    /// `--drop`: that a table, `table.column` or `enum.value` may go with all it holds.
    ///
    /// # Errors
    /// A usage error where a part of the name is empty.
    pub fn drop(&mut self, text: &str) -> Result<(), Error> {
        let path = Path::parse(text);
        path.check("--drop", "table.column", text)?;
        self.drops.insert(path);
        Ok(())
    }

    /// `--yes`: that whatever goes may go. It does not say that something is no rename.
    pub fn drop_all(&mut self) {
        self.drop_all = true;
    }

    /// `--default`: `table.column=value`, what rows get that are there already. A value in brackets is an expression in
    /// SQL, which may name other columns.
    ///
    /// # Errors
    /// A usage error where `text` has no `=`, or an empty name.
    pub fn default_value(&mut self, text: &str) -> Result<(), Error> {
        self.defaults.push(pair("--default", "table.column=value", text)?);
        Ok(())
    }

    /// `--using`: `table.column=expression`, what makes the values of a column that changes its type, in SQL.
    ///
    /// # Errors
    /// A usage error where `text` has no `=`, or an empty name.
    pub fn using(&mut self, text: &str) -> Result<(), Error> {
        self.using.push(pair("--using", "table.column=expression", text)?);
        Ok(())
    }
}

/// What the variants of a column's enum were called; once, however many columns are of it.
fn variants(column: &LayoutColumn, hints: &mut Vec<Hint>) {
    let Type::Enum(name) = &column.ty else { return };
    for renamed in column.renamed {
        let new = Named::Value(name.clone().into_owned(), renamed.variant.to_owned());
        if hints.iter().all(|hint| hint.new != new) {
            let origin = Origin { model: renamed.path.into(), file: renamed.file.into(), line: renamed.line };
            hints.push(Hint { new, old: renamed.from.to_owned(), origin });
        }
    }
}

/// The path before the first `=` that stands outside of quotes, and what stands behind it.
fn pair(flag: &str, form: &str, text: &str) -> Result<(Path, String), Error> {
    let mut quoted = false;
    let at = text.find(|letter: char| {
        quoted ^= letter == '"';
        letter == '=' && !quoted
    });
    let Some(at) = at else {
        return Err(Error::usage(format!("`{flag} {text}` has no `=`; write {flag} {form}")));
    };
    let path = Path::parse(&text[..at]);
    path.check(flag, form, text)?;
    Ok((path, text[at + 1..].to_owned()))
}

impl Path {
    /// Parts between dots; one in double quotes may hold dots, and quotes doubled.
    fn parse(text: &str) -> Path {
        let mut parts = vec![String::new()];
        let mut quoted = false;
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let last = parts.len() - 1;
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => parts[last].extend(letters.next()),
                '"' => quoted = !quoted,
                '.' if !quoted => parts.push(String::new()),
                other => parts[last].push(other),
            }
        }
        Path(parts)
    }

    fn check(&self, flag: &str, form: &str, text: &str) -> Result<(), Error> {
        if self.0.iter().any(String::is_empty) {
            return Err(Error::usage(format!("`{flag} {text}` holds an empty name; write {flag} {form}")));
        }
        Ok(())
    }

    /// The path of what is in something else.
    pub(super) fn of(outer: &str, inner: &str) -> Path {
        Path(outer.split('.').chain([inner]).map(str::to_owned).collect())
    }

    /// The path of a table or enum, which may be in a schema.
    pub(super) fn whole(name: &str) -> Path {
        Path(name.split('.').map(str::to_owned).collect())
    }

    /// The whole as one name, as tables and enums have it.
    pub(super) fn name(&self) -> String {
        self.0.join(".")
    }

    /// Its own name, without what it is in.
    pub(super) fn last(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// What it is in, and its own name; `None` where it is in nothing.
    pub(super) fn inner(&self) -> Option<(String, &str)> {
        let (last, outer) = self.0.split_last()?;
        (!outer.is_empty()).then(|| (outer.join("."), last.as_str()))
    }
}

/// As it is typed.
impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = |part: &String| match part.contains(['.', '=', '"']) {
            true => format!("\"{}\"", part.replace('"', "\"\"")),
            false => part.clone(),
        };
        f.write_str(&self.0.iter().map(part).collect::<Vec<_>>().join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (text, parts) in [
            ("users", vec!["users"]),
            ("users.mail", vec!["users", "mail"]),
            ("\"a.b\".\"c\"\"=\"", vec!["a.b", "c\"="]),
        ] {
            let path = Path::parse(text);
            assert_eq!(path.0, parts);
            assert_eq!(Path::parse(&path.to_string()), path);
        }
    }

    #[test]
    fn pairs() {
        let mut answers = Answers::new();
        answers.rename("users.\"a=b\"=\"c.d\"").unwrap();
        assert_eq!(answers.renames, [(Path(vec!["users".into(), "a=b".into()]), Path(vec!["c.d".into()]))]);
        let told = |result: Result<(), Error>| result.unwrap_err().to_string();
        let text = told(answers.rename("mail"));
        assert!(text.contains("`--rename mail` has no `=`; write --rename table.old=new"), "{text}");
        assert!(told(answers.rename("mail=")).contains("names nothing behind the `=`"));
        assert!(
            told(answers.drop("users.")).contains("`--drop users.` holds an empty name; write --drop table.column")
        );
    }
}
