//! Types of other crates as columns and keys.

use aludel::prelude::*;
use aludel::{Json, schema, set};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "foreign_orders")]
pub struct Order {
    pub id: Uuid,
    #[column(precision = (12, 2))]
    pub total: Decimal,
    #[column(precision = (38, 10))]
    pub exact: Option<Decimal>,
    pub notes: serde_json::Value,
    pub address: Json<Place>,
    pub placed: jiff::Timestamp,
    pub day: jiff::civil::Date,
    pub at: Option<jiff::civil::DateTime>,
    pub hour: jiff::civil::Time,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "foreign_lines")]
pub struct Line {
    pub id: Uuid,
    pub order_id: Fk<Order>,
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub city: String,
    pub lines: Vec<String>,
}

fn order(total: &str) -> aludel::Draft<Order> {
    new!(Order {
        total: total.parse::<Decimal>().unwrap(),
        exact: "-1234567890123456789012345.6789".parse::<Decimal>().unwrap(),
        notes: serde_json::json!({"a": [1, 2.5, null, "x"]}),
        address: Json(Place { city: "Köln".into(), lines: vec!["a".into()] }),
        placed: "2026-02-03T04:05:06.123456789Z".parse::<jiff::Timestamp>().unwrap(),
        day: jiff::civil::date(2024, 2, 29),
        at: jiff::civil::date(1999, 12, 31).at(23, 59, 59, 999_999_000),
        hour: jiff::civil::time(1, 2, 3, 4_000),
    })
}

async fn fresh() -> Database {
    let db: Database = Database::open(":memory:").schema(schema![Order, Line]).await.unwrap();
    db.create_tables().await.unwrap();
    db
}

#[tokio::test]
async fn they_come_back_as_they_are_kept() {
    let db = fresh().await;
    let mut db = db.session();
    let sent = db.add(order("19.999"));
    db.commit().await.unwrap();
    let kept = db[sent].clone();
    assert_eq!(kept.total.to_string(), "20.00", "brought to the scale of the column");
    assert_eq!(kept.placed.to_string(), "2026-02-03T04:05:06.123456Z", "brought to microseconds");
    assert_eq!(db.fetch_one(Order::at(kept.id)).await.unwrap(), kept);
    let bill: Decimal = "20".parse().unwrap();
    assert_eq!(db.count(Order::filter(Order::TOTAL.ge(bill))).await.unwrap(), 1);
    assert_eq!(db.count(Order::filter(Order::PLACED.lt(kept.placed))).await.unwrap(), 0);
    db[sent].notes["a"][0] = serde_json::json!(7);
    db[sent].address.0.city = "Bonn".into();
    db.commit().await.unwrap();
    let read = db.fetch_one(Order::at(kept.id)).await.unwrap();
    assert_eq!((read.notes["a"][0].as_i64(), read.address.0.city.as_str()), (Some(7), "Bonn"));
}

#[tokio::test]
async fn uuid_keys_are_made_at_add_and_ascend() {
    let db = fresh().await;
    let mut db = db.session();
    let first = db.add(order("1"));
    let key = db.key(first).expect("a key made by the client is known at once");
    assert_eq!(key.get_version_num(), 7);
    let orders = db.add_all((0..20).map(|_| order("2")));
    let line = db.add(new!(Line { order_id: orders[3], text: "x" }));
    db.commit().await.unwrap();
    assert_eq!(db[line].order_id.key(), db.key(orders[3]).as_ref());
    let keys: Vec<Uuid> = orders.iter().filter_map(|order| db.key(*order)).collect();
    assert!(keys.is_sorted() && keys.len() == 20);
    let own = db.get::<Order>(key).await.unwrap();
    assert_eq!(own, first);
    let given = Uuid::from_u128(5);
    db.insert([new!(Line { id: given, order_id: key, text: "given" })]).await.unwrap();
    assert_eq!(db.update(Line::at(given), set(Line::TEXT, "changed")).await.unwrap(), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let db = fresh().await;
    let mut db = db.session();
    db.add(order("99999999999.00"));
    let error = db.flush().await.unwrap_err();
    assert_eq!((error.status(), error.fields()[0].field.as_ref()), (422, "total"), "{error}");
}
