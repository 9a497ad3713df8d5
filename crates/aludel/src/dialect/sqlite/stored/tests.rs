//! Texts as people write them, read and changed.

use expect_test::expect;

use super::{Definition, IndexText, TriggerText, plain};
use crate::syntax::Span;

const ODD: &str = "CREATE TABLE [my table] (
    id INTEGER PRIMARY KEY, -- the key, and \"why\"
    a varchar ( 10 ) NOT NULL DEFAULT 'x, )' COLLATE nocase /* ) */,
    \"b\" , `c` DEFAULT -1.5 CHECK (c < 2 -- it's
    ),
    d 'odd type' REFERENCES other ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED,
    e AS (a || 'x') STORED CONSTRAINT e_there NOT NULL ON CONFLICT ROLLBACK,
    CONSTRAINT one UNIQUE (a COLLATE binary DESC, b) ON CONFLICT REPLACE CONSTRAINT two CHECK (d <> '(')
    FOREIGN KEY (b, c) REFERENCES \"my table\" (a, d) DEFERRABLE
) STRICT , WITHOUT ROWID";

#[test]
fn every_piece_has_its_place() {
    let read = Definition::read(ODD).unwrap();
    let of = |span: Span| span.of(ODD).to_owned();
    let mut shown = String::new();
    for column in &read.columns {
        shown.push_str(&format!("{} <{}>\n", column.name.text, column.ty(&read)));
        column.clauses.iter().for_each(|clause| shown.push_str(&format!("    {}\n", of(clause.span))));
    }
    for rule in &read.rules {
        shown.push_str(&format!("{}\n    {:?}\n", of(rule.span), rule.name.as_ref().map(|name| &name.text)));
    }
    expect![[r#"
        id <INTEGER>
            PRIMARY KEY
        a <varchar ( 10 )>
            NOT NULL
            DEFAULT 'x, )'
            COLLATE nocase
        b <>
        c <>
            DEFAULT -1.5
            CHECK (c < 2 -- it's
            )
        d <'odd type'>
            REFERENCES other ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED
        e <>
            AS (a || 'x') STORED
            CONSTRAINT e_there NOT NULL ON CONFLICT ROLLBACK
        CONSTRAINT one UNIQUE (a COLLATE binary DESC, b) ON CONFLICT REPLACE
            Some("one")
        CONSTRAINT two CHECK (d <> '(')
            Some("two")
        FOREIGN KEY (b, c) REFERENCES "my table" (a, d) DEFERRABLE
            None
    "#]]
    .assert_eq(&shown);
    assert!(read.strict && read.without_rowid && read.rowid().is_none() && read.key() == ["id"]);
}

#[test]
fn what_is_taken_out_takes_its_comma_and_its_comment() {
    let mut shown = String::new();
    for (text, column) in [
        ("CREATE TABLE t (a INT, b INT, c INT)", "a"),
        ("CREATE TABLE t (a INT, b INT, c INT)", "b"),
        ("CREATE TABLE t (a INT, b INT, c INT)", "c"),
        ("CREATE TABLE t(\n  a INT, -- about a\n  b INT, -- about b\n  c INT -- about c\n)", "b"),
        ("CREATE TABLE t(\n  a INT, -- about a\n  b INT, -- about b\n  c INT -- about c\n)", "c"),
        ("CREATE TABLE t(\n  a INT, -- about a\n  b INT, /* next */ c INT)", "b"),
        ("CREATE TABLE t(a INT /* a */, /* b */ b INT)", "b"),
        ("CREATE TABLE t(a INT -- a\n, b INT -- b\n, CHECK (a) CHECK (1))", "b"),
    ] {
        let without = Definition::read(text).unwrap().without_column(column).unwrap();
        shown.push_str(&format!("{}\n", without.text));
    }
    let read = |text: &str| Definition::read(text).unwrap();
    let rules =
        read("CREATE TABLE t(a INT, -- it's\n CONSTRAINT x UNIQUE (a), CONSTRAINT y CHECK (1) CONSTRAINT z CHECK (2))");
    for name in ["x", "y", "z"] {
        let rule = rules.rule(name, None).unwrap();
        shown.push_str(&format!("{}\n", rules.with_clause(rule, None).unwrap().text));
    }
    let inline = read("CREATE TABLE t(a INT -- it's\n NOT NULL DEFAULT 5 -- so\n)");
    for clause in &inline.columns[0].clauses {
        shown.push_str(&format!("{}\n", inline.with_clause(clause, None).unwrap().text));
    }
    expect![[r#"
        CREATE TABLE t (b INT, c INT)
        CREATE TABLE t (a INT, c INT)
        CREATE TABLE t (a INT, b INT)
        CREATE TABLE t(
          a INT, -- about a
          c INT -- about c
        )
        CREATE TABLE t(
          a INT, -- about a
          b INT -- about b
        )
        CREATE TABLE t(
          a INT, -- about a
          /* next */ c INT)
        CREATE TABLE t(a INT /* a */ /* b */)
        CREATE TABLE t(a INT -- a
        , CHECK (a) CHECK (1))
        CREATE TABLE t(a INT, -- it's
         CONSTRAINT y CHECK (1) CONSTRAINT z CHECK (2))
        CREATE TABLE t(a INT, -- it's
         CONSTRAINT x UNIQUE (a), CONSTRAINT z CHECK (2))
        CREATE TABLE t(a INT, -- it's
         CONSTRAINT x UNIQUE (a), CONSTRAINT y CHECK (1))
        CREATE TABLE t(a INT -- it's
         DEFAULT 5 -- so
        )
        CREATE TABLE t(a INT -- it's
         NOT NULL -- so
        )
    "#]]
    .assert_eq(&shown);
}

#[test]
fn what_is_added_stands_where_it_should() {
    let mut shown = String::new();
    for text in [
        "CREATE TABLE t(a)",
        "CREATE TABLE t (\n  a INT, -- about a\n  b INT -- about b\n)",
        "CREATE TABLE t (\n  a INT, -- about a\n  CHECK (1) -- last\n) STRICT",
        "CREATE TABLE t(a -- open\n)",
    ] {
        let read = Definition::read(text).unwrap();
        let more = read.with_column("z TEXT").and_then(|more| more.with_rule("CONSTRAINT r CHECK (2)")).unwrap();
        shown.push_str(&format!("{}\n", more.text));
    }
    let read = Definition::read("CREATE TABLE t(a, b COLLATE nocase)").unwrap();
    let typed = read.with_type(read.column("A").unwrap(), "TEXT").unwrap();
    shown.push_str(&format!("{}\n", typed.text));
    expect![[r#"
        CREATE TABLE t(a, z TEXT, CONSTRAINT r CHECK (2))
        CREATE TABLE t (
          a INT, -- about a
          b INT, -- about b
          z TEXT,
          CONSTRAINT r CHECK (2)
        )
        CREATE TABLE t (
          a INT, -- about a
          z TEXT,
          CHECK (1), -- last
          CONSTRAINT r CHECK (2)
        ) STRICT
        CREATE TABLE t(a, -- open
            z TEXT,
            CONSTRAINT r CHECK (2)
        )
        CREATE TABLE t(a TEXT, b COLLATE nocase)
    "#]]
    .assert_eq(&shown);
}

#[test]
fn names_change_where_they_are_names() {
    let text = "CREATE TABLE a (a INT, b INT CHECK (a.b > a AND b <> 'b'), c AS (b(a.b, \"b\")), \
                FOREIGN KEY (b) REFERENCES a (b), FOREIGN KEY (a) REFERENCES x (b), UNIQUE (b))";
    let read = Definition::read(text).unwrap();
    let index = IndexText::read("CREATE UNIQUE INDEX b ON a (b DESC, b(a.b)) WHERE a.b > 'b'").unwrap();
    let shown = [
        read.named("\"new\"").unwrap().text,
        read.after_table("a", "z").unwrap().text,
        read.after_column("a", "b", "\"n\"").unwrap().text,
        read.after_column("x", "b", "\"n\"").unwrap().text,
        index.named("z"),
        index.on("z"),
        index.with_column("b", "\"n\""),
    ];
    let trigger =
        "CREATE TRIGGER b AFTER UPDATE OF b ON a BEGIN UPDATE c SET b = NEW.b WHERE c.b = (SELECT a.b FROM a); END";
    let shown = shown
        .into_iter()
        .chain([super::renamed(trigger, "a", None, "z"), super::renamed(trigger, "a", Some("b"), "n")]);
    let shown: Vec<String> = shown.collect();
    expect![[r#"
        CREATE TABLE "new" (a INT, b INT CHECK ("b" > a AND b <> 'b'), c AS (b("b", "b")), FOREIGN KEY (b) REFERENCES a (b), FOREIGN KEY (a) REFERENCES x (b), UNIQUE (b))
        CREATE TABLE z (a INT, b INT CHECK ("b" > a AND b <> 'b'), c AS (b("b", "b")), FOREIGN KEY (b) REFERENCES z (b), FOREIGN KEY (a) REFERENCES x (b), UNIQUE (b))
        CREATE TABLE a (a INT, "n" INT CHECK ("n" > a AND "n" <> 'b'), c AS (b("n", "n")), FOREIGN KEY ("n") REFERENCES a ("n"), FOREIGN KEY (a) REFERENCES x (b), UNIQUE ("n"))
        CREATE TABLE a (a INT, b INT CHECK (a.b > a AND b <> 'b'), c AS (b(a.b, "b")), FOREIGN KEY (b) REFERENCES a (b), FOREIGN KEY (a) REFERENCES x ("n"), UNIQUE (b))
        CREATE UNIQUE INDEX z ON a (b DESC, b(a.b)) WHERE a.b > 'b'
        CREATE UNIQUE INDEX b ON z (b DESC, b("b")) WHERE "b" > 'b'
        CREATE UNIQUE INDEX b ON a ("n" DESC, b("n")) WHERE "n" > 'b'
        CREATE TRIGGER b AFTER UPDATE OF b ON z BEGIN UPDATE c SET b = NEW.b WHERE c.b = (SELECT z.b FROM z); END
        CREATE TRIGGER n AFTER UPDATE OF n ON a BEGIN UPDATE c SET n = NEW.n WHERE c.b = (SELECT a.n FROM a); END"#]].assert_eq(&shown.join("\n"));
}

/// A word is a name where a value stands, and something else where an operator does.
#[test]
fn words_that_mean_something_are_no_names() {
    let words = ["desc", "end", "like", "nocase", "text", "by", "null", "current_date", "group"];
    let mut shown = String::new();
    for text in [
        "(created DESC, desc ASC, t.desc DESC, \"desc\") WHERE end IS NOT NULL",
        "CASE WHEN end > 0 THEN \"end\" ELSE end END + CASE end WHEN 1 THEN 2 END",
        "like LIKE 'like' ESCAPE 'x' AND like('a', like) AND NOT end LIKE like",
        "name COLLATE nocase = nocase COLLATE \"nocase\"",
        "CAST(text AS text) || cast(text AS text(10, 2)) || text",
        "(SELECT max(text) AS text FROM u GROUP BY by ORDER BY by) = text",
        "text IS NULL OR \"null\" IS current_date OR t.\"group\" NOTNULL AND text",
        "text BETWEEN end AND desc AND text IN (end, desc) AND (desc) > -end",
    ] {
        let new = super::substitute(text, "t", |name, _| words.contains(&name).then(|| format!("<{name}>")));
        shown.push_str(&format!("{new}\n"));
    }
    expect![[r#"
        (created DESC, <desc> ASC, <desc> DESC, <desc>) WHERE <end> IS NOT NULL
        CASE WHEN <end> > 0 THEN <end> ELSE <end> END + CASE <end> WHEN 1 THEN 2 END
        <like> LIKE 'like' ESCAPE 'x' AND like('a', <like>) AND NOT <end> LIKE <like>
        name COLLATE nocase = <nocase> COLLATE "nocase"
        CAST(<text> AS text) || cast(<text> AS text(10, 2)) || <text>
        (SELECT max(<text>) AS text FROM u GROUP BY <by> ORDER BY <by>) = <text>
        <text> IS NULL OR <null> IS current_date OR <group> NOTNULL AND <text>
        <text> BETWEEN <end> AND <desc> AND <text> IN (<end>, <desc>) AND (<desc>) > -<end>
    "#]]
    .assert_eq(&shown);
    let index = IndexText::read("CREATE INDEX i ON t (created DESC, b COLLATE nocase)").unwrap();
    assert!(index.uses("CREATED") && !index.uses("desc") && !index.uses("nocase"));
    let trigger = "CREATE TRIGGER r AFTER UPDATE OF \"end\" ON t BEGIN SELECT NEW.end, CASE 1 WHEN 1 THEN 2 END; END";
    expect!["CREATE TRIGGER r AFTER UPDATE OF n ON t BEGIN SELECT NEW.n, CASE 1 WHEN 1 THEN 2 END; END"]
        .assert_eq(&super::renamed(trigger, "t", Some("end"), "n"));
}

#[test]
fn what_cannot_be_read_is_told() {
    let mut shown = String::new();
    for text in [
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "CREATE TABLE t (a INT NOT)",
        "CREATE TABLE t (a INT, CHECK a > 1)",
        "CREATE TABLE t (a 'open",
        "CREATE TABLE t (a INT) SOMEHOW",
        "CREATE TABLE t (a\u{a0}b INT)",
        "CREATE TABLE t (a INT DEFERRABLE)",
        "CREATE TABLE t (a INT",
        "CREATE TABLE t",
    ] {
        shown.push_str(&format!("{}\n", Definition::read(text).unwrap_err()));
    }
    expect![[r#"
        it is a virtual table
        `)` stands where `NULL` was expected
        `a` stands where `(` was expected
        `'open` is not closed
        `SOMEHOW` stands where `WITHOUT` was expected
        it holds a blank that is no ASCII character
        DEFERRABLE stands behind no REFERENCES
        its end begins no clause of a table
        its end stands where `(` was expected
    "#]]
    .assert_eq(&shown);
}

#[test]
fn triggers_tell_when_they_fire() {
    let text = "CREATE TRIGGER IF NOT EXISTS main.\"on it\" INSTEAD OF UPDATE OF a, [b c] ON v BEGIN SELECT 1; END";
    let read = TriggerText::read(text).unwrap();
    assert_eq!(
        (read.event.as_str(), read.columns.as_slice()),
        ("UPDATE", ["a".to_owned(), "b c".to_owned()].as_slice())
    );
    let plainly = TriggerText::read("CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END").unwrap();
    assert_eq!((plainly.event.as_str(), plainly.columns.len()), ("DELETE", 0));
    assert_eq!(plain("a  /* x */ \"B\".[c]='It''s'"), "a b . c = 'It''s'");
}
