//! Toasty beside rusqlite on SQLite files in WAL mode, in a program of its own: it wants another libsqlite3-sys than sqlx.

#[path = "../../sqlite/src/data.rs"]
mod data;
#[path = "../../sqlite/src/floor.rs"]
#[allow(dead_code, reason = "the other program measures more works")]
mod floor;
#[path = "../../sqlite/src/tasks.rs"]
mod tasks;
mod with_toasty;

use data::{BATCH, Folder, clear_items};
use rounds::Work;
use tasks::{in_task, runtime};

const GETS: u32 = 2_000;

fn main() {
    let folder = Folder::new();
    let (floor_file, file) = (folder.file("floor"), folder.file("toasty"));
    let batch = u32::try_from(BATCH).expect("a small number");
    let clearing = |path: &str| {
        let path = path.to_owned();
        move || clear_items(&path)
    };
    rounds::run(vec![
        Work::new("get by key, autocommit", GETS, "")
            .contender("rusqlite", floor::get_alone(&floor_file, GETS))
            .contender("Toasty", with_toasty::get(&file, GETS)),
        Work::new("fetch 10,000 rows", 1, "")
            .contender("rusqlite", floor::fetch_all(&floor_file))
            .contender("Toasty", with_toasty::fetch_all(&file)),
        Work::new("1,000 new objects, ids back", batch, "")
            .prepared("rusqlite, one by one", clearing(&floor_file), floor::insert(&floor_file))
            .prepared("Toasty", clearing(&file), with_toasty::insert(&file)),
        Work::new("1,000 objects read, changed, written", batch, "")
            .contender("rusqlite", floor::update(&floor_file))
            .contender("Toasty", with_toasty::update(&file)),
        Work::new("100 parents with 10 children each", 1, "")
            .contender("rusqlite, second query by IN", floor::view(&floor_file))
            .contender("Toasty", with_toasty::view(&file)),
    ]);
}
