//! The text of a stored CREATE TABLE, read without loss: what every piece of it is, and where it stands.
//!
//! Pragmas tell nothing of collations, conflict clauses, names of rules and comments, so a table is changed by changing
//! its own text. What is not understood is said; nothing of it is ever left away.

mod edit;
mod index;
mod names;
mod rename;
#[cfg(test)]
mod tests;
mod trigger;
mod words;

pub(super) use index::IndexText;
pub(super) use names::{names_any, renamed, substitute};
pub(super) use trigger::TriggerText;
pub(super) use words::{mentions, plain, quoted, unquoted};

use words::Words;

use crate::syntax::Span;

/// A stored CREATE TABLE.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) text: String,
    pub(super) name: Name,
    pub(super) columns: Vec<ColumnText>,
    /// Rules of the table as a whole.
    pub(super) rules: Vec<Clause>,
    /// Where the closing bracket stands.
    close: usize,
    pub(super) strict: bool,
    pub(super) without_rowid: bool,
}

/// A name as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Without quotes.
    pub(super) text: String,
    pub(super) span: Span,
}

impl Name {
    /// Names differ by more than the case of ASCII letters.
    pub(super) fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

/// A column of a stored table.
#[derive(Clone, Debug)]
pub(super) struct ColumnText {
    pub(super) name: Name,
    /// From its name to its last clause.
    pub(super) span: Span,
    /// The declared type, where there is one.
    pub(super) ty: Option<Span>,
    pub(super) clauses: Vec<Clause>,
}

/// A rule or attribute, of a column or of the table.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    /// With its name.
    pub(super) span: Span,
    /// What stands behind CONSTRAINT.
    pub(super) name: Option<Name>,
    pub(super) what: What,
}

/// What a clause says.
#[derive(Clone, Debug)]
pub(super) enum What {
    PrimaryKey {
        /// Empty where it stands at its column.
        columns: Vec<Name>,
        autoincrement: bool,
        /// Said at the column itself, it makes the column something else than the rowid.
        descending: bool,
    },
    Unique {
        columns: Vec<Name>,
    },
    NotNull,
    Null,
    Check {
        expression: Span,
    },
    Default,
    Collate,
    Generated {
        expression: Span,
    },
    ForeignKey {
        /// Empty where it stands at its column.
        columns: Vec<Name>,
        table: Name,
        /// Empty where it is the primary key of the other table.
        references: Vec<Name>,
    },
    /// A name before nothing.
    Loose,
}

impl What {
    /// Clauses of which a column has one.
    pub(super) fn same_kind(&self, other: &What) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

type Result<T> = std::result::Result<T, String>;

impl Definition {
    /// Reads the text of a table.
    ///
    /// # Errors
    /// What is not understood, and where.
    pub(super) fn read(text: &str) -> Result<Definition> {
        let mut words = Words::new(text)?;
        words.expect("CREATE")?;
        if words.eat("VIRTUAL") {
            return Err("it is a virtual table".into());
        }
        words.expect("TABLE")?;
        let mut name = words.name()?;
        if words.eat(".") {
            name = words.name()?;
        }
        words.expect("(")?;
        let (mut columns, mut rules) = (Vec::new(), Vec::new());
        loop {
            if ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| words.is(word)) {
                rules.push(rule(&mut words)?);
            } else {
                columns.push(column(&mut words)?);
            }
            // Between rules the comma may be left out.
            if !words.eat(",") && (words.is(")") || rules.is_empty()) {
                break;
            }
        }
        let close = words.expect(")")?.start;
        let (mut strict, mut without_rowid) = (false, false);
        while !words.at_end() {
            if words.eat("STRICT") {
                strict = true;
            } else {
                words.expect("WITHOUT")?;
                words.expect("ROWID")?;
                without_rowid = true;
            }
            if !words.at_end() {
                words.expect(",")?;
            }
        }
        Ok(Definition { text: text.to_owned(), name, columns, rules, close, strict, without_rowid })
    }

    /// The column of that name.
    pub(super) fn column(&self, name: &str) -> Option<&ColumnText> {
        self.columns.iter().find(|column| column.name.is(name))
    }

    /// Every clause that is a rule of its own: those of the table, and those at columns with the column's name.
    pub(super) fn all_rules(&self) -> impl Iterator<Item = (Option<&ColumnText>, &Clause)> {
        let at_columns =
            self.columns.iter().flat_map(|column| column.clauses.iter().map(move |rule| (Some(column), rule)));
        self.rules.iter().map(|rule| (None, rule)).chain(at_columns)
    }

    /// The columns of the primary key, in order; empty where there is none.
    pub(super) fn key(&self) -> Vec<&str> {
        for (column, rule) in self.all_rules() {
            if let What::PrimaryKey { columns, .. } = &rule.what {
                return match column {
                    Some(column) => vec![&column.name.text],
                    None => columns.iter().map(|name| name.text.as_str()).collect(),
                };
            }
        }
        Vec::new()
    }

    /// The column that is the rowid under another name.
    pub(super) fn rowid_column(&self) -> Option<&ColumnText> {
        let [key] = self.key()[..] else { return None };
        let column = self.column(key)?;
        let descending =
            column.clauses.iter().any(|rule| matches!(rule.what, What::PrimaryKey { descending: true, .. }));
        let integer = column.ty.is_some_and(|ty| unquoted(ty.of(&self.text)).eq_ignore_ascii_case("INTEGER"));
        (integer && !descending && !self.without_rowid).then_some(column)
    }

    /// A name for the rowid that no column takes; `None` where there is no rowid, or no name is left for it.
    pub(super) fn rowid(&self) -> Option<&'static str> {
        let free = |name: &&'static str| self.column(name).is_none();
        ["rowid", "_rowid_", "oid"].into_iter().find(free).filter(|_| !self.without_rowid)
    }

    /// Whether numbers of deleted rows never come back.
    pub(super) fn autoincrement(&self) -> bool {
        self.all_rules().any(|(_, rule)| matches!(rule.what, What::PrimaryKey { autoincrement: true, .. }))
    }
}

impl ColumnText {
    /// The declared type as it stands.
    pub(super) fn ty<'t>(&self, of: &'t Definition) -> &'t str {
        self.ty.map_or("", |span| span.of(&of.text))
    }

    /// Whether an expression makes it.
    pub(super) fn is_generated(&self) -> bool {
        self.clauses.iter().any(|clause| matches!(clause.what, What::Generated { .. }))
    }
}

fn column(words: &mut Words<'_>) -> Result<ColumnText> {
    let name = words.name()?;
    let mut end = name.span;
    let mut ty: Option<Span> = None;
    while words.is_name() && !words.begins_clause() {
        let word = words.name()?.span;
        ty = Some(ty.map_or(word, |ty| ty.to(word)));
    }
    if let Some(begin) = ty
        && words.is("(")
    {
        ty = Some(begin.to(words.brackets()?));
    }
    end = ty.unwrap_or(end);
    let mut clauses: Vec<Clause> = Vec::new();
    while !words.is(",") && !words.is(")") {
        if (words.is("NOT") && words.next_is("DEFERRABLE")) || words.is("DEFERRABLE") {
            let tail = words.deferrable()?;
            let key = clauses.iter_mut().rev().find(|clause| matches!(clause.what, What::ForeignKey { .. }));
            key.ok_or("DEFERRABLE stands behind no REFERENCES")?.span.end = tail.end;
            end = tail;
            continue;
        }
        let clause = clause(words)?;
        end = clause.span;
        clauses.push(clause);
    }
    Ok(ColumnText { span: name.span.to(end), name, ty, clauses })
}

/// A clause of a column.
fn clause(words: &mut Words<'_>) -> Result<Clause> {
    let start = words.here()?;
    let name = if words.eat("CONSTRAINT") { Some(words.name()?) } else { None };
    let what = if words.eat("PRIMARY") {
        words.expect("KEY")?;
        let descending = words.eat("DESC");
        let _ = descending || words.eat("ASC");
        words.conflict()?;
        What::PrimaryKey { columns: Vec::new(), autoincrement: words.eat("AUTOINCREMENT"), descending }
    } else if words.eat("UNIQUE") {
        words.conflict()?;
        What::Unique { columns: Vec::new() }
    } else if words.eat("NOT") {
        words.expect("NULL")?;
        words.conflict()?;
        What::NotNull
    } else if words.eat("NULL") {
        words.conflict()?;
        What::Null
    } else if words.eat("CHECK") {
        let expression = words.inside()?;
        words.conflict()?;
        What::Check { expression }
    } else if words.eat("DEFAULT") {
        words.value()?;
        What::Default
    } else if words.eat("COLLATE") {
        words.name()?;
        What::Collate
    } else if words.is("REFERENCES") {
        references(words, Vec::new())?
    } else if words.is("GENERATED") || words.is("AS") {
        if words.eat("GENERATED") {
            words.expect("ALWAYS")?;
        }
        words.expect("AS")?;
        let expression = words.inside()?;
        let _ = words.eat("STORED") || words.eat("VIRTUAL");
        What::Generated { expression }
    } else if name.is_some() {
        What::Loose
    } else {
        return Err(words.stuck());
    };
    Ok(Clause { span: start.to(words.behind()), name, what })
}

/// A rule of the table.
fn rule(words: &mut Words<'_>) -> Result<Clause> {
    let start = words.here()?;
    let name = if words.eat("CONSTRAINT") { Some(words.name()?) } else { None };
    let what = if words.eat("PRIMARY") {
        words.expect("KEY")?;
        let (columns, autoincrement) = words.keys()?;
        words.conflict()?;
        What::PrimaryKey { columns, autoincrement, descending: false }
    } else if words.eat("UNIQUE") {
        let (columns, _) = words.keys()?;
        words.conflict()?;
        What::Unique { columns }
    } else if words.eat("CHECK") {
        let expression = words.inside()?;
        words.conflict()?;
        What::Check { expression }
    } else if words.eat("FOREIGN") {
        words.expect("KEY")?;
        let (columns, _) = words.keys()?;
        references(words, columns)?
    } else if name.is_some() {
        What::Loose
    } else {
        return Err(words.stuck());
    };
    Ok(Clause { span: start.to(words.behind()), name, what })
}

/// `REFERENCES t (a) ON DELETE .. MATCH .. DEFERRABLE ..`
fn references(words: &mut Words<'_>, columns: Vec<Name>) -> Result<What> {
    words.expect("REFERENCES")?;
    let table = words.name()?;
    let references = if words.is("(") { words.keys()?.0 } else { Vec::new() };
    loop {
        if words.eat("ON") {
            words.name()?;
            if !words.eat("CASCADE") && !words.eat("RESTRICT") {
                // SET NULL, SET DEFAULT, NO ACTION
                words.name()?;
                words.name()?;
            }
        } else if words.eat("MATCH") {
            words.name()?;
        } else if words.is("DEFERRABLE") || (words.is("NOT") && words.next_is("DEFERRABLE")) {
            words.deferrable()?;
        } else {
            return Ok(What::ForeignKey { columns, table, references });
        }
    }
}
