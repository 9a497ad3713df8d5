//! Defaults: values, the clock, and expressions.

use super::cursor::{Cursor, Mistake, Result, quoted};
use super::expression;
use crate::schema::{Default, fit, literal, nearest, unhex};
use crate::syntax::expr::Expr;
use crate::syntax::{Kind, Span};
use crate::{Decimal, Type, Value};

/// What a default ends before, beside commas and brackets.
const STOPS: [&str; 10] =
    ["not", "null", "check", "constraint", "unique", "primary", "references", "generated", "collate", "default"];

/// What stands behind DEFAULT, with its place; `None` for NULL, which is no default.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<(Option<Default>, Span)> {
    let from = cursor.position();
    if cursor.is_sign(0, "=") {
        return Err(Mistake::new(cursor.here(), "a default takes no `=`", "leave it out"));
    }
    expression::skip(cursor, &STOPS)?;
    let to = cursor.position();
    let span = cursor.since(from);
    cursor.go(from);
    if from == to {
        return Err(cursor.expected_what("a value"));
    }
    if let Some(default) = plain(cursor, to)? {
        match &default {
            Some(Default::Value(value)) => cursor.note(literal(value, &Type::Text), span),
            Some(Default::Now) => cursor.note("now()".into(), span),
            _ => {}
        }
        return Ok((default, span));
    }
    cursor.go(from);
    let text = expression::until(cursor, &STOPS, "the default")?;
    if !cursor.is_limited() {
        no_names(cursor, span)?;
    }
    Ok((Some(Default::Expression(text)), span))
}

/// Refuses names: a default is made before there is a row, and a word without quotes is no text.
fn no_names(cursor: &Cursor<'_>, span: Span) -> Result {
    let Ok(expr) = Expr::parse(span.of(cursor.text)) else { return Ok(()) };
    let Some(name) = expr.names().first().map(|name| (*name).clone()) else { return Ok(()) };
    let place = Span { start: span.start + name.span.start, end: span.start + name.span.end };
    let help = match nearest(&name.text, CLOCKS.into_iter()) {
        _ if name.quoted => format!("write '{}' for a text", name.text),
        _ if matches!(name.text.as_str(), "now" | "getdate" | "sysdate") => "write now()".to_owned(),
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => format!("write '{}' for a text, or {}() for a function", name.text, name.text),
    };
    Err(Mistake::new(place, format!("a default names no column, and `{}` is a name", name.text), help))
}

/// What a name as a default was most likely meant to be.
const CLOCKS: [&str; 4] = ["current_date", "current_time", "current_timestamp", "current_user"];

/// `default` as a column of type `ty` has it. Which values an enum has, and whether the word is an enum's name at all, is
/// told by the schema that the statement meets.
pub(super) fn fitted(default: Option<Default>, ty: &Type, span: Span) -> Result<Option<Default>> {
    match default {
        default if matches!(ty, Type::Enum(_)) => Ok(default),
        Some(Default::Value(value)) => match fit(value, ty) {
            Ok(value) => Ok(Some(Default::Value(value))),
            Err((what, help)) => Err(Mistake::new(span, what, help)),
        },
        Some(Default::Now) if !matches!(ty, Type::Timestamp | Type::TimestampTz | Type::Other(_)) => {
            let help = "make the column a TIMESTAMPTZ, or write CURRENT_DATE for a day";
            Err(Mistake::new(span, "the clock is a default of times only", help))
        }
        other => Ok(other),
    }
}

/// The default between here and `to`, where it is a value or the clock.
fn plain(cursor: &mut Cursor<'_>, to: usize) -> Result<Option<Option<Default>>> {
    let calls_now = cursor.sees("now") && cursor.is_sign(1, "(") && cursor.is_sign(2, ")");
    if calls_now && cursor.eat("now") || cursor.eat("current_timestamp") {
        if cursor.eat_sign("(") {
            let digits = cursor.peek().is_some_and(|token| cursor.piece(token) == "6");
            cursor.go(cursor.position() + usize::from(digits));
            if !cursor.eat_sign(")") {
                return Err(Mistake::new(cursor.here(), "times have six digits on every engine", "write now()"));
            }
        }
        return Ok((cursor.position() == to).then_some(Some(Default::Now)));
    }
    let value = value(cursor)?.filter(|_| cursor.position() == to);
    Ok(value.map(|value| if value.is_null() { None } else { Some(Default::Value(value)) }))
}

/// A literal by its own kind.
fn value(cursor: &mut Cursor<'_>) -> Result<Option<Value>> {
    for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
        if cursor.eat(word) {
            return Ok(Some(value));
        }
    }
    let negative = cursor.is_sign(0, "-");
    if negative || cursor.is_sign(0, "+") {
        cursor.next();
    }
    let Some(token) = cursor.next() else { return Ok(None) };
    let piece = cursor.piece(token);
    match token.kind {
        Kind::Number => {
            let number = if negative { format!("-{piece}") } else { piece.to_owned() };
            Ok(Some(read_number(&number).ok_or_else(|| {
                Mistake::new(token.span, format!("`{piece}` is no number that every engine reads"), "write its digits")
            })?))
        }
        Kind::Text | Kind::Escaped | Kind::Dollar => {
            cursor.go(cursor.position() - 1);
            cursor.literal("a text").map(|text| Some(Value::Text(text)))
        }
        Kind::Bytes => match unhex(&piece[2..piece.len() - 1]) {
            Some(bytes) => Ok(Some(Value::Bytes(bytes))),
            None => Err(Mistake::new(token.span, "bytes are pairs of digits 0 to f", "write '\\x00ff'")),
        },
        _ => Ok(None),
    }
}

fn read_number(text: &str) -> Option<Value> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(Value::Int(number));
    }
    if text.contains(['e', 'E']) {
        return text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Real);
    }
    text.parse::<Decimal>().ok().map(|number| Value::Decimal(number.normalize()))
}
