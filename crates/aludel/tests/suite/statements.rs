//! Statements without entities, and streams.

use aludel::prelude::*;
use aludel::{set, sql};

use crate::session::{Account, Entry, Label, account, fresh};

#[tokio::test]
async fn updates_count_in_the_database() {
    let db = fresh().await;
    let mut db = db.session();
    db.add_all(["a", "b"].map(account));
    db.commit().await.unwrap();
    let held = db.get::<Account>(1).await.unwrap();
    let now = db.update(Account::at(1), set(Account::BALANCE, Account::BALANCE + 1)).returning(Account::BALANCE).await;
    assert_eq!(now.unwrap(), [101]);
    assert_eq!(db.get::<Account>(1).await.unwrap(), held);
    assert_eq!(db[held].balance, 101, "get reads again what a statement may have changed");
    let changed = db
        .update(Account::filter(Account::BALANCE.ge(100)), set(Account::NOTE, "x").set(Account::BALANCE, 5))
        .await
        .unwrap();
    assert_eq!(changed, 2);
    let gone =
        db.delete(Account::filter(Account::NOTE.eq("x"))).returning((Account::ID, Account::EMAIL)).await.unwrap();
    assert_eq!(gone, [(1, "a".to_owned()), (2, "b".to_owned())]);
    assert_eq!(db.delete(Account::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn upserts() {
    let db = fresh().await;
    let mut db = db.session();
    let labels = || ["one", "two"].map(|name| new!(Label { name }));
    assert_eq!(db.insert(labels()).await.unwrap(), 2);
    assert_eq!(db.insert(labels()).on_conflict(Label::NAME).do_nothing().await.unwrap(), 0);
    db.insert([account("a")]).await.unwrap();
    let kept = db
        .insert([new!(Account { email: "a", balance: 7 }), new!(Account { email: "b", balance: 8 })])
        .on_conflict(Account::EMAIL)
        .do_update(set(Account::BALANCE, Account::BALANCE + Account::BALANCE.excluded()))
        .returning((Account::EMAIL, Account::BALANCE))
        .await
        .unwrap();
    assert_eq!(kept, [("a".to_owned(), 107), ("b".to_owned(), 8)]);
    let long = "x".repeat(300);
    let error = db.insert([new!(Account { email: long })]).await.unwrap_err();
    assert_eq!((error.status(), error.fields()[0].code.as_ref()), (422, "length"), "{error}");
    assert_eq!(db.count(Account::all()).await.unwrap(), 2, "what is found beforehand ends nothing");
}

#[tokio::test]
async fn raw_sql_binds_values_and_types_rows() {
    let db = fresh().await;
    let mut db = db.session();
    db.add_all(["a'; drop table accounts; --", "b"].map(account));
    let name = "a'; drop table accounts; --";
    let rows: Vec<(i64, String)> = db
        .fetch(sql!("select {Account::ID}, {Account::EMAIL} from {Account} where email = {name}").rows())
        .await
        .unwrap();
    assert_eq!(rows, [(1, name.to_owned())]);
    let least = 100;
    assert_eq!(db.execute(sql!("update {Account} set note = 'x' where balance >= {least}")).await.unwrap(), 2);
    let total: i64 = db.fetch_one(sql!("select sum(balance) from {Account}").rows()).await.unwrap();
    assert_eq!(total, 200);
    let error = db.fetch(sql!("select 1").rows::<(i64, i64)>()).await.unwrap_err();
    assert!(error.to_string().contains("column"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_see_what_is_committed_and_pages_what_is_written() {
    use std::future::poll_fn;
    use std::pin::Pin;

    use futures_core::Stream;

    let folder = tempfile::tempdir().unwrap();
    let models = aludel::schema![Account, Entry, Label, crate::session::EntryLabel];
    let db: Database = Database::open(folder.path().join("s.db")).schema(models).await.unwrap();
    db.create_tables().await.unwrap();
    let mut session = db.session();
    session.add_all((0..1200).map(|at| account(&format!("{at}@x.io"))));
    session.commit().await.unwrap();
    session.add(account("uncommitted"));
    session.flush().await.unwrap();
    let mut rows = db.stream(Account::all().order_by(Account::ID.desc()).select(Account::ID));
    let mut ids = Vec::new();
    while let Some(id) = poll_fn(|context| Pin::new(&mut rows).poll_next(context)).await {
        ids.push(id.unwrap());
    }
    assert_eq!(ids, (1..=1200).rev().collect::<Vec<i64>>());
    let mut pages = session.stream(Account::all());
    let mut seen = 0;
    while let Some(account) = pages.next().await.unwrap() {
        seen += 1;
        assert_eq!(account.id, seen);
    }
    assert_eq!(seen, 1201);
    drop(session);
    db.close().await;
}
