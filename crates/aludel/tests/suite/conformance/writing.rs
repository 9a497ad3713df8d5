//! Statements without entities: UPDATE, DELETE and INSERT by query.

use aludel::prelude::*;
use aludel::{Timestamp, set, sql};

use super::models::{Author, Doc, Post, PostTag, Tag, author};

/// What a statement gave back; `None` where the engine says that it gives nothing back.
fn given_back<T>(rows: Result<Vec<T>>) -> Option<Vec<T>> {
    match rows {
        Ok(rows) => Some(rows),
        Err(error) if error.is_usage() => None,
        Err(error) => panic!("{error}"),
    }
}

pub(super) async fn updates(db: Database) {
    let mut db = db.session();
    let authors = db.add_all(["a", "b", "c"].map(author));
    let post = db.add(new!(Post { author_id: authors[0], title: "x" }));
    db.commit().await.unwrap();
    let likes = db.update(Post::at(post), set(Post::LIKES, Post::LIKES + 1)).returning(Post::LIKES).await;
    if let Some(likes) = given_back(likes) {
        assert_eq!(likes, [1]);
        let changes = set(Post::LIKES, 9).set(Post::RATING, 4);
        let row = db.update(Post::at(post), changes).returning((Post::RATING, Post::ID)).await.unwrap();
        assert_eq!(row, [(Some(4), 1)]);
    }
    assert_eq!(db.update(Post::at(99), set(Post::LIKES, 1)).await.unwrap(), 0);
    let changes = (set(Post::RATING, None), set(Post::EDITOR_ID, authors[1]), set(Post::TITLE, Post::TITLE.concat("!")));
    assert_eq!(db.update(Post::filter(Post::AUTHOR.is(Author::NAME.eq("a"))), changes).await.unwrap(), 1);
    let row = db.fetch_one(Post::at(1)).await.unwrap();
    assert_eq!((row.rating, row.editor_id.as_ref().and_then(Fk::key), row.title.as_str()), (None, Some(&2), "x!"));
    let first_two = Author::all().order_by(Author::NAME.desc()).limit(2);
    assert_eq!(db.update(first_two, set(Author::POINTS, Author::POINTS - 50)).await.unwrap(), 2);
    let points = db.fetch(Author::all().order_by(Author::NAME.asc()).select(Author::POINTS)).await.unwrap();
    assert_eq!(points, [100, 50, 50]);
    let error = db.update(Post::all().distinct(), set(Post::LIKES, 1)).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    let error = db.update(Doc::all(), set(Doc::VERSION, 9)).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    let error = db.update(Author::at(1), set(Author::EMAIL, "x".repeat(41))).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (422, "invalid"), "lengths hold for statements too: {error}");
}

pub(super) async fn deletes(db: Database) {
    let mut db = db.session();
    let authors = db.add_all(["a", "b", "c", "d"].map(author));
    db.commit().await.unwrap();
    let gone = db.delete(Author::filter(Author::NAME.eq("a"))).returning((Author::ID, Author::NAME)).await;
    match given_back(gone) {
        Some(gone) => assert_eq!(gone, [(1, "a".to_owned())]),
        None => assert_eq!(db.delete(Author::filter(Author::NAME.eq("a"))).await.unwrap(), 1),
    }
    assert!(db.find::<Author>(1).await.unwrap().is_none(), "get reads again what a statement may have deleted");
    assert_eq!(db.delete(Author::all().order_by(Author::ID.desc()).limit(1)).await.unwrap(), 1);
    assert_eq!(db.delete(Author::at(authors[1])).await.unwrap(), 1, "by handle in a query");
    db.rollback().await.unwrap();
    assert_eq!(db.count(Author::all()).await.unwrap(), 4);
    assert_eq!(db.delete(Author::all()).await.unwrap(), 4);
    db.commit().await.unwrap();
}

pub(super) async fn upserts(db: Database) {
    let mut db = db.session();
    let tags = |names: &[&str]| names.iter().map(|name| new!(Tag { name: *name })).collect::<Vec<_>>();
    assert_eq!(db.insert(tags(&["a", "b"])).await.unwrap(), 2);
    let made = db.insert(tags(&["b", "c", "d"])).on_conflict(Tag::NAME).do_nothing().await.unwrap();
    assert_eq!(made, 2);
    let error = db.savepoint(async |db| db.insert(tags(&["a"])).await).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    let rows = [new!(Author { email: "a", name: "old", points: 1 }), new!(Author { email: "b", name: "old", points: 1 })];
    db.insert(rows).await.unwrap();
    let rows = [new!(Author { email: "b", name: "new", points: 5 }), new!(Author { email: "c", name: "new", points: 5 })];
    let changes = set(Author::POINTS, Author::POINTS + Author::POINTS.excluded()).set(Author::NAME, Author::NAME.excluded());
    db.insert(rows).on_conflict(Author::EMAIL).do_update(changes).await.unwrap();
    let all = db.fetch(Author::all().order_by(Author::EMAIL.asc()).select((Author::NAME, Author::POINTS))).await.unwrap();
    assert_eq!(all, [("old".to_owned(), 1), ("new".to_owned(), 6), ("new".to_owned(), 5)]);
    db.insert([new!(Post { author_id: 1, title: "x" })]).await.unwrap();
    let links = || [1, 2, 1].map(|tag_id| new!(PostTag { post_id: 1, tag_id }));
    assert_eq!(db.insert(links()).on_conflict((PostTag::POST_ID, PostTag::TAG_ID)).do_nothing().await.unwrap(), 2);
    assert_eq!(db.insert((0..1_200).map(|at| new!(Tag { name: format!("t{at}") }))).await.unwrap(), 1_200);
    let docs = db.insert([new!(Doc { title: "x" })]).returning((Doc::VERSION, Doc::UPDATED_AT)).await.unwrap();
    assert!(docs[0].0 == 1 && docs[0].1 > Timestamp(1_600_000_000_000_000));
    let same = new!(Doc { id: 1, title: "y" });
    db.insert([same]).on_conflict(Doc::ID).do_update(set(Doc::TITLE, Doc::TITLE.excluded())).await.unwrap();
    assert_eq!(db.fetch_one(Doc::at(1)).await.unwrap().version, 2);
    assert_eq!(db.insert(Vec::<aludel::Draft<Tag>>::new()).await.unwrap(), 0);
    db.commit().await.unwrap();
}

pub(super) async fn entities_and_statements_agree(db: Database) {
    let mut db = db.session();
    let one = db.add(author("a"));
    let two = db.add(author("b"));
    db.commit().await.unwrap();
    db[one].points = 1;
    assert_eq!(db.update(Author::all(), set(Author::POINTS, Author::POINTS + 1)).await.unwrap(), 2);
    assert_eq!(db[one].points, 1, "a handle keeps what it has");
    db.get::<Author>(1).await.unwrap();
    assert_eq!(db[one].points, 2);
    db[two].points = 50;
    assert!(db.flush().await.unwrap_err().is_stale(), "what memory had not seen is not overwritten");
    db.rollback().await.unwrap();
    assert_eq!((db[one].points, db[two].points), (100, 100));
    db.execute(sql!("update {Author} set points = 5")).await.unwrap();
    let rows = db.track(Author::all().order_by(Author::ID.asc())).await.unwrap();
    assert_eq!((rows.as_slice(), db[one].points), ([one, two].as_slice(), 5));
    db[one].points += 1;
    db.commit().await.unwrap();
    assert_eq!(db.fetch_one(Author::at(1)).await.unwrap().points, 6);
    db.get(db.key(one).unwrap()).lock().await.map(|same: Handle<Author>| assert_eq!(same, one)).unwrap();
    db.commit().await.unwrap();
}
