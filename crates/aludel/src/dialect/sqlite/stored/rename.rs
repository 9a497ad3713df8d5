//! Stored texts after the engine itself has renamed a table or a column: what they say then, if not byte by byte.

use super::{Definition, Name, Result, What, substitute};

impl Definition {
    /// The table after `from` is called `to`, be it itself or one it points at. The new name is given quoted.
    pub(in crate::dialect::sqlite) fn after_table(&self, from: &str, to: &str) -> Result<Definition> {
        let mut places: Vec<_> = (self.all_rules())
            .filter_map(|(_, rule)| match &rule.what {
                What::ForeignKey { table, .. } if table.is(from) => Some(table.span),
                _ => None,
            })
            .collect();
        places.sort_by_key(|span| span.start);
        let mut definition = self.clone();
        for span in places.into_iter().rev() {
            definition = definition.with(span, to)?;
        }
        if definition.name.is(from) { definition.named(to) } else { Ok(definition) }
    }

    /// The table after column `from` of table `of` is called `to`. The new name is given quoted.
    pub(in crate::dialect::sqlite) fn after_column(&self, of: &str, from: &str, to: &str) -> Result<Definition> {
        let itself = self.name.is(of);
        let pick = |columns: &[Name], table: &Name, references: &[Name]| {
            let mut names = Vec::new();
            names.extend(columns.iter().filter(|_| itself).cloned());
            names.extend(references.iter().filter(|_| table.is(of)).cloned());
            names
        };
        let mut places: Vec<_> = Vec::new();
        for (_, rule) in self.all_rules() {
            match &rule.what {
                What::PrimaryKey { columns, .. } | What::Unique { columns } if itself => places.extend(columns.clone()),
                What::ForeignKey { columns, table, references } => places.extend(pick(columns, table, references)),
                _ => {}
            }
        }
        places.extend(self.columns.iter().filter(|_| itself).map(|column| column.name.clone()));
        let mut edits: Vec<_> =
            places.into_iter().filter(|name| name.is(from)).map(|name| (name.span, to.to_owned())).collect();
        for span in self.expressions().filter(|_| itself) {
            let text =
                substitute(span.of(&self.text), of, |name, _| name.eq_ignore_ascii_case(from).then(|| to.to_owned()));
            edits.push((span, text));
        }
        edits.sort_by_key(|(span, _)| span.start);
        let mut text = self.text.clone();
        for (span, new) in edits.iter().rev() {
            text.replace_range(span.start..span.end, new);
        }
        Definition::read(&text)
    }
}
