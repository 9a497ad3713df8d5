//! sqlx with its pool as it comes, one connection for the works of one task.

use std::collections::HashMap;
use std::hint::black_box;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, FromRow};

use crate::data::{BATCH, Keys, PARENTS};
use crate::{in_task, runtime};

#[derive(FromRow)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
}

#[derive(FromRow)]
struct Parent {
    id: i64,
    name: String,
}

#[derive(FromRow)]
struct Child {
    #[expect(dead_code, reason = "it is made, not read")]
    id: i64,
    parent_id: i64,
    #[expect(dead_code, reason = "it is made, not read")]
    name: String,
}

#[derive(FromRow)]
struct Item {
    id: i64,
    #[expect(dead_code, reason = "it is made, not read")]
    name: String,
    amount: i64,
}

/// The pool; also SeaORM's.
pub async fn connect(path: &str) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true);
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the file opens")
}

pub fn open(path: &str) -> SqlitePool {
    runtime().block_on(connect(path))
}

pub fn get(path: &str, times: u32) -> impl FnMut() + use<> {
    let pool = open(path);
    move || {
        let pool = pool.clone();
        in_task(async move {
            let mut keys = Keys::new();
            for _ in 0..times {
                let query = sqlx::query_as::<_, User>("SELECT id, name, email FROM users WHERE id = ?");
                black_box(query.bind(keys.next()).fetch_one(&pool).await.expect("the row is there"));
            }
        });
    }
}

pub fn fetch_all(path: &str) -> impl FnMut() + use<> {
    let pool = open(path);
    move || {
        let pool = pool.clone();
        in_task(async move {
            let all = sqlx::query_as::<_, User>("SELECT id, name, email FROM users").fetch_all(&pool).await;
            assert_eq!(black_box(all.expect("it reads")).len(), 10_000);
        });
    }
}

pub fn insert(path: &str) -> impl FnMut() + use<> {
    let pool = open(path);
    move || {
        let pool = pool.clone();
        in_task(async move {
            let mut query = sqlx::QueryBuilder::new("INSERT INTO items (name, amount) ");
            query.push_values(0..BATCH, |mut row, number| {
                row.push_bind(format!("Item {number}")).push_bind(number);
            });
            query.push(" RETURNING id");
            let ids: Vec<i64> = query.build_query_scalar().fetch_all(&pool).await.expect("it writes");
            assert_eq!(black_box(ids).len(), 1_000);
        });
    }
}

pub fn update(path: &str) -> impl FnMut() + use<> {
    let pool = open(path);
    move || {
        let pool = pool.clone();
        in_task(async move {
            let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.expect("it begins");
            let select = sqlx::query_as::<_, Item>("SELECT id, name, amount FROM items WHERE id <= 1000");
            let items = select.fetch_all(&mut *transaction).await.expect("it reads");
            for item in &items {
                let update =
                    sqlx::query("UPDATE items SET amount = ? WHERE id = ?").bind(item.amount + 1).bind(item.id);
                update.execute(&mut *transaction).await.expect("it writes");
            }
            transaction.commit().await.expect("it commits");
            black_box(items);
        });
    }
}

pub fn view(path: &str) -> impl FnMut() + use<> {
    let pool = open(path);
    let marks = vec!["?"; usize::try_from(PARENTS).expect("a small number")].join(", ");
    let text = format!("SELECT id, parent_id, name FROM children WHERE parent_id IN ({marks}) ORDER BY id");
    move || {
        let (pool, text) = (pool.clone(), text.clone());
        in_task(async move {
            let parents = sqlx::query_as::<_, Parent>("SELECT id, name FROM parents ORDER BY id LIMIT 100");
            let parents = parents.fetch_all(&pool).await.expect("it reads");
            let mut query = sqlx::query_as::<_, Child>(AssertSqlSafe(text));
            for parent in &parents {
                query = query.bind(parent.id);
            }
            let mut groups: HashMap<i64, Vec<Child>> = HashMap::new();
            for child in query.fetch_all(&pool).await.expect("it reads") {
                groups.entry(child.parent_id).or_default().push(child);
            }
            let pages: Vec<(String, Vec<Child>)> = parents
                .into_iter()
                .map(|parent| (parent.name, groups.remove(&parent.id).unwrap_or_default()))
                .collect();
            assert_eq!(black_box(pages).len(), 100);
        });
    }
}
