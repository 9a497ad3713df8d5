//! What reads revision files and brings databases along.

mod source;

pub use source::{Files, Source};
