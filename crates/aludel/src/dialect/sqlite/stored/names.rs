//! Names in stored expressions: which words are columns, and others in their place.

use super::words::{FLAVOUR, unquoted};
use crate::syntax::{Kind, Span, Token, lex};

/// The words that are no name unless they are quoted; sorted.
#[rustfmt::skip]
const RESERVED: [&str; 62] = [
    "add", "all", "alter", "and", "as", "autoincrement", "between", "case", "check", "collate", "commit", "constraint",
    "create", "current_date", "current_time", "current_timestamp", "default", "deferrable", "delete", "distinct", "drop",
    "else", "escape", "except", "exists", "foreign", "from", "group", "having", "in", "index", "insert", "intersect",
    "into", "is", "isnull", "join", "limit", "not", "nothing", "notnull", "null", "on", "or", "order", "primary",
    "references", "returning", "select", "set", "table", "then", "to", "transaction", "union", "unique", "update",
    "using", "values", "when", "where", "with",
];

/// Reserved words that are values.
const VALUES: [&str; 6] = ["current_date", "current_time", "current_timestamp", "isnull", "notnull", "null"];

/// Words that are operators where one can stand, and names elsewhere.
const OPERATORS: [&str; 4] = ["glob", "like", "match", "regexp"];

/// More words that mean something of their own in a view or trigger.
#[rustfmt::skip]
const SPOKEN: [&str; 22] = [
    "after", "asc", "before", "begin", "by", "cast", "desc", "each", "end", "for", "glob", "instead", "like", "match",
    "of", "raise", "regexp", "row", "temp", "temporary", "trigger", "view",
];

/// A name in an expression that may be a column's.
struct Place {
    /// With the table's name before it.
    span: Span,
    name: String,
    qualified: bool,
}

/// `text` with something else in the place of names: `with` is asked for each name that is no function, and told whether
/// it stands behind `table.`, which then goes too.
pub(in crate::dialect::sqlite) fn substitute(
    text: &str,
    table: &str,
    with: impl Fn(&str, bool) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for Place { span, name, qualified } in places(text, table) {
        if let Some(new) = with(&name, qualified) {
            out.push_str(&text[copied..span.start]);
            out.push_str(&new);
            copied = span.end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Whether an expression names a column for which `is` holds.
pub(in crate::dialect::sqlite) fn names_any(text: &str, table: &str, is: impl Fn(&str) -> bool) -> bool {
    places(text, table).iter().any(|place| is(&place.name))
}

/// The names in an expression. Which words are names is told by where they stand: `end` is one in `end > 1`, and none in
/// `CASE .. END`.
fn places(text: &str, table: &str) -> Vec<Place> {
    let mut tokens = lex(text, FLAVOUR);
    tokens.retain(|token| !matches!(token.kind, Kind::Blank | Kind::Comment));
    let piece = |at: usize| tokens.get(at).map_or("", |token: &Token| token.span.of(text));
    let is_name = |at: usize| tokens.get(at).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
    let mut places = Vec::new();
    // Whether a value ends at the last word: an operator follows then, and no name.
    let mut value = false;
    // For each open bracket, whether it is that of a cast.
    let mut casts = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !is_name(at) {
            match piece(at) {
                "(" => casts.push(at > 0 && piece(at - 1).eq_ignore_ascii_case("cast")),
                ")" => drop(casts.pop()),
                _ => {}
            }
            value = piece(at) == ")" || tokens[at].kind != Kind::Sign;
            at += 1;
            continue;
        }
        let behind_dot = at > 0 && piece(at - 1) == ".";
        if tokens[at].kind == Kind::Word && !behind_dot {
            let word = piece(at).to_ascii_lowercase();
            if RESERVED.binary_search(&word.as_str()).is_ok() {
                at += 1;
                value = VALUES.contains(&word.as_str());
                match word.as_str() {
                    // A type stands there, up to the end of the cast.
                    "as" if casts.last() == Some(&true) => {
                        let end = (at..tokens.len()).filter(|at| piece(*at) == ")").find(|end| {
                            let open = (at..*end).filter(|at| piece(*at) == "(").count();
                            (at..*end).filter(|at| piece(*at) == ")").count() == open
                        });
                        at = end.unwrap_or(tokens.len());
                    }
                    "as" | "collate" => (at, value) = (at + 1, true),
                    "group" | "order" if piece(at).eq_ignore_ascii_case("by") => at += 1,
                    _ => {}
                }
                continue;
            }
            if value {
                value = !OPERATORS.contains(&word.as_str());
                at += 1;
                continue;
            }
        }
        let qualified =
            !behind_dot && piece(at + 1) == "." && is_name(at + 2) && unquoted(piece(at)).eq_ignore_ascii_case(table);
        let name = if qualified { at + 2 } else { at };
        let next = piece(name + 1);
        if !behind_dot && next != "(" && next != "." {
            let span = tokens[at].span.to(tokens[name].span);
            places.push(Place { span, name: unquoted(piece(name)), qualified });
        }
        value = next != "(" && next != ".";
        at = name + 1;
    }
    places
}

/// A view or trigger with another name in the place of each that may be the table `from`, or its column; the new name is
/// given quoted. The engine does this better: it knows what each name means.
pub(in crate::dialect::sqlite) fn renamed(text: &str, table: &str, column: Option<&str>, to: &str) -> String {
    let from = column.unwrap_or(table);
    let tokens: Vec<Token> = lex(text, FLAVOUR);
    let words: Vec<&Token> = tokens.iter().filter(|token| !matches!(token.kind, Kind::Blank | Kind::Comment)).collect();
    let name = |at: usize| words.get(at).map(|token| unquoted(token.span.of(text))).unwrap_or_default();
    let mut out = text.to_owned();
    for (at, token) in words.iter().enumerate().rev() {
        // A column of another table keeps its name.
        let of = if at > 1 && name(at - 1) == "." { Some(name(at - 2)) } else { None };
        let word = name(at).to_ascii_lowercase();
        let spoken = RESERVED.binary_search(&word.as_str()).is_ok() || SPOKEN.contains(&word.as_str());
        let is_name = match token.kind {
            Kind::Quoted => true,
            Kind::Word => of.is_some() || !spoken,
            _ => false,
        };
        let ours = |of: &String| [table, "new", "old"].iter().any(|name| of.eq_ignore_ascii_case(name));
        let is_it = is_name && word.eq_ignore_ascii_case(from);
        if is_it && (column.is_none() || of.as_ref().is_none_or(ours)) {
            out.replace_range(token.span.start..token.span.end, to);
        }
    }
    out
}
