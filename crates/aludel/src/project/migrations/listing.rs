//! Lists of revisions.

use std::collections::BTreeSet;

use super::{Entry, Migrations, ids, known};
use crate::dialect::Inventory;
use crate::driver;
use crate::migrate::{Revision, Work};
use crate::model::Bind;
use crate::{Error, Result};

impl<B: Bind> Migrations<'_, B> {
    /// All revisions, newest first, or those of a range such as `4f1c:head`, of which either side may be left out.
    ///
    /// # Errors
    /// Faults in the files; a usage error for a range that is none; whatever the database reports.
    pub async fn list(&self, range: Option<&str>) -> Result<Vec<Entry>> {
        let history = self.history()?;
        let applied = ids(&self.applied().await?);
        let chosen = match range {
            Some(range) => history.range(range, &known(&history, &applied))?,
            None => history.revisions().iter().collect(),
        };
        let mut entries = Entry::all(&chosen, &history, &applied);
        entries.reverse();
        Ok(entries)
    }

    /// The revisions that none follows.
    ///
    /// # Errors
    /// As [`list`](Migrations::list).
    pub async fn heads(&self) -> Result<Vec<Entry>> {
        Ok(self.list(None).await?.into_iter().filter(|entry| entry.head).collect())
    }

    /// The revisions that several follow.
    ///
    /// # Errors
    /// As [`list`](Migrations::list).
    pub async fn branches(&self) -> Result<Vec<Entry>> {
        Ok(self.list(None).await?.into_iter().filter(|entry| entry.children.len() > 1).collect())
    }

    /// The revisions that `symbol` names: `head`, `4f1c`, `-1` ..
    ///
    /// # Errors
    /// As [`list`](Migrations::list); a usage error where it names none.
    pub async fn find(&self, symbol: &str) -> Result<Vec<Revision>> {
        let history = self.history()?;
        let applied = ids(&self.applied().await?);
        let found = history.resolve(symbol, &known(&history, &applied))?;
        if found.is_empty() {
            return Err(Error::usage(format!("`{symbol}` is before the first revision: there is nothing to see")));
        }
        Ok(found.iter().filter_map(|id| history.get(id)).cloned().collect())
    }

    /// What the engine of the database runs for a revision, whose place in the history is known and whose database is not
    /// looked at: statements, each with its `;`, and the functions of the application as comments.
    ///
    /// # Errors
    /// Faults in the files; operations that the engine cannot run.
    pub fn statements(&self, revision: &Revision) -> Result<String> {
        let (history, engine) = (self.history()?, driver::engine_of(&self.target())?);
        let needed = history.upgrade(&BTreeSet::new(), &revision.id)?;
        let ids = needed.iter().map(|needed| needed.id.clone()).filter(|id| *id != revision.id).collect();
        let mut schema = history.schema(engine, &ids)?;
        let mut stored = Inventory::of(engine, &schema);
        let mut text = String::new();
        let mut steps = revision.up.iter().filter(|step| step.is_for(engine)).peekable();
        while let Some(step) = steps.next() {
            let instead = step.instead.iter().find(|other| other.engines.iter().any(|name| name == engine.name));
            match (&step.work, instead) {
                (_, Some(other)) => text.push_str(&format!("{};\n", other.text)),
                (Work::Data(statement), None) => {
                    let said = step.data_for(engine, &schema, revision).transpose()?;
                    text.push_str(&format!("{};\n", said.as_deref().unwrap_or(statement)));
                }
                (Work::Raw(statement), None) => text.push_str(&format!("{statement};\n")),
                (Work::Run { name, arguments }, None) => {
                    text.push_str(format!("-- run: {name} {}", arguments.join(" ")).trim_end());
                    text.push('\n');
                }
                (Work::Change(op), None) => {
                    let mut ops = vec![(**op).clone()];
                    while let Some(next) = steps.next_if(|next| next.op().is_some() && next.instead.is_empty()) {
                        ops.extend(next.op().cloned());
                    }
                    let plan = engine.plan(&ops, &schema, &stored)?;
                    plan.statements().for_each(|statement| text.push_str(&format!("{statement};\n")));
                    stored = plan.after;
                    for op in &ops {
                        op.apply(&mut schema).map_err(|problem| Error::from(vec![problem]))?;
                    }
                    continue;
                }
            }
            if let Some(op) = step.op() {
                op.apply(&mut schema).map_err(|problem| Error::from(vec![problem]))?;
                stored = Inventory::of(engine, &schema);
            }
        }
        Ok(text)
    }
}
