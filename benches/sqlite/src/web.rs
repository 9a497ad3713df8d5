//! `GET /users/{id}` through axum with one worker, asked by a client thread over loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

use aludel::axum::{Db, DbLayer};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::Connection;
use sea_orm::{DatabaseConnection, EntityTrait};
use serde::Serialize;
use sqlx::SqlitePool;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::data::{Keys, open};
use crate::{floor, ours, with_sea_orm, with_sqlx};

/// Requests that are under way at once.
const CONNECTIONS: u32 = 16;

/// Serves `router` for as long as the program runs, on a runtime with one worker made by `start`.
pub fn serve<F: Future<Output = Router>>(start: impl FnOnce() -> F) -> SocketAddr {
    let runtime: &'static Runtime =
        Box::leak(Box::new(Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("it starts")));
    runtime.block_on(async {
        let router = start().await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        runtime.spawn(async move { axum::serve(listener, router).await });
        address
    })
}

/// Asks for `times` users, from a thread whose CPU time is not counted.
pub fn ask(address: SocketAddr, times: u32) -> impl FnMut() + use<> {
    let mut connections: Vec<TcpStream> = (0..CONNECTIONS)
        .map(|_| {
            let connection = TcpStream::connect(address).expect("it listens");
            connection.set_nodelay(true).expect("a setting of TCP");
            connection
        })
        .collect();
    let mut keys = Keys::new();
    move || {
        std::thread::scope(|scope| {
            let work = || {
                rounds::uncounted(|| {
                    let mut asked: Vec<i64> =
                        connections.iter_mut().map(|connection| send(connection, &mut keys)).collect();
                    // Each answer is followed by the next question at once, so that the server never waits.
                    for number in CONNECTIONS..times {
                        let at = usize::try_from(number % CONNECTIONS).expect("a small number");
                        receive(&mut connections[at], asked[at]);
                        asked[at] = send(&mut connections[at], &mut keys);
                    }
                    connections.iter_mut().zip(&asked).for_each(|(connection, id)| receive(connection, *id));
                });
            };
            let client = scope.spawn(work);
            client.join().expect("every answer is right");
        });
    }
}

fn send(connection: &mut TcpStream, keys: &mut Keys) -> i64 {
    let id = keys.next();
    let request = format!("GET /users/{id} HTTP/1.1\r\nhost: bench\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("it takes requests");
    id
}

fn receive(connection: &mut TcpStream, id: i64) {
    let (mut buffer, mut length) = ([0; 1024], 0);
    while !buffer[..length].ends_with(b"}") {
        length += match connection.read(&mut buffer[length..]).expect("it answers") {
            0 => panic!("the connection was closed"),
            count => count,
        };
    }
    let answer = std::str::from_utf8(&buffer[..length]).expect("JSON is UTF-8");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(&format!("\"id\":{id},")), "{answer}");
}

#[derive(Serialize)]
struct Answer {
    id: i64,
    name: String,
    email: Option<String>,
}

pub fn floor(path: &str) -> SocketAddr {
    let connection = Arc::new(Mutex::new(open(path)));
    serve(|| async {
        Router::new()
            .route(
                "/users/{id}",
                get(async |State(connection): State<Arc<Mutex<Connection>>>, Path(id): Path<i64>| {
                    let user = floor::get(&connection.lock().expect("nobody panics"), id);
                    Json(Answer { id: user.id, name: user.name, email: user.email })
                }),
            )
            .with_state(connection)
    })
}

async fn sqlx_user(State(pool): State<SqlitePool>, Path(id): Path<i64>) -> Result<Json<Answer>, StatusCode> {
    let query = sqlx::query_as::<_, with_sqlx::User>("SELECT id, name, email FROM users WHERE id = ?").bind(id);
    let user = query.fetch_one(&pool).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(Answer { id: user.id, name: user.name, email: user.email }))
}

pub fn sqlx(path: &str) -> SocketAddr {
    serve(|| async { Router::new().route("/users/{id}", get(sqlx_user)).with_state(with_sqlx::connect(path).await) })
}

async fn sea_orm_user(
    State(database): State<DatabaseConnection>,
    Path(id): Path<i64>,
) -> Result<Json<Answer>, StatusCode> {
    let found = with_sea_orm::user::Entity::find_by_id(id).one(&database).await;
    let user = found.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(Answer { id: user.id, name: user.name, email: user.email }))
}

pub fn sea_orm(path: &str) -> SocketAddr {
    serve(|| async {
        let database = sea_orm::SqlxSqliteConnector::from_sqlx_sqlite_pool(with_sqlx::connect(path).await);
        Router::new().route("/users/{id}", get(sea_orm_user)).with_state(database)
    })
}

async fn our_user(Db(mut db): Db, aludel::axum::Path(id): aludel::axum::Path<i64>) -> aludel::Result<Json<ours::User>> {
    let user = db.get::<ours::User>(id).await?;
    Ok(Json(db[user].clone()))
}

pub fn ours(path: &str) -> SocketAddr {
    serve(|| async {
        let layer = DbLayer::new(ours::open(path).await);
        Router::new().route("/users/{id}", get(our_user)).layer(layer)
    })
}
