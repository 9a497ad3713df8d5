//! `db health`: does the database answer?

use super::line::{Format, quoted};
use crate::model::Bind;
use crate::project::Project;
use crate::{Health, Result};

pub(crate) async fn health<B: Bind>(project: &Project<B>, url: Option<&str>) -> Result<Health> {
    let db = project.open(url).await?;
    let health = db.health().await;
    db.close().await;
    health
}

pub(super) fn show(health: &Health, format: Format) -> String {
    let Health { dialect, version, latency_us, pool } = health;
    match format {
        Format::Text => format!(
            "{dialect} {version}, answered in {latency_us} us; connections: {} open, {} idle, {} waiting",
            pool.open, pool.idle, pool.waiting
        ),
        Format::Json => format!(
            "{{\"dialect\":{},\"version\":{},\"latency_us\":{latency_us},\"pool\":{{\"open\":{},\"idle\":{},\
             \"waiting\":{}}}}}",
            quoted(dialect),
            quoted(version),
            pool.open,
            pool.idle,
            pool.waiting
        ),
    }
}
