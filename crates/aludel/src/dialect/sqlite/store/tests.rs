//! Spelled as values should be, and kept by a real SQLite.

use super::*;
use crate::value::random::Random;
use crate::{Date, Time, Timestamp};

fn shown(value: Value, ty: Type) -> String {
    let mut spelling = Spelling::default();
    match store(&value, Some(&ty), &mut spelling) {
        Ok(stored) => format!("{ty:?}: {stored:?}"),
        Err(error) => format!("{ty:?}: {error}"),
    }
}

#[test]
fn every_type_has_one_spelling() {
    let number = |mantissa, scale| Value::Decimal(Decimal::new(mantissa, scale));
    let text = |text: &str| Value::Text(text.into());
    let list = Value::Array(vec![text("a\"\\\n\u{1f600}"), Value::Null, Value::Bool(true), number(15, 1)]);
    let rows = Value::Array(vec![Value::Array(vec![Value::Int(i64::MAX), Value::Uuid([0xab; 16])])]);
    let lines = [
        shown(Value::Null, Type::Text),
        shown(Value::Bool(true), Type::Bool),
        shown(Value::Int(i64::MIN), Type::BigInt),
        shown(Value::Real(0.1), Type::Double),
        shown(text("ä"), Type::Text),
        shown(Value::Bytes(vec![0, 1]), Type::Bytes),
        shown(Value::Date(Date(0)), Type::Date),
        shown(Value::Time(Time(1)), Type::Time),
        shown(Value::Timestamp(Timestamp(-1)), Type::TimestampTz),
        shown(Value::Uuid([0xab; 16]), Type::Uuid),
        shown(number(1250, 2), Type::Numeric(10, 2)),
        shown(number(1200, 2), Type::Numeric(10, 2)),
        shown(number(-125, 1), Type::Numeric(20, 4)),
        shown(number(123_456, 5), Type::Numeric(20, 4)),
        shown(Value::Int(7), Type::Numeric(20, 4)),
        shown(list, Type::Text),
        shown(rows, Type::Json),
        shown(Value::Real(f64::NAN), Type::Double),
        shown(text("a\0b"), Type::Text),
        shown(Value::Date(Date(i32::MAX)), Type::Date),
        shown(Value::Time(Time(-1)), Type::Time),
        shown(Value::Array(vec![Value::Bytes(vec![1])]), Type::Bytes),
    ];
    expect_test::expect![[r#"
        Text: Null
        Bool: Int(1)
        BigInt: Int(-9223372036854775808)
        Double: Real(0.1)
        Text: Text("ä")
        Bytes: Bytes([0, 1])
        Date: Text("1970-01-01")
        Time: Text("00:00:00.000001")
        TimestampTz: Text("1969-12-31 23:59:59.999999")
        Uuid: Text("abababab-abab-abab-abab-abababababab")
        Numeric(10, 2): Real(12.5)
        Numeric(10, 2): Int(12)
        Numeric(20, 4): Text("-12.5000")
        Numeric(20, 4): Text("1.23456")
        Numeric(20, 4): Text("7.0000")
        Text: Text("[\"a\\\"\\\\\\u000a😀\",null,1,1.5]")
        Json: Text("[[9223372036854775807,\"abababab-abab-abab-abab-abababababab\"]]")
        Double: value: NaN and infinities cannot be stored: check the number before
        Text: value: text with a NUL character cannot be stored on every engine: take it out, or use Vec<u8>
        Date: value: days and moments are kept with years from 0000 to 9999
        Time: value: times of day lie between 00:00:00 and 23:59:59.999999
        Bytes: bytes cannot travel in a list: compare them one by one"#]]
    .assert_eq(&lines.join("\n"));
}

/// What SQLite has in a column declared `declared` after `value` went in, as text with its storage class, and whether it
/// is found again by the same value.
fn kept(sqlite: &rusqlite::Connection, value: &Value, ty: &Type) -> (rusqlite::types::Value, bool) {
    let mut spelling = Spelling::default();
    let bound = match store(value, Some(ty), &mut spelling).unwrap() {
        Stored::Null => rusqlite::types::Value::Null,
        Stored::Int(value) => value.into(),
        Stored::Real(value) => value.into(),
        Stored::Text(value) => value.to_owned().into(),
        Stored::Bytes(value) => value.to_owned().into(),
    };
    sqlite.execute("DELETE FROM t", []).unwrap();
    sqlite.execute("INSERT INTO t VALUES (?)", [&bound]).unwrap();
    sqlite.query_row("SELECT c, c = ? FROM t", [&bound], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

#[test]
fn decimals_of_fifteen_digits_come_back_exactly() {
    let sqlite = rusqlite::Connection::open_in_memory().unwrap();
    sqlite.execute_batch("CREATE TABLE t (c NUMERIC(15, 4))").unwrap();
    let mut random = Random::new(6);
    for _ in 0..Random::cases(2000) {
        let digits = u32::try_from(random.between(1, 15)).unwrap();
        let limit = 10_i64.pow(digits) - 1;
        let scale = u8::try_from(random.between(0, 4)).unwrap();
        let number = Decimal::new(i128::from(random.between(-limit, limit)), scale);
        let (back, found) = kept(&sqlite, &Value::Decimal(number), &Type::Numeric(15, 4));
        let read: Decimal = match back {
            rusqlite::types::Value::Integer(value) => Decimal::from(value),
            rusqlite::types::Value::Real(value) => value.to_string().parse().unwrap(),
            other => panic!("{number} became {other:?}"),
        };
        assert_eq!(read, number);
        assert!(found, "{number}");
    }
}

#[test]
fn moments_stand_in_the_order_of_time() {
    let mut random = Random::new(7);
    let spell = |moment: Timestamp| {
        let mut spelling = Spelling::default();
        match store(&Value::Timestamp(moment), None, &mut spelling).unwrap() {
            Stored::Text(text) => text.to_owned(),
            other => panic!("{other:?}"),
        }
    };
    let span = 4_000_000_000_000_000;
    for _ in 0..Random::cases(2000) {
        let one = random.between(-span, span);
        let other = one + random.between(-2, 2) * random.between(0, span / 4);
        assert_eq!(spell(Timestamp(one)).cmp(&spell(Timestamp(other))), one.cmp(&other));
    }
}

#[test]
fn the_next_key_counts_deleted_rows_and_explicit_ones() {
    let sqlite = rusqlite::Connection::open_in_memory().unwrap();
    sqlite.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)").unwrap();
    let crate::dialect::Keys::Reserved(template) = SQLITE.keys else { panic!("one writer reserves its keys") };
    let text = template.replace("{0}", "t").replace("{1}", "id").replace("{2}", "'t'");
    let next = || sqlite.query_row(&text, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(next(), 1);
    sqlite.execute_batch("INSERT INTO t VALUES (7); DELETE FROM t").unwrap();
    assert_eq!(next(), 8);
    sqlite.execute_batch("INSERT INTO t DEFAULT VALUES").unwrap();
    assert_eq!(next(), 9);
}
