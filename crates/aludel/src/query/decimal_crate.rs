//! Computing with `rust_decimal::Decimal`, version 1.

use rust_decimal::Decimal;

use super::compute::Number;

impl Number for Decimal {
    type Sum = Decimal;
    type Average = Decimal;
}
