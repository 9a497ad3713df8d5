//! Tables, columns and enums under other names, and enums that change.

use expect_test::expect;

use super::check;

#[test]
fn names_change() {
    check(
        &[("email", "mail")],
        &[],
        expect![[r#"
        asked: is column `email` of table `users` called `mail` now, or is it gone?
          0.97 mail: VARCHAR(80) too, also unique, a name like it, in the same place
          = answer: --rename users.email=mail
          = answer: --drop users.email
    "#]],
    );
    check(
        &[("email", "mail")],
        &["rename users.email=mail"],
        expect![[r#"
            ALTER TABLE users RENAME COLUMN email TO mail;
            ALTER TABLE users RENAME CONSTRAINT uq_users_email TO uq_users_mail;
            -- downgrade
            ALTER TABLE users RENAME COLUMN mail TO email;
            ALTER TABLE users RENAME CONSTRAINT uq_users_mail TO uq_users_email;
            -- sqlite
            ALTER TABLE users RENAME COLUMN email TO mail;
            (table users anew)
        "#]],
    );
    check(
        &[("email VARCHAR(80)", "mail TEXT"), ("email", "mail")],
        &["rename users.email=mail"],
        expect![[r#"
            ALTER TABLE users RENAME COLUMN email TO mail;
            ALTER TABLE users RENAME CONSTRAINT uq_users_email TO uq_users_mail;
            ALTER TABLE users ALTER COLUMN mail TYPE TEXT;
            -- downgrade
            ALTER TABLE users RENAME COLUMN mail TO email;
            ALTER TABLE users RENAME CONSTRAINT uq_users_mail TO uq_users_email;
            ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(80);
            -- sqlite
            ALTER TABLE users RENAME COLUMN email TO mail;
            (table users anew)
        "#]],
    );
    check(
        &[("users", "people")],
        &["rename users=people"],
        expect![[r#"
            ALTER TABLE users RENAME TO people;
            ALTER TABLE people RENAME CONSTRAINT pk_users TO pk_people;
            ALTER TABLE people RENAME CONSTRAINT uq_users_email TO uq_people_email;
            ALTER TABLE people RENAME CONSTRAINT ck_users_age TO ck_people_age;
            ALTER TABLE posts RENAME CONSTRAINT fk_posts_author_id_users TO fk_posts_author_id_people;
            -- downgrade
            ALTER TABLE people RENAME TO users;
            ALTER TABLE posts RENAME CONSTRAINT fk_posts_author_id_people TO fk_posts_author_id_users;
            ALTER TABLE users RENAME CONSTRAINT pk_people TO pk_users;
            ALTER TABLE users RENAME CONSTRAINT uq_people_email TO uq_users_email;
            ALTER TABLE users RENAME CONSTRAINT ck_people_age TO ck_users_age;
            -- sqlite
            ALTER TABLE users RENAME TO people;
            (table people anew)
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("bio TEXT", "AGE TEXT"), ("age INTEGER", "bio INTEGER"), ("age >= 0", "bio >= 0"), ("AGE TEXT", "age TEXT")],
        &["rename users.bio=age", "rename users.age=bio"],
        expect![[r#"
            ALTER TABLE users RENAME COLUMN bio TO bio_old;
            ALTER TABLE users RENAME COLUMN age TO bio;
            ALTER TABLE users RENAME COLUMN bio_old TO age;
            -- downgrade
            ALTER TABLE users RENAME COLUMN age TO age_old;
            ALTER TABLE users RENAME COLUMN bio TO age;
            ALTER TABLE users RENAME COLUMN age_old TO bio;
            -- sqlite
            ALTER TABLE users RENAME COLUMN bio TO bio_old;
            ALTER TABLE users RENAME COLUMN age TO bio;
            ALTER TABLE users RENAME COLUMN bio_old TO age;
        "#]],
    );
    check(
        &[("users", "TABLE_OLD"), ("posts", "users"), ("TABLE_OLD", "posts")],
        &["rename users=posts", "rename posts=users"],
        expect![[r#"
            ALTER TABLE users RENAME TO users_old;
            ALTER TABLE posts RENAME TO users;
            ALTER TABLE users_old RENAME TO posts;
            ALTER TABLE posts RENAME CONSTRAINT uq_users_email TO uq_posts_email;
            ALTER TABLE posts RENAME CONSTRAINT ck_users_age TO ck_posts_age;
            ALTER TABLE users RENAME CONSTRAINT fk_posts_author_id_users TO fk_users_author_id_posts;
            ALTER INDEX ix_posts_author_id RENAME TO ix_users_author_id;
            ALTER INDEX ix_posts_online RENAME TO ix_users_online;
            ALTER TABLE posts RENAME CONSTRAINT pk_users TO pk_users_old;
            ALTER TABLE users RENAME CONSTRAINT pk_posts TO pk_users;
            ALTER TABLE posts RENAME CONSTRAINT pk_users_old TO pk_posts;
            -- downgrade
            ALTER TABLE posts RENAME TO posts_old;
            ALTER TABLE users RENAME TO posts;
            ALTER TABLE posts_old RENAME TO users;
            ALTER TABLE posts RENAME CONSTRAINT fk_users_author_id_posts TO fk_posts_author_id_users;
            ALTER INDEX ix_users_author_id RENAME TO ix_posts_author_id;
            ALTER INDEX ix_users_online RENAME TO ix_posts_online;
            ALTER TABLE users RENAME CONSTRAINT uq_posts_email TO uq_users_email;
            ALTER TABLE users RENAME CONSTRAINT ck_posts_age TO ck_users_age;
            ALTER TABLE posts RENAME CONSTRAINT pk_users TO pk_users_old;
            ALTER TABLE users RENAME CONSTRAINT pk_posts TO pk_users;
            ALTER TABLE posts RENAME CONSTRAINT pk_users_old TO pk_posts;
            -- sqlite
            ALTER TABLE users RENAME TO users_old;
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            ALTER TABLE posts RENAME TO users;
            ALTER TABLE users_old RENAME TO posts;
            (table posts anew)
            (table users anew)
            CREATE INDEX ix_users_author_id ON users (author_id);
            CREATE INDEX ix_users_online ON users (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("email", "mail")],
        &["rename users.emial=mail", "rename user.email=mail", "rename users.email=age", "rename email=mail"],
        expect![[r#"
            error: `--rename users.emial=mail` names nothing: the history has no column `emial` of table `users`; did you mean `email`?
            error: `--rename user.email=mail` names nothing: no table or enum `user` is in both the history and the models; name it as the models do
            error: `--rename email=mail` names nothing: there is no table or enum `email` in the history and `mail` in the models; a column is renamed by --rename table.old=new
            asked: column `age` of table `users` is in no model any more; its values would be lost
              = answer: --drop users.age
            asked: column `users.mail` is new, takes no NULL and has no default: rows that are there need a value
              = answer: --default 'users.mail=<value>'
        "#]],
    );
}

#[test]
fn enums_change() {
    check(
        &[("'gone'", "'gone', 'lost'")],
        &[],
        expect![[r#"
            ALTER TYPE state ADD VALUE 'lost';
            -- downgrade
            -- rows that hold 'lost' stand in the way
            ALTER TYPE state RENAME TO state_old;
            CREATE TYPE state AS ENUM ('draft', 'online', 'gone');
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE state USING CAST(CAST(state AS TEXT) AS state);
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            DROP TYPE state_old;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("'draft', 'online'", "'idea', 'draft', 'review', 'online'")],
        &[],
        expect![[r#"
            ALTER TYPE state ADD VALUE 'idea' BEFORE 'draft';
            ALTER TYPE state ADD VALUE 'review' AFTER 'draft';
            -- downgrade
            -- rows that hold 'idea' or 'review' stand in the way
            ALTER TYPE state RENAME TO state_old;
            CREATE TYPE state AS ENUM ('draft', 'online', 'gone');
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE state USING CAST(CAST(state AS TEXT) AS state);
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            DROP TYPE state_old;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("'gone'", "'deleted'")],
        &["rename state.gone=deleted"],
        expect![[r#"
            ALTER TYPE state RENAME VALUE 'gone' TO 'deleted';
            -- downgrade
            ALTER TYPE state RENAME VALUE 'deleted' TO 'gone';
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    // An index that says the value is made again, in the words of the models.
    check(
        &[("'online'", "'public'")],
        &["rename state.online=public"],
        expect![[r#"
        DROP INDEX ix_posts_online;
        ALTER TYPE state RENAME VALUE 'online' TO 'public';
        CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'public';
        -- downgrade
        DROP INDEX ix_posts_online;
        ALTER TYPE state RENAME VALUE 'public' TO 'online';
        CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        -- sqlite
        (table posts anew)
        CREATE INDEX ix_posts_author_id ON posts (author_id);
        CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'public';
    "#]],
    );
    check(
        &[(", 'gone'", "")],
        &[],
        expect![[r#"
        asked: value `gone` of enum `state` is in no model any more; rows that hold it would stand in the way
          = answer: --drop state.gone
    "#]],
    );
    check(
        &[(", 'gone'", "")],
        &["drop state.gone"],
        expect![[r#"
            -- rows that hold 'gone' stand in the way
            ALTER TYPE state RENAME TO state_old;
            CREATE TYPE state AS ENUM ('draft', 'online');
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE state USING CAST(CAST(state AS TEXT) AS state);
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            DROP TYPE state_old;
            -- downgrade
            ALTER TYPE state ADD VALUE 'gone';
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("'draft', 'online'", "'online', 'draft'")],
        &[],
        expect![[r#"
            ALTER TYPE state RENAME TO state_old;
            CREATE TYPE state AS ENUM ('online', 'draft', 'gone');
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE state USING CAST(CAST(state AS TEXT) AS state);
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            DROP TYPE state_old;
            -- downgrade
            ALTER TYPE state RENAME TO state_old;
            CREATE TYPE state AS ENUM ('draft', 'online', 'gone');
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE state USING CAST(CAST(state AS TEXT) AS state);
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            DROP TYPE state_old;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("TYPE state", "TYPE phase"), ("state state", "state phase")],
        &[],
        expect![[r#"
        ALTER TYPE state RENAME TO phase;
        -- downgrade
        ALTER TYPE phase RENAME TO state;
        -- sqlite
    "#]],
    );
    check(
        &[
            ("state state NOT NULL DEFAULT 'draft'", "state TEXT NOT NULL DEFAULT 'draft'"),
            ("CREATE TYPE state AS ENUM ('draft', 'online', 'gone');", ""),
        ],
        &[],
        expect![[r#"
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE TEXT;
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            DROP TYPE state;
            -- downgrade
            CREATE TYPE state AS ENUM ('draft', 'online', 'gone');
            DROP INDEX ix_posts_online;
            ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
            ALTER TABLE posts ALTER COLUMN state TYPE state USING CAST(state AS state);
            ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
}
