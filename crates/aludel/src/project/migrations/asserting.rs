//! A test for applications: the models are what the revisions add up to.

use super::Migrations;
use crate::Result;
use crate::model::Bind;

/// Fails a test where the models of the program and its revisions differ, or the revisions have several heads. Needs no
/// database.
///
/// Without an argument it looks at `project!()` with all linked models. An application that sets more passes its project, so
/// that the test knows its models and engines.
///
/// ```
/// # fn project() -> aludel::Project { aludel::project!().schema(aludel::schema![]) }
/// // in a function with `#[test]`
/// aludel::assert_migrated!(project());
/// ```
#[macro_export]
macro_rules! assert_migrated {
    () => {{
        let project: $crate::Project = $crate::project!();
        project.migrations().assert_migrated();
    }};
    ($project:expr $(,)?) => {
        $project.migrations().assert_migrated()
    };
}

impl<B: Bind> Migrations<'_, B> {
    /// Panics where [`check`](Migrations::check) finds a difference, or the revisions have several heads: what
    /// [`assert_migrated!`](crate::assert_migrated!) does.
    ///
    /// # Panics
    /// With each difference, the model's file and line, and the command to type.
    #[track_caller]
    pub fn assert_migrated(&self) {
        match self.wrong() {
            Ok(None) => {}
            Ok(Some(wrong)) => panic!("{wrong}"),
            Err(error) => panic!("{error}"),
        }
    }

    /// What is to be done before models and revisions agree.
    fn wrong(&self) -> Result<Option<String>> {
        let history = self.history()?;
        let heads: Vec<String> =
            history.heads().iter().map(|head| format!("\n  {} ({})", head.file, head.message)).collect();
        if heads.len() > 1 {
            return Ok(Some(format!(
                "the revisions have {} heads:{}\nJoin them: cargo run -- db merge",
                heads.len(),
                heads.concat()
            )));
        }
        let found = self.differences_of(&history)?;
        let lines: String = found.iter().map(|difference| format!("\n  {difference}")).collect();
        let cure = "Write a revision, or change the models back: cargo run -- db revision -m \"what changes\"";
        Ok((!found.is_empty()).then(|| format!("the models and the revisions differ:{lines}\n{cure}")))
    }
}
