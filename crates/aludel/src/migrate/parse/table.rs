//! CREATE TABLE: columns with their rules, and constraints.

use super::cursor::{Cursor, Mistake, Result, quoted};
use super::statement::refuse_if;
use super::{constraint, default, expression, types};
use crate::schema::{Column, Constraint, Generated, Identity, Op, Table, nearest};
use crate::syntax::Span;

/// What stands behind CREATE TABLE.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Result<Op> {
    refuse_if(cursor)?;
    let mut table = Table { name: cursor.path("the name of a table")?, ..Table::default() };
    if cursor.sees("as") || cursor.sees("like") {
        let help = "write the columns out, and fill the table by INSERT INTO .. SELECT ..";
        return Err(Mistake::new(cursor.here(), "a table says itself which columns it has", help));
    }
    cursor.expect_sign("(")?;
    loop {
        element(cursor, &mut table)?;
        if cursor.eat_sign(",") {
            if cursor.is_sign(0, ")") {
                return Err(Mistake::new(cursor.here(), "a comma stands before `)`", "leave the comma out"));
            }
            continue;
        }
        if cursor.eat_sign(")") {
            break;
        }
        return Err(after_element(cursor));
    }
    options(cursor)?;
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    let columns = table.columns.iter_mut();
    let in_key: Vec<&String> = key.collect();
    columns.filter(|column| in_key.contains(&&column.name)).for_each(|column| column.nullable = false);
    Ok(Op::CreateTable(table))
}

/// That a column or constraint goes on where it should not.
fn after_element(cursor: &Cursor<'_>) -> Mistake {
    let mut mistake = cursor.expected(&[",", ")"]);
    let found = cursor.peek().map(|token| cursor.piece(token).to_lowercase()).unwrap_or_default();
    let near = nearest(&found, RULES.into_iter()).map(|near| format!("did you mean {}?", quoted(near)));
    if mistake.help.is_empty() {
        mistake.help =
            near.unwrap_or_else(|| if cursor.is_done() { "count the brackets".into() } else { String::new() });
    }
    mistake
}

/// What the rules of a column begin with.
const RULES: [&str; 9] =
    ["not", "null", "default", "primary", "unique", "check", "references", "generated", "constraint"];

/// Refuses what some engines take behind the brackets.
fn options(cursor: &Cursor<'_>) -> Result {
    let help = if cursor.sees("inherits") {
        "write the columns out: a table of its own on every engine"
    } else if cursor.sees_any(&["engine", "charset", "default", "character", "collate", "auto_increment"]) {
        "leave it out: what every engine needs here is written for it"
    } else if cursor.sees_any(&["strict", "without"]) {
        "leave it out: tables are ordinary ones on every engine"
    } else if cursor.sees_any(&["partition", "tablespace", "with", "using"]) {
        "leave it out, or give one engine its own text: `-- instead:` below the statement"
    } else {
        return Ok(());
    };
    Err(Mistake { help: help.into(), ..cursor.expected(&[";"]) })
}

/// A column or a constraint.
fn element(cursor: &mut Cursor<'_>, table: &mut Table) -> Result {
    if cursor.sees("like") {
        let help = "write the columns out";
        return Err(Mistake::new(cursor.here(), "a table says itself which columns it has", help));
    }
    let index = (cursor.sees("key") || cursor.sees("index")) && (cursor.is_sign(1, "(") || cursor.is_sign(2, "("));
    if index {
        let help = "write CREATE INDEX .. ON .. (..) below the table";
        return Err(Mistake::new(cursor.here(), "an index is a statement of its own", help));
    }
    if constraint::begins(cursor) {
        let from = cursor.position();
        let constraint = constraint::read(cursor, &table.name)?;
        let span = cursor.since(from);
        cursor.note_given(constraint.name(), span);
        return take(table, constraint, span);
    }
    let (column, constraints) = column(cursor, &table.name)?;
    table.columns.push(column);
    for (constraint, span) in constraints {
        take(table, constraint, span)?;
    }
    Ok(())
}

/// Puts a constraint into the table.
fn take(table: &mut Table, constraint: Constraint, span: Span) -> Result {
    if matches!(constraint, Constraint::PrimaryKey(_)) && table.primary_key.is_some() {
        let help = "write one: PRIMARY KEY (a, b)";
        return Err(Mistake::new(span, "a table has one primary key, and this is the second", help));
    }
    if table.constraints().any(|other| other.name() == constraint.name()) {
        let what = format!("two constraints are called `{}`", constraint.name());
        return Err(Mistake::new(span, what, "write a name of its own before it: CONSTRAINT .."));
    }
    match constraint {
        Constraint::PrimaryKey(key) => table.primary_key = Some(key),
        Constraint::Unique(unique) => table.uniques.push(unique),
        Constraint::ForeignKey(key) => table.foreign_keys.push(key),
        Constraint::Check(check) => table.checks.push(check),
        Constraint::Exclusion(rule) => table.exclusions.push(rule),
    }
    Ok(())
}

/// A column of `table`, and the constraints among its rules with their places.
pub(super) fn column(cursor: &mut Cursor<'_>, table: &str) -> Result<(Column, Vec<(Constraint, Span)>)> {
    let name = cursor.name("the name of a column")?;
    let ty = types::read(cursor)?;
    let mut rules = Rules { column: Column::new(name, ty), nullable: None, constraints: Vec::new() };
    while rules.rule(cursor, table)? {}
    let Rules { mut column, nullable, constraints } = rules;
    let in_key = constraints.iter().any(|(constraint, _)| matches!(constraint, Constraint::PrimaryKey(_)));
    if nullable == Some(true) && (in_key || column.identity.is_some()) {
        let (what, help) = ("a key or identity holds no NULL", "leave NULL out");
        return Err(Mistake::new(cursor.here(), what, help));
    }
    column.nullable = nullable != Some(false) && !in_key && column.identity.is_none();
    Ok((column, constraints))
}

/// A column so far.
struct Rules {
    column: Column,
    nullable: Option<bool>,
    constraints: Vec<(Constraint, Span)>,
}

impl Rules {
    /// Reads one rule; `false` where none comes.
    fn rule(&mut self, cursor: &mut Cursor<'_>, table: &str) -> Result<bool> {
        let from = cursor.position();
        let name = if cursor.eat("constraint") { Some(cursor.name("the name of a constraint")?) } else { None };
        if cursor.eat("not") {
            cursor.expect("null")?;
            self.null(cursor, false, from)?;
        } else if cursor.eat("null") {
            self.null(cursor, true, from)?;
        } else if cursor.eat("default") {
            let (default, span) = default::read(cursor)?;
            self.once(self.column.default.is_some(), "a default", span)?;
            self.column.default = default::fitted(default, &self.column.ty, span)?;
        } else if cursor.eat("generated") {
            self.generated(cursor, from)?;
        } else if cursor.eat("collate") {
            let collation = cursor.name("a collation")?;
            self.once(self.column.collation.is_some(), "a collation", cursor.since(from))?;
            self.column.collation = Some(collation);
        } else if constraint::begins(cursor) || cursor.sees("references") {
            let constraint = constraint::of_column(cursor, table, &self.column.name, name)?;
            let span = cursor.since(from);
            cursor.note_given(constraint.name(), span);
            self.constraints.push((constraint, span));
        } else if let Some(help) = rule_help(cursor) {
            let found = cursor.peek().map(|token| cursor.piece(token).to_uppercase()).unwrap_or_default();
            return Err(Mistake::new(cursor.here(), format!("`{found}` is no portable rule of a column"), help));
        } else if name.is_some() {
            return Err(cursor.expected(&["not null", "default", "primary key", "unique", "check", "references"]));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn once(&self, seen: bool, what: &str, span: Span) -> Result {
        if !seen {
            return Ok(());
        }
        let what = format!("column `{}` has {what} already", self.column.name);
        Err(Mistake::new(span, what, "leave one of the two out"))
    }

    fn null(&mut self, cursor: &Cursor<'_>, nullable: bool, from: usize) -> Result {
        let contrary = self.nullable.is_some_and(|before| before != nullable);
        self.once(contrary, "the contrary rule", cursor.since(from))?;
        self.nullable = Some(nullable);
        Ok(())
    }

    /// What stands behind GENERATED.
    fn generated(&mut self, cursor: &mut Cursor<'_>, from: usize) -> Result {
        if cursor.sees("by default") || cursor.sees("always as identity") {
            let identity = identity(cursor)?;
            self.once(self.column.identity.is_some(), "an identity", cursor.since(from))?;
            self.column.identity = Some(identity);
            return Ok(());
        }
        if !cursor.sees("always") {
            return Err(cursor.expected(&["always", "by default"]));
        }
        cursor.expect("always as")?;
        if !cursor.is_sign(0, "(") {
            return Err(cursor.expected(&["identity", "("]));
        }
        let expression = expression::bracketed(cursor, "what makes the column")?;
        let stored = cursor.eat("stored");
        if !stored {
            cursor.eat("virtual");
        }
        self.once(self.column.generated.is_some(), "an expression", cursor.since(from))?;
        self.column.generated = Some(Generated { expression, stored });
        Ok(())
    }
}

/// `BY DEFAULT AS IDENTITY`, `ALWAYS AS IDENTITY`, with its options.
pub(super) fn identity(cursor: &mut Cursor<'_>) -> Result<Identity> {
    let always = cursor.eat("always");
    if !always {
        cursor.expect("by default")?;
    }
    cursor.expect("as identity")?;
    let mut identity = Identity { always, ..Identity::default() };
    if cursor.eat_sign("(") {
        while !cursor.eat_sign(")") {
            option(cursor, &mut identity)?;
        }
    }
    Ok(identity)
}

/// One option of an identity.
pub(super) fn option(cursor: &mut Cursor<'_>, identity: &mut Identity) -> Result {
    if cursor.eat("cycle") {
        identity.cycle = true;
    } else if cursor.eat("no cycle") {
        identity.cycle = false;
    } else if cursor.eat("start") {
        cursor.eat("with");
        identity.start = Some(cursor.integer("the first number")?).filter(|start| *start != 1);
    } else if cursor.eat("increment") {
        cursor.eat("by");
        identity.increment = Some(cursor.integer("the distance between numbers")?).filter(|step| *step != 1);
    } else if cursor.eat("minvalue") {
        identity.least = Some(cursor.integer("the least number")?);
    } else if cursor.eat("maxvalue") {
        identity.greatest = Some(cursor.integer("the greatest number")?);
    } else if cursor.eat("cache") {
        // How many numbers a connection takes at once changes nothing that is kept.
        cursor.integer("a number")?;
    } else if cursor.eat("sequence name") {
        cursor.path("the name of a sequence")?;
    } else if !(cursor.eat("no minvalue") || cursor.eat("no maxvalue")) {
        return Err(cursor.expected(&["start with", "increment by", "minvalue", "maxvalue", "cycle", ")"]));
    }
    Ok(())
}

/// What to write for a rule that is not portable.
fn rule_help(cursor: &Cursor<'_>) -> Option<&'static str> {
    const HELP: [(&str, &str); 9] = [
        ("autoincrement", "write BIGINT GENERATED BY DEFAULT AS IDENTITY for the column"),
        ("auto_increment", "write BIGINT GENERATED BY DEFAULT AS IDENTITY for the column"),
        ("identity", "write GENERATED BY DEFAULT AS IDENTITY"),
        ("unsigned", "write the next wider type: BIGINT for 32 bits without a sign"),
        ("comment", "write COMMENT ON COLUMN .. IS '..' below the table"),
        ("as", "write GENERATED ALWAYS AS (..) STORED"),
        ("on", "leave it out: a column that is set at each change is said in the model"),
        ("character", "leave it out: all texts are Unicode"),
        ("key", "write PRIMARY KEY, or CREATE INDEX below the table"),
    ];
    HELP.iter().find(|(word, _)| cursor.sees(word)).map(|(_, help)| *help)
}
