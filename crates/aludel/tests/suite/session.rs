//! Sessions: entities, flush, savepoints, rollback.

use aludel::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Account {
    pub id: i64,
    #[column(unique, length = 255)]
    pub email: String,
    #[column(default = 100)]
    pub balance: i64,
    pub note: Option<String>,
    #[column(default = now)]
    pub created_at: aludel::Timestamp,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(many_to_many(labels: Label through EntryLabel))]
pub struct Entry {
    pub id: i64,
    pub account_id: Fk<Account>,
    pub text: String,
    pub reply_to_id: Option<Fk<Entry>>,
    #[column(version)]
    pub version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Label {
    #[column(key, length = 20)]
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct EntryLabel {
    #[column(key)]
    pub entry_id: Fk<Entry>,
    #[column(key)]
    pub label_id: Fk<Label>,
}

pub(crate) async fn fresh() -> Database {
    let models = vec![Account::META, Entry::META, Label::META, EntryLabel::META];
    let db: Database = Database::open(":memory:").schema(models).await.unwrap();
    db.create_tables().await.unwrap();
    db
}

pub(crate) fn account(email: &str) -> aludel::Draft<Account> {
    new!(Account { email })
}

#[tokio::test]
async fn handles_before_keys() {
    let db = fresh().await;
    let mut db = db.session();
    let ann = db.add(account("ann@x.io"));
    let first = db.add(new!(Entry { account_id: ann, text: "first" }));
    let second = db.add(new!(Entry { account_id: ann, text: "second", reply_to_id: first }));
    let label = db.add(new!(Label { name: "new" }));
    let link = db.add(new!(EntryLabel { entry_id: second, label_id: label }));
    assert_eq!(db[ann].balance, 100, "a literal default is known in memory");
    assert_eq!(db.key(ann), None);
    db.commit().await.unwrap();
    assert_eq!((db.key(ann), db.key(first), db.key(second)), (Some(1), Some(1), Some(2)));
    assert_eq!(db[second].reply_to_id.unwrap().key(), Some(&1));
    assert_eq!(db.key(link), Some((2, "new".to_owned())));
    assert_eq!(db[first].version, 1);
    assert!(db[ann].created_at.0 > 0);
}

#[tokio::test]
async fn one_row_is_one_entity() {
    let db = fresh().await;
    let mut db = db.session();
    db.add_all([account("a"), account("b")]);
    db.commit().await.unwrap();
    let (from, to) = (db.get::<Account>(1).await.unwrap(), db.get::<Account>(1).await.unwrap());
    assert_eq!(from, to);
    db[from].balance -= 10;
    db[to].balance += 10;
    let sent = db.statements();
    db.commit().await.unwrap();
    assert_eq!(db.statements(), sent, "nothing differs, nothing is sent");
    assert_eq!(db[from].balance, 100);
}

#[tokio::test]
async fn only_what_differs_is_written_and_old_values_are_checked() {
    let db = fresh().await;
    let mut one = db.session();
    one.add(account("a"));
    one.commit().await.unwrap();
    let mine = one.get::<Account>(1).await.unwrap();
    one.commit().await.unwrap();
    one[mine].balance -= 10;
    let mut other = db.session();
    let theirs = other.get::<Account>(1).await.unwrap();
    other[theirs].balance -= 10;
    other.commit().await.unwrap();
    let error = one.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    assert_eq!(one[mine].balance, 100, "a failed commit puts memory back");
    one.refresh(mine).await.unwrap();
    assert_eq!(one[mine].balance, 90);
    one[mine].note = Some("x".into());
    one.commit().await.unwrap();
    let note = one.fetch_one(Account::at(1)).await.unwrap().note;
    assert_eq!(note.as_deref(), Some("x"));
}

#[tokio::test]
async fn rollback_and_savepoints_undo_memory_with_rows() {
    let db = fresh().await;
    let mut db = db.session();
    let ann = db.add(account("ann"));
    db.flush().await.unwrap();
    let failed: Result<()> = db
        .savepoint(async |db| {
            db[ann].note = Some("inside".into());
            db.add(account("ann"));
            db.flush().await
        })
        .await;
    let error = failed.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.fields()[0].field, "email");
    assert_eq!(db[ann].note, None);
    let bob = db.add(account("bob"));
    db.commit().await.unwrap();
    assert_eq!(db.count(Account::all()).await.unwrap(), 2);
    {
        let mut part = db.begin_savepoint();
        part[bob].balance = 1;
        part.flush().await.unwrap();
        part[ann].balance = 2;
    }
    assert_eq!((db[ann].balance, db[bob].balance), (100, 100));
    let eve = db.add(account("eve"));
    db.flush().await.unwrap();
    db.rollback().await.unwrap();
    assert!(db.try_get(eve).is_none());
    assert_eq!(db.count(Account::all()).await.unwrap(), 2);
}

#[tokio::test]
async fn after_a_failure_nothing_runs_until_rollback() {
    let db = fresh().await;
    let mut db = db.session();
    db.add(account("a"));
    db.commit().await.unwrap();
    db.add(account("a"));
    assert!(db.flush().await.unwrap_err().is_unique_violation());
    let error = db.fetch(Account::all()).await.unwrap_err();
    assert!(error.is_transaction_failed(), "{error}");
    db.rollback().await.unwrap();
    assert_eq!(db.fetch(Account::all()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn missing_parents_and_children_are_named() {
    let db = fresh().await;
    let mut db = db.session();
    db.add(new!(Entry { account_id: 7, text: "x" }));
    let error = db.commit().await.unwrap_err();
    assert!(error.is_foreign_key_violation());
    assert_eq!(error.fields()[0].field, "account_id");
    assert_eq!(error.status(), 422);
    let ann = db.add(account("a"));
    db.add(new!(Entry { account_id: ann, text: "x" }));
    db.commit().await.unwrap();
    db.delete(ann);
    let error = db.commit().await.unwrap_err();
    assert_eq!((error.status(), error.fields()[0].code.as_ref()), (409, "referenced"), "{error}");
}

#[tokio::test]
async fn deletes() {
    let db = fresh().await;
    let mut db = db.session();
    let accounts = db.add_all(["a", "b", "c"].map(account));
    db.commit().await.unwrap();
    db.delete(accounts[0]);
    assert!(db.get::<Account>(1).await.unwrap_err().is_not_found());
    db.delete(accounts[1]);
    db.commit().await.unwrap();
    assert!(db.try_get(accounts[0]).is_none());
    assert_eq!(db.fetch(Account::all()).await.unwrap().len(), 1);
    let label = db.add(new!(Label { name: "x" }));
    db.commit().await.unwrap();
    db.delete(label);
    let again = db.add(new!(Label { name: "x" }));
    db.commit().await.unwrap();
    assert_eq!(db[again].name, "x");
}

#[tokio::test]
async fn relink_changes_only_what_differs() {
    let db = fresh().await;
    let mut db = db.session();
    let ann = db.add(account("a"));
    let entry = db.add(new!(Entry { account_id: ann, text: "x" }));
    let labels = ["one", "two", "three"].map(|name| db.add(new!(Label { name })));
    db.relink(entry, Entry::LABELS, [labels[0], labels[1], labels[1]]).await.unwrap();
    db.commit().await.unwrap();
    db.relink(entry, Entry::LABELS, [labels[1], labels[2]]).await.unwrap();
    let sent = db.statements();
    db.commit().await.unwrap();
    assert_eq!(db.statements() - sent, 2, "one DELETE and one INSERT");
    let names = db.fetch(Entry::all().join(Entry::LABELS).select(Entry::LABELS.then(Label::NAME))).await.unwrap();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"two".to_owned()) && names.contains(&"three".to_owned()));
}

#[tokio::test]
async fn a_commit_belongs_outside_of_savepoints() {
    let db = fresh().await;
    let mut db = db.session();
    db.add(account("a"));
    let mut part = db.begin_savepoint();
    let error = part.commit().await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    part.release().await.unwrap();
    db.commit().await.unwrap();
    assert_eq!(db.count(Account::all()).await.unwrap(), 1);
}

#[tokio::test]
async fn rows_in_a_circle_go_together() {
    let db = fresh().await;
    let mut db = db.session();
    let ann = db.add(account("a"));
    let one = db.add(new!(Entry { account_id: ann, text: "one" }));
    let two = db.add(new!(Entry { account_id: ann, text: "two", reply_to_id: one }));
    db[one].reply_to_id = Some(two.into());
    db.commit().await.unwrap();
    db.delete(one);
    db.delete(two);
    db.commit().await.unwrap();
    assert_eq!(db.count(Entry::all()).await.unwrap(), 0);
}
