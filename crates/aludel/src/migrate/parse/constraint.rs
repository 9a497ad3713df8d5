//! Constraints, of a column and of a table, with the names they have by convention.

use super::cursor::{Cursor, Mistake, Result};
use super::expression;
use crate::schema::{
    Action, Check, Constraint, Deferral, Exclusion, ForeignKey, PrimaryKey, Unique, check_name, foreign_key_name,
    primary_key_name, unique_name,
};
use crate::syntax::Span;

/// Whether a constraint of a table begins here.
pub(super) fn begins(cursor: &Cursor<'_>) -> bool {
    cursor.sees_any(&["constraint", "primary", "unique", "check", "foreign", "exclude"])
}

/// A constraint of a table, with or without its name.
pub(super) fn read(cursor: &mut Cursor<'_>, of: &str) -> Result<Constraint> {
    let start = cursor.here();
    let name = if cursor.eat("constraint") { Some(given(cursor)?) } else { None };
    if cursor.eat("primary") {
        cursor.expect("key")?;
        no_index(cursor)?;
        let columns = cursor.names("the name of a column")?;
        return primary_key(cursor, of, name, columns);
    }
    if cursor.eat("unique") {
        no_index(cursor)?;
        let nulls_not_distinct = nulls(cursor)?;
        let columns = cursor.names("the name of a column")?;
        return unique(cursor, of, name, Unique { columns, nulls_not_distinct, ..Unique::default() });
    }
    if cursor.eat("exclude") {
        return exclusion(cursor, name, start);
    }
    if cursor.eat("foreign") {
        cursor.expect("key")?;
        let columns = cursor.names("the name of a column")?;
        return foreign_key(cursor, of, name, columns);
    }
    if cursor.eat("check") {
        let expression = expression::bracketed(cursor, "the rule")?;
        let Some(name) = name else {
            let help = format!("write CONSTRAINT ck_{of}_.. before it: a name stays the same in every database");
            return Err(Mistake::new(start, "a rule of the table without a name", help));
        };
        return Ok(Constraint::Check(Check { name, expression, no_inherit: cursor.eat("no inherit") }));
    }
    Err(cursor.expected(&["primary key", "unique", "foreign key", "check", "exclude"]))
}

/// The name behind CONSTRAINT.
pub(super) fn given(cursor: &mut Cursor<'_>) -> Result<String> {
    let rule =
        ["check", "unique", "primary key", "foreign key", "references"].into_iter().find(|rule| cursor.sees(rule));
    if let Some(rule) = rule.filter(|rule| rule.contains(' ') || cursor.is_sign(1, "(")) {
        let rule = rule.to_uppercase();
        let help = format!("write a name between CONSTRAINT and {rule}");
        return Err(Mistake::new(
            cursor.here(),
            format!("{rule} stands where the name of the constraint should"),
            help,
        ));
    }
    cursor.name("the name of a constraint")
}

/// Refuses an index that becomes a constraint.
fn no_index(cursor: &Cursor<'_>) -> Result {
    if !cursor.sees("using index") {
        return Ok(());
    }
    let help = "name the columns, and give one engine its own text: `-- instead:` below the statement";
    Err(Mistake::new(cursor.here(), "a constraint names its columns", help))
}

fn primary_key(cursor: &mut Cursor<'_>, of: &str, name: Option<String>, columns: Vec<String>) -> Result<Constraint> {
    let name = name.unwrap_or_else(|| primary_key_name(last(of)));
    let include = include(cursor)?;
    let deferral = deferral(cursor)?;
    Ok(Constraint::PrimaryKey(PrimaryKey { name, columns, include, deferral }))
}

/// What stands behind the columns of `rule`.
fn unique(cursor: &mut Cursor<'_>, of: &str, name: Option<String>, rule: Unique) -> Result<Constraint> {
    let name = name.unwrap_or_else(|| unique_name(last(of), &rule.columns));
    let include = include(cursor)?;
    let deferral = deferral(cursor)?;
    Ok(Constraint::Unique(Unique { name, include, deferral, ..rule }))
}

/// What stands behind EXCLUDE.
fn exclusion(cursor: &mut Cursor<'_>, name: Option<String>, start: Span) -> Result<Constraint> {
    let method = method(cursor)?;
    let elements = expression::listed(cursor, "the rule")?;
    let filter = if cursor.eat("where") { Some(expression::bracketed(cursor, "the filter")?) } else { None };
    let deferral = deferral(cursor)?;
    let Some(name) = name else {
        let help = "write CONSTRAINT and a name before it: a name stays the same in every database";
        return Err(Mistake::new(start, "a rule of the table without a name", help));
    };
    Ok(Constraint::Exclusion(Exclusion { name, method, elements, filter, deferral }))
}

/// `USING gist`; the B-tree is what there is without it.
pub(super) fn method(cursor: &mut Cursor<'_>) -> Result<Option<String>> {
    if !cursor.eat("using") {
        return Ok(None);
    }
    if cursor.is_sign(0, "(") {
        let help = "leave USING out, or write one that an engine has, such as gin";
        return Err(Mistake { help: help.into(), ..cursor.expected_what("an access method") });
    }
    Ok(Some(cursor.name("an access method")?).filter(|method| method != "btree"))
}

/// `INCLUDE (a, b)`
pub(super) fn include(cursor: &mut Cursor<'_>) -> Result<Vec<String>> {
    if cursor.eat("include") { cursor.names("the name of a column") } else { Ok(Vec::new()) }
}

/// `NULLS [NOT] DISTINCT`: whether NULLs are equal.
pub(super) fn nulls(cursor: &mut Cursor<'_>) -> Result<bool> {
    let equal = cursor.eat("nulls not distinct");
    if !equal && cursor.eat("nulls") {
        cursor.expect("distinct")?;
    }
    Ok(equal)
}

/// `DEFERRABLE INITIALLY DEFERRED` and the like.
fn deferral(cursor: &mut Cursor<'_>) -> Result<Deferral> {
    let never = cursor.eat("not deferrable");
    let deferrable = !never && cursor.eat("deferrable");
    let from = cursor.position();
    let initially = cursor.eat("initially");
    let deferred = initially && cursor.eat("deferred");
    if initially && !deferred && !cursor.eat("immediate") {
        return Err(cursor.expected(&["deferred", "immediate"]));
    }
    match (deferrable, deferred) {
        (_, true) if never => {
            Err(Mistake::new(cursor.since(from), "what is not deferrable is not deferred", "leave one of the two out"))
        }
        (_, true) => Ok(Deferral::Deferred),
        (true, false) => Ok(Deferral::Immediate),
        (false, false) => Ok(Deferral::Never),
    }
}

/// The name of a table without its schema, which conventional names leave out.
fn last(table: &str) -> &str {
    table.split_once('.').map_or(table, |(_, name)| name)
}

/// A constraint among the rules of a column; the word CONSTRAINT and its name are read.
pub(super) fn of_column(cursor: &mut Cursor<'_>, of: &str, column: &str, name: Option<String>) -> Result<Constraint> {
    let columns = || vec![column.to_owned()];
    if cursor.eat("primary") {
        cursor.expect("key")?;
        return primary_key(cursor, of, name, columns());
    }
    if cursor.eat("unique") {
        let nulls_not_distinct = nulls(cursor)?;
        return unique(cursor, of, name, Unique { columns: columns(), nulls_not_distinct, ..Unique::default() });
    }
    if cursor.eat("check") {
        let expression = expression::bracketed(cursor, "the rule")?;
        let name = name.unwrap_or_else(|| check_name(last(of), column));
        return Ok(Constraint::Check(Check { name, expression, no_inherit: cursor.eat("no inherit") }));
    }
    if cursor.sees("references") {
        return foreign_key(cursor, of, name, columns());
    }
    Err(cursor.expected(&["primary key", "unique", "check", "references"]))
}

/// What stands from REFERENCES on.
fn foreign_key(cursor: &mut Cursor<'_>, of: &str, name: Option<String>, columns: Vec<String>) -> Result<Constraint> {
    cursor.expect("references")?;
    let table = cursor.path("the name of a table")?;
    let at = cursor.here();
    let references = if cursor.is_sign(0, "(") { cursor.names("the name of a column")? } else { Vec::new() };
    if !references.is_empty() && references.len() != columns.len() {
        let what = format!("the foreign key pairs {} columns with {}", columns.len(), references.len());
        return Err(Mistake::new(at, what, "name as many columns on both sides"));
    }
    let name = name.unwrap_or_else(|| foreign_key_name(last(of), &columns, last(&table)));
    let match_full = cursor.eat("match full");
    if !match_full && cursor.eat("match") && !cursor.eat("simple") {
        return Err(cursor.expected(&["full", "simple"]));
    }
    let (mut on_delete, mut on_update) = (None, None);
    let mut set_columns = Vec::new();
    while cursor.sees("on") {
        let from = cursor.position();
        cursor.expect("on")?;
        let deletes = cursor.sees("delete");
        let place = if cursor.eat("delete") {
            &mut on_delete
        } else if cursor.eat("update") {
            &mut on_update
        } else {
            return Err(cursor.expected(&["delete", "update"]));
        };
        let action = action(cursor)?;
        if place.replace(action).is_some() {
            return Err(Mistake::new(cursor.since(from), "this is said already", "leave one of the two out"));
        }
        if deletes && matches!(action, Action::SetNull | Action::SetDefault) && cursor.is_sign(0, "(") {
            set_columns = cursor.names("the name of a column")?;
        }
    }
    let (on_delete, on_update) = (on_delete.unwrap_or(Action::NoAction), on_update.unwrap_or(Action::NoAction));
    let deferral = deferral(cursor)?;
    Ok(Constraint::ForeignKey(ForeignKey {
        name,
        columns,
        table,
        references,
        on_delete,
        on_update,
        match_full,
        set_columns,
        deferral,
    }))
}

fn action(cursor: &mut Cursor<'_>) -> Result<Action> {
    let actions = [
        ("no action", Action::NoAction),
        ("restrict", Action::Restrict),
        ("cascade", Action::Cascade),
        ("set null", Action::SetNull),
        ("set default", Action::SetDefault),
    ];
    let found = actions.iter().find(|(words, _)| cursor.eat(words));
    found.map(|(_, action)| *action).ok_or_else(|| cursor.expected(&actions.map(|(words, _)| words)))
}
