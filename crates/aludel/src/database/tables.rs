//! What a database does by itself, outside of anybody's session: making tables, looking for them, answering for its health.
//!
//! The futures are boxed so that they are compiled in this crate, once, and not in every application anew.

use std::sync::Arc;
use std::time::Instant;

use super::{Health, Shared};
use crate::driver::{Access, BoxFuture};
use crate::schema::Schema;
use crate::session::guts::Guts;
use crate::sql::Statement;
use crate::{Error, Result};

impl Shared {
    pub(super) fn create_tables(self: &Arc<Self>) -> BoxFuture<'static, Result<()>> {
        let mut guts = Guts::new(self.clone(), Access::Write);
        Box::pin(async move {
            make_tables(&mut guts).await?;
            guts.commit().await
        })
    }

    pub(super) fn ensure_tables(self: &Arc<Self>) -> BoxFuture<'static, Result<bool>> {
        let mut reading = Guts::new(self.clone(), Access::Read);
        let mut writing = Guts::new(self.clone(), Access::Write);
        Box::pin(async move {
            if has_tables(&mut reading).await? {
                return Ok(false);
            }
            drop(reading);
            if has_tables(&mut writing).await? {
                return Ok(false);
            }
            make_tables(&mut writing).await?;
            writing.commit().await?;
            Ok(true)
        })
    }

    pub(super) fn health(self: &Arc<Self>) -> BoxFuture<'static, Result<Health>> {
        let mut guts = Guts::new(self.clone(), Access::Read);
        Box::pin(async move {
            let started = Instant::now();
            let engine = guts.link.shared.engine.clone();
            let version = guts.texts_of(engine.dialect().version).await?.concat();
            Ok(Health {
                dialect: engine.dialect().name,
                version,
                latency_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
                pool: engine.stats(),
            })
        })
    }
}

async fn make_tables(guts: &mut Guts) -> Result<()> {
    let shared = guts.link.shared.clone();
    for text in shared.engine.dialect().ddl(&shared.schema.create_ops(), &Schema::default())? {
        guts.send(&Statement::plain(text)).await?;
    }
    Ok(())
}

/// Whether all tables are there, and not none.
async fn has_tables(guts: &mut Guts) -> Result<bool> {
    let shared = guts.link.shared.clone();
    let there = guts.texts_of(shared.engine.dialect().table_names).await?;
    let (present, missing): (Vec<_>, Vec<_>) = shared.schema.tables.keys().partition(|name| there.contains(name));
    match (present.is_empty(), missing.is_empty()) {
        (_, true) => Ok(true),
        (true, false) => Ok(false),
        (false, false) => Err(Error::config(format!(
            "the database has {} of the tables of the models and lacks {}: it was made for other models, and making the \
             rest would not change what is there; take a new database, or make the tables by hand",
            quoted(&present),
            quoted(&missing)
        ))),
    }
}

fn quoted(names: &[&String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
