//! The words of SQL: where each begins and ends, and what kind it is. Nothing here knows a table.

mod lex;

pub use lex::Span;
pub(crate) use lex::{Flavour, Kind, Token, lex};
