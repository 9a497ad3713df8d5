//! Aludel beside rusqlite, Diesel, sqlx and SeaORM on SQLite files in WAL mode.

mod data;
mod floor;
mod ours;
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
    let ours = file("aludel");
    let ((floor_before, floor_flush), (before, flush)) = (floor::flush(&floor_file), ours::flush(&ours));
    rounds::run(vec![
        Work::new("get by key in a session of its own", GETS, "<= 1.3")
            .contender("rusqlite BEGIN, select, COMMIT", floor::get_in_transaction(&floor_file, GETS))
            .contender("aludel, blocking", ours::get_blocking(&ours, GETS))
            .contender("aludel, async", ours::get_async(&ours, GETS)),
        Work::new("get by key, autocommit", GETS, "")
            .contender("rusqlite", floor::get_alone(&floor_file, GETS))
            .contender("Diesel get_result", with_diesel::get_result(&diesel, GETS))
            .contender("Diesel first", with_diesel::first(&diesel, GETS))
            .contender("sqlx", with_sqlx::get(&sqlx, GETS))
            .contender("SeaORM", with_sea_orm::get(&sea_orm, GETS))
            .contender("aludel, a session each", ours::get_async(&ours, GETS)),
        Work::new("second get in a session", GETS, "<= 0.1")
            .contender("rusqlite, a select", floor::get_alone(&floor_file, GETS))
            .contender("aludel", ours::get_again(&ours, GETS)),
        Work::new("five reads", GETS / 5, "< 1")
            .contender("five autocommit selects, statement kept", floor::five_alone(&floor_file, GETS / 5))
            .contender("aludel, in one session", ours::five(&ours, GETS / 5)),
        Work::new("fetch 10,000 rows", 1, "<= 1.1; tracked <= 1.5")
            .contender("rusqlite", floor::fetch_all(&floor_file))
            .contender("Diesel", with_diesel::fetch_all(&diesel))
            .contender("sqlx", with_sqlx::fetch_all(&sqlx))
            .contender("SeaORM", with_sea_orm::fetch_all(&sea_orm))
            .contender("aludel fetch", ours::fetch_all(&ours))
            .contender("aludel track", ours::track_all(&ours)),
        Work::new("1,000 new objects, ids back", batch, "<= 1.5")
            .prepared("rusqlite, one by one", clearing(&floor_file), floor::insert(&floor_file))
            .prepared("Diesel", clearing(&diesel), with_diesel::insert(&diesel))
            .prepared("sqlx", clearing(&sqlx), with_sqlx::insert(&sqlx))
            .prepared("SeaORM", clearing(&sea_orm), with_sea_orm::insert(&sea_orm))
            .prepared("aludel", clearing(&ours), ours::insert(&ours)),
        Work::new("flush of 1,000 changed objects", batch, "<= 1.5")
            .prepared("rusqlite, the same UPDATE", floor_before, floor_flush)
            .prepared("aludel", before, flush),
        Work::new("1,000 objects read, changed, written", batch, "")
            .contender("rusqlite", floor::update(&floor_file))
            .contender("Diesel", with_diesel::update(&diesel))
            .contender("sqlx", with_sqlx::update(&sqlx))
            .contender("SeaORM", with_sea_orm::update(&sea_orm))
            .contender("aludel", ours::update(&ours)),
        Work::new("100 parents with 10 children each", 1, "<= 1.3")
            .contender("rusqlite, second query by IN", floor::view(&floor_file))
            .contender("Diesel", with_diesel::view(&diesel))
            .contender("sqlx", with_sqlx::view(&sqlx))
            .contender("SeaORM", with_sea_orm::view(&sea_orm))
            .contender("aludel", ours::view(&ours)),
        Work::new("axum GET /users/{id}, one worker", REQUESTS, "<= 1.25")
            .contender("rusqlite in place", web::ask(web::floor(&floor_file), REQUESTS))
            .contender("sqlx", web::ask(web::sqlx(&sqlx), REQUESTS))
            .contender("SeaORM", web::ask(web::sea_orm(&sea_orm), REQUESTS))
            .contender("aludel", web::ask(web::ours(&ours), REQUESTS)),
    ]);
}

fn clearing(path: &str) -> impl FnMut() + use<> {
    let path = path.to_owned();
    move || clear_items(&path)
}
