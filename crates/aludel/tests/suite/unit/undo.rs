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
