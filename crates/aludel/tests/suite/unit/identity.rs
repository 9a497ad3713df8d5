//! One row is one entity, whatever happened to its key before.

use aludel::prelude::*;

use super::{Place, Shelf, Tag, fresh};

#[tokio::test]
async fn a_key_used_again_is_a_new_entity() {
    for flush_between in [false, true] {
        let db = fresh().await;
        let mut db = db.session();
        let old = db.add(new!(Tag { name: "rust", note: "old" }));
        db.commit().await.unwrap();
        db.delete(old);
        if flush_between {
            db.flush().await.unwrap();
        }
        let new = db.add(new!(Tag { name: "rust", note: "new" }));
        db.flush().await.unwrap();
        assert!(db.try_get(old).is_none());
        assert_eq!(db.key(new).as_deref(), Some("rust"));
        assert_eq!(db.get::<Tag>("rust".to_owned()).await.unwrap(), new);
        assert_eq!(db.track(Tag::all()).await.unwrap(), [new]);
        db.rollback().await.unwrap();
        assert_eq!(db.get::<Tag>("rust".to_owned()).await.unwrap(), old, "the rollback brings the first one back");
        assert_eq!(db[old].note.as_deref(), Some("old"));
    }
}

#[tokio::test]
async fn a_row_that_others_insert_after_its_deletion_is_a_new_entity() {
    let db = fresh().await;
    let mut db = db.session();
    let old = db.add(new!(Tag { name: "rust" }));
    db.commit().await.unwrap();
    db.delete(old);
    db.flush().await.unwrap();
    db.insert([new!(Tag { name: "rust", note: "again" })]).await.unwrap();
    let found = db.get::<Tag>("rust".to_owned()).await.unwrap();
    assert_eq!(db[found].note.as_deref(), Some("again"));
    assert_eq!(db.track(Tag::all()).await.unwrap(), [found]);
}

#[tokio::test]
async fn links_come_and_go_and_come_again() {
    let db = fresh().await;
    let mut db = db.session();
    let shelf = db.add(new!(Shelf {}));
    let tag = db.add(new!(Tag { name: "rust" }));
    db.commit().await.unwrap();
    for tags in [vec![tag], vec![], vec![tag], vec![tag], vec![]] {
        let expected = i64::try_from(tags.len()).unwrap();
        db.relink(shelf, Shelf::TAGS, tags).await.unwrap();
        db.flush().await.unwrap();
        assert_eq!(db.count(Place::all()).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_key_changed_before_its_insert_is_the_key() {
    let db = fresh().await;
    let mut db = db.session();
    let tag = db.add(new!(Tag { name: "rsut" }));
    db[tag].name = "rust".to_owned();
    assert!(db.find::<Tag>("rsut".to_owned()).await.unwrap().is_none());
    db.flush().await.unwrap();
    assert_eq!(db.get::<Tag>("rust".to_owned()).await.unwrap(), tag);
    assert!(db.find::<Tag>("rsut".to_owned()).await.unwrap().is_none());
    assert_eq!(db.track(Tag::all()).await.unwrap(), [tag]);
    db.commit().await.unwrap();

    let other = db.add(new!(Tag { name: "sqll" }));
    db[other].name = "sql".to_owned();
    db.rollback().await.unwrap();
    db.insert([new!(Tag { name: "sqll" })]).await.unwrap();
    let found = db.get::<Tag>("sqll".to_owned()).await.unwrap();
    assert_eq!(db[found].name, "sqll");
}

#[tokio::test]
async fn a_row_is_locked_by_whatever_names_it() {
    let db = fresh().await;
    let mut db = db.session();
    let tag = db.add(new!(Tag { name: "rust" }));
    let shelf = db.add(new!(Shelf {}));
    assert_eq!(db.get(shelf).await.unwrap(), shelf);
    assert!(db.get(shelf).lock().await.unwrap_err().is_usage());
    db.commit().await.unwrap();
    let before = db.statements();
    assert_eq!(db.get(tag).lock().await.unwrap(), tag);
    assert_eq!(db.statements() - before, 1);
    assert_eq!(db.get(tag).await.unwrap(), tag);
    assert_eq!(db.statements() - before, 1, "it was read in this transaction");
    db.delete(tag);
    assert!(db.get(tag).await.unwrap_err().is_not_found());
}
