//! Revisions on databases that hold rows: run, refused, undone, cut off, by one and by many.

mod crowd;
#[cfg(all(feature = "uuid-1", feature = "rust_decimal-1"))]
mod data;
mod edits;
mod functions;
mod graph;
mod kill;
mod kit;
mod prove;
mod run;
mod script;
mod variants;
