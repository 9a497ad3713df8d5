//! Queries and views: what they answer, and how many statements they cost.

use aludel::prelude::*;
use aludel::{count, sql};

use super::models::{Author, Comment, Node, Post, PostTag, Tag, author};

/// Three authors: `ann` with posts 1, 2, 3, `bob` with post 4, `cyd` with none; tags and comments on some.
async fn blog(db: &Database) {
    let mut db = db.session();
    let [ann, bob, cyd] = ["ann", "bob", "cyd"].map(|name| db.add(author(name)));
    db.flush().await.unwrap();
    db[bob].bio = Some("likes 100%_\\ *?[".into());
    let one = db.add(new!(Post { author_id: ann, title: "One", likes: 5, rating: 2 }));
    db.flush().await.unwrap();
    let two = db.add(new!(Post { author_id: ann, title: "Two", likes: 7, editor_id: bob }));
    db.flush().await.unwrap();
    let three = db.add(new!(Post { author_id: ann, title: "Three", likes: 0, rating: 1, editor_id: cyd }));
    db.flush().await.unwrap();
    let four = db.add(new!(Post { author_id: bob, title: "Four", likes: 20, editor_id: bob }));
    let [rust, sql, web] = ["rust", "sql", "web"].map(|name| db.add(new!(Tag { name })));
    db.flush().await.unwrap();
    for (post, tag) in [(one, rust), (one, sql), (two, rust), (three, web), (four, sql)] {
        db.add(new!(PostTag { post_id: post, tag_id: tag }));
    }
    for (post, who, body) in
        [(one, Some(bob), "first"), (one, None, "second"), (one, Some(ann), "third"), (four, Some(cyd), "fourth")]
    {
        db.add(new!(Comment { post_id: post, author_id: who, body }));
    }
    db.commit().await.unwrap();
}

#[derive(View, Debug, PartialEq, Clone)]
#[view(Author)]
pub struct Name {
    pub name: String,
}

#[derive(View, Debug, PartialEq, Clone)]
#[view(Comment)]
pub struct Remark {
    pub body: String,
    pub author: Option<Name>,
}

#[derive(View, Debug, PartialEq, Clone)]
#[view(Tag)]
pub struct Label {
    pub name: String,
}

#[derive(View, Debug, PartialEq, Clone)]
#[view(Post)]
pub struct Page {
    pub id: i64,
    pub title: String,
    pub author: Name,
    pub editor: Option<Name>,
    #[view(Post::TAGS.order_by(Tag::NAME.desc()))]
    pub tags: Vec<Label>,
    pub comments: Vec<Remark>,
    #[view(Post::COMMENTS.count())]
    pub comment_count: i64,
    #[view(Post::COMMENTS.order_by(Comment::ID.desc()).limit(2))]
    pub last: Vec<Remark>,
}

#[derive(View, Debug, PartialEq)]
#[view(Author)]
pub struct Profile {
    pub name: String,
    pub posts: Vec<Page>,
    #[view(Author::EDITED)]
    pub edited: Vec<Title>,
    #[view(Author::POSTS.filter(Post::LIKES.gt(4)).order_by(Post::LIKES.desc()).limit(1))]
    pub best: Vec<Title>,
    #[view(Author::POSTS.aggregate(Post::LIKES.sum()))]
    pub likes: Option<i64>,
}

#[derive(View, Debug, PartialEq)]
#[view(Post)]
pub struct Title {
    pub title: String,
}

#[derive(Record, Debug)]
pub struct Credited {
    pub post: Post,
    pub name: String,
}

pub(super) async fn views(db: Database) {
    blog(&db).await;
    let mut db = db.read();
    let sent = db.statements();
    let pages: Vec<Page> = db.fetch(Page::all().order_by(Post::ID.asc())).await.unwrap();
    assert_eq!(db.statements() - sent, 4, "one, and one for each to-many relation");
    let first = &pages[0];
    assert_eq!((first.title.as_str(), first.author.name.as_str(), &first.editor), ("One", "ann", &None));
    assert_eq!(pages[1].editor.as_ref().unwrap().name, "bob");
    let tags = |page: &Page| page.tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(pages.iter().map(tags).collect::<Vec<_>>(), ["sql rust", "rust", "web", "sql"]);
    let bodies = |of: &[Remark]| of.iter().map(|remark| remark.body.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(bodies(&first.comments), "first second third", "in key order");
    assert_eq!(bodies(&first.last), "third second");
    assert_eq!(first.comments[1].author, None);
    assert_eq!(first.comments[0].author, Some(Name { name: "bob".into() }));
    assert_eq!(pages.iter().map(|page| page.comment_count).collect::<Vec<_>>(), [3, 0, 0, 1]);
    assert_eq!(bodies(&pages[3].last), "fourth");

    let sent = db.statements();
    let profiles: Vec<Profile> = db.fetch(Profile::all().order_by(Author::NAME.asc())).await.unwrap();
    assert_eq!(db.statements() - sent, 7, "nested: three of its own, three of the pages within, and itself");
    assert_eq!(profiles[0].posts, pages[..3]);
    assert_eq!(profiles[1].posts, pages[3..]);
    let mut turned: Vec<Profile> = db.fetch(Profile::all().order_by(Author::NAME.desc())).await.unwrap();
    turned.reverse();
    assert_eq!(turned, profiles, "whatever the order of the parents");
    assert!(profiles[2].posts.is_empty());
    let titles = |of: &[Title]| of.iter().map(|title| title.title.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(profiles.iter().map(|one| titles(&one.edited)).collect::<Vec<_>>(), ["", "Two Four", "Three"]);
    assert_eq!(profiles.iter().map(|one| titles(&one.best)).collect::<Vec<_>>(), ["Two", "Four", ""]);
    assert_eq!(profiles.iter().map(|one| one.likes).collect::<Vec<_>>(), [Some(12), Some(20), None]);

    let sent = db.statements();
    assert!(db.fetch(Profile::filter(Author::NAME.eq("nobody"))).await.unwrap().is_empty());
    assert_eq!(db.statements() - sent, 1, "no parents, no children to ask for");
    let page = db.fetch_one(Page::all().at(2)).await.unwrap();
    assert_eq!(page, pages[1]);
    let few = db.fetch(Page::filter(Post::AUTHOR.is(Author::NAME.eq("ann"))).order_by(Post::LIKES.desc()).limit(2)).await.unwrap();
    assert_eq!(few, [pages[1].clone(), pages[0].clone()]);
    assert_eq!(db.count(Page::filter(Post::LIKES.gt(4))).await.unwrap(), 3);
    assert!(db.exists(Page::filter(Post::LIKES.gt(4))).await.unwrap());
    assert!(db.fetch_opt(Page::filter(Post::LIKES.gt(400))).await.unwrap().is_none());
    assert_eq!(db.fetch_first(Page::all()).await.unwrap(), Some(pages[0].clone()), "the first is that of the least key");
}

pub(super) async fn to_many_conditions(db: Database) {
    blog(&db).await;
    let mut db = db.read();
    let mut titles = async |condition: aludel::Cond<Post>| {
        db.fetch(Post::filter(condition).order_by(Post::ID.asc()).select(Post::TITLE)).await.unwrap().join(" ")
    };
    assert_eq!(titles(Post::TAGS.any(Tag::NAME.eq("rust"))).await, "One Two");
    assert_eq!(titles(Post::TAGS.none(Tag::NAME.eq("rust"))).await, "Three Four");
    assert_eq!(titles(Post::TAGS.all(Tag::NAME.eq("rust"))).await, "Two");
    assert_eq!(titles(Post::TAGS.any(Tag::NAME.eq("rust")) & Post::TAGS.any(Tag::NAME.eq("sql"))).await, "One");
    assert_eq!(titles(Post::COMMENTS.exists()).await, "One Four");
    assert_eq!(titles(!Post::COMMENTS.exists()).await, "Two Three");
    assert_eq!(titles(Post::COMMENTS.all(Comment::BODY.ne("first"))).await, "Two Three Four", "true where there is none");
    assert_eq!(titles(Post::COMMENTS.all(Comment::AUTHOR_ID.gt(Fk::from(0)))).await, "Two Three Four", "NULL is not met");
    assert_eq!(titles(Post::COMMENTS.any(Comment::AUTHOR.is(Author::NAME.eq("cyd")))).await, "Four");
    assert_eq!(titles(Post::COMMENTS.count().gt(1)).await, "One");
    assert_eq!(titles(Post::AUTHOR.is(Author::POSTS.any(Post::TITLE.eq("Two")))).await, "One Two Three");
    assert_eq!(titles(Post::AUTHOR.is(Author::EDITED.exists())).await, "Four");
    assert_eq!(titles(Post::EDITOR.is(Author::POSTS.count().eq(0))).await, "Three");
    assert_eq!(titles(Post::EDITOR.is(Author::BIO.is_null())).await, "Three", "no target meets nothing");
    assert_eq!(titles(!Post::EDITOR.is(Author::NAME.eq("bob"))).await, "One Three");
    assert_eq!(titles(Post::EDITOR_ID.is_null() | Post::EDITOR.is(Author::NAME.eq("cyd"))).await, "One Three");
    let same = Post::AUTHOR.then(Author::NAME).same_as(Post::AUTHOR.then(Author::NAME));
    assert_eq!(titles(same).await, "One Two Three Four");
    let tagged = Post::TAGS.any(Tag::NAME.in_(Tag::filter(Tag::NAME.contains("q")).select(Tag::NAME)));
    assert_eq!(titles(tagged).await, "One Four");
    let by_author = Post::AUTHOR_ID.in_(Author::filter(Author::NAME.eq("bob")).select(Author::ID));
    assert_eq!(titles(by_author).await, "Four");
}

pub(super) async fn aggregates_and_joins(db: Database) {
    blog(&db).await;
    let mut db = db.read();
    let sums = Post::all().select((count(), Post::LIKES.sum(), Post::LIKES.min(), Post::LIKES.max(), Post::LIKES.avg()));
    assert_eq!(db.fetch_one(sums).await.unwrap(), (4, Some(32), Some(0), Some(20), Some(8.0)));
    let none = Post::filter(Post::ID.lt(0)).select((count(), Post::LIKES.sum(), Post::LIKES.max(), Post::RATING.avg()));
    assert_eq!(db.fetch_one(none).await.unwrap(), (0, None, None, None));
    let some = Post::all().select((Post::RATING.count(), Post::AUTHOR_ID.count_distinct(), count().filter(Post::LIKES.gt(4))));
    assert_eq!(db.fetch_one(some).await.unwrap(), (2, 2, 3));
    let groups = Post::all()
        .group_by(Post::AUTHOR.then(Author::NAME))
        .having(count().gt(1))
        .select((Post::AUTHOR.then(Author::NAME), count(), Post::LIKES.sum()));
    assert_eq!(db.fetch(groups).await.unwrap(), [("ann".to_owned(), 3, Some(12))]);
    let per = Author::all().order_by(Author::ID.asc()).select((Author::NAME, Author::POSTS.count(), Author::POSTS.aggregate(Post::LIKES.max())));
    let rows = db.fetch(per).await.unwrap();
    assert_eq!(rows[1], ("bob".to_owned(), 1, Some(20)));
    assert_eq!(rows[2], ("cyd".to_owned(), 0, None));
    let joined = Post::all()
        .join(Post::TAGS)
        .filter(Post::TAGS.then(Tag::NAME).ne("web"))
        .order_by((Post::ID.asc(), Post::TAGS.then(Tag::NAME).asc()))
        .select((Post::TITLE, Post::TAGS.then(Tag::NAME)));
    let rows = db.fetch(joined).await.unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0], ("One".to_owned(), "rust".to_owned()));
    let editors = Post::all().order_by(Post::ID.asc()).select((Post::TITLE, Post::EDITOR.then(Author::NAME)));
    assert_eq!(db.fetch(editors).await.unwrap()[0], ("One".to_owned(), None));
    let both = Post::filter(Post::EDITOR.then(Author::NAME).eq(Post::AUTHOR.then(Author::NAME))).select(Post::TITLE);
    assert_eq!(db.fetch(both).await.unwrap(), ["Four"], "two foreign keys to one model");
    assert_eq!(db.count(Post::all().join(Post::TAGS)).await.unwrap(), 5);
    assert_eq!(db.count(Post::all().select(Post::AUTHOR_ID).distinct()).await.unwrap(), 2);
    assert_eq!(db.count(Post::all().limit(3)).await.unwrap(), 3);
    assert_eq!(db.count(Post::all().offset(3)).await.unwrap(), 1);
    let computed = Post::filter((Post::LIKES + 1).gt(7)).order_by(Post::ID.asc()).select(Post::LIKES * 2 - 1);
    assert_eq!(db.fetch(computed).await.unwrap(), [13, 39]);
    let error = db.fetch(Post::all().join(Post::TAGS)).await.unwrap_err();
    assert!(error.is_usage(), "models of multiplied rows: {error}");
}

pub(super) async fn literal_search(db: Database) {
    blog(&db).await;
    let mut session = db.session();
    for (at, name) in ["100%", "100x", "a_b", "axb", "c\\d", "c/d", "e*f", "e?f", "[g]", "G!h", "Ünï", "it's"].iter().enumerate() {
        session.add(new!(Author { email: format!("s{at}"), name: *name, bio: "searched" }));
    }
    session.commit().await.unwrap();
    let mut find = async |condition: aludel::Cond<Author>| {
        let query = Author::filter(condition & Author::BIO.eq("searched")).order_by(Author::ID.asc());
        session.fetch(query.select(Author::NAME)).await.unwrap().join(" ")
    };
    for (needle, exact) in [
        ("%", "100%"),
        ("_", "a_b"),
        ("\\", "c\\d"),
        ("*", "e*f"),
        ("?", "e?f"),
        ("[", "[g]"),
        ("!", "G!h"),
        ("'", "it's"),
        ("%%", ""),
        ("_b", "a_b"),
        ("0%", "100%"),
        ("ï", "Ünï"),
    ] {
        assert_eq!(find(Author::NAME.contains(needle)).await, exact, "contains {needle}");
        assert_eq!(find(Author::NAME.contains_fold(needle)).await, exact, "contains {needle}, folded");
    }
    assert_eq!(find(Author::NAME.starts_with("100%")).await, "100%");
    assert_eq!(find(Author::NAME.starts_with("[")).await, "[g]");
    assert_eq!(find(Author::NAME.starts_with("g")).await, "", "case counts");
    assert_eq!(find(Author::NAME.starts_with_fold("g")).await, "G!h");
    assert_eq!(find(Author::NAME.ends_with("_b")).await, "a_b");
    assert_eq!(find(Author::NAME.ends_with("%")).await, "100%");
    assert_eq!(find(Author::NAME.ends_with_fold("!H")).await, "G!h");
    assert_eq!(find(Author::NAME.like("a_b")).await, "a_b axb");
    assert_eq!(find(Author::NAME.like("a\\_b")).await, "a_b");
    assert_eq!(find(Author::NAME.like("100\\%")).await, "100%");
    assert_eq!(find(Author::NAME.like("%*%")).await, "e*f");
    assert_eq!(find(Author::NAME.like_fold("g%")).await, "G!h");
    assert_eq!(find(Author::NAME.contains("")).await.split(' ').count(), 12);
    assert_eq!(find(Author::NAME.contains(Author::NAME)).await.split(' ').count(), 12, "of a column");
    assert_eq!(find(Author::NAME.contains_fold("X")).await, "100x axb");
    assert_eq!(find(Author::NAME.contains("X")).await, "");
}

pub(super) async fn lists(db: Database) {
    blog(&db).await;
    let mut db = db.session();
    assert_eq!(db.count(Post::filter(Post::ID.in_(Vec::<i64>::new()))).await.unwrap(), 0);
    assert_eq!(db.count(Post::filter(Post::ID.not_in(Vec::<i64>::new()))).await.unwrap(), 4);
    assert_eq!(db.count(Post::filter(Post::ID.in_((2..10_002).collect::<Vec<i64>>()))).await.unwrap(), 3);
    assert_eq!(db.count(Post::filter(Post::ID.not_in((2..10_002).collect::<Vec<i64>>()))).await.unwrap(), 1);
    let words: Vec<String> = (0..10_000).map(|at| format!("w{at}'\"\\\n")).chain(["One".to_owned()]).collect();
    assert_eq!(db.count(Post::filter(Post::TITLE.in_(&words))).await.unwrap(), 1);
    assert_eq!(db.count(Post::filter(Post::RATING.in_([Some(1), Some(9)]))).await.unwrap(), 1);
    let long: Vec<i64> = vec![i64::MAX, i64::MIN, 1];
    assert_eq!(db.count(Post::filter(Post::ID.in_(long))).await.unwrap(), 1);
    let keys: Vec<(i64, i64)> = (0..3_000).map(|at| (at, 1)).collect();
    let links = PostTag::filter(PostTag::TAG_ID.eq(Fk::from(1)) & PostTag::POST_ID.in_(keys.iter().map(|key| Fk::from(key.0))));
    assert_eq!(db.count(links).await.unwrap(), 2);
    let handles = db.track(Author::filter(Author::NAME.ne("cyd"))).await.unwrap();
    assert_eq!(db.count(Post::filter(Post::AUTHOR_ID.in_(handles))).await.unwrap(), 4, "handles");
    let names = ["it's", "One", ""];
    assert_eq!(db.count(Post::filter(Post::TITLE.in_(names))).await.unwrap(), 1);
}

pub(super) async fn nulls_orders_and_pages(db: Database) {
    blog(&db).await;
    let mut db = db.read();
    let mut titles = async |query: aludel::Query<Post>| db.fetch(query.select(Post::TITLE)).await.unwrap().join(" ");
    let by = |order| Post::all().order_by((order, Post::ID.asc()));
    assert_eq!(titles(by(Post::RATING.asc())).await, "Two Four Three One", "NULL is the smallest");
    assert_eq!(titles(by(Post::RATING.desc())).await, "One Three Two Four");
    assert_eq!(titles(by(Post::RATING.asc().nulls_last())).await, "Three One Two Four");
    assert_eq!(titles(by(Post::RATING.desc().nulls_first())).await, "Two Four One Three");
    assert_eq!(titles(by(Post::RATING.desc().nulls_first().reversed())).await, "Two Four Three One");
    assert_eq!(titles(by(Post::AUTHOR.then(Author::NAME).desc())).await, "Four One Two Three");
    assert_eq!(titles(Post::all().order_by(Post::LIKES.desc()).page(1, 3)).await, "Four Two One");
    assert_eq!(titles(Post::all().order_by(Post::LIKES.desc()).page(2, 3)).await, "Three");
    assert_eq!(titles(Post::all().page(3, 3)).await, "");
    assert_eq!(titles(Post::all().offset(3)).await, "Four", "in key order");
    assert_eq!(titles(Post::all().limit(0)).await, "");
    assert_eq!(titles(Post::filter(Post::RATING.ne(2))).await, "Three", "NULL is neither equal nor different");
    assert_eq!(titles(Post::filter(Post::RATING.ne(None))).await, "One Three");
    assert_eq!(titles(Post::filter(Post::RATING.eq(None)).order_by(Post::ID.asc())).await, "Two Four");
    assert_eq!(titles(Post::filter(!Post::RATING.same_as(2)).order_by(Post::ID.asc())).await, "Two Three Four");
    assert_eq!(titles(Post::filter(Post::LIKES.between(5, 7)).order_by(Post::ID.asc())).await, "One Two");
    assert_eq!(titles(Post::all().filter_some(None::<aludel::Cond<Post>>).limit(1)).await, "One");
}

pub(super) async fn streams_in_a_transaction(db: Database) {
    let mut db = db.session();
    db.add_all((0..1_501).map(|at| new!(Node { name: format!("{at}") })));
    let sent = db.statements();
    let mut nodes = db.stream(Node::filter(Node::ID.gt(1)));
    let mut seen = Vec::new();
    while let Some(node) = nodes.next().await.unwrap() {
        seen.push(node.id);
    }
    assert_eq!(seen, (2..=1_501).collect::<Vec<i64>>());
    assert!(db.statements() - sent < 40);
    let mut ordered = db.stream(Node::all().order_by(Node::NAME.asc()));
    assert!(ordered.next().await.unwrap_err().is_usage(), "the order is the key's");
    let mut links = db.stream(PostTag::all());
    assert!(links.next().await.unwrap().is_none());
}

pub(super) async fn raw_sql(db: Database) {
    blog(&db).await;
    let mut db = db.session();
    let hostile = "x'; drop table posts; --";
    let none: Vec<i64> = db.fetch(sql!("select {Post::ID} from {Post} where title = {hostile}").rows()).await.unwrap();
    assert!(none.is_empty());
    let rows: Vec<Credited> = db
        .fetch(sql!("select p.*, a.name from {Post} p join {Author} a on a.id = p.author_id order by p.id").rows())
        .await
        .unwrap();
    assert_eq!((rows[0].post.title.as_str(), rows[0].name.as_str(), rows.len()), ("One", "ann", 4));
    let maybe: Option<i32> = None;
    let n: i64 = db.fetch_one(sql!("select count(*) from {Post} where {maybe} is null").rows()).await.unwrap();
    assert_eq!(n, 4);
    let narrowed = Post::filter(Post::LIKES.gt(sql!("(select min(likes) from {Post})").expr::<Post, i32>()));
    assert_eq!(db.count(narrowed).await.unwrap(), 3);
    let error = db.fetch_one(sql!("select title from {Post}").rows::<String>()).await.unwrap_err();
    assert_eq!(error.code(), "too_many");
    let error = db.fetch(sql!("select title from {Post} where id = 1").rows::<i64>()).await.unwrap_err();
    assert_eq!(error.code(), "decode", "{error}");
    assert!(!error.to_string().contains("One"), "no values in errors: {error}");
}
