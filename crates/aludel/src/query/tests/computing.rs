//! Arithmetic, functions, aggregates and groups.

use expect_test::expect;

use super::check;
use super::models::Post;
use crate::{View, count};

#[test]
fn computing() {
    check(
        Post::all().select((Post::LIKES.sum(), Post::LIKES.avg(), Post::TITLE.max(), count())),
        expect![[r#"
        SELECT sum(t0."likes"), avg(t0."likes"), max(t0."title"), count(*) FROM "posts" AS t0
    "#]],
    );
    check(
        Post::all()
            .select((Post::AUTHOR_ID, count().filter(Post::PINNED), Post::TITLE.count_distinct()))
            .group_by(Post::AUTHOR_ID)
            .having(count().gt(2))
            .limit(5),
        expect![[r#"
            SELECT t0."author_id", count(*) FILTER (WHERE t0."pinned"), count(DISTINCT t0."title") FROM "posts" AS t0 GROUP BY t0."author_id" HAVING count(*) > ? ORDER BY t0."author_id" LIMIT ?
              Int(2)
              Int(5)
        "#]],
    );
    check(
        Post::all().select((
            Post::TITLE.lower().concat("!"),
            Post::SUBTITLE.coalesce("none"),
            Post::SUBTITLE.coalesce(Post::TITLE),
            Post::TITLE.trim().length(),
            -Post::LIKES % 2,
            (Post::LIKES.abs() / 2).round(0),
        )),
        expect![[r#"
            SELECT lower(t0."title") || ?, coalesce(t0."subtitle", ?), coalesce(t0."subtitle", t0."title"), length(trim(t0."title")), (-t0."likes") % ?, CAST(round(abs(t0."likes") / ?, ?) AS INTEGER) FROM "posts" AS t0
              Text("!")
              Text("none")
              Int(2)
              Int(2)
              Int(0)
        "#]],
    );
    check(
        Post::all().select(Post::TITLE).distinct().limit(3),
        expect![[r#"
        SELECT DISTINCT t0."title" FROM "posts" AS t0 ORDER BY t0."title" LIMIT ?
          Int(3)
    "#]],
    );
    check(
        Post::all().select((Post::TITLE, count())),
        expect![[r#"
        column `title` is selected beside aggregates but is neither grouped nor aggregated: add it to `.group_by(..)`, or take its `min()` or `max()`
    "#]],
    );
    check(
        Post::all().having(count().gt(1)),
        expect![[r#"
        a view or model of `Post` cannot be read from grouped or multiplied rows: say what to read with `.select((..))`, or ask about a to-many relation with `.any(..)`
    "#]],
    );
    check(
        Post::filter(count().gt(1)),
        expect![[r#"
        `filter` comes before rows are grouped and cannot hold an aggregate: use `.having(..)`
    "#]],
    );
    check(
        Post::all().group_by(Post::ID),
        expect![[r#"
        a view or model of `Post` cannot be read from grouped or multiplied rows: say what to read with `.select((..))`, or ask about a to-many relation with `.any(..)`
    "#]],
    );
    check(
        Post::all().select(count()).lock(),
        expect![[r#"
        `lock` holds rows of a table, which grouped, aggregated and distinct rows are not
    "#]],
    );
}
