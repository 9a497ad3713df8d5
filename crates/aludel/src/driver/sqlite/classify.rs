//! What an error of the engine means.

use rusqlite::ffi;

use crate::Error;
use crate::FieldError;
use crate::error::{Kind, Rule, StorageFault};

/// The typed error for what the engine answered.
#[cold]
pub(super) fn classify(error: rusqlite::Error) -> Error {
    let kind = match &error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let message = message.clone().unwrap_or_else(|| code.to_string());
            failure(code.extended_code, message)
        }
        rusqlite::Error::SqlInputError { error, msg, sql, offset } => {
            let place = usize::try_from(*offset).ok().and_then(|at| sql.get(at..)).filter(|rest| !rest.is_empty());
            let message = match place {
                Some(rest) => format!("{msg}, at `{}`", rest.chars().take(24).collect::<String>()),
                None => msg.clone(),
            };
            failure(error.extended_code, message)
        }
        rusqlite::Error::MultipleStatement => {
            Kind::Usage { message: "the text holds more than one statement; run them one by one".into() }
        }
        rusqlite::Error::NulError(_) => Kind::Usage { message: "the text of a statement holds a NUL character".into() },
        other => Kind::Database { message: other.to_string(), code: None },
    };
    // The source prints the statement's text at most, never its values.
    Error::new(kind).with_source(error)
}

/// `code` is an extended result code; its low byte is the family.
fn failure(code: i32, message: String) -> Kind {
    match code & 0xff {
        ffi::SQLITE_CONSTRAINT => constraint(code, message),
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_SCHEMA | ffi::SQLITE_PROTOCOL => contention(code),
        ffi::SQLITE_INTERRUPT => Kind::Timeout { message: "the statement was interrupted".into() },
        ffi::SQLITE_ERROR if message.contains("too many SQL variables") => {
            Kind::Usage { message: format!("{message}: send the values in several statements, or as one list") }
        }
        ffi::SQLITE_ERROR if message.starts_with("no such table: aludel_") => {
            Kind::Database { message: format!("{message}; `db ensure` makes it"), code: Some(name(code)) }
        }
        ffi::SQLITE_ERROR if message.starts_with("no such table") => Kind::Database {
            message: format!("{message}; `db ensure --schema` makes the tables of the models"),
            code: Some(name(code)),
        },
        ffi::SQLITE_TOOBIG => Kind::Usage { message: format!("{message}: a row may have at most 1,000,000,000 bytes") },
        family => match storage(code, family, &message) {
            Some(kind) => kind,
            None => Kind::Database { message, code: Some(name(code)) },
        },
    }
}

fn name(code: i32) -> String {
    format!("code {code}")
}

fn contention(code: i32) -> Kind {
    let message = match code {
        ffi::SQLITE_BUSY_SNAPSHOT => {
            "another connection wrote since this transaction began to read, so it can no longer write; begin it as a writing one"
        }
        ffi::SQLITE_LOCKED | ffi::SQLITE_LOCKED_SHAREDCACHE => {
            "the table is in use by another statement of the same connection"
        }
        ffi::SQLITE_SCHEMA => "the tables kept changing while the statement was prepared; try again",
        _ => {
            "another process kept the database locked for longer than `busy_timeout`; try again, or look for the program \
             that holds it"
        }
    };
    Kind::Contention { message: message.into() }
}

fn storage(code: i32, family: i32, message: &str) -> Option<Kind> {
    let (fault, cure) = match (family, code) {
        (ffi::SQLITE_FULL, _) => (StorageFault::Full, "free space on the disk; nothing that was committed is lost"),
        (_, ffi::SQLITE_READONLY_DBMOVED) => (
            StorageFault::Vanished,
            "the file was moved or deleted while it was open; put it back and open the database again",
        ),
        (ffi::SQLITE_READONLY, _) => {
            (StorageFault::ReadOnly, "give this user the right to write the file and the folder it lies in")
        }
        (ffi::SQLITE_CORRUPT, _) => (
            StorageFault::Corrupt,
            "stop writing, copy the file, and restore a backup or try `.recover` of the sqlite3 shell",
        ),
        (ffi::SQLITE_NOTADB, _) => {
            (StorageFault::NotADatabase, "the file is something else, or encrypted; give the path of a SQLite file")
        }
        (ffi::SQLITE_IOERR, _) => (StorageFault::Io, "look at the disk and the limits of this process"),
        (ffi::SQLITE_CANTOPEN, _) => (StorageFault::Io, "see that the folder exists and this user may read it"),
        (ffi::SQLITE_PERM | ffi::SQLITE_AUTH, _) => (StorageFault::Io, "give this user the right to use the file"),
        (ffi::SQLITE_NOMEM, _) => (StorageFault::Io, "there is no memory left for the engine"),
        _ => return None,
    };
    Some(Kind::Storage { fault, message: format!("{message} (code {code}): {cure}") })
}

/// `UNIQUE constraint failed: t.a, t.b`, `CHECK constraint failed: name` and their like.
fn constraint(code: i32, message: String) -> Kind {
    let rest = message.split_once(": ").map(|(_, rest)| rest);
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            columns(Rule::Unique, rest.unwrap_or_default(), "is taken already")
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => columns(Rule::NotNull, rest.unwrap_or_default(), "must be given"),
        ffi::SQLITE_CONSTRAINT_CHECK => {
            Kind::Violation { rule: Rule::Check, constraint: rest.map(str::to_owned), table: None, fields: Vec::new() }
        }
        // Which key it was, and whether the parent is missing or the child remains, is not told.
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => key(Rule::MissingParent),
        // RESTRICT is a trigger inside the engine: here the parent is the row in hand.
        ffi::SQLITE_CONSTRAINT_TRIGGER if message == "FOREIGN KEY constraint failed" => key(Rule::Referenced),
        _ => Kind::Database { message, code: Some(name(code)) },
    }
}

fn key(rule: Rule) -> Kind {
    Kind::Violation { rule, constraint: None, table: None, fields: Vec::new() }
}

/// `t.a, t.b`, or `index 'name'` where the index is one of expressions.
fn columns(rule: Rule, told: &str, message: &str) -> Kind {
    if let Some(index) = told.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return Kind::Violation { rule, constraint: Some(index.to_owned()), table: None, fields: Vec::new() };
    }
    let mut table = None;
    let mut fields = Vec::new();
    for part in told.split(", ") {
        let Some((owner, column)) = part.split_once('.') else { continue };
        table.get_or_insert_with(|| owner.to_owned());
        fields.push(FieldError {
            field: column.to_owned().into(),
            code: rule.code().into(),
            message: message.to_owned(),
        });
    }
    Kind::Violation { rule, constraint: None, table, fields }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the last of `statements` fails with, in one line.
    fn check(statements: &[&str], expected: &str) {
        let sqlite = rusqlite::Connection::open_in_memory().unwrap();
        let (last, first) = statements.split_last().unwrap();
        first.iter().for_each(|text| sqlite.execute_batch(text).unwrap());
        let error = classify(sqlite.execute(last, []).unwrap_err());
        assert_eq!(format!("{} {}: {error}", error.status(), error.code()), expected, "{last}");
    }

    #[test]
    fn violations_name_their_columns() {
        let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT, UNIQUE (a, b), \
                     CONSTRAINT ck_b CHECK (b < 9), CHECK (a <> 'x'))";
        let index = "CREATE UNIQUE INDEX uq_lower ON t (lower(a))";
        let row = "INSERT INTO t VALUES (1, 'n', 1)";
        check(
            &[table, row, "INSERT INTO t VALUES (1, 'm', 2)"],
            "409 unique: there is a row with the same values already: t (id)",
        );
        check(
            &[table, row, "INSERT INTO t VALUES (2, 'n', 1)"],
            "409 unique: there is a row with the same values already: t (a, b)",
        );
        check(
            &[table, index, row, "INSERT INTO t VALUES (2, 'N', 1)"],
            "409 unique: there is a row with the same values already [uq_lower]",
        );
        check(&[table, "INSERT INTO t VALUES (1, NULL, 1)"], "422 null: a value is missing that must be given: t (a)");
        check(&[table, "INSERT INTO t VALUES (1, 'n', 9)"], "422 check: a value breaks a rule of the table [ck_b]");
        check(&[table, "INSERT INTO t VALUES (1, 'x', 1)"], "422 check: a value breaks a rule of the table [a <> 'x']");
    }

    #[test]
    fn foreign_keys_tell_what_they_know() {
        let parent = "CREATE TABLE p (id INTEGER PRIMARY KEY)";
        let child = "CREATE TABLE c (p REFERENCES p (id))";
        let strict = "CREATE TABLE c (p REFERENCES p (id) ON DELETE RESTRICT)";
        let rows = "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)";
        check(&[parent, child, "INSERT INTO c VALUES (1)"], "422 missing: a row points at one that is not there");
        check(&[parent, strict, rows, "DELETE FROM p"], "409 referenced: other rows still point at this one");
    }

    #[test]
    fn mistakes_in_statements_show_their_place() {
        check(
            &["SELEKT 1"],
            "500 database: the database answered: near \"SELEKT\": syntax error, at `SELEKT 1` (code 1)",
        );
        check(
            &["SELECT * FROM posts"],
            "500 database: the database answered: no such table: posts; `db ensure --schema` makes the tables of the \
             models (code 1)",
        );
        check(&["SELECT 1; SELECT 2"], "500 usage: the text holds more than one statement; run them one by one");
    }
}
