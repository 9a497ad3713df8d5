//! New revisions: found, tried and written.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use super::Migrations;
use super::files::file_of;
use crate::migrate::{Answers, EDITION, Fault, History, Revision, Step, Unanswered, diff, file_name, new_id, prove};
use crate::model::Bind;
use crate::schema::{Op, Schema, fnv};
use crate::{Error, Result};

/// What a new revision is to be. Make one with `Request::default()` and change what differs.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Request {
    /// What it does, in a few words; `None` for what its steps say.
    pub message: Option<String>,
    /// Without steps, to be written by hand.
    pub empty: bool,
    /// The revision it follows, where there are several heads.
    pub head: Option<String>,
    /// A name for the branch that begins with it.
    pub label: Option<String>,
    /// Revisions of other branches that have to be applied before.
    pub depends: Vec<String>,
    /// What is said beforehand of renames, drops and values.
    pub answers: Answers,
}

/// What comes of a request for a revision.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Draft {
    /// The models are what the files say. With what people should know, a sentence each.
    Nothing(Vec<String>),
    /// It cannot be written before this is answered.
    Open(Unanswered),
    /// It can be written. With what people should know, a sentence each.
    Ready(Box<Revision>, Vec<String>),
}

impl<B: Bind> Migrations<'_, B> {
    /// What a revision would be that brings the files to what the models are. Writes nothing and needs no database: what is
    /// found is tried in memory, with a row in every table that it can reach.
    ///
    /// # Errors
    /// Faults in the files; a schema error with all problems of the models; a usage error where there are several heads, or
    /// the revision to follow is none; a revision that needs what another branch made; one that does not stand its trial.
    pub async fn draft(&self, request: &Request) -> Result<Draft> {
        let history = self.history()?;
        let parents = follows(&history, request.head.as_deref())?;
        let mut answers = request.answers.clone();
        answers.hints(&self.project.metas());
        let models = self.models()?;
        // Models are what all branches together make: the one that the revision follows is its place, and no more.
        let engines = self.engines()?;
        let before: Vec<Schema> =
            engines.iter().map(|engine| history.schema_at_heads(engine)).collect::<Result<_, Vec<Fault>>>()?;
        let mut revision = Revision { edition: EDITION, parents, ..Revision::default() };
        revision.labels = request.label.iter().cloned().collect();
        for symbol in &request.depends {
            revision.depends.extend(history.resolve(symbol, &BTreeSet::new())?);
        }
        let mut notes = Vec::new();
        if request.empty {
            revision.down = Some(Vec::new());
        } else {
            match diff(&before[0], &models, &answers) {
                Err(open) => return Ok(Draft::Open(open)),
                Ok(change) if change.up.is_empty() => return Ok(Draft::Nothing(change.notes)),
                Ok(change) => {
                    revision.up = change.up;
                    revision.down = Some(change.down);
                    notes = change.notes;
                }
            }
        }
        revision.message = request.message.clone().unwrap_or_else(|| told(&revision));
        let revision = self.finished(revision, &history)?;
        for (engine, before) in engines.into_iter().zip(&before) {
            let proof = prove(engine, before, &revision).await.map_err(|error| {
                Error::config(format!(
                    "nothing was written, since the revision did not stand a trial in memory: {error}"
                ))
            })?;
            notes.extend(proof.into_iter().flat_map(|proof| proof.notes));
        }
        Ok(Draft::Ready(Box::new(revision), notes))
    }

    /// Writes the file of a revision; gives its path.
    ///
    /// # Errors
    /// Where the file is there already, or cannot be written.
    pub fn write(&self, revision: &Revision) -> Result<PathBuf> {
        use std::io::Write;
        let folder = self.folder();
        let path = folder.join(file_of(&revision.file));
        let failed = |error: std::io::Error| {
            Error::config(format!("{} cannot be written: {error}", revision.file)).with_source(error)
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut file = std::fs::File::create_new(&path).map_err(failed)?;
        file.write_all(revision.text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
            // Half a file would stop every other command.
            let _ = std::fs::remove_file(&path);
            failed(error)
        })?;
        Ok(path)
    }

    /// What a revision would be that joins the heads that `symbols` name, or all; `None` where there is one only.
    ///
    /// # Errors
    /// Faults in the files; a usage error for a symbol that names no head.
    pub fn merge(&self, symbols: &[&str], message: Option<&str>, label: Option<&str>) -> Result<Option<Merge>> {
        let history = self.history()?;
        let heads: Vec<String> = history.heads().iter().map(|head| head.id.clone()).collect();
        let mut parents = BTreeSet::new();
        for symbol in symbols {
            parents.extend(history.resolve(symbol, &BTreeSet::new())?);
        }
        if symbols.is_empty() {
            parents.extend(heads.iter().cloned());
        }
        if let Some(id) = parents.iter().find(|id| !heads.contains(id)) {
            return Err(Error::usage(format!(
                "`{id}` is no head, so it is merged already; the heads are {}",
                heads.join(", ")
            )));
        }
        if parents.len() < 2 {
            let alone = "one head alone has nothing to be merged with: name another, or none for all";
            return if symbols.is_empty() { Ok(None) } else { Err(Error::usage(alone)) };
        }
        let parents: Vec<String> = parents.into_iter().collect();
        let mut conflicts = Vec::new();
        for (at, one) in parents.iter().enumerate() {
            for other in &parents[at + 1..] {
                conflicts.extend(history.conflicts(one, other).iter().map(ToString::to_string));
            }
        }
        let message = message.map_or_else(|| format!("merge {}", parents.join(" and ")), str::to_owned);
        let labels = label.map(str::to_owned).into_iter().collect();
        let down = Some(Vec::new());
        let revision = Revision { edition: EDITION, parents, message, labels, down, ..Revision::default() };
        let revision = self.finished(revision, &history).map_err(|error| match &conflicts[..] {
            [] => error,
            conflicts => Error::config(format!(
                "the branches cannot be merged as they are, since both touch\n  {}\n{error}",
                conflicts.join("\n  ")
            )),
        })?;
        Ok(Some(Merge { revision, conflicts }))
    }

    /// With id, file name and text, read back from that text.
    fn finished(&self, mut revision: Revision, history: &History) -> Result<Revision> {
        // Where models are written says nothing of what is done: a line more above one must not make another id.
        let place = |step: &mut Step| step.notes.extract_if(.., |note| note.starts_with("model: ")).collect::<Vec<_>>();
        let places: Vec<_> = revision.up.iter_mut().map(place).collect();
        let mut salt =
            if revision.up.is_empty() && revision.parents.len() < 2 { RandomState::new().hash_one(0) } else { 0 };
        loop {
            // The same revision has the same id whoever writes it.
            revision.id = new_id(fnv(revision.print().as_bytes()) ^ salt);
            if history.get(&revision.id).is_none() {
                break;
            }
            salt += 1;
        }
        for (step, places) in revision.up.iter_mut().zip(places) {
            step.notes.extend(places);
        }
        let text = revision.print();
        let name = self.source().shown(&file_name(&revision.id, &revision.message));
        let read = Revision::parse(&name, &text)?;
        // What does not fit the history shows here, and not when others read it.
        let mut all = history.revisions().to_vec();
        all.push(read.clone());
        let history = History::new(all)?;
        let needed = history.upgrade(&BTreeSet::new(), &read.id)?;
        let needed: BTreeSet<String> = needed.iter().map(|revision| revision.id.clone()).collect();
        for engine in self.engines()? {
            // Other branches may not be there where it is applied.
            history.schema(engine, &needed).map_err(|faults: Vec<Fault>| match needed.len() < history.revisions().len() {
                true => Error::config(format!(
                    "nothing was written, since the revision needs more than it follows; join the branches by `merge`, or \
                     name what it needs by `--depends`\n{}",
                    Error::from(faults)
                )),
                false => Error::from(faults),
            })?;
            history.schema_at_heads(engine).map_err(|faults: Vec<Fault>| Error::from(faults))?;
        }
        Ok(read)
    }
}

/// A revision that joins heads.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Merge {
    /// The revision.
    pub revision: Revision,
    /// What both sides touch, so that it matters which of them runs first; one line each.
    pub conflicts: Vec<String>,
}

/// The parents of a revision that follows `head`, or the only head.
fn follows(history: &History, head: Option<&str>) -> Result<Vec<String>> {
    let Some(head) = head else {
        let heads = history.heads();
        if heads.len() > 1 {
            let heads: Vec<String> = heads.iter().map(|head| format!("\n  {}  {}", head.id, head.message)).collect();
            return Err(Error::usage(format!(
                "there are {} heads:{}\njoin them by `merge`, or say which one to follow by `--head`",
                heads.len(),
                heads.concat()
            )));
        }
        return Ok(heads.iter().map(|head| head.id.clone()).collect());
    };
    let found: Vec<String> = history.resolve(head, &BTreeSet::new())?.into_iter().collect();
    if found.len() > 1 {
        return Err(Error::usage(format!("`--head {head}` names {} revisions: {}", found.len(), found.join(", "))));
    }
    Ok(found)
}

/// What the steps do, in a few words.
fn told(revision: &Revision) -> String {
    let mut words: Vec<String> = Vec::new();
    for op in revision.up.iter().filter_map(Step::op) {
        let word = match op {
            Op::CreateTable(table) => format!("add {}", table.name),
            Op::DropTable { table } => format!("drop {table}"),
            Op::RenameTable { table, to } => format!("rename {table} to {to}"),
            Op::AddColumn { table, column } => format!("add {table}.{}", column.name),
            Op::DropColumn { table, column } => format!("drop {table}.{column}"),
            Op::RenameColumn { table, column, to } => format!("rename {table}.{column} to {to}"),
            op => op.table().map_or_else(|| "change enums".to_owned(), |table| format!("change {table}")),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    match &words[..] {
        [] => "by hand".to_owned(),
        _ if revision.parents.is_empty() => "first tables".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one}, {other}"),
        [one, other, rest @ ..] => format!("{one}, {other} and {} more", rest.len()),
    }
}
