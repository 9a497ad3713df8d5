//! The integration tests of the library, one binary.
#![forbid(unsafe_code)]
#![allow(unreachable_pub, reason = "models are written here as an application writes them")]

mod conformance;
mod faults;
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
