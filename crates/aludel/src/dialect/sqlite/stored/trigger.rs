//! The head of a stored CREATE TRIGGER.

use super::words::Words;
use super::{Name, Result};

/// A stored CREATE TRIGGER: what makes it fire.
#[derive(Clone, Debug)]
pub(in crate::dialect::sqlite) struct TriggerText {
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub(in crate::dialect::sqlite) event: String,
    /// The columns behind `UPDATE OF`.
    pub(in crate::dialect::sqlite) columns: Vec<String>,
    name: Name,
}

impl TriggerText {
    /// Reads the text of a trigger.
    ///
    /// # Errors
    /// What is not understood.
    pub(in crate::dialect::sqlite) fn read(text: &str) -> Result<Self> {
        let mut words = Words::new(text)?;
        words.expect("CREATE")?;
        let _ = words.eat("TEMP") || words.eat("TEMPORARY");
        words.expect("TRIGGER")?;
        if words.eat("IF") {
            words.expect("NOT")?;
            words.expect("EXISTS")?;
        }
        let mut name = words.name()?;
        if words.eat(".") {
            name = words.name()?;
        }
        if words.eat("INSTEAD") {
            words.expect("OF")?;
        } else {
            let _ = words.eat("BEFORE") || words.eat("AFTER");
        }
        let event = words.name()?.text.to_ascii_uppercase();
        let mut columns = Vec::new();
        if words.eat("OF") {
            columns.push(words.name()?.text);
            while words.eat(",") {
                columns.push(words.name()?.text);
            }
        }
        Ok(TriggerText { event, columns, name })
    }

    /// The statement that makes a trigger again that only this connection sees.
    pub(in crate::dialect::sqlite) fn temporary(&self, text: &str) -> String {
        format!("CREATE TEMP TRIGGER {}", &text[self.name.span.start..])
    }
}
