//! The embedded engine by its contract: who gets a connection, what is rolled back, what a broken file does.

mod alter;
mod elsewhere;
mod faults;
pub(crate) mod kit;
mod log;
mod pool;
mod stream;
