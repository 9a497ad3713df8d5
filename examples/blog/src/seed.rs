//! A little content to look at.

use aludel::prelude::*;

use crate::models::{Comment, Post, PostTag, Tag, User};

const POSTS: [(usize, &str, &str, &[&str]); 4] = [
    (
        0,
        "A pot with two open ends",
        "An aludel is stacked upon others into a column, so that what rises from below is caught above. A database layer \
         does the same for an application.",
        &["design", "names"],
    ),
    (
        1,
        "One session per request",
        "Middleware and handler share it, and it is committed before the status line leaves. What fails at the commit is \
         what the client is told.",
        &["sessions", "web"],
    ),
    (
        0,
        "Shapes instead of lazy loading",
        "If a view has a field, the field is loaded. There is no other state.",
        &["design", "queries"],
    ),
    (
        2,
        "Counting likes",
        "A counter is a statement: the database adds one, and nobody's like is lost.",
        &["queries", "web"],
    ),
];

/// Users, posts, tags and comments, where there are no users yet.
pub(crate) async fn content(db: &mut Session) -> Result<()> {
    if db.exists(User::all()).await? {
        return Ok(());
    }
    let users = ["Ann", "Bob", "Cleo"].map(|name| {
        let email = format!("{}@example.org", name.to_lowercase());
        db.add(new!(User { email, name }))
    });
    let mut tags: Vec<(&str, Handle<Tag>)> = Vec::new();
    for (author, title, body, names) in POSTS {
        let post = db.add(new!(Post { author_id: users[author], title, body }));
        for &name in names {
            let known = tags.iter().find(|(known, _)| *known == name).map(|(_, tag)| *tag);
            let tag = known.unwrap_or_else(|| {
                let tag = db.add(new!(Tag { name }));
                tags.push((name, tag));
                tag
            });
            db.add(new!(PostTag { post_id: post, tag_id: tag }));
        }
        let reader = users[(author + 1) % users.len()];
        db.add(new!(Comment { post_id: post, user_id: reader, body: "Good to know." }));
    }
    db.flush().await
}
