//! Expressions as text: whether one is whole, which names it holds, and a name exchanged for another.

use super::name::is_plain;

/// A piece of an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    /// `'text'`
    String(&'a str),
    /// `"name"`
    Quoted(&'a str),
    /// A name, keyword or number.
    Word(&'a str),
    /// Any other character, blanks too.
    Sign(&'a str),
}

/// What makes `text` no expression by itself, if anything does.
pub(crate) fn fault(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("it is empty".into());
    }
    let mut open = Vec::new();
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(fault) => return Some(fault.into()),
    };
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        match token {
            Token::Sign(";") => return Some("`;` would end the statement".into()),
            Token::Sign("\0") => return Some("it holds a NUL".into()),
            Token::Sign("`") => return Some("`\"` quotes a name, not a backtick".into()),
            Token::Sign("-") if next == Some(&Token::Sign("-")) => return Some("`--` begins a comment".into()),
            Token::Sign("/") if next == Some(&Token::Sign("*")) => return Some("`/*` begins a comment".into()),
            Token::Sign(sign @ ("(" | "[")) => open.push(if *sign == "(" { ")" } else { "]" }),
            Token::Sign(sign @ (")" | "]")) if open.pop() != Some(*sign) => {
                return Some(format!("`{sign}` closes nothing"));
            }
            _ => {}
        }
    }
    open.pop().map(|sign| format!("a closing `{sign}` is missing"))
}

/// Whether `text` names the column `name`.
pub(crate) fn names(text: &str, name: &str) -> bool {
    let Ok(tokens) = tokens(text) else { return false };
    (0..tokens.len()).any(|at| is_name(&tokens, at, name))
}

/// The first quoted name in `text` that is not `known`: an engine may take it for a string, and never find a row.
pub(crate) fn unknown(text: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let quoted = |token: Token<'_>| match token {
        Token::Quoted(text) => Some(text[1..text.len() - 1].replace("\"\"", "\"")),
        _ => None,
    };
    tokens(text).ok()?.into_iter().filter_map(quoted).find(|name| !known(name))
}

/// `text` with the column `from` called `to`.
pub(crate) fn rename(text: &str, from: &str, to: &str) -> String {
    let Ok(tokens) = tokens(text) else { return text.to_owned() };
    let to = if is_plain(to) { to.to_owned() } else { format!("\"{}\"", to.replace('"', "\"\"")) };
    let mut out = String::with_capacity(text.len());
    for (at, token) in tokens.iter().enumerate() {
        match token {
            _ if is_name(&tokens, at, from) => out.push_str(&to),
            Token::String(text) | Token::Quoted(text) | Token::Word(text) | Token::Sign(text) => out.push_str(text),
        }
    }
    out
}

/// Whether the token at `at` is the column `name`: quoted, or a word of it that is not called as a function.
fn is_name(tokens: &[Token<'_>], at: usize, name: &str) -> bool {
    match tokens[at] {
        Token::Quoted(text) => text[1..text.len() - 1].replace("\"\"", "\"") == name,
        Token::Word(word) => {
            let blank = |token: &&Token<'_>| matches!(token, Token::Sign(sign) if sign.trim().is_empty());
            let called = tokens[at + 1..].iter().find(|token| !blank(token)) == Some(&Token::Sign("("));
            !called && word.eq_ignore_ascii_case(name) && !SYNTAX.contains(&word.to_ascii_lowercase().as_str())
        }
        Token::String(_) | Token::Sign(_) => false,
    }
}

/// Words that mean something of their own wherever they stand bare.
const SYNTAX: [&str; 24] = [
    "and", "as", "between", "case", "cast", "collate", "distinct", "else", "end", "escape", "exists", "false", "from",
    "in", "is", "like", "not", "null", "or", "select", "then", "true", "when", "where",
];

fn tokens(text: &str) -> Result<Vec<Token<'_>>, &'static str> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match first {
            '\'' => quoted(rest, '\'').ok_or("a string is not closed by `'`")?,
            '"' => quoted(rest, '"').ok_or("a name is not closed by `\"`")?,
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let piece = &rest[..length];
        tokens.push(match first {
            '\'' => Token::String(piece),
            '"' => Token::Quoted(piece),
            _ if is_word(first) => Token::Word(piece),
            _ => Token::Sign(piece),
        });
        at += length;
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of what stands between two `quote`s at the start of `text`, a doubled one being part of it.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text[at..].find(quote)? + 1;
        if !text[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

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
