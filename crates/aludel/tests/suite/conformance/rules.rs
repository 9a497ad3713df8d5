//! Defaults, what the database makes, and the rules it holds rows to.

use aludel::model::Meta;
use aludel::prelude::*;
use aludel::{Timestamp, schema, set, sql};

use super::keys::{City, Country};
use super::models::{Author, Comment, Post, PostTag, Tag, author};

pub(super) fn models() -> Vec<&'static Meta> {
    schema![Ledger, Range, Owner, Pet, Cage, Shelf, Folder, Paper, Line, Chicken, Egg]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Ledger {
    pub id: i64,
    pub name: String,
    #[column(default = 100)]
    pub amount: i32,
    #[column(default = "it's")]
    pub quoted: String,
    #[column(default = now)]
    pub at: Timestamp,
    #[column(default = expr("abs(-7)"))]
    pub computed: i64,
    #[column(generated = "amount * 2")]
    pub twice: i64,
    #[column(generated = "lower(name)", stored)]
    pub folded: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(unique(low, high), check("low <= high", name = "ck_upright"))]
pub struct Range {
    pub id: i64,
    pub low: i32,
    pub high: i32,
    #[column(name = "label_text")]
    pub label: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Owner {
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Pet {
    pub id: i64,
    #[column(on_delete = set_null)]
    pub owner_id: Option<Fk<Owner>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Cage {
    pub id: i64,
    #[column(on_delete = cascade)]
    pub pet_id: Fk<Pet>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Shelf {
    pub id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Folder {
    pub id: i64,
    #[column(cascade)]
    pub shelf_id: Fk<Shelf>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Paper {
    pub id: i64,
    #[column(cascade)]
    pub folder_id: Fk<Folder>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Line {
    pub id: i64,
    #[column(cascade)]
    pub paper_id: Fk<Paper>,
}

/// A circle that is broken through the key that may be NULL.
#[derive(Model, Clone, Debug, PartialEq)]
pub struct Chicken {
    pub id: i64,
    pub egg_id: Option<Fk<Egg>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Egg {
    pub id: i64,
    #[column(inverse = laid)]
    pub chicken_id: Fk<Chicken>,
}

pub(super) async fn defaults(db: Database) {
    let mut session = db.session();
    let one = session.add(new!(Ledger { name: "One" }));
    assert_eq!((session[one].amount, session[one].quoted.as_str()), (100, "it's"), "literals are known at once");
    let given = session.add(new!(Ledger { name: "Two", amount: 7, computed: 8, at: Timestamp(5) }));
    let third = session.add(new!(Ledger { name: "Three" }));
    session[third].computed = 9;
    session[third].amount = -1;
    session.commit().await.unwrap();
    let shown = |row: &Ledger| (row.amount, row.computed, row.twice, row.folded.clone());
    assert_eq!(shown(&session[one]), (100, 7, 200, "one".to_owned()));
    assert!(session[one].at.0 > 1_600_000_000_000_000);
    assert_eq!(shown(&session[given]), (7, 8, 14, "two".to_owned()));
    assert_eq!(session[given].at, Timestamp(5));
    assert_eq!(shown(&session[third]), (-1, 9, -2, "three".to_owned()));
    let many = session.add_all((0..50).map(|at| new!(Ledger { name: format!("N{at}"), amount: at })));
    session.commit().await.unwrap();
    for (at, row) in (0..50).zip(&many) {
        assert_eq!(shown(&session[*row]), (at, 7, i64::from(at) * 2, format!("n{at}")));
    }
    session[one].amount = 6;
    session[one].name = "ONE".into();
    session.flush().await.unwrap();
    assert_eq!(shown(&session[one]), (6, 7, 12, "one".to_owned()), "made again by an UPDATE");
    for handle in [one, given, third, many[49]] {
        let id = session.key(handle).unwrap();
        assert_eq!(session.fetch_one(Ledger::at(id)).await.unwrap(), session[handle]);
    }
    let raw: i64 = session.fetch_one(sql!("select count(*) from {Ledger} where amount = 100").rows()).await.unwrap();
    assert_eq!(raw, 0);
    session.execute(sql!("insert into {Ledger} (name) values ('raw')")).await.unwrap();
    let row = session.fetch_one(Ledger::filter(Ledger::NAME.eq("raw"))).await.unwrap();
    assert_eq!((row.amount, row.quoted.as_str()), (100, "it's"), "literals stand in the table too");
    let inserted = session.insert([new!(Ledger { name: "stmt" })]).returning((Ledger::AMOUNT, Ledger::TWICE)).await.unwrap();
    assert_eq!(inserted, [(100, 200)]);
}

/// What a violation says: status, code, constraint, fields.
fn told(error: &Error) -> (u16, &'static str, Option<String>, Vec<String>) {
    let fields = error.fields().iter().map(|field| field.field.to_string()).collect();
    (error.status(), error.code(), error.constraint().map(str::to_owned), fields)
}

fn names(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

pub(super) async fn violations(db: Database) {
    let mut db = db.session();
    db.add(author("a"));
    db.add(new!(Range { low: 1, high: 2, label: "x" }));
    db.commit().await.unwrap();

    db.add(author("a"));
    let error = db.commit().await.unwrap_err();
    assert!(error.is_unique_violation() && !error.to_string().contains("a@x.io"), "{error}");
    assert_eq!(told(&error), (409, "unique", Some("uq_authors_email".into()), names(&["email"])));

    db.add_all([author("b"), author("c"), author("a"), author("d")]);
    let error = db.commit().await.unwrap_err();
    assert_eq!(told(&error).3, names(&["email"]), "among many rows");

    db.add(new!(Range { low: 1, high: 2, label: "x" }));
    let error = db.commit().await.unwrap_err();
    assert_eq!((error.status(), told(&error).3), (409, names(&["low", "high"])));

    db.add(new!(Range { low: 3, high: 2, label: "x" }));
    let error = db.commit().await.unwrap_err();
    assert_eq!((told(&error).0, told(&error).1, told(&error).2), (422, "check", Some("ck_upright".into())));

    let one = db.get::<Author>(1).await.unwrap();
    db[one].points = -1;
    let error = db.commit().await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert_eq!(told(&error), (422, "check", Some("ck_authors_points".into()), names(&["points"])));
    assert_eq!(db[one].points, 100, "a failed commit puts memory back");

    let error = db.execute(sql!("insert into {Range} (low, high) values (5, 6)")).await.unwrap_err();
    assert!(error.is_not_null_violation(), "{error}");
    assert_eq!((error.status(), error.code(), told(&error).3), (422, "null", names(&["label"])));
    db.rollback().await.unwrap();

    db.add(new!(Post { author_id: 1, editor_id: 8, title: "x" }));
    db.add(new!(Post { author_id: 9, title: "x" }));
    let error = db.commit().await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!((error.status(), error.code()), (422, "missing"));
    let mut fields = told(&error).3;
    fields.sort();
    assert!(fields == names(&["author_id"]) || fields == names(&["editor_id"]) || fields.len() == 2, "{fields:?}");

    let post = db.add(new!(Post { author_id: 1, title: "x" }));
    db.commit().await.unwrap();
    db[post].author_id = Fk::from(77);
    let error = db.commit().await.unwrap_err();
    assert_eq!((error.status(), told(&error).3), (422, names(&["author_id"])), "by UPDATE: {error}");
    db.delete(one);
    let error = db.commit().await.unwrap_err();
    assert_eq!((error.status(), error.code()), (409, "referenced"), "{error}");
    assert!(error.fields()[0].message.contains("posts"), "{error:?}");
    let error = db.delete(Author::at(1)).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(error.status(), 409, "a statement that deletes a parent: {error}");
    db.rollback().await.unwrap();
    let error = db.update(Post::at(1), set(Post::AUTHOR_ID, Fk::from(99))).await.unwrap_err();
    assert_eq!(error.status(), 422, "a statement that names a missing parent: {error}");
    db.rollback().await.unwrap();
    let error = db.insert([new!(Post { author_id: 99, title: "x" })]).await.unwrap_err();
    assert_eq!(error.status(), 422, "{error}");
    db.rollback().await.unwrap();
    assert_eq!(db.count(Author::all()).await.unwrap(), 1);
}

pub(super) async fn the_database_follows_foreign_keys(db: Database) {
    let mut db = db.session();
    let writer = db.add(author("a"));
    let post = db.add(new!(Post { author_id: writer, title: "x" }));
    let comment = db.add(new!(Comment { post_id: post, body: "x" }));
    let owner = db.add(new!(Owner { name: "x" }));
    let pet = db.add(new!(Pet { owner_id: owner }));
    let cage = db.add(new!(Cage { pet_id: pet }));
    db.add(new!(Country { code: "DE", name: "x" }));
    let city = db.add(new!(City { country_id: "DE", name: "Bonn" }));
    db.commit().await.unwrap();
    let (comment_id, pet_id, city_id) = (db.key(comment).unwrap(), db.key(pet).unwrap(), db.key(city).unwrap());
    db.get::<Comment>(comment_id).await.unwrap();
    db.get::<Pet>(pet_id).await.unwrap();
    db.delete(post);
    db.delete(owner);
    db.flush().await.unwrap();
    assert!(db.get::<Comment>(comment_id).await.unwrap_err().is_not_found(), "gone with its post");
    let same = db.get::<Pet>(pet_id).await.unwrap();
    assert_eq!((same, &db[pet].owner_id), (pet, &None), "set to NULL");
    db.delete(pet);
    db.flush().await.unwrap();
    assert_eq!(db.count(Cage::all()).await.unwrap(), 0);
    assert!(db.find::<Cage>(db[cage].id).await.unwrap().is_none());
    db.execute(sql!("update {Country} set code = 'DX' where code = 'DE'")).await.unwrap();
    let read = db.get::<City>(city_id).await.unwrap();
    assert_eq!(db[read].country_id.key().map(String::as_str), Some("DX"));
    db.commit().await.unwrap();
}

pub(super) async fn cascades_of_the_session(db: Database) {
    let mut db = db.session();
    let shelves: Vec<_> = (0..3).map(|_| db.add(new!(Shelf {}))).collect();
    let mut lines = Vec::new();
    for shelf in &shelves {
        for _ in 0..2 {
            let folder = db.add(new!(Folder { shelf_id: *shelf }));
            for _ in 0..2 {
                let paper = db.add(new!(Paper { folder_id: folder }));
                lines.push(db.add(new!(Line { paper_id: paper })));
                db.add(new!(Line { paper_id: paper }));
            }
        }
    }
    db.commit().await.unwrap();
    assert_eq!(db.count(Line::all()).await.unwrap(), 24);
    let sent = db.statements();
    db.delete(shelves[0]);
    db.delete(shelves[1]);
    db.flush().await.unwrap();
    assert_eq!(db.statements() - sent, 4, "one DELETE per relation, whatever the number of rows");
    assert!(lines[..8].iter().all(|line| db.try_get(*line).is_none()), "tracked children go too");
    assert!(lines[8..].iter().all(|line| db.try_get(*line).is_some()));
    assert_eq!((db.count(Line::all()).await.unwrap(), db.count(Shelf::all()).await.unwrap()), (8, 1));
    db.rollback().await.unwrap();
    assert!(lines.iter().all(|line| db.try_get(*line).is_some()), "and come back");
    assert_eq!(db.count(Line::all()).await.unwrap(), 24);
}

pub(super) async fn circles_and_chains(db: Database) {
    let mut db = db.session();
    let chicken = db.add(new!(Chicken {}));
    let egg = db.add(new!(Egg { chicken_id: chicken }));
    db[chicken].egg_id = Some(egg.into());
    db.commit().await.unwrap();
    assert_eq!(db[chicken].egg_id.as_ref().and_then(Fk::key), Some(&db[egg].id));
    let row = db.fetch_one(Chicken::all()).await.unwrap();
    assert_eq!(row, db[chicken]);
    db[chicken].egg_id = None;
    db.delete(egg);
    db.commit().await.unwrap();
    assert_eq!(db.count(Egg::all()).await.unwrap(), 0);
    use super::models::Node;
    let root = db.add(new!(Node { name: "root" }));
    let leaf = db.add(new!(Node { name: "leaf" }));
    let middle = db.add(new!(Node { name: "middle", parent_id: root }));
    db[leaf].parent_id = Some(middle.into());
    let alone = db.add(new!(Node { name: "self" }));
    db[alone].parent_id = Some(alone.into());
    db.commit().await.unwrap();
    let parent = db.fetch_one(Node::filter(Node::NAME.eq("leaf")).select(Node::PARENT.then(Node::NAME))).await.unwrap();
    assert_eq!(parent.as_deref(), Some("middle"));
    assert_eq!(db[alone].parent_id.as_ref().and_then(Fk::key), Some(&db[alone].id), "a row may point at itself");
    let (one, two) = (db.add(new!(Node { name: "1" })), db.add(new!(Node { name: "2", parent_id: None::<Handle<Node>> })));
    db[one].parent_id = Some(two.into());
    db[two].parent_id = Some(one.into());
    db.commit().await.unwrap();
    let grand = Node::PARENT.and_then(Node::PARENT.then(Node::NAME));
    assert_eq!(db.fetch_one(Node::filter(Node::NAME.eq("1")).select(grand)).await.unwrap().as_deref(), Some("1"));
    for handle in [leaf, middle, root] {
        db.delete(handle);
    }
    db.commit().await.unwrap();
    let children = db.fetch(Node::filter(Node::NODES.exists()).select(Node::NAME)).await.unwrap();
    assert_eq!(children.len(), 3, "{children:?}");
    db.delete(alone);
    db[one].parent_id = None;
    db.flush().await.unwrap();
    db.delete(two);
    db.delete(one);
    db.commit().await.unwrap();
    assert_eq!(db.count(Node::all()).await.unwrap(), 0);
}

pub(super) async fn links(db: Database) {
    let mut db = db.session();
    let writer = db.add(author("a"));
    let post = db.add(new!(Post { author_id: writer, title: "x" }));
    let tags = db.add_all(["a", "b", "c", "d"].map(|name| new!(Tag { name })));
    db.relink(post, Post::TAGS, [tags[0], tags[1], tags[0]]).await.unwrap();
    db.commit().await.unwrap();
    let linked = async |db: &mut Session| {
        let query = Post::all().join(Post::TAGS).select(Post::TAGS.then(Tag::NAME)).order_by(Post::TAGS.then(Tag::NAME).asc());
        db.fetch(query).await.unwrap().concat()
    };
    assert_eq!(linked(&mut db).await, "ab");
    db.relink(post, Post::TAGS, [tags[1], tags[2], tags[3]]).await.unwrap();
    db.relink(post, Post::TAGS, [tags[0], tags[2]]).await.unwrap();
    assert_eq!(linked(&mut db).await, "ac", "again in one transaction");
    db.rollback().await.unwrap();
    assert_eq!(linked(&mut db).await, "ab");
    db.relink(post, Post::TAGS, []).await.unwrap();
    db.relink(post, Post::TAGS, [tags[0]]).await.unwrap();
    db.commit().await.unwrap();
    assert_eq!(linked(&mut db).await, "a");
    let sent = db.statements();
    db.relink(post, Post::TAGS, [tags[0]]).await.unwrap();
    db.commit().await.unwrap();
    assert_eq!(db.statements() - sent, 1, "what is linked already is only looked at");
    db.delete(tags[3]);
    assert!(db.relink(post, Post::TAGS, [tags[3]]).await.is_err(), "a deleted one");
    db.rollback().await.unwrap();
    let link = db.fetch_one(PostTag::all()).await.unwrap();
    let link = db.get::<PostTag>((*link.post_id.key().unwrap(), *link.tag_id.key().unwrap())).await.unwrap();
    db.delete(link);
    db.add(new!(PostTag { post_id: post, tag_id: tags[0] }));
    db.commit().await.unwrap();
    assert_eq!(linked(&mut db).await, "a", "removed and made again in one flush");
}
