//! Queries and views on real rows: what the text of the SQL cannot tell.

use aludel::prelude::*;
use aludel::query::whole;

use crate::session::{Account, Entry, EntryLabel, Label, account, fresh};

/// Two accounts, four entries (parents before children, so the reply of the reply is the last), two labels.
async fn filled() -> Database {
    let db = fresh().await;
    let mut session = db.session();
    let ann = session.add(new!(Account { email: "ann@x.io", balance: 10, note: "50% off_peak" }));
    let bob = session.add(new!(Account { email: "Bob@x.io", balance: 20 }));
    let first = session.add(new!(Entry { account_id: ann, text: "Éclair" }));
    let second = session.add(new!(Entry { account_id: ann, text: "éclair", reply_to_id: first }));
    session.add(new!(Entry { account_id: ann, text: "x", reply_to_id: second }));
    session.add(new!(Entry { account_id: bob, text: "y", reply_to_id: first }));
    let (new, old) = (session.add(new!(Label { name: "new" })), session.add(new!(Label { name: "old" })));
    for (entry, label) in [(first, new), (first, old), (second, old)] {
        session.add(new!(EntryLabel { entry_id: entry, label_id: label }));
    }
    session.commit().await.unwrap();
    drop(session);
    db
}

#[tokio::test]
async fn a_handle_names_its_entity_in_a_query_before_it_has_a_key() {
    let db = filled().await;
    let mut db = db.session();
    let eve = db.add(account("eve@x.io"));
    let entry = db.add(new!(Entry { account_id: eve, text: "z" }));
    assert_eq!(db.count(Entry::filter(Entry::ACCOUNT_ID.eq(eve))).await.unwrap(), 1);
    assert_eq!(db.count(Entry::filter(Entry::ACCOUNT_ID.in_([eve]))).await.unwrap(), 1);
    assert_eq!(db.fetch_one(Entry::at(entry).select(Entry::TEXT)).await.unwrap(), "z");
    let moved = db.update(Entry::at(2), aludel::set(Entry::REPLY_TO_ID, entry)).returning(Entry::REPLY_TO_ID).await;
    assert_eq!(moved.unwrap(), [Some(Fk::Key(db.key(entry).unwrap()))]);
    let changed = db.update(Entry::at(2), aludel::set(Entry::TEXT, "new")).returning(whole()).await.unwrap();
    assert_eq!((&*changed[0].text, changed[0].version), ("new", 3));
    let mut other = crate::session::fresh().await.session();
    let error = other.fetch(Entry::filter(Entry::ACCOUNT_ID.eq(eve))).await.unwrap_err();
    assert!(error.to_string().contains("another session"), "{error}");
}

#[tokio::test]
async fn text_is_searched_literally() {
    let db = filled().await;
    let mut db = db.read();
    let mut found = async |condition| db.count(Account::filter(condition)).await.unwrap();
    assert_eq!(found(Account::NOTE.contains("50%")).await, 1);
    assert_eq!(found(Account::NOTE.contains("5%f")).await, 0);
    assert_eq!(found(Account::NOTE.contains("f_p")).await, 1);
    assert_eq!(found(Account::NOTE.contains("f_k")).await, 0);
    assert_eq!(found(Account::NOTE.like("50!%%")).await, 0);
    assert_eq!(found(Account::NOTE.like("50\\%%")).await, 1);
    assert_eq!(found(Account::EMAIL.starts_with("bob")).await, 0);
    assert_eq!(found(Account::EMAIL.starts_with_fold("bob")).await, 1);
    assert_eq!(found(Account::EMAIL.ends_with("x.io") & Account::NOTE.is_null()).await, 1);
    assert_eq!(found(!Account::NOTE.same_as("other")).await, 2);
    assert_eq!(found(Account::NOTE.ne("other")).await, 1);
    assert_eq!(found(Account::ID.in_(Vec::<i64>::new())).await, 0);
    assert_eq!(found(Account::ID.not_in(Vec::<i64>::new())).await, 2);
}

#[tokio::test]
async fn relations_are_asked_and_computed() {
    let db = filled().await;
    let mut db = db.read();
    let replies = Entry::REPLY_TO.many();
    let ids = |condition: aludel::Cond<Entry>| Entry::filter(condition).order_by(Entry::ID.asc()).select(Entry::ID);
    let mut found = async |condition| db.fetch(ids(condition)).await.unwrap();
    assert_eq!(found(replies.exists()).await, [1, 2]);
    assert_eq!(found(replies.count().eq(2)).await, [1]);
    assert_eq!(found(replies.any(Entry::ACCOUNT.is(Account::BALANCE.gt(10)))).await, [1]);
    assert_eq!(found(Entry::REPLY_TO.is(Entry::TEXT.eq("Éclair"))).await, [2, 3]);
    assert_eq!(found(Entry::LABELS.all(Label::NAME.eq("old")) & Entry::LABELS.exists()).await, [2]);
    assert_eq!(found(Entry::LABELS.none(Label::NAME.eq("old"))).await, [3, 4]);
    let busy = Account::ENTRIES.count();
    let accounts = Account::all().order_by(busy.clone().desc()).select((Account::EMAIL, busy));
    assert_eq!(db.fetch(accounts).await.unwrap(), [("ann@x.io".to_owned(), 3), ("Bob@x.io".to_owned(), 1)]);
    let parents = Entry::all()
        .order_by((Entry::REPLY_TO_ID.desc().nulls_last(), Entry::ID.desc()))
        .select((Entry::ID, Entry::REPLY_TO.then(Entry::TEXT)))
        .limit(3);
    let parents: Vec<(i64, Option<String>)> = db.fetch(parents).await.unwrap();
    assert_eq!(
        parents.iter().map(|(id, text)| (*id, text.as_deref())).collect::<Vec<_>>(),
        [(4, Some("éclair")), (3, Some("Éclair")), (2, Some("Éclair")),]
    );
    let sums = Entry::all()
        .group_by(Entry::ACCOUNT.then(Account::EMAIL))
        .select((
            Entry::ACCOUNT.then(Account::EMAIL),
            count(),
            Entry::ID.sum(),
            Entry::ID.avg().round(1),
            Entry::TEXT.max(),
        ))
        .order_by(count().desc())
        .limit(1);
    let sums = db.fetch_one(sums).await.unwrap();
    assert_eq!(sums, ("ann@x.io".to_owned(), 3, Some(7), Some(2.3), Some("éclair".to_owned())));
}

#[derive(View, Debug, PartialEq)]
#[view(Entry)]
struct Thread {
    text: String,
    account: Account,
    labels: Vec<Label>,
    reply_to: Option<Parent>,
    #[view(Entry::REPLY_TO.many())]
    replies: Vec<Thread>,
    #[view(Entry::ID * 2 - 1)]
    odd: i64,
    #[view(whole())]
    itself: Entry,
}

#[derive(View, Debug, PartialEq)]
#[view(Entry)]
struct Parent {
    id: i64,
    labels: Vec<Label>,
}

#[tokio::test]
async fn a_view_may_hold_views_of_its_own_kind() {
    let db = filled().await;
    let mut db = db.read();
    let threads = db.fetch(Thread::filter(Entry::REPLY_TO_ID.is_null())).await.unwrap();
    let [thread] = &threads[..] else { panic!("{threads:?}") };
    assert_eq!((thread.labels.len(), thread.odd, &thread.reply_to), (2, 1, &None));
    let replies: Vec<_> = thread.replies.iter().map(|reply| (&*reply.text, &*reply.account.email)).collect();
    assert_eq!(replies, [("éclair", "ann@x.io"), ("y", "Bob@x.io")]);
    assert_eq!(thread.replies[1].itself.text, "y");
    let parent = thread.replies[1].reply_to.as_ref().unwrap();
    assert_eq!((parent.id, parent.labels.len()), (1, 2), "read anew for each row that points at it");
    assert_eq!(thread.replies[0].replies[0].text, "x");
    assert_eq!(db.count(Thread::all()).await.unwrap(), 4);
    assert!(db.exists(Thread::filter(Entry::TEXT.eq("y"))).await.unwrap());
    assert_eq!(db.fetch(Thread::all().page(2, 3)).await.unwrap().len(), 1);
    assert_eq!(db.fetch_opt(Thread::at(99)).await.unwrap(), None);
}
