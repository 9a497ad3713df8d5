//! Expressions: where they end, and their text.

use super::cursor::{Cursor, Mistake, Result, unquoted};
use crate::schema::expression_fault;
use crate::syntax::{Kind, Token};

/// The expression in brackets that comes next.
pub(super) fn bracketed(cursor: &mut Cursor<'_>, what: &str) -> Result<String> {
    if !cursor.is_sign(0, "(") {
        return Err(cursor.expected(&["("]));
    }
    let close = closing(cursor)?;
    let from = cursor.position() + 1;
    cursor.go(close + 1);
    text(cursor, from, close, what)
}

/// The call of a function that comes next.
pub(super) fn call(cursor: &mut Cursor<'_>, what: &str) -> Result<String> {
    let from = cursor.position();
    let named = cursor.peek().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
    if !named || !cursor.is_sign(1, "(") {
        return Err(cursor.expected_what("a column, a function or `(`"));
    }
    cursor.next();
    let close = closing(cursor)?;
    cursor.go(close + 1);
    text(cursor, from, close + 1, what)
}

/// The expression from here to a comma, a closing bracket or one of the `stops` outside of brackets, or to the end.
pub(super) fn until(cursor: &mut Cursor<'_>, stops: &[&str], what: &str) -> Result<String> {
    let from = cursor.position();
    skip(cursor, stops)?;
    text(cursor, from, cursor.position(), what)
}

/// Everything up to the end of the statement, its brackets matched.
pub(super) fn rest(cursor: &mut Cursor<'_>) -> Result<String> {
    let from = cursor.position();
    while let Some(token) = cursor.peek() {
        let next = match cursor.piece(token) {
            "(" | "[" if token.kind == Kind::Sign => closing(cursor)?,
            sign @ (")" | "]") if token.kind == Kind::Sign => {
                return Err(Mistake::new(token.span, format!("`{sign}` closes nothing"), "count the brackets"));
            }
            _ => cursor.position(),
        };
        cursor.go(next + 1);
    }
    let tokens = cursor.between(from..cursor.position());
    note(cursor, tokens);
    Ok(joined(cursor.text, tokens))
}

/// Goes to where [`until`] ends.
pub(super) fn skip(cursor: &mut Cursor<'_>, stops: &[&str]) -> Result {
    let from = cursor.position();
    while !cursor.is_done() && !cursor.is_sign(0, ",") && !cursor.is_sign(0, ")") {
        // A word that would stop an expression may be its first: `NULL`.
        if cursor.position() > from && cursor.sees_any(stops) {
            break;
        }
        let next = if cursor.is_sign(0, "(") || cursor.is_sign(0, "[") { closing(cursor)? } else { cursor.position() };
        cursor.go(next + 1);
    }
    Ok(())
}

/// Where the bracket that comes next is closed.
fn closing(cursor: &Cursor<'_>) -> Result<usize> {
    let opened = cursor.here();
    let mut open = Vec::new();
    let mut ahead = 0;
    while let Some(token) = cursor.ahead(ahead) {
        let piece = if token.kind == Kind::Sign { cursor.piece(token) } else { "" };
        match piece {
            "(" => open.push(")"),
            "[" => open.push("]"),
            ")" | "]" if open.pop() != Some(piece) => {
                return Err(Mistake::new(token.span, format!("`{piece}` closes nothing"), "count the brackets"));
            }
            _ => {}
        }
        if open.is_empty() {
            return Ok(cursor.position() + ahead);
        }
        ahead += 1;
    }
    let sign = open.pop().unwrap_or(")");
    Err(Mistake::new(opened, format!("a bracket opened here is not closed by `{sign}`"), "count the brackets"))
}

/// The text of the expression between two positions, outer brackets taken away.
fn text(cursor: &mut Cursor<'_>, from: usize, to: usize, what: &str) -> Result<String> {
    let end = cursor.position();
    let mut tokens = cursor.between(from..to);
    while let ([first, inner @ .., _], true) = (tokens, whole(cursor, tokens)) {
        debug_assert_eq!(cursor.piece(*first), "(");
        tokens = inner;
    }
    let text = joined(cursor.text, tokens);
    if let Some(fault) = expression_fault(&text) {
        cursor.go(from);
        let span = if tokens.is_empty() { cursor.here() } else { tokens[0].span.to(tokens[tokens.len() - 1].span) };
        cursor.go(end);
        return Err(Mistake::new(span, format!("{what} is no expression: {fault}"), "correct the text"));
    }
    note(cursor, tokens);
    Ok(text)
}

/// Whether the first token is a bracket that the last one closes.
fn whole(cursor: &Cursor<'_>, tokens: &[Token]) -> bool {
    let mut depth = 0_usize;
    let is = |token: &Token, sign: &str| token.kind == Kind::Sign && cursor.piece(*token) == sign;
    if !tokens.first().is_some_and(|token| is(token, "(")) {
        return false;
    }
    for (at, token) in tokens.iter().enumerate() {
        depth += usize::from(is(token, "("));
        depth = depth.saturating_sub(usize::from(is(token, ")")));
        if depth == 0 {
            return at + 1 == tokens.len();
        }
    }
    false
}

/// The text of `tokens` as written, without the comments between them.
pub(super) fn joined(text: &str, tokens: &[Token]) -> String {
    let mut out = String::new();
    let mut end = None;
    for token in tokens {
        let gap = end.map_or("", |end| &text[end..token.span.start]);
        out.push_str(if gap.trim().is_empty() { gap } else { " " });
        out.push_str(token.span.of(text));
        end = Some(token.span.end);
    }
    out
}

/// Remembers where the names in an expression stand.
fn note(cursor: &mut Cursor<'_>, tokens: &[Token]) {
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1).is_some_and(|next| cursor.piece(*next) == "(");
        match token.kind {
            Kind::Word if !called => cursor.note(cursor.piece(*token).to_lowercase(), token.span),
            Kind::Quoted => cursor.note(unquoted(cursor.piece(*token)), token.span),
            _ => {}
        }
    }
}
