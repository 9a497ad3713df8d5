//! `db seed`: rows to begin with.

use super::line::{Format, quoted};
use crate::Result;
use crate::model::Bind;
use crate::project::Project;

/// The seeds that ran.
pub(crate) struct Seeded(Vec<&'static str>);

pub(crate) async fn seed<B: Bind>(project: &Project<B>, url: Option<&str>, name: Option<&str>) -> Result<Seeded> {
    let db = project.open(url).await?;
    let ran = project.run_seeds(&db, name).await;
    db.close().await;
    ran.map(Seeded)
}

impl Seeded {
    pub(super) fn show(&self, format: Format) -> String {
        match format {
            Format::Json => {
                let names: Vec<String> = self.0.iter().map(|name| quoted(name)).collect();
                format!("{{\"seeded\":[{}]}}", names.join(","))
            }
            Format::Text if self.0.is_empty() => "nothing to do: no seed is registered".to_owned(),
            Format::Text => format!("seeded: {}", self.0.join(", ")),
        }
    }
}
