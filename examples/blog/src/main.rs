//! A blog over HTTP, on a database file that it makes itself.
//!
//! `cargo run -p blog` serves on 127.0.0.1:3000; `PORT` and `DATABASE_URL` change where and on what. `cargo run -p blog --
//! db help` lists the commands of the database.
#![forbid(unsafe_code)]

mod models;
mod page;
mod routes;
mod seed;
mod shapes;
mod steps;

use std::net::Ipv4Addr;
use std::process::ExitCode;

use aludel::prelude::*;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(std::io::stderr)
        .init();
    aludel::project!()
        .seed("content", seed::content)
        .function("split_tags", steps::split_tags)
        .function("join_tags", steps::join_tags)
        .main(serve)
        .await
}

async fn serve(db: Database) -> Result<()> {
    let applied = db.upgrade().await?;
    if applied.iter().any(|revision| revision.parents.is_empty()) {
        db.transaction(async |db| seed::content(db).await).await?;
        println!("the database is new: it has its tables and a little content now");
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port()?)).await.map_err(Error::other)?;
    println!("look at http://{}", listener.local_addr().map_err(Error::other)?);
    let server = axum::serve(listener, routes::app(db.clone()));
    server.with_graceful_shutdown(interrupted()).await.map_err(Error::other)?;
    db.close().await;
    Ok(())
}

/// `PORT`, else 3000.
fn port() -> Result<u16> {
    match std::env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| Error::msg(format!("PORT is `{port}`: give a number from 0 to 65535"))),
        Err(_) => Ok(3000),
    }
}

/// Ends when somebody presses Ctrl-C.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
