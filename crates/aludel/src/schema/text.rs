//! Expressions as text: whether one is whole, which names it holds, and a name exchanged for another.

use super::name::is_plain;
use crate::syntax::{Flavour, Kind, Token, lex};

/// What makes `text` no expression by itself, if anything does.
pub(crate) fn fault(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("it is empty".into());
    }
    let mut open = Vec::new();
    for token in tokens(text) {
        let piece = token.span.of(text);
        let fault = match (token.kind, piece) {
            (Kind::Open, _) if piece.starts_with('"') => "a name is not closed by `\"`",
            (Kind::Open, _) if piece.starts_with("/*") => "`/*` begins a comment",
            (Kind::Open, _) if piece.starts_with('`') => "`\"` quotes a name, not a backtick",
            (Kind::Open, _) => "a string is not closed by `'`",
            (Kind::Quoted, _) if piece.starts_with('`') => "`\"` quotes a name, not a backtick",
            (Kind::Comment, _) if piece.starts_with('-') => "`--` begins a comment",
            (Kind::Comment, _) => "`/*` begins a comment",
            (Kind::Sign, ";") => "`;` would end the statement",
            _ if piece.contains('\0') => "it holds a NUL",
            (Kind::Sign, "(" | "[") => {
                open.push(if piece == "(" { ")" } else { "]" });
                continue;
            }
            (Kind::Sign, ")" | "]") if open.pop() != Some(piece) => {
                return Some(format!("`{piece}` closes nothing"));
            }
            _ => continue,
        };
        return Some(fault.into());
    }
    open.pop().map(|sign| format!("a closing `{sign}` is missing"))
}

/// Whether `text` names the column `name`.
pub(crate) fn names(text: &str, name: &str) -> bool {
    let tokens = tokens(text);
    (0..tokens.len()).any(|at| is_name(text, &tokens, at, name))
}

/// The first quoted name in `text` that is not `known`: an engine may take it for a string, and never find a row.
pub(crate) fn unknown(text: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let quoted = tokens(text).into_iter().filter(|token| token.kind == Kind::Quoted);
    quoted.map(|token| unquoted(token.span.of(text))).find(|name| !known(name))
}

/// `text` with the column `from` called `to`.
pub(crate) fn rename(text: &str, from: &str, to: &str) -> String {
    let tokens = tokens(text);
    let to = if is_plain(to) { to.to_owned() } else { format!("\"{}\"", to.replace('"', "\"\"")) };
    let mut out = String::with_capacity(text.len());
    for (at, token) in tokens.iter().enumerate() {
        out.push_str(if is_name(text, &tokens, at, from) { &to } else { token.span.of(text) });
    }
    out
}

/// Whether the token at `at` is the column `name`: quoted, or a word of it that is not called as a function.
fn is_name(text: &str, tokens: &[Token], at: usize, name: &str) -> bool {
    let piece = tokens[at].span.of(text);
    match tokens[at].kind {
        Kind::Quoted => unquoted(piece) == name,
        Kind::Word => {
            let next = tokens[at + 1..].iter().find(|token| token.kind != Kind::Blank);
            let called = next.is_some_and(|token| token.span.of(text) == "(");
            !called && piece.eq_ignore_ascii_case(name) && !SYNTAX.contains(&piece.to_ascii_lowercase().as_str())
        }
        _ => false,
    }
}

fn unquoted(text: &str) -> String {
    text[1..text.len() - 1].replace("\"\"", "\"")
}

fn tokens(text: &str) -> Vec<Token> {
    lex(text, Flavour::PORTABLE)
}

/// Words that mean something of their own wherever they stand bare.
const SYNTAX: [&str; 24] = [
    "and", "as", "between", "case", "cast", "collate", "distinct", "else", "end", "escape", "exists", "false", "from",
    "in", "is", "like", "not", "null", "or", "select", "then", "true", "when", "where",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults() {
        for (text, fault_) in [
            ("points >= 0", None),
            ("name <> 'it''s; (' AND (\"a(b\" > 1)", None),
            ("", Some("it is empty")),
            ("a > 0)", Some("`)` closes nothing")),
            ("(a > 0", Some("a closing `)` is missing")),
            ("(a[1)]", Some("`)` closes nothing")),
            ("a = 'x", Some("a string is not closed by `'`")),
            ("\"a = 1", Some("a name is not closed by `\"`")),
            ("a; DROP TABLE a", Some("`;` would end the statement")),
            ("a -- b", Some("`--` begins a comment")),
            ("a /* b", Some("`/*` begins a comment")),
            ("`a` = 1", Some("`\"` quotes a name, not a backtick")),
        ] {
            assert_eq!(fault(text).as_deref(), fault_, "{text}");
        }
    }

    #[test]
    fn names_are_told_from_strings_and_functions() {
        for (text, to, renamed) in [
            ("year > 0 AND Year <> 'year'", "age", "age > 0 AND age <> 'year'"),
            ("year(x) + year (y) + years", "age", "year(x) + year (y) + years"),
            ("\"year\" + YEAR", "order", "\"order\" + \"order\""),
            ("t.year", "a\"b", "t.\"a\"\"b\""),
        ] {
            assert_eq!(rename(text, "year", to), renamed);
        }
        assert!(names("value > 0", "value") && names("\"Größe\" > 0", "Größe") && !names("'größe' > 0", "größe"));
        assert!(!names("a AND b", "and") && names("a AND \"and\"", "and"));
    }
}
