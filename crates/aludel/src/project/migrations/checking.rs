//! Models and files against each other.

use super::Migrations;
use crate::Result;
use crate::migrate::Difference;
use crate::model::Bind;

/// Where models and files differ.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Checked {
    /// The names of the engines that the files were added up for.
    pub engines: Vec<&'static str>,
    /// How many revisions there are.
    pub revisions: usize,
    /// The models against the files.
    pub differences: Vec<Difference>,
}

impl Checked {
    /// Whether nothing differs.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
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
        })
    }
}
