//! Help, and what is said to those who slip.

use expect_test::{expect, expect_file};

use super::{Desk, transcript};
use crate::command::verb::VERBS;

#[test]
fn every_command_explains_itself() {
    let desk = Desk::new();
    let all = ["help"].into_iter().map(str::to_owned).chain(VERBS.iter().map(|verb| format!("help {}", verb.name)));
    let text: Vec<String> = all.map(|line| transcript(&line, desk.types(&[], &line))).collect();
    expect_file!["help.txt"].assert_eq(&text.join("\n"));
    for verb in VERBS {
        let asked = desk.types(&[], &format!("{} --help", verb.name));
        assert_eq!(asked, desk.types(&[], &format!("help {}", verb.name)));
    }
    for line in ["--help", "-h", "help help", "help --help"] {
        assert_eq!(desk.types(&[], line), desk.types(&[], "help"), "{line}");
    }
    assert!(desk.files().is_empty());
}

#[test]
fn slips_are_answered_with_what_was_meant() {
    let desk = Desk::new();
    let lines = [
        "upgrde",
        "frobnicate",
        "help upgrde",
        "check --formt",
        "check --sql",
        "seed --sql",
        "--sql",
        "--formt json",
        "check --live=yes",
        "migrate",
        "check --frob --format json",
        "upgrade a b",
        "downgrade",
        "history x",
        "revision -m",
        "revision -x",
        "revision --rename posts",
        "revision --rename a.=b",
        "revision --drop a..b",
        "revision --default posts.likes",
        "revision --empty --autogenerate",
        "check --format xml",
        "upgrade --lock-wait soon",
        "upgrade --lock-wait soon --format json",
        "check --live=yes --url --format json",
        "check --format xml --format json",
        "-1",
        "history -r 4f1c",
        "history -r nowhere:",
        "upgrade nowhere",
        "show base",
        "check --url oracle://ann:s3cret@db",
        "seed absent",
    ];
    expect![[r#"
        $ upgrde
        ! error: there is no command `upgrde`; did you mean `upgrade`?
        !   = help: `shop db help` lists the commands
        = 2
        $ frobnicate
        ! error: there is no command `frobnicate`
        !   = help: `shop db help` lists the commands
        = 2
        $ help upgrde
        ! error: there is no command `upgrde`; did you mean `upgrade`?
        !   = help: `shop db help` lists the commands
        = 2
        $ check --formt
        ! error: `check` does not take `--formt`; did you mean `--format`?
        !   = help: `shop db help check` explains it
        = 2
        $ check --sql
        ! error: `check` does not take `--sql`; revision, upgrade, downgrade and show do
        !   = help: `shop db help check` explains it
        = 2
        $ seed --sql
        ! error: `seed` does not take `--sql`; revision, upgrade, downgrade and show do
        !   = help: `shop db help seed` explains it
        = 2
        $ --sql
        ! error: `--sql` stands behind a command that takes it: revision, upgrade, downgrade, show
        !   = help: `shop db help` lists the commands
        = 2
        $ --formt json
        ! error: there is no option `--formt`; did you mean `--format`?
        !   = help: `shop db help` lists the commands
        = 2
        $ check --live=yes
        ! error: `--live` takes no value, and `yes` stands behind it
        !   = help: `shop db help check` explains it
        = 2
        $ migrate
        ! error: there is no command `migrate`; did you mean `upgrade`?
        !   = help: `shop db help` lists the commands
        = 2
        $ check --frob --format json
        ! {"error":"`check` does not take `--frob`","code":"usage"}
        = 2
        $ upgrade a b
        ! error: `b` is one argument too many: upgrade [REV]
        !   = help: `shop db help upgrade` explains it
        = 2
        $ downgrade
        ! error: `downgrade` wants more: downgrade REV
        !   = help: `shop db help downgrade` explains it
        = 2
        $ history x
        ! error: `history` takes no `x`
        !   = help: `shop db help history` explains it
        = 2
        $ revision -m
        ! error: `-m` wants a value: -m TEXT
        !   = help: `shop db help revision` explains it
        = 2
        $ revision -x
        ! error: `revision` does not take `-x`
        !   = help: `shop db help revision` explains it
        = 2
        $ revision --rename posts
        ! error: `--rename posts` has no `=`; write --rename table.old=new
        = 2
        $ revision --rename a.=b
        ! error: `--rename a.=b` holds an empty name; write --rename table.old=new
        = 2
        $ revision --drop a..b
        ! error: `--drop a..b` holds an empty name; write --drop table.column
        = 2
        $ revision --default posts.likes
        ! error: `--default posts.likes` has no `=`; write --default table.column=value
        = 2
        $ revision --empty --autogenerate
        ! error: `--empty` and `--autogenerate` say the opposite of each other
        !   = help: `shop db help revision` explains it
        = 2
        $ check --format xml
        ! error: `--format` is `text` or `json`, not `xml`
        !   = help: `shop db help check` explains it
        = 2
        $ upgrade --lock-wait soon
        ! error: `--lock-wait` is a number of seconds, not `soon`
        !   = help: `shop db help upgrade` explains it
        = 2
        $ upgrade --lock-wait soon --format json
        ! {"error":"`--lock-wait` is a number of seconds, not `soon`","code":"usage"}
        = 2
        $ check --live=yes --url --format json
        ! error: `--live` takes no value, and `yes` stands behind it
        !   = help: `shop db help check` explains it
        = 2
        $ check --format xml --format json
        ! {"error":"`--format` is `text` or `json`, not `xml`","code":"usage"}
        = 2
        $ -1
        ! error: `-1` names a revision: write it behind a command, such as `downgrade -1`
        !   = help: `shop db help` lists the commands
        = 2
        $ history -r 4f1c
        ! error: `4f1c` is no range: write `4f1c:` for all from there, `:4f1c` up to it
        = 2
        $ history -r nowhere:
        ! error: there is no revision or label `nowhere`: there are no revisions yet
        = 2
        $ upgrade nowhere
        ! error: there is no folder migrations: name the one of the revisions by `--dir`, or make it by `init`
        = 1
        $ show base
        ! error: `base` is before the first revision: there is nothing to see
        = 2
        $ check --url oracle://ann:s3cret@db
        ! error: `oracle://ann:***@db`: the scheme `oracle:` is unknown; write `sqlite:path/to/file.db`, `sqlite::memory:`, or `./oracle://ann:***@db` for a file of that name
        = 1
        $ seed absent
        ! error: there is no seed `absent`, since none is registered: `project!().seed("absent", ..)`
        = 2
    "#]].assert_eq(&desk.session(&[], &lines));
    assert!(desk.files().is_empty(), "{:?}", desk.files());
}
