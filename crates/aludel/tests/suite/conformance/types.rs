//! Every column type comes back as it went, extremes included, or is refused before anything is sent.

use aludel::model::Meta;
use aludel::prelude::*;
use aludel::{Date, Time, Timestamp, schema, sql};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

pub(super) fn models() -> Vec<&'static Meta> {
    schema![Whole, Maybe, Real, Words, Blob, Moment, Shaped]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Whole {
    pub id: i64,
    pub tiny: i8,
    pub small: i16,
    pub medium: i32,
    pub large: i64,
    pub byte: u8,
    pub short: u16,
    pub word: u32,
    pub long: u64,
    pub flag: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Maybe {
    pub id: i64,
    pub tiny: Option<i8>,
    pub large: Option<i64>,
    pub long: Option<u64>,
    pub flag: Option<bool>,
    pub real: Option<f64>,
    pub text: Option<String>,
    pub bytes: Option<Vec<u8>>,
    pub day: Option<Date>,
    pub time: Option<Time>,
    pub moment: Option<DateTime<Utc>>,
    pub colour: Option<Colour>,
    pub code: Option<Code>,
    pub place: Option<Place>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Real {
    pub id: i64,
    pub single: f32,
    pub double: f64,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Words {
    pub id: i64,
    pub free: String,
    #[column(length = 4)]
    pub bounded: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Blob {
    pub id: i64,
    pub bytes: Vec<u8>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Moment {
    pub id: i64,
    pub day: Date,
    pub time: Time,
    pub at: Timestamp,
    pub chrono_day: NaiveDate,
    pub chrono_time: NaiveTime,
    pub chrono_wall: NaiveDateTime,
    pub chrono_at: DateTime<Utc>,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub enum Colour {
    Red,
    #[column(rename = "it's \"blue\"")]
    Blue,
}

#[derive(Field, Clone, Debug, PartialEq)]
pub struct Code(String);

#[derive(Embed, Clone, Debug, PartialEq)]
pub struct Place {
    pub street: String,
    pub number: Option<i32>,
    pub spot: Spot,
}

#[derive(Embed, Clone, Debug, PartialEq)]
pub struct Spot {
    pub x: i32,
    pub y: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Shaped {
    pub id: i64,
    pub colour: Colour,
    pub code: Code,
    pub place: Place,
    pub other: Option<Place>,
}

/// Inserts each row, reads it three ways, and updates each to the next one: what comes back is what went.
async fn round_trip<M>(db: &Database, rows: Vec<M>, with_id: fn(&M, i64) -> M)
where
    M: Model<Bind = aludel::model::Main, Key = i64> + Clone + PartialEq + std::fmt::Debug + aludel::Insert<Model = M>,
{
    let mut session = db.session();
    let handles = session.add_all(rows.iter().cloned());
    session.commit().await.unwrap();
    let expected: Vec<M> = rows.iter().zip(1..).map(|(row, id)| with_id(row, id)).collect();
    for (handle, row) in handles.iter().zip(&expected) {
        assert_eq!(&session[*handle], row, "memory after the flush");
    }
    let mut fresh = session.fetch(M::all()).await.unwrap();
    fresh.sort_by_key(M::__key);
    assert_eq!(fresh, expected, "as inserted together");
    let turned = |at: usize, id: i64| with_id(&rows[(at + 1) % rows.len()], id);
    let mut other = db.session();
    drop(session);
    let mut changed = Vec::new();
    for (at, id) in (1..=i64::try_from(rows.len()).unwrap()).enumerate() {
        let handle = other.get::<M>(id).await.unwrap();
        assert_eq!(other[handle], expected[at], "read by key");
        other[handle] = turned(at, id);
        changed.push(handle);
    }
    other.commit().await.unwrap();
    other.rollback().await.unwrap();
    for (at, handle) in changed.into_iter().enumerate() {
        other.refresh(handle).await.unwrap();
        assert_eq!(other[handle], turned(at, i64::try_from(at).unwrap() + 1), "as updated");
    }
    other.commit().await.unwrap();
    let sent = other.statements();
    for (at, id) in (1..=i64::try_from(rows.len()).unwrap()).enumerate() {
        let handle = other.find::<M>(id).await.unwrap().unwrap();
        other[handle] = turned(at, id);
    }
    other.commit().await.unwrap();
    let reads = u64::try_from(rows.len()).unwrap();
    assert_eq!(other.statements() - sent, reads, "what is equal is not written");
}

pub(super) async fn whole_numbers(db: Database) {
    let least = Whole {
        id: 0,
        tiny: i8::MIN,
        small: i16::MIN,
        medium: i32::MIN,
        large: i64::MIN,
        byte: 0,
        short: 0,
        word: 0,
        long: 0,
        flag: false,
    };
    let most = Whole {
        id: 0,
        tiny: i8::MAX,
        small: i16::MAX,
        medium: i32::MAX,
        large: i64::MAX,
        byte: u8::MAX,
        short: u16::MAX,
        word: u32::MAX,
        long: i64::MAX.unsigned_abs(),
        flag: true,
    };
    let rows = vec![least, most.clone(), Whole { tiny: -1, small: -1, medium: -1, large: -1, ..most.clone() }];
    round_trip(&db, rows, |row, id| Whole { id, ..row.clone() }).await;
    let found = db.read().fetch(Whole::filter(Whole::LONG.eq(most.long) & Whole::LARGE.gt(0))).await.unwrap();
    assert_eq!(found.len(), 1);
}

pub(super) async fn numbers_out_of_range(db: Database) {
    let mut session = db.session();
    let row = new!(Whole {
        tiny: 0,
        small: 0,
        medium: 0,
        large: 0,
        byte: 0,
        short: 0,
        word: 0,
        long: u64::MAX,
        flag: false
    });
    session.add(row);
    let error = session.flush().await.unwrap_err();
    assert!(error.is_invalid() && error.status() == 422, "{error}");
    assert_eq!((error.fields()[0].field.as_ref(), error.fields()[0].code.as_ref()), ("long", "range"));
    session.rollback().await.unwrap();
    let beyond = i64::MAX.unsigned_abs() + 1;
    assert_eq!(session.count(Whole::filter(Whole::LONG.eq(beyond))).await.unwrap(), 0, "a comparison is no storing");
    assert_eq!(session.count(Whole::filter(Whole::LONG.lt(u64::MAX))).await.unwrap(), 0);
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        session.add(new!(Real { single: 1.0, double: wrong }));
        let error = session.flush().await.unwrap_err();
        assert_eq!((error.status(), error.fields()[0].field.as_ref()), (422, "double"), "{error}");
        session.rollback().await.unwrap();
    }
    session.add(new!(Real { single: f32::NAN, double: 1.0 }));
    assert_eq!(session.flush().await.unwrap_err().fields()[0].field, "single");
    session.rollback().await.unwrap();
    assert_eq!(session.count(Real::all()).await.unwrap(), 0);
}

pub(super) async fn floats(db: Database) {
    let doubles = [0.0, -1.5, 0.1, 1e308, f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::EPSILON, 1.0 / 3.0, 9007199254740993.0];
    let singles = [0.0, -1.5, 0.1, 1e38, f32::MAX, f32::MIN, f32::MIN_POSITIVE, f32::EPSILON, 1.0 / 3.0, 16777217.0];
    let rows = doubles.into_iter().zip(singles).map(|(double, single)| Real { id: 0, single, double }).collect();
    round_trip(&db, rows, |row, id| Real { id, ..row.clone() }).await;
}

pub(super) async fn text(db: Database) {
    let texts = [
        String::new(),
        "it's".to_owned(),
        "\"quoted\" `back` [box] -- ; /* */ $1 ? ?1 :x @y {brace} %d".to_owned(),
        "\\ \\n \n \r\n \t \u{7f} \u{1}".to_owned(),
        "Straße 日本語 🦀 e\u{301} \u{202e}rtl \u{feff}".to_owned(),
        "NULL".to_owned(),
        "1e5".to_owned(),
        "007".to_owned(),
        " padded ".to_owned(),
        "x".repeat(1 << 20),
        "é".repeat(1 << 19),
    ];
    let rows = texts.into_iter().map(|free| Words { id: 0, free, bounded: "🦀é\u{301}x".into() }).collect();
    round_trip(&db, rows, |row, id| Words { id, ..row.clone() }).await;
    let mut read = db.read();
    for id in 1..=11 {
        let row = read.fetch_one(Words::at(id)).await.unwrap();
        let found = read.fetch_one(Words::filter(Words::FREE.eq(&row.free)).select(Words::ID)).await.unwrap();
        assert_eq!(found, id, "text finds itself");
        let found = read.fetch(Words::filter(Words::FREE.in_([row.free.as_str()])).select(Words::ID)).await.unwrap();
        assert_eq!(found, [id], "text finds itself in a list");
    }
}

pub(super) async fn text_that_no_engine_keeps(db: Database) {
    let mut session = db.session();
    for (free, bounded, field, code) in
        [("nul\0", "x", "free", "nul"), ("x", "12345", "bounded", "length"), ("x", "ééééé", "bounded", "length")]
    {
        let row = session.add(new!(Words { free, bounded }));
        let error = session.flush().await.unwrap_err();
        assert!(error.is_invalid(), "{error}");
        assert_eq!((error.fields()[0].field.as_ref(), error.fields()[0].code.as_ref()), (field, code));
        assert!(!error.to_string().contains("12345"), "{error}");
        session[row].free = "mended".to_owned();
        session[row].bounded = "mend".to_owned();
        session.flush().await.unwrap();
    }
    session.commit().await.unwrap();
    let row = session.get::<Words>(1).await.unwrap();
    session[row].free.push('\0');
    session[row].bounded.push_str("too long");
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.fields().len(), 2, "all problems at once: {error}");
    let error = session.fetch(Words::filter(Words::FREE.eq("nul\0"))).await;
    assert!(error.is_err(), "a NUL is refused in conditions too");
}

pub(super) async fn bytes(db: Database) {
    let every: Vec<u8> = (0..=255).collect();
    let rows = [Vec::new(), vec![0], every.clone(), b"text'".to_vec(), vec![0xff; 1 << 20]];
    round_trip(&db, rows.into_iter().map(|bytes| Blob { id: 0, bytes }).collect(), |row, id| Blob { id, ..row.clone() }).await;
    let mut read = db.read();
    assert_eq!(read.count(Blob::filter(Blob::BYTES.eq(every.clone()))).await.unwrap(), 1);
    assert_eq!(read.count(Blob::filter(Blob::BYTES.in_([every, vec![0], vec![7]]))).await.unwrap(), 2);
}

pub(super) async fn times(db: Database) {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let chrono_day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let wall = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    let row = |days: &str, times: &str| {
        let whole = format!("{days}T{times}");
        Moment {
            id: 0,
            day: day(days),
            time: times.parse().unwrap(),
            at: at(&whole),
            chrono_day: chrono_day(days),
            chrono_time: times.parse().unwrap(),
            chrono_wall: wall(&whole),
            chrono_at: wall(&whole).and_utc(),
        }
    };
    let rows = vec![
        row("1970-01-01", "00:00:00"),
        row("0001-01-01", "00:00:00.000001"),
        row("9999-12-31", "23:59:59.999999"),
        row("2024-02-29", "12:30:00.5"),
        row("1969-12-31", "23:59:59.999999"),
        row("1582-10-10", "01:02:03.004005"),
    ];
    round_trip(&db, rows, |row, id| Moment { id, ..row.clone() }).await;
    let mut session = db.session();
    let exact = wall("2024-01-01T00:00:00.123456789");
    let finer = Moment { chrono_wall: exact, chrono_at: exact.and_utc(), ..row("2024-01-01", "00:00:00") };
    let handle = session.add(finer);
    session.flush().await.unwrap();
    assert_eq!(session[handle].chrono_wall, wall("2024-01-01T00:00:00.123456"), "memory is what the row is");
    let id = session.key(handle).unwrap();
    let stored = session.fetch_one(Moment::at(id)).await.unwrap();
    assert_eq!(stored, session[handle]);
    let sent = session.statements();
    session[handle].chrono_at = exact.and_utc();
    session.commit().await.unwrap();
    assert_eq!(session.statements(), sent, "a difference that no engine keeps is none");
    let found = session.fetch(Moment::filter(Moment::CHRONO_AT.eq(exact.and_utc()))).await.unwrap();
    assert_eq!(found.len(), 1, "compared at the precision of the column");
    let order = session.fetch(Moment::all().order_by(Moment::AT.asc()).select(Moment::DAY)).await.unwrap();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted);
    session.add(Moment { chrono_at: DateTime::<Utc>::MAX_UTC, ..row("2024-01-01", "00:00:00") });
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.status(), error.fields()[0].field.as_ref()), (422, "chrono_at"), "{error}");
    session.rollback().await.unwrap();
}

pub(super) async fn enums_newtypes_and_embedded_structs(db: Database) {
    let place = |street: &str, number| Place { street: street.into(), number, spot: Spot { x: 1, y: -1 } };
    let row = |colour, code: &str, other| Shaped { id: 0, colour, code: Code(code.into()), place: place("Elm", None), other };
    let rows = vec![
        row(Colour::Red, "a", None),
        row(Colour::Blue, "", Some(place("'", Some(0)))),
        row(Colour::Blue, "b", Some(place("", None))),
    ];
    round_trip(&db, rows, |row, id| Shaped { id, ..row.clone() }).await;
    let full = Maybe {
        id: 0,
        tiny: Some(-7),
        large: Some(i64::MIN),
        long: Some(i64::MAX.unsigned_abs()),
        flag: Some(false),
        real: Some(0.0),
        text: Some(String::new()),
        bytes: Some(Vec::new()),
        day: Some(Date(0)),
        time: Some(Time(0)),
        moment: Some(DateTime::UNIX_EPOCH),
        colour: Some(Colour::Blue),
        code: Some(Code(String::new())),
        place: Some(place("", None)),
    };
    let empty = Maybe {
        id: 0,
        tiny: None,
        large: None,
        long: None,
        flag: None,
        real: None,
        text: None,
        bytes: None,
        day: None,
        time: None,
        moment: None,
        colour: None,
        code: None,
        place: None,
    };
    let half = Maybe { flag: Some(true), text: Some("x".into()), ..empty.clone() };
    round_trip(&db, vec![full, empty, half], |row, id| Maybe { id, ..row.clone() }).await;
    let mut read = db.read();
    let blue = read.count(Shaped::filter(Shaped::COLOUR.eq(Colour::Blue))).await.unwrap();
    assert_eq!(blue, 2);
    let empty = read.count(Maybe::filter(Maybe::TEXT.is_null() & Maybe::PLACE.is_null())).await.unwrap();
    assert_eq!(empty, 1);
}

pub(super) async fn what_does_not_fit_is_told_by_column(db: Database) {
    let mut session = db.session();
    session.add(Whole { id: 0, tiny: 0, small: 0, medium: 0, large: 0, byte: 0, short: 0, word: 0, long: 0, flag: true });
    session.flush().await.unwrap();
    session.execute(sql!("update {Whole} set byte = 300")).await.unwrap();
    let error = session.fetch(Whole::all()).await.unwrap_err();
    assert!(error.to_string().contains("column 6"), "{error}");
    session.rollback().await.unwrap();
    session.add(Shaped {
        id: 0,
        colour: Colour::Red,
        code: Code("x".into()),
        place: Place { street: "x".into(), number: None, spot: Spot { x: 0, y: 0 } },
        other: None,
    });
    session.flush().await.unwrap();
    let wrong = "mauve";
    match session.execute(sql!("update {Shaped} set colour = {wrong}")).await {
        Ok(_) => {
            let error = session.fetch(Shaped::all()).await.unwrap_err();
            assert!(error.code() == "decode", "{error}");
        }
        Err(error) => assert!(error.is_check_violation(), "{error}"),
    }
}
