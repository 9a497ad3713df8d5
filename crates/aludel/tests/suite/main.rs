//! The integration tests of the library, one binary.
#![forbid(unsafe_code)]
#![allow(unreachable_pub, reason = "models are written here as an application writes them")]

mod carried;
mod conformance;
mod faults;
#[cfg(all(feature = "jiff-0_2", feature = "uuid-1", feature = "rust_decimal-1", feature = "json"))]
mod foreign;
mod migrate;
mod models;
mod oracle;
#[cfg(feature = "axum-0_8")]
mod programs;
mod queries;
mod session;
mod sqlite;
mod statements;
mod tables;
mod telling;
mod unit;
#[cfg(feature = "axum-0_8")]
mod web;
