//! Sessions on a file that fails them: typed errors, nothing committed is lost, nothing uncommitted is kept.

use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel::{Settings, schema, sql};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "fault_rows")]
pub struct Row {
    pub id: i64,
    pub parent_id: Option<Fk<Row>>,
    pub text: String,
}

struct File {
    folder: tempfile::TempDir,
    db: Database,
}

async fn file(change: impl FnOnce(&mut Settings)) -> File {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    change(&mut settings);
    let db: Database =
        Database::open(folder.path().join("f.db")).schema(schema![Row]).settings(settings).await.unwrap();
    File { folder, db }
}

fn row(text: &str) -> aludel::Draft<Row> {
    new!(Row { text })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_fails_is_an_error_and_keeps_nothing() {
    let File { db, folder: _folder } = file(|_| {}).await;
    let mut session = db.session();
    let made = sql!(
        "create table fault_rows (id integer primary key autoincrement, parent_id integer references fault_rows \
         deferrable initially deferred, text text not null)"
    );
    session.execute(made).await.unwrap();
    session.add(row("kept"));
    session.commit().await.unwrap();
    let lost = session.add(new!(Row { text: "lost", parent_id: 77 }));
    session.flush().await.unwrap();
    let error = session.commit().await.unwrap_err();
    assert!(error.is_foreign_key_violation() && error.status() == 422, "{error}");
    assert!(session.try_get(lost).is_none());
    assert_eq!(session.fetch(Row::all().select(Row::TEXT)).await.unwrap(), ["kept"]);
    session.add(row("next"));
    session.commit().await.unwrap();
    let refused: Result<()> = db
        .transaction(async |db| {
            db.add(new!(Row { text: "lost", parent_id: 78 }));
            Ok(())
        })
        .await;
    assert!(refused.is_err(), "and so is that of a transaction");
    assert_eq!(db.read().count(Row::all()).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_ends_its_transaction() {
    let File { db, folder: _folder } =
        file(|settings| settings.statement_timeout = Some(Duration::from_millis(100))).await;
    db.create_tables().await.unwrap();
    let mut session = db.session();
    session.add(row("kept"));
    session.commit().await.unwrap();
    let lost = session.add(row("lost"));
    session.flush().await.unwrap();
    let endless = sql!("with recursive c (x) as (select 1 union all select x + 1 from c) select count(*) from c");
    let started = Instant::now();
    let error = session.fetch(endless.rows::<i64>()).await.unwrap_err();
    assert!(error.is_timeout() && error.status() == 503, "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
    let mut other = db.session();
    other.add(row("other"));
    other.commit().await.unwrap();
    assert!(session.commit().await.unwrap_err().is_transaction_failed());
    assert!(session.try_get(lost).is_none());
    assert_eq!(session.fetch(Row::all().select(Row::TEXT)).await.unwrap(), ["kept", "other"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_writer_is_rolled_back_and_says_so() {
    let File { db, folder: _folder } = file(|settings| settings.idle_write_timeout = Duration::from_millis(200)).await;
    db.create_tables().await.unwrap();
    for swallow in [false, true] {
        let mut idle = db.session();
        let lost = idle.add(row("lost"));
        idle.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(900)).await;
        let mut other = db.session();
        other.add(row("other"));
        other.commit().await.unwrap();
        drop(other);
        if swallow {
            let error = idle.fetch(Row::all()).await.unwrap_err();
            assert!(error.to_string().contains("rolled back"), "{error}");
        }
        let error = idle.commit().await.unwrap_err();
        assert!(swallow || error.to_string().contains("rolled back"), "{error}");
        assert!(idle.try_get(lost).is_none(), "memory is rolled back too");
        idle.add(row("next"));
        idle.commit().await.unwrap();
    }
    let texts = db.read().fetch(Row::all().order_by(Row::ID.asc()).select(Row::TEXT)).await.unwrap();
    assert_eq!(texts, ["other", "next", "other", "next"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_writer_asked_for_twice_is_told_at_once() {
    let File { db, folder: _folder } = file(|_| {}).await;
    db.create_tables().await.unwrap();
    let task = tokio::spawn(async move {
        let mut one = db.session();
        one.add(row("one"));
        one.flush().await.unwrap();
        let mut two = db.session();
        two.add(row("two"));
        let started = Instant::now();
        let error = two.commit().await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        assert!(error.to_string().contains("same task") || error.is_unavailable() || error.is_usage(), "{error}");
        one.commit().await.unwrap();
        two.add(row("two"));
        two.commit().await.unwrap();
        assert_eq!(one.count(Row::all()).await.unwrap(), 2);
    });
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_what_was_committed() {
    let File { db, folder: _folder } = file(|_| {}).await;
    db.create_tables().await.unwrap();
    let mut session = db.session();
    let _: Vec<i64> = session.fetch(sql!("pragma max_page_count = 60").rows()).await.unwrap();
    session.commit().await.unwrap();
    let mut kept = 0;
    let error = loop {
        let one = session.add(row(&"x".repeat(9_000)));
        match session.commit().await {
            Ok(()) => kept += 1,
            Err(error) => {
                assert!(session.try_get(one).is_none());
                break error;
            }
        }
        assert!(kept < 100, "the disk never fills");
    };
    assert!(error.is_disk_full() && error.status() == 503, "{error}");
    assert_eq!(session.count(Row::all()).await.unwrap(), kept);
    let _: Vec<i64> = session.fetch(sql!("pragma max_page_count = 6000").rows()).await.unwrap();
    session.add(row(&"x".repeat(9_000)));
    session.commit().await.unwrap();
    assert_eq!(db.read().count(Row::all()).await.unwrap(), kept + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_read_only_or_gone() {
    let File { db, folder } = file(|_| {}).await;
    db.create_tables().await.unwrap();
    let mut session = db.session();
    session.add(row("kept"));
    session.commit().await.unwrap();
    drop(session);
    db.close().await;
    let path = folder.path().join("f.db");
    let read: Database =
        Database::open(format!("sqlite://{}?mode=ro", path.display())).schema(schema![Row]).await.unwrap();
    let mut session = read.session();
    assert_eq!(session.count(Row::all()).await.unwrap(), 1);
    session.add(row("refused"));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_read_only(), "{error}");
    drop(session);
    read.close().await;

    let db: Database = Database::open(path.as_path()).schema(schema![Row]).await.unwrap();
    assert_eq!(db.read().count(Row::all()).await.unwrap(), 1);
    let aside = folder.path().join("aside.db");
    std::fs::rename(&path, &aside).unwrap();
    tokio::time::sleep(Duration::from_millis(80)).await;
    let mut session = db.session();
    let lost = session.add(row("lost"));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_vanished(), "{error}");
    assert!(session.try_get(lost).is_none());
    assert!(db.read().count(Row::all()).await.unwrap_err().is_vanished());
    std::fs::rename(&aside, &path).unwrap();
    session.add(row("back"));
    session.commit().await.unwrap();
    assert_eq!(session.fetch(Row::all().select(Row::TEXT)).await.unwrap(), ["kept", "back"]);
}
