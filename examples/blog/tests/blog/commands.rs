//! What a shell sees of the commands: colours, codes, signals, pipes, and folders that cannot be written.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel::{Settings, sql};

use crate::shell::{Said, Shell};

/// Commands that write nothing.
const LOOKING: [&str; 14] = [
    "",
    "current",
    "current -v",
    "history -v",
    "heads",
    "branches",
    "show head",
    "show head --sql",
    "check",
    "check --live",
    "upgrade --sql",
    "downgrade --sql -1",
    "revision --sql",
    "health --format json",
];

#[track_caller]
fn check(said: &Said, code: i32, words: &[&str], what: &str) {
    assert_eq!(said.code, Some(code), "{what}: {said:?}");
    let all = format!("{}{}", said.out, said.error);
    assert!(!all.contains("panicked"), "{what}: {all}");
    for word in words {
        assert!(all.contains(word), "{what} does not say {word:?}: {all}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let shell = Shell::new();
    let coloured = |text: &str| text.contains("\x1b[");
    for (settings, colours) in [
        (&[][..], true),
        (&[("NO_COLOR", "")], true),
        (&[("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "0")], false),
        (&[("TERM", "dumb")], false),
    ] {
        let answer = shell.at_terminal("", settings, true, "");
        check(&answer, 0, &["not there yet"], "status");
        assert_eq!(coloured(&answer.error), colours, "{settings:?}: {answer:?}");
        let slip = shell.at_terminal("upgrde", settings, true, "");
        check(&slip, 2, &["did you mean `upgrade`?"], "a slip");
        assert_eq!(coloured(&slip.error), colours, "{settings:?}: {slip:?}");
        let piped = shell.at_terminal("", settings, false, "");
        check(&piped, 0, &["not there yet"], "status into a pipe");
        assert!(!coloured(&piped.out), "{settings:?}: {piped:?}");
    }
    for line in ["", "help", "help revision", "check", "upgrde", "history"] {
        let said = shell.types(line);
        assert!(!coloured(&said.out) && !coloured(&said.error), "{line}: {said:?}");
    }
    let said = shell.at_terminal("check --format json", &[], true, "");
    assert!(said.error.starts_with('{') && !coloured(&said.error), "{said:?}");
}

#[test]
fn a_terminal_is_asked_and_sees_progress() {
    let shell = Shell::new();
    let said = shell.at_terminal("upgrade", &[("NO_COLOR", "1")], false, "");
    check(&said, 0, &["1/6 -> 3dcd5be46d01  users and posts", "6/6 ->"], "upgrade");
    assert!(said.out.starts_with("applied, in blog.db:"), "{said:?}");
    let no = shell.at_terminal("downgrade base", &[], false, "n\n");
    check(&no, 3, &["table `users` with its rows", "go on? [y/N]", "nothing was done"], "no");
    check(&shell.types("current --check-heads"), 0, &["(head, current)"], "after no");
    let yes = shell.at_terminal("downgrade base", &[], false, "y\n");
    check(&yes, 0, &["go on? [y/N]", "taken back"], "yes");
    check(&shell.types("current"), 0, &["has no revision"], "after yes");
}

#[test]
fn whoever_finds_the_database_locked_is_told_so() {
    let shell = Shell::new();
    check(&shell.types("upgrade 81b7"), 0, &["applied"], "upgrade");
    let file = shell.path("blog.db");
    let mut settings = Settings::default();
    settings.idle_write_timeout = Duration::from_secs(600);
    let database: Database =
        aludel::block(async { Database::open(&*file).schema(aludel::schema![]).settings(settings).await.unwrap() });
    let mut held = aludel::block(async {
        let mut held = database.session();
        held.execute(sql!("UPDATE users SET email = 'held@x.io'")).await.unwrap();
        held
    });
    for line in [
        "upgrade --lock-wait 0",
        "upgrade +1 --lock-wait 0",
        "downgrade -1 --yes --lock-wait 0",
        "stamp head --lock-wait 0",
        "stamp base --purge --yes --lock-wait 0",
        "ensure --schema --lock-wait 0",
        "drop --yes --lock-wait 0",
    ] {
        let said = shell.types(line);
        check(&said, 4, &["locked by another program", "nothing was changed", "run this again"], line);
        assert_eq!(said.out, "", "{line}");
    }
    let json = shell.types("upgrade --lock-wait 0 --format json");
    check(&json, 4, &["\"code\":\"locked\""], "json");
    for line in ["", "current", "history", "check", "show head --sql", "health"] {
        check(&shell.types(line), 0, &[], line);
    }
    aludel::block(async {
        held.rollback().await.unwrap();
        drop(held);
        database.close().await;
    });
    check(&shell.types("upgrade"), 0, &["applied"], "upgrade afterwards");
}

/// A file of a revision.
fn revision(id: &str, parent: &str, message: &str, body: &str) -> String {
    format!(
        "-- edition:  1\n-- revision: {id}\n-- parents:  {parent}\n-- message:  {message}\n\n{body}\n\n-- downgrade\n"
    )
}

#[test]
fn an_answer_may_be_read_to_its_first_line_only() {
    let shell = Shell::new();
    let message = "a message that fills the pipe ".repeat(4);
    let mut parent = String::new();
    for number in 0..800 {
        let id = format!("a{number:05}");
        shell.write(&format!("many/{id}.sql"), revision(&id, &parent, message.trim(), ""));
        parent = id;
    }
    let mut blog = shell.blog();
    let mut child =
        blog.args(["--dir", "many", "history"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("[ ] a00799"), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
    // Nobody reads what went wrong, either.
    let mut child = shell.blog().arg("upgrde").stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_does_not_get_out_is_a_failure() {
    let shell = Shell::new();
    for line in ["upgrade --sql", "help", "current"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = shell.blog().args(line.split_whitespace()).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}: {error}");
        assert!(error.starts_with("error: the answer cannot be written: "), "{line}: {error}");
    }
}

/// Whether this process was started where Ctrl-C means nothing, as in the background of a script; children inherit it.
fn ignores_interrupts() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    ignored & 0b10 != 0
}

#[test]
fn an_upgrade_that_is_interrupted_is_done_or_not_begun() {
    let shell = Shell::new();
    let first = "CREATE TABLE numbers (\n    number BIGINT NOT NULL\n);\n\nINSERT INTO numbers VALUES (1);";
    let count = |to: u64| {
        format!(
            "ALTER TABLE numbers ADD COLUMN more BIGINT;\n\nINSERT INTO numbers (number) WITH RECURSIVE n (i) AS \
             (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT count(*) FROM n;"
        )
    };
    shell.write("two/a1.sql", revision("a1a1", "", "numbers", first));
    shell.write("two/b2.sql", revision("b2b2", "a1a1", "a long count", &count(100_000_000_000)));
    let child =
        shell.blog().args(["--dir", "two", "upgrade"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let since = Instant::now();
    while !shell.types("--dir two current").out.contains("a1a1") {
        assert!(since.elapsed() < Duration::from_secs(60), "the first revision is not applied");
        thread::sleep(Duration::from_millis(20));
    }
    thread::sleep(Duration::from_millis(300));
    // A shell makes 130 of the first, and 143 of the other.
    let (name, signal) = if ignores_interrupts() { ("-TERM", 15) } else { ("-INT", 2) };
    let asked = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(signal), "{output:?}");
    check(&shell.types("--dir two current"), 0, &["[x] a1a1  numbers  (current)"], "what is there");
    let rows = crate::rows(&shell.path("blog.db"), sql!("SELECT CAST(count(*) AS TEXT), 'rows' FROM numbers"));
    assert_eq!(rows, [("1".to_owned(), "rows".to_owned())]);
    shell.write("two/b2.sql", revision("b2b2", "a1a1", "a long count", &count(10)));
    check(&shell.types("--dir two upgrade"), 0, &["[x] b2b2  a long count"], "again");
    check(&shell.types("--dir two current --check-heads"), 0, &[], "at the end");
}

#[test]
fn folders_that_are_none() {
    let shell = Shell::new();
    shell.write("file", "no folder");
    for line in ["", "check", "history", "revision -m x", "init", "upgrade", "merge", "show head"] {
        let said = shell.types(&format!("--dir file {line}"));
        check(&said, 1, &["error: file cannot be read: it is a file", "`--dir`"], line);
    }
    assert!(!shell.path("blog.db").exists());
    assert_eq!(fs::read_to_string(shell.path("file")).unwrap(), "no folder");
}

#[test]
fn words_that_are_no_text() {
    let shell = Shell::new();
    let odd = OsStr::from_bytes(b"od\xff");
    let lines: [&[&OsStr]; 6] = [
        &[odd],
        &[OsStr::new("upgrade"), odd],
        &[OsStr::new("revision"), OsStr::new("-m"), odd],
        &[OsStr::new("--dir"), odd, OsStr::new("check")],
        &[OsStr::from_bytes(b"--url=od\xff")],
        &[OsStr::from_bytes(b"--od\xff")],
    ];
    for line in lines {
        let output = shell.blog().args(line).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line:?}: {error}");
        assert!(error.starts_with("error: ") && !error.contains("panicked"), "{line:?}: {error}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_blog")).arg(odd).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn whoever_may_not_write_may_look() {
    let shell = Shell::new();
    shell.write(
        "migrations/a1.sql",
        revision("a1a1", "", "numbers", "CREATE TABLE numbers (\n    number BIGINT NOT NULL\n);"),
    );
    let before = LOOKING.map(|line| shell.types(&format!("--dir migrations {line}")).code);
    assert!(!shell.path("blog.db").exists());
    shell.protect();
    let nothing = LOOKING.map(|line| shell.types_unprivileged(&format!("--dir migrations {line}")).code);
    assert_eq!(nothing, before, "without a database");
}

#[test]
fn looking_at_what_is_protected_changes_nothing() {
    let shell = Shell::new();
    check(&shell.types("upgrade"), 0, &["applied"], "upgrade");
    check(&shell.types_unprivileged("help"), 0, &[], "the copy of the program");
    shell.protect();
    let seen = || {
        let mut files: Vec<_> = fs::read_dir(shell.path("")).unwrap().map(Result::unwrap).collect();
        files.sort_by_key(fs::DirEntry::file_name);
        let facts = |file: fs::DirEntry| (file.file_name(), file.metadata().unwrap().modified().unwrap());
        files.into_iter().map(facts).collect::<Vec<_>>()
    };
    let before = seen();
    for line in LOOKING {
        let (free, bound) = (shell.types(line), shell.types_unprivileged(line));
        assert_eq!(free.code, bound.code, "{line}: {bound:?}");
        if !line.starts_with("health") {
            assert_eq!(free.out, bound.out, "{line}");
        }
        assert_eq!(seen(), before, "{line}");
    }
    for line in ["upgrade", "seed", "downgrade -1 --yes", "stamp head", "drop --yes", "drop --database --yes"] {
        let said = shell.types_unprivileged(line);
        if said.code == Some(0) {
            assert!(said.out.starts_with("nothing to do"), "{line}: {said:?}");
        } else {
            check(&said, 1, &["error: ", "blog.db"], line);
        }
        assert_eq!(seen(), before, "{line}");
    }
}

#[test]
fn revisions_are_written_only_where_that_is_allowed() {
    let shell = Shell::new();
    fs::create_dir(shell.path("migrations")).unwrap();
    check(&shell.types_unprivileged("help"), 0, &[], "the copy of the program");
    shell.protect();
    for (line, folder) in
        [("revision -m x", "migrations"), ("init", "migrations"), ("--dir other/one init", "other/one")]
    {
        let line = if line.contains("--dir") { line.to_owned() } else { format!("--dir migrations {line}") };
        let said = shell.types_unprivileged(&line);
        check(&said, 1, &["error: ", folder, "Permission denied"], &line);
        assert_eq!(said.out, "", "{line}");
    }
    assert_eq!(fs::read_dir(shell.path("migrations")).unwrap().count(), 0);
}

/// What is typed, its exit code, and what the answer has to say.
type Slip = (&'static str, i32, &'static [&'static str]);

const SLIPS: &[Slip] = &[
    ("--formt json", 2, &["there is no option `--formt`; did you mean `--format`?"]),
    ("check --format jsn", 2, &["`--format` is `text` or `json`, not `jsn`"]),
    ("revision -m", 2, &["`-m` wants a value: -m TEXT", "`blog db help revision` explains it"]),
    ("--dir= check", 2, &["`--dir` wants a value: --dir FOLDER"]),
    ("upgrade --lock-wait soon", 2, &["`--lock-wait` is a number of seconds, not `soon`"]),
    ("rollback", 2, &["did you mean `downgrade`?"]),
    ("upgrade deadbeef", 2, &["there is no revision or label `deadbeef`", "`history` lists them"]),
    ("upgrade +1", 2, &["`+1` goes over 1 revision, of which none are pending: all there are have been applied"]),
    ("upgrade -1", 2, &["`-1` goes back: write `downgrade -1`"]),
    ("downgrade +1", 2, &["`+1` goes over 1 revision"]),
    ("downgrade -1 --url none.db", 2, &["`-1` goes over 1 revision, of which none are applied"]),
    ("downgrade head --url none.db", 2, &["nothing else is", "`upgrade head` applies it"]),
    ("--dir two show a11 --url none.db", 2, &["`a11` may be `a111`, `a112`: write more of the id"]),
    ("--dir two show a1 --url none.db", 2, &["too short", "at least three letters"]),
    ("show nope --applied", 2, &["there is no revision or label `nope`"]),
    ("merge 3dcd 81b7", 2, &["is no head"]),
    ("seed nope", 2, &["there is no seed `nope`; there are: content"]),
    ("edit head", 2, &["set VISUAL or EDITOR"]),
    ("revision --default posts.like=1", 2, &["the models have no such column", "did you mean `likes`?"]),
    ("check --url mysqlx:foo", 1, &["the scheme `mysqlx:` is unknown; write `sqlite:path/to/file.db`"]),
    ("upgrade --url postgres://ann:s3cret@db/shop", 1, &["postgres://ann:***@db/shop", "take a file"]),
    ("upgrade --url .", 1, &["is a folder; give the path of the database file in it"]),
    ("--dir nope upgrade --url none.db", 1, &["there is no folder nope", "`--dir`", "`init`"]),
    ("--dir nope stamp head --url none.db", 1, &["there is no folder nope"]),
    ("current --url bad.db", 1, &["bad.db: file is not a database", "give the path of a SQLite file"]),
    ("upgrade --url bad.db", 1, &["bad.db: file is not a database"]),
    ("drop --database --yes --url bad.db", 1, &["bad.db: file is not a database"]),
    ("current --url torn.db", 1, &["torn.db: database disk image is malformed", "restore a backup"]),
    ("upgrade --url torn.db", 1, &["torn.db: database disk image is malformed"]),
    ("check --live --url none.db", 1, &["none.db is not there yet: `upgrade` makes it"]),
    ("health --url none.db", 1, &["none.db does not exist", "make it first (`db ensure`)"]),
    ("stamp --accept 3dcd --url none.db", 1, &["none.db is not there yet, so there is nothing to accept"]),
    (
        "--dir broken upgrade --url none.db",
        1,
        &["--> broken/a1.sql:6:32", "there is no portable type `SERIAL`", "= help: "],
    ),
    ("--dir older upgrade", 1, &["`97fc18b3ae60` points and biographies (applied 2", "run the newer program"]),
    (
        "--dir older check --live",
        1,
        &["the revision `97fc18b3ae60`, which no file here knows", "`show 97fc18b3ae60 --applied`"],
    ),
    (
        "--dir older",
        0,
        &["97fc18b3ae60 is applied, and no file has it", "next       blog db show 97fc18b3ae60 --applied"],
    ),
    (
        "--dir older downgrade base",
        3,
        &["column `users.points` with its values", "table `users` with its rows", "add `--yes`"],
    ),
    ("--dir older show head", 0, &["2e41d7f05b96"]),
    ("--dir older history -r 5a90:", 0, &["tags of their own"]),
];

#[test]
fn whoever_slips_is_told_what_to_type() {
    let shell = Shell::new();
    check(&shell.types("upgrade"), 0, &["applied"], "upgrade");
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().map(Result::unwrap) {
        let name = file.file_name().into_string().unwrap();
        if !name.starts_with("97fc") {
            shell.write(&format!("older/{name}"), fs::read(file.path()).unwrap());
        }
    }
    shell.write("two/a111.sql", revision("a111", "", "one", ""));
    shell.write("two/a112.sql", revision("a112", "a111", "two", ""));
    shell.write("broken/a1.sql", revision("a1a1", "", "broken", "ALTER TABLE posts ADD COLUMN n SERIAL;"));
    shell.write("bad.db", "this is no database, however long it is. ".repeat(100));
    let whole = fs::read(shell.path("blog.db")).unwrap();
    let mut torn = whole.clone();
    torn[4_096..24_576].fill(0);
    shell.write("torn.db", &torn);
    for (line, code, words) in SLIPS {
        check(&shell.types(line), *code, words, line);
        assert!(!shell.path("none.db").exists(), "{line}");
    }
    assert!(fs::read(shell.path("blog.db")).unwrap() == whole && fs::read(shell.path("torn.db")).unwrap() == torn);
}
