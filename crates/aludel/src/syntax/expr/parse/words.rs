//! Words that are no plain names where an operand begins.

/// Functions that stand without brackets.
pub(super) const CURRENT: [&str; 11] = [
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "SESSION_USER",
    "USER",
];

/// Those of them that take digits.
pub(super) const WITH_DIGITS: [&str; 4] = ["CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"];

/// Words that no bare name is: each goes on with, or ends, what stands before it.
const NO_NAME: [&str; 35] = [
    "all", "and", "any", "as", "asc", "between", "case", "cast", "check", "collate", "desc", "distinct", "else", "end",
    "except", "false", "for", "from", "group", "having", "in", "is", "like", "limit", "not", "null", "on", "or",
    "order", "select", "some", "then", "true", "when", "where",
];

/// Words that mean something of their own before a bracket.
const NO_FUNCTION: [&str; 5] = ["array", "exists", "extract", "position", "row"];

/// Whether an operand may be a name that is this word, without quotes.
pub(super) fn may_be_name(word: &str) -> bool {
    !NO_NAME.contains(&word)
}

/// Whether a function called `name`, with plain arguments, stands without quotes.
pub(in crate::syntax::expr) fn may_be_called(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && may_be_name(name)
        && !NO_FUNCTION.contains(&name)
        && !CURRENT.iter().any(|current| current.eq_ignore_ascii_case(name))
}
