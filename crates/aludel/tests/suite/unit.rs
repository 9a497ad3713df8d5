//! The unit of work at its edges: natural and composite keys used again, rows of mixed shapes, memory after an undo.

mod identity;
mod order;
mod undo;

use aludel::prelude::*;

/// A natural key that may be used again.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_tags", many_to_many(shelves: Shelf through Place))]
pub struct Tag {
    #[column(key, length = 20)]
    pub name: String,
    pub note: Option<String>,
}

/// A key of the database, beside a value of it.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_shelves", many_to_many(tags: Tag through Place), unique(room, row))]
pub struct Shelf {
    pub id: i64,
    pub room: Option<i64>,
    pub row: Option<i64>,
    #[column(default = now)]
    pub made_at: aludel::Timestamp,
}

/// A composite key of two foreign keys.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_places")]
pub struct Place {
    #[column(key, on_delete = cascade)]
    pub shelf_id: Fk<Shelf>,
    #[column(key, on_delete = cascade)]
    pub tag_id: Fk<Tag>,
}

/// Half of a circle: the house points at a person, who points back.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_persons")]
pub struct Person {
    pub id: i64,
    #[column(on_delete = set_null)]
    pub home_id: Option<Fk<House>>,
    #[column(on_delete = set_null, inverse = followers)]
    pub after_id: Option<Fk<Person>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_houses")]
pub struct House {
    pub id: i64,
    #[column(on_delete = cascade)]
    pub owner_id: Fk<Person>,
}

/// A key that the engine keeps in another form than Rust.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_days")]
pub struct Day {
    #[column(key)]
    pub date: aludel::Date,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_visits")]
pub struct Visit {
    pub id: i64,
    pub day_id: Fk<Day>,
    pub shelf_id: Fk<Shelf>,
}

/// Every UPDATE sets the time.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "unit_cards")]
pub struct Card {
    pub id: i64,
    pub front: String,
    pub back: String,
    #[column(updated)]
    pub changed_at: aludel::Timestamp,
}

async fn fresh() -> Database {
    let models = aludel::schema![Tag, Shelf, Place, Person, House, Day, Visit, Card];
    let db: Database = Database::open(":memory:").schema(models).await.unwrap();
    db.create_tables().await.unwrap();
    db
}
