//! Expressions as they stand in a text: whether one is whole, which names it holds, and a name exchanged for another.
//!
//! What is read as an expression is asked as one. What is not, as an engine's own words are not, stays tokens.

use super::expr::{Expr, Name};
use super::{Flavour, Kind, Span, Token, lex, spell};

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
    !places(text, name).is_empty()
}

/// The names of columns in `text` that are not `known`, each once, from the left. A quoted one an engine may take for a
/// string, and then never finds a row.
///
/// What an engine says in words of its own is not looked into, but for names in quotes that can be nothing but columns.
pub(crate) fn unknown(text: &str, known: impl Fn(&Name) -> bool) -> Vec<Name> {
    let names = match Expr::parse(text) {
        Ok(expr) => expr.names().into_iter().cloned().collect(),
        Err(_) => quoted(text),
    };
    let mut found: Vec<Name> = Vec::new();
    for name in names {
        if !known(&name) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The quoted names in a text that is no expression: none that is called, goes before a point, or is a collation or type,
/// and none at all where there is a subselect.
fn quoted(text: &str) -> Vec<Name> {
    let meant = |token: &Token| !matches!(token.kind, Kind::Blank | Kind::Comment);
    let tokens: Vec<Token> = tokens(text).into_iter().filter(meant).collect();
    let piece = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.span.of(text));
    if (0..tokens.len()).any(|at| piece(Some(at)).eq_ignore_ascii_case("select")) {
        return Vec::new();
    }
    let is_column = |at: &usize| {
        let before = piece(at.checked_sub(1)).to_ascii_lowercase();
        tokens[*at].kind == Kind::Quoted
            && !matches!(before.as_str(), "collate" | "::" | "as")
            && !matches!(piece(Some(at + 1)), "(" | ".")
    };
    let name = |at: usize| {
        let span = tokens[at].span;
        Name { text: unquoted(span.of(text)), quoted: true, span }
    };
    (0..tokens.len()).filter(is_column).map(name).collect()
}

/// Whether one of the strings in `text` is `value`.
pub(crate) fn says(text: &str, value: &str) -> bool {
    let string = |token: &Token| {
        let piece = token.span.of(text);
        token.kind == Kind::Text && piece[1..piece.len() - 1].replace("''", "'") == value
    };
    text.contains('\'') && tokens(text).iter().any(string)
}

/// Every word and quoted name in `text`, whatever it names; words as they are written.
pub(crate) fn all_names(text: &str) -> Vec<String> {
    let name = |token: Token| match token.kind {
        Kind::Word => Some(token.span.of(text).to_owned()),
        Kind::Quoted => Some(unquoted(token.span.of(text))),
        _ => None,
    };
    tokens(text).into_iter().filter_map(name).collect()
}

/// `text` with the column `from` called `to`; every other byte stays.
pub(crate) fn rename(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for place in places(text, from) {
        out.push_str(&text[end..place.start]);
        out.push_str(&spell(to));
        end = place.end;
    }
    out + &text[end..]
}

/// Whether two expressions are one, whatever their blanks, brackets, case of words and other ways to say the same: `a>0`
/// and `(a > 0)`, `a != 1` and `a <> 1`, `a BETWEEN 1 AND 2` and `a >= 1 AND a <= 2`.
///
/// Text that is no expression of the portable text is compared word by word.
///
/// ```
/// use aludel::schema::same;
///
/// assert!(same("points>0", "(points > 0)") && same("a IN (1, 2)", "a = ANY (ARRAY[1, 2])"));
/// assert!(!same("points > 0", "points >= 0") && !same("a / b > 1", "a::numeric / b > 1"));
/// ```
pub fn same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (Expr::parse(one), Expr::parse(other)) {
        (Ok(one), Ok(other)) => one.normal().print() == other.normal().print(),
        (Err(_), Err(_)) => words(one) == words(other),
        _ => false,
    }
}

/// The tokens of a text that count, those without quotes in lower case.
fn words(text: &str) -> Vec<String> {
    let meant = tokens(text).into_iter().filter(|token| !matches!(token.kind, Kind::Blank | Kind::Comment));
    let folded = |token: Token| match token.kind {
        Kind::Word | Kind::Number => token.span.of(text).to_ascii_lowercase(),
        _ => token.span.of(text).to_owned(),
    };
    meant.map(folded).collect()
}

/// Where `text` names the column `name`, from the left.
fn places(text: &str, name: &str) -> Vec<Span> {
    let Ok(expr) = Expr::parse(text) else { return words_that_are(text, Span { start: 0, end: text.len() }, name) };
    let named = expr.names().into_iter().filter(|column| column.is(name)).map(|column| column.span);
    let mut places: Vec<Span> = named.collect();
    for part in expr.all() {
        // Which of a subselect's names are columns of this table cannot be told from the text.
        if let Expr::Select { span, .. } = part {
            places.extend(words_that_are(text, span.0, name));
        }
    }
    places.sort_by_key(|place| place.start);
    places
}

/// The tokens within `span` that are `name`: quoted, or a word that is not called as a function.
fn words_that_are(text: &str, span: Span, name: &str) -> Vec<Span> {
    let tokens: Vec<Token> = tokens(span.of(text)).into_iter().filter(|token| token.kind != Kind::Blank).collect();
    let is = |at: usize| {
        let piece = tokens[at].span.of(span.of(text));
        match tokens[at].kind {
            Kind::Quoted => unquoted(piece) == name,
            Kind::Word => {
                let called = tokens.get(at + 1).is_some_and(|next| next.span.of(span.of(text)) == "(");
                !called && piece.eq_ignore_ascii_case(name) && !SYNTAX.contains(&piece.to_ascii_lowercase().as_str())
            }
            _ => false,
        }
    };
    let place = |at: usize| Span { start: span.start + tokens[at].span.start, end: span.start + tokens[at].span.end };
    (0..tokens.len()).filter(|at| is(*at)).map(place).collect()
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
            // Fields, types, collations and names of arguments are no columns.
            ("EXTRACT(year FROM  year )>2000", "age", "EXTRACT(year FROM  age )>2000"),
            ("x::year AND f(year => 1) COLLATE year", "age", "x::year AND f(year => 1) COLLATE year"),
            (
                "TRIM(BOTH year FROM Year) || POSITION(year IN b)",
                "age",
                "TRIM(BOTH age FROM age) || POSITION(age IN b)",
            ),
            ("TIMESTAMPDIFF(YEAR, year, b)", "age", "TIMESTAMPDIFF(YEAR, age, b)"),
            // The table may have the column's name.
            ("year.year", "age", "year.age"),
            ("EXISTS (SELECT 1 FROM t WHERE t.year = year)", "age", "EXISTS (SELECT 1 FROM t WHERE t.age = age)"),
            // An engine's own words are no expression here, and their names are found all the same.
            ("year GLOB 'year' AND f(year)", "age", "age GLOB 'year' AND f(age)"),
        ] {
            assert_eq!(rename(text, "year", to), renamed);
        }
        assert!(names("value > 0", "value") && names("\"Größe\" > 0", "Größe") && !names("'größe' > 0", "größe"));
        assert!(!names("a AND b", "and") && names("a AND \"and\"", "and"));
        assert!(names("a GLOB b", "b") && !names("a GLOB 'b'", "b"));
    }

    #[test]
    fn names_that_are_no_columns_are_found() {
        for (text, expected) in [
            ("a > 0 AND b > c", vec!["b", "c"]),
            ("b > 0 OR B < 9", vec!["b"]),
            ("t.a = t.b", vec!["b"]),
            ("A > 0 AND \"A\" > 0", vec!["A"]),
            ("a = 'b' AND lower(a) COLLATE b IN ('c')", vec![]),
            ("EXTRACT(year FROM a) > 2000 AND CURRENT_DATE > a AND a::b IS NULL AND f(b => a)", vec![]),
            ("TIMESTAMPDIFF(DAY, a, b) > 0", vec!["b"]),
            ("EXISTS (SELECT 1 FROM b WHERE b.c = a) AND d", vec!["d"]),
            ("a IN (SELECT \"B\" FROM c)", vec![]),
            // An engine's own words.
            ("b GLOB 'x'", vec![]),
            ("a GLOB \"b\" AND \"a\" GLOB 'x'", vec!["b"]),
            ("\"b\".\"a\" GLOB \"c\"(a) COLLATE \"d\"", vec![]),
            ("a GLOB (SELECT \"b\" FROM c)", vec![]),
        ] {
            let found = unknown(text, |name| name.is("a"));
            assert_eq!(found.iter().map(|name| name.text.as_str()).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_the_same_word_by_word() {
        assert!(same("a GLOB 'x*'", "A  glob 'x*'") && !same("a GLOB 'x*'", "a GLOB 'X*'"));
        assert!(!same("a GLOB 'x'", "a > 'x'"));
    }
}
