//! The text of a new revision file.

use super::{Revision, Step, Work};
use crate::schema::Op;
use crate::syntax::{Flavour, Kind, lex};

impl Revision {
    /// The text of the file: header, statements, `-- downgrade` and the way back.
    ///
    /// The same revision always gives the same text, and the text reads back as the same revision. An existing file is
    /// never written again: what people add to it stays.
    ///
    /// ```
    /// use aludel::migrate::{Revision, Step, Work};
    /// use aludel::schema::Op;
    ///
    /// let drop = Op::DropTable { table: "shields".into() };
    /// let revision = Revision {
    ///     edition: 1,
    ///     id: "4f1c2a9b7d03".into(),
    ///     message: "drop shields".into(),
    ///     up: vec![Step::new(Work::Change(Box::new(drop)))],
    ///     irreversible: Some("the rows are gone".into()),
    ///     ..Revision::default()
    /// };
    /// assert_eq!(
    ///     revision.print(),
    ///     "-- edition:  1
    /// -- revision: 4f1c2a9b7d03
    /// -- parents:
    /// -- message:  drop shields
    ///
    /// DROP TABLE shields;
    ///
    /// -- irreversible: the rows are gone
    /// "
    /// );
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn print(&self) -> String {
        let mut out = header(self);
        steps(&self.up, &mut out);
        match (&self.down, &self.irreversible) {
            (Some(down), _) => {
                out.push_str("\n-- downgrade\n");
                steps(down, &mut out);
            }
            (None, Some(reason)) => out.push_str(&format!("\n-- irreversible: {}\n", one_line(reason))),
            (None, None) => {}
        }
        out
    }
}

fn header(revision: &Revision) -> String {
    let always = [
        ("edition:", revision.edition.to_string()),
        ("revision:", revision.id.clone()),
        ("parents:", revision.parents.join(", ")),
        ("message:", one_line(&revision.message)),
    ];
    let lists = [("label:", &revision.labels), ("depends:", &revision.depends), ("replaces:", &revision.replaces)];
    let lists = lists.into_iter().filter(|(_, items)| !items.is_empty()).map(|(word, items)| (word, items.join(", ")));
    let line = |(word, rest): (&str, String)| format!("{}\n", format!("-- {word:10}{rest}").trim_end());
    always.into_iter().chain(lists).map(line).collect()
}

fn steps(steps: &[Step], out: &mut String) {
    for (at, step) in steps.iter().enumerate() {
        let joined = at.checked_sub(1).is_some_and(|before| belong(&steps[before], step));
        if !joined {
            out.push('\n');
        }
        self::step(step, out);
    }
}

/// Whether two steps stand without a blank line between them: plain operations on one thing.
fn belong(one: &Step, other: &Step) -> bool {
    let plain =
        |step: &Step| step.notes.is_empty() && step.only.is_empty() && step.allow.is_empty() && step.instead.is_empty();
    let (Some(first), Some(second)) = (one.op(), other.op()) else { return false };
    plain(one) && plain(other) && (thing(first) == thing(second)) && !matches!(second, Op::CreateTable(_))
        || follows(first, second) && one.instead.is_empty() && plain(other)
}

/// Whether the second operation is about the table that the first one makes.
fn follows(first: &Op, second: &Op) -> bool {
    matches!(first, Op::CreateTable(_)) && second.table().is_some() && first.table() == second.table()
}

/// What an operation is about.
fn thing(op: &Op) -> &str {
    match op {
        Op::CreateEnum { name, .. }
        | Op::DropEnum { name }
        | Op::RenameEnum { name, .. }
        | Op::AddValue { name, .. }
        | Op::RenameValue { name, .. } => name,
        other => other.table().unwrap_or_default(),
    }
}

fn step(step: &Step, out: &mut String) {
    for note in &step.notes {
        out.push_str(&comment(note));
    }
    for allow in &step.allow {
        out.push_str(&format!("-- allow: {} {}\n", word(&allow.rule), quoted(&allow.why)));
    }
    if !step.only.is_empty() {
        out.push_str(&format!("-- only: {}\n", step.only.join(", ")));
    }
    match &step.work {
        Work::Change(op) => statement(&op.print(), out),
        Work::Data(text) | Work::Raw(text) => statement(text, out),
        Work::Run { name, arguments } => {
            let words: Vec<String> = std::iter::once(name).chain(arguments).map(|text| word(text)).collect();
            out.push_str(&format!("-- run: {}\n", words.join(" ")));
        }
    }
    for instead in &step.instead {
        out.push_str(&format!("-- instead: {}\n", instead.engines.join(", ")));
        statement(&instead.text, out);
    }
}

fn statement(text: &str, out: &mut String) {
    out.push_str(text);
    let comment = lex(text, Flavour::PORTABLE).last().is_some_and(|token| token.kind == Kind::Comment);
    // A comment at the end would take the sign along.
    out.push_str(if comment { "\n;\n" } else { ";\n" });
}

/// A line of comment, which never says anything to Aludel but `model:`.
fn comment(note: &str) -> String {
    let note = one_line(note);
    let directive = !note.starts_with("model:") && super::parse::is_directive(&note);
    format!("{} {note}\n", if directive { "---" } else { "--" })
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A word of a directive, in quotes where it would be several.
fn word(text: &str) -> String {
    let bare = !text.is_empty() && !text.starts_with('"') && !text.contains(char::is_whitespace);
    if bare { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::Type;
    use crate::migrate::{Allow, Instead};
    use crate::schema::{Column, Index, Key, Table};
    use crate::syntax::Span;

    fn change(op: Op) -> Step {
        Step::new(Work::Change(Box::new(op)))
    }

    /// A revision with everything that a file can say.
    fn revision() -> Revision {
        let columns = vec![Column::new("id", Type::BigInt), Column::new("Größe", Type::Text)];
        let table = Table { name: "shields".into(), columns, ..Table::default() };
        let notes = ["model: game::Shield (src/shield.rs:12)", "only: a question of taste", "two\nlines"];
        let index = Index { name: "ix".into(), keys: vec![Key::column("id")], ..Index::default() };
        let index = Op::CreateIndex { table: "shields".into(), index, concurrently: false };
        let (text, span) = ("CREATE INDEX ix ON shields (id) -- online".to_owned(), Span::default());
        let allow = Allow { rule: "data".into(), why: "it's \"few\" rows".into() };
        let arguments = vec!["100".into(), "two words".into(), String::new(), "a\"b".into()];
        let drop = |table: &str| change(Op::DropTable { table: table.into() });
        let value = |value: &str| Op::RenameValue { name: "mood".into(), value: value.into(), to: "ok".into() };
        Revision {
            edition: 1,
            id: "4f1c2a9b7d03".into(),
            parents: vec!["9a0b1c2d3e4f".into(), "0123456789ab".into()],
            message: "add shields\nand more".into(),
            labels: vec!["armour".into()],
            replaces: vec!["a1".into(), "b2".into()],
            up: vec![
                Step { notes: notes.map(str::to_owned).to_vec(), ..change(Op::CreateTable(table)) },
                change(index.clone()),
                Step {
                    instead: vec![Instead { engines: vec!["mysql".into(), "mariadb".into()], text, span }],
                    ..change(index)
                },
                change(value("sad")),
                change(value("so-so")),
                drop("a"),
                drop("b"),
                Step { allow: vec![allow], ..Step::new(Work::Data("DELETE FROM shields".into())) },
                Step {
                    only: vec!["sqlite".into()],
                    ..Step::new(Work::Run { name: "backfill_slugs".into(), arguments })
                },
                Step { only: vec!["postgres".into()], ..Step::new(Work::Raw("SELECT setval('s', 1) /* on */".into())) },
            ],
            down: Some(vec![drop("shields")]),
            ..Revision::default()
        }
    }

    #[test]
    fn the_text_of_a_new_file() {
        let text = revision().print();
        expect![[r#"
            -- edition:  1
            -- revision: 4f1c2a9b7d03
            -- parents:  9a0b1c2d3e4f, 0123456789ab
            -- message:  add shields and more
            -- label:    armour
            -- replaces: a1, b2

            -- model: game::Shield (src/shield.rs:12)
            --- only: a question of taste
            -- two lines
            CREATE TABLE shields (
                id      BIGINT,
                "Größe" TEXT
            );
            CREATE INDEX ix ON shields (id);

            CREATE INDEX ix ON shields (id);
            -- instead: mysql, mariadb
            CREATE INDEX ix ON shields (id) -- online
            ;

            ALTER TYPE mood RENAME VALUE 'sad' TO 'ok';
            ALTER TYPE mood RENAME VALUE 'so-so' TO 'ok';

            DROP TABLE a;

            DROP TABLE b;

            -- allow: data "it's ""few"" rows"
            DELETE FROM shields;

            -- only: sqlite
            -- run: backfill_slugs 100 "two words" "" a"b

            -- only: postgres
            SELECT setval('s', 1) /* on */
            ;

            -- downgrade

            DROP TABLE shields;
        "#]]
        .assert_eq(&text);
        let read = Revision::parse("1.sql", &text).unwrap();
        assert_eq!(read.up.len(), revision().up.len());
        for (read, step) in read.up.iter().zip(&revision().up) {
            assert_eq!((&read.only, &read.allow), (&step.only, &step.allow));
            assert_eq!((read.op(), read.instead.len()), (step.op(), step.instead.len()));
            assert!(read.op().is_some() || read.work == step.work || matches!(read.work, Work::Raw(_)));
        }
    }
}
