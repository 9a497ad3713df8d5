//! What would run, as text: piped into the engine's own shell it does the same.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use aludel::migrate::{Direction, Runner};

use super::kit::*;

/// The shell, where this machine has it.
fn shell(path: &Path, script: &str) -> Option<Output> {
    let mut child = match Command::new("sqlite3")
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => panic!("{error}"),
    };
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    Some(child.wait_with_output().unwrap())
}

/// What is remembered, but for clocks and who it was.
async fn remembered(engine: &aludel::driver::SharedEngine) -> Vec<String> {
    let revisions = "SELECT id, place, parents, message, checksum, file, length(body), state, tool FROM aludel_revisions ORDER BY place";
    let steps = "SELECT revision, place, what, hash, state FROM aludel_steps ORDER BY revision, place";
    let mut seen = read(engine, &[revisions]).await.unwrap();
    seen.extend(read(engine, &[steps]).await.unwrap());
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_does_what_a_run_does() {
    let all = history(&[ONE, TWO, THREE]);
    let run = open(&scratch("script-run"));
    Runner::over(&run, &all).upgrade("head").await.unwrap();
    let offline = Runner::over(&run, &all).sql(Direction::Up, Some("base"), "head").await.unwrap();
    let path = scratch("script");
    let Some(output) = shell(&path, &offline) else { return };
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}\n{offline}");
    let scripted = open(&path);
    assert_eq!(stored(&scripted).await, stored(&run).await);
    assert_eq!(remembered(&scripted).await, remembered(&run).await);
    assert!(Runner::over(&scripted, &all).upgrade("head").await.unwrap().is_empty());

    let back = Runner::over(&scripted, &all).sql(Direction::Down, None, "a1").await.unwrap();
    write(&scripted, &["INSERT INTO shops (id, name, size, town) VALUES (1, 'corner', 2, 'x')"]).await.unwrap();
    scripted.close().await;
    let output = shell(&path, &back).unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}\n{back}");
    let scripted = open(&path);
    assert_eq!(ids(&scripted).await, ["a1"]);
    assert_eq!(read(&scripted, &["SELECT id, name, size FROM shops"]).await.unwrap(), ["1|corner|2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_of_a_database_with_rows_keeps_them_and_stops_where_a_run_would() {
    let path = scratch("script-live");
    let engine = filled(&path).await;
    let own = [
        "CREATE TRIGGER own AFTER DELETE ON shops BEGIN DELETE FROM goods WHERE shop_id = old.id; END",
        "CREATE VIEW sizes AS SELECT size FROM shops",
        "CREATE TRIGGER sized INSTEAD OF UPDATE ON sizes BEGIN UPDATE shops SET size = new.size WHERE size = old.size; END",
    ];
    write(&engine, &own).await.unwrap();
    let all = history(&[ONE, TWO, THREE]);
    let before = stored(&engine).await;
    let script = Runner::over(&engine, &all).sql(Direction::Up, None, "head").await.unwrap();
    assert_eq!(
        (stored(&engine).await, ids(&engine).await),
        (before.clone(), vec!["a1".to_owned()]),
        "nothing is written"
    );
    let harsh = TWO.replace("UPDATE shops SET town = 'here';", "UPDATE shops SET town = 'here' WHERE id = 1;");
    let refused = Runner::over(&engine, &history(&[ONE, &harsh])).sql(Direction::Up, None, "head").await.unwrap();
    engine.close().await;
    let Some(output) = shell(&path, &refused) else { return };
    assert!(!output.status.success(), "{output:?}");
    let engine = open(&path);
    assert_eq!((stored(&engine).await, ids(&engine).await), (before, vec!["a1".to_owned()]), "stopped, and undone");
    engine.close().await;
    let output = shell(&path, &script).unwrap();
    assert!(output.status.success() && output.stderr.is_empty() && output.stdout.is_empty(), "{output:?}\n{script}");
    let engine = open(&path);
    assert_eq!((goods(&engine).await, ids(&engine).await.len()), (GOODS.map(str::to_owned).to_vec(), 3));
    let own = "SELECT count(*) FROM sqlite_schema WHERE name IN ('own', 'sizes', 'sized')";
    assert_eq!(read(&engine, &[own]).await.unwrap(), ["3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_shell_can_do_is_refused() {
    let engine = filled(&scratch("script-run-function")).await;
    let text = "-- edition: 1\n-- revision: b2\n-- parents: a1\n-- message: x\n\n-- run: tags\n";
    let all = history(&[ONE, text]);
    let error = Runner::over(&engine, &all).sql(Direction::Up, None, "head").await.unwrap_err();
    let text = error.to_string();
    assert!(error.is_revision() && text.contains("`tags` is a function") && text.contains("1.sql:6:1"), "{text}");
}

/// A run on one file, and a script of the same in the shell on another: both files, or nothing where there is no shell.
async fn both_ways(
    name: &str,
    all: &aludel::migrate::History,
    way: (Direction, &str),
    prepare: impl AsyncFn(&aludel::driver::SharedEngine),
) -> Option<[aludel::driver::SharedEngine; 2]> {
    let (path, other) = (scratch(&format!("{name}-script")), scratch(name));
    let [scripted, run] = [filled(&path).await, filled(&other).await];
    prepare(&scripted).await;
    prepare(&run).await;
    let script = Runner::over(&scripted, all).sql(way.0, None, way.1).await.unwrap();
    scripted.close().await;
    let output = shell(&path, &script)?;
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}\n{script}");
    let runner = Runner::over(&run, all);
    match way.0 {
        Direction::Up => runner.upgrade(way.1).await.unwrap(),
        Direction::Down => runner.downgrade(way.1).await.unwrap(),
    };
    drop(runner);
    let scripted = open(&path);
    assert_eq!(stored(&scripted).await, stored(&run).await, "{script}");
    assert_eq!(remembered(&scripted).await, remembered(&run).await, "{script}");
    Some([scripted, run])
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_go_with_what_they_point_at() {
    let last = revision("d4", "c3", "DELETE FROM shops WHERE id = 1;");
    let rebuild = revision("c3", "b2", "ALTER TABLE shops ALTER COLUMN size TYPE BIGINT;");
    let all = history(&[ONE, &revision("b2", "a1", "DELETE FROM shops WHERE id = 7;"), &rebuild, &last]);
    for (target, left) in [("b2", &GOODS[..1]), ("head", &[])] {
        let Some(both) = both_ways("rows-go", &all, (Direction::Up, target), async |_| {}).await else { return };
        for engine in &both {
            assert_eq!(goods(engine).await, left);
            assert_eq!(read(engine, &["SELECT count(*) FROM goods"]).await.unwrap(), [left.len().to_string()]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_knows_old_rows_under_a_new_name() {
    let body = "ALTER TABLE goods RENAME TO wares;\nUPDATE wares SET label = lower(label);\n\
                ALTER TABLE shops ALTER COLUMN size TYPE BIGINT;";
    let all = history(&[ONE, &revision("b2", "a1", body)]);
    let old = async |engine: &aludel::driver::SharedEngine| {
        orphaned(engine, "INSERT INTO goods (id, shop_id, label) VALUES (90, 404, 'A')").await;
    };
    let Some(both) = both_ways("old-rows", &all, (Direction::Up, "head"), old).await else { return };
    for engine in &both {
        assert_eq!(read(engine, &["SELECT label FROM wares WHERE id = 90"]).await.unwrap(), ["a"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_back_over_one_that_stands_for_others_forgets_them_too() {
    let all = history(&[&squashed()]);
    let upgraded = async |engine: &aludel::driver::SharedEngine| {
        Runner::over(engine, &history(&[ONE, TWO])).upgrade("head").await.unwrap();
    };
    let Some(both) = both_ways("back-over", &all, (Direction::Down, "base"), upgraded).await else { return };
    for engine in &both {
        assert_eq!((stored(engine).await, ids(engine).await), (vec![], vec![]));
        assert_eq!(Runner::over(engine, &all).upgrade("head").await.unwrap(), ["s1"]);
    }
}
