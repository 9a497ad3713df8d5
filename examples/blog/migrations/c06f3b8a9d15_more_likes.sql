-- edition:  1
-- revision: c06f3b8a9d15
-- parents:  5a90c4d1e7b2
-- message:  more likes

-- Two billion was a limit after all.
ALTER TABLE posts ALTER COLUMN likes TYPE BIGINT;

-- downgrade

ALTER TABLE posts ALTER COLUMN likes TYPE INTEGER;
