//! Revisions on databases that hold rows: run, refused, undone, cut off, by one and by many.

mod crowd;
mod edits;
mod functions;
mod graph;
mod kill;
mod kit;
mod prove;
mod run;
mod script;
