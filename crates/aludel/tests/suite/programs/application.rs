//! The application of the twelve programs: models, shapes, handlers, routes.

use aludel::axum::{Json, Path, Query};
use aludel::model::Meta;
use aludel::prelude::*;
use aludel::query::count;
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, patch, post, put};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

#[derive(Model, Clone, Debug, Serialize)]
pub struct User {
    pub id: i64,
    #[column(unique, length = 255)]
    pub email: String,
    pub name: String,
}

#[derive(Model, Clone, Debug, Serialize)]
#[model(many_to_many(tags: Tag through PostTag))]
pub struct Post {
    pub id: i64,
    pub author_id: Fk<User>,
    pub title: String,
    pub subtitle: Option<String>,
    #[column(default = 0)]
    pub likes: i32,
    #[column(version)]
    pub version: i32,
}

#[derive(Model, Clone, Debug)]
pub struct Tag {
    pub id: i64,
    #[column(unique)]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
pub struct PostTag {
    #[column(key)]
    pub post_id: Fk<Post>,
    #[column(key)]
    pub tag_id: Fk<Tag>,
}

#[derive(Model, Clone, Debug)]
pub struct Comment {
    pub id: i64,
    pub post_id: Fk<Post>,
    pub user_id: Option<Fk<User>>,
    pub body: String,
}

#[derive(Model, Clone, Debug)]
pub struct Account {
    pub id: i64,
    pub balance: i64,
}

pub(super) fn tables() -> Vec<&'static Meta> {
    aludel::schema![User, Post, Tag, PostTag, Comment, Account].to_vec()
}

#[derive(View, Serialize)]
#[view(Post)]
struct PostPage {
    id: i64,
    title: String,
    author: AuthorName,
    tags: Vec<TagName>,
    comments: Vec<CommentLine>,
    #[view(Post::COMMENTS.count())]
    comment_count: i64,
}

#[derive(View, Serialize)]
#[view(User)]
struct AuthorName {
    id: i64,
    name: String,
}

#[derive(View, Serialize)]
#[view(Tag)]
struct TagName {
    name: String,
}

#[derive(View, Serialize)]
#[view(Comment)]
struct CommentLine {
    body: String,
    user: Option<AuthorName>,
}

#[derive(New, Deserialize)]
#[new(User)]
pub(super) struct NewUser {
    pub(super) email: String,
    pub(super) name: String,
}

#[derive(Patch)]
#[patch(Post)]
struct PatchPost {
    title: Option<String>,
    subtitle: Option<Option<String>>,
}

async fn front(Db(mut db): Db) -> Result<Json<Vec<PostPage>>> {
    Ok(Json(db.fetch(PostPage::all().order_by(Post::ID.desc()).limit(20)).await?))
}

async fn show(Db(mut db): Db, Path(id): Path<i64>) -> Result<Json<PostPage>> {
    Ok(Json(db.fetch_one(PostPage::at(id)).await?))
}

async fn like(Db(mut db): Db, Path(id): Path<i64>) -> Result<Json<i32>> {
    let post = db.get::<Post>(id).await?;
    db[post].likes += 1;
    Ok(Json(db[post].likes))
}

#[derive(Deserialize)]
struct Transfer {
    from: i64,
    to: i64,
    amount: i64,
}

async fn transfer(Db(mut db): Db, Json(ask): Json<Transfer>) -> Result<StatusCode> {
    move_money(&mut db, ask.from, ask.to, ask.amount).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn move_money(db: &mut Session, from: i64, to: i64, amount: i64) -> Result<()> {
    let (from, to) = (db.get::<Account>(from).await?, db.get::<Account>(to).await?);
    if db[from].balance < amount {
        return Err(Error::refuse(409, "not enough"));
    }
    db[from].balance -= amount;
    db[to].balance += amount;
    Ok(())
}

#[derive(Deserialize)]
struct Signup {
    user: NewUser,
    first_post: String,
    tags: Vec<String>,
}

async fn signup(Db(mut db): Db, Json(s): Json<Signup>) -> Result<(StatusCode, Json<Post>)> {
    let user = db.add(s.user);
    let post = db.add(new!(Post { author_id: user, title: s.first_post }));
    for name in s.tags {
        let tag = match db.track_opt(Tag::filter(Tag::NAME.eq(&name))).await? {
            Some(tag) => tag,
            None => db.add(new!(Tag { name })),
        };
        db.add(new!(PostTag { post_id: post, tag_id: tag }));
    }
    db.flush().await?;
    Ok((StatusCode::CREATED, Json(db[post].clone())))
}

pub(super) async fn import(db: &Database, rows: Vec<NewUser>) -> Result<usize> {
    db.transaction(async |db| Ok(db.add_all(rows).len())).await
}

async fn put_tags(Db(mut db): Db, Path(id): Path<i64>, Json(ids): Json<Vec<i64>>) -> Result<Json<PostPage>> {
    let post = db.get::<Post>(id).await?;
    let mut tags = Vec::new();
    for id in ids {
        tags.push(db.get::<Tag>(id).await?);
    }
    db.relink(post, Post::TAGS, tags).await?;
    Ok(Json(db.fetch_one(PostPage::at(id)).await?))
}

async fn patch_post(Db(mut db): Db, Path(id): Path<i64>, Json(body): Json<PatchPost>) -> Result<Json<Post>> {
    let post = db.get::<Post>(id).await?;
    db.patch(post, body);
    db.flush().await?;
    Ok(Json(db[post].clone()))
}

pub(super) async fn rename(db: &Database, id: i64, title: &str) -> Result<i32> {
    db.retry(5, async |db| {
        let post = db.get::<Post>(id).await?;
        db[post].title = title.to_owned();
        db.flush().await?;
        Ok(db[post].version)
    })
    .await
}

#[derive(Deserialize)]
struct Search {
    q: Option<String>,
    author: Option<i64>,
    min_likes: Option<i32>,
}

async fn search(Db(mut db): Db, Query(s): Query<Search>) -> Result<Json<(i64, Vec<Post>)>> {
    let found = Post::all()
        .filter_some(s.q.as_ref().map(|q| Post::TITLE.contains(q)))
        .filter_some(s.author.map(|id| Post::AUTHOR_ID.eq(id)))
        .filter_some(s.min_likes.map(|n| Post::LIKES.gt(n)));
    let total = db.fetch_one(found.clone().select(count())).await?;
    let order = (Post::LIKES.desc(), Post::ID.desc());
    Ok(Json((total, db.fetch(found.order_by(order).limit(20)).await?)))
}

#[derive(Clone, Copy)]
struct Me(Handle<User>);

async fn auth(Db(mut db): Db, mut request: Request, next: Next) -> Result<Response> {
    let email = request.headers().get("x-user").and_then(|user| user.to_str().ok()).unwrap_or_default();
    let me = db.track_opt(User::filter(User::EMAIL.eq(email))).await?;
    let me = me.ok_or_else(|| Error::refuse(401, "say who you are"))?;
    request.extensions_mut().insert(Me(me));
    drop(db);
    Ok(next.run(request).await)
}

async fn rename_me(Extension(Me(me)): Extension<Me>, Db(mut db): Db, name: String) -> String {
    db[me].name = name;
    format!("{} <{}>, {} statement", db[me].name, db[me].email, db.statements())
}

pub(super) fn spawn_decay(db: Database) -> JoinHandle<Result<usize>> {
    tokio::spawn(async move {
        db.transaction(async |db| {
            let hot = db.track(Post::filter(Post::LIKES.gt(100))).await?;
            for &post in &hot {
                db[post].likes /= 2;
            }
            Ok(hot.len())
        })
        .await
    })
}

async fn export(db: Database) -> Body {
    let posts = db.stream(Post::all().order_by(Post::ID.asc()));
    Body::from_stream(posts.map(|post| post.map(|post| format!("{} {}\n", post.id, post.title))))
}

pub(super) fn app(db: Database) -> Router {
    Router::new()
        .route("/me", post(rename_me))
        .layer(from_fn(auth))
        .route("/posts", get(front))
        .route("/posts/{id}", get(show))
        .route("/posts/{id}", patch(patch_post))
        .route("/posts/{id}/like", post(like))
        .route("/posts/{id}/tags", put(put_tags))
        .route("/transfer", post(transfer))
        .route("/signup", post(signup))
        .route("/search", get(search))
        .route("/export", get(export))
        .layer(DbLayer::new(db))
}
