//! Branches, merges, stamps, and databases that do not fit the files.

mod follow;

use expect_test::expect;

use super::Desk;
use crate::migrate::Source;

/// A desk with these files: id, parents, further lines of the header, statements up and down.
pub(super) fn desk(files: &[(&str, &str, &str, &str, &str)]) -> Desk {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("migrations")).unwrap();
    files.iter().for_each(|file| write(&desk, file));
    desk
}

fn write(desk: &Desk, (id, parents, more, up, down): &(&str, &str, &str, &str, &str)) {
    let text = format!(
        "-- edition: 1\n-- revision: {id}\n-- parents: {parents}\n-- message: {id} it is\n{more}\n{up}\n\n-- downgrade\n\n{down}\n"
    );
    std::fs::write(desk.path(&format!("migrations/{id}.sql")), text).unwrap();
}

/// One root, and two branches that follow it, of which one has a label.
pub(super) fn forked() -> Desk {
    desk(&[
        ("a1", "", "", "CREATE TABLE t (id BIGINT);", "DROP TABLE t;"),
        ("b2", "a1", "-- label: left\n", "ALTER TABLE t ADD COLUMN b TEXT;", "ALTER TABLE t DROP COLUMN b;"),
        ("c3", "a1", "", "ALTER TABLE t ADD COLUMN c TEXT;", "ALTER TABLE t DROP COLUMN c;"),
    ])
}

#[test]
fn branches_are_shown_and_merged() {
    let desk = forked();
    let lines = [
        "",
        "heads",
        "branches",
        "history -v",
        "upgrade head",
        "revision --empty",
        "revision --empty --head left@head --sql --format json",
        "upgrade left@head",
        "history -r a1:left@head",
        "merge b2",
        "merge base",
        "merge a1 b2",
        "merge -m \"both sides\"",
        "merge",
        "upgrade",
        "current",
        "downgrade -1 --yes",
        "downgrade base",
    ];
    let text = desk.session(&[], &lines);
    let text = text.lines().filter(|line| !line.starts_with("{\"revision\":")).collect::<Vec<_>>().join("\n");
    expect![[r#"
        $ 
        database   shop.db  (not there yet)
        revisions  3 revisions in migrations, 2 heads
        pending    [ ] a1  a1 it is  (branches)
                   [ ] b2  b2 it is  (left, head)
                   [ ] c3  c3 it is  (head)
        models     differ from the revisions in 1 place:
                   table `t` is in the history, not in the models
        next       shop db merge
        $ heads
        [ ] c3  c3 it is  (head)
        [ ] b2  b2 it is  (left, head)
        2 branches are open; `merge` joins them
        $ branches
        [ ] a1  a1 it is  (branches)
          -> [ ] b2  b2 it is  (left, head)
          -> [ ] c3  c3 it is  (head)
        $ history -v
        [ ] c3  c3 it is  (head)
              file      migrations/c3.sql
              after     a1
        [ ] b2  b2 it is  (left, head)
              file      migrations/b2.sql
              after     a1
        [ ] a1  a1 it is  (branches)
              file      migrations/a1.sql
              before    b2, c3
        $ upgrade head
        ! error: `head` is one revision, and there are 2 heads: `b2` (b2 it is), `c3` (c3 it is); write `heads` for all, `left@head` for one, or join them with the command `merge`
        = 2
        $ revision --empty
        ! error: there are 2 heads:
        !   b2  b2 it is
        !   c3  c3 it is
        ! join them by `merge`, or say which one to follow by `--head`
        = 2
        $ revision --empty --head left@head --sql --format json
        $ upgrade left@head
        applied, in shop.db:
        [x] a1  a1 it is  (branches)
        [x] b2  b2 it is  (left, head, current)
        $ history -r a1:left@head
        [x] b2  b2 it is  (left, head, current)
        [x] a1  a1 it is  (branches)
        $ merge b2
        ! error: one head alone has nothing to be merged with: name another, or none for all
        = 2
        $ merge base
        ! error: one head alone has nothing to be merged with: name another, or none for all
        = 2
        $ merge a1 b2
        ! error: `a1` is no head, so it is merged already; the heads are b2, c3
        = 2
        $ merge -m "both sides"
        wrote migrations/fd36c18673eb_both_sides.sql

        -- edition:  1
        -- revision: fd36c18673eb
        -- parents:  b2, c3
        -- message:  both sides

        -- downgrade
        $ merge
        nothing to do: there is one head
        $ upgrade
        applied, in shop.db:
        [x] c3  c3 it is
        [x] fd36c18673eb  both sides  (head, current, merge)
        $ current
        [x] fd36c18673eb  both sides  (head, current, merge)
        $ downgrade -1 --yes
        taken back, in shop.db:
        [ ] fd36c18673eb  both sides  (head, merge)
        $ downgrade base
        {"question":"consent","about":"downgrade","what":"the way back loses rows or values that no upgrade brings back","things":["column `t.c` with its values, by migrations/c3.sql","column `t.b` with its values, by migrations/b2.sql","table `t` with its rows, by migrations/a1.sql"],"answers":["--yes"]}
        ! error: the way back loses rows or values that no upgrade brings back
        !   column `t.c` with its values, by migrations/c3.sql
        !   column `t.b` with its values, by migrations/b2.sql
        !   table `t` with its rows, by migrations/a1.sql
        !   = help: add `--yes` if that is meant
        = 3"#]].assert_eq(&text);
}

#[test]
fn branches_that_touch_the_same_are_merged_by_consent() {
    let desk = forked();
    write(&desk, &("d4", "b2", "", "ALTER TABLE t RENAME COLUMN b TO d;", "ALTER TABLE t RENAME COLUMN d TO b;"));
    write(&desk, &("e5", "c3", "", "CREATE INDEX ix ON t (c);", "DROP INDEX ix;"));
    let default = |value| format!("ALTER TABLE t ALTER COLUMN id SET DEFAULT {value};");
    let none = "ALTER TABLE t ALTER COLUMN id DROP DEFAULT;";
    write(&desk, &("f6", "d4", "", &default(1), none));
    write(&desk, &("g7", "e5", "", &default(2), none));
    let answers = |line: &str, input: Option<&str>| super::transcript(line, desk.at_terminal(&[], line, input));
    let mut text = [answers("merge", None), answers("merge", Some("n\n")), answers("merge", Some("y\n"))].concat();
    for name in std::fs::read_dir(desk.path("migrations")).unwrap().map(|entry| entry.unwrap().path()) {
        if name.to_str().unwrap().contains("merge") {
            std::fs::remove_file(name).unwrap();
        }
    }
    write(&desk, &("g7", "e5", "", "ALTER TABLE t RENAME COLUMN id TO key;", "ALTER TABLE t RENAME COLUMN key TO id;"));
    text.push_str(&answers("merge", None));
    expect![[r#"
        $ merge
        {"question":"consent","about":"merge","what":"both sides touch the same, so it matters which of them runs first","things":["column `id` of `t`: `f6` (f6 it is) and `g7` (g7 it is)"],"answers":["--yes"]}
        ! error: both sides touch the same, so it matters which of them runs first
        !   column `id` of `t`: `f6` (f6 it is) and `g7` (g7 it is)
        !   = help: add `--yes` if that is meant
        = 3
        $ merge
        ! both sides touch the same, so it matters which of them runs first
        !   column `id` of `t`: `f6` (f6 it is) and `g7` (g7 it is)
        ! go on? [y/N] nothing was done
        = 3
        $ merge
        wrote migrations/19c48315785f_merge_f6_and_g7.sql

        -- edition:  1
        -- revision: 19c48315785f
        -- parents:  f6, g7
        -- message:  merge f6 and g7

        -- downgrade
        ! both sides touch the same, so it matters which of them runs first
        !   column `id` of `t`: `f6` (f6 it is) and `g7` (g7 it is)
        ! go on? [y/N] 
        $ merge
        {"question":"consent","about":"merge","what":"both sides touch the same, so it matters which of them runs first","things":["column `id` of `t`: `f6` (f6 it is) and `g7` (g7 it is)"],"answers":["--yes"]}
        ! error: both sides touch the same, so it matters which of them runs first
        !   column `id` of `t`: `f6` (f6 it is) and `g7` (g7 it is)
        !   = help: add `--yes` if that is meant
        = 3
    "#]]
    .assert_eq(&text);
}

#[test]
fn stamps_run_nothing() {
    let desk = forked();
    let lines = [
        "stamp a1",
        "current",
        "stamp b2 c3",
        "stamp base",
        "stamp heads",
        "stamp --purge a1",
        "stamp --purge a1 --yes",
        "stamp nowhere",
        "check --live",
    ];
    expect![[r#"
        $ stamp a1
        shop.db is at
        [x] a1  a1 it is  (current, branches)
        nothing was run
        $ current
        [x] a1  a1 it is  (current, branches)
        $ stamp b2 c3
        shop.db is at
        [x] b2  b2 it is  (left, head, current)
        [x] c3  c3 it is  (head, current)
        nothing was run
        $ stamp base
        shop.db has no revision now; nothing was run
        $ stamp heads
        shop.db is at
        [x] b2  b2 it is  (left, head, current)
        [x] c3  c3 it is  (head, current)
        nothing was run
        $ stamp --purge a1
        {"question":"consent","about":"stamp","what":"the database forgets which revisions were run","things":["a1  a1 it is","b2  b2 it is","c3  c3 it is"],"answers":["--yes"]}
        ! error: the database forgets which revisions were run
        !   a1  a1 it is
        !   b2  b2 it is
        !   c3  c3 it is
        !   = help: add `--yes` if that is meant
        = 3
        $ stamp --purge a1 --yes
        shop.db is at
        [x] a1  a1 it is  (current, branches)
        nothing was run
        $ stamp nowhere
        ! error: there is no revision or label `nowhere`: the command `history` lists them
        = 2
        $ check --live
        differs: table `t` is in the history, not in the models
        differs: table `t` is missing in the database
        differs: revision `b2` (b2 it is) is not applied
        differs: revision `c3` (c3 it is) is not applied
        write what is missing by `shop db revision`
        = 1
    "#]].assert_eq(&desk.session(&[], &lines));
}

#[test]
fn a_database_that_does_not_fit_its_files_is_told_apart() {
    let desk = forked();
    desk.types(&[], "upgrade");
    write(
        &desk,
        &("b2", "a1", "-- label: left\n", "ALTER TABLE t ADD COLUMN bb TEXT;", "ALTER TABLE t DROP COLUMN bb;"),
    );
    std::fs::remove_file(desk.path("migrations/c3.sql")).unwrap();
    write(&desk, &("d4", "a1", "", "CREATE TABLE u (id BIGINT);", "DROP TABLE u;"));
    let lines = ["current", "upgrade", "check --live", ""];
    let unknown = desk.session(&[], &lines);
    write(&desk, &("c3", "a1", "", "ALTER TABLE t ADD COLUMN c TEXT;", "ALTER TABLE t DROP COLUMN c;"));
    let edited = desk.session(
        &[],
        &[
            "current",
            "upgrade",
            "show b2 --applied",
            "show zz --applied",
            "stamp --accept b2",
            "stamp --accept b2",
            "upgrade",
        ],
    );
    expect![[r#"
        $ current
        [x] b2  b2 it is  (left, head, current)
        c3 is applied, and no file has it: was it a newer version, or is the file gone?
        b2 is applied, and migrations/b2.sql says something else since
        $ upgrade
        ! error: revisions that this database has were edited since:
        !   `b2` in migrations/b2.sql
        ! Bring each file back to what was run (`db show ID --applied` prints it) and make the change in a new revision; or, where the new text means the same for databases that have the old one, accept it: `db stamp --accept ID`
        = 1
        $ check --live
        ! error: the database has the revision `c3`, which no file here knows: a newer version of the program was at work, or the file is gone; run the newer program, or bring the file back, of which `show c3 --applied` prints the text that the database keeps
        = 1
        $ 
        database   shop.db
        revisions  3 revisions in migrations, 2 heads
        applied    [x] b2  b2 it is  (left, head, current)
        pending    [ ] d4  d4 it is  (head)
        models     differ from the revisions in 2 places:
                   table `t` is in the history, not in the models
                   table `u` is in the history, not in the models

        c3 is applied, and no file has it: was it a newer version, or is the file gone?
        b2 is applied, and migrations/b2.sql says something else since
        next       shop db show c3 --applied
        $ current
        [x] b2  b2 it is  (left, head, current)
        [x] c3  c3 it is  (head, current)
        b2 is applied, and migrations/b2.sql says something else since
        $ upgrade
        ! error: revisions that this database has were edited since:
        !   `b2` in migrations/b2.sql
        ! Bring each file back to what was run (`db show ID --applied` prints it) and make the change in a new revision; or, where the new text means the same for databases that have the old one, accept it: `db stamp --accept ID`
        = 1
        $ show b2 --applied
        -- edition: 1
        -- revision: b2
        -- parents: a1
        -- message: b2 it is
        -- label: left

        ALTER TABLE t ADD COLUMN b TEXT;

        -- downgrade

        ALTER TABLE t DROP COLUMN b;
        $ show zz --applied
        ! error: there is no revision or label `zz`: the command `history` lists them
        = 2
        $ stamp --accept b2
        accepted as they are now, in shop.db:
        [x] b2  b2 it is  (left, head, current)
        $ stamp --accept b2
        nothing to do: the files are what was run
        $ upgrade
        applied, in shop.db:
        [x] d4  d4 it is  (head, current)
    "#]].assert_eq(&[unknown, edited].concat());
}

#[test]
fn an_editor_is_started_and_what_it_wrote_is_read() {
    let mut desk = forked();
    let mut text = desk.session(&[], &["edit heads", "edit nowhere", "edit b2"]);
    for editor in ["true", "sed -i s/TEXT/BIGINT/", "sed -i s/BIGINT/SERIAL/", "false", "no-such-editor"] {
        desk.editor = Some(editor.to_owned());
        text.push_str(&format!("EDITOR={editor} {}", desk.session(&[], &["edit b2"])));
    }
    expect![[r#"
        $ edit heads
        ! error: `heads` names several: b2.sql, c3.sql; say which one
        = 2
        $ edit nowhere
        ! error: there is no revision or label `nowhere`: the command `history` lists them
        = 2
        $ edit b2
        ! error: no editor is known: set VISUAL or EDITOR, or open migrations/b2.sql yourself
        !   = help: `shop db help edit` explains it
        = 2
        EDITOR=true $ edit b2
        b2.sql was not changed
        EDITOR=sed -i s/TEXT/BIGINT/ $ edit b2
        b2.sql is fine
        EDITOR=sed -i s/BIGINT/SERIAL/ $ edit b2
        ! error: there is no portable type `SERIAL`
        !  --> migrations/b2.sql:7:28
        !   |
        ! 7 | ALTER TABLE t ADD COLUMN b SERIAL;
        !   |                            ^^^^^^
        !   = help: write BIGINT GENERATED BY DEFAULT AS IDENTITY
        = 1
        EDITOR=false $ edit b2
        ! error: `false` ended with exit status: 1; the file is as it left it
        = 1
        EDITOR=no-such-editor $ edit b2
        ! error: `no-such-editor` does not start: No such file or directory (os error 2)
        = 1
    "#]]
    .assert_eq(&text);
}

/// What a program carries whose folder is on another machine.
const CARRIED: &[(&str, &str)] = &[
    (
        "a1.sql",
        "-- edition: 1\n-- revision: a1\n-- parents:\n-- message: a table\n\nCREATE TABLE t (id BIGINT);\n\n-- downgrade\n\n\
         DROP TABLE t;\n",
    ),
    (
        "b2.sql",
        "-- edition: 1\n-- revision: b2\n-- parents: a1\n-- message: a column\n\nALTER TABLE t ADD COLUMN b TEXT;\n\
         -- only: postgres\nALTER TABLE t ADD COLUMN c TEXT;\n\n-- downgrade\n\n-- only: postgres\n\
         ALTER TABLE t DROP COLUMN c;\nDELETE FROM t\n    WHERE b = 'new';\nALTER TABLE t DROP COLUMN b;\n",
    ),
];

#[test]
fn a_program_without_its_folder_tells_what_would_be_lost() {
    let mut desk = Desk::new();
    desk.carried = Some(Source::carried(("/nowhere/migrations", CARRIED), false));
    let text = desk.session(
        &[],
        &["init", "upgrade", "downgrade -1", "downgrade base", "current", "downgrade base --yes", "current"],
    );
    expect![[r#"
        $ init
        nothing to do: migrations has revisions already
        $ upgrade
        applied, in shop.db:
        [x] a1  a table
        [x] b2  a column  (head, current)
        $ downgrade -1
        {"question":"consent","about":"downgrade","what":"the way back loses rows or values that no upgrade brings back","things":["the rows that `DELETE FROM t WHERE b = 'new'` finds, by migrations/b2.sql","column `t.b` with its values, by migrations/b2.sql"],"answers":["--yes"]}
        ! error: the way back loses rows or values that no upgrade brings back
        !   the rows that `DELETE FROM t WHERE b = 'new'` finds, by migrations/b2.sql
        !   column `t.b` with its values, by migrations/b2.sql
        !   = help: add `--yes` if that is meant
        = 3
        $ downgrade base
        {"question":"consent","about":"downgrade","what":"the way back loses rows or values that no upgrade brings back","things":["the rows that `DELETE FROM t WHERE b = 'new'` finds, by migrations/b2.sql","column `t.b` with its values, by migrations/b2.sql","table `t` with its rows, by migrations/a1.sql"],"answers":["--yes"]}
        ! error: the way back loses rows or values that no upgrade brings back
        !   the rows that `DELETE FROM t WHERE b = 'new'` finds, by migrations/b2.sql
        !   column `t.b` with its values, by migrations/b2.sql
        !   table `t` with its rows, by migrations/a1.sql
        !   = help: add `--yes` if that is meant
        = 3
        $ current
        [x] b2  a column  (head, current)
        $ downgrade base --yes
        taken back, in shop.db:
        [ ] b2  a column  (head)
        [ ] a1  a table
        $ current
        shop.db has no revision
    "#]].assert_eq(&text);
    assert_eq!(desk.files(), ["shop.db"]);
}

#[test]
fn a_revision_whose_file_is_gone_tells_what_would_be_lost() {
    let desk = forked();
    desk.types(&[], "upgrade");
    std::fs::remove_file(desk.path("migrations/c3.sql")).unwrap();
    expect![[r#"
        $ downgrade b2
        nothing to do: nothing lies behind it
        $ downgrade a1
        {"question":"consent","about":"downgrade","what":"the way back loses rows or values that no upgrade brings back","things":["column `t.c` with its values, by migrations/c3.sql","column `t.b` with its values, by migrations/b2.sql"],"answers":["--yes"]}
        ! error: the way back loses rows or values that no upgrade brings back
        !   column `t.c` with its values, by migrations/c3.sql
        !   column `t.b` with its values, by migrations/b2.sql
        !   = help: add `--yes` if that is meant
        = 3
        $ downgrade a1 --yes
        taken back, in shop.db:
        [ ] c3  c3 it is  (head)
        [ ] b2  b2 it is  (left, head)
        $ current
        [x] a1  a1 it is  (current)
    "#]].assert_eq(&desk.session(&[], &["downgrade b2", "downgrade a1", "downgrade a1 --yes", "current"]));
}

#[test]
fn the_last_step_back_is_that_of_a_revision_whose_file_is_gone() {
    let desk = desk(&[
        ("a1", "", "", "CREATE TABLE t (id BIGINT);", "DROP TABLE t;"),
        ("x9", "a1", "", "CREATE TABLE u (id BIGINT);", "DROP TABLE u;"),
    ]);
    desk.types(&[], "upgrade");
    std::fs::remove_file(desk.path("migrations/x9.sql")).unwrap();
    let lines = [
        "downgrade -1",
        "show head",
        "history -r a1:head",
        "show -1",
        "current --check-heads",
        "downgrade -1 --yes --format json",
        "current --check-heads",
    ];
    expect![[r#"
        $ downgrade -1
        {"question":"consent","about":"downgrade","what":"the way back loses rows or values that no upgrade brings back","things":["table `u` with its rows, by migrations/x9.sql"],"answers":["--yes"]}
        ! error: the way back loses rows or values that no upgrade brings back
        !   table `u` with its rows, by migrations/x9.sql
        !   = help: add `--yes` if that is meant
        = 3
        $ show head
        -- migrations/a1.sql

        -- edition: 1
        -- revision: a1
        -- parents: 
        -- message: a1 it is

        CREATE TABLE t (id BIGINT);

        -- downgrade

        DROP TABLE t;
        $ history -r a1:head
        [x] a1  a1 it is  (head, current)
        $ show -1
        ! error: `-1` is before the first revision: there is nothing to see
        = 2
        $ current --check-heads
        [x] a1  a1 it is  (head, current)
        x9 is applied, and no file has it: was it a newer version, or is the file gone?
        = 1
        $ downgrade -1 --yes --format json
        {"database":"shop.db","revisions":[{"id":"x9","message":"x9 it is","file":"migrations/x9.sql","parents":["a1"],"depends":[],"children":[],"labels":[],"head":true,"applied":false,"current":false,"reversible":true}]}
        $ current --check-heads
        [x] a1  a1 it is  (head, current)
    "#]].assert_eq(&desk.session(&[], &lines));
}

#[test]
fn a_revision_that_stands_for_others_is_applied_where_those_are() {
    let desk = desk(&[
        ("a1", "", "", "CREATE TABLE t (id BIGINT);", "DROP TABLE t;"),
        ("b2", "a1", "", "CREATE TABLE u (id BIGINT);", "DROP TABLE u;"),
    ]);
    desk.types(&[], "upgrade");
    ["a1", "b2"].iter().for_each(|id| std::fs::remove_file(desk.path(&format!("migrations/{id}.sql"))).unwrap());
    let (up, down) = ("CREATE TABLE t (id BIGINT);\nCREATE TABLE u (id BIGINT);", "DROP TABLE u;\nDROP TABLE t;");
    write(&desk, &("s1", "", "-- replaces: a1, b2\n", up, down));
    write(&desk, &("t2", "s1", "", "", ""));
    let lines = [
        "current",
        "history",
        "heads",
        "show b2 --applied",
        "upgrade",
        "current",
        "downgrade s1",
        "heads --format json",
    ];
    expect![[r#"
        $ current
        [x] s1  s1 it is  (current)
        $ history
        [ ] t2  t2 it is  (head)
        [x] s1  s1 it is  (current)
        $ heads
        [ ] t2  t2 it is  (head)
        $ show b2 --applied
        -- edition: 1
        -- revision: b2
        -- parents: a1
        -- message: b2 it is

        CREATE TABLE u (id BIGINT);

        -- downgrade

        DROP TABLE u;
        $ upgrade
        applied, in shop.db:
        [x] t2  t2 it is  (head, current)
        $ current
        [x] t2  t2 it is  (head, current)
        $ downgrade s1
        taken back, in shop.db:
        [ ] t2  t2 it is  (head)
        $ heads --format json
        {"revisions":[{"id":"t2","message":"t2 it is","file":"migrations/t2.sql","parents":["s1"],"depends":[],"children":[],"labels":[],"head":true,"applied":false,"current":false,"reversible":true}]}
    "#]].assert_eq(&desk.session(&[], &lines));
}
