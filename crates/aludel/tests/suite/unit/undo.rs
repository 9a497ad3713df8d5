//! Memory goes back as the rows do.

use aludel::prelude::*;
use aludel::set;

use super::{Tag, fresh};

#[tokio::test]
async fn what_was_read_in_an_undone_savepoint_is_read_again() {
    let db = fresh().await;
    let mut db = db.session();
    db.insert([new!(Tag { name: "rust", note: "before" })]).await.unwrap();
    db.commit().await.unwrap();
    let mut part = db.begin_savepoint();
    part.update(Tag::all(), set(Tag::NOTE, "inside")).await.unwrap();
    let seen = part.get::<Tag>("rust".to_owned()).await.unwrap();
    assert_eq!(part[seen].note.as_deref(), Some("inside"));
    part.rollback();
    let tag = db.get::<Tag>("rust".to_owned()).await.unwrap();
    assert_eq!(db[tag].note.as_deref(), Some("before"));
}

#[tokio::test]
async fn a_rollback_inside_a_savepoint_leaves_it_open() {
    let db = fresh().await;
    let mut db = db.session();
    let done: Result<()> = db
        .savepoint(async |db| {
            db.add(new!(Tag { name: "before" }));
            db.rollback().await?;
            db.add(new!(Tag { name: "after" }));
            db.flush().await?;
            Err(Error::msg("given up"))
        })
        .await;
    assert!(done.is_err());
    db.commit().await.unwrap();
    assert_eq!(db.count(Tag::all()).await.unwrap(), 0, "the work of a failed savepoint is undone");
}

#[tokio::test]
async fn a_refresh_that_finds_nothing_gives_up_nothing() {
    let db = fresh().await;
    let mut db = db.session();
    let tag = db.add(new!(Tag { name: "rust" }));
    assert!(db.refresh(tag).await.unwrap_err().is_usage(), "it is not inserted yet");
    db.commit().await.unwrap();
    db[tag].note = Some("mine".to_owned());
    db.refresh(tag).await.unwrap();
    assert_eq!(db[tag].note, None);
    assert_eq!(db.unwritten().unwrap(), 0);
    db.delete(Tag::all()).await.unwrap();
    db[tag].note = Some("mine".to_owned());
    assert!(db.refresh(tag).await.unwrap_err().is_not_found());
    assert_eq!(db.unwritten().unwrap(), 1, "the change is still there to be refused");
    assert!(db.commit().await.unwrap_err().is_stale());
}

#[test]
fn what_is_opened_is_shown_without_its_password() {
    let opening: aludel::Opening = Database::open("postgres://ann:secret@db.local/blog");
    let shown = format!("{opening:?}");
    assert!(shown.contains("ann:***@db.local") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_statement_that_ends_the_transaction_is_refused() {
    let db = fresh().await;
    let mut session = db.session();
    session.add(new!(Tag { name: "rust" }));
    let error = session.execute(aludel::sql!("ROLLBACK")).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    assert!(session.commit().await.unwrap_err().is_transaction_failed());
    session.rollback().await.unwrap();
    assert_eq!(session.count(Tag::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn tables_are_made_once_by_many() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.db");
    let mut made = Vec::new();
    for _ in 0..4 {
        let path = path.clone();
        made.push(tokio::spawn(async move {
            let db: Database = Database::open(path).schema(aludel::schema![Tag]).await?;
            db.ensure_tables().await
        }));
    }
    let mut times = 0;
    for one in made {
        times += usize::from(one.await.unwrap().unwrap());
    }
    assert_eq!(times, 1);
}
