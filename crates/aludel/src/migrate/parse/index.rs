//! CREATE INDEX.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Mistake, Result};
use super::statement::refuse_if;
use super::{constraint, expression};
use crate::schema::{Index, Key, KeyOf, Op};
use crate::syntax::Kind;

/// What stands behind CREATE.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Result<Op> {
    let unique = cursor.eat("unique");
    cursor.expect("index")?;
    let concurrently = cursor.eat("concurrently");
    refuse_if(cursor)?;
    if cursor.sees("on") {
        let help = "write a name before ON: ix_ and the table and its columns";
        return Err(Mistake::new(cursor.here(), "an index without a name", help));
    }
    let name = cursor.name("the name of an index")?;
    cursor.expect("on")?;
    cursor.eat("only");
    let table = cursor.path("the name of a table")?;
    let method = constraint::method(cursor)?;
    let keys = cursor.list(key)?;
    let include = constraint::include(cursor)?;
    let nulls_not_distinct = constraint::nulls(cursor)?;
    let options = if cursor.eat("with") { options(cursor)? } else { BTreeMap::new() };
    let filter = if cursor.eat("where") { Some(expression::until(cursor, &[], "the filter")?) } else { None };
    if !cursor.is_done() {
        return Err(cursor.expected(&["include", "with", "where", ";"]));
    }
    let index = Index { name, keys, unique, filter, method, include, nulls_not_distinct, options };
    Ok(Op::CreateIndex { table, index, concurrently })
}

fn key(cursor: &mut Cursor<'_>) -> Result<Key> {
    let named = cursor.peek().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
    let of = if cursor.is_sign(0, "(") {
        KeyOf::Expression(expression::bracketed(cursor, "the key")?)
    } else if named && !cursor.is_sign(1, "(") {
        KeyOf::Column(cursor.name("the name of a column")?)
    } else {
        KeyOf::Expression(expression::call(cursor, "the key")?)
    };
    let mut key = Key::of(of);
    if cursor.eat("collate") {
        key.collation = Some(cursor.name("a collation")?);
    }
    if !cursor.is_done() && !cursor.is_sign(0, ",") && !cursor.is_sign(0, ")") && !cursor.sees_any(&BEHIND) {
        key.class = Some(class(cursor)?);
    }
    key.descending = cursor.eat("desc");
    if !key.descending {
        cursor.eat("asc");
    }
    if cursor.eat("nulls") {
        let first = cursor.eat("first");
        if !first && !cursor.eat("last") {
            return Err(cursor.expected(&["first", "last"]));
        }
        key.nulls_first = Some(first).filter(|first| *first != key.descending);
    }
    Ok(key)
}

/// What may stand behind a key and its operator class.
const BEHIND: [&str; 3] = ["asc", "desc", "nulls"];

/// `gin_trgm_ops`, `tsvector_ops (siglen = 100)`
fn class(cursor: &mut Cursor<'_>) -> Result<String> {
    let from = cursor.position();
    if !cursor.peek().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted)) {
        let help = "an expression that is no call stands in brackets: ((a + 1))";
        return Err(Mistake { help: help.into(), ..cursor.expected(&["asc", "desc", ",", ")"]) });
    }
    let mistake = cursor.expected(&["asc", "desc", "nulls", "collate"]);
    if !mistake.help.is_empty() {
        return Err(mistake);
    }
    cursor.name("an operator class")?;
    if cursor.eat_sign(".") {
        cursor.name("an operator class")?;
    }
    if cursor.is_sign(0, "(") {
        expression::listed(cursor, "the list of options")?;
    }
    Ok(expression::joined(cursor.text, cursor.between(from..cursor.position())))
}

/// `(fillfactor = 70, fastupdate)`
fn options(cursor: &mut Cursor<'_>) -> Result<BTreeMap<String, String>> {
    let options = cursor.list(|cursor| {
        let name = cursor.name("the name of an option")?;
        let value = if !cursor.eat_sign("=") {
            "true".to_owned()
        } else if let Some(token) = cursor.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Number)) {
            cursor.next();
            cursor.piece(token).to_lowercase()
        } else {
            cursor.literal("a value")?
        };
        Ok((name, value))
    })?;
    Ok(options.into_iter().collect())
}
