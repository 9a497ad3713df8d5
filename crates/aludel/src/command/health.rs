//! `db health`: does the database answer?

use super::Context;
use super::told::{Stop, Told};
use crate::Health;
use crate::model::Bind;

pub(super) async fn health<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    // Whoever asks changes nothing, and makes no database where there is none.
    let mut settings = context.project.settings.clone();
    settings.read_only = true;
    let db = context.project.open_with(context.line.value("url"), settings).await?;
    let health = db.health().await;
    db.close().await;
    let health = health?;
    Ok(Told::new(shown(&health), &health))
}

fn shown(health: &Health) -> String {
    let Health { dialect, version, latency_us, pool } = health;
    format!(
        "{dialect} {version}, answered in {latency_us} us; connections: {} open, {} idle, {} waiting",
        pool.open, pool.idle, pool.waiting
    )
}
