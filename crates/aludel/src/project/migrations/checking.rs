//! Models, files and database against each other.

use super::{Migrations, ids};
use crate::migrate::{Difference, History, Runner};
use crate::model::Bind;
use crate::{Error, Result};

/// Where models, files and database differ.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Checked {
    /// The names of the engines that the files were added up for.
    pub engines: Vec<&'static str>,
    /// How many revisions there are.
    pub revisions: usize,
    /// The models against the files.
    pub differences: Vec<Difference>,
    /// The database against its revisions, and revisions that it has not, one line each; `None` where it was not looked at.
    pub live: Option<Vec<String>>,
}

impl Checked {
    /// Whether nothing differs.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.live.as_ref().is_none_or(Vec::is_empty)
    }
}

impl<B: Bind> Migrations<'_, B> {
    /// The models against what the files add up to, for each engine of the project. Needs no database.
    ///
    /// # Errors
    /// Every fault of every file, each with its line; a schema error with all problems of the models.
    pub fn check(&self) -> Result<Checked> {
        let history = self.history()?;
        Ok(Checked {
            engines: self.engines()?.iter().map(|engine| engine.name).collect(),
            revisions: history.revisions().len(),
            differences: self.differences_of(&history)?,
            live: None,
        })
    }

    /// As [`check`](Migrations::check), and what is stored in the database against what its revisions made. Writes nothing.
    ///
    /// # Errors
    /// As [`check`](Migrations::check); where there is no database, or it has revisions that no file knows; whatever it
    /// reports.
    pub async fn check_live(&self) -> Result<Checked> {
        let checked = self.check()?;
        let live = self.live(&self.history()?).await?;
        Ok(Checked { live: Some(live), ..checked })
    }

    async fn live(&self, history: &History) -> Result<Vec<String>> {
        let Some(engine) = self.looking()? else {
            return Err(Error::config(format!("{} is not there yet: `upgrade` makes it", self.database())));
        };
        let runner = Runner::over(&engine, history);
        let found = async {
            let applied = ids(&runner.applied().await?);
            if let [id, ..] = history.unknown(&applied)[..] {
                return Err(Error::config(format!(
                    "the database has the revision `{id}`, which no file here knows: a newer version of the program was at \
                     work, or the file is gone; run the newer program, or bring the file back, of which `show {id} --applied` \
                     prints the text that the database keeps"
                )));
            }
            let schema = history.schema(engine.dialect(), &applied)?;
            let stored = runner.stored().await?;
            let mut found = engine.dialect().compare(&stored, &schema);
            // Tables, views and triggers that nobody here made are nobody's business here.
            found.retain(|one| !one.is_extra() || schema.tables.keys().any(|name| name.eq_ignore_ascii_case(&one.of)));
            let pending = history.upgrade(&applied, "heads")?;
            let pending = pending.iter().map(|one| format!("revision `{}` ({}) is not applied", one.id, one.message));
            Ok(found.iter().map(ToString::to_string).chain(pending).collect())
        };
        let found = found.await;
        engine.close().await;
        found
    }
}
