-- edition:  1
-- revision: 5a90c4d1e7b2
-- parents:  81b7e02f6c44
-- message:  names as they are said

-- People have one name here, without the spaces that forms leave around it.
ALTER TABLE users RENAME COLUMN full_name TO name;

UPDATE users SET name = trim(name) WHERE name <> trim(name);

-- downgrade

ALTER TABLE users RENAME COLUMN name TO full_name;
