//! What an error says: one sentence, with what to do next where there is something to do.

use std::fmt;

use super::{Error, FieldError, Kind, Rule};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::NotFound { what } => write!(f, "{what} was not found"),
            Kind::TooMany { what } => {
                write!(
                    f,
                    "more than one of {what} was found where one was asked for; narrow the filter, or take `fetch_first`"
                )
            }
            Kind::Stale { table, key, column, ours, theirs } => {
                write!(f, "row {key} of {table} changed since this session read it")?;
                match (column, ours, theirs) {
                    (Some(column), Some(ours), Some(theirs)) => {
                        write!(f, ": {column} was {ours} and is {theirs} now; read it again and repeat the work")
                    }
                    (Some(column), ..) => write!(f, ": {column} differs now; read it again and repeat the work"),
                    (None, ..) => write!(f, ": it is gone"),
                }
            }
            Kind::Violation { rule, constraint, table, fields } => {
                violation(f, *rule, constraint.as_deref(), table.as_deref(), fields)
            }
            Kind::Invalid { fields } => listed(f, fields),
            Kind::TransactionFailed { first } => write!(
                f,
                "the transaction ended at an earlier failure; call `rollback()` before the next statement, or wrap what may \
                 fail in a savepoint. The earlier failure: {first}"
            ),
            Kind::Schema { problems } => {
                write!(f, "the models do not make a schema:")?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
            Kind::Database { message, code: Some(code) } => write!(f, "the database answered: {message} ({code})"),
            Kind::Database { message, code: None } => write!(f, "the database answered: {message}"),
            Kind::UnknownOutcome { message } => {
                write!(
                    f,
                    "it is not known whether the transaction was committed: {message}; look before doing it again"
                )
            }
            Kind::Contention { message }
            | Kind::Locked { message }
            | Kind::Revision { message }
            | Kind::Unavailable { message, .. }
            | Kind::Timeout { message }
            | Kind::Storage { message, .. }
            | Kind::Config { message }
            | Kind::Decode { message }
            | Kind::Usage { message }
            | Kind::Application { message, .. } => f.write_str(message),
        }
    }
}

fn violation(
    f: &mut fmt::Formatter<'_>,
    rule: Rule,
    constraint: Option<&str>,
    table: Option<&str>,
    fields: &[FieldError],
) -> fmt::Result {
    let names: Vec<&str> = fields.iter().map(|field| &*field.field).collect();
    let columns = match (table, names.as_slice()) {
        (Some(table), []) => table.to_owned(),
        (Some(table), names) => format!("{table} ({})", names.join(", ")),
        (None, names) => names.join(", "),
    };
    f.write_str(match rule {
        Rule::Unique => "there is a row with the same values already",
        Rule::NotNull => "a value is missing that must be given",
        Rule::MissingParent => "a row points at one that is not there",
        Rule::Referenced => "other rows still point at this one",
        Rule::Check => "a value breaks a rule of the table",
    })?;
    if !columns.is_empty() {
        write!(f, ": {columns}")?;
    }
    match constraint {
        Some(constraint) => write!(f, " [{constraint}]"),
        None => Ok(()),
    }
}

fn listed(f: &mut fmt::Formatter<'_>, fields: &[FieldError]) -> fmt::Result {
    for (index, FieldError { field, message, .. }) in fields.iter().enumerate() {
        let comma = if index == 0 { "" } else { "; " };
        write!(f, "{comma}{field}: {message}")?;
    }
    Ok(())
}

/// What `fn main() -> Result<()>` and a failing `unwrap` show: the sentence, and where it comes from.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        match self.statement() {
            Some(text) => write!(f, "\n  in: {text}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &'static str, message: &str) -> FieldError {
        FieldError { field: name.into(), code: "unique".into(), message: message.into() }
    }

    #[test]
    fn an_error_says_what_happened_and_where() {
        let stale = Kind::Stale {
            table: "posts".into(),
            key: "7".into(),
            column: Some("likes".into()),
            ours: Some("1".into()),
            theirs: Some("2".into()),
        };
        let unique = Kind::Violation {
            rule: Rule::Unique,
            constraint: Some("uq_users_email".into()),
            table: Some("users".into()),
            fields: vec![field("email", "is taken")],
        };
        let invalid = Kind::Invalid { fields: vec![field("name", "is too long"), field("age", "is negative")] };
        let missing = Kind::Violation { rule: Rule::MissingParent, constraint: None, table: None, fields: Vec::new() };
        let cases: [(Kind, u16, &str, &str); 5] = [
            (
                stale,
                409,
                "stale",
                "row 7 of posts changed since this session read it: likes was 1 and is 2 now; read it again and repeat the work",
            ),
            (unique, 409, "unique", "there is a row with the same values already: users (email) [uq_users_email]"),
            (invalid, 422, "invalid", "name: is too long; age: is negative"),
            (missing, 422, "missing", "a row points at one that is not there"),
            (Kind::NotFound { what: "User 7".into() }, 404, "not_found", "User 7 was not found"),
        ];
        for (kind, status, code, text) in cases {
            let error = Error::new(kind);
            assert_eq!((error.status(), error.code(), error.to_string().as_str()), (status, code, text));
        }
    }

    #[test]
    fn debug_adds_the_text_of_the_statement() {
        let error = Error::usage("no").with_statement("SELECT ?").with_statement("SELECT 2");
        assert_eq!(format!("{error:?}"), "no\n  in: SELECT ?");
    }
}
