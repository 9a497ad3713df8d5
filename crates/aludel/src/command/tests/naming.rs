//! What stands behind the names of revisions: statements, texts that were run, and where scripts begin.

use expect_test::expect;

use super::graph::{desk, forked};

#[test]
fn statements_are_shown_as_they_are_run() {
    let desk = desk(&[
        ("a1", "", "", "CREATE TABLE t (id BIGINT, a TEXT, b TEXT);", "DROP TABLE t;"),
        (
            "b2",
            "a1",
            "",
            "ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(9);\nALTER TABLE t ALTER COLUMN b TYPE VARCHAR(9);\n\
             -- instead: mysql\nALTER TABLE t MODIFY b VARCHAR(9);\nCREATE INDEX ix ON t (a);\n\
             -- instead: sqlite\nCREATE INDEX IF NOT EXISTS ix ON t (a);\n-- instead: sqlite\nANALYZE;\n\
             -- run: fill_slugs 500",
            "DROP INDEX ix;",
        ),
    ]);
    expect![[r#"
        $ show b2 --sql
        CREATE TABLE "aludel_new_t" (
            id BIGINT,
            a  VARCHAR(9),
            b  VARCHAR(9)
        );
        INSERT OR ABORT INTO aludel_new_t (rowid, id, a, b) SELECT rowid, id, a, b FROM t ORDER BY rowid;
        PRAGMA legacy_alter_table = ON;
        DROP TABLE t;
        ALTER TABLE "aludel_new_t" RENAME TO t;
        PRAGMA legacy_alter_table = OFF;
        CREATE INDEX IF NOT EXISTS ix ON t (a);
        ANALYZE;
        -- run: fill_slugs 500
    "#]]
    .assert_eq(&desk.session(&[], &["show b2 --sql"]));
}

#[test]
fn what_was_run_is_shown_by_any_name_of_it() {
    let desk = desk(&[
        ("abc", "", "-- label: first\n", "CREATE TABLE t (id BIGINT);", "DROP TABLE t;"),
        ("abcd", "abc", "", "CREATE TABLE u (id BIGINT);", "DROP TABLE u;"),
        ("bcde", "abcd", "", "CREATE TABLE v (id BIGINT);", "DROP TABLE v;"),
        ("cdef", "bcde", "", "CREATE TABLE w (id BIGINT);", "DROP TABLE w;"),
    ]);
    desk.types(&[], "upgrade bcde");
    let message = |line: &str| {
        let (code, out, error) = desk.types(&[], &format!("show {line} --applied"));
        let found: Vec<&str> = out.lines().filter_map(|line| line.strip_prefix("-- revision: ")).collect();
        format!("{line} = {code} {}{error}\n", found.join(", "))
    };
    let each = |lines: &[&str]| lines.iter().map(|line| message(line)).collect::<String>();
    let all = each(&["abc", "abcd", "first", "current", "-1", "head-1", "head", "ab", "xyz", "base"]);
    for gone in ["abcd", "bcde", "cdef"] {
        std::fs::remove_file(desk.path(&format!("migrations/{gone}.sql"))).unwrap();
    }
    let lost = each(&["abcd", "head", "first"]);
    std::fs::write(desk.path("migrations/abc.sql"), "-- edition: 1\n-- revision: abc\n\nCREATE TABEL t;\n").unwrap();
    let faulty = each(&["abc", "abcd", "bcd", "ab", "head"]);
    expect![[r#"
        abc = 0 abc
        abcd = 0 abcd
        first = 0 abc
        current = 0 bcde
        -1 = 0 abcd
        head-1 = 0 bcde
        head = 2 error: `head` is no revision of the database: it has abc, abcd, bcde

        ab = 2 error: `ab` is too short to name a revision: write at least three letters of its id, or `+1` and `-1` for the next and the last

        xyz = 2 error: there is no revision or label `xyz`: the command `history` lists them

        base = 2 error: `base` is no revision of the database: it has abc, abcd, bcde


        abcd = 0 abcd
        head = 0 bcde
        first = 0 abc

        abc = 0 abc
        abcd = 0 abcd
        bcd = 0 bcde
        ab = 1 error: the header has no line `-- parents:`
          --> migrations/abc.sql
          = help: write `-- parents:  ` and the revisions it follows, or nothing for the first one

        error: expected `TABLE`, `INDEX`, `UNIQUE INDEX`, `TYPE`, `VIEW` or `SCHEMA`, found `TABEL`
         --> migrations/abc.sql:4:8
          |
        4 | CREATE TABEL t;
          |        ^^^^^
          = help: did you mean `TABLE`?

        head = 1 error: the header has no line `-- parents:`
          --> migrations/abc.sql
          = help: write `-- parents:  ` and the revisions it follows, or nothing for the first one

        error: expected `TABLE`, `INDEX`, `UNIQUE INDEX`, `TYPE`, `VIEW` or `SCHEMA`, found `TABEL`
         --> migrations/abc.sql:4:8
          |
        4 | CREATE TABEL t;
          |        ^^^^^
          = help: did you mean `TABLE`?

    "#]].assert_eq(&[all, lost, faulty].join("\n"));
}

#[test]
fn a_script_begins_where_it_says() {
    let desk = forked();
    desk.types(&[], "upgrade a1");
    let mut text = String::new();
    for from in ["current", "+1", "-1", "left@-1", "left@current", " current", "nowhere", "", "base", "a1", "base+1"] {
        let (code, out, error) = desk.types(&[], &format!("upgrade --sql \"{from}:b2\""));
        let over: Vec<&str> = out.lines().filter_map(|line| line.strip_prefix("-- Revision ")).collect();
        text.push_str(&format!("{from} = {code} {}{error}\n", over.join(", ")));
    }
    expect![[r#"
        current = 2 error: `current` depends on what a database has, and a script from one revision to another is written without one: begin at an id, a label, `head` or `base`, or write only where it ends

        +1 = 2 error: `+1` depends on what a database has, and a script from one revision to another is written without one: begin at an id, a label, `head` or `base`, or write only where it ends

        -1 = 2 error: `upgrade` does not take `-1`
          = help: `shop db help upgrade` explains it

        left@-1 = 2 error: `left@-1` depends on what a database has, and a script from one revision to another is written without one: begin at an id, a label, `head` or `base`, or write only where it ends

        left@current = 2 error: `left@current` depends on what a database has, and a script from one revision to another is written without one: begin at an id, a label, `head` or `base`, or write only where it ends

         current = 2 error: ` current` depends on what a database has, and a script from one revision to another is written without one: begin at an id, a label, `head` or `base`, or write only where it ends

        nowhere = 2 error: there is no revision or label `nowhere`: the command `history` lists them

         = 0 a1: a1 it is (migrations/a1.sql), b2: b2 it is (migrations/b2.sql)
        base = 0 a1: a1 it is (migrations/a1.sql), b2: b2 it is (migrations/b2.sql)
        a1 = 0 b2: b2 it is (migrations/b2.sql)
        base+1 = 0 b2: b2 it is (migrations/b2.sql)
    "#]].assert_eq(&text);
}
