//! Forward, back, stamped, accepted; and everything that is refused before a thing is touched.

use std::sync::Mutex;
use std::time::Duration;

use aludel::driver::{Place, Settings, open as open_url};
use aludel::migrate::{Direction, Progress, Runner, State};

use super::kit::*;

#[tokio::test(flavor = "multi_thread")]
async fn forward_back_and_forward_again() {
    for place in [Place::InPlace, Place::OwnThread] {
        for memory in [true, false] {
            let mut settings = Settings::default();
            settings.place = place;
            let path = scratch("forward");
            let target = if memory { "sqlite::memory:".to_owned() } else { path.display().to_string() };
            let engine = open_url(&target, &settings).unwrap();
            let history = history(&[ONE, TWO, THREE]);
            let runner = Runner::over(&engine, &history);
            assert_eq!(runner.applied().await.unwrap(), []);
            assert_eq!(
                read(&engine, &["SELECT count(*) FROM sqlite_schema"]).await.unwrap(),
                ["0"],
                "nothing is written"
            );
            assert_eq!(runner.upgrade("a1").await.unwrap(), ["a1"]);
            write(&engine, &ROWS).await.unwrap();
            let first = stored(&engine).await;
            assert_eq!(runner.pending().await.unwrap().iter().map(|one| &*one.id).collect::<Vec<_>>(), ["b2", "c3"]);
            assert_eq!(runner.upgrade("head").await.unwrap(), ["b2", "c3"]);
            assert_eq!(goods(&engine).await, GOODS);
            let last = stored(&engine).await;
            assert_eq!(runner.upgrade("head").await.unwrap(), [""; 0]);
            assert_eq!(runner.downgrade("a1").await.unwrap(), ["c3", "b2"]);
            assert_eq!((stored(&engine).await, ids(&engine).await), (first, vec!["a1".to_owned()]));
            assert_eq!(goods(&engine).await, GOODS);
            assert_eq!(runner.upgrade("head").await.unwrap(), ["b2", "c3"]);
            assert_eq!(stored(&engine).await, last);
            assert_eq!(settings_of(&engine).await, USUAL);
            assert_eq!(runner.downgrade("base").await.unwrap(), ["c3", "b2", "a1"]);
            assert_eq!(stored(&engine).await, [""; 0]);
        }
    }
}

async fn settings_of(engine: &aludel::driver::SharedEngine) -> String {
    settings(engine).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_remembers_what_was_run() {
    let engine = filled(&scratch("remembers")).await;
    let history = history(&[ONE, TWO]);
    Runner::over(&engine, &history).upgrade("head").await.unwrap();
    let applied = Runner::over(&engine, &history).applied().await.unwrap();
    let two = &applied[1];
    assert_eq!((two.place, &*two.id, &*two.message, two.state), (2, "b2", "shops have a town", State::Applied));
    assert_eq!((&two.parents[..], &*two.file, &*two.text), (&["a1".to_owned()][..], "1.sql", TWO));
    assert_eq!(two.checksum, history.get("b2").unwrap().checksum());
    assert!(two.tool.starts_with("aludel ") && two.who.contains(&format!("process {}", std::process::id())), "{two:?}");
    assert!(two.started.0 > 0 && two.duration_us() >= 0);
    let steps =
        "SELECT place, what, length(hash), state, rows_done FROM aludel_steps WHERE revision = 'b2' ORDER BY place";
    let steps = read(&engine, &[steps]).await.unwrap();
    assert_eq!(steps, ["1|change|32|done|0", "2|data|32|done|2", "3|change|32|done|0"]);
    let events = "SELECT what, coalesce(revision, '-'), details FROM aludel_events ORDER BY number";
    let told = read(&engine, &[events]).await.unwrap();
    let expected =
        ["upgrade|-|a1", "applied|a1|1 of 1", "done|-|1 of 1", "upgrade|-|b2", "applied|b2|1 of 1", "done|-|1 of 1"];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_is_told_of_every_moment() {
    let engine = filled(&scratch("told")).await;
    let history = history(&[ONE, THREE.replace("b2", "a1").as_str()]);
    let told = Mutex::new(Vec::new());
    let runner = Runner::over(&engine, &history).progress(|progress| {
        told.lock().unwrap().push(match progress {
            Progress::Revision { revision, direction: Direction::Up, at, of } => format!("{} {at}/{of}", revision.id),
            Progress::Statement { text, .. } => text[..12].to_owned(),
            Progress::Done { revision, .. } => format!("done {}", revision.id),
            other => format!("{other:?}"),
        });
    });
    runner.upgrade("head").await.unwrap();
    drop(runner);
    assert_eq!(told.into_inner().unwrap(), ["c3 1/1", "CREATE TABLE", "done c3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_that_was_edited_is_refused_until_it_is_accepted() {
    let engine = filled(&scratch("edited")).await;
    let edited = ONE.replace("VARCHAR(80)", "VARCHAR(90)");
    let changed = history(&[&edited, TWO]);
    let before = stored(&engine).await;
    for refused in
        [Runner::over(&engine, &changed).upgrade("head").await, Runner::over(&engine, &changed).downgrade("base").await]
    {
        let error = refused.unwrap_err();
        assert!(error.is_revision(), "{error}");
        let text = error.to_string();
        assert!(text.contains("`a1` in 0.sql") && text.contains("db stamp --accept ID"), "{text}");
    }
    assert_eq!(stored(&engine).await, before);
    let comments = ONE.replace("CREATE TABLE goods", "-- what they sell\ncreate   table goods");
    let same = history(&[&comments, TWO]);
    assert_eq!(Runner::over(&engine, &same).upgrade("head").await.unwrap(), ["b2"], "comments and case mean nothing");
    assert_eq!(Runner::over(&engine, &changed).accept(&["a1"]).await.unwrap(), ["a1"]);
    assert_eq!(Runner::over(&engine, &changed).upgrade("head").await.unwrap(), [""; 0]);
    assert!(
        Runner::over(&engine, &same).upgrade("head").await.unwrap_err().is_revision(),
        "now the other text is the edited one"
    );
    let error = Runner::over(&engine, &history(&[ONE, TWO, THREE])).accept(&["c3"]).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_program_is_left_alone_and_can_go_back() {
    let engine = filled(&scratch("newer")).await;
    Runner::over(&engine, &history(&[ONE, TWO, THREE])).upgrade("head").await.unwrap();
    let before = (stored(&engine).await, ids(&engine).await);
    let old = history(&[ONE]);
    let runner = Runner::over(&engine, &old);
    let error = runner.upgrade("head").await.unwrap_err();
    assert!(error.is_revision(), "{error}");
    let text = error.to_string();
    assert!(text.contains("`b2` shops have a town (applied 2") && text.contains("run the newer program"), "{text}");
    assert_eq!((stored(&engine).await, ids(&engine).await), before, "nothing is run");
    assert!(runner.stamp(&["base"], false).await.unwrap_err().is_revision());
    assert!(runner.pending().await.unwrap().is_empty());
    assert_eq!(runner.downgrade("a1").await.unwrap(), ["c3", "b2"], "by the text that the database keeps");
    assert_eq!(goods(&engine).await, GOODS);
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_of_another_branch_come_later() {
    let engine = filled(&scratch("branches")).await;
    Runner::over(&engine, &history(&[ONE, TWO])).upgrade("head").await.unwrap();
    let other = THREE.replace("c3", "a9").replace("parents: b2", "parents: a1");
    let both = history(&[ONE, TWO, &other]);
    assert_eq!(Runner::over(&engine, &both).upgrade("heads").await.unwrap(), ["a9"]);
    assert_eq!(ids(&engine).await, ["a1", "b2", "a9"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn stamping_runs_nothing() {
    let engine = open(&scratch("stamp"));
    let three = history(&[ONE, TWO, THREE]);
    let runner = Runner::over(&engine, &three);
    assert_eq!(runner.stamp(&["b2"], false).await.unwrap(), ["a1", "b2"]);
    assert_eq!(stored(&engine).await, [""; 0]);
    let applied = runner.applied().await.unwrap();
    assert!(applied.iter().all(|entry| entry.state == State::Stamped) && applied[1].place == 2, "{applied:?}");
    assert_eq!(runner.stamp(&["a1"], false).await.unwrap(), ["a1"]);
    assert_eq!(runner.stamp(&["base"], false).await.unwrap(), [""; 0]);
    let only = history(&[ONE]);
    runner.stamp(&["head"], false).await.unwrap();
    assert_eq!(
        Runner::over(&engine, &only).stamp(&["head"], true).await.unwrap(),
        ["a1"],
        "what is not known is forgotten"
    );
    assert_eq!(ids(&engine).await, ["a1"]);
    let error = runner.stamp(&["nowhere"], false).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    assert_eq!(ids(&engine).await, ["a1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_stamped_and_accepted_together_or_not_at_all() {
    let engine = open(&scratch("stamps"));
    let other = THREE.replace("c3", "d4").replace("parents: b2", "parents: a1");
    let all = history(&[ONE, TWO, THREE, &other]);
    let runner = Runner::over(&engine, &all);
    runner.stamp(&["a1"], false).await.unwrap();
    let remembered = "SELECT 'revision', id FROM aludel_revisions UNION ALL SELECT what, details FROM aludel_events";
    let before = read(&engine, &[remembered]).await.unwrap();
    let stop = "CREATE TRIGGER stop BEFORE INSERT ON aludel_revisions WHEN new.id = 'd4' BEGIN SELECT RAISE(ABORT, 'no more'); END";
    write(&engine, &[stop]).await.unwrap();
    for (targets, purge, words) in [
        (&["c3", "d4"][..], false, "no more"),
        (&["c3", "d4"], true, "no more"),
        (&["c3", "nowhere"], false, "nowhere"),
        (&["base", "nowhere"], true, "nowhere"),
    ] {
        let error = runner.stamp(targets, purge).await.unwrap_err().to_string();
        assert!(error.contains(words), "{targets:?}: {error}");
        assert_eq!(read(&engine, &[remembered]).await.unwrap(), before, "{targets:?}, {purge}");
    }
    write(&engine, &["DROP TRIGGER stop"]).await.unwrap();
    assert_eq!(runner.stamp(&["c3", "d4"], false).await.unwrap(), ["a1", "b2", "c3", "d4"]);
    assert_eq!(runner.stamp(&["b2", "base", "d4"], true).await.unwrap(), ["a1", "d4"], "one after the other");

    let edited = ONE.replace("VARCHAR(80)", "VARCHAR(90)");
    let changed = history(&[&edited, TWO, THREE, &other]);
    let runner = Runner::over(&engine, &changed);
    assert!(runner.accept(&["a1", "b2"]).await.unwrap_err().is_usage());
    assert!(Runner::over(&engine, &changed).upgrade("heads").await.unwrap_err().is_revision(), "nothing is accepted");
    assert_eq!(runner.accept(&["a1", "d4"]).await.unwrap(), ["a1"]);
}

/// `TWO` with another statement in the middle.
fn broken(statement: &str) -> String {
    TWO.replace("UPDATE shops SET town = 'here';", &format!("UPDATE shops SET town = 'here';\n{statement}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_undone_whole_and_points_at_its_statement() {
    let engine = filled(&scratch("fails")).await;
    let before = (stored(&engine).await, ids(&engine).await, goods(&engine).await);
    let cases = [
        ("UPDATE shops SET size = -1 WHERE id = 7;", "1.sql:8:1", "breaks a rule of the table [ck_shops_size]"),
        ("INSERT INTO shops (id, name, size) VALUES (1, 'again', 1);", "1.sql:8:1", "same values already: shops (id)"),
        ("ALTER TABLE shops ALTER COLUMN name TYPE INTEGER;", "1.sql", "`b2` was not applied"),
        ("INSERT INTO goods (id, shop_id, label) VALUES (9, 404, 'lost');", "1.sql", "`b2` was not applied"),
        ("UPDATE shops SET town = NULL WHERE id = 1;", "1.sql", "1 row"),
    ];
    for (statement, place, words) in cases {
        let history = history(&[ONE, &broken(statement)]);
        let error = Runner::over(&engine, &history).upgrade("head").await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_revision() && text.contains(place) && text.contains(words), "{statement}\n{text}");
        let after = (stored(&engine).await, ids(&engine).await, goods(&engine).await);
        assert_eq!(after, before, "{statement}");
        assert_eq!(settings_of(&engine).await, USUAL, "{statement}");
        let told = read(&engine, &["SELECT what, revision FROM aludel_events ORDER BY number DESC LIMIT 1"]).await;
        assert_eq!(told.unwrap(), ["failed|b2"]);
    }
    assert_eq!(Runner::over(&engine, &history(&[ONE, TWO])).upgrade("head").await.unwrap(), ["b2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_an_engine_runs_there_and_nowhere_else() {
    let engine = filled(&scratch("only")).await;
    let raw = "\
-- edition: 1
-- revision: b2
-- parents: a1
-- message: raw

-- only: postgres
CREATE EXTENSION citext;

-- only: sqlite
CREATE TRIGGER tr_goods AFTER INSERT ON goods BEGIN UPDATE goods SET label = upper(label) WHERE id = new.id; END;

ALTER TABLE goods ADD COLUMN weight INTEGER;
-- instead: sqlite
ALTER TABLE goods ADD COLUMN weight INTEGER DEFAULT 5;

ALTER TABLE goods ALTER COLUMN weight SET NOT NULL;
";
    let history = history(&[ONE, raw]);
    assert_eq!(Runner::over(&engine, &history).upgrade("head").await.unwrap(), ["b2"]);
    let rows = write(
        &engine,
        &[
            "INSERT INTO goods (shop_id, label, weight) VALUES (1, 'oil', 1)",
            "SELECT label, weight FROM goods ORDER BY id",
        ],
    );
    assert_eq!(rows.await.unwrap(), ["tea|5", "rope|5", "salt|5", "OIL|1"], "the rebuild kept the trigger");
    assert!(write(&engine, &["INSERT INTO goods (shop_id, label, weight) VALUES (1, 'x', NULL)"]).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_anywhere_leaves_all_or_nothing() {
    for place in [Place::InPlace, Place::OwnThread] {
        let mut settings = Settings::default();
        settings.place = place;
        let path = scratch("dropped");
        drop(filled(&path).await);
        let engine = at(&path, &settings);
        let many = "WITH RECURSIVE c (x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) \
                    INSERT INTO goods (shop_id, label) SELECT 7, 'x' || x FROM c";
        write(&engine, &[many]).await.unwrap();
        let before = (stored(&engine).await, ids(&engine).await);
        let long = "UPDATE goods SET label = label || '!';\nUPDATE goods SET label = replace(label, '!', '');";
        let history = history(&[ONE, &broken(long)]);
        let mut cut = 0;
        for micros in (0..40).map(|step| step * step * 60) {
            let runner = Runner::over(&engine, &history);
            let done = tokio::time::timeout(Duration::from_micros(micros), runner.upgrade("head")).await;
            assert_eq!(settings_of(&engine).await, USUAL, "after {micros} us");
            let now = ids(&engine).await;
            match done {
                Ok(done) => assert_eq!(done.unwrap(), ["b2"]),
                Err(_) if now.len() == 1 => {
                    cut += 1;
                    assert_eq!((stored(&engine).await, now), before.clone());
                    continue;
                }
                Err(_) => {}
            }
            assert_eq!(ids(&engine).await, ["a1", "b2"]);
            runner.downgrade("a1").await.unwrap();
        }
        assert!(cut > 0, "no run was cut off");
        let rows = read(&engine, &["SELECT count(*) FROM goods"]).await.unwrap();
        assert_eq!(rows, ["19994"]);
    }
}

/// SQLite makes a table of which nothing is known here, so that only the middle of the run shows that it has to be written
/// anew.
const LATE: &str = "\
CREATE TABLE audit (id INTEGER);
-- instead: sqlite
CREATE TABLE audit (id INTEGER) STRICT;
";
const ANEW: &str = "ALTER TABLE audit ADD COLUMN at TIMESTAMPTZ NOT NULL DEFAULT now();";

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_middle_of_a_run_shows_holds_from_its_start() {
    let engine = filled(&scratch("middle")).await;
    let before = (stored(&engine).await, goods(&engine).await);
    let gone = "DELETE FROM shops WHERE id = 7;";
    for body in [format!("{LATE}{gone}\n{ANEW}"), format!("{gone}\n{LATE}{ANEW}"), format!("{LATE}{ANEW}\n{gone}")] {
        let history = history(&[ONE, &revision("b2", "a1", &body)]);
        let error = Runner::over(&engine, &history).upgrade("head").await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("2 rows would point at rows that are not there (goods -> shops)"), "{body}\n{text}");
        assert_eq!((stored(&engine).await, goods(&engine).await), before);
        assert_eq!(settings_of(&engine).await, USUAL);
    }
    let apart = [revision("b2", "a1", gone), revision("c3", "b2", &format!("{LATE}{ANEW}"))];
    let history = history(&[ONE, &apart[0], &apart[1]]);
    assert_eq!(Runner::over(&engine, &history).upgrade("head").await.unwrap(), ["b2", "c3"]);
    assert_eq!(goods(&engine).await, GOODS[..1], "alone, it takes along what points there");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_pointed_at_nothing_before_are_still_known_under_a_new_name() {
    let rename = "ALTER TABLE goods RENAME TO wares;";
    let size = "ALTER TABLE shops ALTER COLUMN size TYPE BIGINT;";
    let parent = "ALTER TABLE shops RENAME TO stores;";
    for (own, body, table) in [
        (false, format!("{rename}\nUPDATE wares SET label = lower(label);\n{size}"), "wares"),
        (false, format!("{size}\nUPDATE goods SET label = lower(label);\n{rename}"), "wares"),
        (false, format!("{rename}\n{LATE}{ANEW}"), "wares"),
        (
            false,
            format!("{parent}\n{LATE}UPDATE stores SET size = size + 1;\n{}", size.replace("shops", "stores")),
            "goods",
        ),
        (true, format!("{rename}\n{size}"), "wares"),
    ] {
        let path = scratch("renamed");
        let engine = if own { open(&path) } else { filled(&path).await };
        if own {
            // Made by somebody who wrote its name in another way.
            let tables = [
                "CREATE TABLE shops (id INTEGER NOT NULL CONSTRAINT pk_shops PRIMARY KEY AUTOINCREMENT, \
                 name VARCHAR(80) NOT NULL, size INTEGER NOT NULL DEFAULT 3, CONSTRAINT ck_shops_size CHECK (size > 0))",
                "CREATE TABLE Goods (id INTEGER NOT NULL CONSTRAINT pk_goods PRIMARY KEY AUTOINCREMENT, \
                 shop_id BIGINT NOT NULL, label TEXT NOT NULL, CONSTRAINT fk_goods_shop_id_shops FOREIGN KEY (shop_id) \
                 REFERENCES shops (id) ON DELETE CASCADE)",
                "CREATE INDEX ix_goods_shop_id ON Goods (shop_id)",
            ];
            write(&engine, &tables).await.unwrap();
            Runner::over(&engine, &history(&[ONE])).stamp(&["a1"], false).await.unwrap();
        }
        orphaned(
            &engine,
            "INSERT INTO goods (id, shop_id, label) VALUES (90, 404, 'a'), (91, 405, 'b'), (92, 406, 'c')",
        )
        .await;
        let history = history(&[ONE, &revision("b2", "a1", &body)]);
        let done = Runner::over(&engine, &history).upgrade("head").await;
        assert_eq!(done.unwrap_or_else(|error| panic!("{body}\n{error}")), ["b2"]);
        let kept = read(&engine, &[&format!("SELECT id FROM {table} WHERE id > 89 ORDER BY id")]).await.unwrap();
        assert_eq!(kept, ["90", "91", "92"], "{body}");
    }
}
