//! ALTER TABLE: one operation per action.

use super::cursor::{Cursor, Mistake, Result, quoted};
use super::statement::{Part, no_cascade, refuse_if};
use super::{constraint, default, expression, table, types};
use crate::schema::{ColumnChange, Identity, Op, nearest};
use crate::syntax::Kind;

/// What stands behind ALTER TABLE.
pub(super) fn table(cursor: &mut Cursor<'_>) -> Result<Vec<Part>> {
    refuse_if(cursor)?;
    cursor.eat("only");
    let table = cursor.path("the name of a table")?;
    let of_table = cursor.take_names();
    let mut parts = Vec::new();
    loop {
        let ops = action(cursor, &table)?;
        let mut names = of_table.clone();
        names.extend(cursor.take_names());
        parts.extend(ops.into_iter().map(|op| (op, names.clone())));
        if !cursor.eat_sign(",") {
            return Ok(parts);
        }
    }
}

fn action(cursor: &mut Cursor<'_>, table: &str) -> Result<Vec<Op>> {
    if cursor.eat("add") {
        return add(cursor, table);
    }
    let op = if cursor.eat("drop") {
        drop_(cursor, table)?
    } else if cursor.eat("rename") {
        rename(cursor, table)?
    } else if cursor.eat("validate constraint") {
        Op::ValidateConstraint { table: table.to_owned(), name: cursor.name("the name of a constraint")? }
    } else if cursor.eat("alter") {
        cursor.eat("column");
        let column = cursor.name("the name of a column")?;
        Op::AlterColumn { table: table.to_owned(), column, change: change(cursor)? }
    } else if cursor.sees("modify") || cursor.sees("change") {
        let help = "write ALTER COLUMN .. TYPE .., SET NOT NULL, SET DEFAULT .., or RENAME COLUMN .. TO ..";
        return Err(Mistake::new(cursor.here(), "a column is changed one attribute at a time", help));
    } else {
        return Err(cursor.expected(&["add", "drop", "rename", "alter", "validate constraint"]));
    };
    Ok(vec![op])
}

fn add(cursor: &mut Cursor<'_>, of: &str) -> Result<Vec<Op>> {
    let table = of.to_owned();
    if constraint::begins(cursor) {
        let from = cursor.position();
        let constraint = constraint::read(cursor, of)?;
        cursor.note_given(constraint.name(), cursor.since(from));
        return Ok(vec![Op::AddConstraint { table, constraint, not_valid: cursor.eat("not valid") }]);
    }
    table::no_index(cursor)?;
    misspelt_column(cursor)?;
    cursor.eat("column");
    refuse_if(cursor)?;
    if cursor.is_sign(0, "(") {
        let help = "write ADD COLUMN for each: ADD COLUMN a TEXT, ADD COLUMN b TEXT";
        return Err(Mistake::new(cursor.here(), "columns are added one by one", help));
    }
    let (column, constraints) = table::column(cursor, of)?;
    let mut ops = vec![Op::AddColumn { table: table.clone(), column }];
    let add = |(constraint, _)| Op::AddConstraint { table: table.clone(), constraint, not_valid: false };
    ops.extend(constraints.into_iter().map(add));
    if cursor.sees("first") || cursor.sees("after") {
        let help = "leave it out: the order of columns is not part of a schema";
        return Err(Mistake::new(cursor.here(), "a new column stands last", help));
    }
    Ok(ops)
}

/// Refuses a word that stands where COLUMN may and is taken for the name: `ADD COLUMNS nick TEXT`.
fn misspelt_column(cursor: &Cursor<'_>) -> Result {
    let word = |at: usize| {
        let token = cursor.ahead(at).filter(|token| token.kind == Kind::Word)?;
        Some((token, cursor.piece(token).to_lowercase()))
    };
    let (Some((first, name)), Some(_), Some((_, ty))) = (word(0), word(1), word(2)) else { return Ok(()) };
    match nearest(&name, ["column", "constraint"].into_iter()).filter(|near| *near != name && types::is_word(&ty)) {
        Some(near) => {
            let what = format!("`{}` stands where {} may", cursor.piece(first), near.to_uppercase());
            Err(Mistake::new(first.span, what, format!("did you mean {}?", quoted(near))))
        }
        None => Ok(()),
    }
}

fn drop_(cursor: &mut Cursor<'_>, table: &str) -> Result<Op> {
    let table = table.to_owned();
    let constraint = cursor.eat("constraint");
    if !constraint {
        cursor.eat("column");
    }
    refuse_if(cursor)?;
    if !constraint && (cursor.sees("primary key") || cursor.sees("foreign key") || cursor.sees("check")) {
        let help = "write DROP CONSTRAINT and its name";
        return Err(Mistake::new(cursor.here(), "a constraint is dropped by its name", help));
    }
    let name = cursor.ahead(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
    if let (true, Some(name)) = (!constraint && cursor.sees_any(&["index", "key"]), name)
        && !["restrict", "cascade"].iter().any(|word| cursor.is_word(1, word))
    {
        let help = format!("write DROP INDEX {}", cursor.piece(name));
        return Err(Mistake::new(cursor.here(), "an index is dropped by a statement of its own", help));
    }
    let op = if constraint {
        Op::DropConstraint { table, name: cursor.name("the name of a constraint")? }
    } else {
        Op::DropColumn { table, column: cursor.name("the name of a column")? }
    };
    no_cascade(cursor, "what stands on it")?;
    Ok(op)
}

fn rename(cursor: &mut Cursor<'_>, table: &str) -> Result<Op> {
    let table = table.to_owned();
    if cursor.eat("to") {
        let to = cursor.new_name(&table, "the new name of the table")?;
        return Ok(Op::RenameTable { table, to });
    }
    if cursor.eat("constraint") {
        let name = cursor.name("the name of a constraint")?;
        cursor.expect("to")?;
        return Ok(Op::RenameConstraint { table, name, to: cursor.name("the new name of the constraint")? });
    }
    cursor.eat("column");
    let column = cursor.name("the name of a column")?;
    cursor.expect("to")?;
    Ok(Op::RenameColumn { table, column, to: cursor.name("the new name of the column")? })
}

/// What stands behind `ALTER COLUMN c`.
fn change(cursor: &mut Cursor<'_>) -> Result<ColumnChange> {
    if cursor.eat("type") || cursor.eat("set data type") {
        let ty = types::read(cursor)?;
        let collation = if cursor.eat("collate") { Some(cursor.name("a collation")?) } else { None };
        let using = if cursor.eat("using") { Some(expression::until(cursor, &[], "the conversion")?) } else { None };
        return Ok(ColumnChange::Type { ty, using, collation });
    }
    if cursor.eat("set") {
        return set(cursor);
    }
    if cursor.eat("add") {
        cursor.expect("generated")?;
        return table::identity(cursor).map(|identity| ColumnChange::Identity(Some(identity)));
    }
    if cursor.eat("drop") {
        let changes = [
            ("default", ColumnChange::Default(None)),
            ("not null", ColumnChange::Nullable(true)),
            ("identity", ColumnChange::Identity(None)),
            ("expression", ColumnChange::Expression(None)),
        ];
        let words = changes.each_ref().map(|(words, _)| *words);
        let found = changes.into_iter().find(|(words, _)| cursor.eat(words));
        let (_, change) = found.ok_or_else(|| cursor.expected(&words))?;
        refuse_if(cursor)?;
        return Ok(change);
    }
    let mistake = cursor.expected(&["type", "set", "drop", "add"]);
    for (words, help) in
        [("not null", "write SET NOT NULL"), ("null", "write DROP NOT NULL"), ("default", "write SET DEFAULT")]
    {
        if cursor.sees(words) {
            return Err(Mistake { help: help.into(), ..mistake });
        }
    }
    if mistake.help.is_empty() && types::read(cursor).is_ok() {
        return Err(Mistake { help: "write TYPE before the type".into(), ..mistake });
    }
    Err(mistake)
}

/// What stands behind `ALTER COLUMN c SET`.
fn set(cursor: &mut Cursor<'_>) -> Result<ColumnChange> {
    if cursor.eat("not null") {
        return Ok(ColumnChange::Nullable(false));
    }
    if cursor.eat("default") {
        if cursor.is_done() {
            let help = "write one, or DROP DEFAULT for none";
            return Err(Mistake { help: help.into(), ..cursor.expected_what("a value") });
        }
        return Ok(ColumnChange::Default(default::read(cursor)?.0));
    }
    if cursor.eat("expression") {
        cursor.expect("as")?;
        return Ok(ColumnChange::Expression(Some(expression::bracketed(cursor, "what makes the column")?)));
    }
    if cursor.eat("generated") {
        return set_identity(cursor).map(|identity| ColumnChange::Identity(Some(identity)));
    }
    if cursor.sees("null") {
        return Err(Mistake::new(
            cursor.here(),
            "a column is made to take NULL by DROP NOT NULL",
            "write DROP NOT NULL",
        ));
    }
    Err(cursor.expected(&["not null", "default", "data type", "generated", "expression"]))
}

/// What stands behind `SET GENERATED`: `ALWAYS` or `BY DEFAULT`, and further options by `SET` each.
fn set_identity(cursor: &mut Cursor<'_>) -> Result<Identity> {
    let always = cursor.eat("always");
    if !always {
        cursor.expect("by default")?;
    }
    let mut identity = Identity { always, ..Identity::default() };
    while cursor.eat("set") {
        table::option(cursor, &mut identity)?;
    }
    Ok(identity)
}
