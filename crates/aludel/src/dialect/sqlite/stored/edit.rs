//! Changing a stored text where it has to change, and nowhere else.

use super::words::FLAVOUR;
use super::{Clause, ColumnText, Definition, Result, What, names_any, plain, quoted, substitute};
use crate::syntax::{Kind, Span, Token, lex};

impl Definition {
    /// The text with `new` in the place of `span`, read again.
    pub(super) fn with(&self, span: Span, new: &str) -> Result<Definition> {
        Definition::read(&format!("{}{new}{}", &self.text[..span.start], &self.text[span.end..]))
    }

    /// The table under another name, which is given quoted.
    ///
    /// References to itself keep the name it will have in the end. Expressions lose the table's name before columns: they
    /// mean the same without it.
    pub(in crate::dialect::sqlite) fn named(&self, name: &str) -> Result<Definition> {
        let table = self.name.text.clone();
        let mut definition = self.clone();
        for at in 0.. {
            let Some(expression) = definition.expressions().nth(at) else { break };
            let bare = substitute(expression.of(&definition.text), &table, |column, qualified| {
                qualified.then(|| quoted(column))
            });
            definition = definition.with(expression, &bare)?;
        }
        definition.with_name(name)
    }

    /// The same text under another name, which is given quoted.
    pub(in crate::dialect::sqlite) fn with_name(&self, name: &str) -> Result<Definition> {
        self.with(self.name.span, name)
    }

    /// The table with another name of a rule, which is given quoted; one that had none gets it.
    pub(in crate::dialect::sqlite) fn with_rule_named(&self, rule: &Clause, name: &str) -> Result<Definition> {
        match &rule.name {
            Some(old) => self.with(old.span, name),
            None => self.with(Span { start: rule.span.start, end: rule.span.start }, &format!("CONSTRAINT {name} ")),
        }
    }

    /// Every expression in it but defaults, which name no column.
    pub(in crate::dialect::sqlite) fn expressions(&self) -> impl Iterator<Item = Span> {
        self.all_rules().filter_map(|(_, rule)| match rule.what {
            What::Check { expression } | What::Generated { expression } => Some(expression),
            _ => None,
        })
    }

    /// The table without a column.
    pub(in crate::dialect::sqlite) fn without_column(&self, name: &str) -> Result<Definition> {
        let column = self.column(name).ok_or_else(|| format!("it has no column `{name}`"))?;
        self.without_item(column.span)
    }

    /// The table with one more column, behind those it has.
    pub(in crate::dialect::sqlite) fn with_column(&self, text: &str) -> Result<Definition> {
        match self.rules.first() {
            Some(rule) => {
                let blank = self.indent(rule.span);
                let between = if blank.is_empty() { " ".into() } else { blank };
                self.with(Span { start: rule.span.start, end: rule.span.start }, &format!("{text},{between}"))
            }
            None => self.with_item(text),
        }
    }

    /// The table with one more rule.
    pub(in crate::dialect::sqlite) fn with_rule(&self, text: &str) -> Result<Definition> {
        self.with_item(text)
    }

    /// The table with another text in the place of a rule, or without it.
    pub(in crate::dialect::sqlite) fn with_clause(&self, clause: &Clause, new: Option<&str>) -> Result<Definition> {
        match new {
            Some(new) => self.with(clause.span, new),
            None if self.rules.iter().any(|rule| rule.span == clause.span) => self.without_item(clause.span),
            None => Definition::read(&self.cut(clause.span)),
        }
    }

    /// The table with another declared type of a column.
    pub(in crate::dialect::sqlite) fn with_type(&self, column: &ColumnText, ty: &str) -> Result<Definition> {
        match column.ty {
            Some(span) => self.with(span, ty),
            None => self.with(behind(column.name.span), &format!(" {ty}")),
        }
    }

    /// The table with one more clause of a column: what may be NULL stands behind the type, a default behind that, and
    /// everything else last.
    pub(in crate::dialect::sqlite) fn with_column_clause(
        &self,
        column: &ColumnText,
        kind: &What,
        text: &str,
    ) -> Result<Definition> {
        let ty = column.ty.unwrap_or(column.name.span);
        let not_null = column.clauses.iter().find(|clause| matches!(clause.what, What::NotNull));
        let place = match kind {
            What::NotNull => ty,
            What::Default => not_null.map_or(ty, |clause| clause.span),
            _ => column.span,
        };
        self.with(behind(place), &format!(" {text}"))
    }

    /// The clause that stands for a rule: by its name, or, where it has none in the text, by what it says. In the middle of
    /// changes two may have one name; then it is the one that says the same.
    pub(in crate::dialect::sqlite) fn rule(&self, name: &str, like: Option<(&Definition, &Clause)>) -> Option<&Clause> {
        let says = |rule: &Clause| like.is_some_and(|(other, clause)| self.meaning(rule) == other.meaning(clause));
        let rules = || self.all_rules().map(|(_, rule)| rule);
        let named = || rules().filter(|rule| rule.name.as_ref().is_some_and(|other| other.is(name)));
        let alike = || named().find(|rule| says(rule));
        match named().count() {
            0 => rules().find(|rule| rule.name.is_none() && says(rule)),
            1 => named().next(),
            _ => alike().or_else(|| named().next()),
        }
    }

    /// Whether a clause of this table is about a column, beside one that stands at it.
    pub(in crate::dialect::sqlite) fn is_about(&self, rule: &Clause, column: &str) -> bool {
        match &rule.what {
            What::PrimaryKey { columns, .. } | What::Unique { columns } | What::ForeignKey { columns, .. } => {
                columns.iter().any(|name| name.is(column))
            }
            What::Check { expression } | What::Generated { expression } => {
                names_any(expression.of(&self.text), &self.name.text, |name| name.eq_ignore_ascii_case(column))
            }
            _ => false,
        }
    }

    /// How a column compares: `COLLATE ..`, where it says so.
    pub(in crate::dialect::sqlite) fn collation(&self, column: &str) -> Option<&str> {
        let clause = self.column(column)?.clauses.iter().find(|clause| matches!(clause.what, What::Collate))?;
        let start = clause.name.as_ref().map_or(clause.span.start, |name| name.span.end);
        Some(Span { start, end: clause.span.end }.of(&self.text).trim_start())
    }

    /// What a rule says, wherever it stands and whatever it is called.
    pub(in crate::dialect::sqlite) fn meaning(&self, rule: &Clause) -> String {
        let column = self.columns.iter().find(|column| column.clauses.iter().any(|clause| clause.span == rule.span));
        let body = rule.name.as_ref().map_or(rule.span, |name| Span { start: name.span.end, end: rule.span.end });
        let body = plain(body.of(&self.text));
        let Some(column) = column.map(|column| column.name.text.to_ascii_lowercase()) else { return body };
        match &rule.what {
            What::PrimaryKey { .. } => body.replacen("primary key", &format!("primary key ( {column} )"), 1),
            What::Unique { .. } => body.replacen("unique", &format!("unique ( {column} )"), 1),
            What::ForeignKey { .. } => format!("foreign key ( {column} ) {body}"),
            _ => body,
        }
    }

    /// Takes out a column or a rule of the table, with its comma and the comment behind it.
    fn without_item(&self, item: Span) -> Result<Definition> {
        let tokens = lex(&self.text, FLAVOUR);
        let significant = |token: &&Token| !matches!(token.kind, Kind::Blank | Kind::Comment);
        let next = tokens.iter().filter(significant).find(|token| token.span.start >= item.end).map(|token| token.span);
        let comma = next.filter(|span| span.of(&self.text) == ",");
        let end = self.line_comment(&tokens, comma.unwrap_or(item).end);
        let mut text = self.cut(Span { start: item.start, end });
        let start = self.text[..item.start].trim_end().len();
        if comma.is_none() && next.is_some_and(|next| next.start == self.close) {
            let before = tokens.iter().filter(significant).rfind(|token| token.span.end <= item.start);
            if let Some(before) = before.filter(|token| token.span.of(&self.text) == ",") {
                text.replace_range(before.span.start..before.span.end, "");
            }
        } else if comma.is_some() && text[..start].ends_with('(') && !self.text[start..item.start].contains('\n') {
            // The first of a line leaves no blank behind its bracket.
            text = format!("{}{}", &text[..start], text[start..].trim_start());
        }
        Definition::read(&text)
    }

    /// The text without a piece and the blanks before it; but a comment to the end of the line keeps its line end.
    fn cut(&self, piece: Span) -> String {
        let (before, rest) = (&self.text[..piece.start], &self.text[piece.end..]);
        let trimmed = before.trim_end();
        let last = lex(trimmed, FLAVOUR).last().map(|token| token.span.of(trimmed).starts_with("--"));
        let line_ends = rest.trim_start_matches([' ', '\t']).starts_with('\n');
        match last {
            Some(true) if !line_ends => format!("{before}{}", rest.trim_start()),
            _ => format!("{trimmed}{rest}"),
        }
    }

    /// Where a comment ends that begins at `at` on the same line, with nothing but comments up to the line's end.
    fn line_comment(&self, tokens: &[Token], at: usize) -> usize {
        let mut end = at;
        for token in tokens.iter().filter(|token| token.span.start >= at) {
            match token.kind {
                Kind::Comment => end = token.span.end,
                Kind::Blank if token.span.of(&self.text).contains('\n') => return end,
                Kind::Blank => {}
                _ => return at,
            }
        }
        at
    }

    fn with_item(&self, text: &str) -> Result<Definition> {
        let last = self.rules.last().map(|rule| rule.span).or(self.columns.last().map(|column| column.span));
        let last = last.ok_or("it has no column")?;
        let blank = self.indent(last);
        let tail = &self.text[last.end..self.close];
        let (kept, rest) = tail.split_at(tail.trim_end().len());
        // Behind a comment to the end of the line a new one has to begin.
        let commented = lex(tail, FLAVOUR).iter().any(|token| token.span.of(tail).starts_with("--"));
        let between = match (blank.is_empty(), commented) {
            (false, _) => blank,
            (true, true) => "\n    ".into(),
            (true, false) => " ".into(),
        };
        self.with(Span { start: last.end, end: self.close }, &format!(",{kept}{between}{text}{rest}"))
    }

    /// The line end and blanks before an item, where it begins a line.
    fn indent(&self, item: Span) -> String {
        let before = &self.text[..item.start];
        let blank = &before[before.trim_end().len()..];
        blank.rfind('\n').map(|at| blank[at..].to_owned()).unwrap_or_default()
    }
}

fn behind(span: Span) -> Span {
    Span { start: span.end, end: span.end }
}
