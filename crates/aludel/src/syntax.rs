//! The words of SQL and the expressions made of them: where each begins and ends, and what kind it is. Nothing here
//! knows a table.

pub(crate) mod expr;
mod lex;
mod name;
pub(crate) mod text;

pub use lex::Span;
pub(crate) use lex::{Flavour, Kind, Token, lex};
pub(crate) use name::{is_plain, is_type, spell};
