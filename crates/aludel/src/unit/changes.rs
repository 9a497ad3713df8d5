//! What a flush has to write, gathered from memory.

use std::collections::BTreeMap;

use super::{EntityRef, State, Unit};
use crate::model::{Given, LayoutColumn, Supply};
use crate::{Error, FieldError, Result, Type, Value};

/// The keys of entities that a flush has inserted, where other rows of it point at them.
pub(crate) type Keys = BTreeMap<EntityRef, Vec<Value>>;

/// Everything one flush writes, in the order in which it happened in memory.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) inserts: Vec<NewRow>,
    pub(crate) updates: Vec<ChangedRow>,
    pub(crate) deletes: Vec<EntityRef>,
}

/// A row to insert.
pub(crate) struct NewRow {
    pub(crate) entity: EntityRef,
    /// The fields to send; the others are the database's.
    pub(crate) given: Given,
    /// The fields that point at entities without a key.
    pub(crate) parents: Vec<(usize, EntityRef)>,
}

/// A row to update.
pub(crate) struct ChangedRow {
    pub(crate) entity: EntityRef,
    /// The fields that differ, in order.
    pub(crate) fields: Vec<usize>,
    /// The fields that point at entities without a key.
    pub(crate) parents: Vec<(usize, EntityRef)>,
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        self.inserts.is_empty() && self.updates.is_empty() && self.deletes.is_empty()
    }
}

impl Unit {
    /// Gathers what differs from the database. Memory stays as it is: what a flush sets by itself is in [`Unit::push`].
    ///
    /// # Errors
    /// A usage error where a stored key was changed, or a foreign key points at an entity that is gone; all values that
    /// no engine could keep, as one error with a line per field.
    pub(crate) fn changes(&mut self) -> Result<Changes> {
        let mut changes = Changes::default();
        let mut problems = Vec::new();
        for entity in sorted(&mut self.fresh) {
            if self.track(entity).state == State::New {
                let row = self.new_row(entity)?;
                self.check(entity, |field| row.given.contains(field), &mut problems);
                changes.inserts.push(row);
            }
        }
        for entity in sorted(&mut self.touched) {
            if self.track(entity).state == State::Clean
                && let Some(row) = self.changed_row(entity)?
            {
                self.check(entity, |field| row.fields.binary_search(&field).is_ok(), &mut problems);
                changes.updates.push(row);
            }
        }
        for entity in sorted(&mut self.doomed) {
            if self.track(entity).state == State::Doomed {
                changes.deletes.push(entity);
            }
        }
        if problems.is_empty() { Ok(changes) } else { Err(Error::invalid(problems)) }
    }

    fn new_row(&self, entity: EntityRef) -> Result<NewRow> {
        let layout = self.layout(entity);
        let mut given = self.track(entity).given.clone();
        for (field, range) in layout.fields.iter().enumerate() {
            let supply = layout.columns[range.start].supply;
            let own = Some(field) == layout.version || Some(field) == layout.updated;
            if own || supply == Supply::Literal || (supply != Supply::Generated && self.differs(entity, field)) {
                given.insert(field);
            }
        }
        let parents = self.parents(entity, |field| given.contains(field))?;
        Ok(NewRow { entity, given, parents })
    }

    fn changed_row(&self, entity: EntityRef) -> Result<Option<ChangedRow>> {
        let layout = self.layout(entity);
        let mut fields: Vec<usize> = (0..layout.fields.len())
            .filter(|&field| layout.columns[layout.fields[field].start].supply != Supply::Generated)
            .filter(|&field| self.differs(entity, field))
            .collect();
        if fields.is_empty() {
            return Ok(None);
        }
        if let Some(field) = fields.iter().find(|field| layout.key_fields.contains(field)) {
            let meta = layout.meta;
            return Err(Error::usage(format!(
                "`{}.{}` is the key of a stored row and cannot change ({}:{}): add a new entity and delete this one",
                meta.model, meta.fields[*field].name, meta.file, meta.fields[*field].line
            )));
        }
        for own in [layout.version, layout.updated].into_iter().flatten() {
            if !fields.contains(&own) {
                fields.push(own);
            }
        }
        fields.sort_unstable();
        let parents = self.parents(entity, |field| fields.binary_search(&field).is_ok())?;
        Ok(Some(ChangedRow { entity, fields, parents }))
    }

    /// Whether any field differs from what was kept.
    pub(super) fn is_changed(&self, entity: EntityRef) -> bool {
        let fields = self.layout(entity).fields.len();
        self.track(entity).kept.is_some() && (0..fields).any(|field| self.differs(entity, field))
    }

    /// Whether a field differs from what was kept of it; false where nothing was.
    fn differs(&self, entity: EntityRef, field: usize) -> bool {
        let Some(kept) = &self.track(entity).kept else { return false };
        let kept = &kept[self.layout(entity).fields[field].clone()];
        let slot = self.store_at(entity.store).slot(entity.index, field);
        if slot.slot_same(kept) {
            return false;
        }
        // A handle to the row that the key names already is no change.
        let parent = slot
            .slot_pending()
            .filter(|pending| pending.session == self.session)
            .and_then(|pending| self.place(pending.layout).map(|store| EntityRef { store, index: pending.index }));
        !parent.is_some_and(|parent| self.track(parent).state == State::Clean && self.key_values(parent) == kept)
    }

    /// Pushes the columns that a flush sends for a field: versions counted, times of writing set to `now`, and the keys of
    /// entities just inserted (by `keys`) in place of handles.
    pub(crate) fn push(&self, entity: EntityRef, field: usize, now: &Value, keys: &Keys, out: &mut Vec<Value>) {
        let store = self.store_at(entity.store);
        let layout = store.layout();
        let track = store.track(entity.index);
        let is_new = track.state == State::New;
        if Some(field) == layout.version && !(is_new && track.given.contains(field)) {
            let old = track.kept.as_ref().filter(|_| !is_new).map(|kept| &kept[layout.fields[field].start]);
            let next = match old {
                Some(Value::Int(old)) => old.wrapping_add(1),
                _ => 1,
            };
            return out.push(Value::Int(next));
        }
        let given = if is_new { track.given.contains(field) } else { false };
        if Some(field) == layout.updated && !given && !self.differs(entity, field) {
            return out.push(now.clone());
        }
        let slot = store.slot(entity.index, field);
        let start = out.len();
        match slot.slot_pending() {
            None => {
                slot.slot_write(out);
                for (value, column) in out[start..].iter_mut().zip(&layout.columns[layout.fields[field].clone()]) {
                    value.fit(&column.ty);
                }
            }
            Some(pending) => {
                let parent = self.place(pending.layout).map(|store| EntityRef { store, index: pending.index });
                match parent.map(|parent| (parent, keys.get(&parent))) {
                    Some((_, Some(key))) => out.extend_from_slice(key),
                    Some((parent, None)) => self.push_key(parent, out),
                    None => slot.slot_write(out),
                }
            }
        }
    }

    /// The fields that point at entities not yet inserted.
    fn parents(&self, entity: EntityRef, sent: impl Fn(usize) -> bool) -> Result<Vec<(usize, EntityRef)>> {
        let layout = self.layout(entity);
        let mut parents = Vec::new();
        for field in 0..layout.fields.len() {
            if layout.columns[layout.fields[field].start].references.is_none() {
                continue;
            }
            let slot = self.store_at(entity.store).slot(entity.index, field);
            let Some(pending) = slot.slot_pending().filter(|_| sent(field)) else { continue };
            let meta = layout.meta;
            let gone = |why: &str| {
                Error::usage(format!(
                    "`{}.{}` ({}:{}) points at an entity that {why}",
                    meta.model, meta.fields[field].name, meta.file, meta.fields[field].line
                ))
            };
            if pending.session != self.session {
                return Err(gone("belongs to another session: give its key instead"));
            }
            let Some(store) = self.place(pending.layout) else { return Err(gone("is not in this session")) };
            let parent = EntityRef { store, index: pending.index };
            match self.track(parent).state {
                State::New => parents.push((field, parent)),
                State::Clean => {}
                State::Doomed | State::Gone => {
                    return Err(gone("is deleted: point at another one, or delete this too"));
                }
                State::Undone => return Err(gone("was rolled back: add it again")),
            }
        }
        Ok(parents)
    }

    /// Adds what no engine could keep to `problems`.
    fn check(&self, entity: EntityRef, sent: impl Fn(usize) -> bool, problems: &mut Vec<FieldError>) {
        let layout = self.layout(entity);
        let mut values = Vec::new();
        for (field, range) in layout.fields.iter().enumerate().filter(|(field, _)| sent(*field)) {
            let slot = self.store_at(entity.store).slot(entity.index, field);
            let columns = &layout.columns[range.clone()];
            if columns.iter().all(is_unbounded) {
                continue;
            }
            values.clear();
            slot.slot_write(&mut values);
            for (value, column) in values.iter().zip(columns) {
                problems.extend(value.check(&column.ty, layout.meta.fields[field].name).err());
            }
        }
    }
}

/// Whether every value of the column's Rust type can be kept.
fn is_unbounded(column: &LayoutColumn) -> bool {
    matches!(column.ty, Type::Bool | Type::Date | Type::Time | Type::Uuid | Type::Bytes | Type::Enum(_))
}

/// The candidates in order and once each.
fn sorted(candidates: &mut Vec<EntityRef>) -> Vec<EntityRef> {
    candidates.sort_unstable();
    candidates.dedup();
    candidates.clone()
}
