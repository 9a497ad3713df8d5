//! Expressions: where they end, and their text.

use super::cursor::{Cursor, Mistake, Result, quoted, unquoted};
use crate::schema::{expression_fault, nearest};
use crate::syntax::expr::Expr;
use crate::syntax::{Flavour, Kind, Span, Token, lex};

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

/// What stands in the brackets that come next, as it is.
pub(super) fn listed(cursor: &mut Cursor<'_>, what: &str) -> Result<String> {
    if !cursor.is_sign(0, "(") {
        return Err(cursor.expected(&["("]));
    }
    if cursor.is_sign(1, ")") {
        return Err(Mistake::new(cursor.here(), format!("{what} is empty"), "write it between the brackets"));
    }
    let close = closing(cursor)?;
    let tokens = cursor.between(cursor.position() + 1..close);
    cursor.go(close + 1);
    note(cursor, tokens);
    Ok(joined(cursor.text, tokens))
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
    let mut tokens = cursor.between(from..to);
    while whole(cursor, tokens) {
        tokens = &tokens[1..tokens.len() - 1];
    }
    let ([first, .., last] | [first @ last]) = tokens else {
        cursor.go(from);
        return Err(Mistake::new(cursor.here(), format!("{what} is empty"), "write an expression"));
    };
    let span = first.span.to(last.span);
    let text = joined(cursor.text, tokens);
    check(cursor, span, &text, what)?;
    note(cursor, tokens);
    Ok(text)
}

/// Whether what stands at `span` is an expression. Where the statement is for some engines only, it may be their own.
fn check(cursor: &Cursor<'_>, span: Span, text: &str, what: &str) -> Result {
    if cursor.is_limited() {
        let fault = expression_fault(text).map(|fault| format!("{what} is no expression: {fault}"));
        return fault.map_or(Ok(()), |fault| Err(Mistake::new(span, fault, "")));
    }
    // As written, comments and all, so that places are those of the file.
    let text = span.of(cursor.text);
    let Err(fault) = Expr::parse(text) else { return Ok(()) };
    let word = fault.span.of(text).to_lowercase();
    if OWN.contains(&word.as_str()) {
        return Ok(());
    }
    let at = |part: Span| Span { start: span.start + part.start, end: span.start + part.end };
    if fault.what.contains("cannot follow a comparison")
        && let Some((sign, span, meant)) = conditions_joined_by_sign(text, fault.span.start)
    {
        let what = format!("{what} is no expression: `{sign}` joins no conditions");
        return Err(Mistake::new(at(span), what, format!("write {meant}")));
    }
    let sign = SIGNS.iter().find(|(sign, _)| *sign == word).map(|(_, meant)| format!("did you mean `{meant}`?"));
    let near = || nearest(&word, OPERATORS.into_iter()).map(|near| format!("did you mean {}?", quoted(near)));
    let help = sign.or_else(near).unwrap_or_default();
    Err(Mistake::new(at(fault.span), format!("{what} is no expression: {}", fault.what), help))
}

/// Why `text` by itself is no expression, if it is none. Operators that only some engines have are let through.
pub(in crate::migrate) fn fault(text: &str) -> Option<String> {
    let fault = expression_fault(text);
    fault.or_else(|| {
        let fault = Expr::parse(text).err()?;
        (!OWN.contains(&fault.span.of(text).to_lowercase().as_str())).then_some(fault.what)
    })
}

/// The sign between two comparisons that programming languages have for AND or OR, and which of them it is there.
fn conditions_joined_by_sign(text: &str, end: usize) -> Option<(&str, Span, &'static str)> {
    let signs = lex(text, Flavour::PORTABLE).into_iter().filter(|token| token.kind == Kind::Sign);
    let before = signs.take_while(|token| token.span.start < end);
    let joins = before.filter_map(|token| match token.span.of(text) {
        sign @ "&&" => Some((sign, token.span, "AND")),
        sign @ "||" => Some((sign, token.span, "OR")),
        _ => None,
    });
    joins.last()
}

/// Signs and words that are none here, and what they are in SQL.
const SIGNS: [(&str, &str); 5] = [("=>", ">="), ("=<", "<="), ("=!", "<>"), ("===", "="), ("notnull", "NOT NULL")];

/// Operators that only some engines have. A project for such an engine may use them in its models.
const OWN: [&str; 6] = ["glob", "regexp", "rlike", "match", "div", "xor"];

/// Words between two operands.
const OPERATORS: [&str; 7] = ["and", "or", "is", "in", "like", "between", "not"];

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
