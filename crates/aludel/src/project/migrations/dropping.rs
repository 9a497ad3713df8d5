//! Everything of ours taken out of a database, or the database itself.

use std::collections::BTreeSet;

use super::{Migrations, ids};
use crate::Result;
use crate::dialect::{Act, Dialect, Kind};
use crate::driver;
use crate::migrate::{Answers, History, Runner, Step, TABLES, diff};
use crate::model::Bind;
use crate::schema::{Op, Schema};

impl<B: Bind> Migrations<'_, B> {
    /// Our tables in the database: those that its revisions made, those of the models, and those in which revisions are
    /// remembered. None where there is no database.
    ///
    /// # Errors
    /// Faults in the files; a schema error with all problems of the models; whatever the database reports.
    pub async fn tables(&self) -> Result<Vec<String>> {
        let Some(engine) = self.looking()? else { return Ok(Vec::new()) };
        let history = self.history()?;
        let runner = Runner::over(&engine, &history);
        let found = async {
            let ours = self.ours(engine.dialect(), &history, &ids(&runner.applied().await?))?;
            let stored = runner.stored().await?;
            let tables =
                stored.objects.into_iter().filter(|object| object.kind == Kind::Table).map(|object| object.name);
            Ok(tables.filter(|name| ours.tables.contains_key(name) || TABLES.contains(&name.as_str())).collect())
        };
        let found = found.await;
        engine.close().await;
        found
    }

    /// Drops our tables with all their rows, in one transaction, as [`tables`](Migrations::tables) names them; gives their
    /// names.
    ///
    /// # Errors
    /// As [`tables`](Migrations::tables); `is_locked` where another program was not done in time; `is_revision` where rows of a
    /// table that is not ours point at one that is, or a view or trigger that is not ours works on one: then nothing is
    /// dropped.
    pub async fn drop_tables(&self) -> Result<Vec<String>> {
        let names = self.tables().await?;
        if names.is_empty() {
            return Ok(names);
        }
        let history = self.history()?;
        let engine = driver::open(&self.target(), &self.settings())?;
        let done = async {
            let runner = self.waiting(Runner::over(&engine, &history));
            let mut ours = self.ours(engine.dialect(), &history, &ids(&runner.applied().await?))?;
            ours.tables.retain(|name, _| names.contains(name));
            let ops = going(&ours)?;
            let mut plan = engine.dialect().plan(&ops, &ours, &runner.stored().await?)?;
            let kept = TABLES.iter().filter(|name| names.iter().any(|there| there == *name));
            plan.acts.extend(kept.map(|name| Act::Run(format!("DROP TABLE {name}"))));
            // What the plan advises is meant for revisions.
            for probe in &mut plan.frame.verify {
                probe.help = "nothing was dropped; drop or empty the tables that point at ours first".into();
            }
            for act in &mut plan.acts {
                if let Act::Ask(probe) = act {
                    probe.help = "nothing was dropped; drop it first".into();
                }
            }
            runner.perform(&plan).await?;
            Ok(names)
        };
        let done = done.await;
        engine.close().await;
        done
    }

    /// Removes the database with everything in it; false where there is none.
    ///
    /// # Errors
    /// Where it is no database, or cannot be removed.
    pub async fn drop_database(&self) -> Result<bool> {
        // Whatever is no database is not opened, and so not removed.
        let Some(engine) = self.looking()? else { return Ok(false) };
        engine.close().await;
        driver::remove(&self.target())
    }

    /// The tables that revisions and models make.
    fn ours(&self, engine: &Dialect, history: &History, applied: &BTreeSet<String>) -> Result<Schema> {
        let mut ours = history.schema(engine, applied)?;
        let models = self.models()?;
        for (name, table) in models.tables {
            ours.tables.entry(name).or_insert(table);
        }
        for (name, variants) in models.enums {
            ours.enums.entry(name).or_insert(variants);
        }
        Ok(ours)
    }
}

/// What takes all of `schema` away, in an order in which it can go.
fn going(schema: &Schema) -> Result<Vec<Op>> {
    let mut answers = Answers::new();
    answers.drop_all();
    let changes = diff(schema, &Schema::default(), &answers)?;
    Ok(changes.up.iter().filter_map(Step::op).cloned().collect())
}
