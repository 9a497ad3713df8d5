//! Revisions that a program carries: at its start, and what a project says of its own.

use std::path::Path;

use aludel::dialect::SQLITE;
use aludel::migrate::{Batch, Next, Revision, Source};
use aludel::prelude::*;
use aludel::sql;
use expect_test::expect;

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

async fn open(file: &Path, source: Source) -> Database {
    Database::open(file).schema(aludel::schema![]).revisions(source).await.unwrap()
}

fn ids(revisions: &[&Revision]) -> Vec<String> {
    revisions.iter().map(|revision| revision.id.clone()).collect()
}

const BOTH: [&str; 2] = ["4f1c2a9b7d03", "9a0b1c2d3e4f"];

#[tokio::test]
async fn a_program_brings_its_database_along_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let db = open(&file, aludel::revisions!("tests/migrations")).await;
    assert_eq!(ids(&db.pending().await.unwrap()), BOTH);
    let error = db.assert_current().await.unwrap_err();
    assert!(error.is_revision());
    expect![[r#"
        the database lacks revisions of this program:
          `4f1c2a9b7d03` (add shields)
          `9a0b1c2d3e4f` (forge them)
        Apply them with `db upgrade`, or let the program do it: `Database::upgrade` before it serves"#]]
    .assert_eq(&error.to_string());
    assert_eq!(ids(&db.upgrade().await.unwrap()), BOTH);
    db.session().execute(sql!("insert into shields (name) values ('round')")).await.unwrap();
    db.assert_current().await.unwrap();
    assert!(db.pending().await.unwrap().is_empty());
}

#[tokio::test]
async fn nothing_pending_is_no_write_and_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let db = open(&file, aludel::revisions!("tests/migrations")).await;
    db.upgrade().await.unwrap();
    db.close().await;
    let before = std::fs::read(&file).unwrap();
    let other: Database = Database::open(file.as_path()).schema(aludel::schema![]).await.unwrap();
    let mut writer = other.session();
    writer.execute(sql!("insert into shields (name) values ('kept open')")).await.unwrap();
    let db = open(&file, aludel::revisions!("tests/migrations")).await;
    let started = std::time::Instant::now();
    assert!(db.upgrade().await.unwrap().is_empty());
    db.assert_current().await.unwrap();
    assert!(started.elapsed() < std::time::Duration::from_secs(4), "it waited for the writer");
    writer.rollback().await.unwrap();
    drop(writer);
    other.close().await;
    db.close().await;
    assert!(before == std::fs::read(&file).unwrap(), "the file has changed");
}

#[tokio::test]
async fn an_older_program_leaves_a_newer_database_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (file, old) = (folder.path().join("app.db"), folder.path().join("old"));
    let db = open(&file, aludel::revisions!("tests/migrations")).await;
    db.upgrade().await.unwrap();
    db.close().await;
    std::fs::create_dir(&old).unwrap();
    let first = "4f1c2a9b7d03_add_shields.sql";
    std::fs::copy(Path::new("tests/migrations").join(first), old.join(first)).unwrap();
    let before = std::fs::read(&file).unwrap();
    let db = open(&file, Source::folder(&old)).await;
    assert!(db.pending().await.unwrap().is_empty());
    for error in [db.upgrade().await.unwrap_err(), db.assert_current().await.unwrap_err()] {
        let said = error.to_string();
        assert!(error.is_revision() && said.contains("9a0b1c2d3e4f") && said.contains("newer program"), "{said}");
    }
    db.close().await;
    assert!(before == std::fs::read(&file).unwrap(), "the file has changed");
}

#[tokio::test]
async fn a_database_without_revisions_says_how_to_give_it_some() {
    let db: Database = Database::open(":memory:").schema(aludel::schema![]).await.unwrap();
    let error = db.upgrade().await.unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("aludel::revisions!()"), "{error}");
    let given: Database = Database::open(&db).revisions(aludel::revisions!("tests/migrations")).await.unwrap();
    assert_eq!(ids(&given.upgrade().await.unwrap()), BOTH);
}

async fn forge(db: &mut Session, batch: Batch) -> Result<Next> {
    let [name] = &batch.arguments[..] else { return Err(aludel::Error::msg("which one?")) };
    db.execute(sql!("insert into shields (name) values ({name})")).await?;
    Ok(Next::done(1))
}

#[tokio::test]
async fn a_project_lends_its_functions_to_its_revisions() {
    let folder = tempfile::tempdir().unwrap();
    let first = "4f1c2a9b7d03_add_shields.sql";
    std::fs::copy(Path::new("tests/migrations").join(first), folder.path().join(first)).unwrap();
    let header = "-- edition: 1\n-- revision: c3\n-- parents: 4f1c2a9b7d03\n-- message: forge one\n";
    std::fs::write(folder.path().join("c3.sql"), format!("{header}\n-- run: forge round\n")).unwrap();
    let project = || -> aludel::Project { aludel::project!().schema(aludel::schema![]) };
    let project = || project().revisions(Source::folder(folder.path()));
    let bare = project().open(Some(":memory:")).await.unwrap();
    let said = bare.upgrade().await.unwrap_err().to_string();
    assert!(said.contains("`forge`") && said.contains("c3.sql:6"), "{said}");
    let db = project().function("forge", forge).open(Some(":memory:")).await.unwrap();
    assert_eq!(ids(&db.upgrade().await.unwrap()), ["4f1c2a9b7d03", "c3"]);
    let names: Vec<(String,)> = db.read().fetch(sql!("select name from shields").rows()).await.unwrap();
    assert_eq!(names, [("round".to_owned(),)]);
}

#[derive(Model)]
#[model(table = "shields")]
pub struct Shield {
    pub id: i64,
    #[column(length = 80)]
    pub name: String,
    #[column(default = true)]
    pub forged: bool,
}

#[derive(Model)]
#[model(table = "shields")]
pub struct Motto {
    pub id: i64,
    #[column(length = 80)]
    pub name: String,
    #[column(default = true)]
    pub forged: bool,
    pub motto: Option<String>,
}

/// What a test says that asserts this.
fn failure(models: Vec<&'static aludel::Meta>, source: Source) -> String {
    let project: aludel::Project = aludel::project!().schema(models).revisions(source);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| aludel::assert_migrated!(project)));
    caught.err().map_or(String::new(), |said| *said.downcast::<String>().unwrap())
}

#[test]
fn a_test_tells_where_models_and_revisions_differ() {
    let carried = || aludel::revisions!("tests/migrations");
    assert_eq!(failure(aludel::schema![Shield], carried()), "");
    assert_eq!(failure(aludel::schema![], aludel::revisions!("tests/no_such_folder")), "");
    let place = format!("carried.rs:{}", Motto::META.fields.last().unwrap().line);
    let said = failure(aludel::schema![Motto], carried()).replace(&place, "carried.rs:LINE");
    expect![[r#"
        the models and the revisions differ:
          column `shields.motto`: TEXT in the models (crates/aludel/tests/suite/carried.rs:LINE), not in the history
        Write a revision, or change the models back: cargo run -- db revision -m "what changes""#]]
    .assert_eq(&said);
    let folder = tempfile::tempdir().unwrap();
    for (id, parent) in [("a1", ""), ("b2", "a1"), ("c3", "a1")] {
        let text = format!("-- edition: 1\n-- revision: {id}\n-- parents: {parent}\n-- message: {id}\n");
        std::fs::write(folder.path().join(format!("{id}.sql")), text).unwrap();
    }
    let said = failure(aludel::schema![], Source::folder(folder.path()));
    expect![[r#"
        the revisions have 2 heads:
          folder/b2.sql (b2)
          folder/c3.sql (c3)
        Join them: cargo run -- db merge"#]]
    .assert_eq(&said.replace(&folder.path().display().to_string(), "folder"));
}
