//! SELECT, VALUES and WITH, and what a FROM reads.

use super::{Part, Reader, With};
use crate::Type;
use crate::dialect::expression::Scope;
use crate::schema::Table;
use crate::syntax::Kind;
use crate::syntax::expr::Name;

/// What begins a clause of a SELECT, but for what follows SELECT itself.
const CLAUSES: [&str; 10] = ["from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for"];

/// What stands between the items of a FROM.
const JOINS: [&str; 9] = ["join", "inner", "left", "right", "full", "cross", "natural", "outer", "straight_join"];

/// A FROM as far as it is read: its tables, and the conditions that hold between them.
#[derive(Default)]
pub(super) struct From<'a> {
    pub(super) tables: Vec<(String, Option<&'a Table>)>,
    pub(super) conditions: Vec<Part>,
}

impl<'a> Reader<'a, '_> {
    /// A query whose columns become values of `types`.
    pub(super) fn query(&mut self, part: Part, scope: &Scope<'_>, types: &[Option<Type>]) {
        let mut inner = Scope::new(self.schema, Some(scope));
        let start = self.with(&part, &mut inner);
        let body = start..part.end;
        let mut begin = body.start;
        let set =
            |reader: &Self, at: usize| reader.is_clause(at) && reader.is_one_of(at, &["union", "intersect", "except"]);
        let places = self.places(&body);
        for at in places.into_iter().filter(|at| set(self, *at)).collect::<Vec<_>>() {
            self.arm(begin..at, &inner, types);
            begin = at + 1 + usize::from(self.is_one_of(at + 1, &["all", "distinct"]));
        }
        self.arm(begin..body.end, &inner, types);
    }

    /// Reads WITH into `scope`, and gives where what follows begins.
    pub(super) fn with(&mut self, part: &Part, scope: &mut Scope<'_>) -> usize {
        if !self.is_word(part.start, "with") {
            return part.start;
        }
        let mut at = part.start + 1 + usize::from(self.is_word(part.start + 1, "recursive"));
        while let Some(name) = self.name(at).filter(|_| at < part.end) {
            self.spell(at, None);
            scope.made.push(name.text);
            at += 1;
            if self.is_sign(at, "(") {
                self.spell_all(&self.within(at), None);
                at = self.behind(at);
            }
            at += usize::from(self.is_word(at, "as"));
            at += usize::from(self.is_word(at, "not"));
            at += usize::from(self.is_word(at, "materialized"));
            if !self.is_sign(at, "(") {
                break;
            }
            let within = self.within(at);
            if self.is_one_of(within.start, &["insert", "update", "delete", "merge"]) {
                let word = self.piece(within.start).to_uppercase();
                self.refuse(&(within.start..within.start + 1), format!("{word} within WITH"));
            } else {
                self.query(within, scope, &[]);
            }
            at = self.behind(at);
            if !self.is_sign(at, ",") {
                break;
            }
            at += 1;
        }
        at.min(part.end)
    }

    /// Refuses WITH where the engine has none before the statement that begins at `at`.
    pub(super) fn may_follow_with(&mut self, with: usize, at: usize) {
        let may = match self.dialect.data.with {
            With::All => true,
            With::UpdateAndDelete => !self.is_word(at, "insert"),
            With::Nothing => false,
        };
        if with < at && !may {
            self.refuse(&(with..with + 1), format!("WITH before {}", self.piece(at).to_uppercase()));
        }
    }

    /// One of the queries that UNION puts together.
    fn arm(&mut self, part: Part, outer: &Scope<'_>, types: &[Option<Type>]) {
        if self.is_bracket(&part) {
            return self.query(self.within(part.start), outer, types);
        }
        if self.is_word(part.start, "values") {
            return self.rows(&(part.start + 1..part.end), outer, types);
        }
        if !self.is_word(part.start, "select") {
            return self.pieces(part, outer);
        }
        let mut begins: Vec<usize> = Vec::new();
        for at in self.places(&part) {
            if self.is_clause(at) && self.is_one_of(at, &CLAUSES) {
                begins.push(at);
            }
        }
        let first = begins.first().copied().unwrap_or(part.end);
        begins.push(part.end);
        let mut scope = Scope::new(self.schema, Some(outer));
        let mut conditions = Vec::new();
        for clause in begins.windows(2) {
            if !self.is_word(clause[0], "from") {
                continue;
            }
            let from = self.from(clause[0] + 1..clause[1], outer);
            scope.tables.extend(from.tables);
            conditions.extend(from.conditions);
        }
        for condition in conditions {
            self.expression(condition, &scope, None);
        }
        self.items(part.start + 1..first, &scope, types);
        for clause in begins.windows(2) {
            self.clause(clause[0]..clause[1], &scope);
        }
    }

    /// What SELECT gives.
    fn items(&mut self, part: Part, scope: &Scope<'_>, types: &[Option<Type>]) {
        let mut start = part.start + usize::from(self.is_one_of(part.start, &["all", "distinct"]));
        if self.is_word(part.start, "distinct") && self.is_word(start, "on") {
            self.refuse(&(part.start..start + 1), "DISTINCT ON");
            start = self.behind(start + 1);
        }
        let items = self.listed(&(start..part.end));
        let star = items.iter().any(|item| !item.is_empty() && self.is_sign(item.end - 1, "*"));
        for (at, item) in items.into_iter().enumerate() {
            let to = types.get(at).filter(|_| !star).cloned().flatten();
            self.item(item, scope, to.as_ref());
        }
    }

    /// An expression with the name it goes by.
    pub(super) fn item(&mut self, part: Part, scope: &Scope<'_>, to: Option<&Type>) {
        if part.is_empty() {
            return;
        }
        if self.is_sign(part.end - 1, "*") && (part.len() == 1 || self.is_sign(part.end - 2, ".")) {
            return self.spell_all(&part, None);
        }
        let named = self.find(&part, &["as"]);
        let end = named.or_else(|| self.bare_name(&part)).unwrap_or(part.end);
        self.spell_all(&(end..part.end), None);
        self.expression(part.start..end, scope, to);
    }

    /// Where the name begins that follows an expression without AS.
    fn bare_name(&self, part: &Part) -> Option<usize> {
        let last = part.end.checked_sub(1).filter(|last| *last > part.start && self.is_name(*last))?;
        (!self.parses(part.clone()) && self.parses(part.start..last)).then_some(last)
    }

    /// Spells names that mean nothing known, keywords between them apart.
    pub(super) fn spell_all(&mut self, part: &Part, table: Option<&Table>) {
        for at in part.clone() {
            let Some(name) = self.name(at) else { continue };
            let known = table.and_then(|table| table.columns.iter().find(|column| name.is(&column.name)));
            if name.quoted || known.is_some() {
                self.spell(at, known.map(|column| column.name.as_str()));
            }
        }
    }

    fn clause(&mut self, part: Part, scope: &Scope<'_>) {
        let word = self.piece(part.start).to_lowercase();
        let behind = part.start + 1..part.end;
        match word.as_str() {
            "where" | "having" | "limit" | "offset" => self.expression(behind, scope, None),
            "group" | "order" => {
                let listed = self.listed(&(part.start + 2..part.end));
                listed.into_iter().for_each(|one| self.sorted(one, scope));
            }
            "fetch" => self.refuse(&(part.start..part.start + 1), "FETCH: LIMIT is what every engine has"),
            "window" => self.pieces(behind, scope),
            _ => {}
        }
    }

    /// An expression with the direction in which it sorts.
    fn sorted(&mut self, part: Part, scope: &Scope<'_>) {
        let mut end = part.end;
        if end >= part.start + 2 && self.is_word(end - 2, "nulls") && self.is_one_of(end - 1, &["first", "last"]) {
            if !self.dialect.nulls.clause {
                self.refuse(&(end - 2..end), "NULLS FIRST and NULLS LAST");
            }
            end -= 2;
        }
        end -= usize::from(end > part.start && self.is_one_of(end - 1, &["asc", "desc"]));
        self.expression(part.start..end, scope, None);
    }

    /// Rows of VALUES.
    pub(super) fn rows(&mut self, part: &Part, scope: &Scope<'_>, types: &[Option<Type>]) {
        for row in self.listed(part) {
            if !self.is_bracket(&row) {
                self.pieces(row, scope);
                continue;
            }
            for (at, one) in self.listed(&self.within(row.start)).into_iter().enumerate() {
                let to = types.get(at).cloned().flatten();
                self.value(one, scope, to.as_ref());
            }
        }
    }

    /// What a column gets: an expression, or its default.
    pub(super) fn value(&mut self, part: Part, scope: &Scope<'_>, to: Option<&Type>) {
        if part.len() == 1 && self.is_word(part.start, "default") {
            if !self.dialect.data.default {
                self.refuse(&part, "`DEFAULT` as a value: leave the column out of an INSERT, or write the value");
            }
            return;
        }
        self.expression(part, scope, to);
    }

    /// What stands behind FROM, said but for its conditions: these see all of its tables.
    pub(super) fn from(&mut self, part: Part, outer: &Scope<'_>) -> From<'a> {
        let mut from = From::default();
        let mut at = part.start;
        while at < part.end {
            if self.is_sign(at, ",") || self.is_one_of(at, &JOINS) {
                at += 1;
                continue;
            }
            if self.is_one_of(at, &["lateral", "only"]) {
                self.refuse(&(at..at + 1), self.piece(at).to_uppercase());
                at += 1;
            }
            at = self.source(at, part.end, outer, &mut from);
            let next = |reader: &Self, at: &usize| reader.is_sign(*at, ",") || reader.is_one_of(*at, &JOINS);
            let end = self.places(&(at..part.end)).into_iter().find(|at| next(self, at)).unwrap_or(part.end);
            if self.is_word(at, "on") {
                from.conditions.push(at + 1..end);
            } else {
                self.spell_all(&(at..end), None);
            }
            at = end.max(at);
        }
        from
    }

    /// One table, query or function of a FROM and the name it goes by; where it ends.
    fn source(&mut self, start: usize, end: usize, outer: &Scope<'_>, from: &mut From<'a>) -> usize {
        if self.is_sign(start, "(") && !self.begins_query(start + 1) {
            let inner = self.from(self.within(start), outer);
            from.tables.extend(inner.tables);
            from.conditions.extend(inner.conditions);
            return self.behind(start);
        }
        let mut at = start;
        let (mut called, mut table) = (None, None);
        if self.is_sign(start, "(") {
            self.query(self.within(start), outer, &[]);
            at = self.behind(start);
        } else {
            (at, called, table) = self.table(at, outer);
            if self.is_sign(at, "(") {
                self.pieces(at..self.behind(at), outer);
                (at, table) = (self.behind(at), None);
            } else if called.as_deref().is_some_and(|name| outer.changed() == Some(name))
                && !self.dialect.data.reads_itself
            {
                let what = format!("subselect from `{}` in a statement that changes it", self.piece(at - 1));
                self.refuse(&(start..at), what);
            }
        }
        let (behind, alias) = self.alias(at, end);
        if let Some(alias) = alias {
            called = Some(alias);
            at = behind;
            if self.is_sign(at, "(") {
                self.refuse(
                    &(at..self.behind(at)),
                    "names of columns behind the name of a query: write them within it",
                );
                at = self.behind(at);
            }
        }
        // What is no table at all is passed over.
        from.tables.extend(called.map(|called| (called, table)));
        at.max(start + 1)
    }

    /// A table by its name: where it ends, its name, and its columns where they are known.
    pub(super) fn table(&mut self, start: usize, scope: &Scope<'_>) -> (usize, Option<String>, Option<&'a Table>) {
        let Some(mut name) = self.name(start) else { return (start, None, None) };
        let mut at = start + 1;
        while self.is_sign(at, ".") && self.is_name(at + 1) {
            self.spell(at - 1, None);
            name = self.name(at + 1).unwrap_or(name);
            at += 2;
        }
        let table = if at == start + 1 { self.known(&name, scope) } else { None };
        let said = table.map_or(name.text, |table| table.name.clone());
        self.spell(at - 1, Some(&said));
        (at, Some(said), table)
    }

    fn known(&self, name: &Name, scope: &Scope<'_>) -> Option<&'a Table> {
        scope.table(name)?;
        self.schema.tables.values().find(|table| name.is(&table.name))
    }

    /// The name that something goes by: where it ends, and which.
    pub(super) fn alias(&mut self, start: usize, end: usize) -> (usize, Option<String>) {
        const NONE: [&str; 14] = [
            "on",
            "using",
            "set",
            "where",
            "from",
            "values",
            "default",
            "select",
            "with",
            "returning",
            "overriding",
            "indexed",
            "not",
            "order",
        ];
        let at = start + usize::from(self.is_word(start, "as"));
        let bare = at == start;
        let word = self.kind(at) == Some(Kind::Word);
        let keyword =
            bare && word && (self.is_one_of(at, &NONE) || self.is_one_of(at, &JOINS) || self.is_word(at, "limit"));
        if at >= end || !self.is_name(at) || keyword {
            return (start, None);
        }
        let name = self.name(at).map(|name| name.text);
        self.spell(at, None);
        (at + 1, name)
    }
}
