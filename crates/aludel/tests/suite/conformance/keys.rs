//! Keys: made by the database, by the application or by both, of one column or of several.

use aludel::model::Meta;
use aludel::prelude::*;
use aludel::{schema, sql};

use super::models::{Author, Post, author};

pub(super) fn models() -> Vec<&'static Meta> {
    schema![Country, City, Seat, Booking, Snack]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Country {
    #[column(key, length = 2)]
    pub code: String,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct City {
    pub id: i64,
    #[column(on_update = cascade)]
    pub country_id: Fk<Country>,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Seat {
    #[column(key)]
    pub row: String,
    #[column(key)]
    pub number: i32,
    pub price: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Booking {
    pub id: i64,
    pub seat_id: Fk<Seat>,
    #[column(inverse = spares)]
    pub spare_id: Option<Fk<Seat>>,
    pub guest: String,
}

/// A key that is a foreign key too.
#[derive(Model, Clone, Debug, PartialEq)]
pub struct Snack {
    #[column(key)]
    pub booking_id: Fk<Booking>,
    pub dish: String,
}

pub(super) async fn identities(db: Database) {
    let mut db = db.session();
    let one = db.add(author("a"));
    assert_eq!((db.key(one), db[one].id), (None, 0), "a key not yet known reads as blank");
    db.flush().await.unwrap();
    assert_eq!((db.key(one), db[one].id), (Some(1), 1));
    let more = db.add_all(["b", "c"].map(author));
    db.commit().await.unwrap();
    assert_eq!(more.iter().map(|at| db[*at].id).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(db.get::<Author>(2).await.unwrap(), more[0], "an inserted row is the same entity");
    assert!(db.get::<Author>(9).await.unwrap_err().is_not_found());
    assert!(db.find::<Author>(9).await.unwrap().is_none());
    assert_eq!(db.get::<Author>(9).await.unwrap_err().status(), 404);
}

pub(super) async fn identities_beside_given_keys(db: Database) {
    let mut db = db.session();
    let given = db.add(new!(Author { id: 50, email: "given", name: "x" }));
    let made = db.add_all(["a", "b"].map(author));
    assert_eq!(db.get::<Author>(50).await.unwrap(), given, "a pending entity with a known key is found");
    db.commit().await.unwrap();
    assert_eq!(db[given].id, 50);
    let ids: Vec<i64> = made.iter().map(|at| db[*at].id).collect();
    assert!(!ids.contains(&50) && ids[0] != ids[1], "{ids:?}");
    for (at, name) in made.iter().zip(["a", "b"]) {
        let id = db[*at].id;
        assert_eq!(db.fetch_one(Author::at(id)).await.unwrap().name, name);
    }
}

pub(super) async fn natural_keys(db: Database) {
    let mut db = db.session();
    let de = db.add(new!(Country { code: "DE", name: "Germany" }));
    assert_eq!(db.key(de).as_deref(), Some("DE"));
    let bonn = db.add(new!(City { country_id: de, name: "Bonn" }));
    let oslo = db.add(new!(City { country_id: "NO", name: "Oslo" }));
    db.add(new!(Country { code: "NO", name: "Norway" }));
    db.commit().await.unwrap();
    assert_eq!(db[bonn].country_id.key().map(String::as_str), Some("DE"));
    let country = db.get(db[oslo].country_id.clone()).await.unwrap();
    assert_eq!(db[country].name, "Norway");
    let names = db.fetch(City::filter(City::COUNTRY.is(Country::NAME.eq("Germany"))).select(City::NAME)).await.unwrap();
    assert_eq!(names, ["Bonn"]);
    db.add(new!(Country { code: "DE", name: "again" }));
    let error = db.commit().await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.fields()[0].field, "code");
    let wrong = db.get::<Country>("D'E".to_owned()).await.unwrap_err();
    assert!(wrong.is_not_found(), "{wrong}");
}

pub(super) async fn composite_keys(db: Database) {
    let mut db = db.session();
    let seat = db.add(new!(Seat { row: "A", number: 1, price: 10 }));
    let other = db.add(new!(Seat { row: "A", number: 2, price: 10 }));
    let booking = db.add(new!(Booking { seat_id: seat, guest: "Ann" }));
    let second = db.add(new!(Booking { seat_id: other, spare_id: seat, guest: "Bob" }));
    let snack = db.add(new!(Snack { booking_id: second, dish: "nuts" }));
    db.commit().await.unwrap();
    assert_eq!(db[booking].seat_id.key(), Some(&("A".to_owned(), 1)));
    assert_eq!(db.key(snack), db.key(second));
    assert_eq!(db.get::<Seat>(("A".to_owned(), 2)).await.unwrap(), other);
    let of_seat = db.fetch(Booking::filter(Booking::SEAT_ID.eq(seat)).select(Booking::GUEST)).await.unwrap();
    assert_eq!(of_seat, ["Ann"]);
    let by_price = Booking::filter(Booking::SPARE.is(Seat::NUMBER.eq(1))).select(Booking::GUEST);
    assert_eq!(db.fetch(by_price).await.unwrap(), ["Bob"]);
    let listed = Booking::filter(Booking::SEAT_ID.in_([Fk::from(("A".to_owned(), 2)), Fk::from(("B".to_owned(), 2))]));
    assert_eq!(db.fetch(listed.select(Booking::GUEST)).await.unwrap(), ["Bob"]);
    let spare = Booking::filter(Booking::SPARE_ID.is_null()).select(Booking::GUEST);
    assert_eq!(db.fetch(spare).await.unwrap(), ["Ann"]);
    db[second].spare_id = None;
    db[seat].price = 11;
    db.commit().await.unwrap();
    let id = db.key(second).unwrap();
    assert_eq!(db.fetch_one(Booking::at(id)).await.unwrap().spare_id, None);
    db.delete(seat);
    let error = db.commit().await.unwrap_err();
    assert_eq!((error.status(), error.code()), (409, "referenced"), "{error}");
    db.add(new!(Booking { seat_id: ("Z".to_owned(), 1), guest: "Eve" }));
    let error = db.commit().await.unwrap_err();
    assert_eq!((error.status(), error.fields()[0].field.as_ref()), (422, "seat_id"), "{error}");
    assert_eq!(db.fetch(Seat::all()).await.unwrap().len(), 2);
}

pub(super) async fn keys_of_many_rows_belong_to_their_rows(db: Database) {
    let mut session = db.session();
    for (round, rows) in [(0_usize, 1_000_usize), (1, 5_000)] {
        // A fixed shuffle, so that neither the order of names nor that of keys is the order of adding.
        let mut order: Vec<usize> = (0..rows).collect();
        let mut state = 88_172_645_463_325_252_u64;
        for at in (1..rows).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(at, usize::try_from(state % (u64::try_from(at).unwrap() + 1)).unwrap());
        }
        let name = |at: usize| format!("{round}-{at}");
        let sent = session.statements();
        let authors: Vec<_> = order
            .iter()
            .map(|&at| {
                let bio = (at % 3 == 0).then(|| name(at));
                let draft = new!(Author { email: name(at), name: name(at), bio });
                (at, session.add(draft))
            })
            .collect();
        let posts: Vec<_> =
            authors.iter().map(|&(at, who)| (at, session.add(new!(Post { author_id: who, title: name(at) })))).collect();
        session.commit().await.unwrap();
        assert!(session.statements() - sent < 200, "{} statements", session.statements() - sent);
        let mut read = session.fetch(Author::filter(Author::NAME.starts_with(format!("{round}-")))).await.unwrap();
        read.sort_by_key(|author| author.id);
        assert_eq!(read.len(), rows);
        for &(at, who) in &authors {
            let id = session[who].id;
            let found = read.binary_search_by_key(&id, |author| author.id).unwrap();
            assert_eq!((&read[found].name, &session[who].name), (&name(at), &name(at)));
            assert!(session[who].created_at.0 > 0);
        }
        let wrong = session
            .count(Post::filter(Post::AUTHOR.then(Author::NAME).ne(Post::TITLE)))
            .await
            .unwrap();
        assert_eq!(wrong, 0, "each post has its author");
        for (at, post) in posts {
            assert_eq!(session[post].title, name(at));
        }
    }
}

pub(super) async fn a_stored_key_cannot_change(db: Database) {
    let mut db = db.session();
    let one = db.add(author("a"));
    db.commit().await.unwrap();
    db[one].id = 7;
    let error = db.flush().await.unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("models.rs"), "{error}");
    db[one].id = 1;
    db.commit().await.unwrap();
    let error = db.update(Author::at(1), aludel::set(Author::ID, 7)).await.unwrap_err();
    assert!(error.is_usage(), "{error}");
}

pub(super) async fn an_identity_is_not_given_twice(db: Database) {
    let mut db = db.session();
    let two = db.add_all(["a", "b"].map(author));
    db.commit().await.unwrap();
    let last = db[two[1]].id;
    db.delete(two[1]);
    db.commit().await.unwrap();
    let one = db.add(author("c"));
    let more = db.add_all(["d", "e"].map(author));
    db.commit().await.unwrap();
    assert!(db[one].id > last && more.iter().all(|at| db[*at].id > last));
    let table = db.execute(sql!("delete from {Author}")).await.unwrap();
    assert_eq!(table, 4);
    let after = db.add_all(["f", "g"].map(author));
    db.commit().await.unwrap();
    assert!(after.iter().all(|at| db[*at].id > last + 3), "{:?}", after.iter().map(|at| db[*at].id).collect::<Vec<_>>());
}
