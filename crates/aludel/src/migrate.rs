//! Migrations: revision files, the history they make, and the way from one revision to another.
//!
//! A [`Revision`] is one file of portable SQL, read into operations. What stands in it is data; nothing below
//! `migrate::run` reads a file or talks to a database.

mod revision;

pub use revision::{Allow, Fault, Instead, Revision, Step, Work};

pub use crate::syntax::Span;
