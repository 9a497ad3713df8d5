//! Connections that change tables: they may rest, take their time, and switch settings that are put back.

use std::time::Duration;

use aludel::driver::{Access, Place, Settings, SharedEngine, open};

use super::kit::{at, scratch, sql, write};

const FLAGS: [&str; 3] = ["PRAGMA foreign_keys", "PRAGMA legacy_alter_table", "PRAGMA ignore_check_constraints"];

async fn flags(engine: &SharedEngine) -> String {
    let mut writer = engine.acquire(Access::Write).await.unwrap();
    let mut seen = String::new();
    for flag in FLAGS {
        seen += &sql(&mut *writer, &[flag]).await.unwrap().concat();
    }
    seen
}

const SWITCH: [&str; 3] =
    ["PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON", "PRAGMA ignore_check_constraints = ON"];

async fn settings_come_back(engine: &SharedEngine) {
    assert_eq!(flags(engine).await, "100");
    let mut alter = engine.acquire(Access::Alter).await.unwrap();
    sql(&mut *alter, &SWITCH).await.unwrap();
    assert_eq!(sql(&mut *alter, &["PRAGMA foreign_keys"]).await.unwrap(), ["0"]);
    drop(alter);
    assert_eq!(flags(engine).await, "100", "after work");
    let mut alter = engine.acquire(Access::Alter).await.unwrap();
    sql(&mut *alter, &SWITCH).await.unwrap();
    sql(&mut *alter, &["BEGIN IMMEDIATE", "CREATE TABLE lost (a)"]).await.unwrap();
    drop(alter);
    assert_eq!(flags(engine).await, "100", "and in the middle of a transaction");
    let lost = write(engine, &["SELECT count(*) FROM sqlite_schema"]).await.unwrap();
    assert_eq!(lost, ["0"]);
}

#[test]
fn settings_are_put_back_in_every_place() {
    aludel::block(async {
        settings_come_back(&open("sqlite::memory:", &Settings::default()).unwrap()).await;
        settings_come_back(&at(&scratch("alter"), &Settings::default())).await;
    });
}

#[tokio::test]
async fn settings_are_put_back_on_a_thread_of_its_own() {
    let mut settings = Settings::default();
    settings.place = Place::OwnThread;
    settings_come_back(&at(&scratch("alter-own"), &settings)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_future_that_is_dropped_leaves_the_settings_as_they_were() {
    for place in [Place::InPlace, Place::OwnThread] {
        let mut settings = Settings::default();
        settings.place = place;
        let engine = at(&scratch("alter-dropped"), &settings);
        let work = async {
            let mut alter = engine.acquire(Access::Alter).await.unwrap();
            sql(&mut *alter, &SWITCH).await.unwrap();
            sql(&mut *alter, &["BEGIN IMMEDIATE", "CREATE TABLE lost (a)"]).await.unwrap();
            let many = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) INSERT INTO lost SELECT x FROM c \
                        LIMIT 300000";
            for _ in 0..1_000 {
                sql(&mut *alter, &[many]).await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_millis(200), work).await.is_err());
        assert_eq!(flags(&engine).await, "100");
        assert_eq!(write(&engine, &["SELECT count(*) FROM sqlite_schema"]).await.unwrap(), ["0"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_rest_nor_length_ends_it() {
    let mut settings = Settings::default();
    settings.idle_write_timeout = Duration::from_millis(100);
    settings.statement_timeout = Some(Duration::from_millis(50));
    let engine = at(&scratch("alter-rest"), &settings);
    let long =
        "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT count(*) FROM c";
    let mut alter = engine.acquire(Access::Alter).await.unwrap();
    sql(&mut *alter, &["BEGIN IMMEDIATE", "CREATE TABLE kept (a)"]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(sql(&mut *alter, &[long]).await.unwrap(), ["3000000"]);
    sql(&mut *alter, &["COMMIT"]).await.unwrap();
    drop(alter);
    let error = write(&engine, &[long]).await.unwrap_err();
    assert!(error.is_timeout(), "whoever comes next has the limit again: {error}");
    assert_eq!(write(&engine, &["SELECT count(*) FROM kept"]).await.unwrap(), ["0"]);
}
