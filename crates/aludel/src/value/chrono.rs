//! The types of `chrono`, version 0.4.
//!
//! Parts of a microsecond are dropped, towards the past; a leap second is the last microsecond before it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::{Cells, Date, Time, Timestamp, Type, Value};
use crate::model::{Field, Leaf, Part};
use crate::{Error, Result};

/// Days from 0000-12-31, where chrono counts from, to 1970-01-01.
const EPOCH: i32 = 719_163;

#[cold]
fn beyond(cells: &Cells<'_>) -> Error {
    Error::decode(format!("column {} holds a day that chrono cannot: read it as `aludel::Timestamp`", cells.position()))
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(value: DateTime<Utc>) -> Self {
        Timestamp(value.timestamp_micros())
    }
}

impl From<NaiveDateTime> for Timestamp {
    fn from(value: NaiveDateTime) -> Self {
        value.and_utc().into()
    }
}

impl From<NaiveDate> for Date {
    fn from(value: NaiveDate) -> Self {
        Date(chrono::Datelike::num_days_from_ce(&value) - EPOCH)
    }
}

impl From<NaiveTime> for Time {
    fn from(value: NaiveTime) -> Self {
        let micros = (value.nanosecond() / 1_000).min(999_999);
        Time(i64::from(value.num_seconds_from_midnight()) * 1_000_000 + i64::from(micros))
    }
}

fn to_time(value: Time) -> Option<NaiveTime> {
    let seconds = u32::try_from(value.0.div_euclid(1_000_000)).ok()?;
    let nanos = u32::try_from(value.0.rem_euclid(1_000_000) * 1_000).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)
}

macro_rules! fields {
    ($($foreign:ty, $own:ident, $ty:ident, $value:ident => $read:expr;)*) => {$(
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
                Default::default()
            }

            #[inline]
            fn same(&self, kept: &[Value]) -> bool {
                matches!(kept, [Value::$own(value)] if *value == (*self).into())
            }
        }
    )*};
}

fields! {
    DateTime<Utc>, Timestamp, TimestampTz, value => DateTime::from_timestamp_micros(value.0);
    NaiveDateTime, Timestamp, Timestamp, value => DateTime::from_timestamp_micros(value.0).map(|moment| moment.naive_utc());
    NaiveDate, Date, Date, value => value.0.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt);
    NaiveTime, Time, Time, value => to_time(value);
}

crate::model::keys!(DateTime<Utc>, NaiveDate);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    fn write(field: &impl Field) -> Value {
        let mut out = Vec::new();
        field.write(&mut out);
        out.remove(0)
    }

    fn read<T: Field>(value: Value) -> Result<T> {
        let row = [value];
        T::read(&mut Cells::new(&row.as_slice()))
    }

    #[test]
    fn our_calendar_is_theirs() {
        let mut random = Random::new(4);
        for _ in 0..Random::cases(20_000) {
            // The storable years, and their neighbours on both sides.
            let micros = random.between(-70_000_000_000_000_000, 260_000_000_000_000_000);
            let theirs = DateTime::from_timestamp_micros(micros).unwrap();
            let ours = Timestamp(micros);
            assert_eq!(ours.to_string(), theirs.format("%Y-%m-%d %H:%M:%S%.6f").to_string());
            assert_eq!(ours.to_string().parse::<Timestamp>().unwrap(), ours);
            assert_eq!(theirs.to_rfc3339().parse::<Timestamp>().unwrap(), ours);
            assert_eq!(Timestamp::from(theirs), ours);
            assert_eq!(read::<DateTime<Utc>>(Value::Timestamp(ours)).unwrap(), theirs);
            assert_eq!(read::<NaiveDateTime>(Value::Text(ours.to_string())).unwrap(), theirs.naive_utc());
            let (date, time) = ours.split();
            assert_eq!(read::<NaiveDate>(write(&theirs.date_naive())).unwrap(), theirs.date_naive());
            assert_eq!(write(&theirs.date_naive()), Value::Date(date));
            assert_eq!(write(&theirs.time()), Value::Time(time));
            assert_eq!(read::<NaiveTime>(Value::Time(time)).unwrap(), theirs.time());
        }
    }

    #[test]
    fn every_day_of_the_storable_years_is_theirs() {
        for day in (-719_528..2_932_897).step_by(7) {
            let theirs = NaiveDate::from_num_days_from_ce_opt(day + EPOCH).unwrap();
            assert_eq!(Date(day).to_string(), theirs.to_string());
            assert_eq!(Date(day).to_string().parse::<Date>().unwrap(), Date(day));
        }
    }

    #[test]
    fn finer_parts_are_dropped_and_leap_seconds_fit_the_day() {
        let before = DateTime::from_timestamp(-1, 999_999_999).unwrap();
        assert_eq!(Timestamp::from(before), Timestamp(-1));
        let leap = NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).unwrap();
        assert_eq!(Time::from(leap).to_string(), "23:59:59.999999");
        assert!(read::<NaiveTime>(Value::Time(Time(-1))).is_err());
        assert!(read::<NaiveDate>(Value::Date(Date(i32::MAX))).is_err());
        assert!(read::<DateTime<Utc>>(Value::Timestamp(Timestamp(i64::MAX))).is_err());
    }
}
