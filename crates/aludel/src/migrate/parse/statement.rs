//! One statement: an operation, data, or text for some engines.

use super::cursor::{BEGINNINGS, Cursor, Mistake, Names, Result, quoted};
use super::{alter, expression, index, table};
use crate::schema::{Commented, Op, Place, View, nearest};
use crate::syntax::{Kind, Span, Token};

/// One operation of a statement, and where its names stand.
pub(super) type Part = (Op, Names);

/// What a statement is.
pub(super) enum Kinds {
    /// Operations: several where ALTER TABLE or DROP TABLE lists them.
    Ops(Vec<Part>),
    /// Changes of rows.
    Data,
}

/// Reads the statement of `tokens`, which is `limited` to some engines or is for all.
pub(super) fn read(text: &str, tokens: &[Token], limited: bool) -> Result<Kinds> {
    let mut cursor = Cursor::new(text, tokens, limited);
    if cursor.sees_any(&DATA) {
        return data(&cursor, tokens).map(|()| Kinds::Data);
    }
    let parts = ops(&mut cursor)?;
    cursor.expect_end()?;
    Ok(Kinds::Ops(parts))
}

/// What begins a statement that changes rows.
const DATA: [&str; 6] = ["insert", "update", "delete", "with", "merge", "truncate"];

fn ops(cursor: &mut Cursor<'_>) -> Result<Vec<Part>> {
    let op = if cursor.eat("create") {
        create(cursor)?
    } else if cursor.eat("alter") {
        return alter(cursor);
    } else if cursor.eat("drop") {
        return drop_(cursor);
    } else if cursor.eat("comment") {
        comment(cursor)?
    } else {
        return Err(unknown(cursor));
    };
    Ok(vec![(op, cursor.take_names())])
}

/// That no portable statement begins like this.
fn unknown(cursor: &Cursor<'_>) -> Mistake {
    let found = cursor.peek().map(|token| cursor.piece(token)).unwrap_or_default();
    let mut mistake = cursor.expected_what("a statement");
    if cursor.sees("select") {
        mistake.what = "SELECT changes nothing".into();
        mistake.help = "leave it out, or limit it where it does change something: `-- only:` above it".into();
    } else if cursor.sees("rename table") {
        mistake.what = "`RENAME` begins no portable statement".into();
        mistake.help = "write ALTER TABLE .. RENAME TO ..".into();
    } else if matches!(found, "#" | "//") {
        mistake.help = "a comment begins with `--`".into();
    } else if !found.starts_with(|c: char| c.is_alphabetic()) {
        mistake.help = "a statement begins with a word such as CREATE, ALTER, DROP or INSERT".into();
    } else {
        let known = BEGINNINGS.iter().chain(&DATA).copied();
        mistake.what = format!("`{}` begins no portable statement", found.to_uppercase());
        mistake.help = match nearest(&found.to_lowercase(), known) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => ONLY.into(),
        };
    }
    mistake
}

pub(super) const ONLY: &str = "if one engine only is to run it, say which above it: `-- only:` and the engine's name";

fn create(cursor: &mut Cursor<'_>) -> Result<Op> {
    if cursor.eat("or replace view") {
        return view(cursor, true);
    }
    refuse(cursor, "or replace", "history knows what is there: leave OR REPLACE out")?;
    if cursor.eat("table") {
        return table::create(cursor);
    }
    if cursor.eat("view") {
        return view(cursor, false);
    }
    if cursor.eat("schema") {
        refuse_if(cursor)?;
        return Ok(Op::CreateSchema { name: cursor.name("the name of a schema")? });
    }
    if cursor.sees("unique") || cursor.sees("index") {
        return index::create(cursor);
    }
    if cursor.eat("type") {
        return create_type(cursor);
    }
    if cursor.sees_any(&["temp", "temporary", "unlogged"]) {
        let help = "leave it out: what a revision makes stays, and is kept as safe as all else";
        return Err(Mistake { help: help.into(), ..cursor.expected(&["table"]) });
    }
    Err(not_portable(cursor, "create", &["table", "index", "unique index", "type", "view", "schema"]))
}

/// That `CREATE ..` (or ALTER, DROP) of this is nothing portable.
fn not_portable(cursor: &Cursor<'_>, verb: &str, known: &[&str]) -> Mistake {
    let mut mistake = cursor.expected(known);
    if mistake.help.is_empty() {
        mistake.help = match cursor.peek() {
            Some(token) if token.kind == Kind::Word && !OBJECTS.iter().any(|object| cursor.sees(object)) => {
                let name = cursor.piece(token);
                format!("write what it is before the name: {} TABLE {name}", verb.to_uppercase())
            }
            Some(token) if token.kind == Kind::Word => {
                let what = format!("{} {} is not portable", verb.to_uppercase(), cursor.piece(token).to_uppercase());
                return Mistake::new(token.span, what, ONLY);
            }
            _ => ONLY.into(),
        };
    }
    mistake
}

/// What engines have beside what is portable.
const OBJECTS: [&str; 31] = [
    "aggregate",
    "cast",
    "collation",
    "conversion",
    "database",
    "default",
    "domain",
    "event",
    "extension",
    "foreign",
    "function",
    "global",
    "group",
    "language",
    "large",
    "local",
    "materialized",
    "operator",
    "policy",
    "procedure",
    "publication",
    "role",
    "routine",
    "rule",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "trigger",
    "user",
    "virtual",
];

/// Refuses `words` if they come next.
pub(super) fn refuse(cursor: &mut Cursor<'_>, words: &str, help: &str) -> Result {
    let from = cursor.position();
    if !cursor.eat(words) {
        return Ok(());
    }
    let what = format!("{} cannot stand here", words.to_uppercase());
    Err(Mistake::new(cursor.since(from), what, help))
}

/// Refuses IF EXISTS and IF NOT EXISTS.
pub(super) fn refuse_if(cursor: &mut Cursor<'_>) -> Result {
    const HELP: &str = "leave it out: history knows what is there, and the clause would hide where a database differs";
    refuse(cursor, "if not exists", HELP)?;
    refuse(cursor, "if exists", HELP)
}

/// Refuses CASCADE behind a drop, and reads RESTRICT, which is what a drop does anyway.
pub(super) fn no_cascade(cursor: &mut Cursor<'_>, first: &str) -> Result {
    cursor.eat("restrict");
    refuse(cursor, "cascade", &format!("leave it out, and drop {first} by statements of their own before"))
}

fn create_type(cursor: &mut Cursor<'_>) -> Result<Op> {
    refuse_if(cursor)?;
    let name = cursor.path("the name of an enum")?;
    cursor.expect("as enum").map_err(|mistake| Mistake {
        help: "write CREATE TYPE .. AS ENUM ('a', 'b'); other types are not portable".into(),
        ..mistake
    })?;
    if cursor.is_sign(0, "(") && cursor.is_sign(1, ")") {
        return Err(Mistake::new(cursor.here(), "an enum without values", "write at least one: ('a', 'b')"));
    }
    let variants = cursor.list(|cursor| cursor.literal("a value of the enum"))?;
    Ok(Op::CreateEnum { name, variants })
}

fn alter(cursor: &mut Cursor<'_>) -> Result<Vec<Part>> {
    if cursor.eat("table") {
        return alter::table(cursor);
    }
    let op = if cursor.eat("index") {
        refuse_if(cursor)?;
        let name = cursor.name("the name of an index")?;
        cursor.expect("rename to")?;
        Op::RenameIndex { name, to: cursor.name("the new name of the index")? }
    } else if cursor.eat("type") {
        alter_type(cursor)?
    } else {
        return Err(not_portable(cursor, "alter", &["table", "index", "type"]));
    };
    Ok(vec![(op, cursor.take_names())])
}

fn alter_type(cursor: &mut Cursor<'_>) -> Result<Op> {
    let name = cursor.path("the name of an enum")?;
    if cursor.eat("rename to") {
        let to = cursor.new_name(&name, "the new name of the enum")?;
        return Ok(Op::RenameEnum { name, to });
    }
    if cursor.eat("rename value") {
        let value = cursor.literal("a value of the enum")?;
        cursor.expect("to")?;
        return Ok(Op::RenameValue { name, value, to: cursor.literal("the value's new text")? });
    }
    if cursor.eat("add value") {
        refuse_if(cursor)?;
        let value = cursor.literal("a value of the enum")?;
        let place = if cursor.eat("before") {
            Place::Before(cursor.literal("a value of the enum")?)
        } else if cursor.eat("after") {
            Place::After(cursor.literal("a value of the enum")?)
        } else {
            Place::Last
        };
        return Ok(Op::AddValue { name, value, place });
    }
    if cursor.sees("drop value") || cursor.sees("drop") {
        let help = "make a new enum without it, and change the columns' type to that: ALTER COLUMN .. TYPE .. USING ..";
        return Err(Mistake::new(cursor.here(), "a value of an enum cannot be dropped", help));
    }
    Err(cursor.expected(&["add value", "rename value", "rename to"]))
}

fn drop_(cursor: &mut Cursor<'_>) -> Result<Vec<Part>> {
    let make: fn(&mut Cursor<'_>) -> Result<Op> = if cursor.eat("table") {
        |cursor| Ok(Op::DropTable { table: cursor.path("the name of a table")? })
    } else if cursor.eat("index concurrently") {
        |cursor| Ok(Op::DropIndex { name: bare_index(cursor)?, concurrently: true })
    } else if cursor.eat("index") {
        |cursor| Ok(Op::DropIndex { name: bare_index(cursor)?, concurrently: false })
    } else if cursor.eat("type") {
        |cursor| Ok(Op::DropEnum { name: cursor.path("the name of an enum")? })
    } else if cursor.eat("view") {
        |cursor| Ok(Op::DropView { view: cursor.path("the name of a view")? })
    } else if cursor.eat("schema") {
        |cursor| Ok(Op::DropSchema { name: cursor.name("the name of a schema")? })
    } else {
        return Err(not_portable(cursor, "drop", &["table", "index", "type", "view", "schema"]));
    };
    refuse_if(cursor)?;
    let mut parts = Vec::new();
    loop {
        let op = make(cursor)?;
        parts.push((op, cursor.take_names()));
        if !cursor.eat_sign(",") {
            break;
        }
    }
    no_cascade(cursor, "what stands on it")?;
    if matches!(parts.as_slice(), [(Op::DropIndex { .. }, _)]) {
        refuse(cursor, "on", "leave it and the table out: history knows whose index it is")?;
    }
    Ok(parts)
}

/// The name of an index, which history finds without its schema.
fn bare_index(cursor: &mut Cursor<'_>) -> Result<String> {
    let from = cursor.position();
    let name = cursor.name("the name of an index")?;
    if cursor.eat_sign(".") {
        let help = "write the name alone: history knows its table";
        return Err(Mistake::new(cursor.since(from), "an index stands in the schema of its table", help));
    }
    Ok(name)
}

fn comment(cursor: &mut Cursor<'_>) -> Result<Op> {
    cursor.expect("on")?;
    let on = commented(cursor)?;
    cursor.expect("is")?;
    let text = if cursor.eat("null") { None } else { Some(cursor.literal("a text or NULL")?) };
    Ok(Op::Comment { on, text })
}

fn commented(cursor: &mut Cursor<'_>) -> Result<Commented> {
    if cursor.eat("table") {
        return cursor.path("the name of a table").map(Commented::Table);
    }
    if cursor.eat("column") {
        let (table, column) = cursor.column_path()?;
        return Ok(Commented::Column(table, column));
    }
    if cursor.eat("index") {
        return cursor.name("the name of an index").map(Commented::Index);
    }
    if cursor.eat("constraint") {
        let name = cursor.name("the name of a constraint")?;
        cursor.expect("on")?;
        return Ok(Commented::Constraint(cursor.path("the name of a table")?, name));
    }
    if cursor.eat("type") {
        return cursor.path("the name of an enum").map(Commented::Enum);
    }
    if cursor.eat("view") {
        return cursor.path("the name of a view").map(Commented::View);
    }
    if cursor.eat("schema") {
        return cursor.name("the name of a schema").map(Commented::Schema);
    }
    Err(not_portable(cursor, "comment on", &["table", "column", "index", "constraint", "type", "view", "schema"]))
}

/// What stands behind CREATE VIEW.
fn view(cursor: &mut Cursor<'_>, replace: bool) -> Result<Op> {
    refuse_if(cursor)?;
    let name = cursor.path("the name of a view")?;
    let columns = if cursor.is_sign(0, "(") { cursor.names("the name of a column")? } else { Vec::new() };
    cursor.expect("as")?;
    if !cursor.sees_any(&["select", "with", "values"]) {
        return Err(cursor.expected(&["select", "with", "values"]));
    }
    let query = expression::rest(cursor)?;
    Ok(Op::CreateView { view: View { name, columns, query }, replace })
}

/// Whether what changes rows is one statement that does.
fn data(cursor: &Cursor<'_>, tokens: &[Token]) -> Result {
    let mut open: Vec<(Span, &str)> = Vec::new();
    let mut changes = 0;
    let merges = tokens.iter().any(|token| is_word(cursor, token, "merge"));
    for (at, token) in tokens.iter().enumerate() {
        let piece = cursor.piece(*token);
        match (token.kind, piece) {
            (Kind::Sign, "(") => open.push((token.span, ")")),
            (Kind::Sign, "[") => open.push((token.span, "]")),
            (Kind::Sign, ")" | "]") if open.pop().is_none_or(|(_, close)| close != piece) => {
                return Err(Mistake::new(token.span, format!("`{piece}` closes nothing"), "count the brackets"));
            }
            (Kind::Word, _) if open.is_empty() => {
                let begins = |words: &[&str]| words.iter().any(|word| piece.eq_ignore_ascii_case(word));
                let again = begins(&["insert", "delete"]) && changes > 0 && !merges;
                if at > 0 && (begins(&["create", "alter", "drop"]) || again) {
                    let what = format!("`{}` begins another statement", piece.to_uppercase());
                    return Err(Mistake::new(token.span, what, "is a `;` missing before it?"));
                }
                changes += usize::from(begins(&["insert", "update", "delete", "merge", "truncate"]));
            }
            _ => {}
        }
    }
    if let Some((span, close)) = open.pop() {
        let what = format!("a bracket opened here is not closed by `{close}`");
        return Err(Mistake::new(span, what, "count the brackets, or is a `;` missing?"));
    }
    if changes == 0 {
        let help = "leave it out, or write the INSERT, UPDATE or DELETE that uses it";
        return Err(Mistake::new(cursor.here(), "WITH that changes nothing", help));
    }
    Ok(())
}

fn is_word(cursor: &Cursor<'_>, token: &Token, word: &str) -> bool {
    token.kind == Kind::Word && cursor.piece(*token).eq_ignore_ascii_case(word)
}
