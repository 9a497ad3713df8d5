//! MariaDB: what it does not share with MySQL.

mod ddl;

use std::borrow::Cow;

use super::data::{Extent, With};
use super::ddl::Tables;
use super::expression::Phrases;
use super::mysql::{DATA, PHRASES};
use super::{Dialect, MYSQL, Returning};
use crate::Type;
use crate::sql::Lock;

/// MariaDB 10.6 and newer.
pub const MARIADB: Dialect = Dialect {
    name: "mariadb",
    returning: Returning { insert: true, update: false, delete: true },
    lock: |lock| match lock {
        Lock::Update => " FOR UPDATE",
        Lock::SkipLocked => " FOR UPDATE SKIP LOCKED",
        Lock::NoWait => " FOR UPDATE NOWAIT",
    },
    cast,
    phrases: Some(Phrases { plain_collation: "utf8mb4_nopad_bin", ..PHRASES }),
    data: Extent { with: With::Nothing, reads_itself: true, ..DATA },
    tables: Tables::Each(ddl::render),
    ..MYSQL
};

/// JSON is text with a check here, and UUID a type.
fn cast(from: Option<&Type>, ty: &Type) -> Cow<'static, str> {
    match ty {
        Type::Json => Cow::Borrowed("CAST({0} AS CHAR)"),
        Type::Uuid => Cow::Borrowed("CAST({0} AS UUID)"),
        other => super::mysql::cast(from, other),
    }
}
