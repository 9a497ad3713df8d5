//! Functions of the application in the middle of a revision.

use std::time::Duration;

use aludel::migrate::{Batch, Functions, Next, Runner};
use aludel::prelude::*;
use aludel::{Settings, schema, sql};

use super::kit::{self, GOODS, ONE, USUAL, goods, history, ids, scratch};

const TAGGED: &str = "\
-- edition: 1
-- revision: b2
-- parents: a1
-- message: tags

ALTER TABLE goods ADD COLUMN tag TEXT;
-- run: tags by 2
ALTER TABLE goods ALTER COLUMN tag SET NOT NULL;
";

#[derive(Model, Clone, Debug)]
#[model(table = "goods")]
pub struct Good {
    pub id: i64,
    pub shop_id: i64,
    pub label: String,
    pub tag: Option<String>,
}

/// Two rows a batch, by a session with entities.
async fn tags(db: &mut Session, batch: Batch) -> Result<Next> {
    assert_eq!(batch.arguments, ["by", "2"]);
    let after: i64 = batch.at()?.unwrap_or(0);
    let found = db.track(Good::filter(Good::ID.gt(after)).order_by(Good::ID.asc()).limit(2)).await?;
    for good in &found {
        let label = db[*good].label.to_uppercase();
        db[*good].tag = Some(label);
    }
    Ok(match found.last() {
        Some(last) => Next::after(db[*last].id, found.len()),
        None => Next::done(0),
    })
}

async fn database(name: &str) -> Database {
    let path = scratch(name);
    drop(kit::filled(&path).await);
    let mut settings = Settings::default();
    settings.idle_write_timeout = Duration::from_millis(100);
    Database::open(path).schema(schema![Good]).settings(settings).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_works_in_batches_inside_of_its_revision() {
    let db = database("batches").await;
    let history = history(&[ONE, TAGGED]);
    let functions = Functions::new().add("tags", tags);
    assert_eq!(Runner::new(&db, &history).functions(&functions).upgrade("head").await.unwrap(), ["b2"]);
    let tags = db.read().fetch(Good::all().order_by(Good::ID.asc()).select(Good::TAG)).await.unwrap();
    assert_eq!(tags, [Some("TEA".to_owned()), Some("ROPE".to_owned()), Some("SALT".to_owned())]);
    let steps = sql!("select what, rows_done, resume_at from aludel_steps where revision = 'b2' order by place");
    let steps: Vec<(String, i64, Option<String>)> = db.read().fetch(steps.rows()).await.unwrap();
    let expected = [("change", 0, None), ("run tags", 3, Some("3")), ("change", 0, None)];
    assert_eq!(steps, expected.map(|(what, rows, at)| (what.to_owned(), rows, at.map(str::to_owned))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_is_missing_is_told_before_anything_is_touched() {
    let db = database("missing").await;
    let history = history(&[ONE, TAGGED]);
    let functions: Functions = Functions::new().add("slugs", tags).add("tag", tags);
    let error = Runner::new(&db, &history).functions(&functions).upgrade("head").await.unwrap_err();
    let text = error.to_string();
    assert!(
        error.is_revision() && text.contains("there is no function `tags`: registered are `slugs`, `tag`"),
        "{text}"
    );
    assert!(text.contains("1.sql:7:1"), "{text}");
    let events: Vec<i64> = db.read().fetch(sql!("select count(*) from aludel_events").rows()).await.unwrap();
    assert_eq!(events, [3], "not even that it began");
    let none = Runner::new(&db, &history).upgrade("head").await.unwrap_err();
    assert!(none.to_string().contains("none is registered"), "{none}");
}

/// Computes longer than a writer may rest.
async fn slow(db: &mut Session, _: Batch) -> Result<Next> {
    db.execute(sql!("update goods set tag = 'slow'")).await?;
    tokio::time::sleep(Duration::from_millis(600)).await;
    db.execute(sql!("update goods set tag = tag || 'ly'")).await?;
    Ok(Next::done(3))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_may_take_its_time() {
    let db = database("slow").await;
    let history = history(&[ONE, TAGGED]);
    let functions = Functions::new().add("tags", slow);
    assert_eq!(Runner::new(&db, &history).functions(&functions).upgrade("head").await.unwrap(), ["b2"]);
    let tags: Vec<String> = db.read().fetch(sql!("select distinct tag from goods").rows()).await.unwrap();
    assert_eq!(tags, ["slowly"]);
}

async fn commits(db: &mut Session, _: Batch) -> Result<Next> {
    db.execute(sql!("update goods set tag = 'x'")).await?;
    db.commit().await?;
    Ok(Next::done(3))
}

async fn rolls_back(db: &mut Session, _: Batch) -> Result<Next> {
    db.execute(sql!("update goods set tag = 'x'")).await?;
    db.rollback().await?;
    Ok(Next::done(3))
}

async fn fails(db: &mut Session, _: Batch) -> Result<Next> {
    db.execute(sql!("update goods set tag = 'x'")).await?;
    Err(Error::refuse(409, "the rows are not as I thought"))
}

async fn swallows(db: &mut Session, _: Batch) -> Result<Next> {
    let _ = db.execute(sql!("update goods set shop_id = null")).await;
    Ok(Next::done(0))
}

async fn turns_in_circles(_: &mut Session, _: Batch) -> Result<Next> {
    Ok(Next::after("here", 0))
}

async fn panics(_: &mut Session, _: Batch) -> Result<Next> {
    panic!("of the function")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_goes_wrong_undoes_its_revision() {
    let history = history(&[ONE, TAGGED]);
    let db = database("wrong").await;
    let engine = kit::open(&scratch("wrong-engine"));
    drop(engine);
    let cases = [
        (Functions::new().add("tags", commits), "which commits when all of the revision is done"),
        (Functions::new().add("tags", rolls_back), "which commits when all of the revision is done"),
        (Functions::new().add("tags", fails), "the rows are not as I thought"),
        (Functions::new().add("tags", swallows), "a value is missing that must be given"),
        (Functions::new().add("tags", turns_in_circles), "returned the cursor it was given"),
    ];
    for (functions, words) in &cases {
        let error = Runner::new(&db, &history).functions(functions).upgrade("head").await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_revision() && text.contains(words) && text.contains("1.sql:7:1"), "{text}");
        untouched(&db).await;
        let last = sql!("select what, revision, details from aludel_events order by number desc limit 1");
        let last: Vec<(String, String, String)> = db.read().fetch(last.rows()).await.unwrap();
        assert_eq!(last, [("failed".to_owned(), "b2".to_owned(), text)]);
    }
    let functions: Functions = Functions::new().add("tags", panics);
    let (again, run) = (db.clone(), history.clone());
    let task = tokio::spawn(async move { Runner::new(&again, &run).functions(&functions).upgrade("head").await });
    assert!(task.await.unwrap_err().is_panic());
    untouched(&db).await;
}

async fn untouched(db: &Database) {
    let columns = sql!("select count(*) from pragma_table_info('goods') where name = 'tag'");
    let columns: Vec<i64> = db.session().fetch(columns.rows()).await.unwrap();
    assert_eq!(columns, [0]);
    let keys: Vec<i64> = db.session().fetch(sql!("pragma foreign_keys").rows()).await.unwrap();
    assert_eq!(keys, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_of_closures_and_the_way_back() {
    let path = scratch("closure");
    let engine = kit::filled(&path).await;
    let text = TAGGED.to_owned() + "\n-- downgrade\n\n-- run: warn\nALTER TABLE goods DROP COLUMN tag;\n";
    let history = history(&[ONE, &text]);
    async fn all(db: &mut Session, _: Batch) -> Result<Next> {
        let rows = db.execute(sql!("update goods set tag = label")).await?;
        Ok(Next::done(rows))
    }
    async fn warn(db: &mut Session, _: Batch) -> Result<Next> {
        db.execute(sql!("update goods set label = tag || '!'")).await?;
        Ok(Next::done(0))
    }
    let functions: Functions = Functions::new().add("tags", all).add("warn", warn);
    let runner = Runner::over(&engine, &history).functions(&functions);
    runner.upgrade("head").await.unwrap();
    runner.downgrade("a1").await.unwrap();
    let changed: Vec<String> = GOODS.iter().map(|row| format!("{row}!")).collect();
    assert_eq!((goods(&engine).await, ids(&engine).await), (changed, vec!["a1".to_owned()]));
    assert_eq!(kit::settings(&engine).await.unwrap(), USUAL);
}
