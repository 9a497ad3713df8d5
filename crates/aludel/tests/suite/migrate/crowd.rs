//! Many at once: who upgrades, who waits and for how long, who reads and writes meanwhile.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aludel::Settings;
use aludel::driver::{SharedEngine, open as open_url};
use aludel::migrate::{History, Progress, Runner};

use super::kit::*;

fn three() -> History {
    history(&[ONE, TWO, THREE])
}

/// How often each revision was applied, by what the runs say and by what the database was told.
async fn each_once(engine: &SharedEngine, told: Vec<String>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for id in told {
        *counts.entry(id).or_default() += 1;
    }
    let once = ["a1", "b2", "c3"].map(|id| (id.to_owned(), 1));
    assert_eq!(counts, BTreeMap::from(once));
    assert_eq!(ids(engine).await, ["a1", "b2", "c3"]);
    let events = "SELECT revision || ' ' || count(*) FROM aludel_events WHERE what = 'applied' GROUP BY revision";
    assert_eq!(read(engine, &[events]).await.unwrap(), ["a1 1", "b2 1", "c3 1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_tasks_apply_each_revision_once() {
    for (name, shared) in [("tasks-of-one", true), ("tasks-of-many", false), ("tasks-in-memory", true)] {
        let path = scratch(name);
        let target = if name == "tasks-in-memory" { "sqlite::memory:".to_owned() } else { path.display().to_string() };
        let one = open_url(&target, &Settings::default()).unwrap();
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let engine = if shared { one.clone() } else { open(&path) };
                tokio::spawn(async move { Runner::over(&engine, &three()).upgrade("head").await.unwrap() })
            })
            .collect();
        let mut told = Vec::new();
        for task in tasks {
            told.extend(task.await.unwrap());
        }
        each_once(&one, told).await;
        assert_eq!(settings(&one).await.unwrap(), USUAL);
    }
}

#[test]
fn twenty_processes_apply_each_revision_once() {
    let path = scratch("processes");
    let children: Vec<_> = (0..20).map(|_| child("migrate::crowd::child_that_upgrades", &path)).collect();
    let mut told = Vec::new();
    for (mut child, mut lines) in children {
        let mut text = String::new();
        lines.read_to_string(&mut text).unwrap();
        assert!(child.wait().unwrap().success(), "{text}");
        let line = text.lines().find_map(|line| line.strip_prefix("applied ")).unwrap_or_else(|| panic!("{text}"));
        told.extend(line.split_whitespace().map(str::to_owned));
    }
    aludel::block(each_once(&open(&path), told));
}

#[test]
#[ignore = "run by another test as a child"]
fn child_that_upgrades() {
    let engine = open(Path::new(&std::env::var(ERRAND).unwrap()));
    let done = aludel::block(Runner::over(&engine, &three()).upgrade("head")).unwrap();
    println!("\napplied {}", done.join(" "));
}

#[cfg(unix)]
#[test]
fn who_waits_for_a_frozen_holder_gives_up_and_says_whom_it_waited_for() {
    let path = scratch("frozen");
    aludel::block(async {
        drop(filled(&path).await);
        let (mut holder, mut lines) = child("migrate::crowd::child_that_freezes", &path);
        await_line(&mut lines, "holding");
        let mut settings = Settings::default();
        settings.busy_timeout = Duration::from_millis(100);
        let engine = at(&path, &settings);
        let history = three();
        let waits = std::sync::atomic::AtomicUsize::new(0);
        let runner = Runner::over(&engine, &history).lock_wait(Duration::from_millis(500)).progress(|progress| {
            if matches!(progress, Progress::Waiting { .. }) {
                waits.fetch_add(1, Ordering::Relaxed);
            }
        });
        let started = Instant::now();
        let error = runner.upgrade("head").await.unwrap_err();
        let took = started.elapsed();
        assert!(error.is_locked() && error.status() == 503 && error.code() == "locked", "{error}");
        assert!(took >= Duration::from_millis(500) && took < Duration::from_secs(5), "{took:?}");
        let text = error.to_string();
        assert!(text.contains(&format!("process {}", holder.id())) && text.contains("`upgrade`"), "{text}");
        assert!(waits.load(Ordering::Relaxed) >= 3);
        assert_eq!(ids(&engine).await, ["a1"], "reading goes on");
        assert_eq!(goods(&engine).await, GOODS);

        signal("-CONT", holder.id());
        await_line(&mut lines, "applied b2 c3");
        assert!(holder.wait().unwrap().success());
        assert!(runner.upgrade("head").await.unwrap().is_empty());
        assert_eq!(ids(&engine).await, ["a1", "b2", "c3"]);
    });
}

fn signal(which: &str, process: u32) {
    assert!(Command::new("kill").args([which, &process.to_string()]).status().unwrap().success());
}

#[test]
#[ignore = "run by another test as a child"]
fn child_that_freezes() {
    let engine = open(Path::new(&std::env::var(ERRAND).unwrap()));
    let frozen = AtomicBool::new(false);
    let history = three();
    let runner = Runner::over(&engine, &history).progress(|progress| {
        if matches!(progress, Progress::Statement { .. }) && !frozen.swap(true, Ordering::Relaxed) {
            println!("\nholding");
            signal("-STOP", std::process::id());
            // A process stops when one of its threads has seen the signal; the others run on until then.
            std::thread::sleep(Duration::from_secs(1));
        }
    });
    let done = aludel::block(runner.upgrade("head")).unwrap();
    println!("\napplied {}", done.join(" "));
}

#[test]
fn a_session_that_writes_is_waited_for_and_named_as_what_it_is() {
    let path = scratch("session");
    aludel::block(async {
        let engine = filled(&path).await;
        let mut settings = Settings::default();
        settings.busy_timeout = Duration::from_millis(50);
        let other = at(&path, &settings);
        let mut writer = engine.acquire(aludel::driver::Access::Write).await.unwrap();
        sql(&mut *writer, &["BEGIN IMMEDIATE"]).await.unwrap();
        let history = three();
        let runner = Runner::over(&other, &history).lock_wait(Duration::from_millis(100));
        let error = runner.upgrade("head").await.unwrap_err();
        assert!(error.is_locked() && error.to_string().contains("a session that writes"), "{error}");
        drop(writer);
        assert_eq!(runner.upgrade("head").await.unwrap(), ["b2", "c3"]);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_see_old_or_new_and_writers_lose_nothing() {
    let path = scratch("meanwhile");
    let engine = filled(&path).await;
    let over = Arc::new(AtomicBool::new(false));
    let reader = {
        let (engine, over) = (open(&path), over.clone());
        tokio::spawn(async move {
            let (mut old, mut new) = (0, 0);
            while !over.load(Ordering::Relaxed) {
                let rows = "SELECT (SELECT count(*) FROM goods WHERE id < 4), (SELECT count(*) FROM shops), \
                            (SELECT count(*) FROM pragma_table_info('shops'))";
                match read(&engine, &[rows]).await.unwrap()[0].as_str() {
                    "3|2|3" => old += 1,
                    "3|2|4" => new += 1,
                    neither => panic!("{neither}"),
                }
                tokio::task::yield_now().await;
            }
            (old, new)
        })
    };
    let writer = {
        let (engine, over) = (engine.clone(), over.clone());
        tokio::spawn(async move {
            let mut wrote = 0;
            while !over.load(Ordering::Relaxed) {
                let row = ["BEGIN IMMEDIATE", "INSERT INTO goods (shop_id, label) VALUES (7, 'more')", "COMMIT"];
                write(&engine, &row).await.unwrap();
                wrote += 1;
                tokio::task::yield_now().await;
            }
            wrote
        })
    };
    let (history, runs) = (history(&[ONE, TWO]), 15);
    let other = open(&path);
    for _ in 0..runs {
        assert_eq!(Runner::over(&other, &history).upgrade("head").await.unwrap(), ["b2"]);
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(Runner::over(&other, &history).downgrade("a1").await.unwrap(), ["b2"]);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    over.store(true, Ordering::Relaxed);
    let ((old, new), wrote) = (reader.await.unwrap(), writer.await.unwrap());
    assert!(old > 0 && new > 0 && wrote > 0, "{old} old, {new} new, {wrote} written");
    let rows = read(&engine, &["SELECT count(*) FROM goods WHERE label = 'more'"]).await.unwrap();
    assert_eq!(rows, [wrote.to_string()]);
}

/// Does `work` between two transactions of a run: on a thread of its own, while the run waits.
fn meanwhile(work: impl Future<Output = ()> + Send) {
    std::thread::scope(|scope| scope.spawn(|| aludel::block(work)).join().unwrap());
}

/// A column comes by one revision; before the next, somebody who knows nothing of revisions changes the tables.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_make_between_two_revisions_is_seen() {
    let own = [
        "CREATE INDEX ix_own ON goods (weight)",
        "CREATE TRIGGER own AFTER INSERT ON goods BEGIN UPDATE goods SET weight = 9 WHERE id = new.id; END",
        "ALTER TABLE goods ADD COLUMN own TEXT DEFAULT 'kept'",
    ];
    for (next, refused) in [
        ("ALTER TABLE goods ALTER COLUMN weight SET DEFAULT 5;", None),
        (
            "ALTER TABLE goods DROP COLUMN weight;",
            Some(
                "`c3` was not applied, and nothing of it was kept: column `weight` of table `goods` cannot go: index `ix_own`",
            ),
        ),
    ] {
        let path = scratch("between");
        let engine = filled(&path).await;
        let other = open(&path);
        let weight = revision("b2", "a1", "ALTER TABLE goods ADD COLUMN weight INTEGER;");
        let history = history(&[ONE, &weight, &revision("c3", "b2", next)]);
        let runner = Runner::over(&engine, &history).progress(|progress| {
            if matches!(progress, Progress::Done { revision, .. } if revision.id == "b2") {
                meanwhile(async { drop(write(&other, &own).await.unwrap()) });
            }
        });
        match (runner.upgrade("head").await, refused) {
            (Ok(done), None) => assert_eq!(done, ["b2", "c3"]),
            (Err(error), Some(words)) => assert!(error.to_string().contains(words), "{error}"),
            (other, _) => panic!("{next}: {other:?}"),
        }
        let there = "SELECT name FROM sqlite_schema WHERE name IN ('ix_own', 'own') ORDER BY name";
        assert_eq!(read(&engine, &[there]).await.unwrap(), ["ix_own", "own"]);
        let rows = [
            "INSERT INTO goods (shop_id, label) VALUES (1, 'oil')",
            "SELECT weight, own FROM goods WHERE label = 'oil'",
        ];
        assert_eq!(write(&engine, &rows).await.unwrap(), ["9|kept"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_stops_where_another_run_has_built_on_it() {
    let path = scratch("built-on");
    let engine = filled(&path).await;
    let other = open(&path);
    let four = THREE.replace("c3", "d4").replace("notes", "marks");
    let history = history(&[ONE, TWO, THREE, &four]);
    assert_eq!(Runner::over(&engine, &history).upgrade("c3").await.unwrap(), ["b2", "c3"]);
    let runner = Runner::over(&engine, &history).progress(|progress| {
        if matches!(progress, Progress::Done { revision, .. } if revision.id == "c3") {
            meanwhile(async {
                assert_eq!(Runner::over(&other, &history).upgrade("d4").await.unwrap(), ["d4"]);
            });
        }
    });
    let error = runner.downgrade("a1").await.unwrap_err();
    let text = error.to_string();
    assert!(
        error.is_revision() && text.contains("`b2` was not undone: `d4`") && text.contains("run this again"),
        "{text}"
    );
    assert_eq!(ids(&engine).await, ["a1", "b2", "d4"]);
    assert_eq!(Runner::over(&engine, &history).downgrade("a1").await.unwrap(), ["d4", "b2"]);
    assert_eq!(goods(&engine).await, GOODS);
}

/// However short the engine itself waits, a run waits as long as it was told, and rests between two attempts.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_wait_for_a_lock_still_waits_for_others() {
    let path = scratch("no-waiting");
    let engine = filled(&path).await;
    let mut settings = Settings::default();
    (settings.busy_timeout, settings.acquire_timeout) = (Duration::ZERO, Duration::ZERO);
    let history = three();
    for same in [false, true] {
        let other = at(&path, &settings);
        let holder = if same { other.clone() } else { engine.clone() };
        let held = tokio::spawn(async move {
            let mut writer = holder.acquire(aludel::driver::Access::Alter).await.unwrap();
            sql(&mut *writer, &["BEGIN IMMEDIATE"]).await.unwrap();
            writer
        });
        let held = held.await.unwrap();
        let waits = std::sync::atomic::AtomicUsize::new(0);
        let runner = Runner::over(&other, &history).lock_wait(Duration::from_millis(300)).progress(|progress| {
            if matches!(progress, Progress::Waiting { .. }) {
                waits.fetch_add(1, Ordering::Relaxed);
            }
        });
        let started = Instant::now();
        let error = runner.upgrade("head").await.unwrap_err();
        let (took, waits) = (started.elapsed(), waits.load(Ordering::Relaxed));
        assert!(error.is_locked(), "{error}");
        assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(5), "{took:?}");
        assert!((2..40).contains(&waits), "{waits}");
        drop(held);
        other.close().await;
        let error = runner.stamp(&["head"], false).await.unwrap_err();
        assert!(error.is_unavailable() && error.to_string().contains("has been closed"), "{error}");
    }
}
