//! Steps of revisions that take more than SQL. They name tables and columns themselves: models move on, and a revision
//! stays what it was.

use std::collections::BTreeSet;

use aludel::migrate::{Batch, Next};
use aludel::prelude::*;
use aludel::sql;

/// Makes tags, and their links to posts, of the words in `posts.tags`; 200 posts at a time.
pub(crate) async fn split_tags(db: &mut Session, batch: Batch) -> Result<Next> {
    let after: i64 = batch.at()?.unwrap_or(0);
    let query = sql!("SELECT id, tags FROM posts WHERE id > {after} ORDER BY id LIMIT 200");
    let posts: Vec<(i64, String)> = db.fetch(query.rows()).await?;
    for (id, words) in &posts {
        let names: BTreeSet<&str> = words.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        for name in names {
            db.execute(sql!("INSERT INTO tags (name) VALUES ({name}) ON CONFLICT DO NOTHING")).await?;
            db.execute(sql!("INSERT INTO post_tags (post_id, tag_id) SELECT {id}, id FROM tags WHERE name = {name}"))
                .await?;
        }
    }
    Ok(next(posts.last().map(|(id, _)| *id), posts.len()))
}

/// Puts the names of a post's tags into `posts.tags`, with commas between them.
pub(crate) async fn join_tags(db: &mut Session, batch: Batch) -> Result<Next> {
    let after: i64 = batch.at()?.unwrap_or(0);
    let posts: Vec<(i64,)> =
        db.fetch(sql!("SELECT id FROM posts WHERE id > {after} ORDER BY id LIMIT 200").rows()).await?;
    for (id,) in &posts {
        let query = sql!("SELECT name FROM tags JOIN post_tags ON tag_id = tags.id WHERE post_id = {id} ORDER BY name");
        let names: Vec<(String,)> = db.fetch(query.rows()).await?;
        let words = names.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(", ");
        db.execute(sql!("UPDATE posts SET tags = {words} WHERE id = {id}")).await?;
    }
    Ok(next(posts.last().map(|(id,)| *id), posts.len()))
}

fn next(last: Option<i64>, rows: usize) -> Next {
    last.map_or_else(|| Next::done(0), |last| Next::after(last, rows))
}
