//! The embedded engine: statements run in place, one connection writes, many read.

mod classify;
mod connection;
mod elsewhere;
mod engine;
mod execute;
mod file;
mod handover;
mod lane;
mod open;
mod pulse;
mod slot;
mod stream;
mod watch;

pub(crate) use engine::open;

#[cfg(test)]
mod tests;
