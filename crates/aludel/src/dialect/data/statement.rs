//! INSERT, UPDATE, DELETE and their kin.

use super::{Part, Reader};
use crate::Type;
use crate::dialect::Upsert;
use crate::dialect::expression::Scope;
use crate::schema::Table;
use crate::syntax::Span;
use crate::syntax::expr::Name;

impl<'a> Reader<'a, '_> {
    /// One statement that changes rows.
    pub(super) fn statement(&mut self, part: Part, outer: &Scope<'_>) {
        let mut scope = Scope::new(self.schema, Some(outer));
        let start = self.with(&part, &mut scope);
        let body = start..part.end;
        match self.piece(start).to_lowercase().as_str() {
            "insert" | "replace" => {
                self.may_follow_with(part.start, start);
                self.insert(body, &scope);
            }
            "update" => {
                self.may_follow_with(part.start, start);
                self.update(body, &scope);
            }
            "delete" => {
                self.may_follow_with(part.start, start);
                self.delete(body, &scope);
            }
            "truncate" => self.truncate(body),
            "merge" => self.refuse(&(start..start + 1), "MERGE"),
            _ => self.query(part, outer, &[]),
        }
    }

    fn insert(&mut self, part: Part, outer: &Scope<'_>) {
        // INSERT OR IGNORE INTO
        let Some(into) = self.find(&part, &["into"]) else { return self.pieces(part, outer) };
        let (at, name, table) = self.table(into + 1, outer);
        let (mut at, alias) = self.alias(at, part.end);
        let mut types = table.map(types).unwrap_or_default();
        if self.is_sign(at, "(") && !self.begins_query(at + 1) {
            let columns = self.within(at);
            types = self.listed(&columns).iter().map(|column| self.column(column, table)).collect();
            self.spell_all(&columns, table);
            at = self.behind(at);
        }
        at = self.overriding(at);
        let tail = self.tail(at, part.end);
        let mut scope = Scope::new(self.schema, Some(outer));
        scope.tables.extend(name.map(|name| (alias.unwrap_or(name), table)));
        let source = at..tail;
        if self.are_words(at, "default values") {
            let row = self.dialect.default_row;
            if row != "DEFAULT VALUES" {
                self.edit(self.span(&(at..at + 2)), row);
            }
        } else if self.is_word(at, "values") {
            self.rows(&(at + 1..tail), outer, &types);
        } else if self.begins_query(at) || self.is_sign(at, "(") {
            self.open_end(&source, tail, part.end);
            self.query(source, outer, &types);
        } else {
            self.pieces(source, outer);
        }
        self.behind_rows(tail..part.end, &mut scope, table, self.dialect.returning.insert);
    }

    /// `OVERRIDING SYSTEM VALUE` is what engines do that have no such words.
    fn overriding(&mut self, at: usize) -> usize {
        if self.are_words(at, "overriding system value") {
            self.leave_out(at..at + 3);
            return at + 3;
        }
        if self.are_words(at, "overriding user value") {
            self.refuse(&(at..at + 3), "OVERRIDING USER VALUE: leave the column out");
            return at + 3;
        }
        at
    }

    /// Takes words out, with the blanks before them.
    fn leave_out(&mut self, part: Part) {
        let span = self.span(&part);
        let start = part.start.checked_sub(1).map_or(span.start, |at| self.tokens[at].span.end);
        self.edit(Span { start, ..span }, "");
    }

    /// Where what follows the rows of an INSERT begins.
    fn tail(&self, start: usize, end: usize) -> usize {
        let begins = |at: &usize| {
            let on = self.is_word(*at, "on") && self.is_one_of(*at + 1, &["conflict", "duplicate"]);
            on || (self.is_clause(*at) && self.is_word(*at, "returning"))
        };
        self.places(&(start..end)).into_iter().find(begins).unwrap_or(end)
    }

    /// A query that ends with its FROM: ON would be read as a condition of it.
    fn open_end(&mut self, source: &Part, tail: usize, end: usize) {
        let on = tail < end && self.is_word(tail, "on") && self.dialect.upsert == Upsert::OnConflict;
        let last = self.places(source).into_iter().rev().find(|at| self.is_clause(*at) && self.is_one_of(*at, &LAST));
        if on && last.is_some_and(|at| self.is_word(at, "from")) {
            let behind = self.tokens[tail - 1].span.end;
            self.edit(Span { start: behind, end: behind }, " WHERE TRUE");
        }
    }

    /// What follows the rows of an INSERT: what is done with rows that are there, and what comes back.
    fn behind_rows<'s>(&mut self, part: Part, scope: &mut Scope<'s>, table: Option<&'a Table>, returns: bool)
    where
        'a: 's,
    {
        let end = self.find(&part, &["returning"]).unwrap_or(part.end);
        if self.are_words(part.start, "on conflict") && part.start < end {
            if self.dialect.upsert == Upsert::OnConflict {
                scope.tables.push(("excluded".into(), table));
                self.conflict(part.start + 2..end, scope, table);
                scope.tables.pop();
            } else {
                self.refuse(&(part.start..part.start + 2), "ON CONFLICT");
            }
        } else {
            self.pieces(part.start..end, scope);
        }
        self.returning(end..part.end, scope, returns);
    }

    /// `ON CONFLICT (a) WHERE b DO UPDATE SET c = d WHERE e`
    fn conflict(&mut self, part: Part, scope: &Scope<'_>, table: Option<&'a Table>) {
        if self.are_words(part.start, "on constraint") {
            self.refuse(&(part.start..part.start + 2), "ON CONFLICT ON CONSTRAINT: name the columns");
        }
        let act = self.find(&part, &["do"]).unwrap_or(part.end);
        let aim = part.start..act;
        if self.is_sign(aim.start, "(") {
            let columns = self.within(aim.start);
            self.spell_all(&columns, table);
        }
        if let Some(at) = self.find(&aim, &["where"]) {
            self.expression(at + 1..act, scope, None);
        }
        let Some(set) = self.find(&(act..part.end), &["set"]) else { return };
        let filter = self.find(&(set + 1..part.end), &["where"]).unwrap_or(part.end);
        self.assignments(set + 1..filter, scope, table);
        self.expression((filter + 1).min(part.end)..part.end, scope, None);
    }

    fn returning(&mut self, part: Part, scope: &Scope<'_>, may: bool) {
        if part.is_empty() {
            return;
        }
        if !may {
            return self.refuse(&(part.start..part.start + 1), "RETURNING behind this statement");
        }
        for item in self.listed(&(part.start + 1..part.end)) {
            self.item(item, scope, None);
        }
    }

    fn update(&mut self, part: Part, outer: &Scope<'_>) {
        let Some(set) = self.find(&part, &["set"]) else { return self.pieces(part, outer) };
        let mut start = part.start + 1;
        // UPDATE OR IGNORE t
        start += if self.is_word(start, "or") { 2 } else { 0 };
        if self.is_word(start, "only") {
            self.refuse(&(start..start + 1), "ONLY");
            start += 1;
        }
        let (at, name, table) = self.table(start, outer);
        let (at, alias) = self.alias(at, set);
        if at != set {
            // Several tables, as only some engines have it.
            return self.pieces(at..part.end, outer);
        }
        let mut scope = Scope::new(self.schema, Some(outer));
        scope.target.clone_from(&name);
        scope.tables.extend(name.map(|name| (alias.unwrap_or(name), table)));
        let clauses = self.clauses(&(set..part.end), &["from", "where", "returning", "order", "limit"]);
        self.read(&clauses, "from", self.dialect.data.update_from, "UPDATE with FROM", &mut scope);
        let end = clauses.first().map_or(part.end, |clause| clause.start);
        self.assignments(set + 1..end, &scope, table);
        self.finish_changes(clauses, &scope, self.dialect.returning.update);
    }

    fn delete(&mut self, part: Part, outer: &Scope<'_>) {
        if !self.is_word(part.start + 1, "from") {
            return self.pieces(part, outer);
        }
        let mut start = part.start + 2;
        if self.is_word(start, "only") {
            self.refuse(&(start..start + 1), "ONLY");
            start += 1;
        }
        let (at, name, table) = self.table(start, outer);
        let (at, alias) = self.alias(at, part.end);
        if let Some(alias) = alias.as_ref().filter(|_| !self.dialect.data.delete_alias) {
            let behind = self.tokens[part.start].span.end;
            let said = format!(" {}", self.dialect.spelled(alias));
            self.edit(Span { start: behind, end: behind }, said);
        }
        let mut scope = Scope::new(self.schema, Some(outer));
        scope.target.clone_from(&name);
        scope.tables.extend(name.map(|name| (alias.unwrap_or(name), table)));
        let clauses = self.clauses(&(at..part.end), &["using", "where", "returning", "order", "limit"]);
        self.read(&clauses, "using", self.dialect.data.delete_using, "DELETE with USING", &mut scope);
        self.finish_changes(clauses, &scope, self.dialect.returning.delete);
    }

    /// The clauses of `part` that begin with `words`, each with its word.
    fn clauses(&self, part: &Part, words: &[&str]) -> Vec<Part> {
        let begins = |at: &usize| self.is_clause(*at) && self.is_one_of(*at, words);
        let mut begins: Vec<usize> = self.places(part).into_iter().filter(begins).collect();
        begins.push(part.end);
        begins.windows(2).map(|clause| clause[0]..clause[1]).collect()
    }

    /// The other tables that an UPDATE or DELETE reads, where the engine has that.
    fn read<'s>(&mut self, clauses: &[Part], word: &str, may: bool, what: &str, scope: &mut Scope<'s>)
    where
        'a: 's,
    {
        let Some(clause) = clauses.iter().find(|clause| self.is_word(clause.start, word)) else { return };
        if !may {
            return self.refuse(&(clause.start..clause.start + 1), what);
        }
        let outer = Scope::new(self.schema, scope.outer);
        let from = self.from(clause.start + 1..clause.end, &outer);
        scope.tables.extend(from.tables);
        for condition in from.conditions {
            self.expression(condition, scope, None);
        }
    }

    fn finish_changes(&mut self, clauses: Vec<Part>, scope: &Scope<'_>, returns: bool) {
        for clause in clauses {
            let behind = clause.start + 1..clause.end;
            match self.piece(clause.start).to_lowercase().as_str() {
                "where" | "limit" => self.expression(behind, scope, None),
                "order" => self.pieces(behind, scope),
                "returning" => self.returning(clause, scope, returns),
                _ => {}
            }
        }
    }

    /// `a = 1, (b, c) = (2, 3)`
    fn assignments(&mut self, part: Part, scope: &Scope<'_>, table: Option<&'a Table>) {
        let mut before: Vec<Name> = Vec::new();
        for one in self.listed(&part) {
            let Some(equals) = self.places(&one).into_iter().find(|at| self.is_sign(*at, "=")) else {
                self.pieces(one, scope);
                continue;
            };
            let (to, value) = (one.start..equals, equals + 1..one.end);
            if !self.dialect.data.at_once {
                self.in_turn(&value, &before);
            }
            self.spell_all(&to, table);
            if self.is_bracket(&to) {
                if !self.dialect.data.set_rows {
                    self.refuse(&to, "SET of several columns at once: set each by itself");
                }
                let columns = self.listed(&self.within(to.start));
                let types: Vec<_> = columns.iter().map(|column| self.column(column, table)).collect();
                before.extend(columns.iter().filter_map(|column| self.name(column.start)));
                self.row(value, scope, &types);
                continue;
            }
            let ty = self.column(&to, table);
            before.extend(self.name(to.end.saturating_sub(1)));
            self.value(value, scope, ty.as_ref());
        }
    }

    /// The values of several columns.
    fn row(&mut self, part: Part, scope: &Scope<'_>, types: &[Option<Type>]) {
        let start = part.start + usize::from(self.is_word(part.start, "row"));
        if !self.is_bracket(&(start..part.end)) {
            return self.pieces(part, scope);
        }
        let within = self.within(start);
        if self.begins_query(within.start) {
            return self.query(within, scope, types);
        }
        if start > part.start {
            self.edit(self.span(&(part.start..start)), "");
        }
        for (at, one) in self.listed(&within).into_iter().enumerate() {
            let to = types.get(at).cloned().flatten();
            self.value(one, scope, to.as_ref());
        }
    }

    /// Refuses a value that reads a column set before it: the engine would give it the new one.
    fn in_turn(&mut self, value: &Part, before: &[Name]) {
        let reads = |at: usize| {
            let name = self.name(at).filter(|_| !self.is_sign(at + 1, "(") && !self.is_sign(at + 1, "."))?;
            before.iter().any(|set| name.is(&set.text)).then_some(name)
        };
        if let Some((at, name)) = value.clone().find_map(|at| reads(at).map(|name| (at, name))) {
            self.refuse(&(at..at + 1), format!("old value of `{}` here: this SET has changed it already", name.text));
        }
    }

    /// The type of the column that `part` names.
    fn column(&self, part: &Part, table: Option<&Table>) -> Option<Type> {
        let name = self.name(part.end.checked_sub(1)?)?;
        let column = table?.columns.iter().find(|column| name.is(&column.name))?;
        Some(column.ty.clone())
    }

    /// `TRUNCATE t` as a statement that can be undone, which leaves the numbers of an identity where they are.
    fn truncate(&mut self, part: Part) {
        let mut at = part.start + 1 + usize::from(self.is_word(part.start + 1, "table"));
        let words = at;
        let (behind, _, _) = self.table(at, &Scope::new(self.schema, None));
        at = behind;
        if self.are_words(at, "continue identity") {
            self.leave_out(at..at + 2);
            at += 2;
        }
        if at < part.end {
            return self.refuse(&(at..part.end), "TRUNCATE of more than the rows of one table");
        }
        self.edit(self.span(&(part.start..words)), "DELETE FROM");
    }
}

/// The clauses of a query behind which its FROM is over.
const LAST: [&str; 7] = ["from", "where", "group", "having", "window", "order", "limit"];

/// The types of the columns that an INSERT without a list fills.
fn types(table: &Table) -> Vec<Option<Type>> {
    table.columns.iter().filter(|column| column.generated.is_none()).map(|column| Some(column.ty.clone())).collect()
}
