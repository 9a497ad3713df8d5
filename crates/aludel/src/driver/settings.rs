//! How a database is opened: limits, timeouts and durability, with defaults that suit a web application.

use std::time::Duration;

/// How much a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// Never: a crash of the machine may corrupt the file. For scratch data only.
    Off,
    /// At checkpoints: a crash of the machine may lose the last commits, never the file. The default.
    Normal,
    /// At every commit: what was acknowledged survives a power cut.
    Full,
}

/// Where the statements of an embedded engine run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the thread that asks, handed over when they are slow. The default.
    InPlace,
    /// On a thread per connection: for files on slow disks or a network.
    OwnThread,
}

/// How a database is opened. Make one with `Settings::default()` and change what differs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// At most so many connections that only read (8). A database in memory has one connection for everything.
    pub readers: usize,
    /// How long to wait for a connection (5 s).
    pub acquire_timeout: Duration,
    /// How long a statement waits for another process's lock (5 s).
    pub busy_timeout: Duration,
    /// How long one statement may run; none by default.
    pub statement_timeout: Option<Duration>,
    /// A write transaction without a statement for so long is rolled back (5 s).
    pub idle_write_timeout: Duration,
    /// How much a commit waits for the disk ([`Synchronous::Normal`]).
    pub synchronous: Synchronous,
    /// Where statements run ([`Place::InPlace`]).
    pub place: Place,
    /// Open an existing database and write nothing.
    pub read_only: bool,
    /// Make the file where there is none (yes).
    pub create: bool,
    /// Prepared statements kept per connection (256).
    pub statement_cache: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            readers: 8,
            acquire_timeout: Duration::from_secs(5),
            busy_timeout: Duration::from_secs(5),
            statement_timeout: None,
            idle_write_timeout: Duration::from_secs(5),
            synchronous: Synchronous::Normal,
            place: Place::InPlace,
            read_only: false,
            create: true,
            statement_cache: 256,
        }
    }
}
