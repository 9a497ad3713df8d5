//! The files of revisions.

use std::path::{Path, PathBuf};

use super::Migrations;
use crate::dialect::Dialect;
use crate::driver;
use crate::migrate::{Difference, History, Source, differences};
use crate::model::Bind;
use crate::schema::Schema;
use crate::{Error, Result};

impl<B: Bind> Migrations<'_, B> {
    /// The revisions in the folder, or those in the program where there is none.
    ///
    /// # Errors
    /// Every fault of every file, each with its line; a file that cannot be read.
    pub fn history(&self) -> Result<History> {
        self.source().files()?.history()
    }

    /// What whoever runs the program should know of the files: that those in the folder are not those in the program.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn note(&self) -> Result<Option<String>> {
        Ok(self.source().files()?.note().map(str::to_owned))
    }

    /// The folder of the files, whether it is there or not.
    pub fn folder(&self) -> PathBuf {
        self.source().path()
    }

    /// The folder as messages show it.
    pub(crate) fn shown(&self) -> String {
        self.source().shown("").trim_end_matches(std::path::is_separator).to_owned()
    }

    pub(super) fn source(&self) -> Source {
        match &self.folder {
            Some(folder) => Source::folder(folder),
            None => self.project.source().clone(),
        }
    }

    /// The path of the file of the revision that `symbol` names; where files have faults, of the file whose name or id begins
    /// so.
    ///
    /// # Errors
    /// A usage error where it names none or several; where the file is only in the program, and in no folder.
    pub async fn path_to(&self, symbol: &str) -> Result<PathBuf> {
        let names: Vec<String> = match self.history() {
            Ok(_) => self.find(symbol).await?.iter().map(|revision| file_of(&revision.file)).collect(),
            Err(faults) => {
                let found = self.named(symbol)?;
                if found.is_empty() {
                    return Err(faults);
                }
                found
            }
        };
        let [name] = &names[..] else {
            let names = names.join(", ");
            return Err(Error::usage(format!("`{symbol}` names several: {names}; say which one")));
        };
        let path = self.folder().join(name);
        match path.is_file() {
            true => Ok(path),
            false => Err(Error::config(format!(
                "{} is not there: the revision is in this program only; edit it where its source is",
                self.source().shown(name)
            ))),
        }
    }

    /// The names of the files in the folder whose name or id begins with `symbol`, whatever else is in them.
    fn named(&self, symbol: &str) -> Result<Vec<String>> {
        let folder = self.folder();
        let unreadable = |error: std::io::Error| {
            Error::config(format!("{} cannot be read: {error}", self.shown())).with_source(error)
        };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
            if !name.ends_with(".sql") {
                continue;
            }
            let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
            let id = text.lines().find_map(|line| line.strip_prefix("-- revision:")).unwrap_or_default();
            if name.starts_with(symbol) || id.trim().starts_with(symbol) {
                found.push(name);
            }
        }
        found.sort();
        Ok(found)
    }

    /// The engines that the files are for: those of the project, or that of the database.
    pub(super) fn engines(&self) -> Result<Vec<&'static Dialect>> {
        let named = self.project.dialects()?;
        if named.is_empty() { Ok(vec![driver::engine_of(&self.target())?]) } else { Ok(named) }
    }

    /// Where the models differ from what the files add up to, for every engine they are for.
    pub(super) fn differences_of(&self, history: &History) -> Result<Vec<Difference>> {
        let models = self.models()?;
        let mut found: Vec<Difference> = Vec::new();
        for engine in self.engines()? {
            for difference in differences(&history.schema_at_heads(engine)?, &models) {
                if !found.contains(&difference) {
                    found.push(difference);
                }
            }
        }
        Ok(found)
    }

    /// The schema that the models make.
    pub(super) fn models(&self) -> Result<Schema> {
        Ok(Schema::from_models(&self.project.metas())?)
    }
}

/// The name of a file without its folder.
pub(super) fn file_of(shown: &str) -> String {
    Path::new(shown).file_name().unwrap_or_default().to_string_lossy().into_owned()
}
