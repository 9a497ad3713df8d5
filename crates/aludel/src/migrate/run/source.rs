//! Where revision files come from: the folder they are written in, or the copy that the program carries.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::migrate::{Fault, History, Revision};
use crate::{Error, Result};

/// A name and a text for each file of a folder, put into the program when it was built.
type Carried = &'static [(&'static str, &'static str)];

/// The revisions beside the manifest of the program, which it carries along: those of `migrations`, or of the folder named.
///
/// Cargo builds the program again when one of them changes; for new ones the build script of the program says
/// `println!("cargo::rerun-if-changed=migrations")`. A folder that is not there has no revisions.
///
/// ```
/// let source = aludel::revisions!();
/// assert!(source.files()?.history()?.revisions().is_empty());
/// # Ok::<(), aludel::Error>(())
/// ```
#[macro_export]
macro_rules! revisions {
    ($($folder:literal)?) => {
        $crate::migrate::Source::carried($crate::__private::revisions!($($folder)?), ::std::cfg!(debug_assertions))
    };
}

/// Where the revisions of a program are: in a folder, in the program itself, or both.
///
/// [`revisions!`](crate::revisions!) makes one that is both, [`Source::folder`] one that is a folder.
#[derive(Clone, Debug, Default)]
pub struct Source {
    place: Place,
    carried: Option<Carried>,
    /// Whether the program is one under development.
    debug: bool,
}

/// A folder.
#[derive(Clone, Debug, Default)]
enum Place {
    /// None: there are no revisions.
    #[default]
    None,
    /// Where the program was built.
    Built(&'static str),
    /// Where somebody said.
    Given(PathBuf),
}

/// The files of a source, read.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Each name, as messages show it, with the text.
    files: Vec<(String, String)>,
    note: Option<String>,
}

impl Source {
    #[doc(hidden)]
    pub fn carried((folder, files): (&'static str, Carried), debug: bool) -> Self {
        Source { place: Place::Built(folder), carried: Some(files), debug }
    }

    /// The files `*.sql` of a folder, which need not be there yet.
    ///
    /// ```
    /// # use aludel::migrate::Source;
    /// let source = Source::folder("no/such/folder");
    /// assert!(source.files()?.history()?.revisions().is_empty());
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Source { place: Place::Given(folder.into()), ..Source::default() }
    }

    /// The folder in which new files are written. Where the program was built elsewhere, it is `migrations` in the working
    /// directory.
    pub fn path(&self) -> PathBuf {
        match &self.place {
            Place::Given(folder) => folder.clone(),
            Place::Built(folder) => match Path::new(folder) {
                folder if folder.is_dir() || folder.parent().is_some_and(Path::is_dir) => folder.to_owned(),
                folder => last(folder).into(),
            },
            Place::None => "migrations".into(),
        }
    }

    /// The path of a file in [`path`](Source::path), as messages show it: as it was given, or from the working directory. The
    /// machine on which the program was built does not show.
    pub fn shown(&self, name: &str) -> String {
        let folder = match &self.place {
            Place::Given(folder) => folder.clone(),
            Place::Built(folder) => {
                let folder = Path::new(folder);
                let here = std::env::current_dir().ok().filter(|_| folder.is_dir());
                let inside = here.and_then(|here| folder.strip_prefix(here).ok().map(Path::to_owned));
                inside.filter(|inside| !inside.as_os_str().is_empty()).unwrap_or_else(|| last(folder).into())
            }
            Place::None => "migrations".into(),
        };
        folder.join(name).to_string_lossy().into_owned()
    }

    /// The files as they are now: those of the folder where it exists, else those that the program carries.
    ///
    /// # Errors
    /// A configuration error where the folder or a file cannot be read, or is not UTF-8.
    pub fn files(&self) -> Result<Files> {
        let folder = match &self.place {
            Place::Built(folder) => Path::new(folder),
            Place::Given(folder) => folder,
            Place::None => return Ok(Files::default()),
        };
        let Some(found) = read(folder, &|name| self.shown(name))? else { return Ok(self.copy()) };
        let note = self.carried.and_then(|carried| differing(&self.shown(""), &found, carried));
        let show = |(name, text): (String, String)| (self.shown(&name), text);
        Ok(Files { files: found.into_iter().map(show).collect(), note })
    }

    /// The files that a program starts with: those it carries; while it is under development, or where it carries none,
    /// [`files`](Source::files).
    ///
    /// # Errors
    /// As [`files`](Source::files).
    pub fn files_at_start(&self) -> Result<Files> {
        if self.debug || self.carried.is_none() { self.files() } else { Ok(self.copy()) }
    }

    /// The files that the program carries.
    fn copy(&self) -> Files {
        let carried = self.carried.unwrap_or_default().iter();
        let files = carried.map(|(name, text)| (self.shown(name), (*text).to_owned())).collect();
        Files { files, note: None }
    }
}

impl Files {
    /// What whoever runs the program should know: that the folder differs from what the program carries.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The name, as messages show it, and the text of each, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The revisions in them.
    ///
    /// # Errors
    /// A configuration error with every fault of every file; where there are none, with all faults between them.
    pub fn history(&self) -> Result<History> {
        let (mut revisions, mut faults) = (Vec::with_capacity(self.files.len()), Vec::<Fault>::new());
        for (name, text) in self.iter() {
            match Revision::parse(name, text) {
                Ok(revision) => revisions.push(revision),
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(History::new(revisions)?) } else { Err(faults.into()) }
    }
}

/// The last part of a path.
fn last(folder: &Path) -> &Path {
    folder.file_name().map_or(folder, Path::new)
}

/// The names and texts of the files `*.sql` in `folder`, by name; `None` where there is no folder.
fn read(folder: &Path, shown: &dyn Fn(&str) -> String) -> Result<Option<Vec<(String, String)>>> {
    let fails = |what: String, error: std::io::Error| {
        let help = match error.kind() {
            ErrorKind::InvalidData => "it is not UTF-8: save it as UTF-8".to_owned(),
            ErrorKind::NotADirectory => {
                "it is a file; revisions are in a folder, which `--dir` names where it is not `migrations`".to_owned()
            }
            _ => error.to_string(),
        };
        let what = what.trim_end_matches(std::path::is_separator);
        Error::config(format!("{what} cannot be read: {help}")).with_source(error)
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        entries => entries.map_err(|error| fails(shown(""), error))?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| fails(shown(""), error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".sql") && !name.starts_with('.') && entry.path().is_file() {
            let text = std::fs::read_to_string(entry.path()).map_err(|error| fails(shown(&name), error))?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(Some(files))
}

/// How the files of the folder differ from those that the program carries, if they do.
fn differing(folder: &str, found: &[(String, String)], carried: Carried) -> Option<String> {
    let found: BTreeMap<&str, &str> = found.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let carried: BTreeMap<&str, &str> = carried.iter().copied().collect();
    let new = found.keys().filter(|name| !carried.contains_key(*name)).map(|name| format!("{name} is new"));
    let gone = carried.keys().filter(|name| !found.contains_key(*name)).map(|name| format!("{name} is gone"));
    let changed = found.iter().filter(|(name, text)| carried.get(*name).is_some_and(|old| old != *text));
    let all: Vec<String> = new.chain(gone).chain(changed.map(|(name, _)| format!("{name} has changed"))).collect();
    let more = match all.len().saturating_sub(3) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!all.is_empty()).then(|| {
        format!(
            "{folder} is not what the program was built with: {}{more}. The folder counts here; build the program again, so \
             that it carries the same",
            all[..all.len().min(3)].join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARRIED: Carried =
        &[("a.sql", "-- edition: 1\n-- revision: a\n-- parents:\n-- message: a\n"), ("b.sql", "b")];

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("aludel-source-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("migrations/c.sql")).unwrap();
        folder.join("migrations")
    }

    fn names(files: &Files) -> Vec<&str> {
        files.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_folder_counts_where_it_is_there_and_the_copy_elsewhere() {
        let built = folder("counts");
        for (name, text) in [("a.sql", CARRIED[0].1), ("c2.sql", "new"), (".d.sql", "hidden"), ("readme.md", "none")] {
            std::fs::write(built.join(name), text).unwrap();
        }
        let path: &'static str = built.to_str().unwrap().to_owned().leak();
        let source = |debug| Source::carried((path, CARRIED), debug);
        let there = source(false).files().unwrap();
        assert_eq!(names(&there), ["migrations/a.sql", "migrations/c2.sql"]);
        assert_eq!(
            there.note(),
            Some(
                "migrations/ is not what the program was built with: c2.sql is new, b.sql is gone. The folder counts here; \
                 build the program again, so that it carries the same"
            )
        );
        assert_eq!(names(&source(true).files_at_start().unwrap()), names(&there));
        let started = source(false).files_at_start().unwrap();
        assert_eq!((names(&started), started.note()), (vec!["migrations/a.sql", "migrations/b.sql"], None));
        assert_eq!(source(false).path(), built);
        std::fs::remove_dir_all(built.parent().unwrap()).unwrap();
        assert_eq!(names(&source(true).files().unwrap()), names(&started));
        assert_eq!(source(true).path(), Path::new("migrations"));
    }

    #[test]
    fn what_cannot_be_read_is_told_without_the_path_of_the_build() {
        let built = folder("unread");
        std::fs::write(built.join("a.sql"), b"-- \xff").unwrap();
        let path: &'static str = built.to_str().unwrap().to_owned().leak();
        let error = Source::carried((path, &[]), false).files().unwrap_err();
        assert_eq!(error.to_string(), "migrations/a.sql cannot be read: it is not UTF-8: save it as UTF-8");
        let file = Source::folder(built.join("a.sql")).files().unwrap_err().to_string();
        assert!(file.contains("a.sql") && file.contains("cannot be read"), "{file}");
        std::fs::remove_dir_all(built.parent().unwrap()).unwrap();
    }

    #[test]
    fn every_fault_of_every_file_is_told() {
        let wrong = Source::carried(("/nowhere/migrations", &[("a.sql", "nonsense"), ("b.sql", "nonsense")]), false);
        let error = wrong.files().unwrap().history().unwrap_err().to_string();
        assert!(error.contains("migrations/a.sql") && error.contains("migrations/b.sql"), "{error}");
        assert!(!error.contains("nowhere"), "{error}");
        let right = Source::carried(("/nowhere/migrations", &CARRIED[..1]), false);
        assert_eq!(right.files().unwrap().history().unwrap().revisions().len(), 1);
        assert!(Source::default().files().unwrap().history().unwrap().revisions().is_empty());
    }
}
