//! Renames as they happen, each with the right answer.

use super::schema;
use crate::migrate::{Answers, Asked, diff};

/// Statements before, statements after, and what was renamed.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    // Other words, longer and shorter ones.
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, mail VARCHAR(255) NOT NULL, age INTEGER);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(255) NOT NULL, age INTEGER, bio TEXT);",
        &["users.mail=email"],
    ),
    (
        "CREATE TABLE items (id BIGINT PRIMARY KEY, qty INTEGER NOT NULL, price NUMERIC(10, 2) NOT NULL);",
        "CREATE TABLE items (id BIGINT PRIMARY KEY, quantity INTEGER NOT NULL, weight INTEGER NOT NULL, price NUMERIC(10, 2) NOT NULL);",
        &["items.qty=quantity"],
    ),
    (
        "CREATE TABLE products (id BIGINT PRIMARY KEY, name TEXT NOT NULL, descr TEXT, img TEXT);",
        "CREATE TABLE products (id BIGINT PRIMARY KEY, name TEXT NOT NULL, description TEXT, image_url TEXT);",
        &["products.descr=description", "products.img=image_url"],
    ),
    (
        "CREATE TABLE people (id BIGINT PRIMARY KEY, fname TEXT, lname TEXT);",
        "CREATE TABLE people (id BIGINT PRIMARY KEY, first_name TEXT, last_name TEXT);",
        &["people.fname=first_name", "people.lname=last_name"],
    ),
    (
        "CREATE TABLE accounts (id BIGINT PRIMARY KEY, pwd VARCHAR(200) NOT NULL, usr VARCHAR(80) NOT NULL);",
        "CREATE TABLE accounts (id BIGINT PRIMARY KEY, password_hash VARCHAR(200) NOT NULL, username VARCHAR(80) NOT NULL);",
        &["accounts.pwd=password_hash", "accounts.usr=username"],
    ),
    (
        "CREATE TABLE orders (id BIGINT PRIMARY KEY, created TIMESTAMPTZ NOT NULL, updated TIMESTAMPTZ NOT NULL);",
        "CREATE TABLE orders (id BIGINT PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL, updated_at TIMESTAMPTZ NOT NULL);",
        &["orders.created=created_at", "orders.updated=updated_at"],
    ),
    (
        "CREATE TABLE events (id BIGINT PRIMARY KEY, start TIMESTAMPTZ NOT NULL, stop TIMESTAMPTZ NOT NULL, place TEXT);",
        "CREATE TABLE events (id BIGINT PRIMARY KEY, starts_at TIMESTAMPTZ NOT NULL, ends_at TIMESTAMPTZ NOT NULL, location TEXT);",
        &["events.start=starts_at", "events.stop=ends_at", "events.place=location"],
    ),
    (
        "CREATE TABLE shops (id BIGINT PRIMARY KEY, addr TEXT, tel TEXT);",
        "CREATE TABLE shops (id BIGINT PRIMARY KEY, address TEXT, telephone TEXT);",
        &["shops.addr=address", "shops.tel=telephone"],
    ),
    (
        "CREATE TABLE files (id BIGINT PRIMARY KEY, filename TEXT NOT NULL, filesize BIGINT NOT NULL);",
        "CREATE TABLE files (id BIGINT PRIMARY KEY, name TEXT NOT NULL, size BIGINT NOT NULL);",
        &["files.filename=name", "files.filesize=size"],
    ),
    (
        "CREATE TABLE cards (id BIGINT PRIMARY KEY, num VARCHAR(20) NOT NULL, exp DATE NOT NULL);",
        "CREATE TABLE cards (id BIGINT PRIMARY KEY, card_number VARCHAR(20) NOT NULL, expires_on DATE NOT NULL);",
        &["cards.num=card_number", "cards.exp=expires_on"],
    ),
    // A prefix or suffix more or less.
    (
        "CREATE TABLE customers (id BIGINT PRIMARY KEY, customer_name TEXT NOT NULL, customer_city TEXT, customer_zip VARCHAR(10));",
        "CREATE TABLE customers (id BIGINT PRIMARY KEY, name TEXT NOT NULL, city TEXT, zip VARCHAR(10));",
        &["customers.customer_name=name", "customers.customer_city=city", "customers.customer_zip=zip"],
    ),
    (
        "CREATE TABLE tasks (id BIGINT PRIMARY KEY, done BOOLEAN NOT NULL DEFAULT FALSE, hidden BOOLEAN NOT NULL DEFAULT FALSE);",
        "CREATE TABLE tasks (id BIGINT PRIMARY KEY, is_done BOOLEAN NOT NULL DEFAULT FALSE, is_hidden BOOLEAN NOT NULL DEFAULT FALSE);",
        &["tasks.done=is_done", "tasks.hidden=is_hidden"],
    ),
    (
        "CREATE TABLE meters (id BIGINT PRIMARY KEY, t_min REAL, t_max REAL, p_min REAL, p_max REAL);",
        "CREATE TABLE meters (id BIGINT PRIMARY KEY, temperature_min REAL, temperature_max REAL, pressure_min REAL, pressure_max REAL);",
        &[
            "meters.t_min=temperature_min",
            "meters.t_max=temperature_max",
            "meters.p_min=pressure_min",
            "meters.p_max=pressure_max",
        ],
    ),
    (
        "CREATE TABLE logs (id BIGINT PRIMARY KEY, str_message TEXT, int_level INTEGER);",
        "CREATE TABLE logs (id BIGINT PRIMARY KEY, message TEXT, level INTEGER);",
        &["logs.str_message=message", "logs.int_level=level"],
    ),
    (
        "CREATE TABLE posts (id BIGINT PRIMARY KEY, like_count INTEGER NOT NULL DEFAULT 0, view_count INTEGER NOT NULL DEFAULT 0);",
        "CREATE TABLE posts (id BIGINT PRIMARY KEY, likes INTEGER NOT NULL DEFAULT 0, views INTEGER NOT NULL DEFAULT 0);",
        &["posts.like_count=likes", "posts.view_count=views"],
    ),
    (
        "CREATE TABLE invoices (id BIGINT PRIMARY KEY, total NUMERIC(12, 2) NOT NULL, tax NUMERIC(12, 2) NOT NULL);",
        "CREATE TABLE invoices (id BIGINT PRIMARY KEY, total_amount NUMERIC(12, 2) NOT NULL, tax_amount NUMERIC(12, 2) NOT NULL);",
        &["invoices.total=total_amount", "invoices.tax=tax_amount"],
    ),
    // Another order of words, another case, a plural, a slip of the pen.
    (
        "CREATE TABLE visits (id BIGINT PRIMARY KEY, date_start DATE, date_end DATE);",
        "CREATE TABLE visits (id BIGINT PRIMARY KEY, start_date DATE, end_date DATE);",
        &["visits.date_start=start_date", "visits.date_end=end_date"],
    ),
    (
        "CREATE TABLE books (id BIGINT PRIMARY KEY, \"isbnCode\" VARCHAR(20), \"pageCount\" INTEGER);",
        "CREATE TABLE books (id BIGINT PRIMARY KEY, isbn_code VARCHAR(20), page_count INTEGER);",
        &["books.isbnCode=isbn_code", "books.pageCount=page_count"],
    ),
    (
        "CREATE TABLE songs (id BIGINT PRIMARY KEY, artists TEXT, genres TEXT);",
        "CREATE TABLE songs (id BIGINT PRIMARY KEY, artist TEXT, genre TEXT);",
        &["songs.artists=artist", "songs.genres=genre"],
    ),
    (
        "CREATE TABLE letters (id BIGINT PRIMARY KEY, adress TEXT NOT NULL, reciever TEXT NOT NULL);",
        "CREATE TABLE letters (id BIGINT PRIMARY KEY, address TEXT NOT NULL, receiver TEXT NOT NULL);",
        &["letters.adress=address", "letters.reciever=receiver"],
    ),
    (
        "CREATE TABLE menus (id BIGINT PRIMARY KEY, color VARCHAR(20), center BOOLEAN NOT NULL);",
        "CREATE TABLE menus (id BIGINT PRIMARY KEY, colour VARCHAR(20), centre BOOLEAN NOT NULL);",
        &["menus.color=colour", "menus.center=centre"],
    ),
    // What a column is good for tells more than its name.
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE posts (id BIGINT PRIMARY KEY, author_id BIGINT REFERENCES users (id), editor BIGINT);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE posts (id BIGINT PRIMARY KEY, writer_id BIGINT REFERENCES users (id), revision BIGINT);",
        &["posts.author_id=writer_id", "posts.editor=revision"],
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, login VARCHAR(80) NOT NULL UNIQUE, title VARCHAR(80) NOT NULL);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, handle VARCHAR(80) NOT NULL UNIQUE, caption VARCHAR(80) NOT NULL);",
        &["users.login=handle", "users.title=caption"],
    ),
    (
        "CREATE TABLE tags (code VARCHAR(20) PRIMARY KEY, label VARCHAR(20) NOT NULL);",
        "CREATE TABLE tags (slug VARCHAR(20) PRIMARY KEY, text VARCHAR(20) NOT NULL);",
        &["tags.code=slug", "tags.label=text"],
    ),
    (
        "CREATE TABLE jobs (id BIGINT PRIMARY KEY, queue VARCHAR(40) NOT NULL, worker VARCHAR(40) NOT NULL); CREATE INDEX ix_jobs_queue ON jobs (queue);",
        "CREATE TABLE jobs (id BIGINT PRIMARY KEY, lane VARCHAR(40) NOT NULL, host VARCHAR(40) NOT NULL); CREATE INDEX ix_jobs_lane ON jobs (lane);",
        &["jobs.queue=lane", "jobs.worker=host"],
    ),
    (
        "CREATE TABLE seats (id BIGINT PRIMARY KEY, price INTEGER NOT NULL DEFAULT 10, row_no INTEGER NOT NULL);",
        "CREATE TABLE seats (id BIGINT PRIMARY KEY, cost INTEGER NOT NULL DEFAULT 10, line INTEGER NOT NULL);",
        &["seats.price=cost", "seats.row_no=line"],
    ),
    (
        "CREATE TABLE rooms (id BIGINT PRIMARY KEY, opened DATE NOT NULL, closed DATE);",
        "CREATE TABLE rooms (id BIGINT PRIMARY KEY, since DATE NOT NULL, until DATE);",
        &["rooms.opened=since", "rooms.closed=until"],
    ),
    // The type changes with the name.
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL, logins INTEGER NOT NULL DEFAULT 0);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, full_name TEXT NOT NULL, login_count BIGINT NOT NULL DEFAULT 0);",
        &["users.name=full_name", "users.logins=login_count"],
    ),
    (
        "CREATE TABLE payments (id BIGINT PRIMARY KEY, sum INTEGER NOT NULL, cur CHAR(3) NOT NULL);",
        "CREATE TABLE payments (id BIGINT PRIMARY KEY, sum_cents BIGINT NOT NULL, currency VARCHAR(3) NOT NULL);",
        &["payments.sum=sum_cents", "payments.cur=currency"],
    ),
    (
        "CREATE TABLE trips (id BIGINT PRIMARY KEY, dist INTEGER, dur INTEGER);",
        "CREATE TABLE trips (id BIGINT PRIMARY KEY, distance DOUBLE PRECISION, duration DOUBLE PRECISION);",
        &["trips.dist=distance", "trips.dur=duration"],
    ),
    (
        "CREATE TABLE notes (id BIGINT PRIMARY KEY, created_on DATE NOT NULL, txt VARCHAR(500));",
        "CREATE TABLE notes (id BIGINT PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL, text TEXT);",
        &["notes.created_on=created_at", "notes.txt=text"],
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, active INTEGER NOT NULL DEFAULT 1, score INTEGER NOT NULL DEFAULT 1);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, is_active BOOLEAN NOT NULL DEFAULT TRUE, score INTEGER NOT NULL DEFAULT 1);",
        &["users.active=is_active"],
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, nick VARCHAR(40) NOT NULL, born DATE);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, nickname VARCHAR(80), birthday DATE);",
        &["users.nick=nickname", "users.born=birthday"],
    ),
    // Tables.
    (
        "CREATE TABLE persons (id BIGINT PRIMARY KEY, name TEXT NOT NULL, born DATE);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL, born DATE);",
        &["persons=users"],
    ),
    (
        "CREATE TABLE categories (id BIGINT PRIMARY KEY, name TEXT NOT NULL); CREATE TABLE labels (id BIGINT PRIMARY KEY, name TEXT NOT NULL, color TEXT);",
        "CREATE TABLE category (id BIGINT PRIMARY KEY, name TEXT NOT NULL); CREATE TABLE label (id BIGINT PRIMARY KEY, name TEXT NOT NULL, color TEXT);",
        &["categories=category", "labels=label"],
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE posts (id BIGINT PRIMARY KEY, title TEXT NOT NULL, body TEXT, user_id BIGINT REFERENCES users (id)); CREATE TABLE comments (id BIGINT PRIMARY KEY, body TEXT, user_id BIGINT REFERENCES users (id), post_id BIGINT REFERENCES posts (id));",
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE articles (id BIGINT PRIMARY KEY, title TEXT NOT NULL, body TEXT, user_id BIGINT REFERENCES users (id)); CREATE TABLE remarks (id BIGINT PRIMARY KEY, body TEXT, user_id BIGINT REFERENCES users (id), post_id BIGINT REFERENCES articles (id));",
        &["posts=articles", "comments=remarks"],
    ),
    (
        "CREATE TABLE tbl_user (id BIGINT PRIMARY KEY, email TEXT); CREATE TABLE tbl_order (id BIGINT PRIMARY KEY, email TEXT, total INTEGER);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, email TEXT); CREATE TABLE orders (id BIGINT PRIMARY KEY, email TEXT, total INTEGER);",
        &["tbl_user=users", "tbl_order=orders"],
    ),
    // Tables with moved and renamed columns.
    (
        "CREATE TABLE clients (id BIGINT PRIMARY KEY, name TEXT NOT NULL, mail TEXT, tel TEXT);",
        "CREATE TABLE customers (id BIGINT PRIMARY KEY, telephone TEXT, name TEXT NOT NULL, email TEXT);",
        &["clients=customers", "customers.mail=email", "customers.tel=telephone"],
    ),
    (
        "CREATE TABLE staff (id BIGINT PRIMARY KEY, name TEXT, wage INTEGER, boss_id BIGINT REFERENCES staff (id));",
        "CREATE TABLE employees (id BIGINT PRIMARY KEY, name TEXT, salary INTEGER, manager_id BIGINT REFERENCES employees (id)); CREATE TABLE teams (id BIGINT PRIMARY KEY, name TEXT);",
        &["staff=employees", "employees.wage=salary", "employees.boss_id=manager_id"],
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE user_groups (user_id BIGINT REFERENCES users (id), group_id BIGINT, PRIMARY KEY (user_id, group_id)); CREATE TABLE user_logins (id BIGINT PRIMARY KEY, user_id BIGINT REFERENCES users (id), at TIMESTAMPTZ);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE memberships (user_id BIGINT REFERENCES users (id), group_id BIGINT, PRIMARY KEY (user_id, group_id)); CREATE TABLE sessions (id BIGINT PRIMARY KEY, user_id BIGINT REFERENCES users (id), at TIMESTAMPTZ);",
        &["user_groups=memberships", "user_logins=sessions"],
    ),
    // Values of enums.
    (
        "CREATE TYPE state AS ENUM ('draft', 'online', 'gone'); CREATE TABLE posts (id BIGINT PRIMARY KEY, state state NOT NULL);",
        "CREATE TYPE state AS ENUM ('draft', 'published', 'gone'); CREATE TABLE posts (id BIGINT PRIMARY KEY, state state NOT NULL);",
        &["state.online=published"],
    ),
    (
        "CREATE TYPE level AS ENUM ('lo', 'mid', 'hi'); CREATE TABLE jobs (id BIGINT PRIMARY KEY, level level NOT NULL);",
        "CREATE TYPE level AS ENUM ('low', 'middle', 'high'); CREATE TABLE jobs (id BIGINT PRIMARY KEY, level level NOT NULL);",
        &["level.lo=low", "level.mid=middle", "level.hi=high"],
    ),
];

#[test]
fn what_was_renamed_is_found_first() {
    let (mut right, mut wrong) = (0, Vec::new());
    for (from, to, pairs) in CASES {
        let (from, to) = (schema(from), schema(to));
        let mut answers = Answers::new();
        for pair in *pairs {
            let (old, new) = pair.split_once('=').unwrap();
            let open = diff(&from, &to, &answers).unwrap_err();
            let question =
                open.questions.iter().find(|question| question.object == old && question.kind == Asked::Rename);
            let first = question.and_then(|question| question.candidates.first());
            if first.is_some_and(|first| first.name == new) {
                right += 1;
            } else {
                wrong.push(format!("{pair}: {:?}", question.map(|question| &question.candidates)));
            }
            answers.rename(pair).unwrap();
        }
    }
    assert!(right + wrong.len() >= 80);
    assert!(right * 100 >= (right + wrong.len()) * 95, "{right} right, wrong: {wrong:#?}");
}

/// New things that nothing before was.
const STRANGERS: &[(&str, &str)] = &[
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, born DATE);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, bio TEXT NOT NULL DEFAULT '');",
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, age INTEGER NOT NULL, name TEXT);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, settings JSONB);",
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE avatars (user_id BIGINT PRIMARY KEY REFERENCES users (id), image BYTEA NOT NULL, width INTEGER, height INTEGER);",
        "CREATE TABLE users (id BIGINT PRIMARY KEY); CREATE TABLE currencies (code CHAR(3) PRIMARY KEY, name TEXT NOT NULL, digits SMALLINT NOT NULL);",
    ),
];

#[test]
fn strangers_are_no_renames() {
    for (from, to) in STRANGERS {
        let open = diff(&schema(from), &schema(to), &Answers::new()).unwrap_err();
        assert!(open.questions.iter().all(|question| question.kind == Asked::Drop), "{:#?}", open.questions);
    }
}
