//! Device and inode.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

pub(super) fn of(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}
