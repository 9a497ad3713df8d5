//! A disk that is full, a file that is damaged, gone, or somebody else's; a process that is killed.

use std::fs;
use std::io::{BufRead, Write};
use std::path::Path;
use std::process::Command;

use aludel::driver::{Access, Settings, open};
use aludel::{Error, Result};

use super::kit::{ERRAND, at, await_line, child, read, scratch, sql, write};

fn refused(target: &str) -> Error {
    match open(target, &Settings::default()) {
        Ok(_) => panic!("`{target}` was opened"),
        Err(error) => error,
    }
}

#[test]
fn folders_are_made_and_what_is_no_database_is_told() {
    let path = scratch("made");
    let deep = path.with_file_name("a").join("b").join("c.db");
    drop(open(&format!("sqlite://{}", deep.display()), &Settings::default()).unwrap());
    assert!(deep.exists());

    let folder = path.parent().unwrap();
    let error = refused(folder.to_str().unwrap());
    assert!(error.is_config() && error.to_string().contains("is a folder; give the path"), "{error}");

    fs::write(&path, "this is a letter to a friend, long enough to be mistaken for the header of a database").unwrap();
    let error = refused(path.to_str().unwrap());
    assert!(error.is_corrupt() && error.to_string().contains("the file is something else"), "{error}");
    assert!(fs::read_to_string(&path).unwrap().starts_with("this is a letter"), "it is left as it was");

    let below = path.join("x.db");
    let error = refused(below.to_str().unwrap());
    assert!(error.is_storage() && error.to_string().contains("cannot be"), "{error}");

    let missing = path.with_file_name("missing.db");
    for mode in ["ro", "rw"] {
        let error = refused(&format!("sqlite://{}?mode={mode}", missing.display()));
        assert!(error.is_config() && error.to_string().contains("does not exist"), "{error}");
    }
    assert!(!missing.exists());
}

#[test]
fn a_full_disk_loses_nothing_committed_and_goes_on_when_there_is_room() {
    let path = scratch("full");
    let engine = at(&path, &Settings::default());
    aludel::block(async {
        write(&engine, &["CREATE TABLE t (a BLOB)", "PRAGMA max_page_count = 40"]).await.unwrap();
        let mut kept = 0;
        let error = loop {
            match write(&engine, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (randomblob(9000))", "COMMIT"]).await {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
            assert!(kept < 100, "the disk never fills");
        };
        assert!(error.is_disk_full() && error.status() == 503, "{error}");
        assert_eq!(read(&engine, &["SELECT count(*) FROM t"]).await.unwrap(), [kept.to_string()]);
        write(&engine, &["PRAGMA max_page_count = 4000", "INSERT INTO t VALUES (randomblob(9000))"]).await.unwrap();
        assert_eq!(read(&engine, &["SELECT count(*) FROM t"]).await.unwrap(), [(kept + 1).to_string()]);
    });
}

/// The system's own refusal to let the files grow, in a child whose limit is low.
#[cfg(unix)]
#[test]
fn a_refusal_of_the_system_to_write_is_a_storage_error() {
    let path = scratch("limit");
    let script = format!(
        "trap '' XFSZ; ulimit -f 400; exec '{}' --ignored --exact --nocapture sqlite::faults::child_that_fills_its_limit",
        std::env::current_exe().unwrap().display()
    );
    let output = Command::new("sh").args(["-c", &script]).env(ERRAND, &path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.starts_with("kept ")).unwrap_or_else(|| panic!("{text}"));
    let kept = line.split(' ').nth(1).unwrap().to_owned();
    assert!(line.contains("storage=true"), "{line}");
    let engine = at(&path, &Settings::default());
    let rows = aludel::block(read(&engine, &["SELECT count(*) FROM t"])).unwrap();
    assert_eq!(rows, [kept]);
}

#[test]
#[ignore = "run by another test as a child"]
fn child_that_fills_its_limit() {
    let engine = at(Path::new(&std::env::var(ERRAND).unwrap()), &Settings::default());
    aludel::block(async {
        write(&engine, &["CREATE TABLE t (a BLOB)"]).await.unwrap();
        for kept in 0..1_000 {
            let row = ["BEGIN IMMEDIATE", "INSERT INTO t VALUES (randomblob(3000))", "COMMIT"];
            if let Err(error) = write(&engine, &row).await {
                println!("\nkept {kept} storage={} {error}", error.is_storage());
                return;
            }
        }
    });
}

#[test]
fn a_database_opened_to_read_is_not_written() {
    let path = scratch("read-only");
    let engine = at(&path, &Settings::default());
    aludel::block(async {
        write(&engine, &["CREATE TABLE t (a)", "INSERT INTO t VALUES (1)"]).await.unwrap();
        engine.close().await;
        let engine = open(&format!("sqlite://{}?mode=ro", path.display()), &Settings::default()).unwrap();
        assert_eq!(read(&engine, &["SELECT a FROM t"]).await.unwrap(), ["1"]);
        let error = write(&engine, &["INSERT INTO t VALUES (2)"]).await.unwrap_err();
        assert!(error.is_read_only(), "{error}");
        engine.close().await;
    });
}

#[test]
fn a_damaged_file_is_told_or_read_and_never_makes_a_panic() {
    let path = scratch("damaged");
    let engine = at(&path, &Settings::default());
    let rows = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000) INSERT INTO t SELECT x, hex(randomblob(20)) FROM c";
    aludel::block(async {
        write(&engine, &["CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE)", rows]).await.unwrap();
        engine.close().await;
    });
    let sound = fs::read(&path).unwrap();
    let mut told = 0;
    for round in 0..60_usize {
        let mut damaged = sound.clone();
        let from = if round < 20 { round * 5 } else { (round * 7_919_231) % (damaged.len() - 64) };
        for byte in &mut damaged[from..from + 64] {
            *byte ^= 0xa5;
        }
        if round == 59 {
            damaged.truncate(sound.len() / 2);
        }
        fs::write(&path, &damaged).unwrap();
        match all(&path) {
            Ok(()) => {}
            Err(error) => {
                told += 1;
                assert!(
                    error.is_corrupt() || error.is_storage() || error.code() == "decode" || error.code() == "database",
                    "{error}"
                );
            }
        }
    }
    assert!(told > 20, "only {told} of 60 damages were told");
    fs::write(&path, &sound).unwrap();
    all(&path).unwrap();
}

#[test]
fn a_file_that_is_damaged_while_it_is_open_fails_statements_only() {
    let path = scratch("damaged-open");
    let engine = at(&path, &Settings::default());
    let rows = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000) INSERT INTO t SELECT x, hex(randomblob(20)) FROM c";
    aludel::block(async {
        write(
            &engine,
            &["CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE)", rows, "PRAGMA wal_checkpoint(TRUNCATE)"],
        )
        .await
        .unwrap();
        let sound = fs::read(&path).unwrap();
        let torn = fs::OpenOptions::new().write(true).open(&path).unwrap();
        torn.set_len(9_000).unwrap();
        let error = read(&engine, &["SELECT a, b FROM t"]).await.unwrap_err();
        assert!(error.is_storage(), "{error}");
        fs::write(&path, &sound).unwrap();
        assert_eq!(read(&at(&path, &Settings::default()), &["SELECT count(*) FROM t"]).await.unwrap(), ["3000"]);
    });
}

/// Reads everything there is.
fn all(path: &Path) -> Result<()> {
    aludel::block(async {
        let engine = open(path.to_str().unwrap(), &Settings::default())?;
        let result = read(&engine, &["SELECT a, b FROM t", "SELECT b FROM t ORDER BY b"]).await;
        engine.close().await;
        result.map(|_| ())
    })
}

#[test]
fn a_file_that_vanishes_or_is_replaced_is_told() {
    let path = scratch("vanished");
    let engine = at(&path, &Settings::default());
    let aside = path.with_file_name("aside.db");
    aludel::block(async {
        write(&engine, &["CREATE TABLE t (a)"]).await.unwrap();
        fs::rename(&path, &aside).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(60));
        for access in [Access::Read, Access::Write] {
            let error = engine.acquire(access).await.err().unwrap();
            assert!(error.is_vanished() && error.to_string().contains("vanished while it was open"), "{error}");
        }
        fs::write(&path, "").unwrap();
        let error = engine.acquire(Access::Read).await.err().unwrap();
        assert!(error.is_vanished() && error.to_string().contains("replaced by another file"), "{error}");
        fs::rename(&aside, &path).unwrap();
        write(&engine, &["INSERT INTO t VALUES (1)"]).await.unwrap();
    });
}

/// Killed in the middle of a transaction, again and again: what was acknowledged is there, and nothing in halves.
#[cfg(unix)]
#[test]
fn a_killed_process_loses_nothing_acknowledged_and_leaves_no_halves() {
    let path = scratch("killed");
    let mut acknowledged = 0;
    for round in 1..=5_u32 {
        let (mut process, mut lines) = child("sqlite::faults::child_that_writes_until_killed", &path);
        await_line(&mut lines, "begun");
        let mut line = String::new();
        for _ in 0..round * 15 {
            line.clear();
            lines.read_line(&mut line).unwrap();
            acknowledged = line.trim().parse().unwrap_or(acknowledged);
        }
        process.kill().unwrap();
        process.wait().unwrap();
        line.clear();
        while lines.read_line(&mut line).unwrap() > 0 {
            // The last line may be cut: only whole ones were acknowledged.
            if line.ends_with('\n') {
                acknowledged = line.trim().parse().unwrap_or(acknowledged);
            }
            line.clear();
        }
        let engine = at(&path, &Settings::default());
        aludel::block(async {
            let halves = "SELECT count(*) FROM (SELECT n FROM t GROUP BY n HAVING count(*) <> 3)";
            assert_eq!(read(&engine, &[halves]).await.unwrap(), ["0"]);
            let kept: u64 = read(&engine, &["SELECT max(n) FROM t"]).await.unwrap()[0].parse().unwrap();
            assert!(kept >= acknowledged, "{acknowledged} were acknowledged, {kept} are there");
            assert_eq!(read(&engine, &["PRAGMA integrity_check"]).await.unwrap(), ["ok"]);
        });
    }
    assert!(acknowledged > 0);
}

#[test]
#[ignore = "run by another test as a child"]
fn child_that_writes_until_killed() {
    let engine = at(Path::new(&std::env::var(ERRAND).unwrap()), &Settings::default());
    aludel::block(async {
        write(&engine, &["CREATE TABLE IF NOT EXISTS t (n INT)"]).await.unwrap();
        let first = read(&engine, &["SELECT coalesce(max(n), 0) FROM t"]).await.unwrap()[0].parse::<u64>().unwrap();
        println!("\nbegun");
        for number in first + 1.. {
            let mut writer = engine.acquire(Access::Write).await.unwrap();
            let insert = format!("INSERT INTO t VALUES ({number})");
            sql(&mut *writer, &["BEGIN IMMEDIATE", &insert, &insert, &insert, "COMMIT"]).await.unwrap();
            println!("{number}");
            std::io::stdout().flush().unwrap();
        }
    });
}
