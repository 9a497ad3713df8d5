//! `db seed`: rows to begin with.

use super::Context;
use super::told::{Stop, Told};
use crate::model::Bind;

/// The seeds that ran.
#[derive(serde::Serialize)]
struct Seeded {
    seeded: Vec<&'static str>,
}

pub(super) async fn seed<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    if context.project.seeds_called(context.line.word())?.is_empty() {
        return Ok(Told::new("nothing to do: no seed is registered", &Seeded { seeded: Vec::new() }));
    }
    let db = context.project.open(context.line.value("url")).await?;
    let ran = context.project.run_seeds(&db, context.line.word()).await;
    db.close().await;
    let seeded = Seeded { seeded: ran? };
    Ok(Told::new(format!("seeded: {}", seeded.seeded.join(", ")), &seeded))
}
