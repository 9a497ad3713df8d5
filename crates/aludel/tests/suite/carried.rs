//! Revisions that a program carries, and what a project says of its own.

use aludel::dialect::SQLITE;
use aludel::prelude::*;

#[test]
fn a_program_carries_the_files_of_a_folder() {
    let files = aludel::revisions!("tests/migrations").files().unwrap();
    assert_eq!(files.note(), None);
    let history = files.history().unwrap();
    let shown: Vec<&str> = history.revisions().iter().map(|revision| &*revision.file).collect();
    let names = ["4f1c2a9b7d03_add_shields.sql", "9a0b1c2d3e4f_forge_them.sql"];
    assert_eq!(shown, names.map(|name| std::path::Path::new("tests/migrations").join(name).display().to_string()));
    assert!(history.schema_at_heads(&SQLITE).unwrap().tables["shields"].column("forged").is_some());
}

#[test]
fn no_folder_is_no_revision() {
    assert!(aludel::revisions!("tests/no_such_folder").files().unwrap().history().unwrap().revisions().is_empty());
}

#[tokio::test]
async fn engines_are_known_by_name() {
    let project: aludel::Project = aludel::project!().engines(["postgres", "sqlite", "postgres"]);
    let names: Vec<&str> = project.dialects().unwrap().iter().map(|engine| engine.name).collect();
    assert_eq!(names, ["postgres", "sqlite"]);
    let project: aludel::Project = aludel::project!().engines(["postgresql"]);
    let error = project.open(Some(":memory:")).await.unwrap_err();
    let expected =
        "`engines` names `postgresql`, which is no engine: there are `sqlite`, `postgres`, `mysql`, `mariadb`";
    assert_eq!((error.is_config(), error.to_string().as_str()), (true, expected));
    let project: aludel::Project = aludel::project!().schema(aludel::schema![]);
    assert!(project.dialects().unwrap().is_empty());
    let _: Database = project.open(Some(":memory:")).await.unwrap();
}
