//! Aludel beside rusqlite, Diesel, sqlx and SeaORM on SQLite files in WAL mode.

mod data;
mod floor;
mod tasks;
mod web;
mod with_diesel;
mod with_sea_orm;
mod with_sqlx;

use data::{BATCH, Folder, clear_items};
use rounds::Work;
use tasks::{in_task, runtime};

const GETS: u32 = 2_000;
const REQUESTS: u32 = 2_000;

fn main() {
    let folder = Folder::new();
    let file = |name: &str| folder.file(name);
    let floor_file = file("floor");
    let (diesel, sqlx, sea_orm) = (file("diesel"), file("sqlx"), file("sea_orm"));
    let batch = u32::try_from(BATCH).expect("a small number");
    rounds::run(vec![
        Work::new("get by key, autocommit", GETS, "")
            .contender("rusqlite", floor::get_alone(&floor_file, GETS))
            .contender("Diesel get_result", with_diesel::get_result(&diesel, GETS))
            .contender("Diesel first", with_diesel::first(&diesel, GETS))
            .contender("sqlx", with_sqlx::get(&sqlx, GETS))
            .contender("SeaORM", with_sea_orm::get(&sea_orm, GETS)),
        Work::new("fetch 10,000 rows", 1, "")
            .contender("rusqlite", floor::fetch_all(&floor_file))
            .contender("Diesel", with_diesel::fetch_all(&diesel))
            .contender("sqlx", with_sqlx::fetch_all(&sqlx))
            .contender("SeaORM", with_sea_orm::fetch_all(&sea_orm)),
        Work::new("1,000 new objects, ids back", batch, "")
            .prepared("rusqlite, one by one", clearing(&floor_file), floor::insert(&floor_file))
            .prepared("Diesel", clearing(&diesel), with_diesel::insert(&diesel))
            .prepared("sqlx", clearing(&sqlx), with_sqlx::insert(&sqlx))
            .prepared("SeaORM", clearing(&sea_orm), with_sea_orm::insert(&sea_orm)),
        Work::new("1,000 objects read, changed, written", batch, "")
            .contender("rusqlite", floor::update(&floor_file))
            .contender("Diesel", with_diesel::update(&diesel))
            .contender("sqlx", with_sqlx::update(&sqlx))
            .contender("SeaORM", with_sea_orm::update(&sea_orm)),
        Work::new("100 parents with 10 children each", 1, "")
            .contender("rusqlite, second query by IN", floor::view(&floor_file))
            .contender("Diesel", with_diesel::view(&diesel))
            .contender("sqlx", with_sqlx::view(&sqlx))
            .contender("SeaORM", with_sea_orm::view(&sea_orm)),
        Work::new("axum GET /users/{id}, one worker", REQUESTS, "")
            .contender("rusqlite in place", web::ask(web::floor(&floor_file), REQUESTS))
            .contender("sqlx", web::ask(web::sqlx(&sqlx), REQUESTS))
            .contender("SeaORM", web::ask(web::sea_orm(&sea_orm), REQUESTS)),
    ]);
}

fn clearing(path: &str) -> impl FnMut() + use<> {
    let path = path.to_owned();
    move || clear_items(&path)
}
