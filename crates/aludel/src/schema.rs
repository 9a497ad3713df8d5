//! The schema as plain data.
