-- edition:  1
-- revision: 97fc18b3ae60
-- parents:  2e41d7f05b96
-- message:  points and biographies

ALTER TABLE users ADD COLUMN bio TEXT;
ALTER TABLE users ADD COLUMN points BIGINT NOT NULL DEFAULT 100;
ALTER TABLE users ADD CONSTRAINT ck_users_points CHECK (points >= 0);

-- The front page sorts by it.
CREATE INDEX ix_posts_created_at ON posts (created_at DESC);

-- downgrade

DROP INDEX ix_posts_created_at;

ALTER TABLE users DROP CONSTRAINT ck_users_points;
ALTER TABLE users DROP COLUMN points;
ALTER TABLE users DROP COLUMN bio;
