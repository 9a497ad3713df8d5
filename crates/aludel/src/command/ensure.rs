//! `db ensure`: the database is there, and with it the tables.

use super::line::Format;
use crate::Result;
use crate::model::Bind;
use crate::project::Project;

/// What `ensure` found and did.
pub(crate) struct Ensured {
    database: String,
    /// Whether tables were asked for, and made.
    tables: Option<(bool, usize)>,
}

pub(crate) async fn ensure<B: Bind>(project: &Project<B>, url: Option<&str>, schema: bool) -> Result<Ensured> {
    let db = project.open(url).await?;
    let tables = match schema {
        true => Some((db.ensure_tables().await?, db.schema().tables.len())),
        false => None,
    };
    db.close().await;
    Ok(Ensured { database: crate::driver::redact(&project.target(url)), tables })
}

impl Ensured {
    pub(super) fn show(&self, format: Format) -> String {
        if format == Format::Json {
            let made = matches!(self.tables, Some((true, _)));
            return format!("{{\"database\":{},\"tables_made\":{made}}}", super::line::quoted(&self.database));
        }
        match self.tables {
            None => format!("{} is there", self.database),
            Some((true, tables)) => format!("made {tables} tables in {}", self.database),
            Some((false, tables)) => format!("nothing to do: all {tables} tables are in {}", self.database),
        }
    }
}
