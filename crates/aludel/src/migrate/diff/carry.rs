//! What models have no words for stays as files said it.

use super::rule::Rule;
use crate::Type;
use crate::schema::{Column, Constraint, Index, Schema, Table};

/// Puts into `models` what only files can say, as `history` has it: schemas, views, exclusions, options of rules, indexes
/// and identities, collations. A rule or column that the models change otherwise keeps its options.
pub(in crate::migrate) fn carry(history: &Schema, models: &mut Schema) {
    models.schemas.extend(history.schemas.iter().cloned());
    for (name, view) in &history.views {
        models.views.entry(name.clone()).or_insert_with(|| view.clone());
    }
    for (name, table) in &mut models.tables {
        if let Some(known) = history.tables.get(name).filter(|known| *known != table) {
            carry_table(known, table);
        }
    }
}

/// The same of one table.
fn carry_table(history: &Table, models: &mut Table) {
    for column in &mut models.columns {
        if let Some(known) = history.column(&column.name) {
            carry_column(known, column);
        }
    }
    for rule in &history.exclusions {
        if !models.exclusions.iter().any(|other| other.name == rule.name) {
            models.exclusions.push(rule.clone());
        }
    }
    let known = Rule::all(history);
    if let Some(key) = &mut models.primary_key {
        let like = Rule::Constraint(Constraint::PrimaryKey(key.clone()));
        if let Some(Rule::Constraint(Constraint::PrimaryKey(found))) = counterpart(&known, &like) {
            (key.include, key.deferral) = (found.include.clone(), found.deferral);
        }
    }
    for unique in &mut models.uniques {
        let like = Rule::Constraint(Constraint::Unique(unique.clone()));
        if let Some(Rule::Constraint(Constraint::Unique(found))) = counterpart(&known, &like) {
            unique.include.clone_from(&found.include);
            (unique.nulls_not_distinct, unique.deferral) = (found.nulls_not_distinct, found.deferral);
        }
    }
    for key in &mut models.foreign_keys {
        let like = Rule::foreign_key(key.clone());
        if let Some(Rule::Constraint(Constraint::ForeignKey(found))) = counterpart(&known, &like) {
            key.set_columns.clone_from(&found.set_columns);
            (key.match_full, key.deferral) = (found.match_full, found.deferral);
        }
    }
    for check in &mut models.checks {
        let like = Rule::Constraint(Constraint::Check(check.clone()));
        if let Some(Rule::Constraint(Constraint::Check(found))) = counterpart(&known, &like) {
            check.no_inherit = found.no_inherit;
        }
    }
    for index in &mut models.indexes {
        if let Some(Rule::Index(found)) = counterpart(&known, &Rule::Index(index.clone())) {
            carry_index(found, index);
        }
    }
}

/// The rule of that name, or else one over the same columns: a rename may be on its way.
fn counterpart<'a>(known: &'a [Rule], rule: &Rule) -> Option<&'a Rule> {
    let kin = |other: &&Rule| std::mem::discriminant(*other) == std::mem::discriminant(rule);
    let named = known.iter().filter(kin).find(|other| other.name() == rule.name());
    named.or_else(|| known.iter().filter(kin).find(|other| other.plain() == rule.named(other.name())))
}

fn carry_column(history: &Column, models: &mut Column) {
    // Only texts have one; what an engine's own type has is known of that type alone.
    let collates = matches!(models.ty, Type::Char(_) | Type::Varchar(_) | Type::Text) || models.ty == history.ty;
    models.collation = history.collation.clone().filter(|_| collates);
    if let (Some(known), Some(identity)) = (&history.identity, &mut models.identity) {
        identity.clone_from(known);
    }
}

fn carry_index(history: &Index, models: &mut Index) {
    models.method.clone_from(&history.method);
    models.include.clone_from(&history.include);
    models.options.clone_from(&history.options);
    models.nulls_not_distinct = history.nulls_not_distinct;
    for (key, known) in models.keys.iter_mut().zip(&history.keys).filter(|(key, known)| key.of == known.of) {
        (key.collation, key.class) = (known.collation.clone(), known.class.clone());
        key.nulls_first = known.nulls_first;
    }
}
