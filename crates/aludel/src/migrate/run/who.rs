//! Who runs a revision, and when, as the database is told.

use std::time::SystemTime;

use crate::Timestamp;

/// The version of the library.
pub(super) const TOOL: &str = concat!("aludel ", env!("CARGO_PKG_VERSION"));

/// `ann@web-3, process 4711`
pub(super) fn who() -> String {
    let set = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()));
    let user = set(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "somebody".into());
    let kernel = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| name.trim().to_owned());
    let machine = set(&["HOSTNAME", "COMPUTERNAME"]).or_else(kernel).unwrap_or_else(|| "this machine".into());
    format!("{user}@{machine}, process {}", std::process::id())
}

/// The time, in UTC.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
