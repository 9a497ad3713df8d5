//! A blog.

fn main() {}
