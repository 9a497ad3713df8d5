//! `rust_decimal::Decimal`, version 1.

use rust_decimal::Decimal as Foreign;

use super::{Cells, Decimal, Value};
use crate::model::{Field, Part};
use crate::{Error, Result};

impl From<Foreign> for Decimal {
    fn from(value: Foreign) -> Self {
        let scale = u8::try_from(value.scale()).expect("rust_decimal has at most 28 digits after the point");
        Decimal::new(value.mantissa(), scale)
    }
}

/// The same number, without the zeros at its end that would take more than 96 bits.
fn to_foreign(value: Decimal) -> Option<Foreign> {
    let exact = |value: Decimal| Foreign::try_from_i128_with_scale(value.mantissa(), u32::from(value.scale())).ok();
    exact(value).or_else(|| exact(value.normalize()))
}

impl Field for Foreign {
    const PART: &'static Part = Decimal::PART;
    const COMPARED: bool = false;

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        to_foreign(Decimal::read(cells)?).ok_or_else(|| {
            let at = cells.position();
            Error::decode(format!("column {at} holds more digits than `rust_decimal`: read it as `aludel::Decimal`"))
        })
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Decimal((*self).into()));
    }

    fn blank() -> Self {
        Foreign::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    #[test]
    fn numbers_and_their_text_are_the_same() {
        let mut random = Random::new(6);
        for _ in 0..Random::cases(5_000) {
            let scale = u32::try_from(random.between(0, 28)).unwrap();
            let theirs = Foreign::from_i128_with_scale(i128::from(random.between(i64::MIN, i64::MAX)), scale);
            let ours = Decimal::from(theirs);
            assert_eq!(ours.to_string(), theirs.to_string());
            assert_eq!(ours.normalize().to_string(), theirs.normalize().to_string());
            let kept = [Value::Text(ours.to_string())];
            assert_eq!(Foreign::read(&mut Cells::new(&kept.as_slice())).unwrap(), theirs);
            let places = u8::try_from(random.between(0, i64::from(scale))).unwrap();
            let rounding = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            let rounded = theirs.round_dp_with_strategy(u32::from(places), rounding);
            assert_eq!(ours.rescale(places).unwrap(), Decimal::from(rounded));
        }
    }

    #[test]
    fn what_takes_more_than_96_bits_is_refused() {
        let kept = [Value::Decimal(Decimal::new(i128::MAX, 2))];
        assert!(Foreign::read(&mut Cells::new(&kept.as_slice())).is_err());
        let kept = [Value::Decimal(Decimal::new(10_i128.pow(30), 30))];
        assert_eq!(Foreign::read(&mut Cells::new(&kept.as_slice())).unwrap(), Foreign::ONE);
    }
}
