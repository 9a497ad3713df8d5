//! What a session promises of memory and rows: stale rows, savepoints, failures, rollback, identity, flushing.

use aludel::prelude::*;
use aludel::{set, sql};

use super::models::{Author, Doc, Node, Post, author};

/// An author that is stored, with nothing open.
async fn stored(db: &Database, name: &str) -> i64 {
    let mut session = db.session();
    let one = session.add(author(name));
    session.commit().await.unwrap();
    session.key(one).unwrap()
}

pub(super) async fn versions_and_times_of_change(db: Database) {
    let mut session = db.session();
    let doc = session.add(new!(Doc { title: "x" }));
    session.commit().await.unwrap();
    let first = session[doc].clone();
    assert_eq!(first.version, 1);
    assert!(first.updated_at.0 > 1_600_000_000_000_000);
    session[doc].title = "y".into();
    session.commit().await.unwrap();
    assert_eq!(session[doc].version, 2);
    assert!(session[doc].updated_at >= first.updated_at);
    assert_eq!(session.fetch_one(Doc::at(1)).await.unwrap(), session[doc]);
    let (version, title) =
        session.update(Doc::all(), set(Doc::TITLE, "z")).returning((Doc::VERSION, Doc::TITLE)).await.unwrap().remove(0);
    assert_eq!((version, title.as_str()), (3, "z"), "statements count versions too");
    let row = session.fetch_one(Doc::at(1)).await.unwrap();
    assert!(row.updated_at.0 > 1_600_000_000_000_000);
    session[doc].title = "late".into();
    assert!(session.commit().await.unwrap_err().is_stale(), "memory had not seen the statement's change");
    session.refresh(doc).await.unwrap();
    session.delete(doc);
    session.commit().await.unwrap();
    assert_eq!(session.count(Doc::all()).await.unwrap(), 0);
}

pub(super) async fn stale_rows(db: Database) {
    let id = stored(&db, "a").await;
    let mut mine = db.session();
    let held = mine.get::<Author>(id).await.unwrap();
    mine.commit().await.unwrap();
    let behind = async |sql: aludel::Sql| {
        let mut other = db.session();
        other.execute(sql).await.unwrap();
        other.commit().await.unwrap();
    };

    behind(sql!("update {Author} set points = 90")).await;
    mine[held].points -= 10;
    mine[held].points += 5;
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale() && error.status() == 409, "{error}");
    let text = error.to_string();
    assert!(text.contains("points") && text.contains("100") && text.contains("90"), "{text}");
    assert_eq!(mine[held].points, 100);

    mine.refresh(held).await.unwrap();
    mine.commit().await.unwrap();
    behind(sql!("update {Author} set points = 80, bio = 'theirs'")).await;
    mine[held].name = "mine".into();
    mine.commit().await.unwrap();
    let row = db.read().fetch_one(Author::at(id)).await.unwrap();
    assert_eq!((row.points, row.bio.as_deref(), row.name.as_str()), (80, Some("theirs"), "mine"), "only what differs");

    mine[held].bio = Some("ours".into());
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale(), "NULL is an old value too: {error}");
    mine.refresh(held).await.unwrap();
    mine.commit().await.unwrap();
    behind(sql!("update {Author} set bio = null")).await;
    mine[held].bio = None;
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale(), "the same change, of a row that changed: {error}");

    mine.refresh(held).await.unwrap();
    mine.commit().await.unwrap();
    behind(sql!("delete from {Author}")).await;
    mine[held].points = 1;
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    mine.delete(held);
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale(), "deleting what is gone: {error}");
    assert!(mine.refresh(held).await.unwrap_err().is_not_found());
    mine.rollback().await.unwrap();

    let ids = [stored(&db, "x").await, stored(&db, "y").await, stored(&db, "z").await];
    let rows = mine.track(Author::all()).await.unwrap();
    mine.commit().await.unwrap();
    let second = ids[1];
    behind(sql!("delete from {Author} where id = {second}")).await;
    rows.iter().for_each(|row| mine.delete(*row));
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale() && error.to_string().contains(&second.to_string()), "one of many: {error}");
    assert_eq!(mine.count(Author::all()).await.unwrap(), 2, "and nothing is deleted");
}

pub(super) async fn stale_versions(db: Database) {
    let mut mine = db.session();
    let doc = mine.add(new!(Doc { title: "x" }));
    mine.commit().await.unwrap();
    let mut other = db.session();
    let same = other.get::<Doc>(1).await.unwrap();
    other[same].note = Some("theirs".into());
    other.commit().await.unwrap();
    mine[doc].title = "mine".into();
    let error = mine.commit().await.unwrap_err();
    assert!(error.is_stale() && error.to_string().contains("version"), "{error}");
    mine.delete(doc);
    assert!(mine.commit().await.unwrap_err().is_stale(), "a changed row is not deleted");
    mine.refresh(doc).await.unwrap();
    mine.delete(doc);
    mine.commit().await.unwrap();
}

pub(super) async fn savepoints(db: Database) {
    let mut db = db.session();
    let one = db.add(author("one"));
    let kept: Result<Handle<Author>> = db
        .savepoint(async |db| {
            db[one].points = 1;
            let two = db.add(author("two"));
            db.flush().await?;
            let gone: Result<()> = db
                .savepoint(async |db| {
                    db[one].points = 2;
                    db[two].points = 2;
                    db.add(author("three"));
                    db.flush().await?;
                    db.delete(two);
                    db.flush().await?;
                    let deep: Result<()> = db
                        .savepoint(async |db| {
                            db[one].points = 3;
                            db.add(author("four"));
                            Ok(())
                        })
                        .await;
                    deep?;
                    assert_eq!(db.count(Author::all()).await?, 3);
                    Err(Error::msg("undo"))
                })
                .await;
            assert_eq!(gone.unwrap_err().to_string(), "undo");
            assert_eq!((db[one].points, db[two].points), (1, 100));
            Ok(two)
        })
        .await;
    let two = kept.unwrap();
    db.commit().await.unwrap();
    let rows = db.fetch(Author::all().order_by(Author::ID.asc()).select((Author::NAME, Author::POINTS))).await.unwrap();
    assert_eq!(rows, [("one".to_owned(), 1), ("two".to_owned(), 100)]);
    assert_eq!((db[one].points, db[two].points), (1, 100));
    db.rollback().await.unwrap();
    {
        let mut part = db.begin_savepoint();
        part[two].points = 7;
        let mut inner = part.begin_savepoint();
        inner[two].points = 8;
        inner.release().await.unwrap();
        part.rollback();
    }
    db.commit().await.unwrap();
    assert_eq!((db[two].points, db.fetch_one(Author::at(2)).await.unwrap().points), (100, 100));
}

pub(super) async fn what_a_savepoint_read_is_undone_with_it(db: Database) {
    let id = stored(&db, "a").await;
    let mut db = db.session();
    assert_eq!(db.count(Author::all()).await.unwrap(), 1);
    let undone: Result<()> = db
        .savepoint(async |db| {
            db.update(Author::at(id), set(Author::POINTS, 5)).await?;
            db.execute(sql!("insert into {Author} (email, name) values ('raw', 'raw')")).await?;
            let seen = db.track(Author::all()).await?;
            assert_eq!((seen.len(), db[seen[0]].points), (2, 5));
            Err(Error::msg("undo"))
        })
        .await;
    assert!(undone.is_err());
    let row = db.get::<Author>(id).await.unwrap();
    assert_eq!(db[row].points, 100, "get answers with what the row is after the savepoint was undone");
    assert!(db.find::<Author>(id + 1).await.unwrap().is_none(), "and not with rows that were never kept");
    db[row].points += 1;
    db.commit().await.unwrap();
    assert_eq!(db.fetch_one(Author::at(id)).await.unwrap().points, 101);
}

pub(super) async fn a_failed_statement_ends_the_transaction(db: Database) {
    stored(&db, "a").await;
    let mut db = db.session();
    let kept = db.add(author("kept"));
    db.flush().await.unwrap();
    let clash = db.add(author("a"));
    let error = db.flush().await.unwrap_err();
    assert!(error.is_unique_violation());
    assert!(db.try_get(clash).is_some() && db.key(clash).is_none(), "memory is what it was before the flush");
    for error in [
        db.fetch(Author::all()).await.map(drop).unwrap_err(),
        db.count(Author::all()).await.map(drop).unwrap_err(),
        db.get::<Author>(1).await.map(drop).unwrap_err(),
        db.find::<Author>(99).await.map(drop).unwrap_err(),
        db.execute(sql!("delete from {Author}")).await.map(drop).unwrap_err(),
        db.update(Author::all(), set(Author::POINTS, 1)).await.map(drop).unwrap_err(),
        db.flush().await.unwrap_err(),
    ] {
        assert!(error.is_transaction_failed(), "{error}");
        assert!(error.to_string().contains("email") || error.to_string().contains("taken"), "names the first: {error}");
    }
    let error = db.commit().await.unwrap_err();
    assert!(error.is_transaction_failed(), "{error}");
    assert!(db.try_get(kept).is_none(), "a failed commit rolls back");
    assert_eq!(db.count(Author::all()).await.unwrap(), 1, "and the session lives on");

    let error = db.fetch(sql!("select nothing from nowhere").rows::<i64>()).await.unwrap_err();
    assert!(!error.is_usage(), "{error}");
    assert!(db.count(Author::all()).await.unwrap_err().is_transaction_failed());
    db.rollback().await.unwrap();

    db.add(new!(Author { email: "x".repeat(300), name: "x" }));
    assert!(db.flush().await.unwrap_err().is_invalid());
    let error = db.fetch(Author::all().page(0, 10)).await.unwrap_err();
    assert!(error.is_invalid() || error.is_usage(), "{error}");
    db.rollback().await.unwrap();
    let other = db.add(author("other"));
    assert!(db.fetch_one(Author::at(4711)).await.unwrap_err().is_not_found());
    assert_eq!(db.fetch_one(Author::all()).await.unwrap_err().code(), "too_many");
    let error = db.fetch(Author::filter(Author::ID.gt(0)).page(0, 10)).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    db.commit().await.unwrap();
    assert!(db.key(other).is_some(), "what is found before sending ends nothing");
}

pub(super) async fn a_savepoint_takes_a_failure(db: Database) {
    stored(&db, "a").await;
    let mut db = db.session();
    let before = db.add(author("before"));
    db.flush().await.unwrap();
    for _ in 0..2 {
        let failed: Result<()> = db
            .savepoint(async |db| {
                db[before].points = 1;
                db.add(author("a"));
                let error = db.flush().await.unwrap_err();
                assert!(error.is_unique_violation());
                let after = db.count(Author::all()).await.unwrap_err();
                assert!(after.is_transaction_failed(), "{after}");
                Err(error)
            })
            .await;
        assert!(failed.unwrap_err().is_unique_violation());
        assert_eq!(db[before].points, 100);
        assert_eq!(db.count(Author::all()).await.unwrap(), 2, "the transaction goes on");
    }
    let swallowed: Result<()> = db
        .savepoint(async |db| {
            db.add(author("a"));
            let _ = db.flush().await;
            Ok(())
        })
        .await;
    assert!(swallowed.is_err(), "a savepoint that failed cannot be kept");
    let nested: Result<()> = db
        .savepoint(async |db| {
            db.add(author("outer"));
            let inner: Result<()> = db
                .savepoint(async |db| {
                    db.add(author("a"));
                    Ok(())
                })
                .await;
            assert!(inner.is_err(), "the flush at its end");
            db.add(author("also"));
            Ok(())
        })
        .await;
    nested.unwrap();
    db.commit().await.unwrap();
    let names = db.fetch(Author::all().order_by(Author::NAME.asc()).select(Author::NAME)).await.unwrap();
    assert_eq!(names, ["a", "also", "before", "outer"]);
}

pub(super) async fn rollback_undoes_memory(db: Database) {
    let id = stored(&db, "a").await;
    let mut db = db.session();
    let held = db.get::<Author>(id).await.unwrap();
    let doomed = db.add(author("doomed"));
    db.commit().await.unwrap();
    db[held].points = 1;
    db.delete(doomed);
    let new = db.add(author("new"));
    let post = db.add(new!(Post { author_id: new, title: "x" }));
    db.flush().await.unwrap();
    db[held].points = 2;
    db[held].bio = Some("x".into());
    let newer = db.add(author("newer"));
    assert!(db.try_get(doomed).is_none());
    db.rollback().await.unwrap();
    assert_eq!((db[held].points, db[held].bio.as_deref()), (100, None));
    assert_eq!(db[doomed].name, "doomed");
    assert!(db.try_get(new).is_none() && db.try_get(newer).is_none() && db.try_get(post).is_none());
    assert!(db.key(new).is_none());
    assert_eq!(db.unwritten().unwrap(), 0);
    let sent = db.statements();
    db.commit().await.unwrap();
    assert_eq!(db.statements(), sent);
    let again = db.add(author("new"));
    assert_ne!(again, new, "slots are never used again");
    db[doomed].points = 3;
    db.commit().await.unwrap();
    let rows = db.fetch(Author::all().order_by(Author::ID.asc()).select((Author::NAME, Author::POINTS))).await.unwrap();
    assert_eq!(rows, [("a".to_owned(), 100), ("doomed".to_owned(), 3), ("new".to_owned(), 100)]);
    let pending = db.add(author("pending"));
    db.delete(pending);
    assert!(db.try_get(pending).is_none());
    let sent = db.statements();
    db.commit().await.unwrap();
    assert_eq!(db.statements(), sent, "added and deleted is nothing");
}

pub(super) async fn a_failed_commit_puts_pending_keys_back(db: Database) {
    stored(&db, "a").await;
    let mut db = db.session();
    let parent = db.add(new!(Node { name: "parent" }));
    db.commit().await.unwrap();
    let child = db.add(new!(Node { name: "child" }));
    let clash = db.add(author("a"));
    db[child].parent_id = Some(parent.into());
    let error = db
        .savepoint(async |db| -> Result<()> {
            let inner = db.add(new!(Node { name: "inner" }));
            db[parent].parent_id = Some(inner.into());
            db.flush().await
        })
        .await
        .unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(db[parent].parent_id, None);
    db.delete(clash);
    db.commit().await.unwrap();
    let names = db.fetch(Node::filter(Node::PARENT_ID.is_not_null()).select(Node::NAME)).await.unwrap();
    assert_eq!(names, ["child"]);
}

pub(super) async fn identity(db: Database) {
    let id = stored(&db, "a").await;
    let mut mine = db.session();
    let sent = mine.statements();
    let one = mine.get::<Author>(id).await.unwrap();
    let two = mine.get::<Author>(id).await.unwrap();
    let three = mine.track_one(Author::filter(Author::NAME.eq("a"))).await.unwrap();
    assert_eq!((one, one, mine.statements() - sent), (two, three, 2));
    mine.commit().await.unwrap();
    let other = db.session().add(author("x"));
    assert!(mine.try_get(other).is_none(), "a handle of another session");
    let mut writer = db.session();
    writer.update(Author::at(id), set(Author::POINTS, 7)).await.unwrap();
    writer.commit().await.unwrap();
    assert_eq!(mine[one].points, 100, "entities do not expire on commit");
    mine.get::<Author>(id).await.unwrap();
    assert_eq!(mine[one].points, 7, "but get trusts only rows of this transaction");
    mine[one].points = 8;
    mine.get::<Author>(id).await.unwrap();
    assert_eq!(mine[one].points, 8, "what memory changed stays");
    mine.refresh(one).await.unwrap();
    assert_eq!(mine[one].points, 7, "unless it is given up");
    mine.delete(one);
    assert!(mine.get::<Author>(id).await.unwrap_err().is_not_found());
    assert!(mine.find::<Author>(id).await.unwrap().is_none());
    mine.commit().await.unwrap();
    assert!(mine.try_get(one).is_none() && mine.find::<Author>(id).await.unwrap().is_none());
}

pub(super) async fn a_key_that_comes_back_is_another_entity(db: Database) {
    let id = stored(&db, "a").await;
    let mut mine = db.session();
    let old = mine.get::<Author>(id).await.unwrap();
    mine.delete(old);
    mine.commit().await.unwrap();
    let mut other = db.session();
    other.add(new!(Author { id, email: "b", name: "b" }));
    other.commit().await.unwrap();
    drop(other);
    let new = mine.get::<Author>(id).await.unwrap();
    assert_eq!(mine[new].name, "b");
    assert!(mine.try_get(old).is_none());
    mine.delete(new);
    let again = mine.add(new!(Author { id, email: "c", name: "c" }));
    mine.commit().await.unwrap();
    assert_eq!((mine.key(again), mine[again].name.as_str()), (Some(id), "c"));
    assert_eq!(mine.get::<Author>(id).await.unwrap(), again);
    let read = mine.track_one(Author::at(id)).await.unwrap();
    assert_eq!(read, again);
}

pub(super) async fn flushing(db: Database) {
    let mut db = db.session();
    let one = db.add(author("a"));
    assert!(db.find::<Author>(1).await.unwrap().is_none(), "no flush before a read by key");
    assert!(db.key(one).is_none());
    assert_eq!(db.unwritten().unwrap(), 1);
    assert_eq!(db.fetch(Author::all()).await.unwrap().len(), 1);
    db[one].points = 1;
    assert_eq!(db.count(Author::filter(Author::POINTS.eq(1))).await.unwrap(), 1);
    db[one].points = 2;
    assert!(db.exists(Author::filter(Author::POINTS.eq(2))).await.unwrap());
    db[one].points = 3;
    assert_eq!(db.track(Author::filter(Author::POINTS.eq(3))).await.unwrap(), [one]);
    db[one].points = 4;
    assert_eq!(db.update(Author::filter(Author::POINTS.eq(4)), set(Author::POINTS, 5)).await.unwrap(), 1);
    db.get::<Author>(1).await.unwrap();
    db[one].points = 6;
    assert_eq!(db.execute(sql!("update {Author} set points = 7 where points = 6")).await.unwrap(), 1);
    db.get::<Author>(1).await.unwrap();
    assert_eq!(db[one].points, 7);
    db[one].points = 8;
    assert_eq!(db.fetch_one(sql!("select points from {Author}").rows::<i32>()).await.unwrap(), 8);
    db.delete(one);
    assert_eq!(db.delete(Author::all()).await.unwrap(), 0);
    assert_eq!(db.unwritten().unwrap(), 0);
    let handle = db.add(author("b"));
    let post = db.add(new!(Post { author_id: handle, title: "x" }));
    let titles = db.fetch(Post::filter(Post::AUTHOR_ID.eq(handle)).select(Post::TITLE)).await.unwrap();
    assert_eq!(titles, ["x"], "a handle in a query is its key after the flush");
    assert_eq!(db.fetch(Post::at(Fk::from(post))).await.unwrap().len(), 1);
    db.rollback().await.unwrap();
    let error = db.fetch(Post::at(Fk::from(post))).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
}

pub(super) async fn a_session_that_reads(db: Database) {
    let id = stored(&db, "a").await;
    let mut read = db.read();
    let one = read.get::<Author>(id).await.unwrap();
    read[one].points = 1;
    let error = read.flush().await.unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("session()"), "{error}");
    read.rollback().await.unwrap();
    assert_eq!(read[one].points, 100);
    for error in [
        read.execute(sql!("delete from {Author}")).await.map(drop).unwrap_err(),
        read.update(Author::all(), set(Author::POINTS, 1)).await.map(drop).unwrap_err(),
        read.delete(Author::all()).await.map(drop).unwrap_err(),
        read.insert([author("x")]).await.map(drop).unwrap_err(),
    ] {
        assert!(error.is_usage(), "{error}");
    }
    let raw = read.fetch(sql!("delete from {Author} returning id").rows::<i64>()).await;
    assert!(raw.is_err(), "not by raw SQL either");
    drop(read);
    assert_eq!(db.read().count(Author::all()).await.unwrap(), 1);
}

pub(super) async fn transactions_as_closures(db: Database) {
    let done: Result<i64> = db
        .transaction(async |db| {
            let one = db.add(author("a"));
            db.flush().await?;
            Ok(db[one].id)
        })
        .await;
    assert_eq!(done.unwrap(), 1);
    let refused: Result<()> = db
        .transaction(async |db| {
            db.add(author("b"));
            db.flush().await?;
            Err(Error::refuse(418, "no"))
        })
        .await;
    assert_eq!(refused.unwrap_err().status(), 418);
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            let _: Result<()> = db
                .transaction(async |db| {
                    db.add(author("c"));
                    db.flush().await?;
                    panic!("on purpose")
                })
                .await;
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    let name = String::from("a");
    let task = tokio::spawn({
        let db = db.clone();
        async move { db.retry(2, async move |db| db.count(Author::filter(Author::NAME.eq(&name))).await).await }
    });
    assert_eq!(task.await.unwrap().unwrap(), 1);
    assert_eq!(db.read().fetch(Author::all().select(Author::NAME)).await.unwrap(), ["a"]);
    assert_eq!(db.read().fetch_one(Author::at(1)).await.unwrap().points, 100);
}
