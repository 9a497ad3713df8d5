//! Statements become text: one pass, parameters and their types gathered on the way.
//!
//! Writing cannot fail; what an engine cannot do is an error that says what to write instead. Joins are found while the
//! expressions are written and put into their place behind FROM at the end: they hold no parameters, so that moves none.

mod expr;
mod list;
mod select;
mod write;

#[cfg(all(test, feature = "sqlite"))]
mod tests;

pub use list::list_params;
pub(crate) use list::list_policy;
pub use write::{insert_params, insert_rows};

use std::sync::Arc;

use super::{Delete, Expr, Fragment, Insert, Name, Path, Select, Statement, Update};
use crate::dialect::{Dialect, Placeholder};
use crate::{Error, Result, Type, Value};

impl Select {
    /// The statement as `dialect` spells it.
    ///
    /// # Errors
    /// A usage error where the engine cannot do what is asked, saying what to write instead.
    pub fn render(&self, dialect: &Dialect) -> Result<Statement> {
        Writer::render(dialect, |writer| writer.select(self))
    }
}

impl Insert {
    /// The statement as `dialect` spells it.
    ///
    /// # Errors
    /// A usage error where the engine cannot do what is asked, saying what to write instead.
    pub fn render(&self, dialect: &Dialect) -> Result<Statement> {
        Writer::render(dialect, |writer| writer.insert(self))
    }
}

impl Update {
    /// The statement as `dialect` spells it.
    ///
    /// # Errors
    /// A usage error where nothing is set, or where the engine cannot do what is asked.
    pub fn render(&self, dialect: &Dialect) -> Result<Statement> {
        Writer::render(dialect, |writer| writer.update(self))
    }
}

impl Delete {
    /// The statement as `dialect` spells it.
    ///
    /// # Errors
    /// A usage error where the engine cannot do what is asked, saying what to write instead.
    pub fn render(&self, dialect: &Dialect) -> Result<Statement> {
        Writer::render(dialect, |writer| writer.delete(self))
    }
}

/// A statement of text and expressions in turn, as `dialect` spells them. Outside of subselects it has no table whose
/// columns could be meant: names stand in it bare.
///
/// # Errors
/// A usage error where the engine cannot do what is asked, saying what to write instead.
pub fn raw(fragments: Vec<Fragment>, dialect: &Dialect) -> Result<Statement> {
    Writer::render(dialect, |writer| writer.expr(&Expr::Raw(fragments)))
}

/// A statement in the making.
struct Writer<'d> {
    dialect: &'d Dialect,
    text: String,
    params: Vec<Value>,
    types: Vec<Type>,
    /// All statements begun, inner ones behind the one they stand in.
    scopes: Vec<Scope>,
    /// The one whose columns are meant now.
    scope: usize,
    /// How many aliases are taken.
    aliases: usize,
    /// Tables that a FROM or a join names.
    reads: Vec<Name>,
}

/// The tables that a statement's columns may come from.
struct Scope {
    /// The statement it stands in.
    parent: Option<usize>,
    /// The statement's own table.
    root: Source,
    /// Where each path leads.
    joined: Vec<(Path, Source)>,
    /// The joins, to be put behind FROM.
    joins: String,
}

/// What stands before the point of a column.
#[derive(Clone)]
enum Source {
    /// An alias, by number.
    Alias(usize),
    /// The table of an INSERT, UPDATE or DELETE, by name.
    Table(Name),
}

impl Source {
    fn write(&self, dialect: &Dialect, out: &mut String) {
        match self {
            Source::Alias(number) => {
                out.push('t');
                digits(*number, out);
            }
            Source::Table(name) => dialect.quote(name, out),
        }
    }
}

/// Where a writer stood, to go back to.
struct Mark {
    text: usize,
    params: usize,
    scopes: usize,
    aliases: usize,
    reads: usize,
}

impl<'d> Writer<'d> {
    fn render(dialect: &'d Dialect, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<Statement> {
        let mut writer = Writer {
            dialect,
            text: String::with_capacity(256),
            params: Vec::new(),
            types: Vec::new(),
            scopes: Vec::new(),
            scope: 0,
            aliases: 0,
            reads: Vec::new(),
        };
        write(&mut writer)?;
        if writer.text.contains('\0') {
            return Err(Error::usage("a name or a piece of raw SQL holds a NUL character, where engines stop reading"));
        }
        if writer.params.len() > dialect.max_params {
            return Err(Error::usage(format!(
                "the statement has {} parameters, and {} takes at most {}: do it in several parts",
                writer.params.len(),
                dialect.name,
                dialect.max_params
            )));
        }
        Ok(Statement { text: Arc::from(writer.text), params: writer.params, types: Arc::from(writer.types) })
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn name(&mut self, name: &str) {
        self.dialect.quote(name, &mut self.text);
    }

    /// Writes names with commas between.
    fn names<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>) {
        for (at, name) in names.into_iter().enumerate() {
            self.comma(at);
            self.name(name);
        }
    }

    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.text.push_str(", ");
        }
    }

    /// Writes a placeholder and keeps its value.
    fn param(&mut self, value: Value, ty: &Type) {
        self.params.push(value);
        self.types.push(ty.clone());
        placeholder(self.dialect, self.params.len(), &mut self.text);
    }

    /// The same for many values of type `ty` at once.
    fn array(&mut self, values: Vec<Value>, ty: &Type) {
        self.param(Value::Array(values), ty);
        let suffix = (self.dialect.array)(ty);
        self.push(&suffix);
    }

    fn alias(&mut self) -> Source {
        let alias = Source::Alias(self.aliases);
        self.aliases += 1;
        alias
    }

    fn source(&mut self, source: &Source) {
        source.write(self.dialect, &mut self.text);
    }

    /// Writes what the present statement's own table is called.
    fn root(&mut self) {
        self.scopes[self.scope].root.write(self.dialect, &mut self.text);
    }

    /// Writes a column of the table that `path` leads to.
    fn column(&mut self, path: &Path, name: &str) {
        if path.hops().is_empty() {
            self.root();
        } else {
            let source = self.resolve(path);
            self.source(&source);
        }
        self.push(".");
        self.name(name);
    }

    /// Runs `write` as a statement of its own within the present one.
    fn enter(&mut self, root: Source, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let parent = if self.scopes.is_empty() { None } else { Some(self.scope) };
        let outer = self.scope;
        self.scope = self.scopes.len();
        self.scopes.push(Scope { parent, root, joined: Vec::new(), joins: String::new() });
        let result = write(self);
        self.scope = outer;
        result
    }

    /// Runs `write` with the columns of the enclosing statement.
    fn outer(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let inner = self.scope;
        self.scope = self.scopes.get(inner).and_then(|scope| scope.parent).ok_or_else(|| {
            Error::usage("an expression speaks of an enclosing statement, and there is none: use it within a subselect")
        })?;
        let result = write(self);
        self.scope = inner;
        result
    }

    /// The alias that `path` leads to in the present statement, joining what is not joined yet.
    fn resolve(&mut self, path: &Path) -> Source {
        let scope = &self.scopes[self.scope];
        if path.hops().is_empty() {
            return scope.root.clone();
        }
        if let Some((_, alias)) = scope.joined.iter().find(|(joined, _)| joined == path) {
            return alias.clone();
        }
        let mut here = scope.root.clone();
        let mut optional = false;
        for at in 0..path.hops().len() {
            let (prefix, hop) = (path.prefix(at + 1), &path.hops()[at]);
            optional |= hop.optional;
            let known = self.scopes[self.scope].joined.iter().find(|(joined, _)| *joined == prefix);
            here = match known {
                Some((_, alias)) => alias.clone(),
                None => self.join(&here, prefix, optional),
            };
        }
        here
    }

    /// Joins the last hop of `path` to the table called `here`.
    fn join(&mut self, here: &Source, path: Path, optional: bool) -> Source {
        let alias = self.alias();
        let Some(hop) = path.hops().last() else { return here.clone() };
        let scope = &mut self.scopes[self.scope];
        let joins = &mut scope.joins;
        joins.push_str(if optional { " LEFT JOIN " } else { " INNER JOIN " });
        self.dialect.quote(&hop.table, joins);
        joins.push_str(" AS ");
        alias.write(self.dialect, joins);
        joins.push_str(" ON ");
        for (at, (from, to)) in hop.on.iter().enumerate() {
            joins.push_str(if at > 0 { " AND " } else { "" });
            alias.write(self.dialect, joins);
            joins.push('.');
            self.dialect.quote(to, joins);
            joins.push_str(" = ");
            here.write(self.dialect, joins);
            joins.push('.');
            self.dialect.quote(from, joins);
        }
        self.reads.push(hop.table.clone());
        scope.joined.push((path, alias.clone()));
        alias
    }

    fn mark(&self) -> Mark {
        Mark {
            text: self.text.len(),
            params: self.params.len(),
            scopes: self.scopes.len(),
            aliases: self.aliases,
            reads: self.reads.len(),
        }
    }

    /// Forgets all that was written since `mark` was taken in the present statement.
    fn reset(&mut self, mark: &Mark) {
        self.text.truncate(mark.text);
        self.params.truncate(mark.params);
        self.types.truncate(mark.params);
        self.scopes.truncate(mark.scopes);
        self.aliases = mark.aliases;
        self.reads.truncate(mark.reads);
        let scope = &mut self.scopes[self.scope];
        scope.joined.clear();
        scope.joins.clear();
    }
}

/// Writes the placeholder of the parameter numbered `number`, from 1.
fn placeholder(dialect: &Dialect, number: usize, out: &mut String) {
    match dialect.placeholder {
        Placeholder::Question => out.push('?'),
        Placeholder::Dollar => {
            out.push('$');
            digits(number, out);
        }
    }
}

fn digits(number: usize, out: &mut String) {
    match u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)) {
        Some(digit) => out.push(digit),
        None => out.push_str(&number.to_string()),
    }
}
