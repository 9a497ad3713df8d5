//! The embedded engine: statements run in place, one connection writes, many read.

mod classify;
mod connection;
mod engine;
mod execute;
mod lane;
mod open;
mod slot;

pub(crate) use engine::open;

#[cfg(test)]
mod tests;
