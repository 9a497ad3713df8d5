//! The types of `jiff`, version 0.2.
//!
//! Parts of a microsecond are dropped, towards the past.

use jiff::civil;

use super::calendar::{self, DAY};
use super::{Cells, Date, Time, Timestamp, Type, Value};
use crate::model::{Field, Leaf, Part};
use crate::{Error, Result};

#[cold]
fn beyond(cells: &Cells<'_>) -> Error {
    Error::decode(format!("column {} holds a day that jiff cannot: read it as `aludel::Timestamp`", cells.position()))
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(value: jiff::Timestamp) -> Self {
        let micros = value.as_nanosecond().div_euclid(1_000);
        Timestamp(i64::try_from(micros).expect("jiff keeps years of four digits"))
    }
}

impl From<civil::DateTime> for Timestamp {
    fn from(value: civil::DateTime) -> Self {
        Timestamp(i64::from(Date::from(value.date()).0) * DAY + Time::from(value.time()).0)
    }
}

impl From<civil::Date> for Date {
    fn from(value: civil::Date) -> Self {
        let days = calendar::days(i64::from(value.year()), i64::from(value.month()), i64::from(value.day()));
        Date(i32::try_from(days).expect("jiff keeps years of four digits"))
    }
}

impl From<civil::Time> for Time {
    fn from(value: civil::Time) -> Self {
        let minutes = i64::from(value.hour()) * 60 + i64::from(value.minute());
        Time((minutes * 60 + i64::from(value.second())) * 1_000_000 + i64::from(value.subsec_nanosecond()) / 1_000)
    }
}

fn to_date(value: Date) -> Option<civil::Date> {
    let (year, month, day) = calendar::civil(i64::from(value.0));
    civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn to_time(value: Time) -> Option<civil::Time> {
    let seconds = value.0.div_euclid(1_000_000);
    civil::Time::new(
        i8::try_from(seconds / 3_600).ok()?,
        i8::try_from(seconds / 60 % 60).ok()?,
        i8::try_from(seconds % 60).ok()?,
        i32::try_from(value.0.rem_euclid(1_000_000) * 1_000).ok()?,
    )
    .ok()
}

fn to_datetime(value: Timestamp) -> Option<civil::DateTime> {
    let (date, time) = value.split();
    Some(to_date(date)?.to_datetime(to_time(time)?))
}

macro_rules! fields {
    ($($foreign:ty, $own:ident, $ty:ident, $value:ident => $read:expr, $blank:expr;)*) => {$(
        impl Field for $foreign {
            const PART: &'static Part = &Part::Column(Leaf::new(&Type::$ty));

            #[inline]
            fn read(cells: &mut Cells<'_>) -> Result<Self> {
                let $value = $own::read(cells)?;
                $read.ok_or_else(|| beyond(cells))
            }

            #[inline]
            fn write(&self, out: &mut Vec<Value>) {
                out.push(Value::$own((*self).into()));
            }

            /// 1970-01-01 00:00:00
            fn blank() -> Self {
                $blank
            }

            #[inline]
            fn same(&self, kept: &[Value]) -> bool {
                matches!(kept, [Value::$own(value)] if *value == (*self).into())
            }
        }
    )*};
}

const EPOCH: civil::Date = civil::date(1970, 1, 1);

fields! {
    jiff::Timestamp, Timestamp, TimestampTz, value => jiff::Timestamp::from_microsecond(value.0).ok(),
        jiff::Timestamp::UNIX_EPOCH;
    civil::DateTime, Timestamp, Timestamp, value => to_datetime(value), EPOCH.at(0, 0, 0, 0);
    civil::Date, Date, Date, value => to_date(value), EPOCH;
    civil::Time, Time, Time, value => to_time(value), civil::Time::midnight();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    fn round_trip<T: Field + PartialEq + std::fmt::Debug>(field: T, text: &str) {
        let mut out = Vec::new();
        field.write(&mut out);
        assert!(field.same(&out));
        assert_eq!(T::read(&mut Cells::new(&out.as_slice())).unwrap(), field);
        let kept = [Value::Text(text.to_owned())];
        assert_eq!(T::read(&mut Cells::new(&kept.as_slice())).unwrap(), field);
    }

    #[test]
    fn our_calendar_is_theirs() {
        let mut random = Random::new(5);
        for _ in 0..Random::cases(5_000) {
            let ours = Timestamp(random.between(-62_167_219_200_000_000, 253_402_207_199_999_999));
            let theirs = jiff::Timestamp::from_microsecond(ours.0).unwrap();
            let civil = jiff::tz::TimeZone::UTC.to_datetime(theirs);
            let (date, time) = ours.split();
            round_trip(theirs, &ours.to_string());
            round_trip(civil, &ours.to_string());
            round_trip(civil.date(), &date.to_string());
            round_trip(civil.time(), &time.to_string());
            assert_eq!(date.to_string(), civil.date().to_string());
            assert_eq!(Timestamp::from(civil), ours);
        }
    }

    #[test]
    fn finer_parts_are_dropped_towards_the_past() {
        assert_eq!(Timestamp::from(jiff::Timestamp::from_nanosecond(-1).unwrap()), Timestamp(-1));
        let kept = [Value::Timestamp(Timestamp(i64::MAX))];
        assert!(jiff::Timestamp::read(&mut Cells::new(&kept.as_slice())).is_err());
        assert!(civil::DateTime::read(&mut Cells::new(&kept.as_slice())).is_err());
    }
}
