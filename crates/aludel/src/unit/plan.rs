//! The order of a flush: a pure function from changes to steps.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Changes, EntityRef, Graph, Inbound, NewRow, Unit};
use crate::model::Layout;
use crate::{Error, Result, Value};

/// One step of a flush: rows of one model and one shape. Values are read when the step runs, since keys come late.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// INSERT of these fields; `late` fields go in as NULL and are updated at the end.
    Insert { store: u32, fields: Vec<usize>, late: Vec<usize>, rows: Vec<EntityRef> },
    /// UPDATE of these fields, checking old values unless they were just inserted.
    Update { store: u32, fields: Vec<usize>, rows: Vec<EntityRef>, compare: bool },
    /// DELETE of all rows whose chain of foreign keys leads to these parents, the deepest first.
    Cascade { chain: Vec<Chain>, parents: Vec<EntityRef> },
    /// UPDATE that sets a foreign key to NULL, in rows about to be deleted that point at each other in a circle.
    Release { store: u32, field: usize, rows: Vec<EntityRef> },
    /// DELETE by key.
    Delete { store: u32, rows: Vec<EntityRef> },
}

/// A link of a cascade: this field of this model points at the link before, or at the parents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    pub(crate) child: &'static Layout,
    pub(crate) field: usize,
}

impl PartialEq for Chain {
    fn eq(&self, other: &Self) -> bool {
        self.child.is(other.child) && self.field == other.field
    }
}

/// Plans a flush.
///
/// Rows nobody can point at are deleted first, so that a link may be removed and made again; then come inserts (parents
/// before children, cycles broken through a nullable key), updates, and the other deletes (children before parents).
/// Where a new row takes the key or a unique value of one that goes, all deletes come first.
///
/// # Errors
/// A usage error where new rows point at each other in a circle through columns that cannot be NULL.
pub(crate) fn plan(unit: &Unit, graph: &Graph, changes: Changes) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let replaces = replaces(unit, &changes);
    let (bare, pointed): (Vec<_>, Vec<_>) =
        changes.deletes.iter().partition(|entity| replaces || graph.inbound(unit.layout(**entity)).is_empty());
    deletes(unit, graph, bare, &mut steps)?;
    let late = inserts(unit, graph, &changes.inserts, &mut steps)?;
    let mut shapes: BTreeMap<(u32, u32, Vec<usize>), Vec<EntityRef>> = BTreeMap::new();
    for row in changes.updates {
        let rank = graph.rank(unit.layout(row.entity));
        shapes.entry((rank, row.entity.store, row.fields)).or_default().push(row.entity);
    }
    for ((_, store, fields), rows) in shapes {
        steps.push(Step::Update { store, fields, rows: in_key_order(unit, rows), compare: true });
    }
    for ((store, fields), rows) in late {
        steps.push(Step::Update { store, fields, rows, compare: false });
    }
    deletes(unit, graph, pointed, &mut steps)?;
    Ok(steps)
}

/// Whether a new row takes the key, or the values of a unique rule, of a row that is deleted.
fn replaces(unit: &Unit, changes: &Changes) -> bool {
    let stores: BTreeSet<u32> = changes.inserts.iter().map(|row| row.entity.store).collect();
    for store in stores {
        let gone: Vec<EntityRef> = changes.deletes.iter().copied().filter(|entity| entity.store == store).collect();
        let Some(&first) = gone.first() else { continue };
        for rule in rivalries(unit.layout(first)) {
            let held: Vec<Vec<Value>> = gone.iter().map(|&entity| stored(unit, entity, &rule)).collect();
            let mut taken = changes
                .inserts
                .iter()
                .filter(|row| row.entity.store == store && rule.iter().all(|&field| row.given.contains(field)))
                .map(|row| fields(unit, row.entity, &rule))
                .filter(|values| !values.iter().any(Value::is_null));
            if taken.any(|values| held.contains(&values)) {
                return true;
            }
        }
    }
    false
}

/// The fields in which no two rows of a model may agree: its key, and each unique rule over plain fields.
fn rivalries(layout: &Layout) -> Vec<Vec<usize>> {
    let meta = layout.meta;
    let place = |name: &str| meta.fields.iter().position(|field| field.name == name);
    let single = (0..meta.fields.len()).filter(|&field| meta.fields[field].unique).map(|field| vec![field]);
    let several = meta.indexes.iter().filter(|index| index.unique);
    let several = several.filter_map(|index| index.keys.iter().map(|key| place(key.of)).collect::<Option<Vec<_>>>());
    std::iter::once(layout.key_fields.clone()).chain(single).chain(several).collect()
}

/// Some fields of an entity as memory has them.
fn fields(unit: &Unit, entity: EntityRef, fields: &[usize]) -> Vec<Value> {
    let mut values = Vec::new();
    for &field in fields {
        unit.store_at(entity.store).slot(entity.index, field).slot_write(&mut values);
    }
    values
}

/// Some fields of an entity as the database has them.
fn stored(unit: &Unit, entity: EntityRef, of: &[usize]) -> Vec<Value> {
    match &unit.track(entity).kept {
        Some(kept) => {
            let layout = unit.layout(entity);
            of.iter().flat_map(|&field| kept[layout.fields[field].clone()].iter().cloned()).collect()
        }
        None => fields(unit, entity, of),
    }
}

fn in_key_order(unit: &Unit, rows: Vec<EntityRef>) -> Vec<EntityRef> {
    // All rows are of one model, so their keys lie one after the other.
    let Some(width) = rows.first().map(|&row| unit.layout(row).key.len()) else { return rows };
    let mut keys = Vec::with_capacity(rows.len() * width);
    rows.iter().for_each(|&row| unit.push_key(row, &mut keys));
    let key = |at: usize| &keys[at * width..(at + 1) * width];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&one, &other| super::order::by_key(key(one), key(other)).then(rows[one].cmp(&rows[other])));
    order.into_iter().map(|at| rows[at]).collect()
}

/// What is inserted without some of its fields, by shape.
type Late = BTreeMap<(u32, Vec<usize>), Vec<EntityRef>>;

/// Orders inserts into levels: each row after the new rows it points at.
fn inserts(unit: &Unit, graph: &Graph, rows: &[NewRow], steps: &mut Vec<Step>) -> Result<Late> {
    let mut levels: BTreeMap<EntityRef, u32> = BTreeMap::new();
    let mut deferred: BTreeMap<EntityRef, Vec<usize>> = BTreeMap::new();
    let chained: BTreeSet<EntityRef> =
        rows.iter().filter(|row| !row.parents.is_empty()).map(|row| row.entity).collect();
    let mut waiting: Vec<&NewRow> = rows.iter().filter(|row| !row.parents.is_empty()).collect();
    let mut level = 0;
    while !waiting.is_empty() {
        level += 1;
        let is_ready =
            |row: &&NewRow, levels: &BTreeMap<EntityRef, u32>, deferred: &BTreeMap<EntityRef, Vec<usize>>| {
                row.parents.iter().all(|(field, parent)| {
                    !chained.contains(parent)
                        || levels.get(parent).is_some_and(|&at| at < level)
                        || deferred.get(&row.entity).is_some_and(|fields| fields.contains(field))
                })
            };
        let (ready, blocked): (Vec<_>, Vec<_>) =
            waiting.iter().copied().partition(|row| is_ready(row, &levels, &deferred));
        if ready.is_empty() {
            let (entity, field) = breakable(unit, &blocked)?;
            deferred.entry(entity).or_default().push(field);
        }
        for row in ready {
            levels.insert(row.entity, level);
        }
        waiting = blocked;
    }
    let mut groups: BTreeMap<(u32, u32, u32, Vec<usize>, Vec<usize>), Vec<EntityRef>> = BTreeMap::new();
    let mut late = Late::new();
    for row in rows {
        let layout = unit.layout(row.entity);
        let fields: Vec<usize> = (0..layout.fields.len()).filter(|&field| row.given.contains(field)).collect();
        let missing = deferred.remove(&row.entity).unwrap_or_default();
        if !missing.is_empty() {
            late.entry((row.entity.store, missing.clone())).or_default().push(row.entity);
        }
        let level = levels.get(&row.entity).copied().unwrap_or(0);
        // Models of one cycle share a rank: there the row's level decides first, then the store.
        let key = (graph.rank(layout), level, row.entity.store, fields, missing);
        groups.entry(key).or_default().push(row.entity);
    }
    for ((_, _, store, fields, late), rows) in groups {
        steps.push(Step::Insert { store, fields, late, rows });
    }
    Ok(late)
}

/// A nullable foreign key among rows that wait for each other.
fn breakable(unit: &Unit, blocked: &[&NewRow]) -> Result<(EntityRef, usize)> {
    let waiting: BTreeSet<EntityRef> = blocked.iter().map(|row| row.entity).collect();
    let edges =
        || blocked.iter().flat_map(|row| row.parents.iter().map(move |(field, parent)| (row.entity, *field, *parent)));
    let inner = || edges().filter(|(_, _, parent)| waiting.contains(parent));
    let nullable = |(entity, field, _): &(EntityRef, usize, EntityRef)| {
        let layout = unit.layout(*entity);
        layout.columns[layout.fields[*field].start].nullable
    };
    if let Some((entity, field, _)) = inner().find(nullable) {
        return Ok((entity, field));
    }
    let names: BTreeSet<String> = inner()
        .map(|(entity, field, _)| {
            let meta = unit.layout(entity).meta;
            format!("`{}.{}` ({}:{})", meta.model, meta.fields[field].name, meta.file, meta.fields[field].line)
        })
        .collect();
    Err(Error::usage(format!(
        "new rows point at each other in a circle through {}, none of which may be NULL: make one of them an `Option`",
        names.into_iter().collect::<Vec<_>>().join(" and ")
    )))
}

/// Deletes children before parents, each model's cascades before its rows. Rows that point at each other in a circle let
/// go of each other first, where a foreign key may be NULL.
fn deletes(unit: &Unit, graph: &Graph, entities: Vec<&EntityRef>, steps: &mut Vec<Step>) -> Result<()> {
    let mut ranks: BTreeMap<Reverse<u32>, BTreeMap<u32, Vec<EntityRef>>> = BTreeMap::new();
    for entity in entities {
        let stores = ranks.entry(Reverse(graph.rank(unit.layout(*entity)))).or_default();
        stores.entry(entity.store).or_default().push(*entity);
    }
    for stores in ranks.into_values() {
        let mut rows = Vec::new();
        for (store, own) in stores {
            let own = in_key_order(unit, own);
            cascades(graph, unit.store_at(store).layout(), &mut Vec::new(), &own, steps)?;
            rows.extend(own);
        }
        let rows = children_first(unit, rows, steps);
        for rows in rows.chunk_by(|one, other| one.store == other.store) {
            steps.push(Step::Delete { store: rows[0].store, rows: rows.to_vec() });
        }
    }
    Ok(())
}

/// Rows of models that point at each other or at themselves: each before the rows it points at, else in the order given.
fn children_first(unit: &Unit, rows: Vec<EntityRef>, steps: &mut Vec<Step>) -> Vec<EntityRef> {
    let places: BTreeMap<EntityRef, usize> = rows.iter().enumerate().map(|(place, row)| (*row, place)).collect();
    let stores: BTreeSet<u32> = rows.iter().map(|row| row.store).collect();
    let mut edges: Vec<Vec<(usize, usize)>> =
        rows.iter().map(|&row| stored_parents(unit, row, &stores, &places)).collect();
    if edges.iter().all(Vec::is_empty) {
        return rows;
    }
    let ranks = |edges: &[Vec<(usize, usize)>]| {
        let parents: Vec<Vec<usize>> =
            edges.iter().map(|own| own.iter().map(|(_, parent)| *parent).collect()).collect();
        super::order::ranks(&parents)
    };
    let first = ranks(&edges);
    let mut released: BTreeMap<(u32, usize), Vec<EntityRef>> = BTreeMap::new();
    for (place, own) in edges.iter_mut().enumerate() {
        let layout = unit.layout(rows[place]);
        // Ranks ascend along every edge but those of a circle.
        own.retain(|&(field, parent)| {
            let circle = first[place] == first[parent] && layout.columns[layout.fields[field].start].nullable;
            if circle {
                released.entry((rows[place].store, field)).or_default().push(rows[place]);
            }
            !circle
        });
    }
    for ((store, field), rows) in released {
        steps.push(Step::Release { store, field, rows });
    }
    let mut ranked: Vec<(Reverse<u32>, EntityRef)> = ranks(&edges).into_iter().map(Reverse).zip(rows).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, row)| row).collect()
}

/// The foreign keys of a stored row that point at other rows of `places`.
fn stored_parents(
    unit: &Unit,
    row: EntityRef,
    stores: &BTreeSet<u32>,
    places: &BTreeMap<EntityRef, usize>,
) -> Vec<(usize, usize)> {
    let layout = unit.layout(row);
    let target = |field: usize| {
        let (target, _) = layout.columns[layout.fields[field].start].references?;
        let store = unit.place((target().layout)())?;
        stores.contains(&store).then_some((field, store))
    };
    let fields: Vec<(usize, u32)> = (0..layout.fields.len()).filter_map(target).collect();
    if fields.is_empty() {
        return Vec::new();
    }
    let stored = unit.track(row).kept.as_ref().map_or_else(|| unit.values(row), |kept| kept.to_vec());
    let parent = |&(field, store): &(usize, u32)| {
        let index = unit.store_at(store).find_values(&stored[layout.fields[field].clone()])?;
        let parent = EntityRef { store, index };
        places.get(&parent).filter(|_| parent != row).map(|place| (field, *place))
    };
    fields.iter().filter_map(parent).collect()
}

/// The cascades below `layout`, the deepest first.
fn cascades(
    graph: &Graph,
    layout: &Layout,
    chain: &mut Vec<Chain>,
    parents: &[EntityRef],
    steps: &mut Vec<Step>,
) -> Result<()> {
    for &Inbound { child, field } in graph.inbound(layout) {
        let meta = child.meta;
        if !meta.fields[field].cascade {
            continue;
        }
        let link = Chain { child, field };
        if child.is(layout) || chain.contains(&link) {
            return Err(Error::usage(format!(
                "`{}.{}` ({}:{}) cascades to its own model, to no known depth: write `on_delete = cascade`, so that the \
                 database follows the rows",
                meta.model, meta.fields[field].name, meta.file, meta.fields[field].line
            )));
        }
        chain.push(link);
        cascades(graph, child, chain, parents, steps)?;
        steps.push(Step::Cascade { chain: chain.clone(), parents: parents.to_vec() });
        chain.pop();
    }
    Ok(())
}
