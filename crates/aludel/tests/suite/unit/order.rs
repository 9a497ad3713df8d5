//! What a flush sends, in which order, and how its answers find their entities.

use aludel::prelude::*;

use super::{Card, Day, House, Person, Shelf, Visit, fresh};

#[tokio::test]
async fn answers_find_rows_of_mixed_shapes() {
    let db = fresh().await;
    let mut db = db.session();
    let mut shelves = Vec::new();
    for room in 0..40 {
        shelves.push(match room % 3 {
            0 => db.add(new!(Shelf { room, row: 1 })),
            _ => db.add(new!(Shelf { room })),
        });
    }
    db.flush().await.unwrap();
    for (room, &shelf) in shelves.iter().enumerate() {
        let id = db.key(shelf).unwrap();
        let stored = db.fetch_one(Shelf::at(id)).await.unwrap();
        assert_eq!((stored.room, &stored), (i64::try_from(room).ok(), &db[shelf]));
    }
}

#[tokio::test]
async fn the_shape_that_comes_first_in_memory_may_be_sent_last() {
    let db = fresh().await;
    let mut db = db.session();
    let first = db.add_all((0..2).map(|room| new!(Shelf { room, row: 1 })));
    let rest = db.add_all((2..7).map(|room| new!(Shelf { room })));
    db.flush().await.unwrap();
    assert!(first.into_iter().chain(rest).all(|shelf| db.key(shelf).is_some()));
}

#[tokio::test]
async fn a_composite_unique_value_may_move_to_a_new_row() {
    let db = fresh().await;
    let mut db = db.session();
    let old = db.add(new!(Shelf { room: 1, row: 1 }));
    db.commit().await.unwrap();
    db.delete(old);
    let new = db.add(new!(Shelf { room: 1, row: 1 }));
    db.commit().await.unwrap();
    assert_eq!(db.track(Shelf::all()).await.unwrap(), [new]);
}

#[tokio::test]
async fn rows_of_a_circle_that_the_database_cascades_through_go_together() {
    for person_first in [true, false] {
        let db = fresh().await;
        let mut db = db.session();
        let (person, house);
        if person_first {
            person = db.add(new!(Person {}));
            house = db.add(new!(House { owner_id: person }));
        } else {
            house = db.add(new!(House { owner_id: 1 }));
            person = db.add(new!(Person { id: 1 }));
            db[house].owner_id = person.into();
        }
        db.flush().await.unwrap();
        db[person].home_id = Some(house.into());
        db.commit().await.unwrap();
        db.delete(person);
        db.delete(house);
        db.commit().await.unwrap();
        assert_eq!((db.count(Person::all()).await.unwrap(), db.count(House::all()).await.unwrap()), (0, 0));
    }
}

#[tokio::test]
async fn a_long_chain_of_rows_goes_at_once() {
    let db = fresh().await;
    let mut db = db.session();
    db.insert((1..=30_000).map(|id| match id {
        1 => new!(Person { id }),
        _ => new!(Person { id, after_id: id - 1 }),
    }))
    .await
    .unwrap();
    for person in db.track(Person::all()).await.unwrap() {
        db.delete(person);
    }
    db.commit().await.unwrap();
    assert_eq!(db.count(Person::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_last_key_there_is_does_not_wrap() {
    let db = fresh().await;
    let mut db = db.session();
    db.insert([new!(Shelf { id: i64::MAX - 1 })]).await.unwrap();
    db.add_all((0..2).map(|room| new!(Shelf { room })));
    let error = db.commit().await.unwrap_err();
    assert!(error.to_string().contains("keys"), "{error}");
}

#[tokio::test]
async fn a_missing_parent_is_named_and_present_ones_are_not() {
    let db = fresh().await;
    let mut db = db.session();
    let day = db.add(new!(Day { date: aludel::Date(20_000) }));
    db.commit().await.unwrap();
    db.add(new!(Visit { day_id: day, shelf_id: 7 }));
    let error = db.flush().await.unwrap_err();
    let fields: Vec<&str> = error.fields().iter().map(|field| &*field.field).collect();
    assert_eq!((error.status(), fields), (422, vec!["shelf_id"]));
}

#[tokio::test]
async fn rows_that_others_point_at_are_a_conflict_however_they_are_deleted() {
    let db = fresh().await;
    let mut db = db.session();
    let day = db.add(new!(Day { date: aludel::Date(20_000) }));
    let shelf = db.add(new!(Shelf {}));
    db.add(new!(Visit { day_id: day, shelf_id: shelf }));
    db.commit().await.unwrap();
    let by_query = db.delete(Shelf::all()).await.unwrap_err();
    db.rollback().await.unwrap();
    let returning = db.delete(Shelf::all()).returning(Shelf::ID).await.unwrap_err();
    db.rollback().await.unwrap();
    db.delete(shelf);
    let by_handle = db.commit().await.unwrap_err();
    for error in [by_query, returning, by_handle] {
        assert_eq!((error.status(), error.code()), (409, "referenced"), "{error}");
    }
}

#[tokio::test]
async fn changes_of_different_columns_meet_in_one_row() {
    let db = fresh().await;
    let (mut one, mut other) = (db.session(), db.session());
    one.add(new!(Card { id: 1, front: "a", back: "b" }));
    one.commit().await.unwrap();
    let first = one.get::<Card>(1).await.unwrap();
    one.commit().await.unwrap();
    let second = other.get::<Card>(1).await.unwrap();
    other.commit().await.unwrap();
    one[first].front = "A".to_owned();
    one.commit().await.unwrap();
    other[second].back = "B".to_owned();
    other.commit().await.unwrap();
    let card = db.read().fetch_one(Card::at(1)).await.unwrap();
    assert_eq!((card.front.as_str(), card.back.as_str()), ("A", "B"));
}
