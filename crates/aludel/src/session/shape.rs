//! The texts of flush and by-key statements: rendered once per model, shape and database, then only bound.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use foldhash::fast::RandomState;

use crate::dialect::{Dialect, Keys};
use crate::model::{Layout, LayoutColumn};
use crate::sql::{Binary, Delete, Expr, Name, Path, Select, Statement, Update, insert_rows};
use crate::{Error, Result, Type, Value};

/// What a cached statement does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// INSERT of these columns for so many rows, giving these columns back.
    Insert { columns: Vec<usize>, rows: usize, back: Vec<usize> },
    /// UPDATE of these columns by key, checking the old values of these, giving these back.
    Update { columns: Vec<usize>, compare: Vec<usize>, back: Vec<usize> },
    /// DELETE by key, checking the old values of these.
    Delete { compare: Vec<usize> },
    /// The key that the next insert may take.
    NextKey,
}

/// Texts of one model that are kept.
const MOST: usize = 1_024;

/// The texts of one model on one database.
#[derive(Debug)]
pub(crate) struct Texts {
    layout: &'static Layout,
    dialect: &'static Dialect,
    by_key: OnceLock<Statement>,
    shapes: RwLock<HashMap<Shape, Statement>>,
}

impl Texts {
    pub(crate) fn new(layout: &'static Layout, dialect: &'static Dialect) -> Self {
        Texts { layout, dialect, by_key: OnceLock::new(), shapes: RwLock::new(HashMap::new()) }
    }

    /// All columns of the row with a key: the parameters are the key's columns.
    pub(crate) fn by_key(&self, key: Vec<Value>) -> Result<Statement> {
        if let Some(statement) = self.by_key.get() {
            return Ok(statement.bind(key));
        }
        let mut select = Select::from(self.layout.meta.table);
        select.columns = self.layout.columns.iter().map(column).collect();
        select.filter = Some(all(self.layout.key.iter().map(|&at| equals(&self.layout.columns[at]))));
        let statement = select.render(self.dialect)?;
        Ok(self.by_key.get_or_init(|| statement).bind(key))
    }

    /// The statement of `shape` with its parameters.
    pub(crate) fn bind(&self, shape: &Shape, params: Vec<Value>) -> Result<Statement> {
        Ok(self.statement(shape)?.bind(params))
    }

    /// The statement of `shape`: asked for once, it is bound for each of many rows.
    pub(crate) fn statement(&self, shape: &Shape) -> Result<Statement> {
        if let Some(statement) = self.shapes.read().unwrap_or_else(PoisonError::into_inner).get(shape) {
            return Ok(statement.clone());
        }
        let statement = self.render(shape)?;
        let mut shapes = self.shapes.write().unwrap_or_else(PoisonError::into_inner);
        // Clients may choose which columns are changed: what they choose must not fill memory.
        if shapes.len() >= MOST {
            shapes.clear();
        }
        shapes.insert(shape.clone(), statement.clone());
        Ok(statement)
    }

    fn render(&self, shape: &Shape) -> Result<Statement> {
        let table: Name = self.layout.meta.table.into();
        let returning = |places: &[usize]| places.iter().map(|&at| self.named(at)).collect::<Vec<_>>();
        match shape {
            Shape::Insert { columns: given, rows, back } => {
                let columns: Vec<_> =
                    given.iter().map(|&at| &self.layout.columns[at]).map(|this| (this.name, &this.ty)).collect();
                let back: Vec<_> = back.iter().map(|&at| self.layout.columns[at].name).collect();
                insert_rows(self.dialect, &table, &columns, *rows, &back)
            }
            Shape::Update { columns: set, compare, back } => {
                let update = Update {
                    table,
                    set: set.iter().map(|&at| (self.name(at), placeholder(&self.layout.columns[at]))).collect(),
                    filter: Some(self.checked(compare)),
                    key: self.layout.key.iter().map(|&at| self.named(at)).collect(),
                    returning: returning(back),
                };
                update.render(self.dialect)
            }
            Shape::Delete { compare } => {
                let delete = Delete {
                    table,
                    filter: Some(self.checked(compare)),
                    key: self.layout.key.iter().map(|&at| self.named(at)).collect(),
                    returning: Vec::new(),
                };
                delete.render(self.dialect)
            }
            Shape::NextKey => {
                let Keys::Reserved(template) = self.dialect.keys else {
                    return Err(Error::usage(format!("{} reserves no keys", self.dialect.name)));
                };
                let key = self.dialect.quoted(self.layout.columns[self.layout.key[0]].name);
                let text = format!("'{}'", table.replace('\'', "''"));
                let filled = template.replace("{0}", &self.dialect.quoted(&table)).replace("{1}", &key);
                Ok(Statement::plain(filled.replace("{2}", &text)))
            }
        }
    }

    /// By key, and with these columns unchanged.
    fn checked(&self, compare: &[usize]) -> Expr {
        let key = self.layout.key.iter().map(|&at| equals(&self.layout.columns[at]));
        let old = compare.iter().map(|&at| {
            let this = &self.layout.columns[at];
            if this.nullable {
                Expr::Same(Box::new(column(this)), Box::new(placeholder(this)), false)
            } else {
                equals(this)
            }
        });
        all(key.chain(old))
    }

    fn name(&self, at: usize) -> Name {
        self.layout.columns[at].name.into()
    }

    fn named(&self, at: usize) -> (Name, Type) {
        (self.name(at), self.layout.columns[at].ty.clone())
    }
}

/// A column of the statement's own table.
pub(crate) fn column(column: &LayoutColumn) -> Expr {
    Expr::Column { path: Path::root(), name: column.name.into(), ty: column.ty.clone() }
}

fn placeholder(column: &LayoutColumn) -> Expr {
    Expr::Value(Value::Null, column.ty.clone())
}

fn equals(this: &LayoutColumn) -> Expr {
    Expr::Binary(Box::new(column(this)), Binary::Eq, Box::new(placeholder(this)))
}

/// All of `conditions`; there is always a key, so there is always one.
pub(crate) fn all(conditions: impl Iterator<Item = Expr>) -> Expr {
    conditions
        .reduce(|one, other| Expr::Binary(Box::new(one), Binary::And, Box::new(other)))
        .unwrap_or(Expr::Value(Value::Bool(true), Type::Bool))
}

/// The texts of all models of one database.
#[derive(Debug, Default)]
pub(crate) struct Library {
    models: RwLock<HashMap<usize, Arc<Texts>, RandomState>>,
}

impl Library {
    pub(crate) fn texts(&self, layout: &'static Layout, dialect: &'static Dialect) -> Arc<Texts> {
        let address = std::ptr::from_ref(layout).addr();
        if let Some(texts) = self.models.read().unwrap_or_else(PoisonError::into_inner).get(&address) {
            return texts.clone();
        }
        let mut models = self.models.write().unwrap_or_else(PoisonError::into_inner);
        models.entry(address).or_insert_with(|| Arc::new(Texts::new(layout, dialect))).clone()
    }
}
