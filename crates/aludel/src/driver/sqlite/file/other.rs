//! Where files have no stable numbers, any file at the path is taken for the one that is open.

use std::fs::Metadata;

pub(super) fn of(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
