//! One table becomes what it shall be.

use std::collections::BTreeSet;

use super::build::Given;
use super::convert::{Conversion, akin, conversion};
use super::fill::{Fill, neutral};
use super::order::by_need;
use super::plan::{Plan, is_retyped};
use super::rule::Rule;
use super::way::Way;
use crate::schema::{
    Column, ColumnChange, Commented, Constraint, Op, PORTABLE, Problem, Table, add_column, followed, names_column,
};

impl Way {
    /// Makes one table what it shall be: rules off, columns added, altered and dropped, rules on. Gives back the foreign
    /// keys that point at tables still `waiting`.
    pub(super) fn alter(
        &mut self,
        to: &Table,
        plan: Plan,
        waiting: &BTreeSet<String>,
        given: &Given,
    ) -> Result<Vec<(String, Rule)>, Problem> {
        let name = &to.name;
        self.drop_rules(name, plan.gone)?;
        self.freeze(to, &plan.remade)?;
        self.drop_made(to, &plan.remade)?;
        for column in to.columns.iter().filter(|column| column.generated.is_none()) {
            match self.column(name, &column.name) {
                None => self.add_column(to, column, given)?,
                Some(known) => self.alter_column(to, &known, column, given)?,
            }
        }
        self.add_made(to)?;
        let gone = self.now.tables[name].columns.iter().filter(|column| to.column(&column.name).is_none());
        let gone: Vec<String> = gone.map(|column| column.name.clone()).collect();
        for column in gone {
            self.push(Op::DropColumn { table: name.clone(), column })?;
        }
        let mut late = Vec::new();
        for rule in plan.new {
            match &rule {
                Rule::Constraint(Constraint::ForeignKey(key)) if key.table != *name && waiting.contains(&key.table) => {
                    late.push((name.clone(), rule));
                }
                _ => self.push(rule.add(name))?,
            }
        }
        self.comments(to)?;
        Ok(late)
    }

    /// Drops rules: what points first, keys last.
    fn drop_rules(&mut self, table: &str, mut rules: Vec<Rule>) -> Result<(), Problem> {
        rules.sort_by_key(|rule| match rule {
            Rule::Constraint(Constraint::ForeignKey(_)) => 0,
            Rule::Index(_) => 1,
            Rule::Constraint(Constraint::PrimaryKey(_)) => 3,
            Rule::Constraint(_) => 2,
        });
        let known: BTreeSet<String> =
            Rule::all(&self.now.tables[table]).iter().map(|rule| rule.name().to_owned()).collect();
        rules.iter().filter(|rule| known.contains(rule.name())).try_for_each(|rule| self.push(rule.drop(table)))
    }

    /// Lets generated columns that become ordinary ones keep their values, while what they are made from is still there.
    fn freeze(&mut self, to: &Table, remade: &BTreeSet<String>) -> Result<(), Problem> {
        for column in to.columns.iter().filter(|column| column.generated.is_none() && !remade.contains(&column.name)) {
            if self.column(&to.name, &column.name).is_some_and(|known| known.generated.is_some()) {
                self.change(to, column, ColumnChange::Expression(None))?;
            }
        }
        Ok(())
    }

    /// Drops the columns that are remade and the generated ones that go, each before those it is made from.
    fn drop_made(&mut self, to: &Table, remade: &BTreeSet<String>) -> Result<(), Problem> {
        let from = &self.now.tables[&to.name];
        let goes = |column: &&Column| {
            remade.contains(&column.name) || (column.generated.is_some() && to.column(&column.name).is_none())
        };
        let going: Vec<&str> = from.columns.iter().filter(goes).map(|column| column.name.as_str()).collect();
        let order: Vec<String> =
            by_need(&going, |node, other| is_made_from(from, other, node)).into_iter().map(str::to_owned).collect();
        for column in order {
            self.push(Op::DropColumn { table: to.name.clone(), column })?;
        }
        Ok(())
    }

    /// Adds and alters generated columns, each behind those it is made from.
    fn add_made(&mut self, to: &Table) -> Result<(), Problem> {
        let made = to.columns.iter().filter(|column| column.generated.is_some());
        let made: Vec<&str> = made.map(|column| column.name.as_str()).collect();
        for name in by_need(&made, |node, other| is_made_from(to, node, other)) {
            let Some(column) = to.column(name) else { continue };
            let Some(known) = self.column(&to.name, name) else {
                self.push_all(add_column(&to.name, column), Vec::new())?;
                continue;
            };
            let expression = column.generated.as_ref().map(|made| made.expression.clone());
            if known.generated.as_ref().map(|made| &made.expression) != expression.as_ref() {
                self.change(to, column, ColumnChange::Expression(expression))?;
            }
            if known.nullable != column.nullable {
                self.change(to, column, ColumnChange::Nullable(column.nullable))?;
            }
        }
        Ok(())
    }

    fn column(&self, table: &str, column: &str) -> Option<Column> {
        self.now.tables.get(table)?.column(column).cloned()
    }

    fn change(&mut self, table: &Table, column: &Column, change: ColumnChange) -> Result<(), Problem> {
        self.push(Op::AlterColumn { table: table.name.clone(), column: column.name.clone(), change })
    }

    /// Adds an ordinary column. Rows that are there get their value by a default that goes again, or, where each has its
    /// own, by an UPDATE before NULL is forbidden.
    fn add_column(&mut self, table: &Table, column: &Column, given: &Given) -> Result<(), Problem> {
        let back = given.back.then(|| format!("loses: the values of {}.{}", table.name, column.name));
        let notes = Vec::from_iter(back);
        if !needs_fill(column) {
            return self.push_all(add_column(&table.name, column), notes);
        }
        let place = (table.name.clone(), column.name.clone());
        let neutral = given.back.then(|| neutral(table, column, self.now.variants(&column.ty))).flatten();
        let fill = given.fills.get(&place).cloned().or(neutral);
        if let Some(Fill::Value(value)) = fill {
            let filled = Column { default: Some(crate::schema::Default::Value(value)), ..column.clone() };
            self.push_all(add_column(&table.name, &filled), notes)?;
            return self.change(table, column, ColumnChange::Default(None));
        }
        let open = Column { nullable: true, ..column.clone() };
        self.push_all(add_column(&table.name, &open), notes)?;
        if let Some(fill) = fill {
            self.data(update(table, column, &fill.sql(&column.ty), ""));
        }
        self.change(table, column, ColumnChange::Nullable(false))
    }

    /// Alters an ordinary column: what holds it back is taken away, then the type, then what it shall have.
    fn alter_column(&mut self, table: &Table, from: &Column, to: &Column, given: &Given) -> Result<(), Problem> {
        let retyped = is_retyped(from, to);
        if from.identity.is_some() && (to.identity.is_none() || (retyped && !akin(&from.ty, &to.ty))) {
            self.change(table, to, ColumnChange::Identity(None))?;
        }
        let stays = !retyped || (akin(&from.ty, &to.ty) && followed(from, &to.ty).is_ok());
        if from.default.is_some() && (to.default.is_none() || !stays) {
            self.change(table, to, ColumnChange::Default(None))?;
        }
        if to.nullable && !from.nullable {
            self.change(table, to, ColumnChange::Nullable(true))?;
        }
        if retyped {
            let place = (table.name.clone(), to.name.clone());
            let using = given.using.get(&place).cloned().or_else(|| match conversion(&to.name, &from.ty, &to.ty) {
                Conversion::Using(text) => Some(text),
                Conversion::Plain | Conversion::None => None,
            });
            let collation = to.collation.clone();
            self.change(table, to, ColumnChange::Type { ty: to.ty.clone(), using, collation })?;
        }
        let known = self.column(&table.name, &to.name);
        if to.default.is_some() && known.as_ref().is_some_and(|known| known.default != to.default) {
            self.change(table, to, ColumnChange::Default(to.default.clone()))?;
        }
        if from.nullable && !to.nullable {
            if let Some(value) = given.fills.get(&(table.name.clone(), to.name.clone())) {
                let name = (PORTABLE.name)(&to.name);
                self.data(update(table, to, &value.sql(&to.ty), &format!(" WHERE {name} IS NULL")));
            }
            self.change(table, to, ColumnChange::Nullable(false))?;
        }
        if to.identity.is_some() && known.is_some_and(|known| known.identity != to.identity) {
            self.change(table, to, ColumnChange::Identity(to.identity))?;
        }
        Ok(())
    }

    /// Sets the comments of a table and its columns.
    fn comments(&mut self, to: &Table) -> Result<(), Problem> {
        let from = &self.now.tables[&to.name];
        let mut ops = Vec::new();
        if from.comment != to.comment {
            ops.push(Op::Comment { on: Commented::Table(to.name.clone()), text: to.comment.clone() });
        }
        for column in &to.columns {
            if from.column(&column.name).is_some_and(|known| known.comment != column.comment) {
                let on = Commented::Column(to.name.clone(), column.name.clone());
                ops.push(Op::Comment { on, text: column.comment.clone() });
            }
        }
        self.push_all(ops, Vec::new())
    }
}

/// Whether rows that are there already have no value for this new column.
pub(super) fn needs_fill(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.generated.is_none() && column.identity.is_none()
}

/// Whether column `one` of `table` is made from column `other`.
fn is_made_from(table: &Table, one: &str, other: &str) -> bool {
    let made = table.column(one).and_then(|column| column.generated.as_ref());
    made.is_some_and(|made| names_column(&made.expression, other))
}

fn update(table: &Table, column: &Column, value: &str, rows: &str) -> String {
    format!("UPDATE {} SET {} = {value}{rows}", PORTABLE.path(&table.name), (PORTABLE.name)(&column.name))
}
